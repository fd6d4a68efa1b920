//! Missing children: their cases, the calls, whom to call.

use jiff::civil::Date;
use kehou_db::{Arg, Result, Row, SchoolTx, sql};
use kehou_domain::attendance::{Answer, Outcome};
use kehou_domain::ids::{AttemptId, CaseId, GuardianId, SessionId, StudentId};

use crate::attendance::case::{Attempt, Case, Contact};

/// Opens cases, or opens them again.
pub(crate) fn open(
    tx: &mut SchoolTx,
    (session, day): (SessionId, Date),
    students: &[StudentId],
) -> Result<()> {
    let sql = sql!(
        "insert into absence_case (school_id, id, student_id, day, session_id, opened_at, opened_by, status, version)
         values ($1, $2, $3, $4, $5, $6, $7, 'open', 0)
         on conflict (school_id, session_id, student_id) do update
         set status = 'open', outcome = null, closed_at = null, closed_by = null"
    );
    let (at, account) = (tx.at(), tx.account());
    let mut lists: Vec<Vec<Arg>> = Vec::new();
    for student in students {
        let id: CaseId = tx.new_id();
        lists.push(vec![id.into(), (*student).into(), day.into(), session.into(), at.into(), account.into()]);
    }
    tx.run_each(sql, &lists).map(|_| ())
}

/// Closes the cases of these children in the session, open or explained, each with its outcome; an undone mark brings
/// an explanation back.
pub(crate) fn close_of(tx: &mut SchoolTx, session: SessionId, closed: &[(StudentId, Outcome)]) -> Result<()> {
    let sql = sql!(
        "update absence_case set status = 'closed', outcome = $4, closed_at = $5, closed_by = $6
         where school_id = $1 and session_id = $2 and student_id = $3
           and (outcome is null or outcome in ('in_school', 'with_family') or $4 in ('in_school', 'with_family'))"
    );
    let (at, account) = (tx.at(), tx.account());
    let columns = |(student, outcome): &(StudentId, Outcome)| -> Vec<Arg> {
        vec![session.into(), (*student).into(), outcome.word().into(), at.into(), account.into()]
    };
    tx.run_each(sql, &closed.iter().map(columns).collect::<Vec<_>>()).map(|_| ())
}

/// Makes everyone else who changes this case wait until this transaction ends.
pub(crate) fn hold(tx: &mut SchoolTx, id: CaseId) -> Result<()> {
    let sql = sql!("update absence_case set version = version + 1 where school_id = $1 and id = $2");
    match tx.run(sql, &[id.into()])? {
        0 => Err(kehou_db::Error::NotFound),
        _ => Ok(()),
    }
}

pub(crate) fn close(tx: &mut SchoolTx, id: CaseId, outcome: Outcome) -> Result<()> {
    let sql = sql!(
        "update absence_case set status = 'closed', outcome = $3, closed_at = $4, closed_by = $5
         where school_id = $1 and id = $2"
    );
    let (at, account) = (tx.at(), tx.account());
    tx.run(sql, &[id.into(), outcome.word().into(), at.into(), account.into()]).map(|_| ())
}

pub(crate) fn case(tx: &mut SchoolTx, id: CaseId) -> Result<Case> {
    let sql = sql!(
        "select c.id, c.student_id, p.name, p.seat_no, c.session_id, c.day, g.name, s.slot_name, c.opened_at,
           c.status, c.outcome, c.closed_at
         from absence_case c
         join student p on p.school_id = c.school_id and p.id = c.student_id
         join session s on s.school_id = c.school_id and s.id = c.session_id
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         where c.school_id = $1 and c.id = $2"
    );
    tx.one(sql, &[id.into()], read_case)
}

/// The cases of a session, open ones first.
pub(crate) fn of_session(tx: &mut SchoolTx, session: SessionId) -> Result<Vec<Case>> {
    let sql = sql!(
        "select c.id, c.student_id, p.name, p.seat_no, c.session_id, c.day, g.name, s.slot_name, c.opened_at,
           c.status, c.outcome, c.closed_at
         from absence_case c
         join student p on p.school_id = c.school_id and p.id = c.student_id
         join session s on s.school_id = c.school_id and s.id = c.session_id
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         where c.school_id = $1 and c.session_id = $2
         order by c.status desc, p.seat_no, p.name, c.id"
    );
    tx.all(sql, &[session.into()], read_case)
}

/// The cases of a day, open ones first, the oldest on top.
pub(crate) fn of_day(tx: &mut SchoolTx, day: Date) -> Result<Vec<Case>> {
    let sql = sql!(
        "select c.id, c.student_id, p.name, p.seat_no, c.session_id, c.day, g.name, s.slot_name, c.opened_at,
           c.status, c.outcome, c.closed_at
         from absence_case c
         join student p on p.school_id = c.school_id and p.id = c.student_id
         join session s on s.school_id = c.school_id and s.id = c.session_id
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         where c.school_id = $1 and c.day = $2
         order by c.status desc, c.opened_at, c.id limit 500"
    );
    tx.all(sql, &[day.into()], read_case)
}

/// Every child who is being looked for, whatever the day.
pub(crate) fn still_open(tx: &mut SchoolTx) -> Result<Vec<Case>> {
    let sql = sql!(
        "select c.id, c.student_id, p.name, p.seat_no, c.session_id, c.day, g.name, s.slot_name, c.opened_at,
           c.status, c.outcome, c.closed_at
         from absence_case c
         join student p on p.school_id = c.school_id and p.id = c.student_id
         join session s on s.school_id = c.school_id and s.id = c.session_id
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         where c.school_id = $1 and c.status = 'open' order by c.id limit 2000"
    );
    tx.all(sql, &[], read_case)
}

/// The cases of a child that ended because it was seen in another session or on another day.
pub(crate) fn ended_by_sight(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<Case>> {
    let sql = sql!(
        "select c.id, c.student_id, p.name, p.seat_no, c.session_id, c.day, g.name, s.slot_name, c.opened_at,
           c.status, c.outcome, c.closed_at
         from absence_case c
         join student p on p.school_id = c.school_id and p.id = c.student_id
         join session s on s.school_id = c.school_id and s.id = c.session_id
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         where c.school_id = $1 and c.student_id = $2 and c.outcome = 'seen_again'
         order by c.id limit 200"
    );
    tx.all(sql, &[student.into()], read_case)
}

/// Opens a case again as it was.
pub(crate) fn reopen(tx: &mut SchoolTx, id: CaseId) -> Result<()> {
    let sql = sql!(
        "update absence_case set status = 'open', outcome = null, closed_at = null, closed_by = null
         where school_id = $1 and id = $2"
    );
    tx.run(sql, &[id.into()]).map(drop)
}

/// The days before this one that have open cases.
pub(crate) fn open_days(tx: &mut SchoolTx, before: Date) -> Result<Vec<Date>> {
    let sql = sql!(
        "select distinct day from absence_case
         where school_id = $1 and status = 'open' and day < $2 order by day limit 30"
    );
    tx.all(sql, &[before.into()], |row| row.day(0))
}

/// The calls about these cases of one day, in the order in which they were made.
pub(crate) fn attempts(tx: &mut SchoolTx, day: Date) -> Result<Vec<(CaseId, Attempt)>> {
    let sql = sql!(
        "select a.case_id, a.id, a.at, a.account_id, a.guardian_id, coalesce(g.name, ''), a.answer, a.said,
           g.phone_sealed
         from absence_case c
         join contact_attempt a on a.school_id = c.school_id and a.case_id = c.id
         left join guardian g on g.school_id = a.school_id and g.id = a.guardian_id
         where c.school_id = $1 and c.day = $2
         order by a.at, a.id limit 5000"
    );
    let me = tx.account();
    let found = tx.all(sql, &[day.into()], |row| {
        let attempt = Attempt {
            id: row.id(1)?,
            at: row.at(2)?,
            account: row.id(3)?,
            guardian: row.maybe_id(4)?,
            guardian_name: row.text(5)?,
            answer: row.word(6, Answer::parse)?,
            said: row.text(7)?,
            phone: None,
        };
        Ok((row.id(0)?, attempt, row.maybe_text(8)?))
    })?;
    let mut attempts = Vec::with_capacity(found.len());
    for (case, mut attempt, sealed) in found {
        if let (Answer::Dialled, true, Some(sealed)) = (attempt.answer, attempt.account == me, sealed) {
            attempt.phone = Some(tx.unseal(&sealed)?);
        }
        attempts.push((case, attempt));
    }
    Ok(attempts)
}

/// The guardians of every child with a case on the day.
pub(crate) fn contacts(tx: &mut SchoolTx, day: Date) -> Result<Vec<(StudentId, Contact)>> {
    let sql = sql!(
        "select distinct c.student_id, g.id, g.name, p.relation,
           cast(case when g.phone_sealed is null then 0 else 1 end as bigint), p.from_on
         from absence_case c
         join guardianship p on p.school_id = c.school_id and p.student_id = c.student_id
           and p.from_on <= $2 and (p.to_on is null or $2 <= p.to_on)
         join guardian g on g.school_id = p.school_id and g.id = p.guardian_id
         where c.school_id = $1 and c.day = $2
         order by c.student_id, p.from_on, g.id limit 5000"
    );
    tx.all(sql, &[day.into()], |row| {
        let contact = Contact {
            guardian: row.id(1)?,
            name: row.text(2)?,
            relation: row.text(3)?,
            has_phone: row.flag(4)?,
        };
        Ok((row.id(0)?, contact))
    })
}

/// The sealed number of a guardian of the child.
pub(crate) fn sealed_phone(
    tx: &mut SchoolTx,
    student: StudentId,
    guardian: GuardianId,
    day: Date,
) -> Result<Option<String>> {
    let sql = sql!(
        "select g.phone_sealed from guardianship p
         join guardian g on g.school_id = p.school_id and g.id = p.guardian_id
         where p.school_id = $1 and p.student_id = $2 and p.guardian_id = $3
           and p.from_on <= $4 and (p.to_on is null or $4 <= p.to_on)"
    );
    tx.one(sql, &[student.into(), guardian.into(), day.into()], |row| row.maybe_text(0))
}

pub(crate) fn add_attempt(
    tx: &mut SchoolTx,
    case: CaseId,
    guardian: Option<GuardianId>,
    answer: Answer,
    said: &str,
) -> Result<AttemptId> {
    let sql = sql!(
        "insert into contact_attempt (school_id, id, case_id, at, account_id, role, guardian_id, answer, said)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let id: AttemptId = tx.new_id();
    let args = [
        id.into(),
        case.into(),
        tx.at().into(),
        tx.account().into(),
        tx.role().word().into(),
        guardian.into(),
        answer.word().into(),
        said.into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

/// Writes down how the acting person's call went, where one to this guardian is still open; says whether one was.
pub(crate) fn answer_dialled(
    tx: &mut SchoolTx,
    case: CaseId,
    guardian: GuardianId,
    answer: Answer,
    said: &str,
) -> Result<bool> {
    let sql = sql!(
        "update contact_attempt set answer = $5, said = $6
         where school_id = $1 and case_id = $2 and guardian_id = $3 and account_id = $4 and answer = 'dialled'"
    );
    let account = tx.account();
    let args = [case.into(), guardian.into(), account.into(), answer.word().into(), said.into()];
    Ok(0 < tx.run(sql, &args)?)
}

fn read_case(row: &Row) -> Result<Case> {
    Ok(Case {
        id: row.id(0)?,
        student: row.id(1)?,
        name: row.text(2)?,
        seat_no: row.maybe_int(3)?.and_then(|number| u32::try_from(number).ok()),
        session: row.id(4)?,
        day: row.day(5)?,
        group_name: row.text(6)?,
        slot_name: row.text(7)?,
        opened_at: row.at(8)?,
        is_open: row.text(9)? == "open",
        outcome: row.maybe_word(10, Outcome::parse)?,
        closed_at: row.maybe_at(11)?,
        attempts: Vec::new(),
        contacts: Vec::new(),
    })
}
