//! The office arranges: problems first, then every offering with its children, each move with a reason.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use kehou_app::allocation::round::{self, Applicant, Cause, Moved, NewMove, Offered, Overview};
use kehou_domain::access::{ArrangeSeats, ReadRounds};
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::{Share, Way};
use kehou_domain::ids::{EntityId, MoveId, OfferingId, RoundId, StudentId};
use serde::Deserialize;

use super::{id, said};
use crate::answer::see_other;
use crate::catalogue::words::{comma, weekday};
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people::words as people_words;
use crate::plan::words as plan_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A child in a list.
struct Child {
    id: StudentId,
    name: String,
    said: String,
    is_locked: bool,
}

/// An offering with its children.
struct Group {
    day: i8,
    /// Its days, where there are several.
    days: String,
    title: String,
    venue: String,
    teacher: String,
    /// How many have a seat, the seats, and the width of the bar in hundredths.
    taken: usize,
    seats: u16,
    width: String,
    first: u32,
    problem: Option<String>,
    children: Vec<Child>,
}

/// A move by hand.
struct MoveRow {
    id: MoveId,
    said: String,
    reason: String,
    at: String,
    may_take_back: bool,
}

#[derive(Template)]
#[template(path = "allocation/arrange.html")]
struct ArrangePage {
    base: String,
    id: RoundId,
    name: String,
    summary: String,
    problems_found: Vec<String>,
    days: Vec<(i8, &'static str, bool)>,
    day: i8,
    groups: Vec<Group>,
    without: Vec<Child>,
    /// The child that is being moved, with where it can go.
    moving: Option<Moving>,
    moves: Vec<MoveRow>,
    may_arrange: bool,
    form: MoveForm,
    problems: Problems,
}

struct Moving {
    student: StudentId,
    name: String,
    options: Vec<(String, String)>,
    /// Whether the seat of the day is locked; nothing without a seat.
    is_locked: Option<bool>,
}

/// Which day, and which child is to be moved.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    day: String,
    student: String,
}

/// A move as sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoveForm {
    student: String,
    day: String,
    to: String,
    reason: String,
}

/// All that the page is made of.
struct Known {
    one: Overview,
    applicants: Vec<Applicant>,
    moves: Vec<(String, Moved)>,
}

async fn known(seat: &Seat, wanted: RoundId) -> Result<Known, Fault> {
    let read = move |tx: &mut kehou_db::Tx<ReadRounds>| {
        Ok(Known {
            one: round::overview(tx, wanted)?,
            applicants: round::applicants(tx, wanted)?,
            moves: round::changes(tx, wanted)?,
        })
    };
    seat.read::<ReadRounds, _>(read).await
}

pub(super) async fn show(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let form = MoveForm { student: asked.student, day: asked.day, ..MoveForm::default() };
    let page = page(&seat, id(&wanted)?, form, Problems::none()).await?;
    seat.page(&page)
}

async fn page(
    seat: &Seat,
    wanted: RoundId,
    form: MoveForm,
    problems: Problems,
) -> Result<ArrangePage, Fault> {
    let known = known(seat, wanted).await?;
    let lang = seat.lang();
    let days = super::cards::days(&known.one.offered);
    let day = form.day.parse().ok().filter(|day| days.contains(day)).or(days.first().copied()).unwrap_or(1);
    let groups: Vec<Group> = on_day(&known, day).map(|offered| group(lang, &known, offered)).collect();
    let without: Vec<Child> = without(lang, &known, day);
    let moving = moving(lang, &known, (&form, day));
    let mut found: Vec<String> = groups
        .iter()
        .filter_map(|group| Some(format!("{}：{}", group.title, group.problem.as_deref()?)))
        .collect();
    if !without.is_empty() {
        found.push(lang.fill("{n} 人想来这一天，还没有安排", &[("n", &without.len().to_string())]));
    }
    Ok(ArrangePage {
        base: seat.path("rounds"),
        id: wanted,
        name: known.one.round.setup.name.clone(),
        summary: summary(lang, &known),
        problems_found: found,
        days: days.iter().map(|one| (*one, weekday(lang, *one), *one == day)).collect(),
        day,
        groups,
        without,
        moving,
        moves: moves(lang, &known),
        may_arrange: seat.may::<ArrangeSeats>(),
        form,
        problems,
    })
}

fn on_day(known: &Known, day: i8) -> impl Iterator<Item = &Offered> {
    known.one.offered.iter().filter(move |offered| offered.listed.weekday() == day)
}

/// How many are placed, and how many have their first wish of a day.
fn summary(lang: Lang, known: &Known) -> String {
    let places: BTreeMap<OfferingId, u32> =
        known.one.offered.iter().map(|one| (one.id, one.listed.place)).collect();
    let is_first = |one: &Applicant, (day, offering): &(i8, OfferingId)| {
        let list = usize::try_from(*day - 1).ok().and_then(|at| one.list.days.get(at));
        list.and_then(|list| list.first()).copied() == places.get(offering).copied()
    };
    if known.one.round.setup.way == Way::FirstCome {
        return lang.fill("{n} 人有名额。", &[("n", &known.applicants.len().to_string())]);
    }
    let seats: usize = known.applicants.iter().map(Applicant::offerings).sum();
    let first: usize =
        known.applicants.iter().map(|one| one.seats.iter().filter(|seat| is_first(one, seat)).count()).sum();
    let nothing = known.applicants.iter().filter(|one| one.seats.is_empty()).count();
    let values = [
        ("n", known.applicants.len().to_string()),
        ("seats", seats.to_string()),
        ("first", first.to_string()),
        ("nothing", nothing.to_string()),
    ];
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lang.fill(
        "{n} 人填了志愿，给了 {seats} 个名额，其中第一志愿 {first} 个；{nothing} 人一个也没有。",
        &values,
    )
}

fn group(lang: Lang, known: &Known, offered: &Offered) -> Group {
    let mut children: Vec<Child> = Vec::new();
    for one in &known.applicants {
        if one.seats.iter().any(|(_, has)| *has == offered.id) {
            children.push(child(lang, known, (one, offered)));
        }
    }
    let taken = match known.one.round.setup.way {
        Way::Ranked => children.len(),
        Way::FirstCome => usize::from(offered.listed.seats.taken),
    };
    let seats = offered.listed.seats.capacity;
    let share = taken.min(usize::from(seats)) * 1000 / usize::from(seats).max(1);
    Group {
        day: offered.listed.weekday(),
        days: other_days(lang, offered),
        title: offered.details.title.clone(),
        venue: offered.details.venue.clone(),
        teacher: offered.teacher_name.clone(),
        taken,
        seats,
        width: format!("{}.{}", share / 10, share % 10),
        first: offered.listed.wished.0,
        problem: problem(lang, offered, taken),
        children,
    }
}

/// Its days, where there are several: it is arranged on the first of them.
fn other_days(lang: Lang, offered: &Offered) -> String {
    let days = offered.listed.days;
    if days.count() < 2 { String::new() } else { plan_words::weekdays(lang, days) }
}

fn problem(lang: Lang, offered: &Offered, taken: usize) -> Option<String> {
    let listed = &offered.listed;
    if let Some((_, children)) = listed.outcome.as_ref().and_then(|outcome| outcome.closed) {
        return Some(lang.fill("没有开（{n} 人会来）", &[("n", &children.to_string())]));
    }
    if taken < usize::from(listed.minimum) {
        let lacks = usize::from(listed.minimum) - taken;
        return Some(lang.fill("还差 {n} 人才能开班", &[("n", &lacks.to_string())]));
    }
    None
}

fn rank(one: &Applicant, offered: &Offered) -> Option<usize> {
    let ranks =
        one.list.days.iter().filter_map(|day| day.iter().position(|place| *place == offered.listed.place));
    ranks.map(|at| at + 1).next()
}

fn child(lang: Lang, known: &Known, (one, offered): (&Applicant, &Offered)) -> Child {
    let wish = match (rank(one, offered), known.one.round.setup.way) {
        (Some(rank), _) => lang.fill("第 {n} 志愿", &[("n", &rank.to_string())]),
        (None, Way::Ranked) => lang.t("没有填这门").to_owned(),
        (None, Way::FirstCome) => String::new(),
    };
    let class = class(lang, one, known);
    let until = one.place_ends_on.map(|day| dates::day(lang, day));
    let until = until.map(|day| lang.fill("课后服务到{day}为止", &[("day", &day)])).unwrap_or_default();
    Child {
        id: one.student,
        name: one.name.clone(),
        said: [class, wish, until].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        is_locked: one.locked.contains(&offered.listed.weekday()),
    }
}

/// The child's class as the school writes it; nothing without one.
fn class(lang: Lang, one: &Applicant, known: &Known) -> String {
    let year = known.one.term.school_year;
    one.class.map_or_else(String::new, |class| people_words::class(lang, class, year))
}

/// The children who wished something on the day and have nothing there, though their week has room.
fn without(lang: Lang, known: &Known, day: i8) -> Vec<Child> {
    let at = usize::try_from(day - 1).unwrap_or(0);
    let lacks = |one: &&Applicant| {
        let wished = one.list.days.get(at).is_some_and(|list| !list.is_empty());
        let has_room = one.offerings() < usize::from(one.list.weekly_limit);
        wished && has_room && !one.seats.iter().any(|(taken, _)| *taken == day)
    };
    let wishes = |one: &Applicant| {
        let list = one.list.days.get(at).into_iter().flatten();
        let titles =
            list.filter_map(|place| known.one.offered.iter().find(|offered| offered.listed.place == *place));
        titles.map(|offered| offered.details.title.as_str()).collect::<Vec<_>>().join(comma(lang))
    };
    let row = |one: &Applicant| {
        let said = lang.fill("填了{titles}", &[("titles", &wishes(one))]);
        let class = class(lang, one, known);
        let said = format!("{class} {said}").trim().to_owned();
        Child { id: one.student, name: one.name.clone(), said, is_locked: false }
    };
    known.applicants.iter().filter(lacks).map(row).collect()
}

/// The child that is asked for, with the offerings of the day that have a free seat.
fn moving(lang: Lang, known: &Known, (form, day): (&MoveForm, i8)) -> Option<Moving> {
    let student = StudentId::parse(&form.student)?;
    let one = known.applicants.iter().find(|one| one.student == student)?;
    let mut options = vec![(String::new(), lang.t("这一天不安排").to_owned())];
    for offered in on_day(known, day) {
        let free = offered.listed.seats.free(Share::of(Channel::Family, known.one.stage));
        let values = [("title", offered.details.title.clone()), ("n", free.to_string())];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        options.push((offered.id.to_string(), lang.fill("{title}（空 {n} 个）", &values)));
    }
    let is_locked = one.seats.iter().any(|(taken, _)| *taken == day).then(|| one.locked.contains(&day));
    Some(Moving { student, name: one.name.clone(), options, is_locked })
}

fn moves(lang: Lang, known: &Known) -> Vec<MoveRow> {
    let title = |of: Option<OfferingId>| {
        let found = of.and_then(|id| known.one.offered.iter().find(|one| one.id == id));
        found.map_or_else(|| lang.t("没有安排").to_owned(), |one| one.details.title.clone())
    };
    let row = |(name, moved): &(String, Moved)| {
        let values = [
            ("name", name.clone()),
            ("day", weekday(lang, moved.weekday).to_owned()),
            ("from", title(moved.from)),
            ("to", title(moved.to)),
        ];
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let is_taken_back = known.moves.iter().any(|(_, other)| other.takes_back == Some(moved.id));
        MoveRow {
            id: moved.id,
            said: lang.fill("{name} {day}：{from} → {to}", &values),
            reason: match moved.cause {
                Cause::Hand if moved.is_by_place() => lang.t("课后服务到期，名额让了出来").to_owned(),
                Cause::Hand => moved.reason.clone(),
                Cause::Siblings => lang.t("换到兄弟姐妹那门").to_owned(),
            },
            at: dates::moment(lang, moved.at),
            may_take_back: moved.cause == Cause::Hand
                && moved.takes_back.is_none()
                && !is_taken_back
                && !moved.is_by_place(),
        }
    };
    known.moves.iter().map(row).collect()
}

pub(super) async fn go(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Form(form): Form<MoveForm>,
) -> Result<Response, Fault> {
    let (lang, wanted): (Lang, RoundId) = (seat.lang(), id(&wanted)?);
    let offered = known(&seat, wanted).await?.one.offered;
    let to = Some(form.to.as_str()).filter(|text| !text.is_empty()).map(id::<OfferingId>).transpose()?;
    let new = NewMove {
        student: id(&form.student)?,
        weekday: form.day.parse().map_err(|_| Fault::NotFound)?,
        to,
        reason: form.reason.clone(),
    };
    let moved = seat.write::<ArrangeSeats, String, Refusal>(&key, move |tx| {
        let moved = round::move_child(tx, wanted, &new);
        Ok(moved.map_err(|why| why.map(|why| said::not_moved(lang, why, &offered)))?.to_string())
    });
    match moved.await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("rounds/{wanted}/arrange?day={}", form.day)))),
        Err(refusal) => {
            let page = page(&seat, wanted, form, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

/// A seat to be locked or opened.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LockForm {
    student: String,
    day: String,
    locked: String,
}

pub(super) async fn lock(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Form(form): Form<LockForm>,
) -> Result<Response, Fault> {
    let (wanted, student): (RoundId, StudentId) = (id(&wanted)?, id(&form.student)?);
    let weekday: i8 = form.day.parse().map_err(|_| Fault::NotFound)?;
    let is_locked = form.locked == "yes";
    let done = seat.write::<ArrangeSeats, (), ()>(&key, move |tx| {
        Ok(round::lock(tx, wanted, (student, weekday, is_locked))?)
    });
    match done.await? {
        Ok(()) | Err(()) => Ok(see_other(&seat.path(&format!("rounds/{wanted}/arrange?day={weekday}")))),
    }
}

pub(super) async fn take_back(
    seat: Seat,
    Path((_, wanted, moved)): Path<(String, String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let (lang, wanted, moved): (Lang, RoundId, MoveId) = (seat.lang(), id(&wanted)?, id(&moved)?);
    let taken = seat.write::<ArrangeSeats, String, Refusal>(&key, move |tx| {
        let taken = round::take_back(tx, (wanted, moved));
        Ok(taken.map_err(|why| why.map(|why| said::not_moved(lang, why, &[])))?.to_string())
    });
    match taken.await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("rounds/{wanted}/arrange")))),
        Err(refusal) => {
            let page = page(&seat, wanted, MoveForm::default(), refusal.into()).await?;
            seat.refused(&page)
        }
    }
}
