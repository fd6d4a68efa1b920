//! Ids: 128 bits, made by the caller, written as 26 lower-case Crockford characters.

use std::fmt;
use std::marker::PhantomData;

/// The letters of Crockford's base 32, without i, l, o and u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What a byte that is no letter of the alphabet counts for.
const NO_DIGIT: u8 = 32;

/// What each byte counts for: every column of every row with an id is read through it.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut digit: u8 = 0;
    while digit < NO_DIGIT {
        digits[ALPHABET[digit as usize] as usize] = digit;
        digit += 1;
    }
    digits
};

/// How many characters an id has when written.
pub const WRITTEN: usize = 26;

/// A school as the operator numbers it: the first part of every key of a school's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchoolId(pub i64);

/// What every id type offers.
pub trait EntityId: Copy + Eq + Ord + fmt::Display {
    /// The id with these 128 bits (a UUIDv7 for new things).
    fn from_bits(bits: u128) -> Self;
    /// The 128 bits of the id.
    fn bits(self) -> u128;
    /// The id written so, or nothing when the text is not 26 Crockford characters of 128 bits.
    fn parse(text: &str) -> Option<Self> {
        read(text).map(Self::from_bits)
    }
}

/// Writes 128 bits as 26 characters; order of texts equals order of numbers.
fn write(bits: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0_u8; WRITTEN];
    for (place, letter) in text.iter_mut().enumerate() {
        let shift = 5 * (WRITTEN - 1 - place);
        let digit = (bits >> shift) & 31;
        *letter = ALPHABET[usize::try_from(digit).expect("five bits fit")];
    }
    f.write_str(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
}

fn read(text: &str) -> Option<u128> {
    if text.len() != WRITTEN {
        return None;
    }
    let mut bits: u128 = 0;
    for letter in text.bytes() {
        let digit = DIGITS[usize::from(letter)];
        // 26 letters hold 130 bits: the first may carry only three
        if digit == NO_DIGIT || bits >> 123 != 0 {
            return None;
        }
        bits = (bits << 5) | u128::from(digit);
    }
    Some(bits)
}

/// An id of one kind of thing; ids of different kinds cannot be taken for one another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<K> {
    bits: u128,
    kind: PhantomData<K>,
}

/// A kind of thing that has ids.
pub trait Kind: Copy + Ord + std::hash::Hash + 'static {
    /// The name of its id type.
    const NAME: &'static str;
}

impl<K: Kind> EntityId for Id<K> {
    fn from_bits(bits: u128) -> Self {
        Id { bits, kind: PhantomData }
    }
    fn bits(self) -> u128 {
        self.bits
    }
}

impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self.bits, f)
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({self})", K::NAME)
    }
}

/// Declares the id types.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// The kinds that ids are of; never made, only named.
        pub mod kind {
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
                pub enum $name {}

                impl super::Kind for $name {
                    const NAME: &'static str = stringify!($name);
                }
            )*
        }

        $($(#[$doc])* pub type $name = Id<kind::$name>;)*
    };
}

ids! {
    /// An id whose kind does not matter, as in an event's subject.
    AnyId;
    /// Someone who signs in, in whatever schools.
    AccountId;
    /// A pupil of one school.
    StudentId;
    /// A guardian as one school knows them.
    GuardianId;
    /// A member of one school's staff.
    StaffId;
    /// A home class, from its first year to its last.
    ClassId;
    /// A term of one school.
    TermId;
    /// One version of a school's plan.
    PlanVersionId;
    /// A notice or letter to families.
    NoticeId;
    /// A family's application for one child.
    ApplicationId;
    /// A service agreement or safety pledge, for one child.
    AgreementId;
    /// One version of the clauses that an agreement is made of.
    ClauseSetId;
    /// A child's place in the service for a term.
    EnrolmentId;
    /// The days of one sign-up for a term.
    SignUpId;
    /// The names shown in one class.
    PublicationId;
    /// One form on paper.
    PaperId;
    /// One thing that a family said on paper.
    SignedPaperId;
    /// One objection to a name that is shown in a class.
    ObjectionId;
    /// One version of the privacy notice.
    PrivacyNoticeId;
    /// One answer to one purpose of data.
    DataConsentId;
    /// One end of a place or an application.
    WithdrawalId;
    /// One list filed with the bureau.
    FilingId;
    /// One request for a correction.
    CorrectionId;
    /// What a school offers beside base care: one title with its days.
    OfferingId;
    /// A round of choosing offerings.
    RoundId;
    /// One change of a seat by hand.
    MoveId;
    /// A place in line for a seat.
    LineId;
    /// A group of children who are cared for together.
    GroupId;
    /// One group's meeting in one slot of one day.
    SessionId;
    /// One fact of the custody ledger.
    FactId;
    /// A missing child's case.
    CaseId;
    /// One call to a guardian about a missing child.
    AttemptId;
    /// One entry of a care log.
    CareEntryId;
    /// A leave that a guardian asked for.
    LeaveId;
    /// A child's leaving before the session ends.
    EarlyLeaveId;
    /// Someone whom a guardian lets collect the child.
    DelegateId;
    /// Someone who must not collect the child.
    RestrictionId;
    /// A guardian's written consent to how a child goes home.
    ConsentId;
    /// A stop at the gate.
    StopId;
    /// One import of a roster workbook.
    ImportId;
    /// One message to one account.
    MessageId;
    /// One line of the event log.
    EventId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_written() {
        for bits in [0, 1, 31, 32, u128::MAX, 0x0192_3456_789a_7bcd_8ef0_1234_5678_9abc] {
            let id = StudentId::from_bits(bits);
            assert_eq!(StudentId::parse(&id.to_string()), Some(id));
        }
    }

    #[test]
    fn texts_sort_as_numbers_do() {
        let small = StudentId::from_bits(1 << 40).to_string();
        let large = StudentId::from_bits(1 << 90).to_string();
        assert!(small < large);
    }

    #[test]
    fn text_that_is_no_id_is_refused() {
        for text in [
            "",
            "0",
            "zzzzzzzzzzzzzzzzzzzzzzzzzz",
            "0000000000000000000000000i",
            "00000000000000000000000000x",
        ] {
            assert_eq!(StudentId::parse(text), None, "{text}");
        }
    }
}
