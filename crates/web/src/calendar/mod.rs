//! Calendar: terms, holidays, the school's own days.

pub mod words;
