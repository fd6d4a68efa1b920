//! Leave asked for beforehand (G5): until when, for how long, by whom.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::access::Role;
use crate::moment::instant;
use crate::plan::CutOff;

/// Why a child stays away. No more than this is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaveKind {
    /// 病假.
    Sick,
    /// 事假.
    Personal,
}

impl LeaveKind {
    /// Both kinds.
    pub const ALL: [LeaveKind; 2] = [LeaveKind::Sick, LeaveKind::Personal];

    /// The kind's word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            LeaveKind::Sick => "sick",
            LeaveKind::Personal => "personal",
        }
    }

    /// The kind of this word.
    pub fn parse(word: &str) -> Option<LeaveKind> {
        LeaveKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// The days of a leave, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from_on: Date,
    /// The last day.
    pub to_on: Date,
}

impl Span {
    /// Whether the day lies in it.
    pub fn covers(self, day: Date) -> bool {
        self.from_on <= day && day <= self.to_on
    }
}

/// The longest leave in days: longer ones are a withdrawal, or a slip of the pen.
pub const LONGEST_LEAVE: i32 = 60;

/// Why a leave is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveRefused {
    /// It ends before it begins.
    EndsBeforeStart,
    /// It begins in the past: the roll of that day has been called.
    Past,
    /// Today's cut-off has passed: call the teacher.
    TooLate {
        /// When it was.
        cut_off: Timestamp,
    },
    /// Longer than [`LONGEST_LEAVE`].
    TooLong {
        /// Its length in days.
        days: i32,
    },
    /// It goes on after the last day of the school's terms.
    AfterTerm {
        /// That last day.
        ends_on: Date,
    },
    /// None of its days has a service.
    NoService {
        /// The next day that has one.
        next: Option<Date>,
    },
    /// The child is on leave on one of these days already.
    There,
    /// It was taken back before.
    TakenBack,
    /// The roll of its first day has been called.
    RollCalled,
}

/// Until when leave for a day may be filed: what the plan says, but never after the day's first session began.
pub fn cut_off(rule: Option<CutOff>, day: Date, starts_at: Timestamp) -> Timestamp {
    let said = match rule {
        Some(CutOff::At(time)) => instant(day, time),
        Some(CutOff::BeforeStart(minutes)) => {
            starts_at.checked_sub(i64::from(minutes).minutes()).unwrap_or(starts_at)
        }
        None => starts_at,
    };
    said.min(starts_at)
}

/// Whether leave may be filed now. `today` has a cut-off only when the child has a session today; staff who write down
/// what a family says are not bound by it, since the teacher's eyes overrule the paper anyway.
pub fn file_leave(
    span: Span,
    now: Timestamp,
    today: Date,
    cut_off: Option<Timestamp>,
    by: Role,
) -> Result<(), LeaveRefused> {
    if span.to_on < span.from_on {
        return Err(LeaveRefused::EndsBeforeStart);
    }
    if span.from_on < today {
        return Err(LeaveRefused::Past);
    }
    let days = (span.to_on - span.from_on).get_days() + 1;
    if LONGEST_LEAVE < days {
        return Err(LeaveRefused::TooLong { days });
    }
    match cut_off {
        Some(cut_off) if by == Role::Guardian && span.covers(today) && cut_off < now => {
            Err(LeaveRefused::TooLate { cut_off })
        }
        Some(_) | None => Ok(()),
    }
}

/// G5: leave is for days of service within the school's terms, so that a slip of the pen is noticed. `first_service_day`
/// is the first day from the leave's first day on that has a service, by calendar and plan, or may have one.
pub fn on_service_days(
    span: Span,
    terms_end_on: Option<Date>,
    first_service_day: Option<Date>,
) -> Result<(), LeaveRefused> {
    if let Some(ends_on) = terms_end_on.filter(|ends_on| *ends_on < span.to_on) {
        return Err(LeaveRefused::AfterTerm { ends_on });
    }
    match first_service_day {
        Some(day) if span.covers(day) => Ok(()),
        next => Err(LeaveRefused::NoService { next }),
    }
}
