//! From the letter to a place: what the school sets up, who applied before the term, who had signed on paper, and
//! families at each step.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::date;
use kehou_app::enrolment::{self, ChildWish, PrivacyDraft, Read, SignUpDraft, Signing, TakenOver, defaults};
use kehou_app::plan::file;
use kehou_db::{Scope, Tx};
use kehou_domain::access::{
    ApplyForService, GiveConsent, KeepClauses, KeepNotices, KeepPrivacyNotice, KeepSignUps, ReadNotice,
    ReadOwnEnrolment, ReviewApplications, Role, SignAgreement, TakeOverPapers,
};
use kehou_domain::enrolment::agreement::{Kind, Wording};
use kehou_domain::enrolment::apply::{Choice, Need, Window};
use kehou_domain::enrolment::chain::{Chain, Step};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::enrolment::review::{Ground, Judgement};
use kehou_domain::enrolment::rules;
use kehou_domain::ids::{ApplicationId, ClassId, NoticeId, StudentId, TermId};
use kehou_domain::plan::{AppliesTo, Form, Joining, Plan};

use super::adoption::answered;
use super::applied::{self, Wanted};
use super::chance::Chance;
use super::pupils::Pupil;
use super::site::{self, SERVICE_FROM, SET_UP_ON, Site, TERM_FROM, act, morning};
use super::staff::Member;

/// Families that are on their way at each step of the chain.
const ON_THEIR_WAY: usize = 2;

/// How far a family has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Come {
    /// It has read the letter.
    Read,
    /// It has applied, and so many reviewers have agreed: with all of them, the papers wait for its signature.
    Reviewed(usize),
    /// The first reviewer asks it to change something.
    SentBack,
    /// It has signed what the plan wants signed.
    Signed,
}

/// The plan of the school.
pub(super) fn plan(site: &Site) -> anyhow::Result<Plan> {
    file::read(&answered(&site.school)).plan.context("the demo's plans have no mistakes")
}

/// Letter, clauses, privacy notice and sign-up, as the office sets them up before the term.
pub(super) async fn set_up(site: &Site, term: TermId) -> anyhow::Result<NoticeId> {
    let at = morning(SET_UP_ON);
    let letter = site
        .act::<KeepNotices, _, _>(at, |tx| {
            let id = enrolment::write_letter(tx, None, &defaults::letter())?;
            enrolment::publish_letter(tx, id)?;
            Ok(id)
        })
        .await?;
    let papers = papers(&plan(site)?.joining);
    site.act::<KeepClauses, _, _>(at, move |tx| {
        for wording in &papers {
            let set = enrolment::save_clauses(tx, wording)?;
            enrolment::use_clauses(tx, set)?;
        }
        Ok(())
    })
    .await?;
    site.act::<KeepPrivacyNotice, _, ()>(at, |tx| Ok(enrolment::publish_privacy_notice(tx, &privacy())?))
        .await?;
    let draft = SignUpDraft {
        term,
        notice: letter,
        survey: (TERM_FROM, date(2026, 9, 4)),
        window: Window { opens_on: TERM_FROM, closes_on: None },
        review_days: 5,
    };
    site.act::<KeepSignUps, _, _>(at, move |tx| enrolment::open_sign_up(tx, &draft)).await?;
    Ok(letter)
}

/// The papers that the plan uses, under the names that the plan gives them.
fn papers(joining: &Joining) -> Vec<Wording> {
    let named = |form| joining.forms.contains(&form);
    let written = |kind| {
        let mut wording = defaults::wording(kind, defaults::Language::Chinese);
        match kind {
            Kind::ServiceAgreement if named(Form::SafetyAgreement) => "课后服务委托协议（安全管理协议书）",
            Kind::SafetyPledge if named(Form::ResponsibilityLetter) => "课后服务安全承诺书（安全责任书）",
            Kind::ServiceAgreement | Kind::SafetyPledge => return wording,
        }
        .clone_into(&mut wording.title);
        wording
    };
    rules::papers(joining).into_iter().map(written).collect()
}

fn privacy() -> PrivacyDraft {
    PrivacyDraft {
        officer: "信息安全专管员".to_owned(),
        officer_phone: "19900000000".to_owned(),
        place: "学校自己的服务器".to_owned(),
        keep_months: 12,
        afterwards: "删除个人信息，只留不含个人信息的统计。".to_owned(),
        asks_again: false,
    }
}

/// Those who stay get their places: families of the first classes applied themselves, the others had signed on paper.
/// A few families of each kind are on their way. Returns who stays.
pub(super) async fn join(
    site: &Site,
    staff: &[Member],
    pupils: &[Pupil],
    letter: NoticeId,
    chance: &mut Chance,
) -> anyhow::Result<Vec<StudentId>> {
    let plan = plan(site)?;
    let chain = rules::chain(&plan.joining);
    let ways = ways(&chain);
    let (walkers, sitters) = pupils.split_at(pupils.len().min(ON_THEIR_WAY * ways.len()));
    let mut wanted = Vec::new();
    for pupil in sitters {
        let choices = choices(&plan, pupil, chance);
        if chance.percent(site.school.staying) && !choices.is_empty() {
            wanted.push(Wanted { pupil, choices });
        }
    }
    let stay = wanted.iter().map(|one| one.pupil.id).collect();
    let (own, on_paper) = applied::split(&site.school, wanted);
    take_over(site, on_paper).await?;
    applied::apply(site, staff, (&chain, letter), &own).await?;
    for (number, pupil) in walkers.iter().enumerate() {
        let choices = choices(&plan, pupil, chance);
        if !choices.is_empty() {
            let wanted = Wanted { pupil, choices };
            walk(site, staff, &wanted, (&chain, ways[number / ON_THEIR_WAY], letter)).await?;
        }
    }
    Ok(stay)
}

/// Families whose papers lie in the school's cupboard.
async fn take_over(site: &Site, on_paper: Vec<Wanted<'_>>) -> anyhow::Result<()> {
    if on_paper.is_empty() {
        return Ok(());
    }
    let taken = |one: Wanted<'_>| TakenOver { student: one.pupil.id, choices: one.choices };
    let papers: Vec<TakenOver> = on_paper.into_iter().map(taken).collect();
    let take =
        move |tx: &mut Tx<TakeOverPapers>| enrolment::take_over(tx, &papers, SERVICE_FROM, "教务处档案柜");
    site.act::<TakeOverPapers, _, _>(morning(SET_UP_ON), take).await.map(|_| ())
}

/// The ways on which families are under this chain.
fn ways(chain: &Chain) -> Vec<Come> {
    let reviews = reviews(chain).count();
    let mut ways = vec![Come::Read];
    ways.extend((0..=reviews).map(Come::Reviewed));
    if 0 < reviews {
        ways.push(Come::SentBack);
    }
    if chain.steps.get(reviews) == Some(&Step::Agreement) {
        ways.push(Come::Signed);
    }
    ways
}

fn reviews(chain: &Chain) -> impl Iterator<Item = (Role, bool)> {
    chain.steps.iter().map_while(|step| match step {
        Step::Review { role, verifies_need } => Some((*role, *verifies_need)),
        Step::Publication { .. } | Step::Filing | Step::Agreement => None,
    })
}

/// What the child may choose, on the weekdays that its family needs.
fn choices(plan: &Plan, pupil: &Pupil, chance: &mut Chance) -> Vec<Choice> {
    let boards = if pupil.boards { AppliesTo::Boarders } else { AppliesTo::Day };
    let whole_week = chance.percent(71);
    let days: Vec<i8> = (1..=7).filter(|_| whole_week || chance.percent(65)).collect();
    let mut choices = rules::allowed(plan, pupil.grade, boards);
    choices.retain(|choice| days.contains(&choice.weekday));
    choices
}

/// One family walks as far as it has come: the letter, the application, the reviews, the signature.
async fn walk(
    site: &Site,
    staff: &[Member],
    wanted: &Wanted<'_>,
    (chain, come, letter): (&Chain, Come, NoticeId),
) -> anyhow::Result<()> {
    let pupil = wanted.pupil;
    let family = family(site, pupil, friday()).await?;
    act::<ReadNotice, _, ()>(&family, move |tx| Ok(enrolment::say_read(tx, letter)?)).await?;
    let agreed = match come {
        Come::Read => return Ok(()),
        Come::Reviewed(reviews) => reviews,
        Come::SentBack => 0,
        Come::Signed => reviews(chain).count(),
    };
    let ids = hand_in(&family, wanted).await?;
    for (role, verifies_need) in reviews(chain).take(agreed) {
        let yes = (Judgement::Approve { need_seen: verifies_need }, "");
        judge(&reviewer(site, staff, (role, pupil.class), friday()).await?, &ids, yes).await?;
    }
    match (come, reviews(chain).next()) {
        (Come::SentBack, Some((role, _))) => {
            let back = (Judgement::Return(Ground::ChoiceUnclear), "周三和校外的课撞了，请家长再看看要哪几天");
            judge(&reviewer(site, staff, (role, pupil.class), friday()).await?, &ids, back).await
        }
        (Come::Signed, _) => sign(&family, pupil).await,
        (Come::Read | Come::Reviewed(_) | Come::SentBack, _) => Ok(()),
    }
}

/// Consents and the application.
pub(super) async fn hand_in(family: &Scope, wanted: &Wanted<'_>) -> anyhow::Result<Vec<ApplicationId>> {
    let student = wanted.pupil.id;
    let yes = [(Purpose::RunService, true), (Purpose::UrgentContact, true)];
    act::<GiveConsent, _, ()>(family, move |tx| Ok(enrolment::answer_purposes(tx, student, &yes)?)).await?;
    let choices = wanted.choices.clone();
    let wish = ChildWish { student, choices, need: Some(Need::Pickup), remark: String::new() };
    act::<ApplyForService, _, _>(family, move |tx| enrolment::apply(tx, std::slice::from_ref(&wish))).await
}

/// One decision on many applications.
pub(super) async fn judge(
    reviewer: &Scope,
    ids: &[ApplicationId],
    (judgement, note): (Judgement, &'static str),
) -> anyhow::Result<()> {
    let ids = ids.to_vec();
    let decide = move |tx: &mut Tx<ReviewApplications>| enrolment::decide(tx, &ids, &judgement, note);
    act::<ReviewApplications, _, _>(reviewer, decide).await.map(|_| ())
}

/// The family types its name under every paper that waits for it.
pub(super) async fn sign(family: &Scope, pupil: &Pupil) -> anyhow::Result<()> {
    let student = pupil.id;
    let waiting =
        act::<ReadOwnEnrolment, _, ()>(family, move |tx| Ok(enrolment::papers_to_sign(tx, student)?)).await?;
    for paper in waiting.papers.into_iter().filter(|paper| paper.open) {
        let signing = Signing {
            clause_set: paper.clause_set,
            hash: paper.hash,
            path: String::new(),
            typed: paper.parties.guardian,
            has_read: Read::Yes,
        };
        act::<SignAgreement, _, _>(family, move |tx| enrolment::sign(tx, student, &signing)).await?;
    }
    Ok(())
}

/// The family's seat at a moment.
pub(super) async fn family(site: &Site, pupil: &Pupil, at: Timestamp) -> anyhow::Result<Scope> {
    seat(site, &pupil.parents[0].phone, Role::Guardian, at).await
}

/// The seat of whoever reviews in this role: for a homeroom teacher, the one of the class.
pub(super) async fn reviewer(
    site: &Site,
    staff: &[Member],
    (role, class): (Role, ClassId),
    at: Timestamp,
) -> anyhow::Result<Scope> {
    let fits = |member: &&Member| {
        member.roles.contains(&role) && (role != Role::HomeroomTeacher || member.class == Some(class))
    };
    let member = staff.iter().find(fits).with_context(|| format!("nobody is {}", role.word()))?;
    seat(site, &member.phone, role, at).await
}

/// The Friday before the demo begins.
fn friday() -> Timestamp {
    site::at(date(2026, 10, 9), 19, 30)
}

/// The seat of whoever has this phone, at a moment.
pub(super) async fn seat(site: &Site, phone: &str, role: Role, at: Timestamp) -> anyhow::Result<Scope> {
    let account = site.db.account_of_phone(phone, at).await?.context("everybody has an account")?;
    Ok(site.db.enter(account, site.school.code, role, at).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::district::SCHOOLS;

    #[track_caller]
    fn check(code: &str, titles: &[&str]) {
        let school = SCHOOLS.into_iter().find(|school| school.code == code).unwrap();
        let plan = file::read(&answered(&school)).plan.unwrap();
        let written: Vec<String> = papers(&plan.joining).into_iter().map(|paper| paper.title).collect();
        assert_eq!(written, titles, "{code}");
    }

    #[test]
    fn families_sign_the_papers_that_the_plan_names() {
        check("s0", &["课后服务委托协议（安全管理协议书）", "课后服务安全承诺书"]);
        check("s1b", &["课后服务委托协议", "课后服务安全承诺书（安全责任书）"]);
        check("s1d", &["课后服务委托协议"]);
        check("s2", &[]);
    }
}
