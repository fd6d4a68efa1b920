//! One row of an answer, read by place.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_domain::ids::EntityId;
use kehou_domain::moment;

use crate::{Error, Result};

/// A row of either engine.
#[derive(Clone, Copy)]
pub struct Row<'a>(pub(crate) Engine<'a>);

#[derive(Clone, Copy)]
pub(crate) enum Engine<'a> {
    Lite(&'a rusqlite::Row<'a>),
    Pg(&'a postgres::Row),
}

impl Row<'_> {
    /// A whole number that may be missing.
    pub fn maybe_int(&self, column: usize) -> Result<Option<i64>> {
        match self.0 {
            Engine::Lite(row) => row.get(column).map_err(|error| wrong(column, &error)),
            Engine::Pg(row) => row.try_get(column).map_err(|error| wrong(column, &error)),
        }
    }

    /// A text that may be missing.
    pub fn maybe_text(&self, column: usize) -> Result<Option<String>> {
        match self.0 {
            Engine::Lite(row) => row.get(column).map_err(|error| wrong(column, &error)),
            Engine::Pg(row) => row.try_get(column).map_err(|error| wrong(column, &error)),
        }
    }

    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64> {
        self.maybe_int(column)?.ok_or_else(|| missing(column))
    }

    /// A whole number that is never negative and counts things.
    pub fn count(&self, column: usize) -> Result<u32> {
        let value = self.int(column)?;
        u32::try_from(value).map_err(|_| wrong(column, &value))
    }

    /// A text.
    pub fn text(&self, column: usize) -> Result<String> {
        self.maybe_text(column)?.ok_or_else(|| missing(column))
    }

    /// A yes or no kept as 1 or 0.
    pub fn flag(&self, column: usize) -> Result<bool> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(wrong(column, &other)),
        }
    }

    /// An id.
    pub fn id<I: EntityId>(&self, column: usize) -> Result<I> {
        self.word(column, I::parse)
    }

    /// An id that may be missing.
    pub fn maybe_id<I: EntityId>(&self, column: usize) -> Result<Option<I>> {
        self.maybe_word(column, I::parse)
    }

    /// A civil day.
    pub fn day(&self, column: usize) -> Result<Date> {
        self.word(column, |text| text.parse().ok())
    }

    /// A civil day that may be missing.
    pub fn maybe_day(&self, column: usize) -> Result<Option<Date>> {
        self.maybe_word(column, |text| text.parse().ok())
    }

    /// An instant.
    pub fn at(&self, column: usize) -> Result<Timestamp> {
        let millis = self.int(column)?;
        moment::from_millis(millis).ok_or_else(|| wrong(column, &millis))
    }

    /// An instant that may be missing.
    pub fn maybe_at(&self, column: usize) -> Result<Option<Timestamp>> {
        match self.maybe_int(column)? {
            None => Ok(None),
            Some(millis) => moment::from_millis(millis).map(Some).ok_or_else(|| wrong(column, &millis)),
        }
    }

    /// A word of a closed list, such as a role or a status.
    pub fn word<T>(&self, column: usize, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let text = self.text(column)?;
        parse(&text).ok_or_else(|| wrong(column, &text))
    }

    /// A word of a closed list that may be missing.
    pub fn maybe_word<T>(&self, column: usize, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
        match self.maybe_text(column)? {
            None => Ok(None),
            Some(text) => parse(&text).map(Some).ok_or_else(|| wrong(column, &text)),
        }
    }
}

fn missing(column: usize) -> Error {
    Error::Column { column, found: "nothing".to_owned() }
}

fn wrong(column: usize, found: &dyn std::fmt::Display) -> Error {
    Error::Column { column, found: found.to_string() }
}
