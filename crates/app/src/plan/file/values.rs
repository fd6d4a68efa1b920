//! Single values of a plan file.

use jiff::civil::{Date, Time};
use kehou_domain::money::{Fen, LessonHours};
use kehou_domain::plan::{CutOff, End, Grades, MonthDay, Start, Starts, Weekdays};
use toml::de::DeValue;

/// What stands where a plan does not say.
pub(super) const NOT_STATED: &str = "not stated";

/// A text that is not blank.
pub(super) fn text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A whole number.
pub(super) fn number(value: &DeValue<'_>) -> Option<u16> {
    let integer = value.as_integer()?;
    u16::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// `"15:10"`.
pub(super) fn time(value: &DeValue<'_>) -> Option<Time> {
    clock(value.as_str()?)
}

fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// A time that a plan may leave open.
pub(super) enum OpenTime {
    /// This time.
    At(Time),
    /// The plan does not say.
    NotStated,
}

impl OpenTime {
    /// The time, when it is stated.
    pub(super) fn time(self) -> Option<Time> {
        match self {
            OpenTime::At(time) => Some(time),
            OpenTime::NotStated => None,
        }
    }
}

/// A time, or `"not stated"`.
pub(super) fn open_time(value: &DeValue<'_>) -> Option<OpenTime> {
    match value.as_str()? {
        NOT_STATED => Some(OpenTime::NotStated),
        text => clock(text).map(OpenTime::At),
    }
}

/// A window's start.
pub(super) fn start(value: &DeValue<'_>) -> Option<Start> {
    match value.as_str()? {
        NOT_STATED => Some(Start::NotStated),
        "dismissal" => Some(Start::Dismissal),
        text => clock(text).map(Start::At),
    }
}

/// A window's end.
pub(super) fn end(value: &DeValue<'_>) -> Option<End> {
    match value.as_str()? {
        NOT_STATED => Some(End::NotStated),
        "open" => Some(End::Open),
        text => clock(text).map(End::At),
    }
}

/// A cut-off for absences.
pub(super) fn cut_off(value: &DeValue<'_>) -> Option<CutOff> {
    match value.as_str()? {
        "slot start" => Some(CutOff::BeforeStart(0)),
        text => clock(text).map(CutOff::At),
    }
}

/// `2026-09-01`, bare or in quotes.
pub(super) fn date(value: &DeValue<'_>) -> Option<Date> {
    match value.as_datetime() {
        Some(datetime) if datetime.time.is_none() && datetime.offset.is_none() => {
            let date = datetime.date?;
            Date::new(
                i16::try_from(date.year).ok()?,
                i8::try_from(date.month).ok()?,
                i8::try_from(date.day).ok()?,
            )
            .ok()
        }
        Some(_) => None,
        None => value.as_str()?.parse().ok(),
    }
}

/// When the service starts.
pub(super) fn starts(value: &DeValue<'_>) -> Option<Starts> {
    if let Some(date) = date(value) {
        return Some(Starts::On(date));
    }
    let text = value.as_str()?;
    if text == NOT_STATED {
        return Some(Starts::NotStated);
    }
    if let Some(day) = MonthDay::parse(text) {
        return Some(Starts::Yearly(day));
    }
    let week = text.strip_prefix("week ")?.strip_suffix(" of term")?;
    week.parse().ok().filter(|week| (1..=30).contains(week)).map(Starts::WeekOfTerm)
}

/// `"1-6"`, `"1-2, 5"`, `[1, 2]` or `3`.
pub(super) fn grades(value: &DeValue<'_>) -> Option<Grades> {
    numbers(value, Grades::HIGHEST).map(Grades::of)
}

/// `"1-5"`, `[2, 4]` or `7`.
pub(super) fn weekdays(value: &DeValue<'_>) -> Option<Weekdays> {
    numbers(value, 7).map(Weekdays::of)
}

fn numbers(value: &DeValue<'_>, most: u8) -> Option<Vec<u8>> {
    let within = |number: u16| u8::try_from(number).ok().filter(|number| (1..=most).contains(number));
    let list: Vec<u8> = if let Some(list) = value.as_array() {
        list.iter().map(|member| number(member.get_ref()).and_then(within)).collect::<Option<_>>()?
    } else if let Some(text) = value.as_str() {
        spans(text, most)?
    } else {
        vec![number(value).and_then(within)?]
    };
    Some(list).filter(|list| !list.is_empty())
}

/// `1-2, 5` as numbers from 1 to the most.
pub(super) fn spans(text: &str, most: u8) -> Option<Vec<u8>> {
    let spans: Vec<Vec<u8>> = text.split(',').map(|part| span(part.trim(), most)).collect::<Option<_>>()?;
    Some(spans.concat())
}

/// `3` or `1-6`.
fn span(text: &str, most: u8) -> Option<Vec<u8>> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (from, to): (u8, u8) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (1 <= from && from <= to && to <= most).then(|| (from..=to).collect())
}

/// `"3.50"` yuan, or whole yuan as a number.
pub(super) fn yuan(value: &DeValue<'_>) -> Option<Fen> {
    hundredths(value).map(Fen)
}

/// `"1.5"` lesson hours, or whole ones as a number.
pub(super) fn hours(value: &DeValue<'_>) -> Option<LessonHours> {
    hundredths(value).and_then(|hours| u32::try_from(hours).ok()).map(LessonHours)
}

/// Hundredths of a decimal number, exactly; floats are read by their digits and never as floats.
fn hundredths(value: &DeValue<'_>) -> Option<u64> {
    let float = value.as_float().map(|float| float.as_str().to_owned());
    let text = float
        .or_else(|| value.as_str().map(str::to_owned))
        .or_else(|| number(value).map(|n| n.to_string()))?;
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || 2 < part.len() || 7 < whole.len() {
        return None;
    }
    let scale = if part.len() == 1 { 10 } else { 1 };
    Some(whole.parse::<u64>().ok()? * 100 + part.parse::<u64>().ok()? * scale)
}
