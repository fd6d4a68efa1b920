//! Places and how they end.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, Arg, Row, SchoolTx, sql};
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::enrolment::ending::Stay;
use kehou_domain::ids::{ApplicationId, EnrolmentId, StudentId, TermId, WithdrawalId};

use super::people::read_class;
use crate::enrolment::apply::{Application, Source};
use crate::enrolment::places::{Place, PlaceOnList};

/// An end before it is written.
pub(in super::super) struct NewEnd<'a> {
    pub(in super::super) student: StudentId,
    pub(in super::super) application: Option<ApplicationId>,
    pub(in super::super) enrolment: Option<EnrolmentId>,
    pub(in super::super) side: &'static str,
    pub(in super::super) reason: &'a str,
    pub(in super::super) last_day: Date,
}

/// An end as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct End {
    pub(in super::super) student: StudentId,
    pub(in super::super) name: String,
    pub(in super::super) side: String,
    pub(in super::super) reason: String,
    pub(in super::super) last_day: Date,
    pub(in super::super) said_at: Timestamp,
}

pub(in super::super) fn service_from(tx: &mut SchoolTx, term: TermId) -> db::Result<Date> {
    let sql = sql!("select service_from from term where school_id = $1 and id = $2");
    tx.one(sql, &[term.into()], |row| row.day(0))
}

pub(in super::super) fn add(
    tx: &mut SchoolTx,
    application: &Application,
    from_on: Date,
    will: &'static str,
) -> db::Result<EnrolmentId> {
    let id: EnrolmentId = tx.new_id();
    let sql = sql!(
        "insert into enrolment (school_id, id, student_id, term_id, from_on, application_id, will, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let at = tx.at();
    let args = [
        id.into(),
        application.student.into(),
        application.term.into(),
        from_on.into(),
        application.id.into(),
        will.into(),
        at.into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

/// A place without an application: the family's signed paper is older than the store.
pub(in super::super) fn add_taken_over(
    tx: &mut SchoolTx,
    term: TermId,
    student: StudentId,
    from_on: Date,
) -> db::Result<EnrolmentId> {
    let id: EnrolmentId = tx.new_id();
    let sql = sql!(
        "insert into enrolment (school_id, id, student_id, term_id, from_on, will, made_at)
         values ($1, $2, $3, $4, $5, 'paper', $6)"
    );
    let at = tx.at();
    tx.run(sql, &[id.into(), student.into(), term.into(), from_on.into(), at.into()])?;
    Ok(id)
}

/// How many places of the term were taken over from papers.
pub(in super::super) fn taken_over(tx: &mut SchoolTx, term: TermId) -> db::Result<u32> {
    let sql = sql!(
        "select count(*) from enrolment where school_id = $1 and term_id = $2 and application_id is null"
    );
    tx.one(sql, &[term.into()], |row| row.count(0))
}

pub(in super::super) fn add_slots(tx: &mut SchoolTx, id: EnrolmentId, choices: &[Choice]) -> db::Result<()> {
    let sql = sql!(
        "insert into enrolment_slot (school_id, enrolment_id, slot_id, weekday) values ($1, $2, $3, $4)"
    );
    let lists: Vec<Vec<Arg>> = choices
        .iter()
        .map(|choice| vec![id.into(), choice.slot.as_str().into(), i64::from(choice.weekday).into()])
        .collect();
    tx.run_each(sql, &lists).map(|_| ())
}

fn read_place(row: &Row) -> db::Result<Place> {
    let stay = Stay { from_on: row.day(2)?, to_on: row.maybe_day(3)? };
    Ok(Place { id: row.id(0)?, student: row.id(1)?, stay })
}

/// The child's place in the term that has not ended, if there is one.
pub(in super::super) fn open_of_child(
    tx: &mut SchoolTx,
    term: TermId,
    student: StudentId,
) -> db::Result<Option<Place>> {
    let sql = sql!(
        "select id, student_id, from_on, to_on from enrolment
         where school_id = $1 and term_id = $2 and student_id = $3 and (to_on is null or $4 <= to_on)
         order by from_on desc, id desc limit 1"
    );
    let today = tx.today();
    tx.maybe(sql, &[term.into(), student.into(), today.into()], read_place)
}

/// The slots and weekdays of a place.
pub(in super::super) fn slots_of(tx: &mut SchoolTx, place: EnrolmentId) -> db::Result<Vec<Choice>> {
    let sql = sql!(
        "select slot_id, weekday from enrolment_slot where school_id = $1 and enrolment_id = $2
         order by slot_id, weekday"
    );
    tx.all(sql, &[place.into()], |row| {
        let weekday = row.int(1)?;
        let weekday =
            i8::try_from(weekday).map_err(|_| db::Error::Column { column: 1, found: weekday.to_string() })?;
        Ok(Choice { slot: row.text(0)?, weekday })
    })
}

/// Everybody who has a place today or from a later day on.
pub(in super::super) fn holders(tx: &mut SchoolTx) -> db::Result<Vec<StudentId>> {
    let sql = sql!(
        "select distinct student_id from enrolment
         where school_id = $1 and (to_on is null or $2 <= to_on) limit 20000"
    );
    let today = tx.today();
    tx.all(sql, &[today.into()], |row| row.id(0))
}

/// How many children have a place in the term, today or from a later day on.
pub(in super::super) fn holders_in_term(tx: &mut SchoolTx, term: TermId) -> db::Result<u32> {
    let sql = sql!(
        "select count(distinct student_id) from enrolment
         where school_id = $1 and term_id = $2 and (to_on is null or $3 <= to_on)"
    );
    let today = tx.today();
    tx.one(sql, &[term.into(), today.into()], |row| row.count(0))
}

/// Every place of the child, for the family's own copy.
pub(in super::super) fn all_of_child(tx: &mut SchoolTx, student: StudentId) -> db::Result<Vec<Place>> {
    let sql = sql!(
        "select id, student_id, from_on, to_on from enrolment
         where school_id = $1 and student_id = $2 order by from_on, id limit 100"
    );
    tx.all(sql, &[student.into()], read_place)
}

/// Holds a place until this transaction ends, and reads it with its application.
pub(in super::super) fn held(
    tx: &mut SchoolTx,
    id: EnrolmentId,
) -> db::Result<(Place, Option<ApplicationId>)> {
    let sql = sql!("update enrolment set version = version + 1 where school_id = $1 and id = $2");
    if tx.run(sql, &[id.into()])? == 0 {
        return Err(db::Error::NotFound);
    }
    let sql = sql!(
        "select id, student_id, from_on, to_on, application_id from enrolment where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], |row| Ok((read_place(row)?, row.maybe_id(4)?)))
}

/// The last day of the term that a place is in.
pub(in super::super) fn term_ends_on(tx: &mut SchoolTx, id: EnrolmentId) -> db::Result<Date> {
    let sql = sql!(
        "select t.ends_on from enrolment e join term t on t.school_id = $1 and t.id = e.term_id
         where e.school_id = $1 and e.id = $2"
    );
    tx.one(sql, &[id.into()], |row| row.day(0))
}

pub(in super::super) fn end(tx: &mut SchoolTx, id: EnrolmentId, last_day: Date) -> db::Result<()> {
    let sql = sql!("update enrolment set to_on = $3 where school_id = $1 and id = $2");
    tx.run(sql, &[id.into(), last_day.into()]).map(|_| ())
}

/// Sets the last day on roll as the last day of every place that would outlast it.
pub(in super::super) fn end_of_leavers(tx: &mut SchoolTx) -> db::Result<Vec<(EnrolmentId, StudentId, Date)>> {
    let sql = sql!(
        "update enrolment set version = version + 1, to_on = (select s.left_on from student s
           where s.school_id = $1 and s.id = enrolment.student_id)
         where school_id = $1 and exists (select 1 from student s
           where s.school_id = $1 and s.id = enrolment.student_id and s.left_on is not null
             and (enrolment.to_on is null or s.left_on < enrolment.to_on))
         returning id, student_id, to_on"
    );
    tx.all(sql, &[], |row| Ok((row.id(0)?, row.id(1)?, row.day(2)?)))
}

pub(in super::super) fn add_end(tx: &mut SchoolTx, end: &NewEnd) -> db::Result<WithdrawalId> {
    let id: WithdrawalId = tx.new_id();
    let sql = sql!(
        "insert into withdrawal (school_id, id, student_id, application_id, enrolment_id, side, reason, last_day,
                                 account_id, said_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let (account, at) = (tx.account(), tx.at());
    let args = [
        id.into(),
        end.student.into(),
        end.application.into(),
        end.enrolment.into(),
        end.side.into(),
        end.reason.trim().into(),
        end.last_day.into(),
        account.into(),
        at.into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

/// The ends that were said since the first day of the sign-up's term, newest first.
pub(in super::super) fn ends(tx: &mut SchoolTx, term: TermId) -> db::Result<Vec<End>> {
    let sql = sql!(
        "select w.student_id, s.name, w.side, w.reason, w.last_day, w.said_at from withdrawal w
         join student s on s.school_id = $1 and s.id = w.student_id
         left join application a on a.school_id = $1 and a.id = w.application_id
         left join enrolment e on e.school_id = $1 and e.id = w.enrolment_id
         where w.school_id = $1 and coalesce(a.term_id, e.term_id) = $2 order by w.said_at desc, w.id limit 1000"
    );
    tx.all(sql, &[term.into()], |row| {
        Ok(End {
            student: row.id(0)?,
            name: row.text(1)?,
            side: row.text(2)?,
            reason: row.text(3)?,
            last_day: row.day(4)?,
            said_at: row.at(5)?,
        })
    })
}

pub(in super::super) fn of_term(tx: &mut SchoolTx, term: TermId) -> db::Result<Vec<PlaceOnList>> {
    let sql = sql!(
        "select e.id, e.student_id, e.from_on, e.to_on, e.application_id, e.will, s.name,
                c.id, c.stage, c.entered_year, c.class_no, t.school_year
         from enrolment e
         join student s on s.school_id = $1 and s.id = e.student_id
         join term t on t.school_id = $1 and t.id = e.term_id
         left join class_stay y on y.school_id = $1 and y.student_id = e.student_id and y.from_on <= $3
              and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where e.school_id = $1 and e.term_id = $2
         order by c.stage desc, c.entered_year desc, c.class_no, s.name, e.id limit 20000"
    );
    let today = tx.today();
    tx.all(sql, &[term.into(), today.into()], |row| {
        Ok(PlaceOnList {
            place: read_place(row)?,
            application: row.maybe_id(4)?,
            will: row.word(5, Source::parse)?,
            name: row.text(6)?,
            class: read_class(row, 7)?,
        })
    })
}
