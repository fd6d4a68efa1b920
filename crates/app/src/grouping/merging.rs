//! The 40-rule in the service (E3, E5): what it makes of a day's children, and the temporary groups that follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, Time, Weekday};
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{ArrangeGroups, ReadGroups};
use kehou_domain::calendar::school::ServiceDay;
use kehou_domain::grouping::classes::{
    ClassNo, Exact, Formation, Formed, HomeClass, Refused as CannotForm, Rule, exact, literal,
};
use kehou_domain::grouping::{Staying, class_name};
use kehou_domain::ids::{GroupId, StaffId, TermId};
use kehou_domain::moment::instant;
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::{GroupKind, Plan, SlotId};
use serde_json::json;

use super::{GroupCard, rows};
use crate::allocation::round::seats_on;
use crate::{calendar, plan};

/// What the rule makes of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merging {
    /// The day.
    pub day: Date,
    /// The slot, and what the school calls it.
    pub slot: (SlotId, String),
    /// Every slot that the rule is for.
    pub slots: Vec<(SlotId, String)>,
    /// The numbers of the plan.
    pub rule: Rule,
    /// The classes from which somebody stays.
    pub classes: Vec<ClassSize>,
    /// As the plan's sentence says, step by step.
    pub literal: Formation,
    /// As few groups as the same limits allow.
    pub exact: Exact,
    /// The temporary groups that stand on this weekday.
    pub standing: Vec<GroupCard>,
}

/// A class with how many of it stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassSize {
    /// The class.
    pub class: ClassNo,
    /// How many stay and are in no club.
    pub staying: u16,
    /// How many are on its roll.
    pub roll: u16,
    /// The temporary group that it sits in.
    pub sits_in: Option<GroupId>,
    base: BaseGroup,
}

/// A class's group, as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BaseGroup {
    pub(super) id: GroupId,
    pub(super) slot: SlotId,
    pub(super) slot_name: String,
    pub(super) class: ClassKey,
    pub(super) teacher: Option<StaffId>,
    pub(super) venue: String,
}

/// A class that sits in a temporary group on a weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) base: GroupId,
    pub(super) into: GroupId,
}

/// Why the rule says nothing of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoMerging {
    /// No service is held on it, or no plan is in force.
    NoService,
    /// The plan does not put small classes together.
    NoRule,
    /// The numbers cannot be.
    Cannot(CannotForm),
}

/// Which counting is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// As the sentence says.
    Literal,
    /// As few groups as possible.
    Exact,
    /// Every class by itself again.
    Apart,
}

impl Counting {
    /// Every counting.
    pub const ALL: [Counting; 3] = [Counting::Literal, Counting::Exact, Counting::Apart];

    /// The word in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Counting::Literal => "literal",
            Counting::Exact => "exact",
            Counting::Apart => "apart",
        }
    }

    /// The counting of this word.
    pub fn parse(word: &str) -> Option<Counting> {
        Counting::ALL.into_iter().find(|counting| counting.word() == word)
    }
}

/// Why temporary groups are not formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeRefused {
    /// The rule says nothing of the day.
    No(NoMerging),
    /// The day has come: its rolls stay as they are.
    TooLate,
}

impl Merging {
    /// How many groups the literal counting needs more than the exact one: so many teachers are saved (E6).
    pub fn saved(&self) -> usize {
        self.literal.groups.len().saturating_sub(self.exact.formation.groups.len())
    }
}

/// What the rule makes of a day and slot: of the first slot that it is for, unless another is asked for.
pub fn merging(
    tx: &mut Tx<ReadGroups>,
    day: Date,
    slot: Option<&SlotId>,
) -> std::result::Result<Merging, Failed<NoMerging>> {
    of_day(tx, day, slot)
}

fn of_day(
    tx: &mut SchoolTx,
    day: Date,
    asked: Option<&SlotId>,
) -> std::result::Result<Merging, Failed<NoMerging>> {
    let (service, plan) = setting(tx, day)?;
    let (rule, slots) = rule(&plan)?;
    let asked = asked.and_then(|asked| slots.iter().find(|(slot, _)| slot == asked));
    let slot = asked.or(slots.first()).cloned().ok_or(Failed::Refused(NoMerging::NoRule))?;
    let merged = rows::merging::on_day(tx, service.term, (day, service.weekday))?;
    let classes = sizes(tx, &service, &slot.0, &merged)?;
    let homes = homes(&classes);
    let cannot = |why| Failed::Refused(NoMerging::Cannot(why));
    let (literal, exact) = (literal(&homes, rule).map_err(cannot)?, exact(&homes, rule).map_err(cannot)?);
    let into: BTreeSet<GroupId> = merged.iter().map(|one| one.into).collect();
    let mut standing = super::with_sizes(tx, service.term, day)?;
    standing.retain(|group| group.slot == slot.0 && into.contains(&group.id));
    Ok(Merging { day, slot, slots, rule, classes, literal, exact, standing })
}

fn setting(tx: &mut SchoolTx, day: Date) -> std::result::Result<(ServiceDay, Arc<Plan>), Failed<NoMerging>> {
    let Ok(service) = calendar::service_day(tx, day)? else {
        return Err(Failed::Refused(NoMerging::NoService));
    };
    match plan::plan_on(tx, day) {
        Ok(plan) => Ok((service, plan)),
        Err(Error::NotFound) => Err(Failed::Refused(NoMerging::NoService)),
        Err(fault) => Err(fault.into()),
    }
}

/// A rule with the slots that it is for, by id and name.
type RuleOf = (Rule, Vec<(SlotId, String)>);

/// The plan's rule for home classes, with the slots that it is for.
fn rule(plan: &Plan) -> std::result::Result<RuleOf, Failed<NoMerging>> {
    let mut own = plan.groups.iter().filter(|rule| rule.kind == GroupKind::HomeClass);
    let found = own.find_map(|group| Some((Rule::of(group)?, &group.slots)));
    let (rule, only) = found.ok_or(Failed::Refused(NoMerging::NoRule))?;
    let rule = rule.map_err(|why| Failed::Refused(NoMerging::Cannot(why)))?;
    let is_for = |slot: &SlotId| only.is_empty() || only.contains(slot);
    let slots = plan.slots.iter().filter(|slot| is_for(&slot.id));
    Ok((rule, slots.map(|slot| (slot.id.clone(), slot.name.clone())).collect()))
}

/// How many of each class stay in the slot and sit in no club.
fn sizes(
    tx: &mut SchoolTx,
    service: &ServiceDay,
    slot: &SlotId,
    merged: &[Merged],
) -> Result<Vec<ClassSize>> {
    let (term, day, follows) = (service.term, service.date, service.weekday);
    let staying = rows::staying(tx, term, (day, follows))?;
    let before = instant(day, Time::midnight());
    let seats = seats_on(tx, (term, Some(follows.to_monday_one_offset())), before)?;
    let in_club: BTreeSet<_> =
        seats.iter().filter(|seat| seat.slot == *slot).map(|seat| seat.student).collect();
    let rolls = rows::merging::rolls(tx, term, day)?;
    let mut sizes = Vec::new();
    for base in rows::merging::bases(tx, term)?.into_iter().filter(|base| base.slot == *slot) {
        let own = |child: &&Staying| child.base == base.id && !in_club.contains(&child.student);
        let count = u16::try_from(staying.iter().filter(own).count()).unwrap_or(u16::MAX);
        let Some(grade) = base.class.grade_on(day).filter(|_| 0 < count) else { continue };
        sizes.push(ClassSize {
            class: ClassNo { grade, no: u32::from(base.class.class_no) },
            staying: count,
            roll: rolls.get(&base.id).copied().unwrap_or(count),
            sits_in: merged.iter().find(|one| one.base == base.id).map(|one| one.into),
            base,
        });
    }
    sizes.sort_unstable_by_key(|size| size.class);
    Ok(sizes)
}

/// The temporary group of each class's group that sits in one on the day.
pub(super) fn on_day(
    tx: &mut SchoolTx,
    term: TermId,
    day: (Date, Weekday),
) -> Result<BTreeMap<GroupId, GroupId>> {
    let merged = rows::merging::on_day(tx, term, day)?;
    Ok(merged.into_iter().map(|one| (one.base, one.into)).collect())
}

/// The classes before the rule: whoever sits together now should stay together where it can be.
fn homes(classes: &[ClassSize]) -> Vec<HomeClass> {
    let mut running: BTreeMap<GroupId, u32> = BTreeMap::new();
    let mut homes = Vec::new();
    for size in classes {
        let next = u32::try_from(running.len()).unwrap_or(u32::MAX);
        let sits_in = *running.entry(size.sits_in.unwrap_or(size.base.id)).or_insert(next);
        let (class, applicants, roll) = (size.class, size.staying, size.roll);
        homes.push(HomeClass { class, applicants, roll, running: Some(sits_in) });
    }
    homes
}

/// Takes a counting over for the weekday of a day to come, from that day on; a temporary group that stands goes on with
/// most of its classes, so that the fewest children move. Says how many temporary groups there are then.
pub fn merge(
    tx: &mut Tx<ArrangeGroups>,
    (day, slot): (Date, &SlotId),
    counting: Counting,
) -> std::result::Result<usize, Failed<MergeRefused>> {
    let no = |why: Failed<NoMerging>| why.map(MergeRefused::No);
    let (service, _) = setting(tx, day).map_err(no)?;
    rows::hold_term(tx, service.term)?;
    let found = of_day(tx, day, Some(slot)).map_err(no)?;
    if day <= tx.today() {
        return Err(Failed::Refused(MergeRefused::TooLate));
    }
    let formed: &[Formed] = match counting {
        Counting::Literal => &found.literal.groups,
        Counting::Exact => &found.exact.formation.groups,
        Counting::Apart => &[],
    };
    let together: Vec<Vec<&ClassSize>> = formed
        .iter()
        .map(|group| classes_of(&found.classes, group))
        .filter(|classes| 1 < classes.len())
        .collect();

    let on = On { term: service.term, day, weekday: service.weekday };
    let count = save(tx, on, &found, &together)?;
    let facts = json!({ "slot": slot.as_str(), "weekday": on.weekday.to_monday_one_offset(),
        "from": day.to_string(), "by": counting.word(), "groups": count });
    tx.event(Event::new("MergeClasses", service.term).facts(facts))?;
    Ok(count)
}

fn classes_of<'a>(classes: &'a [ClassSize], group: &Formed) -> Vec<&'a ClassSize> {
    let of = |class: ClassNo| classes.iter().find(|size| size.class == class);
    group.parts.iter().filter_map(|part| of(part.class)).collect()
}

/// From which day on a weekday of a term changes.
#[derive(Clone, Copy)]
struct On {
    term: TermId,
    day: Date,
    weekday: Weekday,
}

fn save(tx: &mut SchoolTx, on: On, found: &Merging, together: &[Vec<&ClassSize>]) -> Result<usize> {
    let mut free: BTreeSet<GroupId> = found.standing.iter().map(|group| group.id).collect();
    let bases: Vec<GroupId> = rows::merging::bases(tx, on.term)?
        .into_iter()
        .filter(|base| base.slot == found.slot.0)
        .map(|base| base.id)
        .collect();
    rows::merging::end(tx, &bases, (on.day, on.weekday))?;
    let mut merged = Vec::new();
    for classes in together {
        let running = running(classes, &free);
        let into = match running.filter(|group| is_the_same(&found.classes, classes, *group)) {
            Some(running) => running,
            None => open(tx, on, (classes, found.standing.iter().find(|group| Some(group.id) == running)))?,
        };
        if let Some(running) = running {
            free.remove(&running);
        }
        merged.extend(classes.iter().map(|class| Merged { base: class.base.id, into }));
    }
    rows::merging::begin(tx, &merged, (on.day, on.weekday))?;
    Ok(together.len())
}

/// The standing group that most children of these classes sit in.
fn running(classes: &[&ClassSize], free: &BTreeSet<GroupId>) -> Option<GroupId> {
    let mut sizes: BTreeMap<GroupId, u32> = BTreeMap::new();
    for class in classes {
        if let Some(sits_in) = class.sits_in.filter(|group| free.contains(group)) {
            *sizes.entry(sits_in).or_default() += u32::from(class.staying);
        }
    }
    sizes.into_iter().max_by_key(|(_, size)| *size).map(|(group, _)| group)
}

/// Whether exactly these classes sit in the group. One whose classes change is a new one: the sheets of the past keep its
/// name.
fn is_the_same(all: &[ClassSize], classes: &[&ClassSize], group: GroupId) -> bool {
    let sits = |class: &ClassSize| class.sits_in == Some(group);
    classes.iter().all(|class| sits(class)) && all.iter().filter(|class| sits(class)).count() == classes.len()
}

/// Opens a temporary group with the teacher and the room of the one that it carries on, or else of its largest class.
fn open(
    tx: &mut SchoolTx,
    on: On,
    (classes, running): (&[&ClassSize], Option<&GroupCard>),
) -> Result<GroupId> {
    let largest = &classes.iter().max_by_key(|class| class.staying).ok_or(Error::NotFound)?.base;
    let (teacher, venue) = match running {
        Some(running) => (running.teacher, running.venue.clone()),
        None => (largest.teacher, largest.venue.clone()),
    };
    let new = rows::merging::NewTemporary {
        id: tx.new_id(),
        slot: largest.slot.clone(),
        slot_name: largest.slot_name.clone(),
        name: name(on.day, classes),
        teacher,
        venue,
    };
    rows::merging::open(tx, on.term, &new)?;
    Ok(new.id)
}

/// 三(1)班＋三(2)班.
fn name(day: Date, classes: &[&ClassSize]) -> String {
    let grade = |class: &ClassSize| class.base.class.grade_on(day).unwrap_or(0);
    let names = classes.iter().map(|class| class_name(grade(class), class.class.no));
    names.collect::<Vec<_>>().join("＋")
}
