//! Arguments of statements: whole numbers and texts, nothing else.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_domain::ids::Id;
use kehou_domain::moment;

/// One argument. A missing value keeps its type, since PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A `bigint`.
    Int(i64),
    /// A `text`.
    Text(String),
    /// A missing `bigint`.
    NoInt,
    /// A missing `text`.
    NoText,
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Arg::Int(value)
    }
}
impl From<u32> for Arg {
    fn from(value: u32) -> Self {
        Arg::Int(i64::from(value))
    }
}
impl From<bool> for Arg {
    fn from(value: bool) -> Self {
        Arg::Int(i64::from(value))
    }
}
impl From<Timestamp> for Arg {
    fn from(at: Timestamp) -> Self {
        Arg::Int(moment::millis(at))
    }
}
impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Arg::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Arg::Text(text)
    }
}
impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Arg::Text(text.clone())
    }
}
impl From<Date> for Arg {
    fn from(day: Date) -> Self {
        Arg::Text(day.to_string())
    }
}
impl<K> From<Id<K>> for Arg {
    fn from(id: Id<K>) -> Self {
        Arg::Text(id.to_string())
    }
}

impl From<Option<i64>> for Arg {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Arg::NoInt, Arg::Int)
    }
}
impl From<Option<u32>> for Arg {
    fn from(value: Option<u32>) -> Self {
        value.map_or(Arg::NoInt, Arg::from)
    }
}
impl From<Option<Timestamp>> for Arg {
    fn from(at: Option<Timestamp>) -> Self {
        at.map_or(Arg::NoInt, Arg::from)
    }
}
impl From<Option<&str>> for Arg {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Arg::NoText, Arg::from)
    }
}
impl From<Option<String>> for Arg {
    fn from(text: Option<String>) -> Self {
        text.map_or(Arg::NoText, Arg::Text)
    }
}
impl From<Option<Date>> for Arg {
    fn from(day: Option<Date>) -> Self {
        day.map_or(Arg::NoText, Arg::from)
    }
}
impl<K> From<Option<Id<K>>> for Arg {
    fn from(id: Option<Id<K>>) -> Self {
        id.map_or(Arg::NoText, Arg::from)
    }
}
