//! SQL of groups and their members.

pub(super) mod clubs;
pub(super) mod merging;

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::grouping::{Group, Place, Staying};
use kehou_domain::ids::{ClassId, GroupId, StaffId, StudentId, TermId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::SlotId;

use super::{GroupCard, Member, StaffCard};
use crate::people::read_class;

/// A group to be opened.
pub(super) struct NewGroup {
    pub(super) id: GroupId,
    pub(super) slot: SlotId,
    pub(super) slot_name: String,
    pub(super) name: String,
    pub(super) class: ClassId,
    pub(super) teacher: Option<StaffId>,
}

/// Who leads a group, and where.
pub(super) struct Arrangement {
    pub(super) teacher: Option<StaffId>,
    pub(super) venue: String,
}

/// Makes everyone else who forms groups of the term wait until this transaction ends.
pub(super) fn hold_term(tx: &mut SchoolTx, term: TermId) -> Result<()> {
    let sql = sql!("update term set status = status where school_id = $1 and id = $2");
    match tx.run(sql, &[term.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Makes everyone else who arranges groups of the same slot wait: teacher and room are taken from the slot.
pub(super) fn hold(tx: &mut SchoolTx, id: GroupId) -> Result<()> {
    let sql = sql!(
        "update teaching_group set version = version + 1
         where school_id = $1 and closed_on is null and (term_id, slot_id) in
           (select g.term_id, g.slot_id from teaching_group g where g.school_id = $1 and g.id = $2)"
    );
    match tx.run(sql, &[id.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// The term that has groups and began last, on or before the day.
pub(super) fn latest_term(tx: &mut SchoolTx, day: Date) -> Result<Option<TermId>> {
    let sql = sql!(
        "select t.id from term t where t.school_id = $1 and t.starts_on <= $2 and exists
           (select 1 from teaching_group g where g.school_id = t.school_id and g.term_id = t.id)
         order by t.starts_on desc limit 1"
    );
    tx.maybe(sql, &[day.into()], |row| row.id(0))
}

pub(super) fn term_of(tx: &mut SchoolTx, id: GroupId) -> Result<TermId> {
    let sql = sql!("select term_id from teaching_group where school_id = $1 and id = $2");
    tx.one(sql, &[id.into()], |row| row.id(0))
}

pub(super) fn arrangement(tx: &mut SchoolTx, id: GroupId) -> Result<Arrangement> {
    let sql = sql!("select teacher_id, venue from teaching_group where school_id = $1 and id = $2");
    tx.one(sql, &[id.into()], read_arrangement)
}

/// The other groups of the same term and slot.
pub(super) fn beside(tx: &mut SchoolTx, id: GroupId) -> Result<Vec<Arrangement>> {
    let sql = sql!(
        "select o.teacher_id, o.venue from teaching_group g
         join teaching_group o on o.school_id = g.school_id and o.term_id = g.term_id and o.slot_id = g.slot_id
         where g.school_id = $1 and g.id = $2 and o.id <> g.id and o.closed_on is null
           and not exists (select 1 from club_group c where c.school_id = o.school_id and c.group_id = o.id)
           and not exists (select 1 from merged_class m where m.school_id = o.school_id
             and (m.base_id = o.id and m.into_id = g.id or m.base_id = g.id and m.into_id = o.id))"
    );
    tx.all(sql, &[id.into()], read_arrangement)
}

pub(super) fn arrange(tx: &mut SchoolTx, id: GroupId, teacher: Option<StaffId>, venue: &str) -> Result<()> {
    let sql = sql!("update teaching_group set teacher_id = $3, venue = $4 where school_id = $1 and id = $2");
    tx.run(sql, &[id.into(), teacher.into(), venue.into()]).map(|_| ())
}

pub(super) fn groups(tx: &mut SchoolTx, term: TermId, day: Date) -> Result<Vec<GroupCard>> {
    let sql = sql!(
        "select g.id, g.name, g.slot_id, g.slot_name, c.stage, c.entered_year, c.class_no, g.venue, g.teacher_id,
           coalesce(t.name, ''), count(m.student_id), k.offering_id
         from teaching_group g
         left join club_group k on k.school_id = g.school_id and k.group_id = g.id
         left join home_class c on c.school_id = g.school_id and c.id = g.class_id
         left join staff t on t.school_id = g.school_id and t.id = g.teacher_id
         left join group_member m on m.school_id = g.school_id and m.group_id = g.id
           and m.from_on <= $3 and (m.to_on is null or $3 <= m.to_on)
         where g.school_id = $1 and g.term_id = $2 and g.closed_on is null
         group by g.id, g.name, g.slot_id, g.slot_name, c.stage, c.entered_year, c.class_no, g.venue, g.teacher_id,
           t.name, k.offering_id
         order by g.slot_id, case when k.offering_id is null then 0 else 1 end, c.stage desc, c.entered_year desc,
           c.class_no, g.name"
    );
    tx.all(sql, &[term.into(), day.into()], read_group)
}

pub(super) fn group(tx: &mut SchoolTx, id: GroupId, day: Date) -> Result<GroupCard> {
    let sql = sql!(
        "select g.id, g.name, g.slot_id, g.slot_name, c.stage, c.entered_year, c.class_no, g.venue, g.teacher_id,
           coalesce(t.name, ''),
           (select count(*) from group_member m where m.school_id = g.school_id and m.group_id = g.id
             and m.from_on <= $3 and (m.to_on is null or $3 <= m.to_on)), k.offering_id
         from teaching_group g
         left join club_group k on k.school_id = g.school_id and k.group_id = g.id
         left join home_class c on c.school_id = g.school_id and c.id = g.class_id
         left join staff t on t.school_id = g.school_id and t.id = g.teacher_id
         where g.school_id = $1 and g.id = $2"
    );
    tx.one(sql, &[id.into(), day.into()], read_group)
}

pub(super) fn members(tx: &mut SchoolTx, id: GroupId, day: Date) -> Result<Vec<Member>> {
    let sql = sql!(
        "select s.name, s.seat_no from group_member m
         join student s on s.school_id = m.school_id and s.id = m.student_id
         where m.school_id = $1 and m.from_on <= $3 and (m.to_on is null or $3 <= m.to_on)
           and (m.group_id = $2 or exists (select 1 from merged_class x where x.school_id = m.school_id
             and x.base_id = m.group_id and x.into_id = $2 and (x.to_on is null or $3 <= x.to_on)))
         order by coalesce(s.seat_no, 1000), s.name, s.id limit 500"
    );
    tx.all(sql, &[id.into(), day.into()], |row| {
        let seat_no = row.maybe_int(1)?.and_then(|seat| u32::try_from(seat).ok());
        Ok(Member { name: row.text(0)?, seat_no, class: None })
    })
}

pub(super) fn staff(tx: &mut SchoolTx) -> Result<Vec<StaffCard>> {
    let sql = sql!(
        "select id, name from staff where school_id = $1 and status = 'active' order by name, id limit 1000"
    );
    tx.all(sql, &[], |row| Ok(StaffCard { id: row.id(0)?, name: row.text(1)? }))
}

/// Where every enrolled child of the term belongs on this day.
pub(super) fn places(tx: &mut SchoolTx, term: TermId, day: Date) -> Result<Vec<Place>> {
    let sql = sql!(
        "select distinct e.student_id, s.slot_id, c.class_id
         from enrolment e
         join enrolment_slot s on s.school_id = e.school_id and s.enrolment_id = e.id
         join class_stay c on c.school_id = e.school_id and c.student_id = e.student_id
           and c.from_on <= $3 and (c.to_on is null or $3 <= c.to_on)
         where e.school_id = $1 and e.term_id = $2 and e.from_on <= $3 and (e.to_on is null or $3 <= e.to_on)"
    );
    tx.all(sql, &[term.into(), day.into()], |row| {
        Ok(Place { student: row.id(0)?, slot: SlotId(row.text(1)?), class: row.id(2)? })
    })
}

/// Who stays in which slot of the day, with its base-care group: members of groups whose enrolment holds for the slot on
/// the weekday that the day follows.
pub(super) fn staying(
    tx: &mut SchoolTx,
    term: TermId,
    (day, follows): (Date, Weekday),
) -> Result<Vec<Staying>> {
    let sql = sql!(
        "select distinct m.student_id, g.slot_id, g.id
         from teaching_group g
         join group_member m on m.school_id = g.school_id and m.group_id = g.id
           and m.from_on <= $2 and (m.to_on is null or $2 <= m.to_on)
         join enrolment e on e.school_id = g.school_id and e.student_id = m.student_id
           and e.from_on <= $2 and (e.to_on is null or $2 <= e.to_on)
         join enrolment_slot w on w.school_id = e.school_id and w.enrolment_id = e.id
           and w.slot_id = g.slot_id and w.weekday = $3
         where g.school_id = $1 and g.term_id = $4 and g.closed_on is null
         order by m.student_id, g.slot_id, g.id"
    );
    let weekday = i64::from(follows.to_monday_one_offset());
    tx.all(sql, &[day.into(), weekday.into(), term.into()], |row| {
        Ok(Staying { student: row.id(0)?, slot: SlotId(row.text(1)?), base: row.id(2)? })
    })
}

/// The base-care groups of the term with their children on this day.
pub(super) fn standing(tx: &mut SchoolTx, term: TermId, day: Date) -> Result<Vec<Group>> {
    let sql = sql!(
        "select g.id, g.slot_id, g.class_id, m.student_id from teaching_group g
         left join group_member m on m.school_id = g.school_id and m.group_id = g.id
           and m.from_on <= $3 and (m.to_on is null or $3 <= m.to_on)
         where g.school_id = $1 and g.term_id = $2 and g.class_id is not null and g.closed_on is null
         order by g.id"
    );
    let mut groups: Vec<Group> = Vec::new();
    let rows = tx.all(sql, &[term.into(), day.into()], |row| {
        let group =
            Group { id: row.id(0)?, slot: SlotId(row.text(1)?), class: row.id(2)?, members: Vec::new() };
        Ok((group, row.maybe_id::<StudentId>(3)?))
    })?;
    for (group, child) in rows {
        if groups.last().is_none_or(|last| last.id != group.id) {
            groups.push(group);
        }
        if let Some(last) = groups.last_mut() {
            last.members.extend(child);
        }
    }
    Ok(groups)
}

/// Every class with its homeroom teacher on this day.
pub(super) fn classes(
    tx: &mut SchoolTx,
    day: Date,
) -> Result<BTreeMap<ClassId, (ClassKey, Option<StaffId>)>> {
    let sql = sql!(
        "select c.id, c.stage, c.entered_year, c.class_no, h.staff_id from home_class c
         left join homeroom h on h.school_id = c.school_id and h.class_id = c.id
           and h.from_on <= $2 and (h.to_on is null or $2 <= h.to_on)
         where c.school_id = $1"
    );
    let rows = tx.all(sql, &[day.into()], |row| Ok((row.id(0)?, (read_class(row, 1)?, row.maybe_id(4)?))))?;
    Ok(rows.into_iter().collect())
}

pub(super) fn open(tx: &mut SchoolTx, term: TermId, groups: &[NewGroup]) -> Result<()> {
    let sql = sql!(
        "insert into teaching_group (school_id, id, term_id, slot_id, slot_name, name, class_id, venue, teacher_id,
           version) values ($1, $2, $3, $4, $5, $6, $7, '', $8, 0)"
    );
    let columns = |group: &NewGroup| -> Vec<Arg> {
        vec![
            group.id.into(),
            term.into(),
            group.slot.as_str().into(),
            group.slot_name.as_str().into(),
            group.name.as_str().into(),
            group.class.into(),
            group.teacher.into(),
        ]
    };
    tx.run_each(sql, &groups.iter().map(columns).collect::<Vec<_>>()).map(|_| ())
}

pub(super) fn join(tx: &mut SchoolTx, joining: &[(GroupId, StudentId)], from_on: Date) -> Result<()> {
    let sql = sql!(
        "insert into group_member (school_id, group_id, student_id, from_on) values ($1, $2, $3, $4)
         on conflict (school_id, group_id, student_id, from_on) do update set to_on = null"
    );
    let columns =
        |(group, child): &(GroupId, StudentId)| vec![(*group).into(), (*child).into(), from_on.into()];
    tx.run_each(sql, &joining.iter().map(columns).collect::<Vec<_>>()).map(|_| ())
}

/// Ends stays: the day before is the last one.
pub(super) fn leave(tx: &mut SchoolTx, leaving: &[(GroupId, StudentId)], day: Date) -> Result<()> {
    let last_on = day.yesterday().unwrap_or(day);
    let sql = sql!(
        "update group_member set to_on = $4
         where school_id = $1 and group_id = $2 and student_id = $3 and to_on is null"
    );
    let columns =
        |(group, child): &(GroupId, StudentId)| vec![(*group).into(), (*child).into(), last_on.into()];
    tx.run_each(sql, &leaving.iter().map(columns).collect::<Vec<_>>()).map(|_| ())
}

fn read_group(row: &Row) -> Result<GroupCard> {
    Ok(GroupCard {
        id: row.id(0)?,
        name: row.text(1)?,
        slot: SlotId(row.text(2)?),
        slot_name: row.text(3)?,
        class: if row.maybe_text(4)?.is_some() { Some(read_class(row, 4)?) } else { None },
        venue: row.text(7)?,
        teacher: row.maybe_id(8)?,
        teacher_name: row.text(9)?,
        children: row.count(10)?,
        offering: row.maybe_id(11)?,
    })
}

fn read_arrangement(row: &Row) -> Result<Arrangement> {
    Ok(Arrangement { teacher: row.maybe_id(0)?, venue: row.text(1)? })
}
