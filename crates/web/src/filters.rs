//! What templates can do beside showing values. A page's module says `use crate::filters;`.

#![expect(missing_docs, clippy::inline_always, reason = "askama's macro writes the types")]

use std::fmt::Display;

use askama::filters::Safe;
use askama::{Result, Values, get_value};
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::frame::Frame;
use crate::lang::put;
use crate::{dates, key};

/// The surroundings of the page, for layouts.
#[askama::filter_fn]
pub fn shell(_: &str, values: &dyn Values) -> Result<Frame> {
    get_value::<Frame>(values, "frame").cloned()
}

/// The sentence in the reader's language.
#[askama::filter_fn]
pub fn t(text: impl AsRef<str>, values: &dyn Values) -> Result<String> {
    Ok(get_value::<Frame>(values, "frame")?.lang().t(text.as_ref()).to_owned())
}

/// The sentence in the reader's language with one place filled: `"还差 {n} 人"|fill("n", left)`.
#[askama::filter_fn]
pub fn fill<V: Display>(text: impl AsRef<str>, values: &dyn Values, name: &str, value: V) -> Result<String> {
    let frame = get_value::<Frame>(values, "frame")?;
    Ok(frame.lang().fill(text.as_ref(), &[(name, &value.to_string())]))
}

/// One more place of a sentence that was filled: `…|fill("a", x)|and("b", y)`.
#[askama::filter_fn]
pub fn and<V: Display>(text: impl AsRef<str>, _: &dyn Values, name: &str, value: V) -> Result<String> {
    Ok(put(text.as_ref(), name, &value.to_string()))
}

/// A group's name in the reader's language: one that keeps a class together is called as the class (三(2)班, Class 3(2)).
#[askama::filter_fn]
pub fn group(name: impl AsRef<str>, values: &dyn Values) -> Result<String> {
    Ok(crate::people::words::group(get_value::<Frame>(values, "frame")?.lang(), name.as_ref()))
}

/// What somebody is to a child, in the reader's language where the word is a known one.
#[askama::filter_fn]
pub fn kin(relation: impl AsRef<str>, values: &dyn Values) -> Result<String> {
    Ok(crate::people::words::relation(get_value::<Frame>(values, "frame")?.lang(), relation.as_ref()))
}

/// A day with its weekday: 11月27日（周五）.
#[askama::filter_fn]
pub fn day(day: &Date, values: &dyn Values) -> Result<String> {
    Ok(dates::day(get_value::<Frame>(values, "frame")?.lang(), *day))
}

/// The month that the day lies in: 2026年11月.
#[askama::filter_fn]
pub fn month(first: &Date, values: &dyn Values) -> Result<String> {
    Ok(dates::month(get_value::<Frame>(values, "frame")?.lang(), *first))
}

/// A day for lists, with the year when it is not this one: 2027年1月4日（周一）.
#[askama::filter_fn]
pub fn near(day: &Date, values: &dyn Values, today: &Date) -> Result<String> {
    Ok(dates::near(get_value::<Frame>(values, "frame")?.lang(), *day, *today))
}

/// A time of day: 15:20.
#[askama::filter_fn]
pub fn time(time: &Time, _: &dyn Values) -> Result<String> {
    Ok(dates::time(*time))
}

/// A moment on the school's wall clock, with its day: 11月27日（周五）15:20.
#[askama::filter_fn]
pub fn moment(at: &Timestamp, values: &dyn Values) -> Result<String> {
    Ok(dates::moment(get_value::<Frame>(values, "frame")?.lang(), *at))
}

/// The time of a moment on the school's wall clock: 15:20.
#[askama::filter_fn]
pub fn clock(at: &Timestamp, _: &dyn Values) -> Result<String> {
    Ok(dates::time(kehou_domain::moment::wall_clock(*at).time()))
}

/// An icon, which says nothing to those who listen.
#[askama::filter_fn]
pub fn icon(name: impl Display, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(drawing(&name.to_string(), "i")))
}

/// A small icon.
#[askama::filter_fn]
pub fn icon_s(name: impl Display, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(drawing(&name.to_string(), "i i-s")))
}

/// A large icon.
#[askama::filter_fn]
pub fn icon_l(name: impl Display, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(drawing(&name.to_string(), "i i-l")))
}

fn drawing(name: &str, class: &str) -> String {
    debug_assert!(kehou_assets::symbol(name).is_some(), "icons.txt has no {name}");
    format!("<svg class=\"{class}\" aria-hidden=\"true\"><use href=\"#i-{name}\"></use></svg>")
}

/// The address of a built file: `"base.js"|asset`.
#[askama::filter_fn]
pub fn asset(name: &str, _: &dyn Values) -> Result<&'static str> {
    kehou_assets::address(name).ok_or(askama::Error::Fmt)
}

/// The hidden field that makes a form safe to send twice: `""|key_field`.
#[askama::filter_fn]
pub fn key_field(_: &str, values: &dyn Values) -> Result<Safe<String>> {
    let key = get_value::<Frame>(values, "frame")?.key();
    Ok(Safe(format!("<input type=\"hidden\" name=\"key\" value=\"{key}\">")))
}

/// A fresh key alone, for an address: `?key={{ ""|fresh_key }}`.
#[askama::filter_fn]
pub fn fresh_key(_: &str, _: &dyn Values) -> Result<String> {
    Ok(key::fresh())
}
