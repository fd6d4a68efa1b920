//! The tables `[[slots]]` with their windows, batches, programme and periods.

use kehou_domain::plan::{
    AppliesTo, Batch, Content, ContentKind, End, Grades, Period, Place, Programme, Slot, SlotId, SlotKind,
    Start, Weekdays, Window,
};

use super::Places;
use super::fields::{Fields, Value};
use super::problem::{Shape, Wrong, nearest};
use super::values;

pub(super) fn slots(top: &mut Fields<'_, '_>, grades: Grades, places: &mut Places) -> Vec<Slot> {
    let tables = top.tables("slots", "slots");
    if tables.is_empty() {
        top.missing("slots", Shape::Tables);
    }
    for (place, table) in tables.iter().enumerate() {
        places.put(Place::Slot(place), table);
    }
    let slots = tables.into_iter().enumerate();
    slots.map(|(place, table)| slot(table, grades, place, places)).collect()
}

fn slot(mut table: Fields<'_, '_>, all: Grades, place: usize, places: &mut Places) -> Slot {
    let id = short_name(&mut table);
    let grades = table.grades("grades").unwrap_or(all);
    let weekdays = table.need("weekdays", Shape::Weekdays, values::weekdays).unwrap_or_default();
    let slot = Slot {
        id,
        name: table.text("name"),
        kind: table.word("kind").unwrap_or(SlotKind::AfterSchool),
        applies_to: table.maybe_word("applies_to").unwrap_or(AppliesTo::All),
        grades,
        weekdays,
        weekdays_assumed: table.flag("weekdays_assumed"),
        service: table.need("service", Shape::Flag, toml::de::DeValue::as_bool).unwrap_or(false),
        chargeable: table.maybe_flag("chargeable"),
        counts_for_pay: table.maybe_flag("counts_for_pay"),
        billing_lesson_hours: table.hours("billing_lesson_hours"),
        staff_lesson_hours: table.hours("staff_lesson_hours"),
        not_before_work_ends: table.flag("not_before_work_ends"),
        windows: windows(&mut table, grades, weekdays, place, places),
        batches: batches(&mut table),
        content: content(&mut table),
        programme: programme(&mut table, grades, weekdays),
        periods: periods(&mut table),
    };
    table.finish();
    slot
}

fn short_name(table: &mut Fields<'_, '_>) -> SlotId {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let id = table.need("id", Shape::ShortName, |value| {
        values::text(value).filter(|text| text.len() <= 40 && text.bytes().all(letter))
    });
    SlotId(id.unwrap_or_default())
}

fn windows(
    slot: &mut Fields<'_, '_>,
    grades: Grades,
    weekdays: Weekdays,
    place: usize,
    places: &mut Places,
) -> Vec<Window> {
    let tables = slot.tables("windows", "slots.windows");
    let windows = tables.into_iter().enumerate().map(|(number, mut table)| {
        places.put(Place::Window(place, number), &table);
        let window = Window {
            grades: table.grades("grades").unwrap_or(grades),
            season: table.maybe_word("season"),
            weekdays: table.weekdays("weekdays").unwrap_or(weekdays),
            start: table.need("start", Shape::Start, values::start).unwrap_or(Start::NotStated),
            end: end(&mut table),
            wave: table.time("wave"),
        };
        table.finish();
        window
    });
    windows.collect()
}

/// The end is stated as such or as a length, never as both.
fn end(table: &mut Fields<'_, '_>) -> End {
    let end = table.value("end").is_some();
    let minutes = table.number("minutes", 1, 24 * 60);
    match (end, minutes) {
        (true, Some(_)) => {
            let span = table.span_of("minutes");
            table.sink.note(span, Wrong::EndAndMinutes);
            End::NotStated
        }
        (false, Some(minutes)) => End::After(minutes),
        (_, None) => table.need("end", Shape::End, values::end).unwrap_or(End::NotStated),
    }
}

fn batches(slot: &mut Fields<'_, '_>) -> Vec<Batch> {
    let tables = slot.tables("batches", "slots.batches");
    let batches = tables.into_iter().map(|mut table| {
        let batch = Batch {
            name: table.text("name"),
            at: table.need("at", Shape::OpenTime, values::open_time).and_then(values::OpenTime::time),
        };
        table.finish();
        batch
    });
    batches.collect()
}

fn programme(slot: &mut Fields<'_, '_>, grades: Grades, weekdays: Weekdays) -> Vec<Programme> {
    let tables = slot.tables("programme", "slots.programme");
    let lines = tables.into_iter().map(|mut table| {
        let line = Programme {
            grades: table.grades("grades").unwrap_or(grades),
            weekdays: table.weekdays("weekdays").unwrap_or(weekdays),
            content: content(&mut table),
        };
        table.finish();
        line
    });
    lines.collect()
}

fn periods(slot: &mut Fields<'_, '_>) -> Vec<Period> {
    let tables = slot.tables("periods", "slots.periods");
    let periods = tables.into_iter().map(|mut table| {
        let period = Period {
            name: table.text("name"),
            minutes: table.number("minutes", 1, 24 * 60),
            content: content(&mut table),
        };
        table.finish();
        period
    });
    periods.collect()
}

fn content(table: &mut Fields<'_, '_>) -> Vec<Content> {
    let list = table.list("content");
    list.into_iter().filter_map(|value| one_content(table, value)).collect()
}

/// A word of the list, or a name of the school's own, which is no lower-case English word.
fn one_content(table: &Fields<'_, '_>, value: Value<'_>) -> Option<Content> {
    let Some(text) = values::text(value.get_ref()) else {
        table
            .sink
            .note(value.span(), Wrong::Shape { key: "content", shape: Shape::Text, found: String::new() });
        return None;
    };
    let looks_like_a_word = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match ContentKind::parse(&text) {
        Some(kind) => Some(Content::Kind(kind)),
        None if looks_like_a_word => {
            let nearest = nearest(&text, ContentKind::WORDS);
            let wrong =
                Wrong::UnknownWord { key: "content", word: text, allowed: ContentKind::WORDS, nearest };
            table.sink.note(value.span(), wrong);
            None
        }
        None => Some(Content::Named(text)),
    }
}
