//! The reasons of an allocation: one line a wish, streamed.
//!
//! ```text
//! <number> <offering> <reason> <tier>:<ticket> <cut-off> <what would have had to differ>
//! ```
//!
//! A tier with a `+` is that of a child who goes on with what it has been in.
//!
//! | field | words |
//! |---|---|
//! | reason | `got`, `not_eligible:grade` or `:sex`, `not_needed:day:7` (offering 7 has the day), `not_needed:limit`, `not_needed:title:7`, `not_needed:more_days:7` (it meets on more days and is given before), `not_needed:apart:7`, `closed:3/8` (3 of 8 children), `full:23` (23 children before this one), `unsettled` |
//! | cut-off | `free`, `<tier>:<ticket>` of the last admitted, `none` (no seats), `closed`; where some seats are kept the last of each part, with commas between them: `priority=<tier>:<ticket>`, `office=<by>:<tier>:<ticket>`, `others=<tier>:<ticket>` |
//! | differs | `-`, `grade`, `sex`, `order`, `order+ticket`, `order+children`, `children:5`, `ticket:<most>`, `seats:4`, `title_rule`, `week_rules`; `mode` where another mode than `da` passed the child over |

use std::io::{self, Write};

use kehou_domain::allocation::{Cutoff, Differs, Explained, Parted, Place, Reason, Reasons, Unfit, Used};

use super::Mode;
use super::result::{Made, channel_word};
use super::text::{Text, push_hex, push_number, push_offering};

/// The reasons of an allocation on their way into a file.
pub struct Explanations<'to> {
    text: Text<'to>,
    several: bool,
}

impl<'to> Explanations<'to> {
    /// Begins the reasons for so many schools.
    pub fn begin(to: &'to mut dyn Write, schools: usize) -> Explanations<'to> {
        Explanations { text: Text::into(to), several: 1 < schools }
    }

    /// Tells every wish of one school, applicant by applicant.
    pub fn add(&mut self, made: &Made<'_>) -> io::Result<()> {
        let market = &made.school.market;
        let reasons = Reasons::of(market, &made.lots, made.titles, &made.allocation);
        let line = Line { school: self.several.then_some(made.school.number), made };
        for at in 0..market.applicants().len() {
            reasons.tell(at, |explained| line.push(self.text.gathered(), &explained));
            self.text.flow()?;
        }
        Ok(())
    }

    /// Writes the rest.
    pub fn finish(self) -> io::Result<()> {
        self.text.finish()
    }
}

/// What a line is written from, besides the wish.
struct Line<'a> {
    school: Option<u32>,
    made: &'a Made<'a>,
}

impl Line<'_> {
    fn push(&self, text: &mut Vec<u8>, explained: &Explained) {
        push_number(text, explained.place.number);
        text.push(b' ');
        push_offering(text, self.school, explained.offering);
        text.push(b' ');
        self.push_reason(text, explained);
        text.push(b' ');
        push_place(text, explained.place);
        text.push(b' ');
        push_cutoff(text, explained.cutoff);
        text.push(b' ');
        push_differs(text, explained.differs, self.made.mode);
        text.push(b'\n');
    }

    fn push_reason(&self, text: &mut Vec<u8>, explained: &Explained) {
        match explained.reason {
            Reason::Got => text.extend_from_slice(b"got"),
            Reason::NotEligible(unfit) => {
                text.extend_from_slice(b"not_eligible:");
                text.extend_from_slice(unfit_word(unfit));
            }
            Reason::NotNeeded(used) => self.push_used(text, used),
            Reason::Closed => self.push_closed(text, explained.offering),
            Reason::Full => {
                text.extend_from_slice(b"full:");
                push_number(text, u64::from(explained.ahead));
            }
            Reason::Unsettled => text.extend_from_slice(b"unsettled"),
        }
    }

    fn push_used(&self, text: &mut Vec<u8>, used: Used) {
        let (word, by): (&[u8], _) = match used {
            Used::Day(by) => (b"not_needed:day:", Some(by)),
            Used::Title(by) => (b"not_needed:title:", Some(by)),
            Used::MoreDays(by) => (b"not_needed:more_days:", Some(by)),
            Used::Apart(by) => (b"not_needed:apart:", Some(by)),
            Used::Limit => (b"not_needed:limit", None),
        };
        text.extend_from_slice(word);
        if let Some(by) = by {
            push_offering(text, self.school, by);
        }
    }

    fn push_closed(&self, text: &mut Vec<u8>, offering: u32) {
        let closed = self.made.allocation.closed().iter().find(|closed| closed.offering == offering);
        let closed = closed.expect("a wish is refused as closed by an offering that is");
        text.extend_from_slice(b"closed:");
        push_number(text, u64::from(closed.children));
        text.push(b'/');
        push_number(text, u64::from(closed.minimum));
    }
}

fn push_place(text: &mut Vec<u8>, place: Place) {
    push_number(text, u64::from(place.tier));
    text.extend_from_slice(if place.is_new { b":" } else { b"+:" });
    push_hex(text, &place.ticket.to_be_bytes());
}

fn push_cutoff(text: &mut Vec<u8>, cutoff: Cutoff) {
    match cutoff {
        Cutoff::Free => text.extend_from_slice(b"free"),
        Cutoff::Last(place) => push_place(text, place),
        Cutoff::Parted(lasts) => push_lasts(text, lasts),
        Cutoff::NoSeats => text.extend_from_slice(b"none"),
        Cutoff::Closed => text.extend_from_slice(b"closed"),
    }
}

fn push_lasts(text: &mut Vec<u8>, lasts: Parted) {
    let begins = text.len();
    let office = lasts.office.map(|(by, last)| (format!("office={}:", channel_word(by)), last));
    let priority = lasts.priority.map(|last| ("priority=".to_owned(), last));
    let others = lasts.others.map(|last| ("others=".to_owned(), last));
    for (word, last) in [priority, office, others].into_iter().flatten() {
        if begins < text.len() {
            text.push(b',');
        }
        text.extend_from_slice(word.as_bytes());
        push_place(text, last);
    }
}

fn push_differs(text: &mut Vec<u8>, differs: Differs, by: Mode) {
    match differs {
        Differs::Nothing => text.push(b'-'),
        Differs::Fit(unfit) => text.extend_from_slice(unfit_word(unfit)),
        Differs::Order => text.extend_from_slice(b"order"),
        Differs::OrderAndPlace => text.extend_from_slice(b"order+ticket"),
        Differs::OrderAndChildren => text.extend_from_slice(b"order+children"),
        Differs::Children(more) => {
            text.extend_from_slice(b"children:");
            push_number(text, u64::from(more));
        }
        Differs::Ticket(most) => {
            text.extend_from_slice(b"ticket:");
            push_hex(text, &most.to_be_bytes());
        }
        Differs::Seats(more) => {
            text.extend_from_slice(b"seats:");
            push_number(text, u64::from(more));
        }
        Differs::TitleRule => text.extend_from_slice(match by {
            Mode::Deferred => b"title_rule",
            Mode::Cheapest | Mode::MostSeats => b"mode",
        }),
        Differs::WeekRules => text.extend_from_slice(match by {
            Mode::Deferred => b"week_rules",
            Mode::Cheapest | Mode::MostSeats => b"mode",
        }),
    }
}

const fn unfit_word(unfit: Unfit) -> &'static [u8] {
    match unfit {
        Unfit::Grade => b"grade",
        Unfit::Sex => b"sex",
    }
}
