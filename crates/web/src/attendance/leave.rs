//! Leave: a guardian's form on the phone, the teacher's form, who is on leave today (G5).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::attendance::{self, FiledLeave, LeavesOfChild, NewLeave, OnLeave};
use kehou_app::people::Named;
use kehou_db::Scope;
use kehou_domain::access::{EnterLeave, FileLeave, ReadSessions};
use kehou_domain::attendance::{LeaveKind, Span};
use kehou_domain::ids::{LeaveId, StudentId};
use kehou_domain::people::class::school_year;
use kehou_domain::plan::SlotId;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::dates;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people::words as people_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A leave on a list.
struct LeaveLine {
    id: String,
    name: String,
    from_on: Date,
    to_on: Date,
    kind: &'static str,
    /// The one slot that it is for; empty for the whole day.
    slot: String,
    reason: String,
    stands: bool,
    may_end: bool,
}

impl LeaveLine {
    fn of(leave: FiledLeave, slots: &[(SlotId, String)], today: Date) -> LeaveLine {
        let named = |slot: SlotId| {
            let name = slots.iter().find(|(known, _)| *known == slot).map(|(_, name)| name.clone());
            name.unwrap_or(slot.0)
        };
        LeaveLine {
            id: leave.id.to_string(),
            name: leave.name,
            from_on: leave.span.from_on,
            to_on: leave.span.to_on,
            kind: words::leave_kind(leave.kind),
            slot: leave.slot.map(named).unwrap_or_default(),
            reason: leave.reason,
            stands: leave.stands,
            may_end: leave.stands && today <= leave.span.to_on,
        }
    }
}

/// A leave on the list of a day.
struct OnLeaveLine {
    student: String,
    class: String,
    leave: LeaveLine,
}

#[derive(Template)]
#[template(path = "attendance/leave.html")]
struct LeavePage {
    back: String,
    name: String,
    action: String,
    is_family: bool,
    form: LeaveForm,
    kinds: Vec<(&'static str, String)>,
    /// The whole day and each slot; empty for a child of one slot.
    slots: Vec<(String, String)>,
    leaves: Vec<LeaveLine>,
    today: Date,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "attendance/leaves.html")]
struct LeavesPage {
    school: String,
    day: Date,
    leaves: Vec<OnLeaveLine>,
    may_enter: bool,
    name: String,
    found: Vec<(Named, String)>,
}

/// Whose family called.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    name: String,
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
    slot: String,
    #[serde(default)]
    reason: String,
}

impl LeaveForm {
    fn for_day(day: Date) -> LeaveForm {
        let kind = LeaveKind::Sick.word().to_owned();
        LeaveForm { from_on: day.to_string(), to_on: day.to_string(), kind, ..LeaveForm::default() }
    }

    fn parse(&self, lang: Lang, student: StudentId) -> Result<NewLeave, Problems> {
        let mut problems = Problems::none();
        let mut day = |field: &str, label: &str, text: &str| {
            let day = dates::typed(text);
            if day.is_none() {
                problems.add_named(field, lang.t(label), lang.t("选一个日期"));
            }
            day
        };
        let from_on = day("from_on", "从哪天", &self.from_on);
        let to_on = day("to_on", "到哪天", &self.to_on);
        let kind = LeaveKind::parse(&self.kind);
        if kind.is_none() {
            problems.add("kind", lang.t("选病假或事假"));
        }
        let (Some(from_on), Some(to_on), Some(kind)) = (from_on, to_on, kind) else {
            let too_long = attendance::long_reason(&self.reason);
            problems.and(too_long.map(|why| words::file_refused(lang, why)));
            return Err(problems);
        };
        let span = Span { from_on, to_on };
        let slot = (!self.slot.is_empty()).then(|| SlotId(self.slot.clone()));
        Ok(NewLeave { student, span, slot, kind, reason: self.reason.clone() })
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
    let filed = scope.write::<FileLeave, String, Vec<Refusal>>(&key.0, move |tx| {
        let filed = attendance::file_leave(tx, &new);
        Ok(filed.map_err(|why| why.map(|why| words::not_filed(lang, &why)))?.to_string())
    });
    match filed.await? {
        Ok(_) => Ok(see_other(&format!("/children/{student}/leave"))),
        Err(refusals) => family.refused(&family_page(&family, student, leaves, (form, refusals.into()))),
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
async fn own(family: &Family, student: StudentId) -> Result<(Scope, LeavesOfChild), Fault> {
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
    leaves: LeavesOfChild,
    (form, problems): (LeaveForm, Problems),
) -> LeavePage {
    LeavePage {
        back: format!("/home?child={student}"),
        name: leaves.name.clone(),
        action: format!("/children/{student}/leave"),
        is_family: true,
        form,
        kinds: kinds(family.lang()),
        slots: slots(family.lang(), &leaves),
        leaves: lines(leaves, family.today()),
        today: family.today(),
        problems,
    }
}

fn kinds(lang: Lang) -> Vec<(&'static str, String)> {
    LeaveKind::ALL.map(|kind| (kind.word(), lang.t(words::leave_kind(kind)).to_owned())).to_vec()
}

/// The whole day and each slot, for a child who has several.
fn slots(lang: Lang, leaves: &LeavesOfChild) -> Vec<(String, String)> {
    if leaves.slots.len() < 2 {
        return Vec::new();
    }
    let all = [(String::new(), lang.t("整天").to_owned())].into_iter();
    all.chain(leaves.slots.iter().map(|(slot, name)| (slot.0.clone(), name.clone()))).collect()
}

fn lines(leaves: LeavesOfChild, today: Date) -> Vec<LeaveLine> {
    let LeavesOfChild { filed, slots, .. } = leaves;
    filed.into_iter().map(|leave| LeaveLine::of(leave, &slots, today)).collect()
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    seat.page(&today(&seat, Search::default()).await?)
}

/// The children of the name that somebody rang about.
pub(super) async fn find(seat: Seat, Form(search): Form<Search>) -> Result<Response, Fault> {
    seat.found(&today(&seat, search).await?)
}

async fn today(seat: &Seat, search: Search) -> Result<LeavesPage, Fault> {
    let day = seat.today();
    let leaves = seat.read::<ReadSessions, _>(move |tx| attendance::leaves_on(tx, day)).await?;
    let leaves = leaves.into_iter().map(|one| on_leave(seat.lang(), one, day)).collect();
    let (may_enter, name) = (seat.may::<EnterLeave>(), search.name.trim().to_owned());
    let found = if may_enter { found(seat, name.clone()).await? } else { Vec::new() };
    Ok(LeavesPage { school: seat.school().code.clone(), day, leaves, may_enter, name, found })
}

fn on_leave(lang: Lang, one: OnLeave, day: Date) -> OnLeaveLine {
    let class = one.class.map(|class| people_words::class(lang, class, school_year(day)));
    OnLeaveLine {
        student: one.leave.student.to_string(),
        class: class.unwrap_or_default(),
        leave: LeaveLine::of(one.leave, &[], day),
    }
}

/// The teacher's children of this name, with their class in words.
async fn found(seat: &Seat, name: String) -> Result<Vec<(Named, String)>, Fault> {
    let found = seat.read::<EnterLeave, _>(move |tx| attendance::children_to_excuse(tx, &name)).await?;
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    let class = |child: &Named| child.class.map(|class| people_words::class(lang, class.key, year));
    Ok(found.into_iter().map(|child| (child.clone(), class(&child).unwrap_or_default())).collect())
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
    let filed = seat.write::<EnterLeave, String, Vec<Refusal>>(&key, move |tx| {
        let filed = attendance::enter_leave(tx, &new);
        Ok(filed.map_err(|why| why.map(|why| words::not_filed(lang, &why)))?.to_string())
    });
    match filed.await? {
        Ok(_) => Ok(see_other(&seat.path("leaves"))),
        Err(refusal) => seat.refused(&staff_page(&seat, student, leaves, (form, refusal.into()))),
    }
}

fn staff_page(
    seat: &Seat,
    student: StudentId,
    leaves: LeavesOfChild,
    (form, problems): (LeaveForm, Problems),
) -> LeavePage {
    LeavePage {
        back: seat.path("leaves"),
        name: leaves.name.clone(),
        action: seat.path(&format!("students/{student}/leave")),
        is_family: false,
        form,
        kinds: kinds(seat.lang()),
        slots: slots(seat.lang(), &leaves),
        leaves: lines(leaves, seat.today()),
        today: seat.today(),
        problems,
    }
}
