//! Early leave: the day's list with the next step of each, and the report (G6).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::attendance::{self, Early};
use kehou_domain::access::{DecideEarlyLeave, ReadEarlyLeaves, ReadSessions, ReportEarlyLeave};
use kehou_domain::attendance::{EarlyStatus, EarlyStep, may_take};
use kehou_domain::custody::Whereabouts;
use kehou_domain::ids::{EarlyLeaveId, EntityId, SessionId, StudentId};
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

/// An early leave with what the seat may do next.
struct EarlyLine {
    early: Early,
    status: &'static str,
    steps: Vec<(&'static str, &'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "attendance/early_leaves.html")]
struct EarlyPage {
    school: String,
    day: Date,
    lines: Vec<EarlyLine>,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "attendance/early_leave.html")]
struct ReportPage {
    school: String,
    session: String,
    name: String,
    children: Vec<(String, String)>,
    form: ReportForm,
    problems: Problems,
}

/// A report as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ReportForm {
    #[serde(default)]
    student: String,
    #[serde(default)]
    reason: String,
}

/// The step that is taken.
#[derive(Debug, Deserialize)]
pub(super) struct StepForm {
    step: String,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let page = list(&seat, Problems::none()).await?;
    seat.page(&page)
}

async fn list(seat: &Seat, problems: Problems) -> Result<EarlyPage, Fault> {
    let day = seat.today();
    let leaves = seat.read::<ReadEarlyLeaves, _>(move |tx| attendance::early_leaves(tx, day)).await?;
    let line = |early: Early| {
        let steps = next(early.status).iter().filter(|step| may_take(**step, seat.role()));
        let button = |step: &EarlyStep| (step.word(), words::early_step(*step), place(*step));
        EarlyLine { status: words::early_status(early.status), steps: steps.map(button).collect(), early }
    };
    let school = seat.school().code.clone();
    Ok(EarlyPage { school, day, lines: leaves.into_iter().map(line).collect(), problems })
}

/// The steps that follow a status.
const fn next(status: EarlyStatus) -> &'static [EarlyStep] {
    match status {
        EarlyStatus::Reported => &[EarlyStep::PassOn],
        EarlyStatus::PassedOn => &[EarlyStep::Approve, EarlyStep::Refuse],
        EarlyStatus::Approved => &[EarlyStep::Leave],
        EarlyStatus::Refused | EarlyStatus::Left => &[],
    }
}

/// Where a step is sent to.
const fn place(step: EarlyStep) -> &'static str {
    match step {
        EarlyStep::PassOn | EarlyStep::Leave => "steps",
        EarlyStep::Approve | EarlyStep::Refuse => "decision",
    }
}

pub(super) async fn new(seat: Seat, Path((_, session)): Path<(String, String)>) -> Result<Response, Fault> {
    let page = report(&seat, id(&session)?, (ReportForm::default(), Problems::none())).await?;
    seat.page(&page)
}

async fn report(
    seat: &Seat,
    session: SessionId,
    (form, problems): (ReportForm, Problems),
) -> Result<ReportPage, Fault> {
    let roll = seat.read::<ReadSessions, _>(move |tx| attendance::roll(tx, session)).await?;
    let here = roll.children.iter().filter(|child| child.state.whereabouts() == Whereabouts::Here);
    let mut children: Vec<(String, String)> =
        here.map(|child| (child.pupil.id.to_string(), child.pupil.name.clone())).collect();
    if !children.is_empty() {
        // nobody is chosen for the teacher: the first of the class would be reported by a careless press
        children.insert(0, (String::new(), seat.lang().t("请选").to_owned()));
    }
    Ok(ReportPage {
        school: seat.school().code.clone(),
        session: session.to_string(),
        name: format!(
            "{} {}",
            people_words::group(seat.lang(), &roll.session.group_name),
            roll.session.slot_name
        ),
        children,
        form,
        problems,
    })
}

pub(super) async fn create(
    seat: Seat,
    key: Key,
    Path((_, session)): Path<(String, String)>,
    Form(form): Form<ReportForm>,
) -> Result<Response, Fault> {
    let (session, lang): (SessionId, _) = (id(&session)?, seat.lang());
    let Some(student) = StudentId::parse(&form.student) else {
        let mut problems = Problems::none();
        problems.add("student", lang.t("选一个孩子"));
        let reason = attendance::wrong_reason(&form.reason).into_iter().collect();
        problems.and(words::report_refused(lang, reason));
        let page = report(&seat, session, (form, problems)).await?;
        return seat.refused(&page);
    };
    let reason = form.reason.clone();
    let reported = seat.write::<ReportEarlyLeave, String, Vec<Refusal>>(&key, move |tx| {
        let reported = attendance::report_early(tx, session, student, &reason);
        Ok(reported.map_err(|why| why.map(|why| words::report_refused(lang, why)))?.to_string())
    });
    match reported.await? {
        Ok(_) => Ok(see_other(&seat.path("early-leaves"))),
        Err(refusals) => {
            let page = report(&seat, session, (form, refusals.into())).await?;
            seat.refused(&page)
        }
    }
}

pub(super) async fn pass(
    seat: Seat,
    key: Key,
    Path((_, early)): Path<(String, String)>,
    Form(form): Form<StepForm>,
) -> Result<Response, Fault> {
    let (early, step): (EarlyLeaveId, EarlyStep) = (id(&early)?, step(&form)?);
    let lang = seat.lang();
    let taken = seat.write::<ReportEarlyLeave, String, Refusal>(&key, move |tx| {
        let taken = attendance::pass_early(tx, early, step);
        Ok(taken.map_err(|why| why.map(|why| words::step_refused(lang, why)))?.word().to_owned())
    });
    done(&seat, taken.await?).await
}

pub(super) async fn decide(
    seat: Seat,
    key: Key,
    Path((_, early)): Path<(String, String)>,
    Form(form): Form<StepForm>,
) -> Result<Response, Fault> {
    let (early, step): (EarlyLeaveId, EarlyStep) = (id(&early)?, step(&form)?);
    let lang = seat.lang();
    let taken = seat.write::<DecideEarlyLeave, String, Refusal>(&key, move |tx| {
        let taken = attendance::decide_early(tx, early, step);
        Ok(taken.map_err(|why| why.map(|why| words::step_refused(lang, why)))?.word().to_owned())
    });
    done(&seat, taken.await?).await
}

fn step(form: &StepForm) -> Result<EarlyStep, Fault> {
    EarlyStep::parse(&form.step)
        .ok_or_else(|| Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", "step"))
}

async fn done(seat: &Seat, taken: Result<String, Refusal>) -> Result<Response, Fault> {
    match taken {
        Ok(_) => Ok(see_other(&seat.path("early-leaves"))),
        Err(refusal) => {
            let page = list(seat, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}
