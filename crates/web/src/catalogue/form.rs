//! One offering: written, changed, handed in, taken back, withdrawn.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use kehou_app::allocation::round::{self, Chosen};
use kehou_app::attendance;
use kehou_app::catalogue::{self as offered, Beside, Decision, KeepRefused, Line, Setting};
use kehou_domain::access::{KeepOfferings, ReadOfferings, ReviewOfferings};
use kehou_domain::allocation::round::Retire;
use kehou_domain::catalogue::{
    Kind, Meeting, SexLimit, Status, Step, Topic, charges, kinds, may_change, most, openings, step,
};
use kehou_domain::ids::{OfferingId, TermId};
use kehou_domain::plan::{Grades, Plan};
use serde::Deserialize;

use super::apart::{Apart, part};
use super::typed::{OfferingForm, details, typed};
use super::{id, words};
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::{Form, number};
use crate::key::Key;
use crate::lang::Lang;
use crate::plan::words as plan_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// What a new offering begins with.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct NewQuery {
    #[serde(default)]
    term: String,
    /// The offering that it is a copy of.
    #[serde(default)]
    copy: String,
}

/// A box of the form: value, words, whether ticked.
type Tick = (String, String, bool);

/// An offering as its page reads it.
struct Found {
    line: Line,
    setting: Setting,
    decisions: Vec<Decision>,
    /// What families hold of it.
    chosen: Chosen,
    /// What meets in the same slot.
    beside: Vec<Beside>,
}

/// What the office says with a step that families feel.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RetireForm {
    /// The number of seats that the page showed, when it was ticked.
    pub(super) agreed: String,
    /// Why it ends.
    pub(super) reason: String,
}

/// What stands on the page of an offering that is there already.
#[expect(clippy::struct_excessive_bools, reason = "what may be done with it, each for itself")]
struct Existing {
    id: OfferingId,
    status: (&'static str, &'static str, &'static str),
    wrongs: Vec<String>,
    flags: Vec<String>,
    decisions: Vec<DecisionRow>,
    may_hand_in: bool,
    may_take_back: bool,
    may_withdraw: bool,
    /// How many children's families are told when it is taken back.
    to_tell: u32,
    chosen: Chosen,
    apart: Apart,
    /// Whether the office may say so now.
    may_declare: bool,
    rounds: String,
    retire: RetireForm,
    /// Where the reviewer decides; nothing when it waits for nobody or somebody else.
    review: Option<String>,
}

/// What was decided.
struct DecisionRow {
    verdict: &'static str,
    at: String,
    reason: String,
    flags: Vec<String>,
}

#[derive(Template)]
#[template(path = "catalogue/form.html")]
struct FormPage {
    base: String,
    term: String,
    form: OfferingForm,
    existing: Option<Existing>,
    kinds: Vec<(&'static str, &'static str)>,
    topics: Vec<(&'static str, String)>,
    meetings: Vec<Tick>,
    grades: Vec<Tick>,
    teachers: Vec<(String, String)>,
    sexes: Vec<(&'static str, &'static str)>,
    sizes: String,
    charges: bool,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "catalogue/show.html")]
struct ShowPage {
    base: String,
    term: String,
    title: String,
    facts: Vec<(&'static str, String)>,
    description: String,
    materials: String,
    existing: Existing,
    may_keep: bool,
    problems: Problems,
}

pub(super) async fn new(seat: Seat, Query(query): Query<NewQuery>) -> Result<Response, Fault> {
    let term: Option<TermId> = if query.term.is_empty() { None } else { Some(id(&query.term)?) };
    let form = match query.copy.as_str() {
        "" => OfferingForm::default(),
        copied => {
            let found = read(&seat, id(copied)?).await?;
            OfferingForm { version: String::new(), ..typed(&found.line.offering.details) }
        }
    };
    let setting = setting(&seat, term).await?;
    let page = page(&seat, &setting, form, (None, Problems::none())).await?;
    seat.page(&page)
}

/// The term with its plan; without one there is no form to fill in.
pub(super) async fn setting(seat: &Seat, term: Option<TermId>) -> Result<Setting, Fault> {
    let found = seat.read::<ReadOfferings, _>(move |tx| offered::setting_for_new(tx, term)).await?;
    found.filter(|setting| setting.plan.is_some()).ok_or(Fault::NotFound)
}

async fn read(seat: &Seat, offering: OfferingId) -> Result<Found, Fault> {
    seat.read::<ReadOfferings, _>(move |tx| {
        let (line, setting, decisions) = offered::offering(tx, offering)?;
        let (chosen, beside) = (round::chosen(tx, offering)?, offered::beside(tx, offering)?);
        Ok(Found { line, setting, decisions, chosen, beside })
    })
    .await
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<OfferingForm>) -> Result<Response, Fault> {
    let setting = setting(&seat, Some(id(&form.term)?)).await?;
    match write(&seat, &key, &setting, &form).await? {
        Ok(offering) => Ok(see_other(&seat.path(&format!("offerings/{offering}")))),
        Err(problems) => {
            let page = page(&seat, &setting, form, (None, problems)).await?;
            seat.refused(&page)
        }
    }
}

/// Writes what was typed as a new draft of the term.
pub(super) async fn write(
    seat: &Seat,
    key: &Key,
    setting: &Setting,
    form: &OfferingForm,
) -> Result<Result<String, Problems>, Fault> {
    let lang = seat.lang();
    let offered_in = setting.plan.as_deref().ok_or(Fault::NotFound)?;
    let details = match details(lang, offered_in, form) {
        Ok(details) => details,
        Err(problems) => return Ok(Err(problems)),
    };
    let (term, plan) = (setting.term.id, setting.plan.clone());
    let written = seat.write::<KeepOfferings, String, Vec<Refusal>>(key, move |tx| {
        let written = offered::create(tx, term, &details);
        let written = written.map_err(|why| why.map(|why| words::not_kept(lang, plan.as_deref(), &why)));
        Ok(written?.to_string())
    });
    Ok(written.await?.map_err(|refusals| refusals.into_iter().collect()))
}

pub(super) async fn show(seat: Seat, Path((_, offering)): Path<(String, String)>) -> Result<Response, Fault> {
    let found = read(&seat, id(&offering)?).await?;
    let nothing = RetireForm::default();
    if seat.may::<KeepOfferings>() && may_change(found.line.offering.status) && found.setting.plan.is_some() {
        let form = typed(&found.line.offering.details);
        let form = OfferingForm { version: found.line.offering.version.to_string(), ..form };
        let existing = existing(&seat, &found, nothing);
        let page = page(&seat, &found.setting, form, (Some(existing), Problems::none())).await?;
        return seat.page(&page);
    }
    seat.page(&shown(&seat, &found, nothing, Problems::none()))
}

pub(super) async fn update(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
    Form(form): Form<OfferingForm>,
) -> Result<Response, Fault> {
    let offering: OfferingId = id(&offering)?;
    let (lang, read_version) = (seat.lang(), form.version.parse().unwrap_or_default());
    let found = read(&seat, offering).await?;
    let plan = found.setting.plan.clone();
    let read = match plan.as_deref() {
        Some(plan) => details(lang, plan, &form),
        None => Err(words::not_kept(lang, None, &KeepRefused::NoPlan).into()),
    };
    let changed = match read {
        Err(problems) => Err(problems),
        Ok(details) => {
            let changed = seat.write::<KeepOfferings, (), Vec<Refusal>>(&key, move |tx| {
                let changed = offered::update(tx, offering, read_version, &details);
                changed.map_err(|why| why.map(|why| words::not_kept(lang, plan.as_deref(), &why)))
            });
            changed.await?.map_err(|refusals| refusals.into_iter().collect())
        }
    };
    match changed {
        Ok(()) => Ok(see_other(&seat.path(&format!("offerings/{offering}")))),
        Err(problems) => again(&seat, offering, (Some(form), RetireForm::default()), problems).await,
    }
}

/// The page of an offering whose change or step was refused, with what was typed where it still can be changed.
pub(super) async fn again(
    seat: &Seat,
    offering: OfferingId,
    (form, retire): (Option<OfferingForm>, RetireForm),
    problems: Problems,
) -> Result<Response, Fault> {
    let found = read(seat, offering).await?;
    if !may_change(found.line.offering.status) || found.setting.plan.is_none() {
        return seat.refused(&shown(seat, &found, retire, problems));
    }
    let form = form.unwrap_or_else(|| typed(&found.line.offering.details));
    // the next try is against what stands there now
    let form = OfferingForm { version: found.line.offering.version.to_string(), ..form };
    let existing = existing(seat, &found, retire);
    let page = page(seat, &found.setting, form, (Some(existing), problems)).await?;
    seat.refused(&page)
}

pub(super) async fn hand_in(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let offering: OfferingId = id(&offering)?;
    match handed_in(&seat, &key, offering).await? {
        Ok(()) => Ok(see_other(&seat.path(&format!("offerings/{offering}")))),
        Err(problems) => again(&seat, offering, (None, RetireForm::default()), problems).await,
    }
}

/// Hands an offering to the reviewer.
pub(super) async fn handed_in(
    seat: &Seat,
    key: &Key,
    offering: OfferingId,
) -> Result<Result<(), Problems>, Fault> {
    let lang = seat.lang();
    let plan = read(seat, offering).await?.setting.plan;
    let handed_in = seat.write::<KeepOfferings, (), Vec<Refusal>>(key, move |tx| {
        let handed_in = offered::hand_in(tx, offering);
        handed_in.map_err(|why| why.map(|why| words::not_handed_in(lang, plan.as_deref(), &why)))
    });
    Ok(handed_in.await?.map_err(|refusals| refusals.into_iter().collect()))
}

pub(super) async fn take_back(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
    Form(form): Form<RetireForm>,
) -> Result<Response, Fault> {
    go(&seat, &key, id(&offering)?, (Step::TakeBack, form)).await
}

pub(super) async fn withdraw(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
    Form(form): Form<RetireForm>,
) -> Result<Response, Fault> {
    go(&seat, &key, id(&offering)?, (Step::Withdraw, form)).await
}

async fn go(
    seat: &Seat,
    key: &Key,
    offering: OfferingId,
    (step, form): (Step, RetireForm),
) -> Result<Response, Fault> {
    match retired(seat, key, offering, (step, &form)).await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("offerings/{offering}")))),
        Err(refusal) => again(seat, offering, (None, form), refusal.into()).await,
    }
}

/// Takes an offering back or ends it; the answer is the word of its status.
pub(super) async fn retired(
    seat: &Seat,
    key: &Key,
    offering: OfferingId,
    (step, form): (Step, &RetireForm),
) -> Result<Result<String, Refusal>, Fault> {
    let lang = seat.lang();
    let wish = Retire { step, agreed: number(&form.agreed), reason: form.reason.clone() };
    seat.write::<KeepOfferings, String, Refusal>(key, move |tx| {
        let status = attendance::retire_offering(tx, offering, &wish);
        let status = status.map_err(|why| why.map(|why| words::not_retired(lang, why)))?;
        Ok(status.word().to_owned())
    })
    .await
}

fn existing(seat: &Seat, found: &Found, retire: RetireForm) -> Existing {
    let Found { line, setting, decisions, chosen, beside } = found;
    let (lang, status) = (seat.lang(), line.offering.status);
    let may = |taken| seat.may::<KeepOfferings>() && step(status, taken).is_ok();
    // what families choose at the moment stays as it was made known
    let may_retire = |taken| may(taken) && (chosen.rounds.is_empty() || status != Status::Published);
    Existing {
        id: line.offering.id,
        status: words::status(status),
        wrongs: match status {
            Status::Withdrawn => Vec::new(),
            Status::Draft | Status::InReview | Status::Returned | Status::Published => {
                words::wrongs(lang, setting.plan.as_deref(), line)
            }
        },
        flags: line.flags.iter().map(|flag| words::flag(lang, flag)).collect(),
        decisions: decisions.iter().map(|decision| decision_row(lang, decision)).collect(),
        may_hand_in: may(Step::HandIn),
        may_take_back: may_retire(Step::TakeBack),
        may_withdraw: may_retire(Step::Withdraw),
        to_tell: if status == Status::Published { chosen.seats } else { 0 },
        apart: part(lang, beside),
        may_declare: seat.may::<KeepOfferings>() && chosen.rounds.is_empty() && status != Status::Withdrawn,
        rounds: seat.path("rounds"),
        chosen: chosen.clone(),
        retire,
        review: (status == Status::InReview && seat.may::<ReviewOfferings>())
            .then(|| seat.path(&format!("offering-reviews/{}", line.offering.id))),
    }
}

fn decision_row(lang: Lang, decision: &Decision) -> DecisionRow {
    DecisionRow {
        verdict: words::verdict(decision.verdict),
        at: dates::moment(lang, decision.at),
        reason: decision.reason.clone(),
        flags: decision.flags.iter().map(|flag| words::flag(lang, flag)).collect(),
    }
}

fn shown(seat: &Seat, found: &Found, retire: RetireForm, problems: Problems) -> ShowPage {
    let details = &found.line.offering.details;
    ShowPage {
        base: seat.path("offerings"),
        term: found.setting.term.name.clone(),
        title: details.title.clone(),
        facts: facts(seat, &found.line, &found.setting),
        description: details.description.clone(),
        materials: details.materials.clone(),
        existing: existing(seat, found, retire),
        may_keep: seat.may::<KeepOfferings>(),
        problems,
    }
}

/// What an offering says beside its texts, in lines of label and words.
pub(super) fn facts(seat: &Seat, line: &Line, setting: &Setting) -> Vec<(&'static str, String)> {
    let (lang, details) = (seat.lang(), &line.offering.details);
    let day = seat.today().clamp(setting.term.starts_on, setting.term.ends_on);
    let kind = format!("{} · {}", lang.t(words::kind(details.kind)), lang.t(words::topic(details.topic)));
    let when = setting.plan.as_deref().map(|plan| words::meetings(lang, plan, details, day));
    let mut facts = vec![
        ("类别", kind),
        ("时间", when.unwrap_or_default()),
        ("年级", plan_words::grades(lang, details.grades)),
        ("性别", lang.t(words::sex(details.sex)).to_owned()),
        ("地方", details.venue.clone()),
        ("老师", line.offering.teacher_name.clone()),
        ("名额（人）", details.capacity.to_string()),
        ("最少几人开班", details.minimum.to_string()),
    ];
    facts.extend(words::cost(lang, details).map(|cost| ("代收费", cost)));
    facts
}

async fn page(
    seat: &Seat,
    setting: &Setting,
    form: OfferingForm,
    (existing, problems): (Option<Existing>, Problems),
) -> Result<FormPage, Fault> {
    let lang = seat.lang();
    let plan = setting.plan.as_deref().ok_or(Fault::NotFound)?;
    let teachers = seat.read::<ReadOfferings, _>(offered::teachers).await?;
    let mut staff = vec![(String::new(), lang.t("还没有老师").to_owned())];
    staff.extend(teachers.into_iter().map(|teacher| (teacher.id.to_string(), teacher.name)));
    let topic = |topic: &Topic| {
        let (area, name) = (lang.t(words::area(topic.area())), lang.t(words::topic(*topic)));
        (topic.word(), format!("{area} · {name}"))
    };
    Ok(FormPage {
        base: seat.path("offerings"),
        term: setting.term.name.clone(),
        kinds: kinds(plan).into_iter().map(|kind| (kind.word(), lang.t(words::kind(kind)))).collect(),
        topics: Topic::ALL.iter().map(topic).collect(),
        meetings: meeting_boxes(lang, plan, &form),
        grades: grade_boxes(lang, plan, &form),
        teachers: staff,
        sexes: SexLimit::ALL.iter().map(|sex| (sex.word(), lang.t(words::sex(*sex)))).collect(),
        sizes: sizes(lang, plan),
        charges: charges(plan),
        form: OfferingForm { term: setting.term.id.to_string(), ..form },
        existing,
        problems,
    })
}

/// Every slot on a weekday in which the plan has a place for some kind, with the kinds and their grades.
fn meeting_boxes(lang: Lang, plan: &Plan, form: &OfferingForm) -> Vec<Tick> {
    let mut places: Vec<(Meeting, Vec<String>)> = Vec::new();
    for kind in kinds(plan) {
        for opening in openings(plan, kind) {
            let grades = plan_words::grades(lang, opening.grades);
            let said = format!("{} {grades}", lang.t(words::kind(kind)));
            match places.iter_mut().find(|(known, _)| *known == opening.meeting) {
                Some((_, kinds)) => kinds.push(said),
                None => places.push((opening.meeting, vec![said])),
            }
        }
    }
    places.sort();
    let one = |(meeting, kinds): (Meeting, Vec<String>)| {
        let value = format!("{}/{}", meeting.weekday, meeting.slot);
        let said = format!("{} · {}", words::meeting(lang, plan, &meeting), kinds.join(words::comma(lang)));
        let ticked = form.meeting.contains(&value);
        (value, said, ticked)
    };
    places.into_iter().map(one).collect()
}

fn grade_boxes(lang: Lang, plan: &Plan, form: &OfferingForm) -> Vec<Tick> {
    let one = |grade: u8| {
        let value = grade.to_string();
        let ticked = form.grade.contains(&value);
        (value, plan_words::grades(lang, Grades::of([grade])), ticked)
    };
    plan.grades.iter().map(one).collect()
}

/// What the plan says of sizes, in one line for the hint.
fn sizes(lang: Lang, plan: &Plan) -> String {
    let of_kind = |kind: Kind| {
        let meetings: Vec<Meeting> =
            openings(plan, kind).into_iter().map(|opening| opening.meeting).collect();
        let (most, in_principle) = most(plan, kind, &meetings)?;
        let text = if in_principle { "{kind}原则上最多 {n} 人" } else { "{kind}最多 {n} 人" };
        Some(lang.fill(text, &[("kind", lang.t(words::kind(kind))), ("n", &most.to_string())]))
    };
    let said: Vec<String> = kinds(plan).into_iter().filter_map(of_kind).collect();
    said.join(words::comma(lang))
}
