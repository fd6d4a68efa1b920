//! The office's list, problems first, and the catalogue that staff read and print.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use kehou_app::catalogue::{self as offered, Catalogue, Line};
use kehou_domain::access::{KeepOfferings, ReadCatalogue, ReadOfferings};
use kehou_domain::catalogue::{SexLimit, Status, kinds};
use kehou_domain::ids::{OfferingId, TermId};
use serde::Deserialize;

use super::{id, words};
use crate::fault::Fault;
use crate::filters;
use crate::lang::Lang;
use crate::plan::words as plan_words;
use crate::seat::Seat;

/// Which term is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct OfTerm {
    #[serde(default)]
    term: String,
    /// How many drafts were just copied or imported.
    brought: Option<u32>,
    /// How many of those that were meant were there already, or left out.
    left: Option<u32>,
}

/// An offering as a row of a day.
struct Row {
    id: OfferingId,
    title: String,
    kind: &'static str,
    topic: &'static str,
    when: String,
    grades: String,
    sex: Option<&'static str>,
    venue: String,
    teacher: String,
    seats: u16,
    minimum: u16,
    description: String,
    materials: String,
    cost: Option<String>,
    status: (&'static str, &'static str, &'static str),
}

/// The offerings of a weekday.
struct Day {
    number: i8,
    name: &'static str,
    rows: Vec<Row>,
}

/// Something that the office has to put right.
struct Wrong {
    id: OfferingId,
    title: String,
    words: String,
}

#[derive(Template)]
#[template(path = "catalogue/index.html")]
struct ListPage {
    base: String,
    /// Nothing before the school has a term.
    term: Option<(TermId, String)>,
    terms: Vec<(TermId, String)>,
    without: Option<(&'static str, String)>,
    wrongs: Vec<Wrong>,
    days: Vec<Day>,
    withdrawn: Vec<Row>,
    counts: [usize; 4],
    may_keep: bool,
    /// Whether the plan has a place for anything.
    can_offer: bool,
    /// What was just brought in, and what was left.
    brought: Option<String>,
    copies: String,
    imports: String,
}

impl ListPage {
    fn is_here(&self, term: &TermId) -> bool {
        self.term.as_ref().is_some_and(|(here, _)| here == term)
    }
}

#[derive(Template)]
#[template(path = "catalogue/catalogue.html")]
struct CataloguePage {
    term: Option<String>,
    without: Option<(&'static str, String)>,
    days: Vec<Day>,
    offerings: usize,
}

pub(super) async fn index(seat: Seat, Query(asked): Query<OfTerm>) -> Result<Response, Fault> {
    let term: Option<TermId> = if asked.term.is_empty() { None } else { Some(id(&asked.term)?) };
    let found = seat.read::<ReadOfferings, _>(move |tx| offered::offerings(tx, term)).await?;
    let (base, may_keep) = (seat.path("offerings"), seat.may::<KeepOfferings>());
    let (copies, imports) = (seat.path("offering-copies"), seat.path("offering-imports"));
    let brought = brought(seat.lang(), &asked);
    let page = match &found {
        Some(catalogue) => {
            let page = list(&seat, catalogue, (base, may_keep));
            ListPage { brought, copies, imports, ..page }
        }
        None => ListPage {
            base,
            term: None,
            terms: Vec::new(),
            without: None,
            wrongs: Vec::new(),
            days: Vec::new(),
            withdrawn: Vec::new(),
            counts: [0; 4],
            may_keep,
            can_offer: false,
            brought: None,
            copies,
            imports,
        },
    };
    seat.page(&page)
}

fn list(seat: &Seat, catalogue: &Catalogue, (base, may_keep): (String, bool)) -> ListPage {
    let (lang, plan) = (seat.lang(), catalogue.setting.plan.as_deref());
    let standing = catalogue.lines.iter().filter(|line| line.offering.status != Status::Withdrawn);
    let count = |status| catalogue.lines.iter().filter(|line| line.offering.status == status).count();
    let withdrawn = catalogue.lines.iter().filter(|line| line.offering.status == Status::Withdrawn);
    ListPage {
        base,
        term: Some((catalogue.setting.term.id, catalogue.setting.term.name.clone())),
        terms: catalogue.terms.iter().map(|term| (term.id, term.name.clone())).collect(),
        without: words::without(lang, plan),
        wrongs: standing.clone().flat_map(|line| wrongs(lang, catalogue, line)).collect(),
        days: days(seat, catalogue, &standing.collect::<Vec<_>>()),
        withdrawn: withdrawn.map(|line| row(seat, catalogue, line, None)).collect(),
        counts: [
            count(Status::Published),
            count(Status::InReview),
            count(Status::Returned),
            count(Status::Draft),
        ],
        may_keep,
        can_offer: plan.is_some_and(|plan| !kinds(plan).is_empty()),
        brought: None,
        copies: String::new(),
        imports: String::new(),
    }
}

/// One line about what was just brought in.
fn brought(lang: Lang, asked: &OfTerm) -> Option<String> {
    let number = |text, n: u32| lang.fill(text, &[("n", &n.to_string())]);
    let mut said = number("新写了 {n} 门，都是草稿，看过再提交审核。", asked.brought?);
    if let Some(left) = asked.left.filter(|left| 0 < *left) {
        said.push_str(&number("另有 {n} 门没有动。", left));
    }
    Some(said)
}

fn wrongs(lang: Lang, catalogue: &Catalogue, line: &Line) -> Vec<Wrong> {
    let (id, title) = (line.offering.id, &line.offering.details.title);
    let mut said = words::wrongs(lang, catalogue.setting.plan.as_deref(), line);
    if line.offering.status == Status::Returned {
        said.insert(0, lang.t("审核人退回了，请按理由修改").to_owned());
    }
    said.into_iter().map(|words| Wrong { id, title: title.clone(), words }).collect()
}

/// The offerings of each weekday; one that meets twice stands under both.
fn days(seat: &Seat, catalogue: &Catalogue, lines: &[&Line]) -> Vec<Day> {
    let of_day = |number: i8| -> Vec<Row> {
        let own = lines
            .iter()
            .filter(|line| line.offering.details.meetings.iter().any(|meeting| meeting.weekday == number));
        own.map(|line| row(seat, catalogue, line, Some(number))).collect()
    };
    let days =
        (1..=7).map(|number| Day { number, name: words::weekday(seat.lang(), number), rows: of_day(number) });
    days.filter(|day| !day.rows.is_empty()).collect()
}

fn row(seat: &Seat, catalogue: &Catalogue, line: &Line, on: Option<i8>) -> Row {
    let (lang, details) = (seat.lang(), &line.offering.details);
    let day = seat.today().clamp(catalogue.setting.term.starts_on, catalogue.setting.term.ends_on);
    let mut shown = details.clone();
    shown.meetings.retain(|meeting| on.is_none_or(|on| meeting.weekday == on));
    let when = catalogue.setting.plan.as_deref().map(|plan| words::meetings(lang, plan, &shown, day));
    let sex = (details.sex != SexLimit::Anyone).then(|| words::sex(details.sex));
    Row {
        id: line.offering.id,
        title: details.title.clone(),
        kind: words::kind(details.kind),
        topic: words::topic(details.topic),
        when: when.unwrap_or_default(),
        grades: plan_words::grades(lang, details.grades),
        sex,
        venue: details.venue.clone(),
        teacher: line.offering.teacher_name.clone(),
        seats: details.capacity,
        minimum: details.minimum,
        description: details.description.clone(),
        materials: details.materials.clone(),
        cost: words::cost(lang, details),
        status: words::status(line.offering.status),
    }
}

/// What is published, for staff to read and for everybody on paper.
pub(super) async fn catalogue(seat: Seat) -> Result<Response, Fault> {
    let found = seat.read::<ReadCatalogue, _>(offered::published).await?;
    let lang = seat.lang();
    let page = match &found {
        Some(catalogue) => {
            let plan = catalogue.setting.plan.as_deref();
            CataloguePage {
                term: Some(catalogue.setting.term.name.clone()),
                without: words::without(lang, plan),
                days: days(&seat, catalogue, &catalogue.lines.iter().collect::<Vec<_>>()),
                offerings: catalogue.lines.len(),
            }
        }
        None => CataloguePage { term: None, without: None, days: Vec::new(), offerings: 0 },
    };
    seat.page(&page)
}
