//! The care log (G8): what happened in a session, entry by entry, and how many children were counted (G9).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, Tx};
use kehou_domain::access::{ReadCareLog, Role, WriteCareLog};
use kehou_domain::attendance::{EntryRefused, log_entry};
use kehou_domain::ids::{CareEntryId, SessionId};
use serde_json::json;

use super::rows;
use super::session::{Session, own, sight};
use crate::custody;

/// One entry of a care log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareEntry {
    /// Its id.
    pub id: CareEntryId,
    /// The session.
    pub session: SessionId,
    /// When it was written.
    pub at: Timestamp,
    /// In which role.
    pub role: Role,
    /// What happened; may be empty when only heads were counted.
    pub happened: String,
    /// How many children were counted, when they were.
    pub head_count: Option<u32>,
}

/// A session with its care log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareLog {
    /// The session.
    pub session: Session,
    /// Its entries, in order.
    pub entries: Vec<CareEntry>,
    /// When its day was closed: from then on nothing is written (H9).
    pub day_closed_at: Option<Timestamp>,
}

/// The care log of a session.
pub fn care_log(tx: &mut Tx<ReadCareLog>, session: SessionId) -> Result<CareLog> {
    let session = rows::sessions::session(tx, session)?;
    own(tx, &session)?;
    let entries = rows::care::of_session(tx, session.id)?;
    let day_closed_at = custody::closed_at(tx, session.day)?;
    Ok(CareLog { session, entries, day_closed_at })
}

/// The care logs of a day: of one's own sessions, or all for those who lead the day (G9).
pub fn care_logs(tx: &mut Tx<ReadCareLog>, day: Date) -> Result<Vec<CareLog>> {
    let sessions = rows::sessions::sessions(tx, day)?;
    let sight = sight(tx)?;
    let entries = rows::care::of_day(tx, day)?;
    let day_closed_at = custody::closed_at(tx, day)?;
    let own = sessions.into_iter().filter(|session| sight.has(session));
    let log = |session: Session| {
        let entries = entries.iter().filter(|entry| entry.session == session.id).cloned().collect();
        CareLog { session, entries, day_closed_at }
    };
    Ok(own.map(log).collect())
}

/// Adds an entry to the care log of an own session (G8), while its day is open (H9).
pub fn write_care(
    tx: &mut Tx<WriteCareLog>,
    session: SessionId,
    happened: &str,
    head_count: Option<u32>,
) -> std::result::Result<CareEntryId, Failed<Vec<EntryRefused>>> {
    let session = rows::sessions::session(tx, session)?;
    own(tx, &session)?;
    custody::day_is_open(tx, session.day)?.map_err(|_| Failed::Refused(vec![EntryRefused::DayClosed]))?;
    let happened = happened.trim();

    log_entry(happened, head_count).map_err(Failed::Refused)?;

    let id = rows::care::save(tx, session.id, happened, head_count)?;
    let facts = json!({ "session": session.id.to_string(), "head_count": head_count });
    tx.event(Event::of::<WriteCareLog>(id).facts(facts))?;
    Ok(id)
}
