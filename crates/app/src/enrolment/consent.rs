//! The privacy notice, and consent to each purpose apart from the service agreement.

use jiff::Timestamp;
use kehou_db::{self as db, Event, SchoolTx, Tx};
use kehou_domain::access::{GiveConsent, KeepPrivacyNotice, ReadOwnEnrolment};
use kehou_domain::enrolment::consent::{Answer, Purpose};
use kehou_domain::ids::{GuardianId, PrivacyNoticeId, StudentId};
use serde_json::json;

use super::rows::{desk, privacy as rows};
use super::setting::{guardian, own_pupil};

/// What the school says about the data that it keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacyDraft {
    /// The responsible person (专人负责).
    pub officer: String,
    /// How to reach them.
    pub officer_phone: String,
    /// Where the data lies.
    pub place: String,
    /// For how many months it is kept after the child has left, 1 to 240.
    pub keep_months: u16,
    /// What happens with it then.
    pub afterwards: String,
    /// Whether this version brings a new purpose, so that everybody is asked again.
    pub asks_again: bool,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacyNotice {
    /// Its id.
    pub id: PrivacyNoticeId,
    /// Counted from 1.
    pub number: i64,
    /// What it says.
    pub said: PrivacyDraft,
    /// Since when.
    pub published_at: Timestamp,
    /// The first version whose answers still hold.
    pub valid_since: i64,
}

/// A child's consents and the notice in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consents {
    /// The child's name.
    pub student: String,
    /// The notice, once the school has published one.
    pub notice: Option<PrivacyNotice>,
    /// The latest answer to each purpose that was answered.
    pub answers: Vec<Answer>,
}

/// The notice in force, for the office.
pub fn privacy_notice(tx: &mut Tx<KeepPrivacyNotice>) -> db::Result<Option<PrivacyNotice>> {
    rows::latest(tx)
}

/// Publishes the next version.
pub fn publish_privacy_notice(
    tx: &mut Tx<KeepPrivacyNotice>,
    draft: &PrivacyDraft,
) -> db::Result<PrivacyNoticeId> {
    desk::hold(tx)?;
    let number = rows::latest(tx)?.map_or(1, |notice| notice.number + 1);
    let id = rows::add(tx, number, draft)?;
    let facts = json!({ "number": number, "keep_months": draft.keep_months, "asks_again": draft.asks_again });
    tx.event(Event::of::<KeepPrivacyNotice>(id).facts(facts))?;
    Ok(id)
}

/// The notice and the answers for one's own child.
pub fn consents(tx: &mut Tx<ReadOwnEnrolment>, student: StudentId) -> db::Result<Consents> {
    let pupil = own_pupil(tx, student)?;
    let (notice, answers) = (rows::latest(tx)?, rows::answers(tx, student)?);
    Ok(Consents { student: pupil.name, notice, answers })
}

/// The acting guardian answers purposes for one child. Each answer is added; the latest holds. A yes can be
/// taken back at any time.
pub fn answer_purposes(
    tx: &mut Tx<GiveConsent>,
    student: StudentId,
    answers: &[(Purpose, bool)],
) -> db::Result<()> {
    let guardian = guardian(tx)?;
    own_pupil(tx, student)?;
    answer_for(tx, (student, guardian), answers)
}

/// Whether there is a privacy notice that a family can answer.
pub(crate) fn can_answer(tx: &mut SchoolTx) -> db::Result<bool> {
    Ok(rows::latest(tx)?.is_some())
}

/// Adds a guardian's answers to what was answered before.
pub(crate) fn answer_for(
    tx: &mut SchoolTx,
    (student, guardian): (StudentId, GuardianId),
    answers: &[(Purpose, bool)],
) -> db::Result<()> {
    let notice = rows::latest(tx)?.ok_or(db::Error::NotFound)?;
    let before = rows::answers(tx, student)?;
    for (purpose, given) in answers {
        let answer = Answer { purpose: *purpose, given: *given, notice_version: notice.number };
        if !before.contains(&answer) {
            rows::add_answer(tx, student, guardian, &answer)?;
            note(tx, student, &answer)?;
        }
    }
    Ok(())
}

fn note(tx: &mut SchoolTx, student: StudentId, answer: &Answer) -> db::Result<()> {
    let facts =
        json!({ "purpose": answer.purpose.word(), "given": answer.given, "notice": answer.notice_version });
    tx.event(Event::new("GiveConsent", student).facts(facts))
}
