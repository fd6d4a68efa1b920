//! Filling the schools, one after the other, in the order in which a school does it.

use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use kehou_app::calendar::{self, NewTerm, TermStatus};
use kehou_app::people::import::{self, Reading};
use kehou_app::people::{self, Summary, Wish};
use kehou_db::Db;
use kehou_db::identity::password;
use kehou_domain::access::{ImportRoster, KeepCalendar, Role};
use kehou_domain::ids::{StudentId, TermId};
use kehou_domain::moment;

use super::adoption;
use super::chance::Chance;
use super::days::Month;
use super::district::{DemoSchool, EMPTY, SCHOOLS};
use super::families::{self, Child};
use super::going_home;
use super::joining;
use super::offerings::{self, Leads};
use super::pupils::{self, Pupil};
use super::ready::SignIn;
use super::rounds;
use super::site::{SERVICE_FROM, SET_UP_ON, Site, TERM_FROM, TERM_TO, morning};
use super::staff::{self, Member};

/// The seed of the district.
const SEED: u64 = 20_261_013;

/// Builds every school, or the one of this code, for a demo that is looked at from this moment on.
pub(super) async fn district(db: &Db, at: Timestamp, only: Option<&str>) -> anyhow::Result<Vec<SignIn>> {
    let mut sign_ins = Vec::new();
    for school in SCHOOLS.iter().filter(|school| only.is_none_or(|code| code == school.code)) {
        sign_ins.extend(build(db, *school, at).await.with_context(|| school.name)?);
    }
    Ok(sign_ins)
}

async fn build(db: &Db, school: DemoSchool, at: Timestamp) -> anyhow::Result<Vec<SignIn>> {
    let mut chance = Chance::seeded(SEED + u64::try_from(school.id)?);
    let site = Site::found(db, school).await?;
    let mut staff = staff::hire(&site, &mut chance).await?;
    let first_phone = usize::try_from(school.id)? * 10_000;
    let children = families::children(&school, &mut chance, first_phone);
    import(&site, &children).await?;
    staff::lead_classes(&site, &mut staff).await?;
    let term = open_term(&site).await?;
    adoption::adopt(&site).await?;
    let leads = offerings::publish(&site, &staff, term).await?;
    let letter = joining::set_up(&site, term).await?;
    let pupils = pupils::on_roll(&site, &staff, &children).await?;
    let stay = joining::join(&site, &staff, &pupils, letter, &mut chance).await?;
    let office = offerings::office(&site, &staff).await?;
    // a stream of its own, so that what follows is the same with and without rounds
    let mut wishes = Chance::seeded(SEED ^ u64::try_from(school.id)?);
    if offerings::is_full(&school) {
        rounds::hold(&site, (term, &office), (&pupils, &stay), &mut wishes).await?;
    }
    let collectors = going_home::collectors(&site, &pupils).await?;
    let month = Month { site: &site, staff: &staff, pupils: &pupils, collectors, now: at };
    month.fill(&mut chance).await?;
    let mut sign_ins = seats(&site, &staff);
    let waited_for = month.waited_for().await?;
    sign_ins.push(parent(&site, &staff, &pupils, (&stay, &waited_for))?);
    sign_ins.extend(parent_of_two(&site, &pupils, &stay));
    if offerings::is_full(&school) {
        sign_ins.extend(leader_of_a_club(&site, &leads, at));
    }
    sign_ins.extend(staff::admit_outsiders(&site, &mut chance).await?);
    open_accounts(&site, &sign_ins).await?;
    Ok(sign_ins)
}

/// Founds the school that has staff and nothing else: plan, term and roster are its visitor's to load.
pub(super) async fn empty(db: &Db) -> anyhow::Result<Vec<SignIn>> {
    let mut chance = Chance::seeded(SEED);
    let site = Site::found(db, EMPTY).await?;
    let staff = staff::hire(&site, &mut chance).await?;
    let mut sign_ins = seats(&site, &staff);
    sign_ins.extend(staff::admit_outsiders(&site, &mut chance).await?);
    open_accounts(&site, &sign_ins).await?;
    Ok(sign_ins)
}

/// Imports the roster as the office would: the same reader, the same rules.
async fn import(site: &Site, children: &[Child]) -> anyhow::Result<Summary> {
    let text = families::roster(&site.school, children);
    let reading = Reading::of_school(SET_UP_ON, site.school.stage);
    let roster = import::read(text.as_bytes(), reading)
        .map_err(|refused| anyhow!("the roster is refused: {refused:?}"))?;
    let wish = Wish { without_rejected: true, ..Wish::default() };
    site.act::<ImportRoster, _, _>(morning(SET_UP_ON), move |tx| people::import_roster(tx, &roster, wish))
        .await
}

async fn open_term(site: &Site) -> anyhow::Result<TermId> {
    let term = NewTerm {
        school_year: 2026,
        name: "2026—2027学年第一学期".to_owned(),
        starts_on: TERM_FROM,
        ends_on: TERM_TO,
        service_from: SERVICE_FROM,
    };
    site.act::<KeepCalendar, _, _>(morning(SET_UP_ON), move |tx| {
        let id = calendar::add_term(tx, &term)?;
        calendar::set_term_status(tx, id, TermStatus::Open)?;
        Ok(id)
    })
    .await
}

/// One sign-in for each role that somebody on the staff has.
fn seats(site: &Site, staff: &[Member]) -> Vec<SignIn> {
    let first =
        |role: Role| staff.iter().find(|member| member.roles.contains(&role)).map(|member| (role, member));
    let seats = Role::ALL.into_iter().filter_map(first);
    seats
        .map(|(role, member)| staff::sign_in(site, role, member.name.clone(), member.phone.clone()))
        .collect()
}

/// The family that the demo signs in as: one that stays, in the class of the teacher that the demo signs in as and
/// waited for there today, so that one child can be followed from its roll to the gate. Where nobody of that class stays,
/// any family that does.
fn parent(
    site: &Site,
    staff: &[Member],
    pupils: &[Pupil],
    (stay, waited_for): (&[StudentId], &[StudentId]),
) -> anyhow::Result<SignIn> {
    let class = staff.iter().find_map(|member| member.class);
    let stays = |pupil: &&Pupil| stay.contains(&pupil.id);
    let of_class: Vec<&Pupil> =
        pupils.iter().filter(|pupil| Some(pupil.class) == class).filter(stays).collect();
    let (before, after) = of_class.split_at(of_class.len() / 2);
    let mut from_the_middle = after.iter().chain(before).copied();
    let waited_for = from_the_middle.clone().find(|pupil| waited_for.contains(&pupil.id));
    let pupil = waited_for.or_else(|| from_the_middle.next()).or_else(|| pupils.iter().find(stays));
    Ok(guardian(site, pupil.or(pupils.first()).context("the school has children")?))
}

/// A family with two children who stay, so that choosing for both can be tried.
fn parent_of_two(site: &Site, pupils: &[Pupil], stay: &[StudentId]) -> Option<SignIn> {
    let staying: Vec<&Pupil> = pupils.iter().filter(|pupil| stay.contains(&pupil.id)).collect();
    let phone = |pupil: &Pupil| pupil.parents[0].phone.clone();
    let has_another =
        |(at, pupil): &(usize, &&Pupil)| staying[at + 1..].iter().any(|other| phone(other) == phone(pupil));
    staying.iter().enumerate().find(has_another).map(|(_, pupil)| guardian(site, pupil))
}

/// The teacher of a club that meets on the demo's day, so that its roll can be called.
fn leader_of_a_club(site: &Site, leads: &[Leads], at: Timestamp) -> Option<SignIn> {
    let weekday = moment::day_of(at).weekday().to_monday_one_offset();
    let (member, _) = leads.iter().find(|(_, meets)| *meets == weekday)?;
    Some(staff::sign_in(site, Role::ServiceTeacher, member.name.clone(), member.phone.clone()))
}

fn guardian(site: &Site, pupil: &Pupil) -> SignIn {
    let parent = &pupil.parents[0];
    staff::sign_in(site, Role::Guardian, parent.name.clone(), parent.phone.clone())
}

/// Gives each sign-in the demo's password, hashed once: the demo starts sooner, and nothing here is secret.
async fn open_accounts(site: &Site, sign_ins: &[SignIn]) -> anyhow::Result<()> {
    let hash = password::hash(staff::PASSWORD.to_owned()).await?;
    let at = morning(SET_UP_ON);
    for one in sign_ins {
        let account = site.db.account_of_phone(&one.phone, at).await?.context("everybody has an account")?;
        site.db.set_password(account, hash.clone(), at).await?;
        if Role::parse(&one.role).is_some_and(Role::needs_second_factor) {
            site.db.offer_factor(account, staff::FACTOR, at).await?;
            site.db.confirm_factor(account, 0, Vec::new(), at).await?;
        }
    }
    Ok(())
}
