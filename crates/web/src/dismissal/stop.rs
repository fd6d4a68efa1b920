//! A stop at the gate: why, where the child waits, whom to call, and how the duty leader ends it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::dismissal::{self, AtGate, Candidate, StopCard};
use kehou_db::Failed;
use kehou_domain::access::{SettleStop, WatchGate};
use kehou_domain::dismissal::{Call, Next, Settlement, Verdict, Why};
use serde::Deserialize;

use super::gate::{callees, in_words, on_day};
use super::{id, who, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::Problems;
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "dismissal/stop.html")]
struct StopPage {
    stop: StopCard,
    why: &'static str,
    child: AtGate,
    class: String,
    next: [&'static str; 2],
    now_named: Option<String>,
    settled: Option<&'static str>,
    settlements: Vec<(&'static str, &'static str)>,
    chosen: String,
    note: String,
    problems: Problems,
    may_settle: bool,
    path: String,
    /// The child's page.
    again: String,
    list: String,
    callees: Vec<(String, String, String)>,
}

pub(super) async fn show(seat: Seat, Path((_, stop)): Path<(String, String)>) -> Result<Response, Fault> {
    let page = stop_page(&seat, &stop, Settling::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn stop_page(seat: &Seat, stop: &str, typed: Settling, problems: Problems) -> Result<StopPage, Fault> {
    let stop = id(stop)?;
    let (card, child) = seat
        .read::<WatchGate, _>(move |tx| {
            let card = dismissal::stop(tx, stop)?;
            let child = dismissal::child_at_gate(tx, card.student, Some(card.day))?;
            Ok((card, child))
        })
        .await?;
    let may_settle = seat.may::<SettleStop>() && card.settled_at.is_none();
    Ok(StopPage {
        why: words::why_key(&card.why),
        class: words::class(seat.lang(), &child.child),
        next: in_words(next_of(&card)),
        now_named: now_named(seat, &card, &child),
        settled: card.settlement.map(words::settlement),
        settlements: settlements(&card),
        path: seat.path(&format!("stops/{}/settlement", card.id)),
        list: seat.path("gate"),
        again: on_day(seat, &format!("gate/{}", card.student), card.day),
        callees: callees(seat.lang(), &child, next_of(&card).call),
        chosen: typed.settlement,
        note: typed.note,
        stop: card,
        child,
        problems,
        may_settle,
    })
}

/// How the stop may end, in words.
fn settlements(card: &StopCard) -> Vec<(&'static str, &'static str)> {
    let fits = Settlement::ALL.into_iter().filter(|one| one.fits(card.as_stop()));
    fits.map(|one| (one.word(), words::settlement(one))).collect()
}

/// What happens next, by the reason that was written down.
fn next_of(card: &StopCard) -> Next {
    let why = if card.needs_duty_leader { Why::Held } else { Why::NotNamed };
    match Verdict::from(why) {
        Verdict::Stop { next, .. } => next,
        Verdict::Release(_) => Next { wait: kehou_domain::dismissal::Wait::GateRoom, call: Call::Guardian },
    }
}

/// Where the gate goes on when a guardian has named the person meanwhile.
fn now_named(seat: &Seat, card: &StopCard, child: &AtGate) -> Option<String> {
    let bare = |name: &str| name.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
    let may = |candidate: &&Candidate| {
        matches!(candidate.verdict, Verdict::Release(_)) && bare(&candidate.name) == bare(&card.collector)
    };
    let found = child.candidates.iter().find(may).filter(|_| !card.collector.is_empty())?;
    Some(on_day(seat, &format!("gate/{}?who={}", card.student, who::word(&found.collector)), card.day))
}

/// How the duty leader ends a stop.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Settling {
    #[serde(default)]
    settlement: String,
    #[serde(default)]
    note: String,
}

pub(super) async fn settle(
    seat: Seat,
    Path((_, stop)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Settling>,
) -> Result<Response, Fault> {
    let Some(settlement) = Settlement::parse(&form.settlement) else {
        let mut problems = Problems::none();
        problems.add("settlement", seat.lang().t("请选怎么处理的"));
        let page = stop_page(&seat, &stop, form, problems).await?;
        return seat.refused(&page);
    };
    let (stop_id, note, lang) = (id(&stop)?, form.note.clone(), seat.lang());
    let written = seat
        .write::<SettleStop, (), crate::refusal::Refusal>(&key, move |tx| {
            let settled = dismissal::settle(tx, stop_id, settlement, &note);
            settled.map_err(|failed: Failed<_>| failed.map(|refused| words::settling(lang, refused)))
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&seat.path(&format!("stops/{stop}")))),
        Err(refusal) => {
            let page = stop_page(&seat, &stop, form, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}
