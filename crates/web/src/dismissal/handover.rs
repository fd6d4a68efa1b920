//! The teacher's end of the session: hand the group over, stay with late children, close the room.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::dismissal::{self, GroupChild, GroupNow, GroupToClose, SessionCard};
use kehou_db::Failed;
use kehou_domain::access::{HandOverGroup, Role};
use kehou_domain::dismissal::ClosingCheck;
use kehou_domain::ids::{EntityId, SessionId, StudentId};
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A child of the group.
struct Line {
    id: String,
    name: String,
    class: String,
    place: (&'static str, &'static str, &'static str),
    at: Option<jiff::Timestamp>,
    can: bool,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "dismissal/handover.html")]
struct HandoverPage {
    session: SessionCard,
    lines: Vec<Line>,
    can: usize,
    in_room: usize,
    gone: usize,
    place: String,
    problems: Problems,
    path: String,
    back: String,
}

/// Which children, and where to.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    students: Vec<String>,
    #[serde(default)]
    place: String,
}

impl Chosen {
    fn ids(&self) -> Vec<StudentId> {
        self.students.iter().filter_map(|id| StudentId::parse(id)).collect()
    }
}

pub(super) async fn show(seat: Seat, Path((_, session)): Path<(String, String)>) -> Result<Response, Fault> {
    let group = group(&seat, id(&session)?).await?;
    seat.page(&page(&seat, group, None, Problems::none()))
}

async fn group(seat: &Seat, session: SessionId) -> Result<GroupNow, Fault> {
    seat.read::<HandOverGroup, _>(move |tx| dismissal::group_now(tx, session)).await
}

fn page(seat: &Seat, group: GroupNow, typed: Option<Chosen>, problems: Problems) -> HandoverPage {
    let count = |wanted: fn(&GroupChild) -> bool| group.children.iter().filter(|child| wanted(child)).count();
    let (can, in_room) = (count(GroupChild::can_be_handed_over), count(GroupChild::in_room));
    let gone = group.children.len() - in_room;
    HandoverPage {
        lines: group.children.iter().map(|child| line(seat, child, typed.as_ref())).collect(),
        path: seat.path(&format!("sessions/{}", group.session.id)),
        back: back(seat, group.session.id),
        place: typed.map_or_else(|| seat.lang().t("校门口").to_owned(), |typed| typed.place),
        session: group.session,
        can,
        in_room,
        gone,
        problems,
    }
}

/// Where the page was come from: the leader's board, the teacher's roll.
fn back(seat: &Seat, session: SessionId) -> String {
    if is_leader(seat) { seat.path("board") } else { seat.path(&format!("rolls/{session}")) }
}

/// Where the work goes on once the room is closed, and what the way there is called.
fn onward(seat: &Seat) -> (String, &'static str) {
    if is_leader(seat) { (seat.path("board"), "回到看板") } else { (seat.path("today"), "回到今天") }
}

fn is_leader(seat: &Seat) -> bool {
    seat.role() == Role::DutyLeader
}

fn line(seat: &Seat, child: &GroupChild, typed: Option<&Chosen>) -> Line {
    let (id, can) = (child.child.id.to_string(), child.can_be_handed_over());
    Line {
        ticked: can && typed.is_none_or(|typed| typed.students.contains(&id)),
        name: child.child.name.clone(),
        class: words::class(seat.lang(), &child.child),
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
    let written = seat.write::<HandOverGroup, (), Refusal>(&key, move |tx| {
        let handed = dismissal::hand_over(tx, session, &students, &place);
        handed.map_err(|failed: Failed<_>| failed.map(|refused| words::handover(lang, &refused)))
    });
    noted(&seat, session, form, written.await?).await
}

pub(super) async fn stay_late(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Chosen>,
) -> Result<Response, Fault> {
    let (session, students, lang) = (id(&session)?, form.ids(), seat.lang());
    let written = seat.write::<HandOverGroup, (), Refusal>(&key, move |tx| {
        let noted = dismissal::stay_late(tx, session, &students);
        noted.map_err(|failed: Failed<_>| failed.map(|refused| words::handover(lang, &refused)))
    });
    noted(&seat, session, form, written.await?).await
}

async fn noted(
    seat: &Seat,
    session: SessionId,
    typed: Chosen,
    written: Result<(), Refusal>,
) -> Result<Response, Fault> {
    match written {
        Ok(()) => Ok(see_other(&seat.path(&format!("sessions/{session}/handover")))),
        Err(refusal) => {
            let group = group(seat, session).await?;
            seat.refused(&page(seat, group, Some(typed), refusal.into()))
        }
    }
}

#[derive(Template)]
#[template(path = "dismissal/closing.html")]
struct ClosingPage {
    session: SessionCard,
    lines: Vec<Line>,
    checks: Vec<(&'static str, &'static str, bool)>,
    note: String,
    problems: Problems,
    path: String,
    onward: (String, &'static str),
}

impl ClosingPage {
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
    #[serde(default)]
    note: String,
}

pub(super) async fn closing(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let group = to_close(&seat, id(&session)?).await?;
    seat.page(&closing_page(&seat, group, Ticked::default(), Problems::none()))
}

async fn to_close(seat: &Seat, session: SessionId) -> Result<GroupToClose, Fault> {
    seat.read::<HandOverGroup, _>(move |tx| dismissal::closing(tx, session)).await
}

fn closing_page(seat: &Seat, group: GroupToClose, typed: Ticked, problems: Problems) -> ClosingPage {
    let ticked = |check: &ClosingCheck| typed.checks.iter().any(|word| word == check.word());
    ClosingPage {
        lines: group.in_room.iter().map(|child| line(seat, child, None)).collect(),
        checks: ClosingCheck::ALL
            .iter()
            .map(|check| (check.word(), words::closing(*check), ticked(check)))
            .collect(),
        path: seat.path(&format!("sessions/{}", group.session.id)),
        onward: onward(seat),
        session: group.session,
        note: typed.note,
        problems,
    }
}

pub(super) async fn close(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Ticked>,
) -> Result<Response, Fault> {
    let (session, note, lang) = (id(&session)?, form.note.clone(), seat.lang());
    let ticked: Vec<ClosingCheck> = form.checks.iter().filter_map(|word| ClosingCheck::parse(word)).collect();
    let written = seat
        .write::<HandOverGroup, (), Refusal>(&key, move |tx| {
            let closed = dismissal::close_group(tx, session, &ticked, &note);
            closed.map_err(|failed: Failed<_>| failed.map(|open| words::group_open(lang, &open)))
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&seat.path(&format!("sessions/{session}/closing")))),
        Err(refusal) => {
            let group = to_close(&seat, session).await?;
            seat.refused(&closing_page(&seat, group, form, refusal.into()))
        }
    }
}
