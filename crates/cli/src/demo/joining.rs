//! From the letter to a place: what the school sets up, who had signed on paper, and families at each step.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::date;
use kehou_app::enrolment::{self, ChildWish, PrivacyDraft, SignUpDraft, TakenOver, defaults};
use kehou_app::plan::file;
use kehou_db::Scope;
use kehou_domain::access::{
    ApplyForService, GiveConsent, KeepClauses, KeepNotices, KeepPrivacyNotice, KeepSignUps, ReadNotice,
    ReviewApplications, Role, TakeOverPapers,
};
use kehou_domain::enrolment::agreement::Kind;
use kehou_domain::enrolment::apply::{Choice, Need, Window};
use kehou_domain::enrolment::chain::{Chain, Step};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::enrolment::review::Judgement;
use kehou_domain::enrolment::rules;
use kehou_domain::ids::{ApplicationId, NoticeId, TermId};
use kehou_domain::plan::{AppliesTo, Plan};

use super::adoption::answered;
use super::chance::Chance;
use super::pupils::Pupil;
use super::site::{self, SERVICE_FROM, SET_UP_ON, Site, TERM_FROM, act, morning};
use super::staff::Member;

/// Families that are on their way at each step of the chain.
const ON_THEIR_WAY: usize = 3;

/// The plan of the school.
pub(super) fn plan(site: &Site) -> anyhow::Result<Plan> {
    file::read(&answered(site.school.code, site.school.text))
        .plan
        .context("the demo's plans have no mistakes")
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
    site.act::<KeepClauses, _, _>(at, |tx| {
        for kind in [Kind::ServiceAgreement, Kind::SafetyPledge] {
            let set = enrolment::save_clauses(tx, &defaults::wording(kind, defaults::Language::Chinese))?;
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

/// Those who stay get a place from papers signed before; a few families of each kind are on their way.
pub(super) async fn join(
    site: &Site,
    staff: &[Member],
    pupils: &[Pupil],
    letter: NoticeId,
    chance: &mut Chance,
) -> anyhow::Result<()> {
    let plan = plan(site)?;
    let chain = rules::chain(&plan.joining);
    let (walkers, sitters) = pupils.split_at(pupils.len().min(walking(&chain)));
    let mut papers = Vec::new();
    for pupil in sitters {
        let choices = choices(&plan, pupil, chance);
        if chance.percent(site.school.staying) && !choices.is_empty() {
            papers.push(TakenOver { student: pupil.id, choices });
        }
    }
    site.act::<TakeOverPapers, _, _>(morning(SET_UP_ON), move |tx| {
        enrolment::take_over(tx, &papers, SERVICE_FROM, "教务处档案柜")
    })
    .await?;
    for (number, pupil) in walkers.iter().enumerate() {
        let wanted = choices(&plan, pupil, chance);
        if !wanted.is_empty() {
            walk(site, staff, pupil, wanted, (&chain, number / ON_THEIR_WAY, letter)).await?;
        }
    }
    Ok(())
}

/// How many families are on their way: some at each review, and some who have only read the letter.
fn walking(chain: &Chain) -> usize {
    ON_THEIR_WAY * (2 + reviews(chain).count())
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

/// One family walks as far as it has come: the letter, the application, so many reviews.
async fn walk(
    site: &Site,
    staff: &[Member],
    pupil: &Pupil,
    choices: Vec<Choice>,
    (chain, steps, letter): (&Chain, usize, NoticeId),
) -> anyhow::Result<()> {
    let family = family(site, pupil).await?;
    act::<ReadNotice, _, ()>(&family, move |tx| Ok(enrolment::say_read(tx, letter)?)).await?;
    if steps == 0 {
        return Ok(());
    }
    let student = pupil.id;
    let yes = [(Purpose::RunService, true), (Purpose::UrgentContact, true)];
    act::<GiveConsent, _, ()>(&family, move |tx| Ok(enrolment::answer_purposes(tx, student, &yes)?)).await?;
    let wish = ChildWish { student, choices, need: Some(Need::Pickup), remark: String::new() };
    let handed_in = act::<ApplyForService, Vec<ApplicationId>, _>(&family, move |tx| {
        enrolment::apply(tx, std::slice::from_ref(&wish))
    });
    let ids = handed_in.await?;
    for (role, verifies_need) in reviews(chain).take(steps - 1) {
        let reviewer = reviewer(site, staff, role, pupil).await?;
        let (ids, judgement) = (ids.clone(), Judgement::Approve { need_seen: verifies_need });
        act::<ReviewApplications, _, _>(&reviewer, move |tx| enrolment::decide(tx, &ids, &judgement, ""))
            .await?;
    }
    Ok(())
}

/// The family's seat, the Friday before the demo begins.
async fn family(site: &Site, pupil: &Pupil) -> anyhow::Result<Scope> {
    seat(site, &pupil.parents[0].phone, Role::Guardian, friday()).await
}

async fn reviewer(site: &Site, staff: &[Member], role: Role, pupil: &Pupil) -> anyhow::Result<Scope> {
    let fits = |member: &&Member| {
        member.roles.contains(&role) && (role != Role::HomeroomTeacher || member.class == Some(pupil.class))
    };
    let member = staff.iter().find(fits).with_context(|| format!("nobody is {}", role.word()))?;
    seat(site, &member.phone, role, friday()).await
}

fn friday() -> Timestamp {
    site::at(date(2026, 10, 9), 19, 30)
}

/// The seat of whoever has this phone, at a moment.
pub(super) async fn seat(site: &Site, phone: &str, role: Role, at: Timestamp) -> anyhow::Result<Scope> {
    let account = site.db.account_of_phone(phone, at).await?.context("everybody has an account")?;
    Ok(site.db.enter(account, site.school.code, role, at).await?)
}
