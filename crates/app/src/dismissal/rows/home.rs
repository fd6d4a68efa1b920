//! What one guardian's page reads, for all of its children at once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kehou_db::{Arg, Error, Result, SchoolTx, sql};
use kehou_domain::ids::StudentId;

use super::Placed;
use super::gate::{read_card, read_placed};
use crate::dismissal::{ChildCard, ToDo};

fn acting(tx: &SchoolTx) -> Result<Arg> {
    tx.person().map(Arg::from).ok_or(Error::NotFound)
}

/// The acting guardian's children on the day, the eldest class first.
pub(in crate::dismissal) fn own_children(tx: &mut SchoolTx, day: Date) -> Result<Vec<ChildCard>> {
    let sql = sql!(
        "select s.id, s.name, c.stage, c.entered_year, c.class_no from guardianship gs
           join student s on s.school_id = gs.school_id and s.id = gs.student_id
           left join class_stay cs on cs.school_id = s.school_id and cs.student_id = s.id
             and cs.from_on <= $3 and (cs.to_on is null or cs.to_on >= $3)
           left join home_class c on c.school_id = s.school_id and c.id = cs.class_id
         where gs.school_id = $1 and gs.guardian_id = $2 and gs.from_on <= $3
           and (gs.to_on is null or gs.to_on >= $3)
         order by c.stage, c.entered_year, s.name, s.id limit 20"
    );
    let guardian = acting(tx)?;
    tx.all(sql, &[guardian, day.into()], |row| read_card(row, day))
}

/// The acting guardian's children who have left the school, each with the last day, where that was before the day.
pub(in crate::dismissal) fn left_before(tx: &mut SchoolTx, day: Date) -> Result<BTreeMap<StudentId, Date>> {
    let sql = sql!(
        "select s.id, s.left_on from guardianship gs
           join student s on s.school_id = gs.school_id and s.id = gs.student_id
         where gs.school_id = $1 and gs.guardian_id = $2 and (gs.to_on is null or gs.to_on >= $3)
           and s.status = 'left' and s.left_on < $3 limit 20"
    );
    let guardian = acting(tx)?;
    let left = tx.all(sql, &[guardian, day.into()], |row| Ok((row.id(0)?, row.day(1)?)))?;
    Ok(left.into_iter().collect())
}

/// The sessions of the acting guardian's children on the day.
pub(in crate::dismissal) fn placed_of_guardian(tx: &mut SchoolTx, day: Date) -> Result<Vec<Placed>> {
    let sql = sql!(
        "select s.id, s.name, c.stage, c.entered_year, c.class_no,
                se.id, g.name, se.venue, se.starts_at, se.ends_at, t.name, t.phone_sealed,
                case when g.class_id is null then g.name else se.slot_name end
         from guardianship gs
           join custody_fact f on f.school_id = gs.school_id and f.student_id = gs.student_id
           join student s on s.school_id = gs.school_id and s.id = gs.student_id
           join session se on se.school_id = f.school_id and se.id = f.session_id
           join teaching_group g on g.school_id = f.school_id and g.id = se.group_id
           left join class_stay cs on cs.school_id = f.school_id and cs.student_id = f.student_id
             and cs.from_on <= f.day and (cs.to_on is null or cs.to_on >= f.day)
           left join home_class c on c.school_id = f.school_id and c.id = cs.class_id
           left join staff t on t.school_id = f.school_id and t.id = se.teacher_id
         where gs.school_id = $1 and gs.guardian_id = $2 and gs.from_on <= $3
           and (gs.to_on is null or gs.to_on >= $3)
           and f.day = $3 and f.kind = 'expected' and se.status <> 'cancelled'
         order by s.id, se.starts_at limit 100"
    );
    let guardian = acting(tx)?;
    let mut placed = tx.all(sql, &[guardian, day.into()], |row| {
        Ok(Placed { teacher_phone: row.maybe_text(11)?, slot: row.text(12)?, ..read_placed(row, day)? })
    })?;
    for placed in &mut placed {
        placed.teacher_phone = placed.teacher_phone.take().map(|sealed| tx.unseal(&sealed)).transpose()?;
    }
    Ok(placed)
}

/// Everyone who may have taken one of the acting guardian's children: id, name, relation.
pub(in crate::dismissal) fn takers_of_guardian(
    tx: &mut SchoolTx,
    day: Date,
) -> Result<Vec<(String, (String, String))>> {
    let sql = sql!(
        "select g.id, g.name, gs.relation from guardianship own
           join guardianship gs on gs.school_id = own.school_id and gs.student_id = own.student_id
           join guardian g on g.school_id = gs.school_id and g.id = gs.guardian_id
         where own.school_id = $1 and own.guardian_id = $2 and own.to_on is null and gs.from_on <= $3
         union all
         select d.id, d.name, d.relation from guardianship own
           join pickup_delegate d on d.school_id = own.school_id and d.student_id = own.student_id
         where own.school_id = $1 and own.guardian_id = $2 and own.to_on is null and d.from_on <= $3"
    );
    let guardian = acting(tx)?;
    tx.all(sql, &[guardian, day.into()], |row| Ok((row.text(0)?, (row.text(1)?, row.text(2)?))))
}

/// What the family is to do about the enrolment of each of the acting guardian's children.
pub(in crate::dismissal) fn to_do_of_guardian(
    tx: &mut SchoolTx,
    day: Date,
) -> Result<Vec<(StudentId, ToDo)>> {
    let sql = sql!(
        "select gs.student_id, su.closes_on, a.status from guardianship gs
           join sign_up su on su.school_id = gs.school_id and su.opens_on <= $3
           join term t on t.school_id = su.school_id and t.id = su.term_id and t.ends_on >= $3
           join student s on s.school_id = gs.school_id and s.id = gs.student_id and s.status = 'enrolled'
           left join application a on a.school_id = gs.school_id and a.student_id = gs.student_id
             and a.term_id = su.term_id
         where gs.school_id = $1 and gs.guardian_id = $2 and gs.from_on <= $3
           and (gs.to_on is null or gs.to_on >= $3)
           and (a.id is not null or not exists (select 1 from enrolment e
             where e.school_id = $1 and e.student_id = gs.student_id and e.term_id = su.term_id))
         order by t.starts_on desc, gs.student_id limit 60"
    );
    let guardian = acting(tx)?;
    let found = tx.all(sql, &[guardian, day.into()], |row| {
        Ok((row.id(0)?, to_do(row.maybe_day(1)?, row.maybe_text(2)?.as_deref(), day)))
    })?;
    Ok(found.into_iter().filter_map(|(student, to_do)| Some((student, to_do?))).collect())
}

fn to_do(closes_on: Option<Date>, status: Option<&str>, today: Date) -> Option<ToDo> {
    match status {
        None if closes_on.is_none_or(|last| today <= last) => Some(ToDo::Apply { closes_on }),
        Some("waiting") => Some(ToDo::Follow),
        Some("returned") => Some(ToDo::Correct),
        None | Some(_) => None,
    }
}
