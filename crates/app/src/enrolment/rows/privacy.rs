//! Privacy notices, answers to purposes, and requests for correction.

use jiff::Timestamp;
use kehou_db::{self as db, SchoolTx, sql};
use kehou_domain::enrolment::consent::{Answer, Purpose};
use kehou_domain::ids::{CorrectionId, DataConsentId, GuardianId, PrivacyNoticeId, StudentId};

use crate::enrolment::consent::{PrivacyDraft, PrivacyNotice};
use crate::enrolment::corrections::{Correction, CorrectionStatus};

/// The notice in force.
pub(in super::super) fn latest(tx: &mut SchoolTx) -> db::Result<Option<PrivacyNotice>> {
    let sql = sql!(
        "select id, number, officer, officer_phone, place, keep_months, afterwards, asks_again, published_at,
                coalesce((select max(p.number) from privacy_notice p where p.school_id = $1
                          and p.asks_again = 1), 1)
         from privacy_notice where school_id = $1 order by number desc limit 1"
    );
    tx.maybe(sql, &[], |row| {
        let said = PrivacyDraft {
            officer: row.text(2)?,
            officer_phone: row.text(3)?,
            place: row.text(4)?,
            keep_months: u16::try_from(row.int(5)?).unwrap_or(u16::MAX),
            afterwards: row.text(6)?,
            asks_again: row.flag(7)?,
        };
        let (id, number) = (row.id(0)?, row.int(1)?);
        Ok(PrivacyNotice { id, number, said, published_at: row.at(8)?, valid_since: row.int(9)? })
    })
}

pub(in super::super) fn add(
    tx: &mut SchoolTx,
    number: i64,
    draft: &PrivacyDraft,
) -> db::Result<PrivacyNoticeId> {
    let id: PrivacyNoticeId = tx.new_id();
    let sql = sql!(
        "insert into privacy_notice (school_id, id, number, officer, officer_phone, place, keep_months, afterwards,
                                     asks_again, published_at, published_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let (at, account) = (tx.at(), tx.account());
    let args = [
        id.into(),
        number.into(),
        draft.officer.trim().into(),
        draft.officer_phone.trim().into(),
        draft.place.trim().into(),
        i64::from(draft.keep_months).into(),
        draft.afterwards.trim().into(),
        draft.asks_again.into(),
        at.into(),
        account.into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

/// The latest answer to each purpose that was answered for the child.
pub(in super::super) fn answers(tx: &mut SchoolTx, student: StudentId) -> db::Result<Vec<Answer>> {
    let every = history(tx, student)?;
    let mut latest: Vec<Answer> = Vec::new();
    for (answer, _) in every {
        latest.retain(|known| known.purpose != answer.purpose);
        latest.push(answer);
    }
    Ok(latest)
}

/// Every answer for the child, oldest first.
pub(in super::super) fn history(
    tx: &mut SchoolTx,
    student: StudentId,
) -> db::Result<Vec<(Answer, Timestamp)>> {
    let sql = sql!(
        "select purpose, given, notice_number, answered_at from data_consent
         where school_id = $1 and student_id = $2 order by answered_at, id limit 1000"
    );
    tx.all(sql, &[student.into()], |row| {
        let purpose = row.word(0, Purpose::parse)?;
        let answer = Answer { purpose, given: row.flag(1)?, notice_version: row.int(2)? };
        Ok((answer, row.at(3)?))
    })
}

pub(in super::super) fn add_answer(
    tx: &mut SchoolTx,
    student: StudentId,
    guardian: GuardianId,
    answer: &Answer,
) -> db::Result<()> {
    let id: DataConsentId = tx.new_id();
    let sql = sql!(
        "insert into data_consent (school_id, id, student_id, guardian_id, purpose, given, notice_number,
                                   account_id, answered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let (account, at) = (tx.account(), tx.at());
    let args = [
        id.into(),
        student.into(),
        guardian.into(),
        answer.purpose.word().into(),
        answer.given.into(),
        answer.notice_version.into(),
        account.into(),
        at.into(),
    ];
    tx.run(sql, &args).map(|_| ())
}

pub(in super::super) fn add_correction(
    tx: &mut SchoolTx,
    student: StudentId,
    guardian: GuardianId,
    what: &str,
) -> db::Result<CorrectionId> {
    let id: CorrectionId = tx.new_id();
    let sql = sql!(
        "insert into correction_request (school_id, id, student_id, guardian_id, what, asked_at, status, answer)
         values ($1, $2, $3, $4, $5, $6, 'open', '')"
    );
    let at = tx.at();
    tx.run(sql, &[id.into(), student.into(), guardian.into(), what.trim().into(), at.into()])?;
    Ok(id)
}

/// Requests for correction: of one child, or of the whole school with the open ones first.
pub(in super::super) fn corrections(
    tx: &mut SchoolTx,
    student: Option<StudentId>,
) -> db::Result<Vec<Correction>> {
    let sql = sql!(
        "select r.id, r.student_id, s.name, g.name, r.what, r.asked_at, r.status, r.answer, r.answered_at
         from correction_request r
         join student s on s.school_id = $1 and s.id = r.student_id
         join guardian g on g.school_id = $1 and g.id = r.guardian_id
         where r.school_id = $1 and ($2 = '' or r.student_id = $2)
         order by case when r.status = 'open' then 0 else 1 end, r.asked_at desc, r.id limit 200"
    );
    let which = student.map(|student| student.to_string()).unwrap_or_default();
    tx.all(sql, &[which.into()], |row| {
        Ok(Correction {
            id: row.id(0)?,
            student: row.id(1)?,
            student_name: row.text(2)?,
            guardian: row.text(3)?,
            what: row.text(4)?,
            asked_at: row.at(5)?,
            status: row.word(6, CorrectionStatus::parse)?,
            answer: row.text(7)?,
            answered_at: row.maybe_at(8)?,
        })
    })
}

/// Answers a request that is open; nobody answers twice.
pub(in super::super) fn answer_correction(
    tx: &mut SchoolTx,
    id: CorrectionId,
    status: CorrectionStatus,
    answer: &str,
) -> db::Result<()> {
    let sql = sql!(
        "update correction_request set status = $3, answer = $4, answered_by = $5, answered_at = $6
         where school_id = $1 and id = $2 and status = 'open'"
    );
    let (account, at) = (tx.account(), tx.at());
    let args = [id.into(), status.word().into(), answer.trim().into(), account.into(), at.into()];
    match tx.run(sql, &args)? {
        0 => Err(db::Error::NotFound),
        _ => Ok(()),
    }
}
