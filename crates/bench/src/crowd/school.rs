//! One school, from nothing to a round that is open.

use anyhow::{Context as _, Result, anyhow};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use kehou_app::allocation::round;
use kehou_app::calendar::{self, NewTerm, TermStatus};
use kehou_app::catalogue::{self, Said};
use kehou_app::people::import::{self, Reading};
use kehou_app::people::{self, NewStaff, Wish};
use kehou_app::plan;
use kehou_db::{Db, Failed, Scope, Tx};
use kehou_domain::access::{
    Action, ApprovePlan, DraftPlan, FilePlan, ImportRoster, KeepCalendar, KeepOfferings, KeepRounds,
    KeepStaff, ReadOfferings, ReadRoster, ReadRounds, ReviewOfferings, Role,
};
use kehou_domain::allocation::round::{Favours, Method, Setup, Way};
use kehou_domain::allocation::{Rules, Scheme};
use kehou_domain::catalogue::{Details, Kind, Meeting, SexLimit, Topic, Verdict};
use kehou_domain::ids::{RoundId, SchoolId, StaffId, StudentId, TermId};
use kehou_domain::moment;
use kehou_domain::people::phone::Phone;
use kehou_domain::plan::{Agreed, Grades, SlotId};

use super::{families, joining};

/// A plan whose afternoon is from Tuesday to Friday.
const PLAN: &str = include_str!("../../../../plans/s4d.toml");
/// Its slot.
pub(super) const SLOT: &str = "afternoon";
/// Its days.
pub(super) const DAYS: [i8; 4] = [2, 3, 4, 5];
/// Clubs of a school.
pub(super) const CLUBS: usize = 40;
/// The number under which the office is staffed, beyond those of the families.
const OFFICE: usize = 9_000;
/// The number of the principal; teachers come after it.
const PRINCIPAL: usize = 9_001;
/// Seats of a club (D3).
pub(super) const SEATS: u16 = 20;

/// A school that is ready.
pub(super) struct School {
    pub(super) code: String,
    pub(super) round: RoundId,
    /// Place in the round's list and weekday of each club.
    pub(super) clubs: Vec<(u32, i8)>,
    /// The children in the order of the roster.
    pub(super) children: Vec<StudentId>,
}

/// Founds a school with this number and so many children, and opens a round of this kind.
pub(super) async fn found(db: &Db, number: usize, children: usize, way: Way) -> Result<School> {
    let (code, now) = (format!("crowd{number}"), super::now());
    let begins = moment::day_of(now).checked_sub(60.days())?;
    let morning = moment::instant(begins, Time::constant(8, 0, 0, 0));
    let entry = kehou_db::School {
        id: SchoolId(i64::try_from(number)?),
        code: code.clone(),
        name: format!("第{number}小学"),
        stage: "primary".to_owned(),
    };
    db.add_school(entry, morning).await?;
    let system = db.system(&code, "a measurement is prepared", morning).await?;
    let teachers = hire(&system, number).await?;
    adopt(&system, begins).await?;
    import(&system, begins, families::roster(number, children)).await?;
    let term = open_term(&system, begins).await?;
    let post = |phone: usize, role: Role| seat(db, (&code, number), phone, role, morning);
    let (office, principal) =
        (post(OFFICE, Role::AcademicOffice).await?, post(PRINCIPAL, Role::Principal).await?);
    let children = on_roll(&office, children).await?;
    joining::stay(&system, &children, (term, begins)).await?;
    publish((&office, &principal), &teachers, term).await?;
    let round = open_round(&system.at_moment(now), term, way).await?;
    let seen = system.at_moment(now).read::<ReadRounds, _>(move |tx| round::overview(tx, round)).await?;
    let clubs = seen.offered.iter().map(|one| (one.listed.place, one.listed.weekday())).collect();
    Ok(School { code, round, clubs, children })
}

/// Acts; a refusal is a mistake of the measurement.
pub(super) async fn act<A: Action, T: Send + 'static, R: std::fmt::Debug + Send + 'static>(
    scope: &Scope,
    f: impl Fn(&mut Tx<A>) -> Result<T, Failed<R>> + Send + Sync + 'static,
) -> Result<T> {
    let done = scope.act::<A, T, R>(f).await.with_context(|| A::NAME)?;
    done.map_err(|refused| anyhow!("{}: {refused:?}", A::NAME))
}

/// Whoever holds this post, at a moment.
async fn seat(
    db: &Db,
    (code, school): (&str, usize),
    number: usize,
    role: Role,
    at: Timestamp,
) -> Result<Scope> {
    let account = db.account_of_phone(&families::phone(school, number), at).await?;
    Ok(db.enter(account.context("the post is held")?, code, role, at).await?)
}

/// Office, principal, and a teacher for each club of a day.
async fn hire(system: &Scope, school: usize) -> Result<Vec<StaffId>> {
    let member = |number: usize, role: Role| {
        let phone = Phone::parse(&families::phone(school, number)).context("a phone")?;
        anyhow::Ok(NewStaff { name: families::name(number), phone, roles: vec![role] })
    };
    let mut staff = vec![member(OFFICE, Role::AcademicOffice)?, member(PRINCIPAL, Role::Principal)?];
    for number in 0..CLUBS / DAYS.len() {
        staff.push(member(PRINCIPAL + 1 + number, Role::ServiceTeacher)?);
    }
    act::<KeepStaff, _, ()>(system, move |tx| {
        Ok(staff.iter().map(|one| people::add_staff(tx, one)).collect::<Result<Vec<_>, _>>()?)
    })
    .await
    .map(|staff: Vec<StaffId>| staff.into_iter().skip(2).collect())
}

async fn adopt(system: &Scope, begins: Date) -> Result<()> {
    let id = act::<DraftPlan, _, _>(system, |tx| {
        let id = plan::draft(tx, PLAN)?;
        plan::check(tx, id)?;
        Ok(id)
    })
    .await?;
    act::<ApprovePlan, _, _>(system, move |tx| plan::approve(tx, id)).await?;
    act::<FilePlan, _, _>(system, move |tx| {
        plan::note_filing(tx, id, "1")?;
        plan::put_in_force(tx, id, begins, Agreed { today: true, left_out: 0 })
    })
    .await
}

async fn import(system: &Scope, day: Date, text: String) -> Result<()> {
    let roster = import::read(text.as_bytes(), Reading::of_school(day, "primary"))
        .map_err(|refused| anyhow!("the roster is refused: {refused:?}"))?;
    act::<ImportRoster, _, _>(system, move |tx| people::import_roster(tx, &roster, Wish::default()))
        .await
        .map(drop)
}

async fn open_term(system: &Scope, begins: Date) -> Result<TermId> {
    let school_year = if begins.month() < 8 { begins.year() - 1 } else { begins.year() };
    let ends_on = begins.checked_add(110.days())?;
    let term =
        NewTerm {
            school_year, name: "本学期".to_owned(), starts_on: begins, ends_on, service_from: begins
        };
    act::<KeepCalendar, _, _>(system, move |tx| {
        let id = calendar::add_term(tx, &term)?;
        calendar::set_term_status(tx, id, TermStatus::Open)?;
        Ok(id)
    })
    .await
}

/// The ids of the children, in the order of the roster.
async fn on_roll(office: &Scope, count: usize) -> Result<Vec<StudentId>> {
    let known = act::<ReadRoster, _, ()>(office, |tx| {
        let mut known = std::collections::BTreeMap::new();
        for card in people::class_cards(tx)? {
            let page = people::class_page(tx, card.class.id)?;
            known.extend(page.students.into_iter().map(|student| (student.name, student.id)));
        }
        Ok(known)
    })
    .await?;
    (0..count)
        .map(|number| known.get(&families::name(number)).copied().context("a child is not on the roster"))
        .collect()
}

async fn publish((office, principal): (&Scope, &Scope), teachers: &[StaffId], term: TermId) -> Result<()> {
    for number in 0..CLUBS {
        let details = club(number, teachers);
        let id = act::<KeepOfferings, _, _>(office, move |tx| {
            let id =
                catalogue::create(tx, term, &details).map_err(|why| why.map(|why| format!("{why:?}")))?;
            catalogue::hand_in(tx, id).map_err(|why| why.map(|why| format!("{why:?}")))?;
            Ok(id)
        })
        .await?;
        let (line, _, _) = principal.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await?;
        let read = line.offering.version;
        let said = Said { read, verdict: Verdict::Publish, reason: String::new() };
        act::<ReviewOfferings, _, _>(principal, move |tx| catalogue::decide(tx, id, &said)).await?;
    }
    Ok(())
}

fn club(number: usize, teachers: &[StaffId]) -> Details {
    let (weekday, of_day) = (DAYS[number % DAYS.len()], number / DAYS.len());
    Details {
        title: format!("社团{}", families::name(number)),
        kind: Kind::Club,
        topic: Topic::BoardGames,
        meetings: vec![Meeting { weekday, slot: SlotId(SLOT.to_owned()) }],
        venue: format!("活动室{of_day}"),
        teacher: teachers.get(of_day).copied(),
        capacity: SEATS,
        minimum: 1,
        grades: Grades::of(3..=6),
        sex: SexLimit::Anyone,
        description: "一起玩。".to_owned(),
        materials: String::new(),
        cost: None,
    }
}

async fn open_round(office: &Scope, term: TermId, way: Way) -> Result<RoundId> {
    let (opens_at, closes_at) = window(office.at())?;
    let beacon = match way {
        Way::Ranked => "彩票开奖号码".to_owned(),
        Way::FirstCome => String::new(),
    };
    let setup = Setup {
        name: "第一轮".to_owned(),
        way,
        slot: SlotId(SLOT.to_owned()),
        weekly_limit: 2,
        method: Method::Deferred,
        scheme: Scheme::PerDay,
        rules: Rules::default(),
        favours: Favours::default(),
        opens_at,
        closes_at,
        beacon,
        hold: SignedDuration::from_mins(120),
    };
    let early = office.at_moment(opens_at.checked_sub(1.hour())?);
    let id = act::<KeepRounds, _, _>(&early, move |tx| round::create(tx, term, &setup)).await?;
    act::<KeepRounds, _, _>(&early, move |tx| round::announce(tx, id, None)).await?;
    Ok(id)
}

/// Open since an hour ago and for a day.
fn window(now: Timestamp) -> Result<(Timestamp, Timestamp)> {
    Ok((now.checked_sub(1.hour())?, now.checked_add(24.hours())?))
}
