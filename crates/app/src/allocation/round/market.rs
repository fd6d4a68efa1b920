//! The market of a round as a file of the format ALLOC1: what is sealed, drawn from, and handed to whoever checks it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kehou_domain::allocation::round::{Chooser, WishList};
use kehou_domain::allocation::{Kind, Reserve};
use kehou_domain::catalogue::{self, SexLimit};
use kehou_domain::ids::{GuardianId, OfferingId, StudentId};
use kehou_domain::people::Sex;
use kehou_domain::people::flag::Flag;

use super::rows::children::Child;
use super::rows::lists::Stored;
use super::{Offered, Round};

/// What is known of every child when the wishes are sealed.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) children: BTreeMap<StudentId, (Child, Option<u8>)>,
    pub(super) stays: BTreeMap<StudentId, Vec<i8>>,
    /// Weekdays and titles from earlier rounds.
    pub(super) has: BTreeMap<StudentId, Vec<(i8, String)>>,
    /// The offerings that these are.
    pub(super) offerings: BTreeMap<StudentId, Vec<OfferingId>>,
    /// How many offerings from earlier rounds.
    pub(super) already: BTreeMap<StudentId, u8>,
    /// Who is whose guardian, where siblings draw together.
    pub(super) guardians: Vec<(GuardianId, StudentId)>,
    /// Titles that children had in the term before, where that counts.
    pub(super) before: BTreeMap<StudentId, Vec<String>>,
    /// Children of the plan's priority groups (B4).
    pub(super) first: BTreeMap<StudentId, Vec<Flag>>,
}

/// The lines of the applicants, by number; a child who left the service applies no more.
pub(super) fn applications(
    round: &Round,
    offered: &[Offered],
    lists: &[Stored],
    known: &Known,
) -> Vec<(StudentId, String)> {
    let applies =
        |stored: &&Stored| known.children.get(&stored.student).is_some_and(|(_, grade)| grade.is_some());
    let numbers = lists.iter().filter(applies).map(|stored| (stored.student, stored.number)).collect();
    let families = families(&known.guardians, &numbers);
    let line = |stored: &Stored| {
        let family = families.get(&stored.student).copied().unwrap_or(0);
        Some((stored.student, line(round, offered, (stored, family), known)?))
    };
    lists.iter().filter_map(line).collect()
}

/// The lowest number among the children of a family, for each of several; children with a guardian in common are of one.
fn families(
    guardians: &[(GuardianId, StudentId)],
    numbers: &BTreeMap<StudentId, u64>,
) -> BTreeMap<StudentId, u64> {
    let mut lowest = numbers.clone();
    let links: Vec<_> = guardians.iter().filter(|(_, child)| numbers.contains_key(child)).collect();
    loop {
        let mut of_guardian: BTreeMap<GuardianId, u64> = BTreeMap::new();
        for (guardian, child) in &links {
            let number = lowest[child];
            of_guardian.entry(*guardian).and_modify(|known| *known = number.min(*known)).or_insert(number);
        }
        let before = lowest.clone();
        for (guardian, child) in &links {
            lowest.entry(*child).and_modify(|known| *known = of_guardian[guardian].min(*known));
        }
        if lowest == before {
            break;
        }
    }
    let alone = |number: &u64| lowest.values().filter(|other| *other == number).count() == 1;
    lowest.iter().filter(|(_, number)| !alone(number)).map(|(child, number)| (*child, *number)).collect()
}

fn line(
    round: &Round,
    offered: &[Offered],
    (stored, family): (&Stored, u64),
    known: &Known,
) -> Option<String> {
    let (child, grade) = known.children.get(&stored.student)?;
    let grade = (*grade)?;
    let chooser = Chooser {
        sex: child.sex,
        stays_on: known.stays.get(&stored.student).cloned().unwrap_or_default(),
        has: known.has.get(&stored.student).cloned().unwrap_or_default(),
        offerings: known.offerings.get(&stored.student).cloned().unwrap_or_default(),
    };
    let list = still_possible(&stored.list, &chooser, (grade, child.sex), offered);
    let priority = known.first.get(&stored.student).map_or(0, |flags| mask(flags));
    // a child whose sex the roster does not say wishes for nothing that is for one sex alone: either number serves
    let sex = if child.sex == Sex::Female { 1 } else { 2 };
    let already = known.already.get(&stored.student).copied().unwrap_or(0);
    let limit = list.weekly_limit.min(round.setup.weekly_limit.saturating_sub(already));
    let mut line =
        format!("P {} {grade} {sex} {priority} {limit} {family} {}", stored.number, list.written());
    if stored.is_by_office && 0 < round.setup.favours.office_seats {
        line.push_str(" by=office");
    }
    if let Some(before) = known.before.get(&stored.student) {
        push_goes_on(&mut line, &list, before, offered);
    }
    push_week(&mut line, &list);
    if list.beside && round.setup.favours.beside {
        line.push_str(" with=sibling");
    }
    Some(line)
}

/// What the child wishes and had in the term before.
fn push_goes_on(line: &mut String, list: &WishList, before: &[String], offered: &[Offered]) {
    let had = |place: &&u32| {
        let wished = offered.iter().find(|one| one.listed.place == **place);
        wished.is_some_and(|one| before.contains(&one.details.title))
    };
    let goes_on: Vec<String> = list.days.iter().flatten().filter(had).map(u32::to_string).collect();
    if !goes_on.is_empty() {
        line.push_str(" goes_on=");
        line.push_str(&goes_on.join(","));
    }
}

/// The family's own order of the week.
fn push_week(line: &mut String, list: &WishList) {
    let turns: Vec<String> = list.turns().iter().map(|day| (day - 1).to_string()).collect();
    if !turns.is_empty() {
        line.push_str(" week=");
        line.push_str(&turns.join(","));
    }
}

/// The wishes that the child may still have: a class, a sex or a place in the service may have changed since.
fn still_possible(
    list: &WishList,
    chooser: &Chooser,
    (grade, sex): (u8, Sex),
    offered: &[Offered],
) -> WishList {
    let may = |place: &u32| {
        let wished = offered.iter().find(|one| one.listed.place == *place);
        wished.is_some_and(|one| chooser.may_have(&one.before(Some(grade), sex)).is_ok())
    };
    let mut kept = list.clone();
    kept.days.iter_mut().for_each(|day| day.retain(may));
    kept
}

/// The priority groups as the format adds them up.
fn mask(flags: &[Flag]) -> u8 {
    let bit = |flag: &Flag| match flag {
        Flag::Disabled => 1,
        Flag::LeftBehind => 2,
        Flag::Migrant => 4,
        Flag::Hardship => 8,
    };
    flags.iter().map(bit).fold(0, |sum, bit| sum | bit)
}

/// The whole file.
pub(super) fn file(round: &Round, offered: &[Offered], applications: &[(StudentId, String)]) -> String {
    let wishes: usize = applications.iter().map(|(_, line)| wishes_in(line)).sum();
    let mut text = format!(
        "ALLOC1 {} 0 1 {} {} {wishes}\nL 0 {} {} {}\n",
        round.id,
        applications.len(),
        offered.len(),
        offered.len(),
        applications.len(),
        round.setup.weekly_limit,
    );
    let titles: BTreeSet<&str> = offered.iter().map(|one| one.details.title.as_str()).collect();
    for one in offered {
        let title = titles.iter().position(|title| *title == one.details.title).unwrap_or_default();
        push_offering(&mut text, one, title, round.setup.favours.reserve(one.listed.seats.capacity));
        push_apart(&mut text, one, offered);
        text.push('\n');
    }
    for (_, line) in applications {
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn wishes_in(line: &str) -> usize {
    let columns = line.split(' ').skip(7).take(5).filter(|column| *column != "-");
    columns.map(|column| column.split(',').count()).sum()
}

fn push_offering(text: &mut String, one: &Offered, title: usize, reserve: Reserve) {
    let (low, high) =
        (one.details.grades.iter().min().unwrap_or(1), one.details.grades.iter().max().unwrap_or(1));
    let sex = match one.details.sex {
        SexLimit::Anyone => 0,
        SexLimit::Girls => 1,
        SexLimit::Boys => 2,
    };
    let listed = &one.listed;
    write!(
        text,
        "O {} {title} {} {} {} {} {low} {high} {sex}",
        listed.place,
        listed.weekday() - 1,
        kind(one.details.kind, listed.seats.capacity),
        listed.seats.capacity,
        listed.minimum,
    )
    .expect("text takes whatever is written");
    let later: Vec<String> = listed.days.iter().skip(1).map(|day| (day - 1).to_string()).collect();
    if !later.is_empty() {
        write!(text, " also={}", later.join(",")).expect("text takes whatever is written");
    }
    if let Some(seats) = reserve.priority {
        write!(text, " kept={seats}").expect("text takes whatever is written");
    }
    if 0 < reserve.office {
        write!(text, " office={}", reserve.office).expect("text takes whatever is written");
    }
}

/// What no child has besides it and stands before it.
fn push_apart(text: &mut String, one: &Offered, offered: &[Offered]) {
    let before = |other: &&Offered| other.listed.place < one.listed.place && one.apart.contains(&other.id);
    let apart: Vec<String> =
        offered.iter().filter(before).map(|other| other.listed.place.to_string()).collect();
    if !apart.is_empty() {
        text.push_str(" apart=");
        text.push_str(&apart.join(","));
    }
}

/// The kind by its number; a group that is larger than its kind in principle goes by the kind that holds so many.
fn kind(kind: catalogue::Kind, seats: u16) -> u8 {
    let own = match kind {
        catalogue::Kind::Club => 0,
        catalogue::Kind::MovingClass => 1,
        catalogue::Kind::TemporaryGroup | catalogue::Kind::OpenActivity => 2,
    };
    let held = [(0, Kind::Club), (1, Kind::MovingClass), (2, Kind::Mixed)];
    let fits = held.into_iter().find(|(number, kind)| own <= *number && seats <= kind.most());
    fits.map_or(2, |(number, _)| number)
}
