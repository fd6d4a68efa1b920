//! Pages of the plan: the one in force, its versions, one version with its steps.

use std::sync::Arc;

use askama::Template;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::plan::file::{self, Problem, Wrong};
use kehou_app::plan::{self, LeftOut, Losses, Version};
use kehou_db::{Failed, Tx};
use kehou_domain::access::{Action, ApprovePlan, DraftPlan, FilePlan, ReadPlan};
use kehou_domain::ids::{EntityId, PlanVersionId};
use kehou_domain::plan::{Agreed, Grades, Plan, Stage, VersionRefused, diff, fits};
use serde::Deserialize;

use super::json::{self, Warning};
use super::sheet::{self, Part, Week};
use super::words::{self, Called, Named as _};
use crate::answer::{download, see_other};
use crate::dates;
use crate::fault::{Fault, rejected};
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A plan as it is printed.
pub(super) struct Sheet {
    title: String,
    school: String,
    weeks: Vec<Week>,
    parts: Vec<Part>,
    warnings: Vec<Warning>,
    open: Vec<String>,
}

impl Sheet {
    fn of(lang: Lang, plan: &Plan) -> Sheet {
        Sheet {
            title: plan.title.clone(),
            school: plan.school.clone(),
            weeks: sheet::weeks(lang, plan),
            parts: sheet::parts(lang, plan),
            warnings: json::warnings(lang, plan),
            open: plan.open_points().into_iter().map(|point| words::open_point(lang, plan, point)).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "plan/show.html")]
struct ShowPage {
    base: String,
    since: String,
    version: String,
    number: i64,
    sheet: Option<Sheet>,
}

#[derive(Template)]
#[template(path = "plan/versions.html")]
struct VersionsPage {
    base: String,
    versions: Vec<Line>,
    may_draft: bool,
    problems: Problems,
}

/// A version on the list.
struct Line {
    id: String,
    number: i64,
    state: &'static str,
    ruling: bool,
    from: String,
    made: String,
    before: String,
}

/// How the plan fits the grades of the school, where it does not cover them all.
struct Hint {
    /// The colour of the note: what stops the way, or what only has to be known.
    kind: &'static str,
    words: String,
}

#[derive(Template)]
#[template(path = "plan/version.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page that is shown or not")]
struct VersionPage {
    base: String,
    id: String,
    number: i64,
    stage: Stage,
    from: String,
    steps: Vec<(&'static str, String)>,
    found: Vec<String>,
    hints: Vec<Hint>,
    missing: Vec<String>,
    scheduled: bool,
    sheet: Option<Sheet>,
    may_draft: bool,
    may_approve: bool,
    may_file: bool,
    /// The day that the date field shows: tomorrow, or what was typed.
    first_day: String,
    /// Slots and weekdays that children hold and the version leaves out, with how many.
    left_out: Vec<String>,
    losses: Losses,
    /// Whom the losses hit, in words.
    lose: String,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "plan/comparison.html")]
struct ComparisonPage {
    base: String,
    number: i64,
    with: i64,
    changes: Vec<(String, String, String)>,
}

/// The version of this text, or nobody's.
pub(super) fn id(text: &str) -> Result<PlanVersionId, Fault> {
    PlanVersionId::parse(text).ok_or(Fault::NotFound)
}

pub(super) async fn show(seat: Seat) -> Result<Response, Fault> {
    let (lang, today) = (seat.lang(), seat.today());
    let found = seat.read::<ReadPlan, _>(move |tx| plan::in_force(tx, today)).await?;
    let base = seat.path("plan");
    let page = match found {
        Some((version, plan)) => ShowPage {
            base,
            since: version.in_force_from.map(|day| dates::full_day(lang, day)).unwrap_or_default(),
            version: version.id.to_string(),
            number: version.number,
            sheet: Some(Sheet::of(lang, &plan)),
        },
        None => ShowPage { base, since: String::new(), version: String::new(), number: 0, sheet: None },
    };
    seat.page(&page)
}

pub(super) async fn versions(seat: Seat) -> Result<Response, Fault> {
    let page = versions_page(&seat, Problems::none()).await?;
    seat.page(&page)
}

async fn versions_page(seat: &Seat, problems: Problems) -> Result<VersionsPage, Fault> {
    let (lang, today) = (seat.lang(), seat.today());
    let (versions, ruling) = seat.read::<ReadPlan, _>(plan::versions).await?;
    let before: Vec<String> =
        versions.iter().skip(1).map(|version| version.id.to_string()).chain([String::new()]).collect();
    let lines = versions.into_iter().zip(before).map(|(version, before)| Line {
        id: version.id.to_string(),
        number: version.number,
        state: state(lang, &version, today),
        ruling: Some(version.id) == ruling,
        from: version.in_force_from.map(|day| dates::full_day(lang, day)).unwrap_or_default(),
        made: dates::moment(lang, version.made.at),
        before,
    });
    let (versions, may_draft) = (lines.collect(), seat.may::<DraftPlan>());
    Ok(VersionsPage { base: seat.path("plan"), versions, may_draft, problems })
}

/// Where a version stands that does not rule today.
fn state(lang: Lang, version: &Version, today: Date) -> &'static str {
    match version.in_force_from {
        Some(from) if today < from => lang.t("将要生效"),
        Some(_) => lang.t("曾经生效"),
        None => words::name(lang, version.stage),
    }
}

/// Takes a plan file; what was sent is kept as a draft, sound or not.
pub(super) async fn upload(seat: Seat, key: Key, mut parts: Multipart) -> Result<Response, Fault> {
    let bytes = match file_of(&mut parts).await {
        Err(Fault::TooLarge) => {
            let most = file::LARGEST_FILE;
            return refuse_upload(&seat, words::problem(seat.lang(), &Wrong::TooLarge { most })).await;
        }
        bytes => bytes?,
    };
    let text = match file::read_bytes(&bytes) {
        Ok((text, _)) if !text.trim().is_empty() => text,
        Ok(_) => {
            return refuse_upload(&seat, seat.lang().t("没有选择文件；请选择方案文件（.toml）").to_owned())
                .await;
        }
        Err(problem) => return refuse_upload(&seat, words::problem(seat.lang(), &problem.wrong)).await,
    };
    let made =
        seat.write::<DraftPlan, String, ()>(&key, move |tx| Ok(plan::draft(tx, &text)?.to_string())).await?;
    match made {
        Ok(id) => Ok(see_other(&seat.path(&format!("plan/versions/{id}")))),
        Err(()) => Err(Fault::Broken),
    }
}

/// The content of the file that a form sends.
async fn file_of(parts: &mut Multipart) -> Result<Vec<u8>, Fault> {
    let broken = |error: MultipartError| rejected(error.status());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        if part.name() == Some("file") {
            return Ok(part.bytes().await.map_err(broken)?.to_vec());
        }
    }
    Ok(Vec::new())
}

async fn refuse_upload(seat: &Seat, message: String) -> Result<Response, Fault> {
    let problems = Problems::from(Refusal::new("file", message).at("file"));
    let page = versions_page(seat, problems).await?;
    seat.refused(&page)
}

pub(super) async fn version(
    seat: Seat,
    Path((_, version)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let page = version_page(&seat, id(&version)?, Problems::none()).await?;
    seat.page(&page)
}

async fn version_page(seat: &Seat, id: PlanVersionId, problems: Problems) -> Result<VersionPage, Fault> {
    let page = plain_page(seat, id, problems).await?;
    let from = seat.today().tomorrow().unwrap_or_else(|_| seat.today());
    with_left_out(seat, id, from, page).await
}

/// Adds what the version would leave out from a day on, where the reader may put it in force.
async fn with_left_out(
    seat: &Seat,
    id: PlanVersionId,
    from: Date,
    page: VersionPage,
) -> Result<VersionPage, Fault> {
    if page.stage != Stage::Filed || !page.from.is_empty() || !page.may_file {
        return Ok(page);
    }
    let lang = seat.lang();
    let losses = seat.read::<FilePlan, _>(move |tx| plan::left_out(tx, id, from)).await?;
    let line = |line: &LeftOut| {
        let weekday = u8::try_from(line.weekday).map_or("", |number| words::day(lang, number));
        let n = line.children.to_string();
        lang.fill("{weekday} {slot}：{n} 人", &[("weekday", weekday), ("slot", &line.slot), ("n", &n)])
    };
    let left_out = losses.lines.iter().map(line).collect();
    Ok(VersionPage { left_out, lose: words::lose(lang, &losses), losses, ..page })
}

async fn plain_page(seat: &Seat, id: PlanVersionId, problems: Problems) -> Result<VersionPage, Fault> {
    let lang = seat.lang();
    let ((version, text), grades) = seat
        .read::<ReadPlan, _>(move |tx| Ok((plan::read_version(tx, id)?, plan::school_grades(tx)?)))
        .await?;
    let tomorrow = seat.today().tomorrow().unwrap_or_else(|_| seat.today());
    let reading = file::read(&text);
    let open = reading.plan.as_ref().filter(|_| version.in_force_from.is_none());
    Ok(VersionPage {
        base: seat.path("plan"),
        id: id.to_string(),
        number: version.number,
        stage: version.stage,
        from: version.in_force_from.map(|day| dates::full_day(lang, day)).unwrap_or_default(),
        steps: steps(lang, &version),
        found: reading.problems.iter().map(|problem| found(lang, problem)).collect(),
        hints: open.and_then(|plan| hint(lang, plan, grades)).into_iter().collect(),
        missing: open.map(|plan| missing(lang, plan)).unwrap_or_default(),
        scheduled: version.in_force_from.is_some_and(|from| seat.today() < from),
        sheet: reading.plan.map(Arc::new).map(|plan| Sheet::of(lang, &plan)),
        may_draft: seat.may::<DraftPlan>(),
        may_approve: seat.may::<ApprovePlan>(),
        may_file: seat.may::<FilePlan>(),
        first_day: tomorrow.to_string(),
        left_out: Vec::new(),
        losses: Losses::default(),
        lose: String::new(),
        problems,
    })
}

/// What the school has to know of the plan's grades: that they are another school's, or leave some out.
fn hint(lang: Lang, plan: &Plan, school: Grades) -> Option<Hint> {
    if fits(plan, school).is_err() {
        return Some(Hint { kind: "absent", words: words::other_grades(lang, plan.grades, school) });
    }
    let left_out = Some(school.without(plan.grades)).filter(|grades| !grades.is_empty())?;
    let left_out = words::grades(lang, left_out);
    let words = lang.fill("本校的{grades}不在方案里：生效后这些年级没有课后服务", &[("grades", &left_out)]);
    Some(Hint { kind: "late", words })
}

/// The times that are missing before the principal can approve.
fn missing(lang: Lang, plan: &Plan) -> Vec<String> {
    plan.missing_times().into_iter().map(|point| words::open_point(lang, plan, point)).collect()
}

/// A problem with its place: 第 12 行第 3 列：….
fn found(lang: Lang, problem: &Problem) -> String {
    let what = words::problem(lang, &problem.wrong);
    let (line, column) = (problem.line.to_string(), problem.column.to_string());
    lang.fill("第 {line} 行第 {column} 列：{what}", &[("line", &line), ("column", &column), ("what", &what)])
}

fn steps(lang: Lang, version: &Version) -> Vec<(&'static str, String)> {
    let taken = [
        (lang.t("起草"), Some(version.made)),
        (lang.t("检查"), version.checked),
        (lang.t("校长批准"), version.approved),
        (lang.t("备案"), version.filed),
    ];
    let steps = taken.into_iter().filter_map(|(what, step)| Some((what, dates::moment(lang, step?.at))));
    let filing = version.filing_ref.clone().filter(|text| !text.is_empty());
    steps.chain(filing.map(|text| (lang.t("备案文号"), text))).collect()
}

pub(super) async fn text(seat: Seat, Path((_, version)): Path<(String, String)>) -> Result<Response, Fault> {
    let id = id(&version)?;
    let (version, text) = seat.read::<ReadPlan, _>(move |tx| plan::read_version(tx, id)).await?;
    let name = format!("plan-{}-{}.toml", seat.school().code, version.number);
    Ok(download(&name, "application/toml", text.into_bytes()))
}

/// Which other version a comparison is with.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct With {
    #[serde(default)]
    with: String,
}

pub(super) async fn compare(
    seat: Seat,
    Path((_, version)): Path<(String, String)>,
    Query(With { with }): Query<With>,
) -> Result<Response, Fault> {
    if with.is_empty() {
        return Ok(see_other(&seat.path("plan/versions")));
    }
    let (id, other, lang) = (id(&version)?, id(&with)?, seat.lang());
    let (new, old) = seat
        .read::<ReadPlan, _>(move |tx| Ok((plan::read_version(tx, id)?, plan::read_version(tx, other)?)))
        .await?;
    let (before, after) = (file::entries(&old.1), file::entries(&new.1));
    let (was, is) = (Called::new(lang, &before), Called::new(lang, &after));
    let changes = diff(&before, &after).into_iter().map(|change| {
        let called = if change.after.is_some() { is } else { was };
        let value = |of: Called<'_>, value: Option<&String>| {
            value.map_or_else(|| lang.t("没有").to_owned(), |value| of.value(&change.path, value))
        };
        (called.path(&change.path), value(was, change.before.as_ref()), value(is, change.after.as_ref()))
    });
    let (base, number, with) = (seat.path("plan"), new.0.number, old.0.number);
    seat.page(&ComparisonPage { base, number, with, changes: changes.collect() })
}

/// What a step needs beside the version.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct StepForm {
    #[serde(default)]
    reference: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    today: String,
    /// How many children the ticked sentence named.
    #[serde(default)]
    left_out: String,
}

/// After a step: the version again, or why it was not taken.
async fn after(seat: &Seat, id: PlanVersionId, step: Result<(), Refusal>) -> Result<Response, Fault> {
    match step {
        Ok(()) => Ok(see_other(&seat.path(&format!("plan/versions/{id}")))),
        Err(refusal) => {
            let page = version_page(seat, id, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

/// Takes a step of the version, which its role decides on.
async fn take<A: Action>(
    (seat, key): (&Seat, &Key),
    version: &str,
    step: impl Fn(&mut Tx<A>, PlanVersionId) -> Result<(), Failed<VersionRefused>> + Send + Sync + 'static,
) -> Result<Response, Fault> {
    let (id, lang) = (id(version)?, seat.lang());
    let taken = seat
        .write::<A, (), Refusal>(key, move |tx| {
            step(tx, id).map_err(|failed| failed.map(|why| words::refused(lang, why)))
        })
        .await?;
    after(seat, id, taken).await
}

type OfVersion = Path<(String, String)>;

pub(super) async fn check(seat: Seat, key: Key, Path((_, version)): OfVersion) -> Result<Response, Fault> {
    take::<DraftPlan>((&seat, &key), &version, plan::check).await
}

pub(super) async fn approve(seat: Seat, key: Key, Path((_, version)): OfVersion) -> Result<Response, Fault> {
    take::<ApprovePlan>((&seat, &key), &version, plan::approve).await
}

pub(super) async fn note_filing(
    seat: Seat,
    key: Key,
    Path((_, version)): OfVersion,
    Form(form): Form<StepForm>,
) -> Result<Response, Fault> {
    let step = move |tx: &mut Tx<FilePlan>, id| plan::note_filing(tx, id, &form.reference);
    take::<FilePlan>((&seat, &key), &version, step).await
}

pub(super) async fn put_in_force(
    seat: Seat,
    key: Key,
    Path((_, version)): OfVersion,
    Form(form): Form<StepForm>,
) -> Result<Response, Fault> {
    let Some(from) = dates::typed(&form.from) else {
        let mut problems = Problems::none();
        let words = seat.lang().t("请填日期，例如 2026-09-01");
        problems.add_named("from", seat.lang().t("从哪天起生效"), words);
        let page = version_page(&seat, id(&version)?, problems).await?;
        return seat.refused(&VersionPage { first_day: form.from, ..page });
    };
    let (id, lang) = (id(&version)?, seat.lang());
    let agreed =
        Agreed { today: !form.today.is_empty(), left_out: form.left_out.parse().unwrap_or_default() };
    let taken = seat
        .write::<FilePlan, (), Refusal>(&key, move |tx| {
            let taken = plan::put_in_force(tx, id, from, agreed);
            taken.map_err(|failed| failed.map(|why| words::refused(lang, why)))
        })
        .await?;
    match taken {
        Ok(()) => Ok(see_other(&seat.path(&format!("plan/versions/{id}")))),
        Err(refusal) => {
            let page = plain_page(&seat, id, refusal.into()).await?;
            let page = with_left_out(&seat, id, from, page).await?;
            seat.refused(&VersionPage { first_day: form.from, ..page })
        }
    }
}

pub(super) async fn take_back(
    seat: Seat,
    key: Key,
    Path((_, version)): OfVersion,
) -> Result<Response, Fault> {
    take::<FilePlan>((&seat, &key), &version, plan::take_back).await
}
