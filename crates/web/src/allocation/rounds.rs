//! The office's list of rounds, and a round as it is written.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use kehou_app::allocation::round::{self, Overview, Round, Rounds};
use kehou_domain::access::{KeepRounds, ReadRounds};
use kehou_domain::allocation::round::{Favours, MOST_A_WEEK, Method, Setup, Stage, Way};
use kehou_domain::allocation::{Closing, Rules, Scheme, Siblings, Titles};
use kehou_domain::ids::{RoundId, TermId};
use kehou_domain::moment;
use kehou_domain::plan::{Plan, SlotId, SlotKind};
use serde::Deserialize;

use super::{id, said};
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::{Form, number};
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// Which term is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct OfTerm {
    #[serde(default)]
    term: String,
}

/// A round on the list.
pub(super) struct Row {
    pub(super) id: RoundId,
    pub(super) name: String,
    pub(super) slot: String,
    pub(super) way: &'static str,
    pub(super) when: String,
    pub(super) stage: (&'static str, &'static str, &'static str),
}

#[derive(Template)]
#[template(path = "allocation/rounds.html")]
struct ListPage {
    base: String,
    term: Option<(TermId, String)>,
    rows: Vec<Row>,
    may_keep: bool,
    has_plan: bool,
}

/// A round as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoundForm {
    pub(super) term: String,
    name: String,
    way: String,
    slot: String,
    weekly_limit: String,
    method: String,
    scheme: String,
    titles: String,
    closing: String,
    opens: String,
    closes: String,
    beacon: String,
    hold: String,
    siblings: String,
    goes_on: String,
    beside: String,
    priority: String,
    office: String,
}

type Options = Vec<(&'static str, &'static str)>;

#[derive(Template)]
#[template(path = "allocation/form.html")]
struct FormPage {
    base: String,
    id: Option<RoundId>,
    term: String,
    form: RoundForm,
    ways: Options,
    slots: Vec<(String, String)>,
    methods: Options,
    schemes: Options,
    titles: Options,
    closings: Options,
    siblings: Options,
    going_on: Options,
    besides: Options,
    problems: Problems,
}

pub(super) async fn index(seat: Seat, Query(asked): Query<OfTerm>) -> Result<Response, Fault> {
    let term: Option<TermId> = if asked.term.is_empty() { None } else { Some(id(&asked.term)?) };
    let found = seat.read::<ReadRounds, _>(move |tx| round::rounds(tx, term)).await?;
    let (base, may_keep) = (seat.path("rounds"), seat.may::<KeepRounds>());
    let (lang, at) = (seat.lang(), seat.at());
    let page = match found {
        None => ListPage { base, term: None, rows: Vec::new(), may_keep, has_plan: false },
        Some(Rounds { setting, rounds }) => ListPage {
            base,
            rows: rounds.iter().map(|one| row(lang, setting.plan.as_deref(), one, at)).collect(),
            term: Some((setting.term.id, setting.term.name)),
            may_keep,
            has_plan: setting.plan.is_some(),
        },
    };
    seat.page(&page)
}

pub(super) fn row(lang: Lang, plan: Option<&Plan>, one: &Round, at: Timestamp) -> Row {
    Row {
        id: one.id,
        name: one.setup.name.clone(),
        slot: slot_name(plan, &one.setup.slot),
        way: said::way(one.setup.way),
        when: window(lang, &one.setup),
        stage: said::stage(one.stage(at)),
    }
}

/// From when to when families choose.
pub(super) fn window(lang: Lang, setup: &Setup) -> String {
    let (from, to) = (dates::moment(lang, setup.opens_at), dates::moment(lang, setup.closes_at));
    lang.fill("{from} 到 {to}", &[("from", &from), ("to", &to)])
}

/// What the school calls the slot; its id where the plan knows it no more.
pub(super) fn slot_name(plan: Option<&Plan>, slot: &SlotId) -> String {
    let known = plan.and_then(|plan| plan.slot(slot));
    known.map_or_else(|| slot.as_str().to_owned(), |slot| slot.name.clone())
}

pub(super) async fn new(seat: Seat, Query(asked): Query<OfTerm>) -> Result<Response, Fault> {
    let setting = setting(&seat, &asked.term).await?;
    let form = RoundForm { term: setting.0.to_string(), ..usual(&seat) };
    let page = page(&seat, &setting, form, (None, Problems::none()));
    seat.page(&page)
}

/// What a new form begins with: a week from tomorrow morning.
fn usual(seat: &Seat) -> RoundForm {
    let day = seat.today();
    let after = |days: i64| day.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(day);
    RoundForm {
        way: Way::Ranked.word().to_owned(),
        weekly_limit: "2".to_owned(),
        method: Method::Deferred.word().to_owned(),
        opens: format!("{}T08:00", after(1)),
        closes: format!("{}T20:00", after(7)),
        hold: "30".to_owned(),
        ..RoundForm::default()
    }
}

pub(super) type Setting = (TermId, String, std::sync::Arc<Plan>);

pub(super) async fn setting(seat: &Seat, term: &str) -> Result<Setting, Fault> {
    let term: Option<TermId> = if term.is_empty() { None } else { Some(id(term)?) };
    let found =
        seat.read::<ReadRounds, _>(move |tx| round::rounds(tx, term)).await?.ok_or(Fault::NotFound)?;
    let plan = found.setting.plan.ok_or(Fault::NotFound)?;
    Ok((found.setting.term.id, found.setting.term.name, plan))
}

fn page(
    seat: &Seat,
    (_, term, plan): &Setting,
    form: RoundForm,
    (id, problems): (Option<RoundId>, Problems),
) -> FormPage {
    let lang = seat.lang();
    let slots = plan.slots.iter().filter(|slot| slot.kind != SlotKind::WeekendReturn);
    FormPage {
        base: seat.path("rounds"),
        id,
        term: term.clone(),
        ways: Way::ALL.iter().map(|one| (one.word(), lang.t(said::way(*one)))).collect(),
        slots: slots.map(|slot| (slot.id.as_str().to_owned(), slot.name.clone())).collect(),
        methods: Method::ALL.iter().map(|one| (one.word(), lang.t(said::method(*one)))).collect(),
        schemes: SCHEMES.iter().map(|(word, one)| (*word, lang.t(said::scheme(*one)))).collect(),
        titles: TITLES.iter().map(|(word, one)| (*word, lang.t(said::titles(*one)))).collect(),
        closings: CLOSINGS.iter().map(|(word, one)| (*word, lang.t(said::closing(*one)))).collect(),
        siblings: SIBLINGS.iter().map(|(word, one)| (*word, lang.t(said::siblings(*one)))).collect(),
        besides: BESIDE.iter().map(|(word, one)| (*word, lang.t(said::beside(*one)))).collect(),
        going_on: GOES_ON.iter().map(|(word, one)| (*word, lang.t(said::goes_on(*one)))).collect(),
        form,
        problems,
    }
}

pub(super) const SCHEMES: [(&str, Scheme); 2] = [("perday", Scheme::PerDay), ("one", Scheme::One)];
pub(super) const TITLES: [(&str, Titles); 2] = [("once", Titles::Once), ("repeat", Titles::Repeat)];
pub(super) const CLOSINGS: [(&str, Closing); 3] =
    [("reopening", Closing::Reopening), ("for_good", Closing::ForGood), ("never", Closing::Never)];

pub(super) const SIBLINGS: [(&str, Siblings); 2] =
    [("apart", Siblings::Apart), ("together", Siblings::Together)];
const GOES_ON: [(&str, bool); 2] = [("no", false), ("yes", true)];
const BESIDE: [(&str, bool); 2] = [("no", false), ("yes", true)];

pub(super) fn word_of<T: PartialEq>(table: &[(&'static str, T)], one: &T) -> String {
    let found = table.iter().find(|(_, known)| known == one);
    found.map_or_else(String::new, |(word, _)| (*word).to_owned())
}

/// A round as its form shows it.
pub(super) fn typed(one: &Round) -> RoundForm {
    let wall = |at: Timestamp| moment::wall_clock(at).strftime("%Y-%m-%dT%H:%M").to_string();
    let setup = &one.setup;
    RoundForm {
        term: one.term.to_string(),
        name: setup.name.clone(),
        way: setup.way.word().to_owned(),
        slot: setup.slot.as_str().to_owned(),
        weekly_limit: setup.weekly_limit.to_string(),
        method: setup.method.word().to_owned(),
        scheme: word_of(&SCHEMES, &setup.scheme),
        titles: word_of(&TITLES, &setup.rules.titles),
        closing: word_of(&CLOSINGS, &setup.rules.closing),
        opens: wall(setup.opens_at),
        closes: wall(setup.closes_at),
        beacon: setup.beacon.clone(),
        hold: setup.hold.as_mins().to_string(),
        siblings: word_of(&SIBLINGS, &setup.favours.siblings),
        goes_on: word_of(&GOES_ON, &setup.favours.goes_on),
        beside: word_of(&BESIDE, &setup.favours.beside),
        priority: setup.favours.priority_percent.map_or_else(String::new, |percent| percent.to_string()),
        office: setup.favours.office_seats.to_string(),
    }
}

/// Whom the round favours; a number that cannot be read is one that the rule refuses.
fn favours(form: &RoundForm) -> Favours {
    let siblings = SIBLINGS.iter().find(|(word, _)| *word == form.siblings).map(|(_, one)| *one);
    let is_empty = |text: &str| text.trim().is_empty();
    let priority = Some(form.priority.as_str()).filter(|text| !is_empty(text));
    Favours {
        siblings: siblings.unwrap_or_default(),
        goes_on: form.goes_on == "yes",
        beside: form.beside == "yes",
        priority_percent: priority.map(|text| number(text).unwrap_or(0)),
        office_seats: if is_empty(&form.office) { 0 } else { number(&form.office).unwrap_or(u16::MAX) },
    }
}

/// What was typed as facts; what cannot be read is said by its field.
fn setup(lang: Lang, form: &RoundForm) -> Result<Setup, Problems> {
    let mut problems = Problems::none();
    let mut moment = |field, text: &str| {
        let read = text.trim().parse::<DateTime>().ok().map(|wall| moment::instant(wall.date(), wall.time()));
        if read.is_none() {
            problems.add(field, lang.t("请填日期和时间，如 2026-11-30 20:00"));
        }
        read
    };
    let (opens, closes) = (moment("opens", &form.opens), moment("closes", &form.closes));
    let weekly_limit = number::<u8>(&form.weekly_limit).unwrap_or(0);
    let hold = number::<i64>(&form.hold).unwrap_or(0);
    let way = Way::parse(&form.way);
    if way.is_none() {
        problems.add("way", lang.t("请从列出的里面选"));
    }
    let chosen =
        |table: &[(&str, Scheme)]| table.iter().find(|(word, _)| *word == form.scheme).map(|(_, one)| *one);
    let titles = TITLES.iter().find(|(word, _)| *word == form.titles).map(|(_, one)| *one);
    let closing = CLOSINGS.iter().find(|(word, _)| *word == form.closing).map(|(_, one)| *one);
    let read = || {
        Some(Setup {
            name: form.name.clone(),
            way: way?,
            slot: SlotId(form.slot.clone()),
            weekly_limit: weekly_limit.min(MOST_A_WEEK + 1),
            method: Method::parse(&form.method).unwrap_or(Method::Deferred),
            scheme: chosen(&SCHEMES).unwrap_or_default(),
            rules: Rules { titles: titles.unwrap_or_default(), closing: closing.unwrap_or_default() },
            favours: favours(form),
            opens_at: opens?,
            closes_at: closes?,
            beacon: form.beacon.clone(),
            hold: SignedDuration::from_mins(hold.clamp(0, 1_000_000)),
        })
    };
    read().filter(|_| problems.is_empty()).ok_or(problems)
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<RoundForm>) -> Result<Response, Fault> {
    let setting = setting(&seat, &form.term).await?;
    let (lang, term) = (seat.lang(), setting.0);
    let written = match setup(lang, &form) {
        Err(problems) => Err(problems),
        Ok(setup) => {
            let written = seat.write::<KeepRounds, String, Vec<Refusal>>(&key, move |tx| {
                let written = round::create(tx, term, &setup);
                Ok(written.map_err(|why| why.map(|why| said::not_kept(lang, &why)))?.to_string())
            });
            written.await?.map_err(said::problems)
        }
    };
    match written {
        Ok(round) => Ok(see_other(&seat.path(&format!("rounds/{round}")))),
        Err(problems) => {
            let page = page(&seat, &setting, form, (None, problems));
            seat.refused(&page)
        }
    }
}

pub(super) async fn edit(seat: Seat, Path((_, wanted)): Path<(String, String)>) -> Result<Response, Fault> {
    let wanted: RoundId = id(&wanted)?;
    let one = draft(&seat, wanted).await?;
    let setting = setting(&seat, &one.round.term.to_string()).await?;
    let page = page(&seat, &setting, typed(&one.round), (Some(wanted), Problems::none()));
    seat.page(&page)
}

/// A draft; what is made known has no form any more.
async fn draft(seat: &Seat, wanted: RoundId) -> Result<Overview, Fault> {
    let one = seat.read::<ReadRounds, _>(move |tx| round::overview(tx, wanted)).await?;
    if one.stage == Stage::Draft { Ok(one) } else { Err(Fault::NotFound) }
}

pub(super) async fn update(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Form(form): Form<RoundForm>,
) -> Result<Response, Fault> {
    let (lang, wanted): (Lang, RoundId) = (seat.lang(), id(&wanted)?);
    let changed = match setup(lang, &form) {
        Err(problems) => Err(problems),
        Ok(setup) => {
            let changed = seat.write::<KeepRounds, (), Vec<Refusal>>(&key, move |tx| {
                let changed = round::update(tx, wanted, &setup);
                changed.map_err(|why| why.map(|why| said::not_kept(lang, &why)))
            });
            changed.await?.map_err(said::problems)
        }
    };
    match changed {
        Ok(()) => Ok(see_other(&seat.path(&format!("rounds/{wanted}")))),
        Err(problems) => {
            let setting = setting(&seat, &form.term).await?;
            let page = page(&seat, &setting, form, (Some(wanted), problems));
            seat.refused(&page)
        }
    }
}
