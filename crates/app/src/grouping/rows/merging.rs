//! SQL of temporary groups and the classes that sit in them.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use kehou_db::{Arg, Result, SchoolTx, sql};
use kehou_domain::ids::{GroupId, StaffId, TermId};
use kehou_domain::plan::SlotId;

use crate::grouping::merging::{BaseGroup, Merged};
use crate::people::read_class;

fn number(weekday: Weekday) -> i64 {
    i64::from(weekday.to_monday_one_offset())
}

/// Which classes of a term sit in temporary groups on a day that follows this weekday.
pub(in crate::grouping) fn on_day(
    tx: &mut SchoolTx,
    term: TermId,
    (day, follows): (Date, Weekday),
) -> Result<Vec<Merged>> {
    let sql = sql!(
        "select m.base_id, m.into_id from merged_class m
         join teaching_group g on g.school_id = $1 and g.id = m.base_id
         where m.school_id = $1 and g.term_id = $2 and m.weekday = $4 and m.from_on <= $3
           and (m.to_on is null or $3 <= m.to_on)
         order by m.base_id limit 2000"
    );
    tx.all(sql, &[term.into(), day.into(), number(follows).into()], |row| {
        Ok(Merged { base: row.id(0)?, into: row.id(1)? })
    })
}

/// Which classes of a term sit in temporary groups on some weekday, today or later.
pub(in crate::grouping) fn into(tx: &mut SchoolTx, term: TermId, day: Date) -> Result<Vec<Merged>> {
    let sql = sql!(
        "select distinct m.base_id, m.into_id from merged_class m
         join teaching_group g on g.school_id = $1 and g.id = m.base_id
         where m.school_id = $1 and g.term_id = $2 and (m.to_on is null or $3 <= m.to_on)
         order by m.base_id, m.into_id limit 10000"
    );
    tx.all(sql, &[term.into(), day.into()], |row| Ok(Merged { base: row.id(0)?, into: row.id(1)? }))
}

/// The classes' groups of a term.
pub(in crate::grouping) fn bases(tx: &mut SchoolTx, term: TermId) -> Result<Vec<BaseGroup>> {
    let sql = sql!(
        "select g.id, g.slot_id, g.slot_name, c.stage, c.entered_year, c.class_no, g.teacher_id, g.venue
         from teaching_group g join home_class c on c.school_id = $1 and c.id = g.class_id
         where g.school_id = $1 and g.term_id = $2 and g.closed_on is null order by g.id limit 4000"
    );
    tx.all(sql, &[term.into()], |row| {
        Ok(BaseGroup {
            id: row.id(0)?,
            slot: SlotId(row.text(1)?),
            slot_name: row.text(2)?,
            class: read_class(row, 3)?,
            teacher: row.maybe_id(6)?,
            venue: row.text(7)?,
        })
    })
}

/// How many children are on the roll of each class's group on a day.
pub(in crate::grouping) fn rolls(
    tx: &mut SchoolTx,
    term: TermId,
    day: Date,
) -> Result<BTreeMap<GroupId, u16>> {
    let sql = sql!(
        "select g.id, count(*) from teaching_group g
         join class_stay y on y.school_id = $1 and y.class_id = g.class_id and y.from_on <= $3
           and (y.to_on is null or $3 <= y.to_on)
         where g.school_id = $1 and g.term_id = $2 and g.closed_on is null group by g.id limit 4000"
    );
    let rolls = tx.all(sql, &[term.into(), day.into()], |row| {
        Ok((row.id(0)?, u16::try_from(row.count(1)?).unwrap_or(u16::MAX)))
    })?;
    Ok(rolls.into_iter().collect())
}

/// Nobody of these classes sits in a temporary group on the weekday any more, from this day on.
pub(in crate::grouping) fn end(
    tx: &mut SchoolTx,
    bases: &[GroupId],
    (day, weekday): (Date, Weekday),
) -> Result<()> {
    let list = |base: &GroupId| -> Vec<Arg> { vec![(*base).into(), number(weekday).into(), day.into()] };
    let lists: Vec<Vec<Arg>> = bases.iter().map(list).collect();
    let later = sql!(
        "delete from merged_class where school_id = $1 and base_id = $2 and weekday = $3 and $4 <= from_on"
    );
    tx.run_each(later, &lists)?;
    let last_on = day.yesterday().unwrap_or(day);
    let list = |base: &GroupId| -> Vec<Arg> { vec![(*base).into(), number(weekday).into(), last_on.into()] };
    let sql = sql!(
        "update merged_class set to_on = $4
         where school_id = $1 and base_id = $2 and weekday = $3 and (to_on is null or $4 < to_on)"
    );
    tx.run_each(sql, &bases.iter().map(list).collect::<Vec<_>>()).map(drop)
}

/// These classes sit in temporary groups on the weekday, from this day on.
pub(in crate::grouping) fn begin(
    tx: &mut SchoolTx,
    merged: &[Merged],
    (day, weekday): (Date, Weekday),
) -> Result<()> {
    let sql = sql!(
        "insert into merged_class (school_id, base_id, weekday, into_id, from_on) values ($1, $2, $3, $4, $5)"
    );
    let list = |one: &Merged| -> Vec<Arg> {
        vec![one.base.into(), number(weekday).into(), one.into.into(), day.into()]
    };
    tx.run_each(sql, &merged.iter().map(list).collect::<Vec<_>>()).map(drop)
}

/// A temporary group to be opened.
pub(in crate::grouping) struct NewTemporary {
    pub(in crate::grouping) id: GroupId,
    pub(in crate::grouping) slot: SlotId,
    pub(in crate::grouping) slot_name: String,
    pub(in crate::grouping) name: String,
    pub(in crate::grouping) teacher: Option<StaffId>,
    pub(in crate::grouping) venue: String,
}

pub(in crate::grouping) fn open(tx: &mut SchoolTx, term: TermId, new: &NewTemporary) -> Result<()> {
    let sql = sql!(
        "insert into teaching_group (school_id, id, term_id, slot_id, slot_name, name, venue, teacher_id, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0)"
    );
    let args = [
        new.id.into(),
        term.into(),
        new.slot.as_str().into(),
        new.slot_name.as_str().into(),
        new.name.as_str().into(),
        new.venue.as_str().into(),
        new.teacher.into(),
    ];
    tx.run(sql, &args).map(drop)
}
