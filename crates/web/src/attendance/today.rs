//! The day of a teacher, or of the whole school: sessions, what is open, who stands in.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kehou_app::attendance::{self, NoPlan, SessionCard, Status};
use kehou_app::grouping;
use kehou_domain::access::{
    HandOverGroup, PrepareDay, ReadCases, ReadEarlyLeaves, ReadGroups, ReadSessions, ReadSheets, StandIn,
};
use kehou_domain::ids::SessionId;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::people::words as people_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page that is shown or not")]
#[derive(Template)]
#[template(path = "attendance/today.html")]
struct TodayPage {
    school: String,
    day: Date,
    sessions: Vec<SessionCard>,
    may_cases: bool,
    may_early: bool,
    may_sheets: bool,
    may_hand_over: bool,
    now: Timestamp,
    /// Whether nobody has decided yet that there is service today.
    undecided: bool,
    waits_for_grades: bool,
}

/// How long before its end a called session leads to the handover first.
const HANDOVER_BEFORE: SignedDuration = SignedDuration::from_mins(15);

impl TodayPage {
    /// Whether the children of the session are called, so that they can be handed over.
    fn leads_to_handover(&self, card: &SessionCard) -> bool {
        self.may_hand_over && matches!(card.session.status, Status::Called | Status::Confirmed)
    }

    /// Whether the handover is what comes next.
    fn is_ending(&self, card: &SessionCard) -> bool {
        card.session.ends_at <= self.now.checked_add(HANDOVER_BEFORE).unwrap_or(self.now)
    }

    /// Whether nothing else is left to call.
    fn is_only(&self, card: &SessionCard) -> bool {
        self.sessions
            .iter()
            .all(|other| other.session.id == card.session.id || other.session.status == Status::Cancelled)
    }

    /// What is left to do in a session, in a word.
    #[expect(clippy::unused_self, reason = "a template calls its page's methods")]
    fn state(&self, card: &SessionCard) -> (&'static str, &'static str, &'static str) {
        match card.session.status {
            Status::Cancelled if !card.in_clubs.is_empty() => ("leave", "users", "都在社团"),
            Status::Cancelled => ("late", "stop", "停了"),
            Status::Confirmed | Status::Called if 0 < card.looked_for => ("absent", "alert", "有人没到"),
            Status::Confirmed => ("present", "check", "点完了"),
            Status::Called => ("late", "users", "还没数人"),
            Status::Planned => ("leave", "clock", "还没点"),
        }
    }
}

pub(super) async fn show(seat: Seat) -> Result<Response, Fault> {
    let day = seat.today();
    made(&seat, day).await?;
    let (sessions, undecided) = seat
        .read::<ReadSessions, _>(move |tx| {
            let sessions = attendance::sessions(tx, day)?;
            let undecided = sessions.is_empty() && attendance::is_undecided(tx, day)?;
            Ok((sessions, undecided))
        })
        .await?;
    seat.page(&TodayPage {
        school: seat.school().code.clone(),
        day,
        sessions,
        may_cases: seat.may::<ReadCases>(),
        may_early: seat.may::<ReadEarlyLeaves>(),
        may_sheets: seat.may::<ReadSheets>(),
        may_hand_over: seat.may::<HandOverGroup>(),
        now: seat.web().now(),
        undecided,
        waits_for_grades: seat.read::<ReadSessions, _>(kehou_app::people::waits_for_grades).await?,
    })
}

/// Makes the day's sessions when nobody has: the nightly job is late, or the school has just begun.
async fn made(seat: &Seat, day: Date) -> Result<(), Fault> {
    if seat.read::<ReadSessions, _>(move |tx| attendance::is_prepared(tx, day)).await? {
        return Ok(());
    }
    let prepared = seat.scope().act::<PrepareDay, _, NoPlan>(move |tx| attendance::prepare_day(tx, day));
    // without a plan there is nothing to make, and the page says that there are no sessions
    match prepared.await? {
        Ok(_) | Err(NoPlan) => Ok(()),
    }
}

#[derive(Template)]
#[template(path = "attendance/teacher.html")]
struct TeacherPage {
    school: String,
    session: String,
    name: String,
    staff: Vec<(String, String)>,
    teacher: String,
    /// When the day was closed: from then on nobody stands in (H9).
    day_closed_at: Option<Timestamp>,
    problems: Problems,
}

/// Who stands in.
#[derive(Debug, Deserialize)]
pub(super) struct TeacherForm {
    teacher: String,
}

pub(super) async fn teacher(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let page = teacher_page(&seat, id(&session)?, Problems::none()).await?;
    seat.page(&page)
}

async fn teacher_page(seat: &Seat, session: SessionId, problems: Problems) -> Result<TeacherPage, Fault> {
    let roll = seat.read::<ReadSessions, _>(move |tx| attendance::roll(tx, session)).await?;
    let staff = seat.read::<ReadGroups, _>(grouping::teachers).await?;
    Ok(TeacherPage {
        school: seat.school().code.clone(),
        session: session.to_string(),
        name: format!(
            "{} {}",
            people_words::group(seat.lang(), &roll.session.group_name),
            roll.session.slot_name
        ),
        staff: staff.into_iter().map(|staff| (staff.id.to_string(), staff.name)).collect(),
        teacher: roll.session.teacher.map(|teacher| teacher.to_string()).unwrap_or_default(),
        day_closed_at: roll.day_closed_at,
        problems,
    })
}

pub(super) async fn stand_in(
    seat: Seat,
    key: Key,
    Path((_, session)): Path<(String, String)>,
    Form(form): Form<TeacherForm>,
) -> Result<Response, Fault> {
    let (session, teacher): (SessionId, _) = (id(&session)?, id(&form.teacher)?);
    let lang = seat.lang();
    let given = seat.write::<StandIn, (), Refusal>(&key, move |tx| {
        let given = attendance::stand_in(tx, session, teacher);
        given.map_err(|why| why.map(|why| Refusal::new("day_closed", words::cannot(lang, why))))
    });
    match given.await? {
        Ok(()) => Ok(see_other(&seat.path("today"))),
        Err(refusal) => {
            let page = teacher_page(&seat, session, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}
