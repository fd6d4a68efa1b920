//! Reading a result that somebody hands over. Nothing in it is believed; only its shape is checked here.

use kehou_domain::allocation::{Channel, Closing, Rules, Scheme, Seed, Siblings, Tickets, Titles};
use serde::Deserialize;

use super::result::{channel_word, closing_word, scheme_word, siblings_word, titles_word};
use super::{Mode, Setting};

/// What a result says.
#[derive(Debug)]
pub struct Statement {
    /// How it says it was made.
    pub setting: Setting,
    pub(super) assigned: Vec<Seat>,
    pub(super) closed: Vec<StatedClosed>,
    pub(super) cutoffs: Vec<StatedCutoff>,
    pub(super) unsettled: Vec<Seat>,
    pub(super) o1: u64,
}

/// Why a result cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no JSON of the shape of a result.
    Shape {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A word that no result has.
    Word {
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
        /// What may stand there.
        known: Vec<&'static str>,
    },
    /// The seed is not in lower-case hexadecimal, two digits a byte.
    Seed,
}

/// An offering as results name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Named {
    pub(super) school: Option<u32>,
    pub(super) offering: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seat {
    pub(super) student: u64,
    pub(super) offering: Named,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatedClosed {
    pub(super) offering: Named,
    pub(super) wishes: u32,
    pub(super) minimum: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatedCutoff {
    pub(super) offering: Named,
    pub(super) admitted: u32,
    pub(super) tier: Option<u8>,
    pub(super) ticket: Option<Ticket>,
    #[serde(default)]
    pub(super) goes_on: bool,
    #[serde(default)]
    pub(super) kept_for_priority: Option<StatedLast>,
    #[serde(default)]
    pub(super) kept_for_office: Option<StatedOffice>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatedLast {
    pub(super) tier: u8,
    pub(super) ticket: Ticket,
    #[serde(default)]
    pub(super) goes_on: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatedOffice {
    pub(super) by: StatedChannel,
    pub(super) tier: u8,
    pub(super) ticket: Ticket,
    #[serde(default)]
    pub(super) goes_on: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct StatedChannel(pub(super) Channel);

/// A ticket in 16 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Ticket(pub(super) u64);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    mode: String,
    seed: String,
    rules: Option<StatedRules>,
    assigned: Vec<Seat>,
    closed: Vec<StatedClosed>,
    cutoffs: Vec<StatedCutoff>,
    #[serde(default)]
    unsettled: Vec<Seat>,
    objective: Objective,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatedRules {
    tickets: String,
    closing: String,
    titles: String,
    siblings: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Objective {
    o1: u64,
}

impl Statement {
    /// Reads a result; one that does not state its rules was made with the usual ones.
    pub fn read(json: &[u8]) -> Result<Statement, Unreadable> {
        let shape: Shape = serde_json::from_slice(json)
            .map_err(|why| Unreadable::Shape { line: why.line(), column: why.column() })?;
        let mode = word("mode", &shape.mode, Mode::ALL, Mode::word)?;
        let seed = seed(&shape.seed).ok_or(Unreadable::Seed)?;
        let (tickets, rules) = match shape.rules {
            None => (Tickets::default(), Rules::default()),
            Some(stated) => stated.rules()?,
        };
        Ok(Statement {
            setting: Setting { mode, seed, tickets, rules },
            assigned: shape.assigned,
            closed: shape.closed,
            cutoffs: shape.cutoffs,
            unsettled: shape.unsettled,
            o1: shape.objective.o1,
        })
    }
}

impl StatedRules {
    fn rules(&self) -> Result<(Tickets, Rules), Unreadable> {
        let scheme = word("tickets", &self.tickets, [Scheme::PerDay, Scheme::One], scheme_word)?;
        let closings = [Closing::Never, Closing::ForGood, Closing::Reopening];
        let closing = word("closing", &self.closing, closings, closing_word)?;
        let titles = word("titles", &self.titles, [Titles::Once, Titles::Repeat], titles_word)?;
        let siblings = match &self.siblings {
            None => Siblings::Apart,
            Some(stated) => word("siblings", stated, [Siblings::Together], siblings_word)?,
        };
        Ok((Tickets { scheme, siblings }, Rules { titles, closing }))
    }
}

/// What a word stands for.
fn word<T: Copy, const N: usize>(
    key: &'static str,
    found: &str,
    all: [T; N],
    word: fn(T) -> &'static str,
) -> Result<T, Unreadable> {
    let meant = all.into_iter().find(|one| word(*one) == found);
    meant.ok_or_else(|| Unreadable::Word { key, found: found.to_owned(), known: all.map(word).to_vec() })
}

/// A seed in lower-case hexadecimal.
fn seed(hex: &str) -> Option<Seed> {
    let bytes = hex.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    Seed::of(bytes.collect::<Option<_>>()?)
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}

impl TryFrom<String> for Named {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Named, &'static str> {
        let (school, offering) = match text.split_once(':') {
            Some((school, offering)) => (Some(school), offering),
            None => (None, text.as_str()),
        };
        let school = school.map(|school| plain(school).ok_or("no school")).transpose()?;
        Ok(Named { school, offering: plain(offering).ok_or("no offering")? })
    }
}

/// A number as it is written here: digits alone, no zero before them.
fn plain(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

impl TryFrom<String> for StatedChannel {
    type Error = &'static str;

    fn try_from(text: String) -> Result<StatedChannel, &'static str> {
        let channel = [Channel::Office, Channel::Family].into_iter().find(|one| channel_word(*one) == text);
        channel.map(StatedChannel).ok_or("no channel")
    }
}

impl TryFrom<String> for Ticket {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Ticket, &'static str> {
        let digits = text.bytes().map(digit).collect::<Option<Vec<u8>>>().filter(|digits| digits.len() == 16);
        let digits = digits.ok_or("no ticket")?;
        Ok(Ticket(digits.into_iter().fold(0, |ticket, digit| ticket << 4 | u64::from(digit))))
    }
}
