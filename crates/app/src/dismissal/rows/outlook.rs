//! What a family may expect of a day whose list its child is not on.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kehou_db::{Error, Result, SchoolTx, sql};
use kehou_domain::dismissal::{DayList, Place};
use kehou_domain::ids::StudentId;

/// The places of the acting guardian's children that hold on the day or begin later, on the weekdays that `meets` says;
/// a child without one is not among them.
pub(in crate::dismissal) fn places_of_guardian(
    tx: &mut SchoolTx,
    day: Date,
    meets: impl Fn(StudentId, &str, i8) -> bool,
) -> Result<BTreeMap<StudentId, Place>> {
    let sql = sql!(
        "select distinct e.student_id, e.from_on, coalesce(es.weekday, 0), coalesce(es.slot_id, '')
         from guardianship gs
           join enrolment e on e.school_id = gs.school_id and e.student_id = gs.student_id
             and (e.to_on is null or (e.from_on <= e.to_on and $3 <= e.to_on))
           left join enrolment_slot es on es.school_id = e.school_id and es.enrolment_id = e.id
         where gs.school_id = $1 and gs.guardian_id = $2 and gs.from_on <= $3
           and (gs.to_on is null or $3 <= gs.to_on)
         order by 1, 2, 3, 4 limit 500"
    );
    let guardian = tx.person().ok_or(Error::NotFound)?;
    let mut places: BTreeMap<StudentId, Place> = BTreeMap::new();
    let rows = tx.all(sql, &[guardian.into(), day.into()], |row| {
        Ok((row.id(0)?, row.day(1)?, row.int(2)?, row.text(3)?))
    })?;
    for (student, from_on, weekday, slot) in rows {
        // no weekday is 0
        let weekday = i8::try_from(weekday).unwrap_or_default();
        let weekday = if meets(student, &slot, weekday) { weekday } else { 0 };
        match places.get_mut(&student) {
            Some(Place::Holds(weekdays)) if from_on <= day => weekdays.push(weekday),
            Some(_) => {}
            None if from_on <= day => drop(places.insert(student, Place::Holds(vec![weekday]))),
            None => drop(places.insert(student, Place::Begins(from_on))),
        }
    }
    Ok(places)
}

/// Whether the day's list is made.
pub(in crate::dismissal) fn day_list(tx: &mut SchoolTx, day: Date) -> Result<DayList> {
    let sql = sql!("select 1 from attendance_day where school_id = $1 and day = $2");
    let made = tx.maybe(sql, &[day.into()], |_| Ok(()))?;
    Ok(if made.is_some() { DayList::Made } else { DayList::ToBeMade })
}
