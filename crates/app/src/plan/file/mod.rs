//! Reading a plan file: TOML with the place of every value, all problems at once.

mod care;
mod entries;
mod fields;
mod joining;
mod money;
mod problem;
mod slots;
mod syntax;
#[cfg(test)]
mod tests;
mod values;

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use kehou_domain::plan::{
    Dismissal, Fault, Grades, Level, Place, Plan, ProviderPolicy, Reach, Season, SeasonKind, Starts, Weekdays,
};
use toml::de::DeTable;

pub use entries::entries;
pub use problem::{Problem, Shape, Wrong};
pub use syntax::Syntax;

use fields::{Fields, Sink};
use problem::keys_of;

/// The largest plan file: a plan of thirty slots needs a tenth of it.
pub const LARGEST_FILE: usize = 256 * 1024;

/// What a file says, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The plan, when nothing is wrong.
    pub plan: Option<Plan>,
    /// What is wrong, in the order of the file.
    pub problems: Vec<Problem>,
}

/// Grades or weekdays as `entries` has them, `1-2, 5`: numbers from 1 to the most.
pub fn numbers(text: &str, most: u8) -> Option<Vec<u8>> {
    values::spans(text, most)
}

/// Reads the bytes of a plan file.
pub fn read_bytes(bytes: &[u8]) -> Result<(String, Reading), Problem> {
    let whole = |wrong| problem::problem("", 0..0, wrong);
    if LARGEST_FILE < bytes.len() {
        return Err(whole(Wrong::TooLarge { most: LARGEST_FILE }));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| whole(Wrong::NotUtf8))?;
    Ok((text.to_owned(), read(text)))
}

/// Reads the text of a plan file.
pub fn read(text: &str) -> Reading {
    let (table, errors) = DeTable::parse_recoverable(text);
    let sink = Sink { text, problems: RefCell::new(Vec::new()) };
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let kind = Syntax::of(error.message(), text.get(span.clone()).unwrap_or_default());
        sink.note(span, Wrong::Syntax(kind));
    }
    // what follows from broken syntax would only hide it
    let plan = errors.is_empty().then(|| plan(table.get_ref(), &sink));
    let mut problems = sink.problems.into_inner();
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
    problems.dedup();
    Reading { plan: plan.filter(|_| problems.is_empty()), problems }
}

/// Where the parts of the plan stand in the text.
#[derive(Default)]
struct Places {
    /// The heads of the tables.
    tables: HashMap<Place, Range<usize>>,
    /// The values of their keys.
    values: HashMap<(Place, String), Range<usize>>,
}

impl Places {
    fn put(&mut self, place: Place, fields: &Fields<'_, '_>) {
        self.tables.insert(place, fields.span.clone());
        self.values.extend(fields.spans().map(|(key, span)| ((place, key), span)));
    }

    fn span(&self, place: Place) -> Range<usize> {
        self.tables.get(&place).cloned().unwrap_or(0..0)
    }

    /// The value that the fault is about, or else the head of its table.
    fn of_fault(&self, place: Place, fault: &Fault) -> Range<usize> {
        let mut keys = keys_of(fault).iter();
        let value = keys.find_map(|key| self.values.get(&(place, (*key).to_owned())));
        value.cloned().unwrap_or_else(|| self.span(place))
    }

    /// The bytes from the slot's head to the next slot's.
    fn of_slot(&self, slot: usize) -> Range<usize> {
        let next = self.tables.get(&Place::Slot(slot + 1)).map_or(usize::MAX, |span| span.start);
        self.span(Place::Slot(slot)).start..next
    }
}

fn plan(table: &DeTable<'_>, sink: &Sink<'_>) -> Plan {
    let mut top = Fields::top(table, sink);
    let mut places = Places::default();
    let plan = parts(&mut top, &mut places);
    top.finish();
    for (place, fault) in plan.faults() {
        if !follows_from_another(place, &fault, &places, sink) {
            sink.note(places.of_fault(place, &fault), Wrong::Fault(fault));
        }
    }
    plan
}

/// Whether the fault may be nothing but the echo of something that could not be read: a part of the same slot,
/// or the only rate.
fn follows_from_another(place: Place, fault: &Fault, places: &Places, sink: &Sink<'_>) -> bool {
    match place {
        Place::Slot(slot) | Place::Window(slot, _) => {
            let bytes = places.of_slot(slot);
            let problems = sink.problems.borrow();
            problems
                .iter()
                .any(|known| bytes.contains(&known.span.start) && !matches!(known.wrong, Wrong::Fault(_)))
        }
        Place::Fee => *fault == Fault::RatesMissing && places.tables.contains_key(&Place::Rate(0)),
        Place::Plan
        | Place::Seasons
        | Place::Rate(_)
        | Place::PayRate(_)
        | Place::Step(_)
        | Place::Group(_)
        | Place::Punch(_) => false,
    }
}

fn parts(top: &mut Fields<'_, '_>, places: &mut Places) -> Plan {
    let grades = top.need("grades", Shape::Grades, values::grades).unwrap_or_default();
    let (providers, banned) = rules(top);
    Plan {
        code: top.text("plan"),
        school: top.text("school"),
        title: top.text("title"),
        level: top.word("level").unwrap_or(Level::Primary),
        reach: top.maybe_word("reach").unwrap_or(Reach::School),
        grades,
        sources: sources(top),
        starts: top.need("starts", Shape::Starts, values::starts).unwrap_or(Starts::NotStated),
        layers: top.words("layers"),
        seasons: seasons(top, places),
        joining: joining::joining(top, places),
        dismissal: dismissal(top, grades),
        slots: slots::slots(top, grades, places),
        groups: care::groups(top, places),
        release: care::release(top, grades),
        absence: care::absence(top),
        fee: money::fee(top, places),
        staff: care::staff(top),
        pay: money::pay(top, places),
        funds: money::funds(top),
        providers,
        banned,
        reports: care::reports(top),
    }
}

fn sources(top: &mut Fields<'_, '_>) -> Vec<String> {
    let list = top.list("sources");
    let texts = list.into_iter().filter_map(|value| {
        let text = values::text(value.get_ref());
        if text.is_none() {
            top.misshapen("sources", value, Shape::Text);
        }
        text
    });
    texts.collect()
}

fn rules(top: &mut Fields<'_, '_>) -> (ProviderPolicy, Vec<kehou_domain::plan::Banned>) {
    let Some(mut rules) = top.table("rules", "rules") else { return (ProviderPolicy::NotStated, Vec::new()) };
    let providers = rules.maybe_word("providers").unwrap_or(ProviderPolicy::NotStated);
    let banned = rules.words("banned");
    rules.finish();
    (providers, banned)
}

fn seasons(top: &mut Fields<'_, '_>, places: &mut Places) -> Vec<Season> {
    let Some(mut table) = top.table("seasons", "seasons") else { return Vec::new() };
    let mut seasons = Vec::new();
    for kind in SeasonKind::ALL {
        let Some(mut season) = table.table(kind.word(), "seasons.*") else { continue };
        let name = season.text("name");
        let (from, to) = (season.month_day("from"), season.month_day("to"));
        let assumed = season.flag("assumed");
        places.put(Place::Seasons, &season);
        season.finish();
        if let (Some(from), Some(to)) = (from, to) {
            seasons.push(Season { kind: *kind, name, from, to, assumed });
        }
    }
    table.finish();
    seasons
}

fn dismissal(top: &mut Fields<'_, '_>, grades: Grades) -> Vec<Dismissal> {
    let tables = top.tables("dismissal", "dismissal");
    let entries = tables.into_iter().map(|mut entry| {
        let dismissal = Dismissal {
            grades: entry.grades("grades").unwrap_or(grades),
            season: entry.maybe_word("season"),
            weekdays: entry.weekdays("weekdays").unwrap_or(Weekdays::WORKING),
            at: entry.need("at", Shape::OpenTime, values::open_time).and_then(values::OpenTime::time),
        };
        entry.finish();
        dismissal
    });
    entries.collect()
}
