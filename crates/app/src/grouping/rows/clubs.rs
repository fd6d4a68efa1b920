//! SQL of the groups of clubs.

use kehou_db::{Arg, Result, SchoolTx, sql};
use kehou_domain::ids::{GroupId, TermId};
use kehou_domain::plan::SlotId;

use crate::grouping::clubs::{ClubDay, ClubGroup};

/// The clubs of a term that have a group.
pub(in crate::grouping) fn of_term(tx: &mut SchoolTx, term: TermId) -> Result<Vec<ClubGroup>> {
    let sql = sql!(
        "select g.id, c.offering_id, g.slot_id, g.name, g.teacher_id, g.venue from club_group c
         join teaching_group g on g.school_id = $1 and g.id = c.group_id
         where c.school_id = $1 and g.term_id = $2 order by g.id limit 4000"
    );
    tx.all(sql, &[term.into()], |row| {
        Ok(ClubGroup {
            id: row.id(0)?,
            offering: row.id(1)?,
            slot: SlotId(row.text(2)?),
            name: row.text(3)?,
            teacher: row.maybe_id(4)?,
            venue: row.text(5)?,
        })
    })
}

pub(in crate::grouping) fn open(tx: &mut SchoolTx, at: ClubDay<'_>, groups: &[ClubGroup]) -> Result<()> {
    let sql = sql!(
        "insert into teaching_group (school_id, id, term_id, slot_id, slot_name, name, venue, teacher_id, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0)"
    );
    let columns = |group: &ClubGroup| -> Vec<Arg> {
        vec![
            group.id.into(),
            at.term.into(),
            group.slot.as_str().into(),
            at.slot_names.get(&group.slot).map_or(group.slot.as_str(), String::as_str).into(),
            group.name.as_str().into(),
            group.venue.as_str().into(),
            group.teacher.into(),
        ]
    };
    tx.run_each(sql, &groups.iter().map(columns).collect::<Vec<_>>())?;
    let sql =
        sql!("insert into club_group (school_id, group_id, offering_id, slot_id) values ($1, $2, $3, $4)");
    let columns = |group: &ClubGroup| -> Vec<Arg> {
        vec![group.id.into(), group.offering.into(), group.slot.as_str().into()]
    };
    tx.run_each(sql, &groups.iter().map(columns).collect::<Vec<_>>()).map(drop)
}

pub(in crate::grouping) fn change(tx: &mut SchoolTx, group: &ClubGroup) -> Result<()> {
    let sql = sql!(
        "update teaching_group set name = $3, venue = $4, teacher_id = $5, version = version + 1
         where school_id = $1 and id = $2"
    );
    let args =
        [group.id.into(), group.name.as_str().into(), group.venue.as_str().into(), group.teacher.into()];
    tx.run(sql, &args).map(drop)
}

pub(in crate::grouping) fn is_club(tx: &mut SchoolTx, group: GroupId) -> Result<bool> {
    let sql = sql!("select 1 from club_group where school_id = $1 and group_id = $2");
    Ok(tx.maybe(sql, &[group.into()], |_| Ok(()))?.is_some())
}
