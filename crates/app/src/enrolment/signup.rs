//! A term's sign-up: its days, its letter, and the survey before it (C8, F11).

use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{AnswerSurvey, KeepSignUps};
use kehou_domain::enrolment::apply::Window;
use kehou_domain::ids::{NoticeId, SignUpId, StudentId, TermId};
use serde_json::json;

use super::letters::{LetterKind, LetterStatus};
use super::rows::{letters, signups as rows};
use super::setting::{InClass, guardian, own_pupil};

/// A term's sign-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// Its id.
    pub id: SignUpId,
    /// The term.
    pub term: TermId,
    /// The term's name.
    pub term_name: String,
    /// The first day of the term's service.
    pub service_from: Date,
    /// The letter that families read first (M1).
    pub notice: NoticeId,
    /// First and last day of the survey (C8), both inclusive.
    pub survey: (Date, Date),
    /// The days of applying.
    pub window: Window,
    /// Within how many days each review step is due.
    pub review_days: u8,
}

/// What the office sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUpDraft {
    /// The term.
    pub term: TermId,
    /// The letter that families read first.
    pub notice: NoticeId,
    /// First and last day of the survey, both inclusive.
    pub survey: (Date, Date),
    /// The days of applying.
    pub window: Window,
    /// Within how many days each review step is due, 1 to 60.
    pub review_days: u8,
}

/// A term that a sign-up can be opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermChoice {
    /// The term.
    pub id: TermId,
    /// Its name.
    pub name: String,
}

/// Why a sign-up cannot be opened so. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotOpen {
    /// The survey's last day before its first.
    SurveyOutOfOrder,
    /// The sign-up's last day before its first.
    DaysOutOfOrder,
    /// The letter is not published, or is only a notice (M1).
    LetterNotPublished,
    /// A review takes 1 to 60 days.
    ReviewDays,
}

/// What a family wants, before it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not sure yet.
    Unsure,
}

/// A family's answer to the survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intention {
    /// Whether.
    pub wish: Wish,
    /// On which weekdays, 1 is Monday.
    pub weekdays: Vec<i8>,
    /// Whatever else they say.
    pub remark: String,
}

/// Why an answer does not count. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotAnswer {
    /// The survey begins later.
    NotOpenYet {
        /// First day.
        opens_on: Date,
    },
    /// The survey is over.
    Over {
        /// Last day.
        closes_on: Date,
    },
    /// A yes needs at least one weekday.
    NoWeekday,
}

/// The survey of one class (F11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurveyLine {
    /// The class.
    pub class: InClass,
    /// Children on roll.
    pub children: u32,
    /// Of them: yes.
    pub yes: u32,
    /// Of them: no.
    pub no: u32,
    /// Of them: not sure.
    pub unsure: u32,
}

impl Wish {
    /// Every answer, in the order of the form.
    pub const ALL: [Wish; 3] = [Wish::Yes, Wish::No, Wish::Unsure];

    /// The answer's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Wish::Yes => "yes",
            Wish::No => "no",
            Wish::Unsure => "unsure",
        }
    }

    /// The answer of this word.
    pub fn parse(word: &str) -> Option<Wish> {
        Wish::ALL.into_iter().find(|wish| wish.word() == word)
    }
}

/// The sign-up of the running or the next term.
pub(super) fn current(tx: &mut SchoolTx) -> db::Result<Option<SignUp>> {
    rows::current(tx)
}

/// The sign-up of the running or the next term, for the office.
pub fn current_sign_up(tx: &mut Tx<KeepSignUps>) -> db::Result<Option<SignUp>> {
    current(tx)
}

/// The terms that have not ended.
pub fn terms_to_open(tx: &mut Tx<KeepSignUps>) -> db::Result<Vec<TermChoice>> {
    rows::terms(tx)
}

/// Opens a term's sign-up or moves its days (C8, F11).
pub fn open_sign_up(
    tx: &mut Tx<KeepSignUps>,
    draft: &SignUpDraft,
) -> Result<SignUpId, Failed<Vec<CannotOpen>>> {
    let letter = letters::letter(tx, draft.notice)?;
    let wrong = wrong_opening(draft, (letter.said.kind, letter.status));
    if !wrong.is_empty() {
        return Err(Failed::Refused(wrong));
    }
    let id = rows::save(tx, draft)?;
    tx.event(Event::of::<KeepSignUps>(id).facts(json!({
        "term": draft.term.to_string(),
        "survey": [draft.survey.0.to_string(), draft.survey.1.to_string()],
        "opens_on": draft.window.opens_on.to_string(),
        "closes_on": draft.window.closes_on.map(|day| day.to_string()),
        "review_days": draft.review_days,
    })))?;
    Ok(id)
}

fn wrong_opening(draft: &SignUpDraft, letter: (LetterKind, LetterStatus)) -> Vec<CannotOpen> {
    let (from, to) = draft.survey;
    let ends = draft.window.closes_on.unwrap_or(draft.window.opens_on);
    [
        (letter != (LetterKind::Letter, LetterStatus::Published), CannotOpen::LetterNotPublished),
        (to < from, CannotOpen::SurveyOutOfOrder),
        (ends < draft.window.opens_on, CannotOpen::DaysOutOfOrder),
        (!(1..=60).contains(&draft.review_days), CannotOpen::ReviewDays),
    ]
    .into_iter()
    .filter_map(|(is_wrong, why)| is_wrong.then_some(why))
    .collect()
}

/// The acting guardian's answer for one child; a later answer replaces it while the survey runs (C8).
pub fn answer_survey(
    tx: &mut Tx<AnswerSurvey>,
    student: StudentId,
    intention: &Intention,
) -> Result<(), Failed<CannotAnswer>> {
    let guardian = guardian(tx)?;
    let child = own_pupil(tx, student)?;
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    may_answer(&sign_up, intention, tx.today()).map_err(Failed::Refused)?;
    rows::save_intention(tx, sign_up.id, child.id, guardian, intention)?;
    let facts = json!({ "child": child.id.to_string(), "wish": intention.wish.word() });
    tx.event(Event::of::<AnswerSurvey>(sign_up.id).facts(facts))?;
    Ok(())
}

fn may_answer(sign_up: &SignUp, intention: &Intention, today: Date) -> Result<(), CannotAnswer> {
    let (opens_on, closes_on) = sign_up.survey;
    if today < opens_on {
        return Err(CannotAnswer::NotOpenYet { opens_on });
    }
    if closes_on < today {
        return Err(CannotAnswer::Over { closes_on });
    }
    if intention.wish == Wish::Yes && intention.weekdays.is_empty() {
        return Err(CannotAnswer::NoWeekday);
    }
    Ok(())
}

/// What families want, class by class (F11).
pub fn survey(tx: &mut Tx<KeepSignUps>) -> db::Result<Vec<SurveyLine>> {
    match current(tx)? {
        Some(sign_up) => rows::survey(tx, &sign_up),
        None => Ok(Vec::new()),
    }
}
