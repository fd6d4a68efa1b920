//! How a place ends: the family leaves at any time, the school only with notice and a reason (B6).

use jiff::ToSpan;
use jiff::civil::Date;

/// How many days a school gives a family between its word and the last day. No source states a number.
pub const NOTICE_DAYS: i64 = 7;

/// A child's place: first and last day, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// First day.
    pub from_on: Date,
    /// Last day, or none while it is open.
    pub to_on: Option<Date>,
}

/// Why a place cannot end so. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotEnd {
    /// It has ended, or an earlier end is set.
    AlreadyEnded {
        /// The last day that is set.
        to_on: Date,
    },
    /// A last day that is past.
    InThePast,
    /// A last day after the term, when no service is left to leave.
    AfterTerm {
        /// The term's last day.
        ends_on: Date,
    },
    /// The school must give notice.
    NoticeTooShort {
        /// The first last day that would do.
        earliest: Date,
    },
    /// The school must say why.
    ReasonMissing,
}

/// A term is ended only by somebody who was told how many children hold a place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTold {
    /// Children with a place in the term, today or from a later day on.
    pub holders: u32,
}

/// Whether a term ends now, for good: `told` is the number of place holders that whoever ends it was told, if any (B6).
pub fn end_term(holders: u32, told: Option<u32>) -> Result<(), NotTold> {
    if told == Some(holders) { Ok(()) } else { Err(NotTold { holders }) }
}

/// The first day of a place that is made today: the first of the service, or tomorrow once it runs, because
/// today's lists are out (R1). Who left and comes back has one place a day.
pub fn first_day(service_from: Date, today: Date, left_on: Option<Date>) -> Date {
    let after = |day: Date| day.saturating_add(1.day());
    service_from.max(after(today)).max(left_on.map_or(service_from, after))
}

/// Whether a last day lies in its term: a year typed wrong would keep a child on the lists that its family took away.
pub fn in_term(last_day: Date, ends_on: Date) -> Result<(), CannotEnd> {
    if ends_on < last_day { Err(CannotEnd::AfterTerm { ends_on }) } else { Ok(()) }
}

/// The family leaves: any day from today on, without a reason, without an answer from the school (B6).
pub fn withdraw(stay: Stay, last_day: Date, today: Date) -> Result<Date, CannotEnd> {
    if last_day < today {
        return Err(CannotEnd::InThePast);
    }
    match stay.to_on {
        Some(to_on) if to_on <= last_day => Err(CannotEnd::AlreadyEnded { to_on }),
        Some(_) | None => Ok(last_day),
    }
}

/// The school ends the service because the agreement is not kept (B6, F7): with notice and a reason.
pub fn terminate(stay: Stay, last_day: Date, reason: &str, today: Date) -> Result<Date, Vec<CannotEnd>> {
    let earliest = today.saturating_add(NOTICE_DAYS.days());
    let too_soon = (last_day < earliest).then_some(CannotEnd::NoticeTooShort { earliest });
    let no_reason = reason.trim().is_empty().then_some(CannotEnd::ReasonMissing);
    let wrong: Vec<CannotEnd> = too_soon.into_iter().chain(no_reason).collect();
    if wrong.is_empty() { withdraw(stay, last_day, today).map_err(|why| vec![why]) } else { Err(wrong) }
}
