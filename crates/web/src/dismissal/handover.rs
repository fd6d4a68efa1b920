//! The teacher's end of the session: hand the group over, stay with late children, close the room.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use kehou_app::dismissal::{self, GroupChild, GroupNow, GroupToClose, SessionCard, Staying};
use kehou_db::Failed;
use kehou_domain::access::{HandOverGroup, Role};
use kehou_domain::custody::Whereabouts;
use kehou_domain::dismissal::{ClosingCheck, Leaving};
use kehou_domain::ids::{EntityId, SessionId, StudentId};
use kehou_domain::moment::{from_millis, millis};
use serde::Deserialize;

use super::{called_off, id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A child of the group.
struct Line {
    id: String,
    name: String,
    class: String,
    place: (&'static str, &'static str, &'static str),
    at: Option<Timestamp>,
    can: bool,
    ticked: bool,
    /// Handed over to the gate, and nobody has come yet.
    at_gate: bool,
}

#[derive(Template)]
#[template(path = "dismissal/handover.html")]
struct HandoverPage {
    session: SessionCard,
    lines: Vec<Line>,
    can: usize,
    /// How many the teacher has given out of hand, of how many that are to be.
    handed: usize,
    to_go: usize,
    /// Where the children are, in words: 在场 20 人 · 请假 1 人.
    tally: String,
    /// The session goes on for a while: nobody is chosen beforehand.
    is_early: bool,
    /// The session is over: from now on somebody stays with a child whose family is late.
    is_over: bool,
    /// Those who were handed over are said to be back.
    are_back: bool,
    /// What was noted a moment ago, and can be taken back.
    noted: Option<i64>,
    /// When the day was closed: from then on nothing is noted.
    day_closed_at: Option<Timestamp>,
    place: String,
    problems: Problems,
    path: String,
    back: String,
}

impl HandoverPage {
    /// Whether somebody waits at the gate whose family has not come.
    fn has_at_gate(&self) -> bool {
        self.day_closed_at.is_none() && self.lines.iter().any(|line| line.at_gate)
    }
}

/// Which children, and where to.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    students: Vec<String>,
    #[serde(default)]
    place: String,
    /// Whether those who were handed over have come back from the gate.
    #[serde(default)]
    back: String,
}

impl Chosen {
    fn ids(&self) -> Vec<StudentId> {
        self.students.iter().filter_map(|id| StudentId::parse(id)).collect()
    }
}

/// What stands behind the address: what was noted a moment ago.
#[derive(Debug, Default, Deserialize)]
pub(super) struct After {
    noted: Option<i64>,
}

pub(super) async fn show(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
    Query(after): Query<After>,
) -> Result<Response, Fault> {
    let group = group(&seat, id(&session)?).await?;
    if group.session.called_off {
        return seat.page(&called_off::page(&seat, group.session.id, Problems::none()).await?);
    }
    let page = page(&seat, group, None, Problems::none());
    let noted = after.noted.filter(|_| page.session.closed_at.is_none());
    seat.page(&HandoverPage { noted, ..page })
}

async fn group(seat: &Seat, session: SessionId) -> Result<GroupNow, Fault> {
    seat.read::<HandOverGroup, _>(move |tx| dismissal::group_now(tx, session)).await
}

fn page(seat: &Seat, group: GroupNow, typed: Option<Chosen>, problems: Problems) -> HandoverPage {
    let count = |wanted: fn(&GroupChild) -> bool| group.children.iter().filter(|child| wanted(child)).count();
    let is_early = seat.scope().at() < group.session.ends_at - BEFORE_THE_END;
    HandoverPage {
        can: if group.day_closed_at.is_none() { count(GroupChild::can_be_handed_over) } else { 0 },
        day_closed_at: group.day_closed_at,
        handed: count(|child| {
            child.whereabouts == Whereabouts::WithColleague || child.whereabouts.has_gone()
        }),
        to_go: count(|child| child.whereabouts.is_to_go()),
        tally: tally(seat.lang(), &group.children),
        lines: group.children.iter().map(|child| line(seat, child, typed.as_ref(), is_early)).collect(),
        is_over: group.session.ends_at <= seat.at(),
        are_back: typed.as_ref().is_some_and(|typed| !typed.back.is_empty()),
        path: seat.path(&format!("sessions/{}", group.session.id)),
        back: back(seat, group.session.id),
        place: typed.map_or_else(|| seat.lang().t("校门口").to_owned(), |typed| typed.place),
        session: group.session,
        is_early,
        noted: None,
        problems,
    }
}

/// Where the page was come from: the leader's board, the teacher's roll.
pub(super) fn back(seat: &Seat, session: SessionId) -> String {
    if is_leader(seat) { seat.path("board") } else { seat.path(&format!("rolls/{session}")) }
}

/// Where the work goes on once the room is closed, and what the way there is called.
fn onward(seat: &Seat) -> (String, &'static str) {
    if is_leader(seat) { (seat.path("board"), "回到看板") } else { (seat.path("today"), "回到今天") }
}

fn is_leader(seat: &Seat) -> bool {
    seat.role() == Role::DutyLeader
}

/// How long before the end of its session a group is taken to be on its way out.
const BEFORE_THE_END: SignedDuration = SignedDuration::from_mins(10);

/// How many are where, in the order of the group.
fn tally(lang: Lang, children: &[GroupChild]) -> String {
    let mut places: Vec<(&'static str, usize)> = Vec::new();
    for child in children {
        let word = words::place(child.whereabouts).0;
        match places.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => places.push((word, 1)),
        }
    }
    let said = places.iter().map(|(word, count)| {
        lang.fill("{where} {n} 人", &[("where", lang.t(word)), ("n", &count.to_string())])
    });
    said.collect::<Vec<_>>().join(" · ")
}

fn line(seat: &Seat, child: &GroupChild, typed: Option<&Chosen>, is_early: bool) -> Line {
    let (id, can) = (child.child.id.to_string(), child.can_be_handed_over());
    let beforehand = !is_early && child.whereabouts == Whereabouts::Here;
    Line {
        ticked: (can || child.whereabouts == Whereabouts::WithColleague)
            && typed.map_or(beforehand, |typed| typed.students.contains(&id)),
        name: child.child.name.clone(),
        class: words::class(seat.lang(), &child.child),
        at_gate: child.goes_home && child.whereabouts == Whereabouts::WithColleague,
        place: words::place(child.whereabouts),
        at: child.learnt.map(|learnt| learnt.at),
        id,
        can,
    }
}

pub(super) async fn hand_over(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Chosen>,
) -> Result<Response, Fault> {
    let (session, students, place) = (id(&session)?, form.ids(), form.place.clone());
    let lang = seat.lang();
    let written = seat.write::<HandOverGroup, i64, Refusal>(&key, move |tx| {
        let handed = dismissal::hand_over(tx, session, &students, &place);
        let handed =
            handed.map_err(|failed: Failed<_>| failed.map(|refused| words::handover(lang, &refused)));
        handed.map(|()| millis(tx.at()))
    });
    noted(&seat, session, form, written.await?).await
}

pub(super) async fn stay_late(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Chosen>,
) -> Result<Response, Fault> {
    let (session, lang) = (id(&session)?, seat.lang());
    let staying = Staying { students: form.ids(), are_back: !form.back.is_empty() };
    let written = seat.write::<HandOverGroup, i64, Refusal>(&key, move |tx| {
        let noted = dismissal::stay_late(tx, session, &staying);
        let noted = noted.map_err(|failed: Failed<_>| failed.map(|refused| words::handover(lang, &refused)));
        noted.map(|()| millis(tx.at()))
    });
    noted(&seat, session, form, written.await?).await
}

/// What is taken back.
#[derive(Debug, Deserialize)]
pub(super) struct UndoForm {
    noted: i64,
}

pub(super) async fn take_back(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
    key: Key,
    Form(form): Form<UndoForm>,
) -> Result<Response, Fault> {
    let session: SessionId = id(&session)?;
    let at = from_millis(form.noted).ok_or(Fault::NotFound)?;
    let lang = seat.lang();
    let undone = seat.write::<HandOverGroup, (), Refusal>(&key, move |tx| {
        let back = dismissal::take_back(tx, session, at);
        back.map(|_| ()).map_err(|failed| failed.map(|refused| words::handover(lang, &refused)))
    });
    match undone.await? {
        Ok(()) => Ok(see_other(&seat.path(&format!("sessions/{session}/handover")))),
        Err(refusal) => not_noted(&seat, session, None, refusal).await,
    }
}

async fn noted(
    seat: &Seat,
    session: SessionId,
    typed: Chosen,
    written: Result<i64, Refusal>,
) -> Result<Response, Fault> {
    match written {
        Ok(at) => Ok(see_other(&seat.path(&format!("sessions/{session}/handover?noted={at}")))),
        Err(refusal) => not_noted(seat, session, Some(typed), refusal).await,
    }
}

async fn not_noted(
    seat: &Seat,
    session: SessionId,
    typed: Option<Chosen>,
    refusal: Refusal,
) -> Result<Response, Fault> {
    let group = group(seat, session).await?;
    if group.session.called_off {
        return seat.refused(&called_off::page(seat, session, refusal.into()).await?);
    }
    seat.refused(&page(seat, group, typed, refusal.into()))
}

#[derive(Template)]
#[template(path = "dismissal/closing.html")]
struct ClosingPage {
    session: SessionCard,
    lines: Vec<Line>,
    /// Who waits for the family, each to be named.
    waiting: Vec<Line>,
    checks: Vec<(&'static str, &'static str, bool)>,
    /// When the day was closed: from then on no room is closed.
    day_closed_at: Option<Timestamp>,
    note: String,
    problems: Problems,
    path: String,
    onward: (String, &'static str),
}

impl ClosingPage {
    /// Whether the room is still to be closed, on a day that nobody has closed.
    fn is_open(&self) -> bool {
        self.session.closed_at.is_none() && self.day_closed_at.is_none()
    }

    /// The room, or the group where the office has named no room yet.
    fn room(&self) -> &str {
        if self.session.venue.is_empty() { &self.session.group } else { &self.session.venue }
    }
}

/// What was ticked and written.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Ticked {
    #[serde(default)]
    checks: Vec<String>,
    /// The children who wait for their family and come along.
    #[serde(default)]
    along: Vec<String>,
    #[serde(default)]
    note: String,
}

pub(super) async fn closing(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let group = to_close(&seat, id(&session)?).await?;
    if group.session.called_off {
        return seat.page(&called_off::page(&seat, group.session.id, Problems::none()).await?);
    }
    seat.page(&closing_page(&seat, group, Ticked::default(), Problems::none()))
}

async fn to_close(seat: &Seat, session: SessionId) -> Result<GroupToClose, Fault> {
    seat.read::<HandOverGroup, _>(move |tx| dismissal::closing(tx, session)).await
}

fn closing_page(seat: &Seat, group: GroupToClose, typed: Ticked, problems: Problems) -> ClosingPage {
    let ticked = |check: &ClosingCheck| typed.checks.iter().any(|word| word == check.word());
    ClosingPage {
        lines: group.in_room.iter().map(|child| line(seat, child, None, true)).collect(),
        waiting: group.waiting.iter().map(|child| coming_along(seat, child, &typed)).collect(),
        checks: ClosingCheck::ALL
            .iter()
            .map(|check| (check.word(), words::closing(*check), ticked(check)))
            .collect(),
        path: seat.path(&format!("sessions/{}", group.session.id)),
        onward: onward(seat),
        day_closed_at: group.day_closed_at,
        session: group.session,
        note: typed.note,
        problems,
    }
}

/// A child who waits for its family, with whether it was named.
fn coming_along(seat: &Seat, child: &GroupChild, typed: &Ticked) -> Line {
    let line = line(seat, child, None, true);
    Line { ticked: typed.along.contains(&line.id), ..line }
}

pub(super) async fn close(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Ticked>,
) -> Result<Response, Fault> {
    let (session, note, lang) = (id(&session)?, form.note.clone(), seat.lang());
    let ticked: Vec<ClosingCheck> = form.checks.iter().filter_map(|word| ClosingCheck::parse(word)).collect();
    let along: Vec<StudentId> = form.along.iter().filter_map(|id| StudentId::parse(id)).collect();
    let written = seat
        .write::<HandOverGroup, (), Refusal>(&key, move |tx| {
            let leaving = Leaving { ticked: &ticked, along: &along, note: &note };
            let closed = dismissal::close_group(tx, session, leaving);
            closed.map_err(|failed: Failed<_>| failed.map(|open| words::group_open(lang, &open)))
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&seat.path(&format!("sessions/{session}/closing")))),
        Err(refusal) => {
            let group = to_close(&seat, session).await?;
            if group.session.called_off {
                return seat.refused(&called_off::page(&seat, session, refusal.into()).await?);
            }
            seat.refused(&closing_page(&seat, group, form, refusal.into()))
        }
    }
}
