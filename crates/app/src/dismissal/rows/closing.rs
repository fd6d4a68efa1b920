//! Sessions to be closed, closed groups, closed days, missing children.

use jiff::civil::Date;
use kehou_db::{Error, Result, SchoolTx, sql};
use kehou_domain::ids::{AccountId, SessionId};

use crate::attendance::Status;
use crate::dismissal::closing::Counted;
use crate::dismissal::{ClosedDay, GapDay, MissingCard, SessionCard};

fn read_session(row: &kehou_db::Row) -> Result<SessionCard> {
    let status = row.word(9, Status::parse)?;
    Ok(SessionCard {
        id: row.id(0)?,
        group: row.text(1)?,
        venue: row.text(2)?,
        starts_at: row.at(3)?,
        ends_at: row.at(4)?,
        teacher_id: row.maybe_id(5)?,
        teacher: row.maybe_text(6)?,
        closed_at: row.maybe_at(7)?,
        day: row.day(8)?,
        called: status != Status::Planned,
        called_off: status == Status::Cancelled,
    })
}

/// One session with whether its room was closed.
pub(in crate::dismissal) fn session(tx: &mut SchoolTx, session: SessionId) -> Result<SessionCard> {
    let sql = sql!(
        "select se.id, g.name, se.venue, se.starts_at, se.ends_at, se.teacher_id, t.name, gc.closed_at, se.held_on,
                se.status
         from session se
           join teaching_group g on g.school_id = se.school_id and g.id = se.group_id
           left join staff t on t.school_id = se.school_id and t.id = se.teacher_id
           left join group_closing gc on gc.school_id = se.school_id and gc.session_id = se.id
         where se.school_id = $1 and se.id = $2"
    );
    tx.one(sql, &[session.into()], read_session)
}

/// The day's sessions that take place.
pub(in crate::dismissal) fn sessions_on(tx: &mut SchoolTx, day: Date) -> Result<Vec<SessionCard>> {
    let sql = sql!(
        "select se.id, g.name, se.venue, se.starts_at, se.ends_at, se.teacher_id, t.name, gc.closed_at, se.held_on,
                se.status
         from session se
           join teaching_group g on g.school_id = se.school_id and g.id = se.group_id
           left join staff t on t.school_id = se.school_id and t.id = se.teacher_id
           left join group_closing gc on gc.school_id = se.school_id and gc.session_id = se.id
           left join home_class c on c.school_id = g.school_id and c.id = g.class_id
         where se.school_id = $1 and se.held_on = $2 and se.status <> 'cancelled'
         order by se.starts_at, case when g.class_id is null then 1 else 0 end, c.stage desc, c.entered_year desc,
           c.class_no, g.name, se.id limit 1000"
    );
    tx.all(sql, &[day.into()], read_session)
}

/// Makes everyone else who closes this session's room wait.
pub(in crate::dismissal) fn hold_session(tx: &mut SchoolTx, session: SessionId) -> Result<()> {
    let sql = sql!("update session set version = version + 1 where school_id = $1 and id = $2");
    match tx.run(sql, &[session.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub(in crate::dismissal) fn save_group_closing(
    tx: &mut SchoolTx,
    session: SessionId,
    note: &str,
) -> Result<()> {
    let sql = sql!(
        "insert into group_closing (school_id, session_id, account_id, closed_at, note)
         values ($1, $2, $3, $4, $5)"
    );
    let args = [session.into(), tx.account().into(), tx.at().into(), note.trim().into()];
    tx.run(sql, &args).map(drop)
}

/// The children who are being looked for.
pub(in crate::dismissal) fn missing_on(tx: &mut SchoolTx, day: Date) -> Result<Vec<MissingCard>> {
    let sql = sql!(
        "select a.id, a.student_id, s.name, g.name, a.opened_at,
                (select count(*) from contact_attempt k where k.school_id = a.school_id and k.case_id = a.id)
         from absence_case a
           join student s on s.school_id = a.school_id and s.id = a.student_id
           join session se on se.school_id = a.school_id and se.id = a.session_id
           join teaching_group g on g.school_id = a.school_id and g.id = se.group_id
         where a.school_id = $1 and a.day = $2 and a.closed_at is null order by a.opened_at, a.id limit 500"
    );
    tx.all(sql, &[day.into()], |row| {
        Ok(MissingCard {
            case: row.id(0)?,
            student: row.id(1)?,
            child: row.text(2)?,
            group: row.text(3)?,
            since: row.at(4)?,
            calls: row.int(5)?,
        })
    })
}

/// When and by whom the day was closed.
pub(in crate::dismissal) fn closed_day(tx: &mut SchoolTx, day: Date) -> Result<Option<ClosedDay>> {
    let sql = sql!(
        "select d.closed_at, coalesce(t.name, ''), d.expected, d.released, d.without_ending, d.reason
         from closed_day d
           left join staff t on t.school_id = d.school_id and t.account_id = d.account_id
         where d.school_id = $1 and d.day = $2"
    );
    tx.maybe(sql, &[day.into()], read_closed)
}

/// The days that were closed although children had no ending, the latest first.
pub(in crate::dismissal) fn days_closed_with_gaps(tx: &mut SchoolTx) -> Result<Vec<GapDay>> {
    let sql = sql!(
        "select d.closed_at, coalesce(t.name, ''), d.expected, d.released, d.without_ending, d.reason, d.day
         from closed_day d
           left join staff t on t.school_id = d.school_id and t.account_id = d.account_id
         where d.school_id = $1 and d.without_ending > 0 order by d.day desc limit 100"
    );
    tx.all(sql, &[], |row| Ok(GapDay { day: row.day(6)?, closed: read_closed(row)? }))
}

fn read_closed(row: &kehou_db::Row) -> Result<ClosedDay> {
    Ok(ClosedDay {
        at: row.at(0)?,
        by: row.text(1)?,
        expected: row.int(2)?,
        released: row.int(3)?,
        without_ending: row.int(4)?,
        reason: row.text(5)?,
    })
}

/// Earlier days with sessions that nobody closed, the oldest first.
pub(in crate::dismissal) fn unclosed_days(tx: &mut SchoolTx, before: Date) -> Result<Vec<Date>> {
    let sql = sql!(
        "select distinct se.held_on from session se
         where se.school_id = $1 and se.held_on < $2 and se.status <> 'cancelled'
           and not exists (select 1 from closed_day d where d.school_id = se.school_id and d.day = se.held_on)
         order by se.held_on limit 2000"
    );
    tx.all(sql, &[before.into()], |row| row.day(0))
}

/// Closes the day, once: a second time is [`Error::Already`].
pub(in crate::dismissal) fn save_closed_day(
    tx: &mut SchoolTx,
    day: Date,
    counted: &Counted,
    reason: &str,
) -> Result<()> {
    let count = |n: usize| i64::try_from(n).expect("a school has fewer children than a number holds");
    let sql = sql!(
        "insert into closed_day (school_id, day, account_id, closed_at, expected, released, without_ending, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let args = [
        day.into(),
        tx.account().into(),
        tx.at().into(),
        count(counted.expected).into(),
        count(counted.released).into(),
        count(counted.without_ending).into(),
        reason.trim().into(),
    ];
    tx.run(sql, &args).map(drop)
}

/// How much was noted today: it changes whenever the board does.
pub(in crate::dismissal) fn notes_on(tx: &mut SchoolTx, day: Date) -> Result<i64> {
    let sql = sql!(
        "select (select count(*) from custody_fact where school_id = $1 and day = $2)
              + (select count(*) from pickup_stop where school_id = $1 and day = $2)
              + (select count(*) from pickup_stop where school_id = $1 and day = $2 and settled_at is not null)
              + (select count(*) from pickup_stop_moment m join pickup_stop p
                   on p.school_id = m.school_id and p.id = m.stop_id where m.school_id = $1 and p.day = $2)
              + (select count(*) from absence_case where school_id = $1 and day = $2 and closed_at is not null)
              + (select count(*) from contact_attempt k join absence_case a
                   on a.school_id = k.school_id and a.id = k.case_id where k.school_id = $1 and a.day = $2)
              + (select count(*) from group_closing gc join session se
                   on se.school_id = gc.school_id and se.id = gc.session_id
                   where gc.school_id = $1 and se.held_on = $2)
              + (select count(*) from closed_day where school_id = $1 and day = $2)"
    );
    tx.one(sql, &[day.into()], |row| row.int(0))
}

/// Names of the accounts that noted facts today, as the school knows them.
pub(in crate::dismissal) fn staff_names(tx: &mut SchoolTx) -> Result<Vec<(AccountId, String)>> {
    let sql = sql!(
        "select account_id, name from staff where school_id = $1 and account_id is not null order by id limit 5000"
    );
    tx.all(sql, &[], |row| Ok((row.id(0)?, row.text(1)?)))
}

/// The names of everyone who may have taken a child on the day: guardians and delegates, by id.
pub(in crate::dismissal) fn takers_on(tx: &mut SchoolTx, day: Date) -> Result<Vec<(String, String)>> {
    let sql = sql!(
        "select g.id, g.name from guardian g where g.school_id = $1
           and exists (select 1 from guardianship gs join custody_fact f
             on f.school_id = gs.school_id and f.student_id = gs.student_id
             where gs.school_id = g.school_id and gs.guardian_id = g.id and f.day = $2 and f.kind = 'expected')
         union all
         select d.id, d.name from pickup_delegate d where d.school_id = $1
           and d.from_on <= $2
           and exists (select 1 from custody_fact f where f.school_id = d.school_id
             and f.student_id = d.student_id and f.day = $2 and f.kind = 'expected')"
    );
    tx.all(sql, &[day.into()], |row| Ok((row.text(0)?, row.text(1)?)))
}
