//! The days of the running month: groups with teachers and rooms, rolls of the days before, and today so far.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use kehou_app::attendance::{self, Call, Mention, NewLeave, Session};
use kehou_app::dismissal::{self, Naming, NewRestriction, Source};
use kehou_app::grouping;
use kehou_db::{Scope, Tx};
use kehou_domain::access::{
    ArrangeGroups, CallRoll, FileLeave, KeepPickupList, PrepareDay, ReadGroups, ReadSessions, RestrictPickup,
    Role,
};
use kehou_domain::attendance::{LeaveKind, Said, Saying, Span};
use kehou_domain::custody::Mark;
use kehou_domain::ids::StudentId;
use kehou_domain::moment;

use super::chance::Chance;
use super::joining::seat;
use super::pupils::Pupil;
use super::site::{self, SERVICE_FROM, Site, act, morning};
use super::staff::Member;

/// The first day of the month that is filled.
const MONTH_FROM: Date = date(2026, 10, 1);
/// Of a hundred children, how many are on leave on a day.
const ON_LEAVE: usize = 2;

/// A school's month so far.
pub(super) struct Month<'a> {
    pub(super) site: &'a Site,
    pub(super) staff: &'a [Member],
    pub(super) pupils: &'a [Pupil],
    pub(super) now: Timestamp,
}

impl Month<'_> {
    /// Forms groups, gives them teachers and rooms, calls the rolls of the days before, and begins today.
    pub(super) async fn fill(&self, chance: &mut Chance) -> anyhow::Result<()> {
        self.prepare(SERVICE_FROM).await?;
        self.arrange().await?;
        let today = moment::day_of(self.now);
        let mut day = MONTH_FROM.max(SERVICE_FROM);
        while day < today {
            self.day_before(day, chance).await?;
            day = day.tomorrow()?;
        }
        self.collectors(today).await?;
        self.leave(today, chance).await?;
        self.prepare(today).await?;
        self.today(today).await
    }

    async fn prepare(&self, day: Date) -> anyhow::Result<()> {
        self.site
            .act::<PrepareDay, _, _>(morning(day), move |tx| attendance::prepare_day(tx, day))
            .await
            .map(|_| ())
    }

    /// Each class's group goes to its own teacher and room.
    async fn arrange(&self) -> anyhow::Result<()> {
        let leads: Vec<_> = self.staff.iter().filter_map(|member| Some((member.led?, member.id))).collect();
        let at = morning(SERVICE_FROM);
        let groups = self.site.act::<ReadGroups, _, ()>(at, |tx| Ok(grouping::current(tx)?)).await?;
        let arrange = move |tx: &mut Tx<ArrangeGroups>| {
            for group in &groups {
                let teacher =
                    leads.iter().find(|(key, _)| Some(*key) == group.class).map(|(_, staff)| *staff);
                grouping::arrange(tx, group.id, teacher, &format!("{}教室", group.name))?;
            }
            Ok(())
        };
        self.site.act(at, arrange).await
    }

    /// A day before today: some leave, and everyone else was there.
    async fn day_before(&self, day: Date, chance: &mut Chance) -> anyhow::Result<()> {
        self.leave(day, chance).await?;
        self.prepare(day).await?;
        for session in self.sessions(day).await? {
            self.call(&session, &[]).await?;
        }
        Ok(())
    }

    /// Today: the first group that gathers has been called, and one child is missing.
    async fn today(&self, today: Date) -> anyhow::Result<()> {
        let sessions = self.sessions(today).await?;
        let open = |session: &&Session| session.starts_at.as_second() - self.now.as_second() <= 15 * 60;
        let Some(first) = sessions.iter().find(open) else { return Ok(()) };
        let children: Vec<StudentId> = self.expected(first).await?;
        let missing: Vec<StudentId> = children.into_iter().take(1).collect();
        self.call(first, &missing).await
    }

    async fn sessions(&self, day: Date) -> anyhow::Result<Vec<Session>> {
        let leader = self.leader(morning(day)).await?;
        let cards = act::<ReadSessions, _, ()>(&leader, move |tx| Ok(attendance::sessions(tx, day)?)).await?;
        Ok(cards.into_iter().map(|card| card.session).collect())
    }

    async fn expected(&self, session: &Session) -> anyhow::Result<Vec<StudentId>> {
        let (id, leader) = (session.id, self.leader(self.now).await?);
        let roll = act::<ReadSessions, _, ()>(&leader, move |tx| Ok(attendance::roll(tx, id)?)).await?;
        let unmarked = roll.children.into_iter().filter(|child| child.mark == Mark::Unmarked);
        Ok(unmarked.map(|child| child.pupil.id).collect())
    }

    /// Calls a roll: these are missing, the rest is there.
    async fn call(&self, session: &Session, missing: &[StudentId]) -> anyhow::Result<()> {
        let at = session.starts_at.min(self.now);
        let leader = self.leader(at).await?;
        let absent = |student: &StudentId| Mention {
            saying: Saying { student: *student, said: Said::Absent },
            at: Some(at),
            fact: None,
        };
        let call = Call {
            session: session.id,
            version: None,
            mentions: missing.iter().map(absent).collect(),
            rest: Some(Said::Present),
            device: "demo".to_owned(),
        };
        act::<CallRoll, _, _>(&leader, move |tx| attendance::save_roll(tx, &call)).await.map(|_| ())
    }

    /// A few families file leave for the day, the evening before.
    async fn leave(&self, day: Date, chance: &mut Chance) -> anyhow::Result<()> {
        for pupil in self.pupils.iter().filter(|_| chance.percent(ON_LEAVE)).take(12) {
            let evening = site::at(day.yesterday()?, 20, 0);
            let family = seat(self.site, &pupil.parents[0].phone, Role::Guardian, evening).await?;
            let leave = NewLeave {
                student: pupil.id,
                span: Span { from_on: day, to_on: day },
                slot: None,
                kind: LeaveKind::Sick,
                reason: "发烧，在家休息".to_owned(),
            };
            // a child without a place on this day needs no leave: the refusal is as good as the leave
            let _ = family.act::<FileLeave, _, _>(move |tx| attendance::file_leave(tx, &leave)).await?;
        }
        Ok(())
    }

    /// Some families have named somebody to collect; one child must not be collected by somebody.
    async fn collectors(&self, today: Date) -> anyhow::Result<()> {
        for pupil in self.pupils.iter().skip(self.pupils.len() / 2).step_by(9).take(20) {
            let family = seat(self.site, &pupil.parents[0].phone, Role::Guardian, morning(today)).await?;
            let naming = Naming {
                name: "周奶奶".to_owned(),
                relation: "奶奶".to_owned(),
                from_on: today,
                to_on: date(2027, 1, 22),
                declared_capable: true,
            };
            let student = pupil.id;
            act::<KeepPickupList, _, _>(&family, move |tx| dismissal::name_delegate(tx, student, &naming))
                .await?;
        }
        let guarded = self.pupils.last().context("the school has children")?.id;
        let new = NewRestriction {
            name: "于建军".to_owned(),
            guardian: None,
            source: Source::CourtPaper,
            note: String::new(),
            to_on: None,
        };
        let office = self.member(Role::Principal, morning(today)).await?;
        act::<RestrictPickup, _, _>(&office, move |tx| dismissal::restrict(tx, guarded, &new))
            .await
            .map(|_| ())
    }

    async fn leader(&self, at: Timestamp) -> anyhow::Result<Scope> {
        self.member(Role::DutyLeader, at).await
    }

    async fn member(&self, role: Role, at: Timestamp) -> anyhow::Result<Scope> {
        let member = self.staff.iter().find(|member| member.roles.contains(&role));
        seat(self.site, &member.context("the post is filled")?.phone, role, at).await
    }
}
