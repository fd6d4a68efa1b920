//! What a guardian reads on the phone: the published offerings, day by day, and whether the child may come (D10).

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::catalogue::{self as offered, Catalogue, ForChild, Line};
use kehou_db::Error;
use kehou_domain::access::ReadCatalogue;
use kehou_domain::ids::StudentId;
use serde::Deserialize;

use super::{id, words};
use crate::enrolment::{Chip, chips};
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::lang::Lang;
use crate::plan::words as plan_words;

/// Which weekday is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct OfDay {
    #[serde(default)]
    day: i8,
}

/// An offering as a card.
struct Card {
    title: String,
    icon: &'static str,
    tile: &'static str,
    area: &'static str,
    when: String,
    venue: String,
    teacher: String,
    grades: String,
    seats: u16,
    minimum: u16,
    description: String,
    materials: String,
    cost: Option<String>,
    /// Why this child may not take it.
    not_for: Option<String>,
}

#[derive(Template)]
#[template(path = "catalogue/family.html")]
struct FamilyPage {
    chips: Vec<Chip>,
    name: String,
    term: Option<String>,
    without: Option<(&'static str, String)>,
    /// Number, name and whether shown.
    days: Vec<(i8, &'static str, bool)>,
    here: String,
    day_name: &'static str,
    cards: Vec<Card>,
}

pub(super) async fn show(
    family: Family,
    Path(student): Path<String>,
    Query(asked): Query<OfDay>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let child = own(&family, student).await?;
    let chips = chips(&family, "catalogue", student).await?;
    let (lang, today) = (family.lang(), family.today());
    let here = format!("/children/{student}/catalogue");
    let mut page = FamilyPage {
        chips,
        name: child.name.clone(),
        term: None,
        without: None,
        days: Vec::new(),
        here,
        day_name: "",
        cards: Vec::new(),
    };
    if let Some(catalogue) = &child.catalogue {
        let days = days(catalogue);
        let day = days.iter().copied().find(|day| *day == asked.day).or(days.first().copied());
        page.term = Some(catalogue.setting.term.name.clone());
        page.without = words::without(lang, catalogue.setting.plan.as_deref());
        page.days =
            days.iter().map(|known| (*known, words::weekday(lang, *known), Some(*known) == day)).collect();
        page.day_name = day.map_or("", |day| words::weekday(lang, day));
        page.cards = cards(lang, &child, catalogue, (day.unwrap_or_default(), today));
    }
    family.page(&page)
}

/// The child with what its school offers; somebody else's child is not there.
async fn own(family: &Family, student: StudentId) -> Result<ForChild, Fault> {
    for scope in family.scopes() {
        match scope.read::<ReadCatalogue, _>(move |tx| offered::for_child(tx, student)).await {
            Ok(child) => return Ok(child),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Fault::NotFound)
}

/// The weekdays on which something is offered, Monday first.
fn days(catalogue: &Catalogue) -> Vec<i8> {
    let meetings = catalogue.lines.iter().flat_map(|line| &line.offering.details.meetings);
    let mut days: Vec<i8> = meetings.map(|meeting| meeting.weekday).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The offerings of the day: those that the child may take first.
fn cards(lang: Lang, child: &ForChild, catalogue: &Catalogue, (day, today): (i8, Date)) -> Vec<Card> {
    let on_day = catalogue
        .lines
        .iter()
        .filter(|line| line.offering.details.meetings.iter().any(|meeting| meeting.weekday == day));
    let mut cards: Vec<Card> = on_day.map(|line| card(lang, child, (catalogue, line), today)).collect();
    cards.sort_by_key(|card| card.not_for.is_some());
    cards
}

fn card(lang: Lang, child: &ForChild, (catalogue, line): (&Catalogue, &Line), today: Date) -> Card {
    let details = &line.offering.details;
    let day = today.clamp(catalogue.setting.term.starts_on, catalogue.setting.term.ends_on);
    let when = catalogue.setting.plan.as_deref().map(|plan| words::meetings(lang, plan, details, day));
    let (icon, tile) = words::tile(details.topic.area());
    let not_for = details.not_for(child.grade, child.sex);
    Card {
        title: details.title.clone(),
        icon,
        tile,
        area: words::area(details.topic.area()),
        when: when.unwrap_or_default(),
        venue: details.venue.clone(),
        teacher: line.offering.teacher_name.clone(),
        grades: plan_words::grades(lang, details.grades),
        seats: details.capacity,
        minimum: details.minimum,
        description: details.description.clone(),
        materials: details.materials.clone(),
        cost: words::cost(lang, details),
        not_for: not_for.map(|why| words::not_for(lang, details, why)),
    }
}
