//! One table of a plan file: its fields, each asked for by name; what nobody asked for is unknown.

use std::cell::RefCell;
use std::ops::Range;

use jiff::civil::{Date, Time};
use kehou_domain::access::Role;
use kehou_domain::money::{Fen, LessonHours};
use kehou_domain::plan::{Grades, MonthDay, Weekdays, Word};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, Shape, Wrong, nearest, problem};
use super::values;

/// A value of the file with its bytes.
pub(super) type Value<'a> = &'a Spanned<DeValue<'a>>;

/// Where problems go.
pub(super) struct Sink<'a> {
    /// The text of the file.
    pub(super) text: &'a str,
    /// What was found so far.
    pub(super) problems: RefCell<Vec<Problem>>,
}

impl Sink<'_> {
    /// Notes a problem.
    pub(super) fn note(&self, span: Range<usize>, wrong: Wrong) {
        self.problems.borrow_mut().push(problem(self.text, span, wrong));
    }
}

/// A table whose fields are taken one by one.
pub(super) struct Fields<'a, 's> {
    table: &'a DeTable<'a>,
    /// The table's name, as messages carry it.
    name: &'static str,
    /// The bytes of the table's head.
    pub(super) span: Range<usize>,
    known: Vec<&'static str>,
    pub(super) sink: &'s Sink<'s>,
}

impl<'a, 's> Fields<'a, 's> {
    /// The top table of the file.
    pub(super) fn top(table: &'a DeTable<'a>, sink: &'s Sink<'s>) -> Fields<'a, 's> {
        Fields { table, name: "", span: 0..0, known: Vec::new(), sink }
    }

    /// The value of the key, if it is there.
    pub(super) fn value(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.known.push(key);
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// The keys of the table, each with the bytes of its value.
    pub(super) fn spans(&self) -> impl Iterator<Item = (String, Range<usize>)> {
        self.table.iter().map(|(name, value)| (name.get_ref().to_string(), value.span()))
    }

    /// The bytes of the key's value, or of the table's head when it has none.
    pub(super) fn span_of(&mut self, key: &'static str) -> Range<usize> {
        self.value(key).map_or(self.span.clone(), Spanned::span)
    }

    /// Notes that the key is missing.
    pub(super) fn missing(&self, key: &'static str, shape: Shape) {
        self.sink.note(self.span.clone(), Wrong::MissingKey { key, table: self.name, shape });
    }

    /// Notes that the value has the wrong shape.
    pub(super) fn misshapen(&self, key: &'static str, value: Value<'a>, shape: Shape) {
        let found = self.sink.text.get(value.span()).unwrap_or_default().trim();
        let found = found.chars().take(60).collect();
        self.sink.note(value.span(), Wrong::Shape { key, shape, found });
    }

    /// The value as `read` understands it; a problem when it does not.
    pub(super) fn maybe<T>(
        &mut self,
        key: &'static str,
        shape: Shape,
        read: impl Fn(&DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let read = read(value.get_ref());
        if read.is_none() {
            self.misshapen(key, value, shape);
        }
        read
    }

    /// As `maybe`, and a problem when the key is missing.
    pub(super) fn need<T>(
        &mut self,
        key: &'static str,
        shape: Shape,
        read: impl Fn(&DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        if self.table.iter().all(|(name, _)| name.get_ref() != key) {
            self.known.push(key);
            self.missing(key, shape);
            return None;
        }
        self.maybe(key, shape, read)
    }

    /// A text that must be there and not be blank.
    pub(super) fn text(&mut self, key: &'static str) -> String {
        self.need(key, Shape::Text, values::text).unwrap_or_default()
    }

    /// A text that may be there.
    pub(super) fn maybe_text(&mut self, key: &'static str) -> Option<String> {
        self.maybe(key, Shape::Text, values::text)
    }

    /// A flag that may be there.
    pub(super) fn maybe_flag(&mut self, key: &'static str) -> Option<bool> {
        self.maybe(key, Shape::Flag, DeValue::as_bool)
    }

    /// A flag that is false when it is not there.
    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        self.maybe_flag(key).unwrap_or(false)
    }

    /// A whole number of the range that may be there.
    pub(super) fn number(&mut self, key: &'static str, least: u16, most: u16) -> Option<u16> {
        let read =
            |value: &DeValue<'a>| values::number(value).filter(|number| (least..=most).contains(number));
        self.maybe(key, Shape::Number { least, most }, read)
    }

    /// As `number`, for what fits a byte.
    pub(super) fn small(&mut self, key: &'static str, least: u8, most: u8) -> Option<u8> {
        let number = self.number(key, u16::from(least), u16::from(most));
        number.and_then(|number| u8::try_from(number).ok())
    }

    /// A time of day that may be there.
    pub(super) fn time(&mut self, key: &'static str) -> Option<Time> {
        self.maybe(key, Shape::Time, values::time)
    }

    /// A date that may be there.
    pub(super) fn date(&mut self, key: &'static str) -> Option<Date> {
        self.maybe(key, Shape::Date, values::date)
    }

    /// A day of every year that must be there.
    pub(super) fn month_day(&mut self, key: &'static str) -> Option<MonthDay> {
        self.need(key, Shape::MonthDay, |value| values::text(value).and_then(|text| MonthDay::parse(&text)))
    }

    /// Grades that may be there.
    pub(super) fn grades(&mut self, key: &'static str) -> Option<Grades> {
        self.maybe(key, Shape::Grades, values::grades)
    }

    /// Weekdays that may be there.
    pub(super) fn weekdays(&mut self, key: &'static str) -> Option<Weekdays> {
        self.maybe(key, Shape::Weekdays, values::weekdays)
    }

    /// An amount that must be there.
    pub(super) fn yuan(&mut self, key: &'static str) -> Option<Fen> {
        self.need(key, Shape::Yuan, values::yuan)
    }

    /// Lesson hours that may be there.
    pub(super) fn hours(&mut self, key: &'static str) -> Option<LessonHours> {
        self.maybe(key, Shape::LessonHours, values::hours)
    }

    /// A word of a list that may be there.
    pub(super) fn maybe_word<T: Word>(&mut self, key: &'static str) -> Option<T> {
        let value = self.value(key)?;
        self.as_word(key, value)
    }

    /// A word of a list that must be there.
    pub(super) fn word<T: Word>(&mut self, key: &'static str) -> Option<T> {
        let text = self.need(key, Shape::Text, |value| value.as_str().map(str::to_owned));
        text.and_then(|_| self.maybe_word(key))
    }

    /// Words of a list; none when the key is missing.
    pub(super) fn words<T: Word>(&mut self, key: &'static str) -> Vec<T> {
        self.list(key).into_iter().filter_map(|value| self.as_word(key, value)).collect()
    }

    fn as_word<T: Word>(&self, key: &'static str, value: Value<'a>) -> Option<T> {
        let Some(text) = value.get_ref().as_str() else {
            self.misshapen(key, value, Shape::Text);
            return None;
        };
        let word = T::of_word(text);
        if word.is_none() {
            let nearest = nearest(text, T::LIST);
            let wrong = Wrong::UnknownWord { key, word: text.to_owned(), allowed: T::LIST, nearest };
            self.sink.note(value.span(), wrong);
        }
        word
    }

    /// A role that must be there.
    pub(super) fn role(&mut self, key: &'static str) -> Option<Role> {
        let word = self.need(key, Shape::Text, |value| value.as_str().map(str::to_owned))?;
        let role = Role::parse(&word);
        if role.is_none() {
            let roles: Vec<&'static str> = Role::ALL.iter().map(|role| role.word()).collect();
            let nearest = nearest(&word, &roles);
            let span = self.span_of(key);
            self.sink.note(span, Wrong::RoleNobodyHas { word, nearest, roles });
        }
        role
    }

    /// The members of a list; none when the key is missing.
    pub(super) fn list(&mut self, key: &'static str) -> Vec<Value<'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.misshapen(key, value, Shape::List);
            return Vec::new();
        };
        list.iter().collect()
    }

    /// The table of the key, if it is there.
    pub(super) fn table(&mut self, key: &'static str, name: &'static str) -> Option<Fields<'a, 's>> {
        let value = self.value(key)?;
        let table = self.inner(value, name);
        if table.is_none() {
            self.misshapen(key, value, Shape::Table);
        }
        table
    }

    /// The tables of the key, each with its bytes.
    pub(super) fn tables(&mut self, key: &'static str, name: &'static str) -> Vec<Fields<'a, 's>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let members = value.get_ref().as_array().map(|list| list.iter().collect::<Vec<_>>());
        let tables: Vec<_> = members.into_iter().flatten().map(|member| self.inner(member, name)).collect();
        if !value.get_ref().is_array() || tables.iter().any(Option::is_none) {
            self.misshapen(key, value, Shape::Tables);
        }
        tables.into_iter().flatten().collect()
    }

    fn inner(&self, value: Value<'a>, name: &'static str) -> Option<Fields<'a, 's>> {
        let table = value.get_ref().as_table()?;
        Some(Fields { table, name, span: value.span(), known: Vec::new(), sink: self.sink })
    }

    /// Notes every key that nobody asked for.
    pub(super) fn finish(mut self) {
        self.known.sort_unstable();
        self.known.dedup();
        for (name, _) in self.table {
            let key = name.get_ref().as_ref();
            if !self.known.contains(&key) {
                let known = self.known.clone();
                let nearest = nearest(key, &known);
                let wrong = Wrong::UnknownKey { key: key.to_owned(), table: self.name, nearest, known };
                self.sink.note(name.span(), wrong);
            }
        }
    }
}
