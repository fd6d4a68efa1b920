//! The days of the term so far: groups with teachers and rooms, a few days that are over, and today as far as it is.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use kehou_app::attendance::{self, Call, Learnt, Mention, NewLeave, Session, Status};
use kehou_app::dismissal::{self, Naming, NewRestriction, Source};
use kehou_app::grouping;
use kehou_db::{Scope, Tx};
use kehou_domain::access::{
    ArrangeGroups, CallRoll, FileLeave, KeepPickupList, LookForChild, PrepareDay, ReadCases, ReadGroups,
    ReadSessions, RestrictPickup, Role, WriteCareLog,
};
use kehou_domain::attendance::{Answer, LeaveKind, Said, Saying, Span};
use kehou_domain::calendar::school::working_day;
use kehou_domain::custody::{Found, Mark};
use kehou_domain::ids::{GuardianId, StudentId};
use kehou_domain::moment;

use super::chance::Chance;
use super::going_home;
use super::joining::seat;
use super::pupils::Pupil;
use super::site::{self, SERVICE_FROM, Site, act, morning};
use super::staff::Member;

/// Of a hundred children, how many are on leave on a day.
const ON_LEAVE: usize = 2;
/// Of a hundred rolls, in how many a child comes late.
const ONE_LATE: usize = 20;

/// What teachers write down of an afternoon.
const HAPPENED: [&str; 6] = [
    "作业都写完了，读了二十分钟课外书。",
    "先写作业，再练字。三个孩子的数学题讲了一遍。",
    "在操场跳绳、踢毽子，没有人受伤。",
    "作业辅导，答疑。值日生把黑板和地面收拾好了。",
    "下雨，在教室下棋、画画。窗户关好了。",
    "写作业，背古诗。有两个孩子饿了，吃了自己带的饼干。",
];

/// A school's days so far.
pub(super) struct Month<'a> {
    pub(super) site: &'a Site,
    pub(super) staff: &'a [Member],
    pub(super) pupils: &'a [Pupil],
    /// Who collects each child.
    pub(super) collectors: BTreeMap<StudentId, GuardianId>,
    pub(super) now: Timestamp,
}

/// The days that were played before today, the earliest first: so many of the last ones of the month before, and so many
/// of the running month.
pub(super) fn played(today: Date, (month_before, running): (usize, usize)) -> Vec<Date> {
    let back = std::iter::successors(today.yesterday().ok(), |day| day.yesterday().ok());
    let served = back.take_while(|day| SERVICE_FROM <= *day).filter(|day| working_day(*day, None).is_ok());
    let month = today.first_of_month();
    let last_month = month.yesterday().unwrap_or(month).first_of_month();
    let (now, before): (Vec<Date>, Vec<Date>) =
        served.take_while(|day| last_month <= *day).partition(|day| month <= *day);
    let mut days: Vec<Date> =
        now.into_iter().take(running).chain(before.into_iter().take(month_before)).collect();
    days.reverse();
    days
}

impl Month<'_> {
    /// Forms groups, gives them teachers and rooms, plays the days before from roll to closing, and begins today.
    pub(super) async fn fill(&self, chance: &mut Chance) -> anyhow::Result<()> {
        let today = moment::day_of(self.now);
        let before = self.played();
        self.prepare(before.first().copied().unwrap_or(today)).await?;
        self.arrange().await?;
        for day in before {
            self.day_before(day, chance).await?;
        }
        self.named_collectors(today).await?;
        self.leave(today, chance).await?;
        self.prepare(today).await?;
        self.today(today).await
    }

    fn played(&self) -> Vec<Date> {
        played(moment::day_of(self.now), self.site.school.played)
    }

    /// Whether one family comes late on this day: today, and on the day that was played before.
    pub(super) fn has_late_family(&self, day: Date) -> bool {
        day == moment::day_of(self.now) || self.played().last() == Some(&day)
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
        let at = self.now;
        let groups = self.site.act::<ReadGroups, _, ()>(at, |tx| Ok(grouping::current(tx)?)).await?;
        let arrange = move |tx: &mut Tx<ArrangeGroups>| {
            for group in groups.iter().filter(|group| group.offering.is_none()) {
                let teacher =
                    leads.iter().find(|(key, _)| Some(*key) == group.class).map(|(_, staff)| *staff);
                grouping::arrange(tx, group.id, teacher, &format!("{}教室", group.name))?;
            }
            Ok(())
        };
        self.site.act(at, arrange).await
    }

    /// A day before today: some leave, some late, one child who was looked for and found, everyone collected.
    async fn day_before(&self, day: Date, chance: &mut Chance) -> anyhow::Result<()> {
        self.leave(day, chance).await?;
        self.prepare(day).await?;
        let sessions = self.sessions(day).await?;
        for (number, session) in sessions.iter().enumerate() {
            let said = match number + 1 {
                last if last == sessions.len() => Some(Said::Absent),
                _ => chance.percent(ONE_LATE).then_some(Said::Late),
            };
            let apart = match said {
                Some(said) => {
                    self.expected(session).await?.into_iter().take(1).map(|child| (child, said)).collect()
                }
                None => Vec::new(),
            };
            self.call(session, apart).await?;
        }
        self.explain(day).await?;
        self.write_logs(day, &sessions, chance).await?;
        self.end(day, &sessions).await
    }

    /// Today: what has begun was called; of one group that gathers now a child is missing; whose wave has gone was
    /// collected. The group of the teacher that the demo signs in as is the visitor's to call.
    async fn today(&self, today: Date) -> anyhow::Result<()> {
        let sessions = self.sessions(today).await?;
        let visitor = self.staff.iter().find(|member| member.roles.contains(&Role::ServiceTeacher));
        let visitor = visitor.map(|member| member.id);
        let begun = |session: &Session| going_home::after(session.starts_at, 10) <= self.now;
        let gathers = |session: &&Session| {
            session.starts_at <= going_home::after(self.now, 15)
                && self.now < session.ends_at
                && (session.teacher != visitor || begun(session))
        };
        let first = sessions.iter().find(gathers).map(|session| session.id);
        for session in &sessions {
            if Some(session.id) == first {
                let missing = self.expected(session).await?.into_iter().take(1);
                self.call(session, missing.map(|child| (child, Said::Absent)).collect()).await?;
            } else if begun(session) {
                self.call(session, Vec::new()).await?;
            }
        }
        self.go_home(today, self.now).await
    }

    /// The children whom the teacher that the demo signs in as waits for today: those in clubs are with somebody else.
    pub(super) async fn waited_for(&self) -> anyhow::Result<Vec<StudentId>> {
        let visitor = self.staff.iter().find(|member| member.roles.contains(&Role::ServiceTeacher));
        let visitor = visitor.map(|member| member.id);
        let mut children = Vec::new();
        for session in self.sessions(moment::day_of(self.now)).await? {
            if visitor.is_some() && session.teacher == visitor {
                children.extend(self.expected(&session).await?);
            }
        }
        Ok(children)
    }

    async fn sessions(&self, day: Date) -> anyhow::Result<Vec<Session>> {
        let leader = self.leader(morning(day)).await?;
        let cards = act::<ReadSessions, _, ()>(&leader, move |tx| Ok(attendance::sessions(tx, day)?)).await?;
        let sessions = cards.into_iter().map(|card| card.session);
        Ok(sessions.filter(|session| session.status != Status::Cancelled).collect())
    }

    async fn expected(&self, session: &Session) -> anyhow::Result<Vec<StudentId>> {
        let (id, leader) = (session.id, self.leader(self.now).await?);
        let roll = act::<ReadSessions, _, ()>(&leader, move |tx| Ok(attendance::roll(tx, id)?)).await?;
        let unmarked = roll.children.into_iter().filter(|child| child.mark == Mark::Unmarked);
        Ok(unmarked.map(|child| child.pupil.id).collect())
    }

    /// Calls a roll: this is said of some, the rest is there. The heads of a roll without open questions are counted.
    async fn call(&self, session: &Session, apart: Vec<(StudentId, Said)>) -> anyhow::Result<()> {
        let at = session.starts_at.min(self.now);
        let leader = self.leader(at).await?;
        let mention = |(student, said): (StudentId, Said)| Mention {
            saying: Saying { student, said },
            at: Some(at),
            fact: None,
        };
        let call = Call {
            session: session.id,
            version: None,
            mentions: apart.into_iter().map(mention).collect(),
            rest: Some(Said::Present),
            device: "demo".to_owned(),
        };
        act::<CallRoll, _, _>(&leader, move |tx| {
            let saved = attendance::save_roll(tx, &call)?;
            if saved.counts.absent == 0 {
                attendance::confirm_heads(tx, call.session, saved.counts.present)?;
            }
            Ok(())
        })
        .await
    }

    /// Whoever was missing on this day had been collected early by the family, who say so on the telephone.
    async fn explain(&self, day: Date) -> anyhow::Result<()> {
        let leader = self.leader(morning(day)).await?;
        let cases = act::<ReadCases, _, ()>(&leader, move |tx| Ok(attendance::cases(tx, day)?)).await?;
        for case in cases {
            let learnt = Learnt {
                guardian: self.collectors.get(&case.student).copied(),
                answer: Answer::Reached,
                said: "中午家里接走看牙了，忘了请假".to_owned(),
                found: Some(Found::WithFamily),
            };
            let leader = leader.at_moment(going_home::after(case.opened_at, 8));
            act::<LookForChild, _, _>(&leader, move |tx| attendance::learn(tx, case.id, &learnt)).await?;
        }
        Ok(())
    }

    /// What each group did, in a sentence (G8).
    async fn write_logs(&self, day: Date, sessions: &[Session], chance: &mut Chance) -> anyhow::Result<()> {
        let Some(ends_at) = sessions.iter().map(|session| session.ends_at).max() else { return Ok(()) };
        let logs: Vec<_> =
            sessions.iter().map(|session| (session.id, *chance.pick::<&str>(&HAPPENED))).collect();
        let leader = self.leader(ends_at).await?;
        act::<WriteCareLog, _, _>(&leader, move |tx| {
            for (session, happened) in &logs {
                attendance::write_care(tx, *session, happened, None)?;
            }
            Ok(())
        })
        .await
        .with_context(|| format!("the care logs of {day}"))
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
    async fn named_collectors(&self, today: Date) -> anyhow::Result<()> {
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

    pub(super) async fn leader(&self, at: Timestamp) -> anyhow::Result<Scope> {
        self.member(Role::DutyLeader, at).await
    }

    pub(super) async fn member(&self, role: Role, at: Timestamp) -> anyhow::Result<Scope> {
        let member = self.staff.iter().find(|member| member.roles.contains(&role));
        seat(self.site, &member.context("the post is filled")?.phone, role, at).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(today: Date, asked: (usize, usize), expected: &[&str]) {
        let days: Vec<String> = played(today, asked).iter().map(ToString::to_string).collect();
        assert_eq!(days, expected);
    }

    #[test]
    fn days_of_the_month_before_and_of_the_running_one_are_played() {
        check(date(2026, 10, 13), (3, 1), &["2026-09-28", "2026-09-29", "2026-09-30", "2026-10-12"]);
        check(date(2026, 10, 13), (0, 0), &[]);
        // the holiday is over on the 8th: the day before it was in the month before
        check(date(2026, 10, 8), (1, 1), &["2026-09-30"]);
        check(date(2026, 9, 8), (3, 2), &["2026-09-07"]);
        check(SERVICE_FROM, (3, 1), &[]);
    }
}
