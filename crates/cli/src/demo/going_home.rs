//! The end of a day: children go home wave by wave, one family comes late (H6), rooms and the day are closed (H9).

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kehou_app::attendance::{self, Session};
use kehou_app::dismissal::{self, GateChild, Look, ReleaseOutcome, Staying};
use kehou_db::{Scope, Tx};
use kehou_domain::access::{
    CloseDay, HandOverGroup, ReleaseChild, Role, WatchBoard, WatchGate, WriteCareLog,
};
use kehou_domain::custody::{Check, Whereabouts};
use kehou_domain::dismissal::{ClosingCheck, Collector, Explained, Leaving};
use kehou_domain::ids::{EntityId, GuardianId, SessionId, StudentId};
use kehou_domain::moment;

use super::days::Month;
use super::joining::seat;
use super::pupils::Pupil;
use super::site::{self, SET_UP_ON, Site, act, morning};

/// Minutes after its wave at which a family that has not come counts as late, and at which it comes.
const LATE_AFTER: i64 = 20;
const LATE_COMES: i64 = 55;
/// Minutes after the last wave at which the duty leader closes the day.
const CLOSED_AFTER: i64 = 75;

/// The child whose family comes late, with the wave that it missed.
struct Late {
    child: GateChild,
    wave_at: Timestamp,
}

/// Who collects each child: the first of its parents on the roster.
pub(super) async fn collectors(
    site: &Site,
    pupils: &[Pupil],
) -> anyhow::Result<BTreeMap<StudentId, GuardianId>> {
    let mut collectors = BTreeMap::new();
    for pupil in pupils {
        let family = seat(site, &pupil.parents[0].phone, Role::Guardian, morning(SET_UP_ON)).await?;
        let guardian = family.person().context("a guardian is somebody")?;
        collectors.insert(pupil.id, GuardianId::from_bits(guardian.bits()));
    }
    Ok(collectors)
}

/// So many minutes later.
pub(super) fn after(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add(minutes.minutes()).expect("a day of the demo is far from the end of time")
}

impl Month<'_> {
    /// A day that is over: everyone was collected, every room and the day are closed.
    pub(super) async fn end(&self, day: Date, sessions: &[Session]) -> anyhow::Result<()> {
        let Some(last) = sessions.iter().map(|session| session.ends_at).max() else { return Ok(()) };
        let at = after(last, CLOSED_AFTER);
        if moment::day_of(at) != day {
            // boarders sleep in the school: not everybody goes home
            self.go_home(day, site::at(day, 23, 0)).await?;
            return self.close_over_night(day).await;
        }
        self.go_home(day, at).await?;
        let leader = self.leader(at).await?;
        let rooms: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
        let close_rooms = move |tx: &mut Tx<HandOverGroup>| {
            let leaving = Leaving { ticked: &ClosingCheck::ALL, along: &[], note: "" };
            rooms.iter().try_for_each(|room| dismissal::close_group(tx, *room, leaving))
        };
        if leader.act::<HandOverGroup, _, _>(close_rooms).await?.is_err() {
            // somebody sleeps in the school: the rooms stay open
            return self.close_over_night(day).await;
        }
        act::<CloseDay, _, _>(&leader, move |tx| dismissal::close_day(tx, day, Explained::default())).await
    }

    /// A day on which somebody slept in the school is closed after midnight, with the reason.
    async fn close_over_night(&self, day: Date) -> anyhow::Result<()> {
        let leader = self.leader(site::at(day.tomorrow()?, 0, 10)).await?;
        let board = leader.read::<WatchBoard, _>(move |tx| dismissal::board(tx, Some(day))).await?;
        let without_ending = board.keeps_open.map(|open| open.children.len());
        let said =
            Explained { reason: "住宿生在校过夜，已查寝，人数相符。", without_ending };
        let close = move |tx: &mut Tx<CloseDay>| dismissal::close_day(tx, day, said);
        // a child who is still looked for keeps the day open
        leader.act::<CloseDay, _, _>(close).await.map(drop)?;
        Ok(())
    }

    /// Everyone in school whose wave has gone by this moment is collected, group by group; of the last wave of today and of
    /// yesterday one family comes late.
    pub(super) async fn go_home(&self, day: Date, until: Timestamp) -> anyhow::Result<()> {
        let guard = self.member(Role::GateGuard, until).await?;
        let gate = act::<WatchGate, _, ()>(&guard, |tx| Ok(dismissal::gate(tx, &Look::default())?)).await?;
        let mut children: Vec<GateChild> = gate.children;
        children.retain(|child| child.whereabouts == Whereabouts::Here && after(child.wave_at, 10) <= until);
        let late = self.late_family(day, &mut children);
        let mut groups: BTreeMap<(Timestamp, SessionId), Vec<StudentId>> = BTreeMap::new();
        for child in children {
            groups.entry((child.wave_at, child.session)).or_default().push(child.child.id);
        }
        for (number, ((wave_at, _), group)) in (0_i64..).zip(groups) {
            self.collect(&guard.at_moment(after(wave_at, 1 + number % 9)), group).await?;
        }
        match late {
            Some(late) => self.wait_for(&late, until).await,
            None => Ok(()),
        }
    }

    fn late_family(&self, day: Date, children: &mut Vec<GateChild>) -> Option<Late> {
        if !self.has_late_family(day) {
            return None;
        }
        let (number, _) = children.iter().enumerate().max_by_key(|(_, child)| child.wave_at)?;
        let child = children.remove(number);
        Some(Late { wave_at: child.wave_at, child })
    }

    async fn collect(&self, guard: &Scope, group: Vec<StudentId>) -> anyhow::Result<()> {
        let collected: Option<Vec<_>> = group
            .iter()
            .map(|child| Some((*child, Collector::Guardian(*self.collectors.get(child)?))))
            .collect();
        let collected = collected.context("every child has somebody who collects it")?;
        let release = move |tx: &mut Tx<ReleaseChild>| {
            let release = |(child, who): &(StudentId, Collector)| {
                dismissal::release(tx, (*child, None), who, Check::Known)
            };
            Ok(collected.iter().map(release).collect::<kehou_db::Result<Vec<_>>>()?)
        };
        let outcomes = act::<ReleaseChild, _, ()>(guard, release).await?;
        ensure!(outcomes.iter().all(|outcome| *outcome == ReleaseOutcome::Released), "{outcomes:?}");
        Ok(())
    }

    /// The duty leader stays with the child and writes down what happens, as far as it has happened by this moment.
    async fn wait_for(&self, late: &Late, until: Timestamp) -> anyhow::Result<()> {
        let (waits_at, comes_at) = (after(late.wave_at, LATE_AFTER), after(late.wave_at, LATE_COMES));
        let (session, student, name) = (late.child.session, late.child.child.id, &late.child.child.name);
        if until < waits_at {
            return Ok(());
        }
        let leader = self.leader(waits_at).await?;
        let staying = Staying { students: vec![student], are_back: false };
        act::<HandOverGroup, _, _>(&leader, move |tx| dismissal::stay_late(tx, session, &staying)).await?;
        let waits = format!("{name}的家长还没到，电话里说路上堵车。值班领导和门卫在门卫室陪着。");
        self.write(&leader, session, waits).await?;
        if until < comes_at {
            return Ok(());
        }
        let guard = self.member(Role::GateGuard, comes_at).await?;
        self.collect(&guard, vec![student]).await?;
        self.write(&leader.at_moment(comes_at), session, format!("{name}的家长到了，当面接走。")).await
    }

    async fn write(&self, leader: &Scope, session: SessionId, happened: String) -> anyhow::Result<()> {
        let write = move |tx: &mut Tx<WriteCareLog>| attendance::write_care(tx, session, &happened, None);
        act::<WriteCareLog, _, _>(leader, write).await.map(|_| ())
    }
}
