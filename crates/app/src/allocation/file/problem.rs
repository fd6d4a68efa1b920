//! What can be wrong with a file of a market, as facts with a position; the words are in `web`.

use jiff::civil::Weekday;
use kehou_domain::allocation::{Kind, Unfit};

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a line or with the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The first line does not begin with `ALLOC1`.
    NotAlloc1,
    /// A line begins with something else than L, O or P.
    UnknownLine {
        /// What it begins with.
        found: String,
    },
    /// An offering or an applicant before the first school.
    NoSchool,
    /// An offering after the first applicant of its school.
    OfferingAfterApplicant,
    /// A line ends too early.
    Missing(Field),
    /// A line goes on after its last field.
    TooMuch {
        /// What stands there.
        found: String,
    },
    /// Something else than a number in its range.
    Number {
        /// Which number.
        field: Field,
        /// The least.
        least: u64,
        /// The most.
        most: u64,
        /// What stands there.
        found: String,
    },
    /// The offerings of a school are not numbered 0, 1, 2 …
    OutOfOrder {
        /// The number that comes next.
        next: u64,
    },
    /// More seats than a group of this kind may have (E4).
    TooManySeats {
        /// The kind.
        kind: Kind,
    },
    /// The highest grade is below the lowest.
    GradesBackwards,
    /// A child may have more a week than its school allows anybody.
    LimitAboveSchool {
        /// What the school allows.
        most: u8,
    },
    /// A wish for something that is not offered.
    UnknownOffering {
        /// What was wished.
        offering: u64,
        /// How many offerings the school has.
        offerings: usize,
    },
    /// A wish stands in the list of another weekday.
    WrongDay {
        /// What was wished.
        offering: u32,
        /// In whose list.
        listed: Weekday,
        /// When it meets.
        meets: Weekday,
    },
    /// A child names an offering twice.
    WishTwice {
        /// Which.
        offering: u32,
    },
    /// The offering is not for this child.
    NotEligible {
        /// Which.
        offering: u32,
        /// Why.
        unfit: Unfit,
    },
    /// An offering meets on its further days before its first.
    AlsoEarlier,
    /// By nobody else than the office may wishes be written besides the family.
    NotOffice {
        /// What stands there.
        found: String,
    },
    /// With nobody else than a sibling a child may want to be.
    NotSibling {
        /// What stands there.
        found: String,
    },
    /// A child goes on with what it does not wish.
    GoesOnUnwished {
        /// Which.
        offering: u32,
    },
    /// Two applicants of a school have one number.
    NumberTwice {
        /// Which.
        number: u64,
    },
    /// Two schools have one number.
    SchoolTwice {
        /// Which.
        school: u32,
    },
    /// The file says how many there are, and there are not.
    Count {
        /// Of what.
        field: Field,
        /// What the file says.
        stated: u64,
        /// How many there are.
        found: u64,
    },
}

/// A field of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The name of the file.
    Name,
    /// The seed of the generator.
    GeneratorSeed,
    /// How many schools.
    Schools,
    /// How many applicants.
    Applicants,
    /// How many offerings.
    Offerings,
    /// How many wishes.
    Wishes,
    /// A school's number.
    School,
    /// The most offerings a week.
    WeeklyLimit,
    /// An offering's number.
    Offering,
    /// A title.
    Title,
    /// A weekday, 0 Monday to 4 Friday.
    Day,
    /// A kind of group.
    Kind,
    /// The seats.
    Capacity,
    /// The fewest children.
    Minimum,
    /// Seats that are kept for some first.
    Kept,
    /// A grade.
    Grade,
    /// A sex.
    Sex,
    /// An application's number.
    Number,
    /// The priority groups.
    Priority,
    /// A family.
    Family,
    /// The list of wishes for a weekday.
    List,
}
