//! Children who have left the school: what they had here ends with their last day on roll (B1).

use kehou_db::{self as db, Event, SchoolTx};
use kehou_domain::enrolment::chain::Status;
use serde_json::json;

use super::rows::{applications, places};

/// Ends the place and the application of every child that has left; what was before stays. Run again it changes
/// nothing. Making a day's sessions begins with it, since the roster cannot know who has a place.
pub(crate) fn follow_roll(tx: &mut SchoolTx) -> db::Result<()> {
    for (place, student, last_day) in places::end_of_leavers(tx)? {
        let facts = json!({ "child": student.to_string(), "last_day": last_day.to_string() });
        tx.event(Event::new("EndWithSchool", place).facts(facts))?;
    }
    for id in applications::of_leavers(tx)? {
        let application = applications::held(tx, id)?;
        applications::set_standing(tx, &application, Status::Withdrawn, application.step)?;
        let facts = json!({ "child": application.student.to_string() });
        tx.event(Event::new("EndWithSchool", id).facts(facts))?;
    }
    Ok(())
}
