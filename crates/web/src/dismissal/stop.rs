//! A stop at the gate: why, where the child waits, whom to call, and how the duty leader ends it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::dismissal::{self, AtGate, Candidate, StopAtGate, StopCard};
use kehou_db::Failed;
use kehou_domain::access::{SettleStop, WatchGate};
use kehou_domain::custody::Whereabouts;
use kehou_domain::dismissal::{Call, Collector, Next, Settlement, Standing, Verdict, Why};
use kehou_domain::ids::{EntityId, GuardianId};
use kehou_domain::moment;
use serde::Deserialize;

use super::gate::{callees, family, next_at, on_day, taker};
use super::{id, verdict, who, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people::words as people_words;
use crate::refusal::Problems;
use crate::seat::Seat;

/// What stands on top of a stop's page.
enum Top {
    /// Somebody is still asked to decide.
    Waits,
    /// The child's day ended it: 17:31 奶奶王桂兰已接走.
    Over(String),
    /// The duty leader ended it.
    Settled,
    /// The person may take the child; where the guard goes on.
    MayGo(String),
    /// A guardian let the person come, or was said to, and they may not take the child now; whether only the child's day
    /// stands in the way.
    NotNow { of_the_day: bool },
}

#[derive(Template)]
#[template(path = "dismissal/stop.html")]
struct StopPage {
    stop: StopCard,
    top: Top,
    /// What speaks against the person now.
    why: String,
    child: AtGate,
    class: String,
    next: Vec<&'static str>,
    settled: Option<&'static str>,
    /// Who is said to have agreed on the telephone, and who wrote it down.
    agreed: Option<String>,
    settlements: Vec<(&'static str, &'static str)>,
    chosen: String,
    /// The guardians who may agree on the telephone, and the one who was chosen.
    deciders: Vec<(String, String)>,
    called: String,
    note: String,
    problems: Problems,
    may_settle: bool,
    path: String,
    /// The child's page, while the day is worked on.
    again: Option<String>,
    list: String,
    callees: Vec<(String, String, String)>,
    /// Every guardian whose word on the telephone may end it: relation, name, number.
    family: Vec<(String, String, String)>,
}

impl StopPage {
    /// Whether the child stays here: somebody is asked to decide, or the person may not take it now.
    fn holds(&self) -> bool {
        matches!(self.top, Top::Waits | Top::NotNow { .. })
    }

    /// Whether the duty leader ended it and nothing is left to ask.
    fn is_settled(&self) -> bool {
        matches!(self.top, Top::Settled)
    }

    /// Whether the child's day ended it.
    fn is_over(&self) -> bool {
        matches!(self.top, Top::Over(_))
    }

    /// Whether a guardian's word on the telephone may end it.
    fn may_let_go(&self) -> bool {
        self.settlements.iter().any(|(word, _)| *word == Settlement::LetGo.word())
    }
}

pub(super) async fn show(seat: Seat, Path((_, stop)): Path<(String, String)>) -> Result<Response, Fault> {
    let page = stop_page(&seat, &stop, Settling::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn stop_page(seat: &Seat, stop: &str, typed: Settling, problems: Problems) -> Result<StopPage, Fault> {
    let stop = id(stop)?;
    let at = seat.read::<WatchGate, _>(move |tx| dismissal::stop(tx, stop)).await?;
    let lang = seat.lang();
    let place = at.child.state.whereabouts();
    let (top, why, next) = (top(seat, &at), why(lang, &at), next_of(&at));
    let agreed = at.agreement().map(|agreement| words::agreed(lang, agreement));
    let StopAtGate { card, child, goes_on } = at;
    Ok(StopPage {
        class: words::class(lang, &child.child),
        next: verdict::next(next, place),
        settled: card.settlement.map(words::settlement),
        settlements: settlements(&card, place),
        path: seat.path(&format!("stops/{}/settlement", card.id)),
        list: seat.path("gate"),
        again: goes_on.then(|| on_day(seat, &format!("gate/{}", card.student), card.day)),
        callees: to_call(lang, &child, next.call),
        family: family(&child).collect(),
        chosen: typed.settlement,
        deciders: deciders(lang, &child),
        called: typed.called,
        note: typed.note,
        may_settle: seat.may::<SettleStop>() && card.settled_at.is_none(),
        stop: card,
        top,
        why,
        agreed,
        child,
        problems,
    })
}

fn top(seat: &Seat, at: &StopAtGate) -> Top {
    match (at.standing(), at.person()) {
        (Standing::Over, _) => Top::Over(over(seat.lang(), &at.child)),
        (Standing::Settled, _) => Top::Settled,
        (Standing::NotNow(why), _) => Top::NotNow { of_the_day: why.is_of_the_day() },
        (Standing::MayGo, Some(person)) => {
            let page = format!("gate/{}?who={}", at.card.student, who::word(&person.collector));
            Top::MayGo(on_day(seat, &page, at.card.day))
        }
        (Standing::MayGo | Standing::Waits, _) => Top::Waits,
    }
}

/// What speaks against the person now, or what did when the stop was written down.
fn why(lang: Lang, at: &StopAtGate) -> String {
    match at.standing() {
        Standing::NotNow(Why::Ended { .. }) if at.agreement().is_some() => {
            lang.t("家长已经停掉了这次电话同意").to_owned()
        }
        Standing::NotNow(why) => verdict::why(lang, why),
        Standing::Waits | Standing::Over | Standing::Settled | Standing::MayGo => {
            lang.t(verdict::why_key(&at.card.why)).to_owned()
        }
    }
}

/// What happens next, by what speaks against the person.
fn next_of(at: &StopAtGate) -> Next {
    let place = at.child.state.whereabouts();
    let next = match at.standing() {
        Standing::NotNow(why) => why.next(place),
        _ if at.card.needs_duty_leader => Why::Held.next(place),
        Standing::Waits | Standing::Over | Standing::Settled | Standing::MayGo => Why::NotNamed.next(place),
    };
    next_at(&at.child, next)
}

/// Whom the page calls: nobody of the family where only the roll or the hour is waited for.
fn to_call(lang: Lang, child: &AtGate, call: Call) -> Vec<(String, String, String)> {
    match call {
        Call::Guardian | Call::DutyLeader => callees(lang, child, call),
        Call::Teacher | Call::RollCaller => Vec::new(),
    }
}

/// How the child's day ended: 17:31 奶奶王桂兰已接走.
fn over(lang: Lang, child: &AtGate) -> String {
    let ended = words::live(lang, child.state.whereabouts(), taker(child).as_ref());
    let at = child.state.learnt_from().map(|sight| crate::dates::time(moment::wall_clock(sight.at).time()));
    at.map_or(ended.clone(), |at| format!("{at} {ended}"))
}

/// A stop as the child's page at the gate lists it.
pub(super) struct StopLine {
    pub(super) path: String,
    pub(super) stop: StopCard,
    pub(super) why: &'static str,
    /// What was decided, or what is waited for: the tag's class, its icon, its words.
    pub(super) state: (&'static str, &'static str, &'static str),
}

/// The day's stops of a child, the latest first.
pub(super) fn stop_lines(seat: &Seat, child: &AtGate) -> Vec<StopLine> {
    let line = |card: &StopCard| StopLine {
        path: seat.path(&format!("stops/{}", card.id)),
        why: verdict::why_key(&card.why),
        state: state(card, child.state.whereabouts()),
        stop: card.clone(),
    };
    child.stops.iter().map(line).collect()
}

fn state(card: &StopCard, place: Whereabouts) -> (&'static str, &'static str, &'static str) {
    match card.settlement {
        Some(settlement) => ("present", "check", words::settlement(settlement)),
        None if card.holds() => ("absent", "stop", "等值班领导处理"),
        None if card.as_stop().waits(place) => ("late", "clock", "还没有处理"),
        None => ("gone", "check", "孩子有了去向，不用再处理"),
    }
}

/// How the stop may end, in words.
fn settlements(card: &StopCard, place: Whereabouts) -> Vec<(&'static str, &'static str)> {
    let gone = matches!(place, Whereabouts::Ended(_));
    let fits = |one: &Settlement| one.fits(card.as_stop()) && !(gone && *one == Settlement::LetGo);
    Settlement::ALL.into_iter().filter(fits).map(|one| (one.word(), words::settlement(one))).collect()
}

/// The guardians who may say who takes the child, after a line that chooses nobody.
fn deciders(lang: Lang, child: &AtGate) -> Vec<(String, String)> {
    let barred = |one: &&Candidate| matches!(one.verdict, Verdict::Stop { why: Why::Restricted, .. });
    let may = child.candidates.iter().filter(|one| !barred(one));
    let guardians = may.filter_map(|one| match one.collector {
        Collector::Guardian(id) => {
            Some((id.to_string(), format!("{} {}", people_words::relation(lang, &one.relation), one.name)))
        }
        Collector::Delegate(_) | Collector::Alone | Collector::Bus | Collector::Unnamed(_) => None,
    });
    std::iter::once((String::new(), lang.t("没有打电话").to_owned())).chain(guardians).collect()
}

/// How the duty leader ends a stop.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Settling {
    #[serde(default)]
    settlement: String,
    /// The guardian who agreed on the telephone.
    #[serde(default)]
    called: String,
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
    let (stop_id, lang) = (id(&stop)?, seat.lang());
    let called = GuardianId::parse(&form.called);
    let settling = dismissal::Settling { settlement, note: form.note.clone(), called };
    let written = seat
        .write::<SettleStop, (), crate::refusal::Refusal>(&key, move |tx| {
            let settled = dismissal::settle(tx, stop_id, &settling);
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
