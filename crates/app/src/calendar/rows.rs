//! SQL of terms and local days.

use jiff::civil::{Date, Weekday};
use kehou_db::{Error, Result, Row, SchoolTx, sql};
use kehou_domain::calendar::school::{LocalDay, LocalKind, Term};
use kehou_domain::ids::TermId;

use super::{TermCard, TermStatus};

/// Makes everyone else who changes the calendar wait until this transaction ends.
pub(super) fn hold(tx: &mut SchoolTx) -> Result<()> {
    let sql = sql!(
        "insert into calendar (school_id, version) values ($1, 1)
         on conflict (school_id) do update set version = calendar.version + 1"
    );
    tx.run(sql, &[]).map(drop)
}

pub(super) fn terms(tx: &mut SchoolTx) -> Result<Vec<TermCard>> {
    let sql = sql!(
        "select id, school_year, name, starts_on, ends_on, service_from, status from term
         where school_id = $1 order by starts_on desc limit 60"
    );
    tx.all(sql, &[], read_term)
}

pub(super) fn terms_between(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Vec<TermCard>> {
    let sql = sql!(
        "select id, school_year, name, starts_on, ends_on, service_from, status from term
         where school_id = $1 and starts_on <= $3 and $2 <= ends_on order by starts_on"
    );
    tx.all(sql, &[from.into(), to.into()], read_term)
}

pub(super) fn term(tx: &mut SchoolTx, id: TermId) -> Result<TermCard> {
    let sql = sql!(
        "select id, school_year, name, starts_on, ends_on, service_from, status from term
         where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], read_term)
}

pub(super) fn save_term(tx: &mut SchoolTx, term: &Term, status: TermStatus) -> Result<()> {
    let sql = sql!(
        "insert into term (school_id, id, school_year, name, starts_on, ends_on, service_from, status)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let args = [
        term.id.into(),
        i64::from(term.school_year).into(),
        term.name.as_str().into(),
        term.starts_on.into(),
        term.ends_on.into(),
        term.service_from.into(),
        status.word().into(),
    ];
    tx.run(sql, &args).map(drop)
}

pub(super) fn change_term(tx: &mut SchoolTx, term: &Term) -> Result<()> {
    let sql = sql!(
        "update term set school_year = $3, name = $4, starts_on = $5, ends_on = $6, service_from = $7
         where school_id = $1 and id = $2"
    );
    let args = [
        term.id.into(),
        i64::from(term.school_year).into(),
        term.name.as_str().into(),
        term.starts_on.into(),
        term.ends_on.into(),
        term.service_from.into(),
    ];
    tx.run(sql, &args).map(drop)
}

/// Whether a sign-up, an application, an agreement, an enrolment, a publication, a filing, a group or an offering
/// belongs to the term.
pub(super) fn is_in_use(tx: &mut SchoolTx, id: TermId) -> Result<bool> {
    let sql = sql!(
        "select 1 from sign_up where school_id = $1 and term_id = $2
         union select 1 from application where school_id = $1 and term_id = $2
         union select 1 from class_publication where school_id = $1 and term_id = $2
         union select 1 from paper_record where school_id = $1 and term_id = $2
         union select 1 from enrolment where school_id = $1 and term_id = $2
         union select 1 from filing where school_id = $1 and term_id = $2
         union select 1 from teaching_group where school_id = $1 and term_id = $2
         union select 1 from offering where school_id = $1 and term_id = $2"
    );
    Ok(tx.maybe(sql, &[id.into()], |_| Ok(()))?.is_some())
}

pub(super) fn drop_term(tx: &mut SchoolTx, id: TermId) -> Result<()> {
    let sql = sql!("delete from term where school_id = $1 and id = $2");
    tx.run(sql, &[id.into()]).map(drop)
}

pub(super) fn save_term_status(tx: &mut SchoolTx, id: TermId, status: TermStatus) -> Result<()> {
    let sql = sql!("update term set status = $3 where school_id = $1 and id = $2");
    tx.run(sql, &[id.into(), status.word().into()]).map(drop)
}

pub(super) fn local_days(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Vec<LocalDay>> {
    let sql = sql!(
        "select day, kind, follows_weekday, reason from local_day
         where school_id = $1 and $2 <= day and day <= $3 order by day"
    );
    tx.all(sql, &[from.into(), to.into()], read_local_day)
}

pub(super) fn save_local_day(tx: &mut SchoolTx, local: &LocalDay) -> Result<()> {
    let sql = sql!(
        "insert into local_day (school_id, day, kind, follows_weekday, reason) values ($1, $2, $3, $4, $5)
         on conflict (school_id, day) do update
         set kind = excluded.kind, follows_weekday = excluded.follows_weekday, reason = excluded.reason"
    );
    let follows = local.kind.follows().map(|day| i64::from(day.to_monday_one_offset()));
    let args = [local.day.into(), local.kind.word().into(), follows.into(), local.reason.as_str().into()];
    tx.run(sql, &args).map(drop)
}

pub(super) fn drop_local_day(tx: &mut SchoolTx, day: Date) -> Result<()> {
    let sql = sql!("delete from local_day where school_id = $1 and day = $2");
    match tx.run(sql, &[day.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

fn read_term(row: &Row) -> Result<TermCard> {
    let year = row.int(1)?;
    let school_year =
        i16::try_from(year).map_err(|_| Error::Column { column: 1, found: year.to_string() })?;
    let term = Term {
        id: row.id(0)?,
        school_year,
        name: row.text(2)?,
        starts_on: row.day(3)?,
        ends_on: row.day(4)?,
        service_from: row.day(5)?,
    };
    Ok(TermCard { term, status: row.word(6, TermStatus::parse)? })
}

fn read_local_day(row: &Row) -> Result<LocalDay> {
    let follows = row.maybe_int(2)?.and_then(|day| i8::try_from(day).ok());
    let follows = follows.and_then(|day| Weekday::from_monday_one_offset(day).ok());
    let kind = row.word(1, |word| LocalKind::parse(word, follows))?;
    Ok(LocalDay { day: row.day(0)?, kind, reason: row.text(3)? })
}
