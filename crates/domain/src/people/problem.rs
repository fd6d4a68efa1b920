//! What can be wrong with a cell or a row of a roster. Facts only: the words are in `web`.

/// One finding about a cell or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Problem {
    /// A row with data and no name.
    NameMissing,
    /// Something else than a name stands in the column of names.
    NameUnreadable,
    /// A digit stands in the name.
    NameHasDigits,
    /// The name is longer than lists have room for.
    NameTooLong,
    /// A row whose class nothing tells.
    ClassMissing,
    /// No known way of writing a class.
    ClassUnreadable,
    /// The spreadsheet has turned a class as 3-2 into a date.
    ClassIsDate,
    /// The class was kept as a number: 3.1 may have been 3.10.
    ClassRuined,
    /// A grade or year of entry that the school cannot have on that day.
    ClassOutOfRange,
    /// A grade of a stage that the school does not teach.
    GradeElsewhere,
    /// Neither 男 nor 女.
    SexUnreadable,
    /// No mobile number and no landline with its area code.
    PhoneUnreadable,
    /// A long number that the spreadsheet has shortened (1.38E+10, fifteen digits): it cannot be restored.
    NumberRuined,
    /// A seat number that is none.
    SeatUnreadable,
    /// Neither day pupil nor boarder.
    BoardingUnreadable,
    /// A formula's error stands in the cell.
    ErrorCell,
    /// The same pupil stands in an earlier row.
    Duplicate {
        /// That row, counted from 1.
        row: u32,
    },
    /// The same pupil stands in an earlier row, and this one states a guardian or a number that the earlier does not.
    DuplicateStatesMore {
        /// That row, counted from 1.
        row: u32,
    },
    /// Another pupil of the same name is in the class; both are kept.
    SameName {
        /// That row, counted from 1.
        row: u32,
    },
    /// The phone stands beside another guardian's name in an earlier row; whose is it?
    PhoneShared {
        /// That row, counted from 1.
        row: u32,
    },
    /// No guardian can be reached: no phone in the row.
    NobodyToCall,
}

/// What a finding means for its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The whole row is refused.
    Row,
    /// The cell is refused, the rest of the row stands.
    Cell,
    /// Nothing is refused; somebody should look.
    Note,
}

impl Problem {
    /// The code for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Problem::NameMissing => "name_missing",
            Problem::NameUnreadable => "name_unreadable",
            Problem::NameHasDigits => "name_has_digits",
            Problem::NameTooLong => "name_too_long",
            Problem::ClassMissing => "class_missing",
            Problem::ClassUnreadable => "class_unreadable",
            Problem::ClassIsDate => "class_is_date",
            Problem::ClassRuined => "class_ruined",
            Problem::ClassOutOfRange => "class_out_of_range",
            Problem::GradeElsewhere => "grade_elsewhere",
            Problem::SexUnreadable => "sex_unreadable",
            Problem::PhoneUnreadable => "phone_unreadable",
            Problem::NumberRuined => "number_ruined",
            Problem::SeatUnreadable => "seat_unreadable",
            Problem::BoardingUnreadable => "boarding_unreadable",
            Problem::ErrorCell => "error_cell",
            Problem::Duplicate { .. } => "duplicate",
            Problem::DuplicateStatesMore { .. } => "duplicate_states_more",
            Problem::SameName { .. } => "same_name",
            Problem::PhoneShared { .. } => "phone_shared",
            Problem::NobodyToCall => "nobody_to_call",
        }
    }

    /// What the finding means for its row.
    pub const fn weight(self) -> Weight {
        match self {
            Problem::NameMissing
            | Problem::NameUnreadable
            | Problem::NameHasDigits
            | Problem::NameTooLong
            | Problem::ClassMissing
            | Problem::ClassUnreadable
            | Problem::ClassIsDate
            | Problem::ClassRuined
            | Problem::ClassOutOfRange
            | Problem::GradeElsewhere
            | Problem::Duplicate { .. }
            | Problem::DuplicateStatesMore { .. } => Weight::Row,
            Problem::SexUnreadable
            | Problem::PhoneUnreadable
            | Problem::NumberRuined
            | Problem::SeatUnreadable
            | Problem::BoardingUnreadable
            | Problem::ErrorCell => Weight::Cell,
            Problem::SameName { .. } | Problem::PhoneShared { .. } | Problem::NobodyToCall => Weight::Note,
        }
    }
}
