//! Lists filed with the bureau.

use kehou_db::{self as db, Arg, Row, SchoolTx, sql};
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::ids::{AnyId, ApplicationId, EnrolmentId, FilingId, TermId};

use super::people::read_class;
use crate::enrolment::filing::{Filing, FilingLine, ToFile};

fn read_filing(row: &Row) -> db::Result<Filing> {
    Ok(Filing {
        id: row.id(0)?,
        number: row.int(1)?,
        term: row.text(2)?,
        filed_at: row.at(3)?,
        received_at: row.maybe_at(4)?,
        children: row.count(5)?,
    })
}

pub(in super::super) fn filings(tx: &mut SchoolTx, term: TermId) -> db::Result<Vec<Filing>> {
    let mut filings = every_filing(tx)?;
    let sql = sql!("select id from filing where school_id = $1 and term_id = $2");
    let of_term: Vec<FilingId> = tx.all(sql, &[term.into()], |row| row.id(0))?;
    filings.retain(|filing| of_term.contains(&filing.id));
    Ok(filings)
}

pub(in super::super) fn every_filing(tx: &mut SchoolTx) -> db::Result<Vec<Filing>> {
    let sql = sql!(
        "select f.id, f.number, t.name, f.filed_at, f.received_at,
                (select count(*) from filing_entry e where e.school_id = $1 and e.filing_id = f.id)
                + (select count(*) from filing_place p where p.school_id = $1 and p.filing_id = f.id)
         from filing f join term t on t.school_id = $1 and t.id = f.term_id
         where f.school_id = $1 order by f.filed_at desc, f.id desc limit 200"
    );
    tx.all(sql, &[], read_filing)
}

pub(in super::super) fn filing(tx: &mut SchoolTx, id: FilingId) -> db::Result<Filing> {
    let sql = sql!(
        "select f.id, f.number, t.name, f.filed_at, f.received_at,
                (select count(*) from filing_entry e where e.school_id = $1 and e.filing_id = f.id)
                + (select count(*) from filing_place p where p.school_id = $1 and p.filing_id = f.id)
         from filing f join term t on t.school_id = $1 and t.id = f.term_id
         where f.school_id = $1 and f.id = $2"
    );
    tx.one(sql, &[id.into()], read_filing)
}

/// The applications of the term that stand on a list.
pub(in super::super) fn filed(tx: &mut SchoolTx, term: TermId) -> db::Result<Vec<ApplicationId>> {
    let sql = sql!(
        "select e.application_id from filing_entry e
         join filing f on f.school_id = $1 and f.id = e.filing_id
         where e.school_id = $1 and f.term_id = $2 limit 20000"
    );
    tx.all(sql, &[term.into()], |row| row.id(0))
}

/// The places of the term that stand on a list without an application.
pub(in super::super) fn filed_places(tx: &mut SchoolTx, term: TermId) -> db::Result<Vec<EnrolmentId>> {
    let sql = sql!(
        "select p.enrolment_id from filing_place p
         join filing f on f.school_id = $1 and f.id = p.filing_id
         where p.school_id = $1 and f.term_id = $2 limit 20000"
    );
    tx.all(sql, &[term.into()], |row| row.id(0))
}

pub(in super::super) fn add(tx: &mut SchoolTx, term: TermId, children: &ToFile) -> db::Result<FilingId> {
    let id: FilingId = tx.new_id();
    let sql = sql!("select coalesce(max(number), 0) from filing where school_id = $1 and term_id = $2");
    let number = tx.one(sql, &[term.into()], |row| row.int(0))? + 1;
    let sql = sql!(
        "insert into filing (school_id, id, term_id, number, filed_at, filed_by) values ($1, $2, $3, $4, $5, $6)"
    );
    let (at, account) = (tx.at(), tx.account());
    tx.run(sql, &[id.into(), term.into(), number.into(), at.into(), account.into()])?;
    let sql = sql!("insert into filing_entry (school_id, filing_id, application_id) values ($1, $2, $3)");
    let lists: Vec<Vec<Arg>> =
        children.applications.iter().map(|child| vec![id.into(), (*child).into()]).collect();
    tx.run_each(sql, &lists)?;
    let sql = sql!("insert into filing_place (school_id, filing_id, enrolment_id) values ($1, $2, $3)");
    let lists: Vec<Vec<Arg>> = children.places.iter().map(|place| vec![id.into(), (*place).into()]).collect();
    tx.run_each(sql, &lists)?;
    Ok(id)
}

/// The children of a list, each with the application or the place that put them there.
pub(in super::super) fn lines(tx: &mut SchoolTx, id: FilingId) -> db::Result<Vec<(AnyId, FilingLine)>> {
    let sql = sql!(
        "with listed as (
           select a.id, a.student_id, a.term_id from filing_entry e
           join application a on a.school_id = $1 and a.id = e.application_id
           where e.school_id = $1 and e.filing_id = $2
           union all
           select p.id, p.student_id, p.term_id from filing_place e
           join enrolment p on p.school_id = $1 and p.id = e.enrolment_id
           where e.school_id = $1 and e.filing_id = $2
         )
         select a.id, s.name, s.sex, c.id, c.stage, c.entered_year, c.class_no, t.school_year
         from listed a
         join student s on s.school_id = $1 and s.id = a.student_id
         join term t on t.school_id = $1 and t.id = a.term_id
         left join class_stay y on y.school_id = $1 and y.student_id = s.id and y.from_on <= $3
              and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         order by c.stage desc, c.entered_year desc, c.class_no, s.name, a.id limit 20000"
    );
    let today = tx.today();
    tx.all(sql, &[id.into(), today.into()], |row| {
        let (name, sex, class) = (row.text(1)?, row.text(2)?, read_class(row, 3)?);
        Ok((row.id(0)?, FilingLine { name, sex, class, choices: Vec::new() }))
    })
}

/// What each child of a list takes part in.
pub(in super::super) fn choices(tx: &mut SchoolTx, id: FilingId) -> db::Result<Vec<(AnyId, Choice)>> {
    let sql = sql!(
        "select c.application_id, c.slot_id, c.weekday from filing_entry e
         join application a on a.school_id = $1 and a.id = e.application_id
         join application_choice c on c.school_id = $1 and c.application_id = a.id and c.round = a.round
         where e.school_id = $1 and e.filing_id = $2
         union all
         select c.enrolment_id, c.slot_id, c.weekday from filing_place e
         join enrolment_slot c on c.school_id = $1 and c.enrolment_id = e.enrolment_id
         where e.school_id = $1 and e.filing_id = $2
         order by 1, 2, 3 limit 100000"
    );
    tx.all(sql, &[id.into()], |row| {
        let choice = Choice { slot: row.text(1)?, weekday: i8::try_from(row.int(2)?).unwrap_or_default() };
        Ok((row.id(0)?, choice))
    })
}

pub(in super::super) fn receive(tx: &mut SchoolTx, id: FilingId) -> db::Result<()> {
    let sql = sql!(
        "update filing set received_at = $3, received_by = $4
         where school_id = $1 and id = $2 and received_at is null"
    );
    let (at, account) = (tx.at(), tx.account());
    tx.run(sql, &[id.into(), at.into(), account.into()]).map(|_| ())
}
