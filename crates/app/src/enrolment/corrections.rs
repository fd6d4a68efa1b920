//! A family asks that something the school holds be put right.

use jiff::Timestamp;
use kehou_db::{self as db, Event, Failed, Tx};
use kehou_domain::access::{AnswerCorrections, AskForCorrection};
use kehou_domain::ids::{CorrectionId, StudentId};
use serde_json::json;

use super::rows::privacy as rows;
use super::setting::{guardian, own_pupil};

/// What has become of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionStatus {
    /// Nobody has answered.
    Open,
    /// Put right.
    Done,
    /// Left as it is, with a reason.
    Declined,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Its id.
    pub id: CorrectionId,
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub student_name: String,
    /// Who asks.
    pub guardian: String,
    /// What is wrong, and what would be right.
    pub what: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// What has become of it.
    pub status: CorrectionStatus,
    /// The school's answer, or empty.
    pub answer: String,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
}

/// Why nothing was asked or answered. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotAsk {
    /// Nothing was written.
    NothingSaid,
    /// More than `longest` characters.
    TooLong {
        /// How many would do.
        longest: usize,
    },
}

impl CorrectionStatus {
    /// The status's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            CorrectionStatus::Open => "open",
            CorrectionStatus::Done => "done",
            CorrectionStatus::Declined => "declined",
        }
    }

    /// The status of this word.
    pub fn parse(word: &str) -> Option<CorrectionStatus> {
        let all = [CorrectionStatus::Open, CorrectionStatus::Done, CorrectionStatus::Declined];
        all.into_iter().find(|status| status.word() == word)
    }
}

/// The most characters of a request or an answer.
const LONGEST: usize = 1_000;

fn check(text: &str) -> Result<(), CannotAsk> {
    match text.trim().chars().count() {
        0 => Err(CannotAsk::NothingSaid),
        count if LONGEST < count => Err(CannotAsk::TooLong { longest: LONGEST }),
        _ => Ok(()),
    }
}

/// The acting guardian asks for a correction.
pub fn ask_for_correction(
    tx: &mut Tx<AskForCorrection>,
    student: StudentId,
    what: &str,
) -> Result<CorrectionId, Failed<CannotAsk>> {
    let guardian = guardian(tx)?;
    own_pupil(tx, student)?;
    check(what).map_err(Failed::Refused)?;
    let id = rows::add_correction(tx, student, guardian, what)?;
    tx.event(Event::of::<AskForCorrection>(id).about(student, json!({ "what": what.trim() })))?;
    Ok(id)
}

/// Every request, the open ones first.
pub fn corrections(tx: &mut Tx<AnswerCorrections>) -> db::Result<Vec<Correction>> {
    rows::corrections(tx, None)
}

/// Answers an open request.
pub fn answer_correction(
    tx: &mut Tx<AnswerCorrections>,
    id: CorrectionId,
    status: CorrectionStatus,
    answer: &str,
) -> Result<(), Failed<CannotAsk>> {
    check(answer).map_err(Failed::Refused)?;
    rows::answer_correction(tx, id, status, answer)?;
    tx.event(Event::of::<AnswerCorrections>(id).facts(json!({ "status": status.word() })))?;
    Ok(())
}
