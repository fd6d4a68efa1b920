//! The 40-rule: which home classes of a day or term sit together (E3, E5).
//!
//! A class of `keep` children or more stays by itself. Smaller ones of a grade are put together up to `cap`
//! children. A grade that has fewer than `keep` in all is one group and may join a group of the grade above or
//! below it, so that nobody sits across more than two grades. Two ways to count: [`literal`] does what the plan's
//! sentence says, step by step; [`exact`] finds the fewest groups that the same limits allow.

mod bins;
mod cut;
mod exact;
mod literal;
mod pack;
#[cfg(test)]
mod tests;

pub use exact::{Exact, exact};
pub use literal::literal;

use std::collections::BTreeMap;

pub use crate::plan::Counted;
use crate::plan::{GroupRule, Grouping};

/// A home class by its grade and its number in the grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassNo {
    /// The grade, 1 to 9.
    pub grade: u8,
    /// The number, as in 三(2)班.
    pub no: u32,
}

/// A home class with the children who stay on the day or in the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeClass {
    /// Which class.
    pub class: ClassNo,
    /// Its children who stay.
    pub applicants: u16,
    /// All children on its roll.
    pub roll: u16,
    /// The running group that its children sit in until now.
    pub running: Option<u32>,
}

/// Whether a home class may be divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Splitting {
    /// Its children stay together.
    Never,
    /// The small classes of a grade are cut into as few even groups as `cap` allows.
    Evenly,
}

/// The numbers and settings of the 40-rule (E3, E5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    keep: u16,
    cap: u16,
    counted: Counted,
    own_most: u16,
    splitting: Splitting,
}

/// Why no groups are formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// A class that may not stay by itself would be larger than a group may be: `keep` is above `cap` + 1.
    KeepAboveCap,
    /// A group may hold nobody.
    NoCap,
    /// A class is named twice.
    Twice(ClassNo),
    /// A grade has more classes than can be searched.
    TooMany(u8),
}

/// The most home classes of a grade, counted with the parts of divided ones, that groups are formed from.
pub const MOST_CLASSES: usize = 60;

impl Rule {
    /// The rule with these numbers: a class counts by its applicants, however large it is it stays whole, and no
    /// class is divided.
    pub const fn new(keep: u16, cap: u16) -> Result<Rule, Refused> {
        if cap == 0 {
            return Err(Refused::NoCap);
        }
        if cap < keep && 1 < keep - cap {
            return Err(Refused::KeepAboveCap);
        }
        let (counted, splitting) = (Counted::Staying, Splitting::Never);
        Ok(Rule { keep, cap, counted, own_most: u16::MAX, splitting })
    }

    /// The rule of a plan; nothing when the plan forms these groups in another way. A plan that gives no largest
    /// size means the smallest one of an own class.
    pub fn of(rule: &GroupRule) -> Option<Result<Rule, Refused>> {
        let keep = rule.min.filter(|_| rule.grouping == Grouping::MergeBelowMin)?;
        Some(Rule::new(keep, rule.max.unwrap_or(keep)).map(|found| found.counting(rule.counted)))
    }

    /// What is compared with `keep`.
    #[must_use]
    pub const fn counting(self, counted: Counted) -> Rule {
        Rule { counted, ..self }
    }

    /// A class that stays by itself is divided when it is larger than this.
    #[must_use]
    pub const fn dividing_above(self, own_most: u16) -> Rule {
        Rule { own_most, ..self }
    }

    /// Whether small classes may be divided; [`literal`] never does.
    #[must_use]
    pub const fn splitting(self, splitting: Splitting) -> Rule {
        Rule { splitting, ..self }
    }

    /// From how many children a class stays by itself.
    pub const fn keep(self) -> u16 {
        self.keep
    }

    /// The most children of a group of several classes.
    pub const fn cap(self) -> u16 {
        self.cap
    }

    /// What is compared with `keep`.
    pub const fn counted(self) -> Counted {
        self.counted
    }

    fn counts(self, class: &HomeClass) -> u16 {
        match self.counted {
            Counted::Staying => class.applicants,
            Counted::Roll => class.roll.max(class.applicants),
        }
    }
}

/// How a group came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A class that stays by itself, or a part of one that is too large.
    Own,
    /// Small classes of one grade, or a small class that found no company.
    Merged,
    /// Children of two neighbouring grades.
    Across,
}

/// The children of a class who sit in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The class.
    pub class: ClassNo,
    /// How many of it.
    pub children: u16,
}

/// A group that the rule forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formed {
    /// How it came to be.
    pub kind: Kind,
    /// Who sits in it, by class.
    pub parts: Vec<Part>,
}

/// The groups of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formation {
    /// The groups, each with one teacher (E6), in the order of their first class.
    pub groups: Vec<Formed>,
    /// How many groups of small classes there were if every grade kept to itself.
    pub within_grades: usize,
}

impl Formed {
    /// How many sit in it.
    pub fn children(&self) -> u32 {
        self.parts.iter().map(|part| u32::from(part.children)).sum()
    }

    fn of(kind: Kind, mut parts: Vec<Part>) -> Formed {
        parts.sort_unstable();
        let across = parts.first().map(|part| part.class.grade) != parts.last().map(|part| part.class.grade);
        Formed { kind: if across { Kind::Across } else { kind }, parts }
    }
}

impl Formation {
    /// How many groups came to be in this way.
    pub fn count(&self, kind: Kind) -> usize {
        self.groups.iter().filter(|group| group.kind == kind).count()
    }

    /// How many children sit in groups of this kind.
    pub fn children(&self, kind: Kind) -> u32 {
        self.groups.iter().filter(|group| group.kind == kind).map(Formed::children).sum()
    }

    fn of(mut groups: Vec<Formed>, within_grades: usize) -> Formation {
        groups.sort_unstable_by(|one, other| one.parts.cmp(&other.parts));
        Formation { groups, within_grades }
    }
}

/// The classes of a grade that somebody stays from, in order.
struct Grade {
    number: u8,
    /// Those that stay by themselves.
    own: Vec<HomeClass>,
    /// The others.
    small: Vec<HomeClass>,
    /// Whether the whole grade has fewer than `keep`, and so is one group.
    is_one: bool,
}

impl Grade {
    fn children(&self) -> u16 {
        self.small.iter().fold(0, |sum, class| sum + class.applicants)
    }

    /// The classes that stay by themselves, the too large ones divided evenly.
    fn own_parts(&self, rule: Rule) -> Vec<(Part, Option<u32>)> {
        let divide = |class: &HomeClass| {
            let whole = class.applicants <= rule.own_most;
            let pieces = if whole { 1 } else { class.applicants.div_ceil(rule.cap) };
            let class = *class;
            even(class.applicants, pieces)
                .map(move |children| (Part { class: class.class, children }, class.running))
        };
        self.own.iter().flat_map(divide).collect()
    }
}

/// So many in so many portions that differ by one at most.
fn even(all: u16, portions: u16) -> impl Iterator<Item = u16> {
    (0..portions).map(move |at| all / portions + u16::from(at < all % portions))
}

/// The school by grades, lowest first. Classes nobody stays from have no part in it.
fn by_grade(classes: &[HomeClass], rule: Rule) -> Result<Vec<Grade>, Refused> {
    let mut sorted: Vec<&HomeClass> = classes.iter().collect();
    sorted.sort_unstable_by_key(|class| class.class);
    if let Some(twice) = sorted.windows(2).find(|pair| pair[0].class == pair[1].class) {
        return Err(Refused::Twice(twice[0].class));
    }
    let mut grades: BTreeMap<u8, Vec<HomeClass>> = BTreeMap::new();
    for class in sorted.into_iter().filter(|class| 0 < class.applicants) {
        grades.entry(class.class.grade).or_default().push(*class);
    }
    grades.into_iter().map(|(grade, classes)| grade_of(grade, &classes, rule)).collect()
}

fn grade_of(grade: u8, classes: &[HomeClass], rule: Rule) -> Result<Grade, Refused> {
    let all: u32 = classes.iter().map(|class| u32::from(rule.counts(class))).sum();
    let (own, small) = classes.iter().partition(|class| rule.keep <= rule.counts(class));
    let found = Grade { number: grade, own, small, is_one: all < u32::from(rule.keep) };
    let too_many = MOST_CLASSES < found.small.len() + found.own_parts(rule).len();
    if too_many { Err(Refused::TooMany(grade)) } else { Ok(found) }
}
