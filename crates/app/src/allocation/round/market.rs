//! The market of a round as a file of the format ALLOC1: what is sealed, drawn from, and handed to whoever checks it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kehou_domain::allocation::Kind;
use kehou_domain::allocation::round::{Chooser, WishList};
use kehou_domain::catalogue::{self, SexLimit};
use kehou_domain::ids::StudentId;
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
    lists.iter().filter_map(|stored| Some((stored.student, line(round, offered, stored, known)?))).collect()
}

fn line(round: &Round, offered: &[Offered], stored: &Stored, known: &Known) -> Option<String> {
    let (child, grade) = known.children.get(&stored.student)?;
    let grade = (*grade)?;
    let chooser = Chooser {
        sex: child.sex,
        stays_on: known.stays.get(&stored.student).cloned().unwrap_or_default(),
        has: known.has.get(&stored.student).cloned().unwrap_or_default(),
    };
    let list = still_possible(&stored.list, &chooser, (grade, child.sex), offered);
    let priority = known.first.get(&stored.student).map_or(0, |flags| mask(flags));
    // a child whose sex the roster does not say wishes for nothing that is for one sex alone: either number serves
    let sex = if child.sex == Sex::Female { 1 } else { 2 };
    let already = u8::try_from(chooser.has.len()).unwrap_or(u8::MAX);
    let limit = list.weekly_limit.min(round.setup.weekly_limit.saturating_sub(already));
    Some(format!("P {} {grade} {sex} {priority} {limit} 0 {}", stored.number, list.written()))
}

/// The wishes that the child may still have: a class, a sex or a place in the service may have changed since.
fn still_possible(
    list: &WishList,
    chooser: &Chooser,
    (grade, sex): (u8, Sex),
    offered: &[Offered],
) -> WishList {
    let before: Vec<_> = offered.iter().map(|one| one.before(Some(grade), sex)).collect();
    let mut kept = list.clone();
    for (weekday, day) in (1_i8..).zip(&mut kept.days) {
        let may_on_day = chooser.on(weekday).is_ok();
        day.retain(|place| may_on_day && chooser.wish(weekday, *place, &before).is_ok());
    }
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
        push_offering(&mut text, one, title);
    }
    for (_, line) in applications {
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn wishes_in(line: &str) -> usize {
    let columns = line.split(' ').skip(7).filter(|column| *column != "-");
    columns.map(|column| column.split(',').count()).sum()
}

fn push_offering(text: &mut String, one: &Offered, title: usize) {
    let (low, high) =
        (one.details.grades.iter().min().unwrap_or(1), one.details.grades.iter().max().unwrap_or(1));
    let sex = match one.details.sex {
        SexLimit::Anyone => 0,
        SexLimit::Girls => 1,
        SexLimit::Boys => 2,
    };
    let listed = &one.listed;
    writeln!(
        text,
        "O {} {title} {} {} {} {} {low} {high} {sex}",
        listed.place,
        listed.weekday - 1,
        kind(one.details.kind, listed.capacity),
        listed.capacity,
        listed.minimum,
    )
    .expect("text takes whatever is written");
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
