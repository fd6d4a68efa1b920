//! SQL of plan versions.

use jiff::civil::Date;
use kehou_db::{Error, Result, Row, SchoolTx, sql};
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::ids::{AccountId, PlanVersionId, StudentId};
use kehou_domain::people::Boarding;
use kehou_domain::plan::{AppliesTo, InForce, Stage};

use super::kept::digest;
use super::left_out::Held;
use super::{Taken, Version};
use crate::people::read_class;

/// Makes everyone else who changes the plan wait until this transaction ends.
pub(super) fn hold(tx: &mut SchoolTx) -> Result<()> {
    let sql = sql!(
        "insert into plan (school_id, version) values ($1, 1)
         on conflict (school_id) do update set version = plan.version + 1"
    );
    tx.run(sql, &[]).map(drop)
}

pub(super) fn last_number(tx: &mut SchoolTx) -> Result<i64> {
    let sql = sql!("select coalesce(max(number), 0) from plan_version where school_id = $1");
    tx.one(sql, &[], |row| row.int(0))
}

pub(super) fn in_force_on(tx: &mut SchoolTx, day: Date) -> Result<Option<(PlanVersionId, String)>> {
    let sql = sql!(
        "select id, digest from plan_version where school_id = $1 and in_force_from <= $2
         order by in_force_from desc limit 1"
    );
    tx.maybe(sql, &[day.into()], |row| Ok((row.id(0)?, row.text(1)?)))
}

pub(super) fn in_force(tx: &mut SchoolTx) -> Result<Vec<InForce>> {
    let sql = sql!(
        "select number, in_force_from from plan_version where school_id = $1 and in_force_from is not null
         order by in_force_from desc limit 200"
    );
    tx.all(sql, &[], |row| Ok(InForce { number: row.int(0)?, from: row.day(1)? }))
}

/// Every version that rules, has ruled or will, in the order of its days.
pub(super) fn ruling(tx: &mut SchoolTx) -> Result<Vec<(PlanVersionId, String, Date)>> {
    let sql = sql!(
        "select id, digest, in_force_from from plan_version where school_id = $1 and in_force_from is not null
         order by in_force_from limit 200"
    );
    tx.all(sql, &[], |row| Ok((row.id(0)?, row.text(1)?, row.day(2)?)))
}

/// The places that hold on the day, with the child's grade then.
pub(super) fn places_on(tx: &mut SchoolTx, day: Date) -> Result<Vec<Held>> {
    let sql = sql!(
        "select e.student_id, s.name, es.slot_id, es.weekday, s.boarding, h.stage, h.entered_year, h.class_no
         from enrolment e
         join enrolment_slot es on es.school_id = e.school_id and es.enrolment_id = e.id
         join student s on s.school_id = e.school_id and s.id = e.student_id
         join class_stay y on y.school_id = e.school_id and y.student_id = e.student_id and y.from_on <= $2
           and (y.to_on is null or $2 <= y.to_on)
         join home_class h on h.school_id = y.school_id and h.id = y.class_id
         where e.school_id = $1 and (e.to_on is null or (e.from_on <= e.to_on and $2 <= e.to_on))
         order by e.student_id, es.slot_id, es.weekday limit 200000"
    );
    tx.all(sql, &[day.into()], |row| {
        let weekday = row.int(3)?;
        let weekday =
            i8::try_from(weekday).map_err(|_| Error::Column { column: 3, found: weekday.to_string() })?;
        Ok(Held {
            student: row.id(0)?,
            name: row.text(1)?,
            place: Choice { slot: row.text(2)?, weekday },
            boards: match row.word(4, Boarding::parse)? {
                Boarding::Day => AppliesTo::Day,
                Boarding::Boarder => AppliesTo::Boarders,
            },
            grade: read_class(row, 5)?.grade_on(day),
        })
    })
}

/// Whether a session of today has begun, or was called.
pub(super) fn begun_today(tx: &mut SchoolTx) -> Result<bool> {
    let sql = sql!(
        "select 1 from session where school_id = $1 and held_on = $2 and status <> 'cancelled'
           and (starts_at <= $3 or status <> 'planned') limit 1"
    );
    let (today, at) = (tx.today(), tx.at());
    Ok(tx.maybe(sql, &[today.into(), at.into()], |_| Ok(()))?.is_some())
}

/// The guardians' accounts of the school's children on a day.
pub(super) fn families(tx: &mut SchoolTx, day: Date) -> Result<Vec<(AccountId, StudentId)>> {
    let sql = sql!(
        "select g.account_id, s.student_id from guardianship s
         join guardian g on g.school_id = s.school_id and g.id = s.guardian_id
         where s.school_id = $1 and s.from_on <= $2 and (s.to_on is null or $2 <= s.to_on)
           and g.account_id is not null
         order by s.student_id, g.account_id"
    );
    tx.all(sql, &[day.into()], |row| Ok((row.id(0)?, row.id(1)?)))
}

pub(super) fn versions(tx: &mut SchoolTx) -> Result<Vec<Version>> {
    let sql = sql!(
        "select id, number, digest, status, in_force_from, filing_ref, made_by, made_at, checked_by, checked_at,
           approved_by, approved_at, filed_by, filed_at
         from plan_version where school_id = $1 order by number desc limit 200"
    );
    tx.all(sql, &[], read_version)
}

pub(super) fn version(tx: &mut SchoolTx, id: PlanVersionId) -> Result<Version> {
    let sql = sql!(
        "select id, number, digest, status, in_force_from, filing_ref, made_by, made_at, checked_by, checked_at,
           approved_by, approved_at, filed_by, filed_at
         from plan_version where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], read_version)
}

pub(super) fn text(tx: &mut SchoolTx, id: PlanVersionId) -> Result<String> {
    let sql = sql!("select text from plan_version where school_id = $1 and id = $2");
    tx.one(sql, &[id.into()], |row| row.text(0))
}

pub(super) fn save_new(tx: &mut SchoolTx, id: PlanVersionId, number: i64, text: &str) -> Result<()> {
    let sql = sql!(
        "insert into plan_version (school_id, id, number, text, digest, status, made_by, made_at)
         values ($1, $2, $3, $4, $5, 'draft', $6, $7)"
    );
    let args =
        [id.into(), number.into(), text.into(), digest(text).into(), tx.account().into(), tx.at().into()];
    tx.run(sql, &args).map(drop)
}

pub(super) fn save_text(tx: &mut SchoolTx, id: PlanVersionId, text: &str) -> Result<()> {
    let sql = sql!(
        "update plan_version set text = $3, digest = $4, status = 'draft', made_by = $5, made_at = $6,
           checked_by = null, checked_at = null, version = version + 1
         where school_id = $1 and id = $2"
    );
    let args = [id.into(), text.into(), digest(text).into(), tx.account().into(), tx.at().into()];
    one(tx.run(sql, &args)?)
}

pub(super) fn save_checked(tx: &mut SchoolTx, id: PlanVersionId, stage: Stage) -> Result<()> {
    let sql = sql!(
        "update plan_version set status = $3, checked_by = $4, checked_at = $5, version = version + 1
         where school_id = $1 and id = $2"
    );
    let args = [id.into(), stage.word().into(), tx.account().into(), tx.at().into()];
    one(tx.run(sql, &args)?)
}

pub(super) fn save_approved(tx: &mut SchoolTx, id: PlanVersionId, stage: Stage) -> Result<()> {
    let sql = sql!(
        "update plan_version set status = $3, approved_by = $4, approved_at = $5, version = version + 1
         where school_id = $1 and id = $2"
    );
    let args = [id.into(), stage.word().into(), tx.account().into(), tx.at().into()];
    one(tx.run(sql, &args)?)
}

pub(super) fn save_filed(tx: &mut SchoolTx, id: PlanVersionId, stage: Stage, reference: &str) -> Result<()> {
    let sql = sql!(
        "update plan_version set status = $3, filed_by = $4, filed_at = $5, filing_ref = $6, version = version + 1
         where school_id = $1 and id = $2"
    );
    let args = [id.into(), stage.word().into(), tx.account().into(), tx.at().into(), reference.into()];
    one(tx.run(sql, &args)?)
}

pub(super) fn save_in_force(tx: &mut SchoolTx, id: PlanVersionId, from: Date) -> Result<()> {
    let sql = sql!(
        "update plan_version set in_force_from = $3, version = version + 1 where school_id = $1 and id = $2"
    );
    one(tx.run(sql, &[id.into(), from.into()])?)
}

pub(super) fn clear_in_force(tx: &mut SchoolTx, id: PlanVersionId) -> Result<()> {
    let sql = sql!(
        "update plan_version set in_force_from = null, version = version + 1 where school_id = $1 and id = $2"
    );
    one(tx.run(sql, &[id.into()])?)
}

const fn one(rows: u64) -> Result<()> {
    match rows {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

fn read_version(row: &Row) -> Result<Version> {
    Ok(Version {
        id: row.id(0)?,
        number: row.int(1)?,
        digest: row.text(2)?,
        stage: row.word(3, Stage::parse)?,
        in_force_from: row.maybe_day(4)?,
        filing_ref: row.maybe_text(5)?,
        made: Taken { by: row.id(6)?, at: row.at(7)? },
        checked: taken(row, 8)?,
        approved: taken(row, 10)?,
        filed: taken(row, 12)?,
    })
}

/// The step whose account is in this column and whose moment is in the next.
fn taken(row: &Row, column: usize) -> Result<Option<Taken>> {
    let step = row.maybe_id(column)?.zip(row.maybe_at(column + 1)?);
    Ok(step.map(|(by, at)| Taken { by, at }))
}
