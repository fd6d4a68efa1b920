//! Who may sign in and for how long: lock-out, the length of a sign-in, passwords and one-time codes.
//!
//! It decides nothing about schools: which seat an account may take is membership, which act a role may begin is
//! [`crate::access`].

use jiff::{SignedDuration, Timestamp};

use crate::access::Role;
use crate::people::cell::squeeze;

/// Wrong attempts in a row after which an account waits.
pub const ATTEMPTS: u32 = 5;

/// How long a first code from a slip holds.
pub const FIRST_CODE_HOLDS: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What becomes of codes on slips that were printed earlier and still hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// They hold: nobody asked to end them.
    Hold,
    /// They end: new ones are wanted openly.
    End,
}

/// What a guardian without a password gets when slips are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// A slip with a new code.
    New,
    /// No slip: the one that was handed out holds still.
    Kept,
}

/// A slip in somebody's hands is worth nothing once a new one is made, so that happens only when it was asked for.
pub const fn slip_for(has_code: bool, earlier: Earlier) -> Printed {
    match (has_code, earlier) {
        (true, Earlier::Hold) => Printed::Kept,
        (false, _) | (true, Earlier::End) => Printed::New,
    }
}

/// Wrong attempts after which a one-time code is worth nothing.
pub const CODE_ATTEMPTS: u32 = 5;

/// The shortest password.
pub const PASSWORD_MIN: usize = 8;

/// The length that the page asks for.
pub const PASSWORD_AIM: usize = 15;

/// The longest password that is taken: longer ones are refused, never cut.
pub const PASSWORD_MAX: usize = 128;

/// Until when an account waits after so many wrong attempts in a row: a minute at the fifth, twice as long at
/// each one more, an hour at most. Nothing below the fifth.
pub fn locked_until(failures: u32, at: Timestamp) -> Option<Timestamp> {
    let beyond = failures.checked_sub(ATTEMPTS)?;
    let minutes = 60.min(1_i64 << beyond.min(6));
    at.checked_add(SignedDuration::from_mins(minutes)).ok()
}

/// Nobody said how the person was verified whose second factor is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotVerified;

/// Whether a lost second factor may be taken away: only when it is said how the person was verified, in a few words.
pub fn may_remove_factor(verified: &str) -> Result<(), NotVerified> {
    if verified.trim().chars().count() < 4 { Err(NotVerified) } else { Ok(()) }
}

/// Whose device somebody signs in on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// One's own.
    Own,
    /// One that others use too, such as the tablet of a duty room.
    Shared,
}

/// How long a sign-in lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// At most so long after signing in.
    pub at_most: SignedDuration,
    /// At most so long after the last request.
    pub idle: SignedDuration,
}

/// How long a sign-in of this role lasts on such a device: a guardian's thirty days on their own phone, staff a
/// week with half a day idle, money and administration eight hours with half an hour idle, a shared device an
/// hour with ten minutes idle.
pub const fn span(role: Role, device: Device) -> Span {
    let (at_most, idle) = match (device, role) {
        (Device::Shared, _) => (SignedDuration::from_hours(1), SignedDuration::from_mins(10)),
        (Device::Own, Role::Guardian) => {
            (SignedDuration::from_hours(30 * 24), SignedDuration::from_hours(30 * 24))
        }
        (Device::Own, role) if role.needs_second_factor() => {
            (SignedDuration::from_hours(8), SignedDuration::from_mins(30))
        }
        (Device::Own, _) => (SignedDuration::from_hours(7 * 24), SignedDuration::from_hours(12)),
    };
    Span { at_most, idle }
}

/// Whether a sign-in still holds for a role at this moment.
pub fn holds(span: Span, signed_in_at: Timestamp, last_seen_at: Timestamp, at: Timestamp) -> bool {
    at.duration_since(signed_in_at) < span.at_most && at.duration_since(last_seen_at) < span.idle
}

/// Why a password is not taken. Facts only: the words are in `web`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadPassword {
    /// Shorter than [`PASSWORD_MIN`] characters.
    Short {
        /// How many characters it has.
        length: usize,
    },
    /// Longer than [`PASSWORD_MAX`] characters.
    Long,
    /// Among those that everybody tries first, or the phone number itself.
    Common,
}

/// Passwords that everybody tries first. No rule asks for digits or signs; length and this list are the rule.
const COMMON: &[&str] = &[
    "00000000",
    "11111111",
    "12121212",
    "12341234",
    "12344321",
    "12345678",
    "123456789",
    "1234567890",
    "123123123",
    "11223344",
    "147258369",
    "1q2w3e4r",
    "1qaz2wsx",
    "5201314520",
    "66666666",
    "87654321",
    "88888888",
    "987654321",
    "99999999",
    "a1234567",
    "a12345678",
    "a123456789",
    "aa123456",
    "aa12345678",
    "abc12345",
    "abc123456",
    "abcd1234",
    "abcdefgh",
    "admin123",
    "administrator",
    "asdfghjkl",
    "football",
    "iloveyou",
    "kehou123",
    "kehou1234",
    "letmein1",
    "password",
    "password1",
    "password12",
    "password123",
    "princess",
    "q1w2e3r4",
    "qazwsxedc",
    "qq123456",
    "qwer1234",
    "qwerty12",
    "qwerty123",
    "qwertyui",
    "qwertyuiop",
    "school123",
    "sunshine",
    "teacher1",
    "teacher123",
    "wang1234",
    "woaini1314",
    "woaini520",
    "xiaoxue123",
    "zaq12wsx",
    "zhang123",
    "zxcvbnm1",
    "zxcvbnm123",
];

/// Whether a password may be taken by the account of this phone number.
pub fn check_password(password: &str, phone: &str) -> Result<(), BadPassword> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(BadPassword::Short { length });
    }
    if PASSWORD_MAX < length {
        return Err(BadPassword::Long);
    }
    let plain = password.to_lowercase();
    let one_letter = plain.chars().all(|letter| plain.starts_with(letter));
    if COMMON.contains(&plain.as_str()) || one_letter || (!phone.is_empty() && plain.contains(phone)) {
        return Err(BadPassword::Common);
    }
    Ok(())
}

/// Whether the name that somebody types for a phone number is one by which its account is known to them, however it is
/// spaced: only then a role is given to the account. What the account is called is not said.
pub fn is_called(typed: &str, known: &[String]) -> bool {
    let typed = squeeze(typed);
    !typed.is_empty() && known.iter().any(|name| squeeze(name) == typed)
}

/// A phone number as people write it, made plain: eleven digits beginning with 1, without spaces, dashes and +86.
/// What it has instead comes back, as the digits that were found.
pub fn phone(text: &str) -> Result<String, usize> {
    let digits: String = text.chars().filter_map(digit).collect();
    let plain = if digits.len() == 13 { digits.strip_prefix("86").unwrap_or(&digits) } else { &digits };
    if plain.len() == 11 && plain.starts_with('1') { Ok(plain.to_owned()) } else { Err(plain.len()) }
}

/// A digit, also a full-width one.
fn digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_that_holds_is_ended_only_openly() {
        let cases = [
            (false, Earlier::Hold, Printed::New),
            (false, Earlier::End, Printed::New),
            (true, Earlier::Hold, Printed::Kept),
            (true, Earlier::End, Printed::New),
        ];
        for (has_code, earlier, expected) in cases {
            assert_eq!(slip_for(has_code, earlier), expected, "{has_code} {earlier:?}");
        }
    }

    fn noon() -> Timestamp {
        "2026-10-13T04:00:00Z".parse().unwrap()
    }

    #[test]
    fn an_account_waits_from_the_fifth_wrong_attempt_on() {
        let minutes =
            |failures| locked_until(failures, noon()).map(|until| until.duration_since(noon()).as_mins());
        let cases =
            [(0, None), (4, None), (5, Some(1)), (6, Some(2)), (8, Some(8)), (11, Some(60)), (40, Some(60))];
        for (failures, expected) in cases {
            assert_eq!(minutes(failures), expected, "{failures}");
        }
    }

    #[test]
    fn a_sign_in_lasts_as_its_role_and_device_say() {
        let hours = |role, device| span(role, device).at_most.as_hours();
        assert_eq!(hours(Role::Guardian, Device::Own), 30 * 24);
        assert_eq!(hours(Role::HomeroomTeacher, Device::Own), 7 * 24);
        assert_eq!(hours(Role::GeneralAffairs, Device::Own), 8);
        assert_eq!(hours(Role::Guardian, Device::Shared), 1);
    }

    #[test]
    fn a_second_factor_is_taken_away_only_with_a_word_on_who_was_verified() {
        assert_eq!(
            (may_remove_factor("  "), may_remove_factor("见了")),
            (Err(NotVerified), Err(NotVerified))
        );
        assert_eq!(may_remove_factor("当面看了工作证"), Ok(()));
    }

    #[test]
    fn a_sign_in_ends_by_age_and_by_rest() {
        let shared = span(Role::GateGuard, Device::Shared);
        let later = |minutes| noon().checked_add(SignedDuration::from_mins(minutes)).unwrap();
        assert!(holds(shared, noon(), later(50), later(59)));
        assert!(!holds(shared, noon(), later(59), later(60)));
        assert!(!holds(shared, noon(), later(40), later(50)));
    }

    #[test]
    fn length_and_what_everybody_tries_decide_on_a_password() {
        let cases = [
            ("1234567", Err(BadPassword::Short { length: 7 })),
            ("12345678", Err(BadPassword::Common)),
            ("Password1", Err(BadPassword::Common)),
            ("zzzzzzzzz", Err(BadPassword::Common)),
            ("x13800000001", Err(BadPassword::Common)),
            ("三年级二班放学后去围棋", Ok(())),
            ("correct horse battery staple", Ok(())),
        ];
        for (password, expected) in cases {
            assert_eq!(check_password(password, "13800000001"), expected, "{password}");
        }
        assert_eq!(check_password(&"长a".repeat(65), ""), Err(BadPassword::Long));
        assert_eq!(check_password(&"长a".repeat(64), ""), Ok(()));
    }

    #[test]
    fn a_name_is_the_same_however_it_is_spaced_and_an_empty_one_is_nobodys() {
        let known = ["李丽".to_owned(), "Li Li".to_owned()];
        for (typed, expected) in [
            ("李丽", true),
            (" 李　丽 ", true),
            ("LiLi", true),
            ("李莉", false),
            ("县官", false),
            ("", false),
        ] {
            assert_eq!(is_called(typed, &known), expected, "{typed}");
        }
        assert!(!is_called(" ", &[String::new()]));
    }

    #[test]
    fn a_phone_number_is_read_as_people_write_it() {
        let cases = [
            ("13800000001", Ok("13800000001")),
            (" 138 0000-0001 ", Ok("13800000001")),
            ("+86 13800000001", Ok("13800000001")),
            ("１３８０００００００１", Ok("13800000001")),
            ("1380000000", Err(10)),
            ("23800000001", Err(11)),
            ("", Err(0)),
        ];
        for (text, expected) in cases {
            assert_eq!(phone(text), expected.map(str::to_owned), "{text}");
        }
    }
}
