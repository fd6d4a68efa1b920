//! Groups: base care's, formed from enrolments, one for each home class and slot, with a teacher and a room; and those
//! of clubs, formed from seats.

pub mod class1;
mod clubs;
mod merging;
mod rows;

pub(crate) use clubs::{ClubDay, Clubs, clubs};
pub use merging::{ClassSize, Counting, MergeRefused, Merging, NoMerging, merge, merging};

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{ArrangeGroups, ReadGroups};
use kehou_domain::catalogue::{CareGroup, Over};
use kehou_domain::grouping::{Changes, Group, Place, Staying, base_groups, class_name};
use kehou_domain::ids::{ClassId, GroupId, OfferingId, StaffId, StudentId, TermId};
use kehou_domain::people::bound::{Bound, bound};
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::{Grades, SlotId};
use serde_json::json;

use crate::allocation::round;
use crate::{catalogue, people};

/// A group as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCard {
    /// The group.
    pub id: GroupId,
    /// Its name: the home class's, or the club's.
    pub name: String,
    /// Its slot's id in the plan.
    pub slot: SlotId,
    /// What the school calls the slot.
    pub slot_name: String,
    /// The home class, with its year of entry.
    pub class: Option<ClassKey>,
    /// The room; may be empty.
    pub venue: String,
    /// The teacher, when one is named.
    pub teacher: Option<StaffId>,
    /// The teacher's name; empty when none is named.
    pub teacher_name: String,
    /// How many children it has today.
    pub children: u32,
    /// The club's offering, whose teacher and room the catalogue says.
    pub offering: Option<OfferingId>,
}

/// A child of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: String,
    /// The number in the class, where the school gives numbers.
    pub seat_no: Option<u32>,
    /// The class, in a group of children of several.
    pub class: Option<ClassKey>,
}

/// A member of staff who can lead a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffCard {
    /// Who.
    pub id: StaffId,
    /// The name.
    pub name: String,
}

/// Why a group is not arranged so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrangeRefused {
    /// The teacher leads another group in the same slot.
    TeacherTaken,
    /// The room has another group in the same slot.
    VenueTaken,
    /// The teacher leads a published offering while the class is together.
    TeacherInOffering,
    /// A published offering meets in the room while the class is together.
    VenueInOffering,
    /// The room's name is too long.
    VenueTooLong,
    /// It is a club's: its teacher and room stand in the catalogue.
    Club,
}

/// The longest name of a room, in characters.
pub const LONGEST_VENUE: usize = 40;

/// What forming groups changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Formed {
    /// Groups opened.
    pub opened: u32,
    /// Children added to groups.
    pub joined: u32,
    /// Children taken out of groups.
    pub left: u32,
}

/// The groups of today's term, or of the last one; none before the first.
pub fn current(tx: &mut Tx<ReadGroups>) -> Result<Vec<GroupCard>> {
    let today = tx.today();
    match rows::latest_term(tx, today)? {
        Some(term) => {
            let groups = with_sizes(tx, term, today)?;
            in_sight(tx, groups)
        }
        None => Ok(Vec::new()),
    }
}

/// The groups of a term with how many children each has: those of a club by their seats, those of a temporary group with
/// the classes that sit in it.
fn with_sizes(tx: &mut SchoolTx, term: TermId, day: Date) -> Result<Vec<GroupCard>> {
    let mut groups = rows::groups(tx, term, day)?;
    let seats = clubs::sizes(tx, term)?;
    let merged = rows::merging::into(tx, term, day)?;
    let own: BTreeMap<GroupId, u32> = groups.iter().map(|group| (group.id, group.children)).collect();
    for group in &mut groups {
        let bases = merged.iter().filter(|one| one.into == group.id).map(|one| one.base);
        let sitting: u32 = bases.collect::<BTreeSet<_>>().iter().filter_map(|base| own.get(base)).sum();
        group.children += sitting;
        if let Some(offering) = group.offering {
            group.children = seats.get(&(offering, group.slot.clone())).copied().unwrap_or(0);
        }
    }
    // a temporary group in which no class sits any more is a thing of the past
    groups.retain(|group| {
        group.class.is_some() || group.offering.is_some() || merged.iter().any(|one| one.into == group.id)
    });
    Ok(groups)
}

/// Who stays in which slot of a day, with the group that would have it: that of its class, or the temporary one in which
/// its class sits on the weekday.
pub(crate) fn staying(
    tx: &mut SchoolTx,
    term: TermId,
    (day, follows): (Date, Weekday),
) -> Result<Vec<Staying>> {
    let merged = merging::on_day(tx, term, (day, follows))?;
    let mut staying = rows::staying(tx, term, (day, follows))?;
    for child in &mut staying {
        child.base = merged.get(&child.base).copied().unwrap_or(child.base);
    }
    Ok(staying)
}

/// A group of base care with the grades of its children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base {
    pub(crate) group: GroupId,
    pub(crate) slot: SlotId,
    pub(crate) grades: Grades,
}

/// The groups of base care that may meet on a day: each class's, but for those that sit in a temporary one, and these.
pub(crate) fn bases(tx: &mut SchoolTx, term: TermId, (day, follows): (Date, Weekday)) -> Result<Vec<Base>> {
    let merged = merging::on_day(tx, term, (day, follows))?;
    let mut bases: BTreeMap<GroupId, Base> = BTreeMap::new();
    for own in rows::merging::bases(tx, term)? {
        let Some(grade) = own.class.grade_on(day) else { continue };
        let group = merged.get(&own.id).copied().unwrap_or(own.id);
        let base = Base { group, slot: own.slot, grades: Grades::default() };
        let base = bases.entry(group).or_insert(base);
        base.grades = base.grades.or(Grades::of([grade]));
    }
    Ok(bases.into_values().collect())
}

/// The groups that the acting role sees: a grade head those of the own grades (G1).
fn in_sight(tx: &mut SchoolTx, mut groups: Vec<GroupCard>) -> Result<Vec<GroupCard>> {
    if bound(tx.role()) == Bound::OwnGrades {
        let (grades, today) = (people::own_grades(tx)?, tx.today());
        let grade = |group: &GroupCard| group.class.and_then(|class| class.grade_on(today));
        groups.retain(|group| grade(group).is_some_and(|grade| grades.contains(&grade)));
    }
    Ok(groups)
}

/// The staff who can lead a group.
pub fn teachers(tx: &mut Tx<ReadGroups>) -> Result<Vec<StaffCard>> {
    rows::staff(tx)
}

/// One group.
pub fn group(tx: &mut Tx<ReadGroups>, id: GroupId) -> Result<GroupCard> {
    let today = tx.today();
    let mut group = rows::group(tx, id, today)?;
    if let Some(offering) = group.offering {
        let children = round::sitting(tx, offering, today)?;
        group.children = u32::try_from(children.len()).unwrap_or(u32::MAX);
    }
    in_sight(tx, vec![group])?.pop().ok_or(kehou_db::Error::NotFound)
}

/// The children of a group today, by number and name.
pub fn members(tx: &mut Tx<ReadGroups>, id: GroupId) -> Result<Vec<Member>> {
    let (group, today) = (group(tx, id)?, tx.today());
    let Some(offering) = group.offering else { return rows::members(tx, group.id, today) };
    let children = round::sitting(tx, offering, today)?;
    let member = |one: round::Sitting| Member { name: one.name, seat_no: one.seat_no, class: one.class };
    Ok(children.into_iter().map(member).collect())
}

/// Gives a group its teacher (E6) and its room (D11); a teacher and a room serve one group at a time.
pub fn arrange(
    tx: &mut Tx<ArrangeGroups>,
    id: GroupId,
    teacher: Option<StaffId>,
    venue: &str,
) -> std::result::Result<(), Failed<ArrangeRefused>> {
    rows::hold(tx, id)?;
    if rows::clubs::is_club(tx, id)? {
        return Err(Failed::Refused(ArrangeRefused::Club));
    }
    let before = rows::arrangement(tx, id)?;
    let venue = venue.trim();

    if LONGEST_VENUE < venue.chars().count() {
        return Err(Failed::Refused(ArrangeRefused::VenueTooLong));
    }
    for other in rows::beside(tx, id)? {
        if teacher.is_some() && other.teacher == teacher {
            return Err(Failed::Refused(ArrangeRefused::TeacherTaken));
        }
        if !venue.is_empty() && other.venue == venue {
            return Err(Failed::Refused(ArrangeRefused::VenueTaken));
        }
    }

    beside_offerings(tx, id, (&before, &rows::Arrangement { teacher, venue: venue.to_owned() }))?;

    rows::arrange(tx, id, teacher, venue)?;
    let words = |teacher: Option<StaffId>| teacher.map(|teacher| teacher.to_string());
    let facts = json!({
        "before": { "teacher": words(before.teacher), "venue": before.venue },
        "after": { "teacher": words(teacher), "venue": venue },
    });
    tx.event(Event::of::<ArrangeGroups>(id).facts(facts))?;
    Ok(())
}

/// Whether what is new of an arrangement is free of published offerings (D11, E6).
fn beside_offerings(
    tx: &mut SchoolTx,
    id: GroupId,
    (before, after): (&rows::Arrangement, &rows::Arrangement),
) -> std::result::Result<(), Failed<ArrangeRefused>> {
    let today = tx.today();
    let (card, term) = (rows::group(tx, id, today)?, rows::term_of(tx, id)?);
    let Some(grade) = card.class.and_then(|class| class.grade_on(today)) else { return Ok(()) };
    let new = CareGroup {
        name: card.name,
        slot: card.slot,
        grade,
        venue: if after.venue == before.venue { String::new() } else { after.venue.clone() },
        teacher: after.teacher.filter(|_| after.teacher != before.teacher),
    };
    match catalogue::taken_from_offerings(tx, term, &new)?.first() {
        Some(Over::Teacher) => Err(Failed::Refused(ArrangeRefused::TeacherInOffering)),
        Some(Over::Venue) => Err(Failed::Refused(ArrangeRefused::VenueInOffering)),
        None => Ok(()),
    }
}

/// Brings the groups of the term in line with its enrolments on this day; run again it changes nothing. `slot_names`
/// are what the plan calls its slots.
pub(crate) fn form(
    tx: &mut SchoolTx,
    term: TermId,
    day: Date,
    slot_names: &BTreeMap<SlotId, String>,
) -> Result<Formed> {
    rows::hold_term(tx, term)?;
    let places: Vec<Place> = rows::places(tx, term, day)?;
    let groups: Vec<Group> = rows::standing(tx, term, day)?;

    let changes = base_groups(&places, &groups);

    let formed = save(tx, Forming { term, day, slot_names }, &changes)?;
    if formed != Formed::default() {
        let facts = json!({ "opened": formed.opened, "joined": formed.joined, "left": formed.left });
        tx.event(Event::new("FormGroups", term).facts(facts))?;
    }
    Ok(formed)
}

#[derive(Clone, Copy)]
struct Forming<'a> {
    term: TermId,
    day: Date,
    slot_names: &'a BTreeMap<SlotId, String>,
}

fn save(tx: &mut SchoolTx, forming: Forming, changes: &Changes) -> Result<Formed> {
    let classes: BTreeMap<ClassId, (ClassKey, Option<StaffId>)> = rows::classes(tx, forming.day)?;
    let mut joining: Vec<(GroupId, StudentId)> = changes.join.clone();
    let mut opened = Vec::new();
    for (slot, class, children) in &changes.open {
        let id: GroupId = tx.new_id();
        let (key, homeroom) = classes.get(class).copied().ok_or(kehou_db::Error::NotFound)?;
        opened.push(rows::NewGroup {
            id,
            slot: slot.clone(),
            slot_name: forming.slot_names.get(slot).cloned().unwrap_or_else(|| slot.0.clone()),
            name: class_name(key.grade_on(forming.day).unwrap_or(0), u32::from(key.class_no)),
            class: *class,
            teacher: homeroom,
        });
        joining.extend(children.iter().map(|child| (id, *child)));
    }
    rows::open(tx, forming.term, &opened)?;
    rows::leave(tx, &changes.leave, forming.day)?;
    rows::join(tx, &joining, forming.day)?;
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    Ok(Formed { opened: count(opened.len()), joined: count(joining.len()), left: count(changes.leave.len()) })
}
