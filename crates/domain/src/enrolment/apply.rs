//! Applying: who may join (B1), with which choices, when, and after what (M1, consent).

use jiff::civil::{Date, Weekday};

use super::consent::Purpose;

/// One slot on one weekday.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// The slot's id in the plan.
    pub slot: String,
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i8,
}

impl Choice {
    /// The choice of this slot on this weekday.
    pub fn new(slot: impl Into<String>, weekday: Weekday) -> Choice {
        Choice { slot: slot.into(), weekday: weekday.to_monday_one_offset() }
    }
}

/// Why a family needs the service (B3), as the family says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// 接送困难: nobody can collect on time.
    Pickup,
    /// 无人照看: nobody is at home.
    NobodyHome,
    /// 需要辅导: the family can't help with lessons.
    Help,
    /// 其他: said in the remark.
    Other,
}

impl Need {
    /// Every need, in the order of the form.
    pub const ALL: [Need; 4] = [Need::Pickup, Need::NobodyHome, Need::Help, Need::Other];

    /// The need's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Need::Pickup => "pickup",
            Need::NobodyHome => "nobody_home",
            Need::Help => "help",
            Need::Other => "other",
        }
    }

    /// The need of this word.
    pub fn parse(word: &str) -> Option<Need> {
        Need::ALL.into_iter().find(|need| need.word() == word)
    }
}

/// The days of a sign-up, both inclusive; no last day where the plan takes children at any time (S0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub opens_on: Date,
    /// Last day, or none for an open sign-up.
    pub closes_on: Option<Date>,
}

/// What is known of the child and the family on the day they apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Whether the child is on this school's roll today (B1).
    pub on_roll: bool,
    /// Whether the plan serves the child's grade (B1).
    pub grade_served: bool,
    /// The slots and weekdays that the plan allows this child.
    pub allowed: Vec<Choice>,
    /// Whether an application of this term already runs.
    pub applied: bool,
    /// The first required purpose that lacks consent.
    pub consent_missing: Option<Purpose>,
}

/// What the school has done before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The sign-up's days.
    pub window: Window,
    /// Whether the letter with every item of M1 is published.
    pub letter_published: bool,
    /// Whether this guardian has opened it.
    pub letter_read: bool,
    /// Whether the plan checks need (B3).
    pub need_checked: bool,
}

/// What the family asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Slots on weekdays.
    pub choices: Vec<Choice>,
    /// Why, where the plan asks.
    pub need: Option<Need>,
}

/// Why a family cannot apply. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotApply {
    /// M1: the school has not published its letter yet.
    LetterNotPublished,
    /// M1: this guardian has not opened the letter yet.
    LetterNotRead,
    /// Sign-up begins later.
    NotOpenYet {
        /// First day.
        opens_on: Date,
    },
    /// Sign-up is over.
    Closed {
        /// Last day.
        closes_on: Date,
    },
    /// B1: the child is not on this school's roll.
    NotOnRoll,
    /// B1: the plan does not serve the child's grade.
    GradeNotServed,
    /// An application of this term already runs.
    AlreadyApplied,
    /// A purpose that the service can't do without lacks consent.
    ConsentMissing(Purpose),
    /// No slot was chosen.
    NothingChosen,
    /// The plan does not offer this to the child.
    NotOffered(Choice),
    /// B3: the plan asks why, and nothing was said.
    NeedMissing,
}

/// Whether the family may apply with this wish today (B1, B3, M1): what hinders it, or everything that the wish lacks.
pub fn apply(opening: &Opening, child: &Child, wish: &Wish, today: Date) -> Result<(), Vec<CannotApply>> {
    open_to(opening, child, today).map_err(|why| vec![why])?;
    let lacks = lacks(child, wish, opening.need_checked);
    if lacks.is_empty() { Ok(()) } else { Err(lacks) }
}

/// Whether the child can be signed up at all today, whatever the family wishes (B1, M1).
pub fn open_to(opening: &Opening, child: &Child, today: Date) -> Result<(), CannotApply> {
    window_open(&opening.window, today)?;
    if !opening.letter_published {
        return Err(CannotApply::LetterNotPublished);
    }
    if !opening.letter_read {
        return Err(CannotApply::LetterNotRead);
    }
    eligible(child)?;
    if child.applied {
        return Err(CannotApply::AlreadyApplied);
    }
    child.consent_missing.map_or(Ok(()), |purpose| Err(CannotApply::ConsentMissing(purpose)))
}

/// Everything that a wish lacks, in the order of the form (B3).
pub fn lacks(child: &Child, wish: &Wish, need_checked: bool) -> Vec<CannotApply> {
    let choice = choices_allowed(child, wish).err();
    let need = (need_checked && wish.need.is_none()).then_some(CannotApply::NeedMissing);
    choice.into_iter().chain(need).collect()
}

fn window_open(window: &Window, today: Date) -> Result<(), CannotApply> {
    if today < window.opens_on {
        return Err(CannotApply::NotOpenYet { opens_on: window.opens_on });
    }
    match window.closes_on {
        Some(closes_on) if closes_on < today => Err(CannotApply::Closed { closes_on }),
        Some(_) | None => Ok(()),
    }
}

/// Whether the child is one whom the plan serves (B1).
pub fn eligible(child: &Child) -> Result<(), CannotApply> {
    if !child.on_roll {
        return Err(CannotApply::NotOnRoll);
    }
    if !child.grade_served {
        return Err(CannotApply::GradeNotServed);
    }
    Ok(())
}

fn choices_allowed(child: &Child, wish: &Wish) -> Result<(), CannotApply> {
    if wish.choices.is_empty() {
        return Err(CannotApply::NothingChosen);
    }
    match wish.choices.iter().find(|choice| !child.allowed.contains(choice)) {
        Some(choice) => Err(CannotApply::NotOffered(choice.clone())),
        None => Ok(()),
    }
}
