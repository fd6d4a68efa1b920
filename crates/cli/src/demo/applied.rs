//! Families that applied on their own before the service began: in the evening of the first day, then step by step along
//! the plan's chain, so that each can look at its application, its reviews and its papers.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use kehou_app::enrolment;
use kehou_domain::access::{FileList, PublishClass, ReadNotice, Role};
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::enrolment::chain::{Chain, Step, publication_closes_on};
use kehou_domain::enrolment::review::Judgement;
use kehou_domain::ids::{ApplicationId, ClassId, NoticeId};

use super::district::DemoSchool;
use super::joining::{family, hand_in, judge, reviewer, sign};
use super::pupils::Pupil;
use super::site::{SET_UP_ON, Site, act, at};
use super::staff::Member;

/// The day of the first review.
const REVIEWED_FROM: Date = date(2026, 9, 2);
/// In how many classes of a school families applied themselves: with more, the first start takes too long.
const CLASSES: u8 = 2;

/// What a family wants for its child.
pub(super) struct Wanted<'a> {
    pub(super) pupil: &'a Pupil,
    pub(super) choices: Vec<Choice>,
}

/// The families of the first classes, one or two by the school's size, and the others.
pub(super) fn split<'a>(school: &DemoSchool, wanted: Vec<Wanted<'a>>) -> (Vec<Wanted<'a>>, Vec<Wanted<'a>>) {
    let mut classes = Vec::new();
    for one in &wanted {
        if !classes.contains(&one.pupil.class) {
            classes.push(one.pupil.class);
        }
    }
    classes.truncate(usize::from(school.classes.min(CLASSES)));
    wanted.into_iter().partition(|one| classes.contains(&one.pupil.class))
}

/// One application on its way.
struct Underway<'a> {
    id: ApplicationId,
    pupil: &'a Pupil,
}

/// Hands in for each family, then takes every application through the whole chain.
pub(super) async fn apply(
    site: &Site,
    staff: &[Member],
    (chain, letter): (&Chain, NoticeId),
    wanted: &[Wanted<'_>],
) -> anyhow::Result<()> {
    let mut underway = Vec::new();
    for one in wanted {
        let family = family(site, one.pupil, at(SET_UP_ON, 19, 30)).await?;
        act::<ReadNotice, _, ()>(&family, move |tx| Ok(enrolment::say_read(tx, letter)?)).await?;
        let ids = hand_in(&family, one).await?;
        underway.extend(ids.into_iter().map(|id| Underway { id, pupil: one.pupil }));
    }
    let walk = Walk { site, staff, underway };
    let mut day = REVIEWED_FROM;
    for (step, hour) in chain.steps.iter().zip(10_i8..) {
        day = walk.take(*step, day, hour).await?;
    }
    Ok(())
}

/// Every application of the school that is walked through the chain.
struct Walk<'a> {
    site: &'a Site,
    staff: &'a [Member],
    underway: Vec<Underway<'a>>,
}

impl Walk<'_> {
    /// Takes one step at an hour of a day, and says on which day the next one is taken.
    async fn take(&self, step: Step, day: Date, hour: i8) -> anyhow::Result<Date> {
        let moment = at(day, hour, 0);
        match step {
            Step::Review { role, verifies_need } => self.review(role, verifies_need, moment).await?,
            Step::Publication { days } => return self.show_names(days, moment, day).await,
            Step::Filing => self.file(moment).await?,
            Step::Agreement => self.agree(at(day, 20, 0)).await?,
        }
        Ok(day)
    }

    /// Homeroom teachers agree class by class, the others to all at once.
    async fn review(&self, role: Role, verifies_need: bool, moment: Timestamp) -> anyhow::Result<()> {
        for class in self.classes() {
            let own = |one: &&Underway<'_>| role != Role::HomeroomTeacher || one.pupil.class == class;
            let ids: Vec<ApplicationId> = self.underway.iter().filter(own).map(|one| one.id).collect();
            let seat = reviewer(self.site, self.staff, (role, class), moment).await?;
            judge(&seat, &ids, (Judgement::Approve { need_seen: verifies_need }, "")).await?;
            if role != Role::HomeroomTeacher {
                break;
            }
        }
        Ok(())
    }

    /// Shows the names in each class, and closes the lists on the morning after their last day.
    async fn show_names(&self, days: u8, moment: Timestamp, day: Date) -> anyhow::Result<Date> {
        for class in self.classes() {
            let seat = reviewer(self.site, self.staff, (Role::HomeroomTeacher, class), moment).await?;
            act::<PublishClass, _, _>(&seat, move |tx| enrolment::publish_class(tx, class)).await?;
        }
        let after = publication_closes_on(day, days).saturating_add(1.day());
        self.site
            .act::<PublishClass, _, ()>(at(after, 6, 0), |tx| Ok(enrolment::close_publications(tx)?))
            .await?;
        Ok(after)
    }

    async fn file(&self, moment: Timestamp) -> anyhow::Result<()> {
        let Some(first) = self.underway.first() else { return Ok(()) };
        let role = (Role::AcademicOffice, first.pupil.class);
        let office = reviewer(self.site, self.staff, role, moment).await?;
        act::<FileList, _, _>(&office, enrolment::file_list).await.map(|_| ())
    }

    async fn agree(&self, evening: Timestamp) -> anyhow::Result<()> {
        for one in &self.underway {
            sign(&family(self.site, one.pupil, evening).await?, one.pupil).await?;
        }
        Ok(())
    }

    fn classes(&self) -> BTreeSet<ClassId> {
        self.underway.iter().map(|one| one.pupil.class).collect()
    }
}
