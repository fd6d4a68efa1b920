//! The pick-up list: delegates whom a guardian names, and people who must not collect.

use jiff::civil::Date;

use crate::ids::{DelegateId, GuardianId, RestrictionId};
use crate::people::cell::squeeze;
use crate::people::name::{is_same, reads_like_a_name};
use crate::typed::{LONGEST_NAME, LONGEST_RELATION, is_longer};

/// H1: the longest span of one delegation, in days; a school year.
pub const LONGEST_DELEGATION_DAYS: i32 = 366;

/// How many delegates a child may have at once, so that the list at the gate stays short.
pub const MOST_DELEGATES: usize = 8;

/// H1: an adult whom a guardian lets collect the child between two days (接送委托人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegate {
    /// Which delegation.
    pub id: DelegateId,
    /// The delegate's name.
    pub name: String,
    /// What they are to the child, in the guardian's words: 奶奶, 邻居.
    pub relation: String,
    /// The guardian who named them.
    pub named_by: GuardianId,
    /// The first day.
    pub from_on: Date,
    /// The last day.
    pub to_on: Date,
}

impl Delegate {
    /// Whether the delegation holds on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from_on <= day && day <= self.to_on
    }

    /// H1, H3: whether the delegate may be shown as one of the day's collectors: neither the delegate nor `giver`, the
    /// name of who named it, is barred from the child.
    pub fn collects_on(&self, day: Date, giver: &str, restrictions: &[Restriction]) -> bool {
        let bars = |restriction: &Restriction| {
            restriction.names(&self.name) || restriction.bars(self.named_by, giver)
        };
        let mut in_force = restrictions.iter().filter(|restriction| restriction.holds_on(day));
        self.holds_on(day) && !in_force.any(bars)
    }
}

/// H1: the delegations that the gate shows on a day: of several of one person only those that hold, where one does.
pub fn shown_on(delegates: &[Delegate], day: Date) -> impl Iterator<Item = &Delegate> {
    let holds =
        move |name: &str| delegates.iter().any(|other| other.holds_on(day) && is_same(&other.name, name));
    delegates.iter().filter(move |delegate| delegate.holds_on(day) || !holds(&delegate.name))
}

/// H3: someone who must not collect the child (不得接走), seen at the gate as "stop".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// Which restriction.
    pub id: RestrictionId,
    /// The person's name.
    pub name: String,
    /// The guardian that the person is, when they are one.
    pub guardian: Option<GuardianId>,
    /// The first day.
    pub from_on: Date,
    /// The last day; without one, until lifted.
    pub to_on: Option<Date>,
}

impl Restriction {
    /// Whether the restriction holds on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from_on <= day && self.to_on.is_none_or(|to_on| day <= to_on)
    }

    /// Whether it speaks of the person of this name, however it is written.
    pub fn names(&self, name: &str) -> bool {
        is_same(&self.name, name)
    }

    /// Whether it speaks of this guardian.
    pub fn is_of(&self, guardian: GuardianId) -> bool {
        self.guardian == Some(guardian)
    }

    /// H3: whether it bars the guardian of this name: it says so, or it names nobody of the roster and the name is the
    /// guardian's.
    pub fn bars(&self, guardian: GuardianId, name: &str) -> bool {
        self.is_of(guardian) || (self.guardian.is_none() && self.names(name))
    }
}

/// What a guardian asks for when naming a delegate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelegate {
    /// The delegate's name.
    pub name: String,
    /// What they are to the child.
    pub relation: String,
    /// The guardian who asks.
    pub named_by: GuardianId,
    /// The first day.
    pub from_on: Date,
    /// The last day.
    pub to_on: Date,
    /// Whether the guardian declares that the delegate is an adult with full legal capacity.
    pub declared_capable: bool,
}

/// Why a delegate cannot be named so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamingRefused {
    /// The name is missing.
    NoName,
    /// The name has digits or signs, so that nobody at the gate can ask for it.
    NoNameAtAll,
    /// What the delegate is to the child is missing.
    NoRelation,
    /// What the delegate is to the child has digits or signs.
    NoRelationAtAll,
    /// The name is longer than [`LONGEST_NAME`].
    NameTooLong,
    /// What the delegate is to the child is longer than [`LONGEST_RELATION`].
    RelationTooLong,
    /// The guardian did not declare full legal capacity (H1).
    NotCapable,
    /// The last day is before the first.
    EndsBeforeStart,
    /// The last day is past.
    Past,
    /// The first day is past: nobody collects afterwards.
    StartsInPast,
    /// The span is longer than [`LONGEST_DELEGATION_DAYS`].
    TooLong,
    /// The child has [`MOST_DELEGATES`] already.
    TooMany,
    /// The same person is named for some of these days.
    NamedAlready,
    /// The school must be asked: a restriction concerns this person or this guardian.
    AskSchool,
}

/// H1: whether a guardian may name this delegate, given those named and the restrictions in force: everything that is
/// wrong with the form, or else what stands against it.
pub fn name_delegate(
    new: &NewDelegate,
    named: &[Delegate],
    restrictions: &[Restriction],
    today: Date,
) -> Result<(), Vec<NamingRefused>> {
    let wrong =
        [person_wrong(&new.name, &new.relation), days_wrong((new.from_on, new.to_on), today)].concat();
    let undeclared = (!new.declared_capable).then_some(NamingRefused::NotCapable);
    let wrong: Vec<NamingRefused> = wrong.into_iter().chain(undeclared).collect();
    if wrong.is_empty() { free(new, named, restrictions, today).map_err(|why| vec![why]) } else { Err(wrong) }
}

/// Whether nothing that the school knows stands against a form that is whole.
fn free(
    new: &NewDelegate,
    named: &[Delegate],
    restrictions: &[Restriction],
    today: Date,
) -> Result<(), NamingRefused> {
    let mut in_force = restrictions.iter().filter(|restriction| restriction.holds_on(today));
    if in_force.any(|restriction| restriction.names(&new.name) || restriction.is_of(new.named_by)) {
        return Err(NamingRefused::AskSchool);
    }
    let current: Vec<&Delegate> = named.iter().filter(|delegate| today <= delegate.to_on).collect();
    let overlaps = |delegate: &&Delegate| delegate.from_on <= new.to_on && new.from_on <= delegate.to_on;
    if current.iter().any(|delegate| is_same(&delegate.name, &new.name) && overlaps(delegate)) {
        return Err(NamingRefused::NamedAlready);
    }
    if MOST_DELEGATES <= current.len() {
        return Err(NamingRefused::TooMany);
    }
    Ok(())
}

/// What is wrong with a delegate's name and relation, whatever the days.
pub fn person_wrong(name: &str, relation: &str) -> Vec<NamingRefused> {
    let text = |text: &str, most, missing, too_long| match text {
        text if squeeze(text).is_empty() => Some(missing),
        text if is_longer(text, most) => Some(too_long),
        _ => None,
    };
    let odd = |text: &str, refused| (!reads_like_a_name(text)).then_some(refused);
    let name_wrong = text(name, LONGEST_NAME, NamingRefused::NoName, NamingRefused::NameTooLong)
        .or_else(|| odd(name, NamingRefused::NoNameAtAll));
    let relation_wrong =
        text(relation, LONGEST_RELATION, NamingRefused::NoRelation, NamingRefused::RelationTooLong)
            .or_else(|| odd(relation, NamingRefused::NoRelationAtAll));
    name_wrong.into_iter().chain(relation_wrong).collect()
}

fn days_wrong((from_on, to_on): (Date, Date), today: Date) -> Vec<NamingRefused> {
    let wrong = if to_on < from_on {
        Some(NamingRefused::EndsBeforeStart)
    } else if to_on < today {
        Some(NamingRefused::Past)
    } else if from_on < today {
        Some(NamingRefused::StartsInPast)
    } else {
        (LONGEST_DELEGATION_DAYS < (to_on - from_on).get_days()).then_some(NamingRefused::TooLong)
    };
    wrong.into_iter().collect()
}
