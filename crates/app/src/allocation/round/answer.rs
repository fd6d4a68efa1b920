//! Why a child's wishes ended as they did, as it is kept for the family's page.

use kehou_domain::allocation::{Cutoff, Differs, Explained, Place, Reason, Unfit, Used};
use serde::{Deserialize, Serialize};

/// One wish, answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The offering's place in the round's list.
    pub place: u32,
    /// How it ended.
    pub reason: AnswerReason,
    /// The child's tier and ticket for that day; for the family alone.
    pub own: AnswerPlace,
    /// Whom the offering takes.
    pub cutoff: AnswerCutoff,
    /// Where all seats went to others: how many children come first.
    pub ahead: u32,
    /// What would have had to differ.
    pub change: Change,
}

/// A place before an offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerPlace {
    /// 0 for a priority group, 1 for others.
    pub tier: u8,
    /// The draw: lower comes first.
    pub ticket: u64,
    /// Whether the child goes on with what it has been in.
    #[serde(default)]
    pub goes_on: bool,
}

/// How a wish ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerReason {
    /// The child has it.
    Got,
    /// It is for other grades.
    Grade,
    /// It is for the other sex.
    Sex,
    /// A better wish has the day: the offering of this place.
    DayUsed(u32),
    /// A better wish is of the same title.
    TitleUsed(u32),
    /// What meets on more days and is given before has the day: the offering of this place.
    MoreDaysUsed(u32),
    /// The child has the offering of this place, which the school declared to be apart from this one.
    ApartFrom(u32),
    /// The child has it beside a sibling, for what it drew.
    BesideSibling,
    /// The child drew it, and gave it up for a place beside a sibling.
    LeftForSibling,
    /// The week is full.
    WeekFull,
    /// It does not open.
    Closed,
    /// All seats went to children who come first.
    Full,
    /// A rule of the round passed the child over although a seat could have been given.
    PassedOver,
}

/// Whom an offering takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerCutoff {
    /// Seats are free.
    Free,
    /// Whoever comes no later than this place.
    Last(AnswerPlace),
    /// Some seats were kept for some children first: whoever comes no later than the last in the other seats, where
    /// there are others, or is one of those for whom seats were kept.
    Kept(Option<AnswerPlace>),
    /// It has no seats.
    NoSeats,
    /// It does not open.
    Closed,
}

/// What would have had to differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing: the child has it.
    Nothing,
    /// Grade or sex.
    Child,
    /// The order of the own wishes alone.
    Order,
    /// The order, and an earlier place besides.
    OrderAndPlace,
    /// The order, and more children.
    OrderAndChildren,
    /// Not to name what meets on more days.
    Unnamed,
    /// The same, and an earlier place besides.
    UnnamedAndPlace,
    /// The same, and more children.
    UnnamedAndChildren,
    /// So many more children.
    Children(u32),
    /// A ticket no higher than this.
    Ticket(u64),
    /// So many more seats.
    Seats(u32),
    /// The rules of the round.
    Rules,
}

impl Answer {
    pub(super) fn of(explained: &Explained) -> Answer {
        Answer {
            place: explained.offering,
            reason: AnswerReason::of(explained.reason),
            own: AnswerPlace::of(explained.place),
            cutoff: AnswerCutoff::of(explained.cutoff),
            ahead: explained.ahead,
            change: Change::of(explained),
        }
    }
}

impl AnswerPlace {
    const fn of(place: Place) -> AnswerPlace {
        AnswerPlace { tier: place.tier, ticket: place.ticket, goes_on: !place.is_new }
    }

    fn written(self) -> String {
        let goes_on = if self.goes_on { "+" } else { "" };
        format!("{}{goes_on}:{:016x}", self.tier, self.ticket)
    }

    fn read(text: &str) -> Option<AnswerPlace> {
        let (tier, ticket) = text.split_once(':')?;
        let (tier, goes_on) = tier.strip_suffix('+').map_or((tier, false), |tier| (tier, true));
        let ticket = u64::from_str_radix(ticket, 16).ok()?;
        Some(AnswerPlace { tier: tier.parse().ok()?, ticket, goes_on })
    }
}

impl AnswerReason {
    const fn of(reason: Reason) -> AnswerReason {
        match reason {
            Reason::Got => AnswerReason::Got,
            Reason::NotEligible(Unfit::Grade) => AnswerReason::Grade,
            Reason::NotEligible(Unfit::Sex) => AnswerReason::Sex,
            Reason::NotNeeded(Used::Day(by)) => AnswerReason::DayUsed(by),
            Reason::NotNeeded(Used::Title(by)) => AnswerReason::TitleUsed(by),
            Reason::NotNeeded(Used::MoreDays(by)) => AnswerReason::MoreDaysUsed(by),
            Reason::NotNeeded(Used::Apart(by)) => AnswerReason::ApartFrom(by),
            Reason::NotNeeded(Used::Limit) => AnswerReason::WeekFull,
            Reason::Closed => AnswerReason::Closed,
            Reason::Full => AnswerReason::Full,
            Reason::Unsettled => AnswerReason::PassedOver,
        }
    }
}

impl AnswerCutoff {
    pub(super) fn of(cutoff: Cutoff) -> AnswerCutoff {
        match cutoff {
            Cutoff::Free => AnswerCutoff::Free,
            Cutoff::Last(place) => AnswerCutoff::Last(AnswerPlace::of(place)),
            Cutoff::Parted(lasts) => AnswerCutoff::Kept(lasts.others.map(AnswerPlace::of)),
            Cutoff::NoSeats => AnswerCutoff::NoSeats,
            Cutoff::Closed => AnswerCutoff::Closed,
        }
    }

    pub(super) fn written(self) -> String {
        match self {
            AnswerCutoff::Free => "free".to_owned(),
            AnswerCutoff::Last(place) => place.written(),
            AnswerCutoff::Kept(None) => "kept".to_owned(),
            AnswerCutoff::Kept(Some(place)) => format!("kept {}", place.written()),
            AnswerCutoff::NoSeats => "none".to_owned(),
            AnswerCutoff::Closed => "closed".to_owned(),
        }
    }

    pub(super) fn read(text: &str) -> Option<AnswerCutoff> {
        match text {
            "free" => Some(AnswerCutoff::Free),
            "none" => Some(AnswerCutoff::NoSeats),
            "closed" => Some(AnswerCutoff::Closed),
            "kept" => Some(AnswerCutoff::Kept(None)),
            _ => match text.strip_prefix("kept ") {
                Some(place) => AnswerPlace::read(place).map(|place| AnswerCutoff::Kept(Some(place))),
                None => AnswerPlace::read(text).map(AnswerCutoff::Last),
            },
        }
    }
}

impl Change {
    const fn of(explained: &Explained) -> Change {
        let is_before = matches!(explained.reason, Reason::NotNeeded(Used::MoreDays(_)));
        match explained.differs {
            Differs::Nothing => Change::Nothing,
            Differs::Order if is_before => Change::Unnamed,
            Differs::OrderAndPlace if is_before => Change::UnnamedAndPlace,
            Differs::OrderAndChildren if is_before => Change::UnnamedAndChildren,
            Differs::Fit(_) => Change::Child,
            Differs::Order => Change::Order,
            Differs::OrderAndPlace => Change::OrderAndPlace,
            Differs::OrderAndChildren => Change::OrderAndChildren,
            Differs::Children(more) => Change::Children(more),
            Differs::Ticket(most) => Change::Ticket(most),
            Differs::Seats(more) => Change::Seats(more),
            Differs::TitleRule | Differs::WeekRules => Change::Rules,
        }
    }
}
