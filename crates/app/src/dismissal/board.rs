//! The duty leader's live board and the day's handover sheet (A6, A9, H10).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Result, Tx};
use kehou_domain::access::WatchBoard;
use kehou_domain::custody::{Ending, Receiver, Sight, Whereabouts};
use kehou_domain::dismissal::{Settlement, StillOpen};
use kehou_domain::ids::{AccountId, CaseId, SessionId, StudentId};

use super::closing::still_open;
use super::gate::everyone;
use super::{ClosedDay, GateChild, SessionCard, StopCard, looked_at, rows, unclosed};
use crate::{calendar, custody};

/// What is open now.
#[derive(Debug, Clone)]
pub struct Board {
    /// The day.
    pub day: Date,
    /// How many are to be let go today.
    pub to_go: usize,
    /// How many have gone.
    pub gone: usize,
    /// How many are on leave or with their family.
    pub away: usize,
    /// Children whom nobody has called in yet.
    pub unseen: usize,
    /// Children whom somebody of the school has in sight.
    pub in_care: usize,
    /// The children who are being looked for.
    pub missing: Vec<MissingCard>,
    /// Stops of today that were not ended.
    pub stops: Vec<StopCard>,
    /// Children who wait for someone to come.
    pub late: Vec<LateCard>,
    /// The groups with what is open in them.
    pub groups: Vec<GroupLine>,
    /// Children without an ending.
    pub open: Vec<GateChild>,
    /// What keeps an earlier day open; nothing where the day is today's or was closed.
    pub keeps_open: Option<StillOpen>,
    /// When the day was closed.
    pub closed: Option<ClosedDay>,
    /// Earlier days that were not closed, the oldest first.
    pub earlier: Vec<Date>,
    /// Whether nobody has decided yet that there is service on the day (C3).
    pub undecided: bool,
    /// What the board was made from.
    pub fingerprint: Fingerprint,
}

/// Changes whenever the board does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub i64);

/// A child who is being looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingCard {
    /// The case.
    pub case: CaseId,
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub child: String,
    /// The group.
    pub group: String,
    /// Since when.
    pub since: Timestamp,
    /// How often somebody was called.
    pub calls: i64,
}

/// A child who stays late, and with whom (H6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateCard {
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub child: String,
    /// The group.
    pub group: String,
    /// Since when.
    pub since: Timestamp,
    /// The name of who stays with the child.
    pub with: String,
}

/// One group on the board.
#[derive(Debug, Clone)]
pub struct GroupLine {
    /// Its session.
    pub session: SessionCard,
    /// How many of its children are to be let go.
    pub to_go: usize,
    /// How many of them have not gone.
    pub open: usize,
}

impl GroupLine {
    /// G2, H9: whether somebody has to see to the group now: its roll is due, or its time is over and its room is not
    /// closed.
    pub fn asks(&self, now: Timestamp) -> bool {
        self.session.is_uncalled(now) || (self.session.closed_at.is_none() && self.session.ends_at <= now)
    }
}

/// The day's handover sheet, for print.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The day.
    pub day: Date,
    /// One line for each child.
    pub lines: Vec<SheetLine>,
    /// When the day was closed.
    pub closed: Option<ClosedDay>,
}

/// One child's line.
#[derive(Debug, Clone)]
pub struct SheetLine {
    /// The child as the gate saw it.
    pub child: GateChild,
    /// Who took the child, as far as the school knows the name.
    pub taken_by: Option<String>,
    /// Who wrote it down.
    pub noted_by: Option<String>,
}

impl SheetLine {
    /// Whether the child was to be let go: not on leave, not with the family.
    pub fn is_to_go(&self) -> bool {
        self.child.whereabouts.is_to_go()
    }

    /// Whether the child was in school and has left.
    pub fn has_gone(&self) -> bool {
        self.child.whereabouts.has_gone()
    }
}

/// A6, A9: everything that is open today, or on an earlier day that was not closed.
pub fn board(tx: &mut Tx<WatchBoard>, day: Option<Date>) -> Result<Board> {
    let day = looked_at(tx, day)?;
    let earlier = unclosed(tx)?;
    let fingerprint = Fingerprint(rows::notes_on(tx, day)?);
    let (everyone, stops) = everyone(tx, day)?;
    let names: BTreeMap<AccountId, String> = rows::staff_names(tx)?.into_iter().collect();
    let missing = rows::missing_on(tx, day)?;
    let stops = open_stops(stops, &everyone);
    let groups = groups(&everyone, rows::sessions_on(tx, day)?);
    let undecided = groups.is_empty() && calendar::is_undecided(tx, day)?;
    let closed = rows::closed_day(tx, day)?;
    let count =
        |wanted: fn(Whereabouts) -> bool| everyone.iter().filter(|child| wanted(child.whereabouts)).count();
    let (to_go, gone, unseen) = (
        count(Whereabouts::is_to_go),
        count(Whereabouts::has_gone),
        count(|place| place == Whereabouts::Unseen),
    );
    let in_care = count(Whereabouts::is_in_care);
    let late = everyone.iter().filter_map(|child| late(child, &names)).collect();
    let away = everyone.len() - to_go;
    let open = everyone.into_iter().filter(is_open).collect();
    let keeps_open = match &closed {
        None if day < tx.today() => {
            let states = custody::states_on(tx, day)?;
            Some(still_open(tx, day, &states)?)
        }
        None | Some(_) => None,
    };
    Ok(Board {
        day,
        to_go,
        gone,
        away,
        unseen,
        in_care,
        missing,
        stops,
        late,
        groups,
        open,
        keeps_open,
        closed,
        earlier,
        undecided,
        fingerprint,
    })
}

/// What the board was made from, without the board: asked every few seconds.
pub fn fingerprint(tx: &mut Tx<WatchBoard>, day: Option<Date>) -> Result<Fingerprint> {
    let day = looked_at(tx, day)?;
    Ok(Fingerprint(rows::notes_on(tx, day)?))
}

/// The stops that still wait for somebody's word.
fn open_stops(stops: Vec<StopCard>, everyone: &[GateChild]) -> Vec<StopCard> {
    let places: BTreeMap<StudentId, Whereabouts> =
        everyone.iter().map(|child| (child.child.id, child.whereabouts)).collect();
    let waits = |stop: &StopCard| {
        let place = places.get(&stop.student).copied().unwrap_or(Whereabouts::NotExpected);
        stop.as_stop().waits(place)
    };
    stops.into_iter().filter(waits).collect()
}

fn is_open(child: &GateChild) -> bool {
    child.whereabouts.is_to_go() && !child.whereabouts.has_gone()
}

/// Whether somebody on no list took the child, as a duty leader could let it go before guards did.
fn is_unlisted(place: Whereabouts) -> bool {
    matches!(place, Whereabouts::Ended(Ending::Collected(Receiver::Unlisted)))
}

fn late(child: &GateChild, names: &BTreeMap<AccountId, String>) -> Option<LateCard> {
    let learnt: Sight = child.learnt.filter(|_| child.whereabouts == Whereabouts::LateCare)?;
    Some(LateCard {
        student: child.child.id,
        child: child.child.name.clone(),
        group: child.group.clone(),
        since: learnt.at,
        with: names.get(&learnt.account).cloned().unwrap_or_default(),
    })
}

fn groups(everyone: &[GateChild], sessions: Vec<SessionCard>) -> Vec<GroupLine> {
    let mut counts: BTreeMap<SessionId, (usize, usize)> = BTreeMap::new();
    for child in everyone {
        let (to_go, open) = counts.entry(child.session).or_default();
        *to_go += usize::from(child.whereabouts.is_to_go());
        *open += usize::from(is_open(child));
    }
    sessions
        .into_iter()
        .map(|session| {
            let (to_go, open) = counts.get(&session.id).copied().unwrap_or_default();
            GroupLine { session, to_go, open }
        })
        .collect()
}

/// H10: who took each child, when, and who wrote it down.
pub fn sheet(tx: &mut Tx<WatchBoard>, day: Date) -> Result<Sheet> {
    let names: BTreeMap<AccountId, String> = rows::staff_names(tx)?.into_iter().collect();
    let takers: BTreeMap<String, String> = rows::takers_on(tx, day)?.into_iter().collect();
    let closed = rows::closed_day(tx, day)?;
    let (everyone, stops) = everyone(tx, day)?;
    let let_go: BTreeMap<StudentId, String> = stops
        .into_iter()
        .filter(|stop| stop.settlement == Some(Settlement::LetGo))
        .map(|stop| (stop.student, stop.collector))
        .collect();
    let lines = everyone
        .into_iter()
        .map(|child| SheetLine {
            taken_by: match super::home::taker(child.whereabouts) {
                Some(id) => takers.get(&id).cloned(),
                None if is_unlisted(child.whereabouts) => let_go.get(&child.child.id).cloned(),
                None => None,
            },
            noted_by: child.learnt.and_then(|learnt| names.get(&learnt.account).cloned()),
            child,
        })
        .collect();
    Ok(Sheet { day, lines, closed })
}
