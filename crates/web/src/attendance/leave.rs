//! Leave: a guardian's form on the phone, the teacher's form, who is on leave today (G5).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::attendance::{self, FiledLeave, NewLeave};
use kehou_db::Scope;
use kehou_domain::access::{EnterLeave, FileLeave, ReadSessions};
use kehou_domain::attendance::{LeaveKind, Span};
use kehou_domain::ids::{LeaveId, StudentId};
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A leave on a list.
struct LeaveLine {
    id: String,
    name: String,
    from_on: Date,
    to_on: Date,
    kind: &'static str,
    reason: String,
    stands: bool,
    may_end: bool,
}

impl LeaveLine {
    fn of(leave: FiledLeave, today: Date) -> LeaveLine {
        LeaveLine {
            id: leave.id.to_string(),
            name: leave.name,
            from_on: leave.span.from_on,
            to_on: leave.span.to_on,
            kind: words::leave_kind(leave.kind),
            reason: leave.reason,
            stands: leave.stands,
            may_end: leave.stands && today <= leave.span.to_on,
        }
    }
}

#[derive(Template)]
#[template(path = "attendance/leave.html")]
struct LeavePage {
    back: String,
    action: String,
    is_family: bool,
    form: LeaveForm,
    kinds: Vec<(&'static str, String)>,
    leaves: Vec<LeaveLine>,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "attendance/leaves.html")]
struct LeavesPage {
    school: String,
    day: Date,
    leaves: Vec<LeaveLine>,
}

/// A leave as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct LeaveForm {
    #[serde(default)]
    from_on: String,
    #[serde(default)]
    to_on: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    reason: String,
}

impl LeaveForm {
    fn for_day(day: Date) -> LeaveForm {
        let kind = LeaveKind::Sick.word().to_owned();
        LeaveForm { from_on: day.to_string(), to_on: day.to_string(), kind, reason: String::new() }
    }

    fn parse(&self, lang: Lang, student: StudentId) -> Result<NewLeave, Problems> {
        let mut problems = Problems::none();
        let mut day = |field: &str, text: &str| {
            let day = text.trim().parse::<Date>();
            if day.is_err() {
                problems.add(field, lang.t("选一个日期"));
            }
            day.ok()
        };
        let (from_on, to_on) = (day("from_on", &self.from_on), day("to_on", &self.to_on));
        let kind = LeaveKind::parse(&self.kind);
        if kind.is_none() {
            problems.add("kind", lang.t("选病假或事假"));
        }
        match (from_on, to_on, kind) {
            (Some(from_on), Some(to_on), Some(kind)) => {
                let span = Span { from_on, to_on };
                Ok(NewLeave { student, span, slot: None, kind, reason: self.reason.clone() })
            }
            _ => Err(problems),
        }
    }
}

pub(super) async fn show(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let (_, leaves) = own(&family, student).await?;
    let form = LeaveForm::for_day(family.today());
    family.page(&family_page(&family, student, leaves, (form, Problems::none())))
}

pub(super) async fn create(
    family: Family,
    key: Key,
    Path(student): Path<String>,
    Form(form): Form<LeaveForm>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let (scope, leaves) = own(&family, student).await?;
    let lang = family.lang();
    let new = match form.parse(lang, student) {
        Ok(new) => new,
        Err(problems) => return family.refused(&family_page(&family, student, leaves, (form, problems))),
    };
    let filed = scope.write::<FileLeave, String, Refusal>(&key.0, move |tx| {
        let filed = attendance::file_leave(tx, &new);
        Ok(filed.map_err(|why| why.map(|why| words::file_refused(lang, why)))?.to_string())
    });
    match filed.await? {
        Ok(_) => Ok(see_other(&format!("/children/{student}/leave"))),
        Err(refusal) => family.refused(&family_page(&family, student, leaves, (form, refusal.into()))),
    }
}

pub(super) async fn take_back(
    family: Family,
    key: Key,
    Path((student, leave)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (student, leave): (StudentId, LeaveId) = (id(&student)?, id(&leave)?);
    let (scope, leaves) = own(&family, student).await?;
    let lang = family.lang();
    let ended = scope.write::<FileLeave, (), Refusal>(&key.0, move |tx| {
        attendance::take_back(tx, leave).map_err(|why| why.map(|why| words::take_back_refused(lang, why)))
    });
    match ended.await? {
        Ok(()) => Ok(see_other(&format!("/children/{student}/leave"))),
        Err(refusal) => {
            let form = LeaveForm::for_day(family.today());
            family.refused(&family_page(&family, student, leaves, (form, refusal.into())))
        }
    }
}

/// The school where the child is the guardian's own, with the child's leaves; none: not there.
async fn own(family: &Family, student: StudentId) -> Result<(Scope, Vec<FiledLeave>), Fault> {
    for scope in family.scopes() {
        match scope.read::<FileLeave, _>(move |tx| attendance::own_leaves(tx, student)).await {
            Ok(leaves) => return Ok((scope.clone(), leaves)),
            Err(kehou_db::Error::NotFound) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Err(Fault::NotFound)
}

fn family_page(
    family: &Family,
    student: StudentId,
    leaves: Vec<FiledLeave>,
    (form, problems): (LeaveForm, Problems),
) -> LeavePage {
    let today = family.today();
    LeavePage {
        back: "/home".to_owned(),
        action: format!("/children/{student}/leave"),
        is_family: true,
        form,
        kinds: kinds(family.lang()),
        leaves: leaves.into_iter().map(|leave| LeaveLine::of(leave, today)).collect(),
        problems,
    }
}

fn kinds(lang: Lang) -> Vec<(&'static str, String)> {
    LeaveKind::ALL.map(|kind| (kind.word(), lang.t(words::leave_kind(kind)).to_owned())).to_vec()
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let day = seat.today();
    let leaves = seat.read::<ReadSessions, _>(move |tx| attendance::leaves_on(tx, day)).await?;
    let leaves = leaves.into_iter().map(|leave| LeaveLine::of(leave, day)).collect();
    seat.page(&LeavesPage { school: seat.school().code.clone(), day, leaves })
}

pub(super) async fn staff_show(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let leaves = seat.read::<EnterLeave, _>(move |tx| attendance::leaves_of(tx, student)).await?;
    let form = LeaveForm::for_day(seat.today());
    seat.page(&staff_page(&seat, student, leaves, (form, Problems::none())))
}

pub(super) async fn staff_create(
    seat: Seat,
    key: Key,
    Path((_, student)): Path<(String, String)>,
    Form(form): Form<LeaveForm>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let leaves = seat.read::<EnterLeave, _>(move |tx| attendance::leaves_of(tx, student)).await?;
    let lang = seat.lang();
    let new = match form.parse(lang, student) {
        Ok(new) => new,
        Err(problems) => return seat.refused(&staff_page(&seat, student, leaves, (form, problems))),
    };
    let filed = seat.write::<EnterLeave, String, Refusal>(&key, move |tx| {
        let filed = attendance::enter_leave(tx, &new);
        Ok(filed.map_err(|why| why.map(|why| words::file_refused(lang, why)))?.to_string())
    });
    match filed.await? {
        Ok(_) => Ok(see_other(&seat.path("leaves"))),
        Err(refusal) => seat.refused(&staff_page(&seat, student, leaves, (form, refusal.into()))),
    }
}

fn staff_page(
    seat: &Seat,
    student: StudentId,
    leaves: Vec<FiledLeave>,
    (form, problems): (LeaveForm, Problems),
) -> LeavePage {
    let today = seat.today();
    LeavePage {
        back: seat.path("leaves"),
        action: seat.path(&format!("students/{student}/leave")),
        is_family: false,
        form,
        kinds: kinds(seat.lang()),
        leaves: leaves.into_iter().map(|leave| LeaveLine::of(leave, today)).collect(),
        problems,
    }
}
