//! What stands beside offerings and is none: groups of base care, and the seats that children have.

use jiff::civil::Date;
use kehou_db::{Result, SchoolTx, sql};
use kehou_domain::catalogue::CareGroup;
use kehou_domain::ids::{OfferingId, TermId};
use kehou_domain::plan::SlotId;

use crate::people::read_class;

/// The groups of base care of the term that have children, with their room and teacher; grades are those of the day.
pub(in super::super) fn care_groups(tx: &mut SchoolTx, term: TermId, day: Date) -> Result<Vec<CareGroup>> {
    let sql = sql!(
        "select g.name, g.slot_id, g.venue, g.teacher_id, c.stage, c.entered_year, c.class_no from teaching_group g
         join home_class c on c.school_id = $1 and c.id = g.class_id
         where g.school_id = $1 and g.term_id = $2 and g.closed_on is null
           and (g.teacher_id is not null or g.venue <> '')
           and exists (select 1 from group_member m where m.school_id = $1 and m.group_id = g.id
             and (m.to_on is null or $3 <= m.to_on))
         order by g.slot_id, g.name, g.id limit 1000"
    );
    let found = tx.all(sql, &[term.into(), day.into()], |row| {
        let grade = read_class(row, 4)?.grade_on(day);
        let (name, slot, venue) = (row.text(0)?, SlotId(row.text(1)?), row.text(2)?);
        let teacher = row.maybe_id(3)?;
        Ok(grade.map(|grade| CareGroup { name, slot, grade, venue, teacher }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// How many children have a seat in the offering.
pub(in super::super) fn seats(tx: &mut SchoolTx, id: OfferingId) -> Result<u32> {
    let sql = sql!("select count(distinct student_id) from seat where school_id = $1 and offering_id = $2");
    tx.one(sql, &[id.into()], |row| row.count(0))
}
