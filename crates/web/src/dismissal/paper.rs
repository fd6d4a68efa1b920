//! What families say on paper: entered at the child's page, confirmed by a second person (H1, B6).

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::dismissal::{
    self, CannotWrite, Naming, PaperChild, PaperKind, Says, SignedPaper, WrittenPaper,
};
use kehou_app::enrolment::PaperStatus;
use kehou_domain::access::{ConfirmPaper, EnterPaper};
use kehou_domain::dismissal::{NamingRefused, person_wrong};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::enrolment::paper::CannotCount;
use kehou_domain::ids::{EntityId, GuardianId, SignedPaperId, StudentId};
use kehou_domain::plan::ReleaseMode;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::dates;
use crate::enrolment::words::{cannot_count, cannot_end, purpose};
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A paper in words.
struct Line {
    paper: SignedPaper,
    class: String,
    says: String,
}

#[derive(Template)]
#[template(path = "dismissal/signed_papers.html")]
struct PapersPage {
    base: String,
    classes: String,
    lines: Vec<Line>,
    may_enter: bool,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "dismissal/signed_paper_new.html")]
struct NewPage {
    list: String,
    child: PaperChild,
    class: String,
    kind: PaperKind,
    form: Typed,
    path: String,
    back: String,
    problems: Problems,
}

/// Which kind of paper.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    kind: String,
}

/// What was typed; each kind of paper has its own fields beside the first four.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) guardian: String,
    #[serde(default)]
    pub(super) signed_on: String,
    #[serde(default)]
    pub(super) place: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) relation: String,
    #[serde(default)]
    pub(super) from_on: String,
    #[serde(default)]
    pub(super) to_on: String,
    #[serde(default)]
    pub(super) capable: String,
    #[serde(default)]
    pub(super) delegate: String,
    #[serde(default)]
    pub(super) mode: String,
    #[serde(default)]
    pub(super) consent: String,
    #[serde(default)]
    pub(super) purpose: Vec<String>,
    #[serde(default)]
    pub(super) last_day: String,
    #[serde(default)]
    pub(super) reason: String,
}

/// What the second person found.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Settled {
    #[serde(default)]
    found: String,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let page = index_page(&seat, Problems::none()).await?;
    seat.page(&page)
}

async fn index_page(seat: &Seat, problems: Problems) -> Result<PapersPage, Fault> {
    let lang = seat.lang();
    let papers = seat.read::<ConfirmPaper, _>(dismissal::signed_papers).await?;
    let line = |paper: SignedPaper| Line {
        class: words::class(lang, &paper.child),
        says: words::says(lang, &paper.paper.says),
        paper,
    };
    Ok(PapersPage {
        base: seat.path("signed-papers"),
        classes: seat.path("classes"),
        lines: papers.into_iter().map(line).collect(),
        may_enter: seat.may::<EnterPaper>(),
        problems,
    })
}

pub(super) async fn settle(
    seat: Seat,
    Path((_, paper)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Settled>,
) -> Result<Response, Fault> {
    let found = match form.found.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", "found")),
    };
    match settle_with(&seat, &key, id(&paper)?, found).await? {
        Ok(()) => Ok(see_other(&seat.path("signed-papers"))),
        Err(problems) => {
            let page = index_page(&seat, problems).await?;
            seat.refused(&page)
        }
    }
}

/// The second person says what they found, from a page or from a program.
pub(super) async fn settle_with(
    seat: &Seat,
    key: &Key,
    paper: SignedPaperId,
    found: bool,
) -> Result<Result<(), Problems>, Fault> {
    let lang = seat.lang();
    let settled = seat.write::<ConfirmPaper, (), Vec<Refusal>>(key, move |tx| {
        let settled = dismissal::settle_signed_paper(tx, paper, found);
        settled.map_err(|failed| failed.map(|why| not_written(lang, &why)))
    });
    Ok(settled.await?.map_err(Problems::from))
}

/// The status's word for programs.
pub(super) const fn status(status: PaperStatus) -> &'static str {
    match status {
        PaperStatus::Entered => "entered",
        PaperStatus::Confirmed => "confirmed",
        PaperStatus::Rejected => "rejected",
    }
}

pub(super) async fn new(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let today = seat.today().to_string();
    let form = Typed {
        kind: wanted.kind,
        signed_on: today.clone(),
        from_on: today.clone(),
        to_on: today.clone(),
        last_day: today,
        ..Typed::default()
    };
    let page = new_page(&seat, id(&student)?, form, Problems::none()).await?;
    seat.page(&page)
}

async fn new_page(
    seat: &Seat,
    student: StudentId,
    form: Typed,
    problems: Problems,
) -> Result<NewPage, Fault> {
    let child = seat.read::<EnterPaper, _>(move |tx| dismissal::child_on_paper(tx, student)).await?;
    Ok(NewPage {
        list: seat.path("signed-papers"),
        class: words::class(seat.lang(), &child.child),
        path: seat.path(&format!("students/{student}/signed-papers")),
        back: seat.path(&format!("students/{student}")),
        kind: PaperKind::parse(&form.kind).unwrap_or(PaperKind::Delegate),
        child,
        form,
        problems,
    })
}

pub(super) async fn create(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Typed>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    match enter(&seat, &key, student, &form).await? {
        Ok(_) => Ok(see_other(&seat.path("signed-papers"))),
        Err(problems) => {
            let page = new_page(&seat, student, form, problems).await?;
            seat.refused(&page)
        }
    }
}

/// Enters a paper, from a page or from a program: its id, or everything that is wrong with it.
pub(super) async fn enter(
    seat: &Seat,
    key: &Key,
    student: StudentId,
    typed: &Typed,
) -> Result<Result<String, Problems>, Fault> {
    let lang = seat.lang();
    let child = seat.read::<EnterPaper, _>(move |tx| dismissal::child_on_paper(tx, student)).await?;
    let paper = match read(lang, &child, typed) {
        Ok(paper) => paper,
        Err(problems) => return Ok(Err(problems)),
    };
    let written = seat.write::<EnterPaper, String, Vec<Refusal>>(key, move |tx| {
        let written = dismissal::write_signed_paper(tx, &paper);
        let written = written.map_err(|failed| failed.map(|why| not_written(lang, &why)))?;
        Ok(written.to_string())
    });
    Ok(written.await?.map_err(Problems::from))
}

/// The form as facts, or everything that cannot be read.
fn read(lang: Lang, child: &PaperChild, form: &Typed) -> Result<WrittenPaper, Problems> {
    let mut problems = Problems::none();
    let guardian = GuardianId::parse(&form.guardian);
    if guardian.is_none() {
        problems.add("guardian", lang.t("请选签字的监护人"));
    }
    let says = said(lang, child, form, &mut problems);
    let signed_on = day(lang, &mut problems, ("signed_on", "签字日期"), &form.signed_on);
    let (Some(guardian), Some(signed_on), Some(says)) = (guardian, signed_on, says) else {
        let no_place = form.place.trim().is_empty().then_some(CannotCount::PlaceMissing);
        problems.and(no_place.map(|why| cannot_count(lang, &why)));
        return Err(problems);
    };
    let place = form.place.chars().take(100).collect();
    Ok(WrittenPaper { student: child.child.id, guardian, says, signed_on, place })
}

fn day(lang: Lang, problems: &mut Problems, (field, label): (&str, &str), text: &str) -> Option<Date> {
    let day = dates::typed(text);
    if day.is_none() {
        problems.add_named(field, lang.t(label), lang.t("请填日期，例如 2026-11-27"));
    }
    day
}

/// What the paper of this kind says.
fn said(lang: Lang, child: &PaperChild, form: &Typed, problems: &mut Problems) -> Option<Says> {
    let says = match PaperKind::parse(&form.kind) {
        Some(PaperKind::Delegate) => return naming(lang, form, problems),
        Some(PaperKind::Withdrawal) => {
            let last_day = day(lang, problems, ("last_day", "最后参加的一天"), &form.last_day)?;
            return Some(Says::Withdrawal(last_day, form.reason.chars().take(500).collect()));
        }
        Some(PaperKind::Purposes) => {
            let ticked = |purpose: Purpose| form.purpose.iter().any(|word| word == purpose.word());
            let answers = Purpose::ALL.into_iter().map(|purpose| (purpose, ticked(purpose)));
            return Some(Says::Purposes(answers.collect()));
        }
        Some(PaperKind::DelegateEnds) => {
            let named = child.delegates.iter().find(|one| one.id.to_string() == form.delegate);
            named.map(|one| Says::DelegateEnds(one.id, one.name.clone()))
        }
        Some(PaperKind::WayHome) => ReleaseMode::parse(&form.mode).map(Says::WayHome),
        Some(PaperKind::WayHomeEnds) => {
            let given = child.consents.iter().find(|one| one.id.to_string() == form.consent);
            given.map(|one| Says::WayHomeEnds(one.id, one.consent.mode))
        }
        None => None,
    };
    if says.is_none() {
        problems.add("choice", lang.t("请选纸上写的是哪一项"));
    }
    says
}

fn naming(lang: Lang, form: &Typed, problems: &mut Problems) -> Option<Says> {
    let from_on = day(lang, problems, ("from_on", "从哪一天"), &form.from_on);
    let to_on = day(lang, problems, ("to_on", "到哪一天"), &form.to_on);
    if !problems.is_empty() {
        problems.and(words::not_named(lang, &person_wrong(&form.name, &form.relation)));
    }
    Some(Says::Delegate(Naming {
        name: form.name.chars().take(60).collect(),
        relation: form.relation.chars().take(30).collect(),
        from_on: from_on?,
        to_on: to_on?,
        declared_capable: form.capable == "yes",
    }))
}

/// Everything for which a paper cannot be entered or confirmed.
fn not_written(lang: Lang, why: &[CannotWrite]) -> Vec<Refusal> {
    why.iter().map(|why| cannot_write(lang, why)).collect()
}

fn cannot_write(lang: Lang, why: &CannotWrite) -> Refusal {
    match why {
        CannotWrite::Paper(why) => cannot_count(lang, why),
        CannotWrite::Naming(NamingRefused::NotCapable) => {
            let words = lang.t("请勾选“纸上写明是固定的、能自己作主的成年人”");
            Refusal::new("not_capable", words).at("capable")
        }
        CannotWrite::Naming(why) => words::naming(lang, *why),
        CannotWrite::WayHome(why) => words::consent(lang, *why).at("choice"),
        CannotWrite::Leaving(why) => cannot_end(lang, why),
        CannotWrite::NoNotice => Refusal::new("no_notice", lang.t("学校还没有发布隐私说明，先由教务处发布")),
        CannotWrite::NothingThere => Refusal::new("nothing_there", lang.t("纸上说的这一项现在已经没有了")),
    }
}

impl NewPage {
    /// Modes that need a consent and that the child's grade may have.
    fn modes(&self) -> Vec<(&'static str, &'static str)> {
        let modes = [ReleaseMode::Alone, ReleaseMode::Bus].into_iter();
        let offered = modes.filter(|mode| self.child.offered.contains(mode));
        offered.map(|mode| (mode.word(), words::mode(mode))).collect()
    }

    /// The consents in force: id, how the child goes home, who gave it.
    fn given(&self) -> Vec<(String, &'static str, &str)> {
        let given = self.child.consents.iter();
        given.map(|one| (one.id.to_string(), words::mode(one.consent.mode), one.given_by.as_str())).collect()
    }

    /// Each purpose: its word, its head, whether it is ticked.
    fn purposes(&self) -> Vec<(&'static str, &'static str, bool)> {
        let ticked = |word: &str| self.form.purpose.iter().any(|typed| typed == word);
        Purpose::ALL.into_iter().map(|one| (one.word(), purpose(one).0, ticked(one.word()))).collect()
    }
}
