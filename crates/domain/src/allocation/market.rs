//! A market: what one school offers in a round, who applies, and what each child wishes, best first.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;
use std::{iter, mem};

use jiff::civil::Weekday;

use super::reserve::{Channel, Reserve};
use crate::people::Sex;
use crate::plan::{Grades, Weekdays};

/// What kind of group an offering is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 社团.
    Club,
    /// 走班.
    MovingClass,
    /// 混编班.
    Mixed,
}

impl Kind {
    /// The most children in one group of this kind (E3, E4).
    pub const fn most(self) -> u16 {
        match self {
            Kind::Club => 20,
            Kind::MovingClass => 30,
            Kind::Mixed => 40,
        }
    }
}

/// One title on one weekday, or on several that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offering {
    /// What is offered; the same title on another day is another offering.
    pub title: u32,
    /// The day on which it meets, the first where it meets on several: the one of its list and its ticket.
    pub weekday: Weekday,
    /// The other days on which it meets, later in the week; a child has all of them or none.
    pub also_on: Weekdays,
    /// What kind of group it is.
    pub kind: Kind,
    /// The most children.
    pub capacity: u16,
    /// The fewest children with whom it opens.
    pub minimum: u16,
    /// The grades that may come.
    pub grades: Grades,
    /// The only sex that may come, if the school says so.
    pub sex: Option<Sex>,
    /// Seats that are kept for some first.
    pub reserve: Reserve,
}

/// Why an offering is not for a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The child's grade is not among those of the offering.
    Grade,
    /// It is for the other sex.
    Sex,
}

impl Offering {
    /// On how many days it meets.
    pub fn days(&self) -> usize {
        1 + self.also_on.count()
    }

    /// The days on which it meets, by their places in the week.
    pub(super) fn on_days(&self) -> impl Iterator<Item = usize> {
        iter::once(day(self.weekday)).chain(self.also_on.iter().map(|number| usize::from(number) - 1))
    }

    /// Whether the offering is for this child.
    pub fn fits(&self, applicant: &Applicant) -> Result<(), Unfit> {
        if !self.grades.has(applicant.grade) {
            return Err(Unfit::Grade);
        }
        match self.sex {
            Some(sex) if sex != applicant.sex => Err(Unfit::Sex),
            Some(_) | None => Ok(()),
        }
    }
}

/// A child who applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applicant {
    /// The random number of the receipt; never the student's id.
    pub number: u64,
    /// 1 to 9.
    pub grade: u8,
    /// As the roster says it.
    pub sex: Sex,
    /// 0 for a child of a priority group (B4), 1 for others. Which group it is, the draw need not know.
    pub tier: u8,
    /// The most offerings a week.
    pub weekly_limit: u8,
    /// Children of one family have the same; 0 is nobody's.
    pub family: u64,
    /// By whom the wishes were written.
    pub channel: Channel,
}

/// One line of a child's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The offering, by its place in the market's list.
    pub offering: u32,
    /// Its rank among the child's wishes for that weekday, from 1.
    pub rank: u16,
    /// Whether the child goes on with what it has been in, and comes first for it within its tier.
    pub continues: bool,
}

/// Applicants and their wishes in one strict order each, without an allocation for every child: the wishes of all
/// children lie in one list. Applicants stand in the order of their numbers, whatever the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    offerings: Vec<Offering>,
    applicants: Vec<Applicant>,
    /// Where each child's wishes begin; one more than there are applicants.
    starts: Vec<u32>,
    wishes: Vec<Wish>,
    /// For each offering those which no child may have besides, in order; nothing at all when there are none.
    apart: Vec<Vec<u32>>,
    /// The most days on which an offering meets.
    most_days: usize,
    /// Whether every child's list is ordered by rank.
    is_by_rank: bool,
    /// The numbers of those who give up what they have for a place beside a sibling.
    beside: BTreeSet<u64>,
}

impl Market {
    /// What is offered.
    pub fn offerings(&self) -> &[Offering] {
        &self.offerings
    }

    /// Who applies, by number.
    pub fn applicants(&self) -> &[Applicant] {
        &self.applicants
    }

    /// Every wish: first those of the first applicant, best first, then those of the next.
    pub fn wishes(&self) -> &[Wish] {
        &self.wishes
    }

    /// Which of [`Market::wishes`] are this applicant's.
    pub fn wishes_of(&self, applicant: usize) -> Range<usize> {
        self.starts[applicant] as usize..self.starts[applicant + 1] as usize
    }

    /// The first wish for each weekday on which the applicant wishes something; in a list by rank they are the first
    /// of all.
    pub fn first_wishes_of(&self, applicant: usize) -> impl Iterator<Item = usize> {
        let is_first = |wish: usize| self.wishes[wish].rank == 1;
        let mut wishes = self.wishes_of(applicant);
        if self.is_by_rank {
            wishes.end = wishes.clone().find(|wish| !is_first(*wish)).unwrap_or(wishes.end);
        }
        wishes.filter(move |wish| is_first(*wish))
    }

    /// What a wish is for.
    pub fn wished(&self, wish: usize) -> &Offering {
        &self.offerings[self.wishes[wish].offering as usize]
    }

    /// The number of days of what is given in each stage: what meets on more days comes before the rest.
    pub(super) fn stages(&self) -> impl Iterator<Item = usize> {
        let is_there = |days: &usize| *days == 1 || self.offerings.iter().any(|one| one.days() == *days);
        (1..=self.most_days).rev().filter(is_there)
    }

    /// Whether something meets on several days.
    pub fn has_several_days(&self) -> bool {
        1 < self.most_days
    }

    /// Whether some offerings are declared to be apart.
    pub fn has_apart(&self) -> bool {
        !self.apart.is_empty()
    }

    /// Whether the child gives up what it has for a place beside a sibling.
    pub(super) fn is_beside(&self, applicant: usize) -> bool {
        self.beside.contains(&self.applicants[applicant].number)
    }

    /// Whether no child may have both.
    pub(super) fn are_apart(&self, one: u32, other: u32) -> bool {
        self.apart.get(one as usize).is_some_and(|others| others.binary_search(&other).is_ok())
    }
}

/// Applications as they come in; closing them makes the market.
#[derive(Debug)]
pub struct Applications {
    market: Market,
    /// The wishes of the child whose application is open, by weekday.
    lists: [Vec<u32>; 7],
    /// Its own order of the week: the next wish of which day comes next.
    order: Vec<Weekday>,
    /// What it goes on with.
    kept: Vec<u32>,
    /// For each offering the last applicant who wished for it, counted from 1.
    wished_by: Vec<u32>,
}

/// Why a wish is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishRefused {
    /// Nothing of this number is offered.
    Unknown,
    /// It meets on another day.
    MeetsOn(Weekday),
    /// The child has named it already.
    Twice,
    /// The child goes on with something that it does not wish.
    NotWished,
}

/// Two applications have the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberTwice(pub u64);

impl Applications {
    /// No application yet to these offerings.
    pub fn to(offerings: Vec<Offering>) -> Applications {
        let wished_by = vec![0; offerings.len()];
        let most_days = offerings.iter().map(Offering::days).max().unwrap_or(1);
        let market = Market {
            offerings,
            applicants: Vec::new(),
            starts: vec![0],
            wishes: Vec::new(),
            apart: Vec::new(),
            most_days,
            is_by_rank: most_days == 1,
            beside: BTreeSet::new(),
        };
        Applications { market, lists: Default::default(), order: Vec::new(), kept: Vec::new(), wished_by }
    }

    /// What is offered.
    pub fn offerings(&self) -> &[Offering] {
        &self.market.offerings
    }

    /// No child may have both.
    pub fn keep_apart(&mut self, one: u32, other: u32) -> Result<(), WishRefused> {
        let offered = self.market.offerings.len();
        if offered <= one as usize || offered <= other as usize || one == other {
            return Err(WishRefused::Unknown);
        }
        self.market.apart.resize(offered, Vec::new());
        for (of, added) in [(one, other), (other, one)] {
            let others = &mut self.market.apart[of as usize];
            if let Err(at) = others.binary_search(&added) {
                others.insert(at, added);
            }
        }
        Ok(())
    }

    /// The next child applies; the wishes that follow are this one's.
    pub fn begin(&mut self, applicant: Applicant) {
        self.end();
        self.market.applicants.push(applicant);
    }

    /// The child's next wish for a weekday.
    pub fn wish(&mut self, weekday: Weekday, offering: u32) -> Result<(), WishRefused> {
        let wished = self.market.offerings.get(offering as usize).ok_or(WishRefused::Unknown)?;
        if wished.weekday != weekday {
            return Err(WishRefused::MeetsOn(wished.weekday));
        }
        let applicant = compact(self.market.applicants.len());
        if mem::replace(&mut self.wished_by[offering as usize], applicant) == applicant {
            return Err(WishRefused::Twice);
        }
        self.lists[day(weekday)].push(offering);
        Ok(())
    }

    /// The child's wishes were written by the school.
    pub fn by_office(&mut self) {
        if let Some(applicant) = self.market.applicants.last_mut() {
            applicant.channel = Channel::Office;
        }
    }

    /// The child gives up what it has for a place beside a sibling.
    pub fn beside_sibling(&mut self) {
        self.market.beside.extend(self.market.applicants.last().map(|applicant| applicant.number));
    }

    /// The child goes on with what it wishes here.
    pub fn go_on(&mut self, offering: u32) -> Result<(), WishRefused> {
        let is_wished = self.lists.iter().any(|list| list.contains(&offering));
        if !is_wished {
            return Err(WishRefused::NotWished);
        }
        self.kept.push(offering);
        Ok(())
    }

    /// The child's own order of the week: each entry is the next wish of that day. Wishes beyond it follow by rank, then
    /// by weekday.
    pub fn order(&mut self, order: &[Weekday]) {
        self.order = order.to_vec();
        self.market.is_by_rank &= order.is_empty();
    }

    /// No more applications. The order in which they came leaves no trace.
    pub fn close(mut self) -> Result<Market, NumberTwice> {
        self.end();
        let market = self.market;
        let rising = market.applicants.is_sorted_by(|one, next| one.number < next.number);
        if rising { Ok(market) } else { by_number(&market) }
    }

    /// Puts the lists of the weekdays into one strict order: what meets on more days first; then the child's own order,
    /// or by rank and by weekday.
    fn end(&mut self) {
        if self.market.starts.len() > self.market.applicants.len() {
            return;
        }
        let begins = self.market.wishes.len();
        let longest = self.lists.iter().map(Vec::len).max().unwrap_or(0);
        for (at, rank) in (0..longest).zip(1..) {
            for offering in self.lists.iter().filter_map(|list| list.get(at)) {
                self.market.wishes.push(Wish { offering: *offering, rank, continues: false });
            }
        }
        self.arrange(begins);
        self.lists.iter_mut().for_each(Vec::clear);
        self.market.starts.push(compact(self.market.wishes.len()));
    }

    /// What a plain list does not have: an order of its own, offerings of several days, and what the child goes on with.
    fn arrange(&mut self, begins: usize) {
        let (wishes, offerings) = (&mut self.market.wishes[begins..], &self.market.offerings);
        if !self.order.is_empty() {
            let order = &self.order;
            wishes.sort_by_key(|wish| turn(order, offerings[wish.offering as usize].weekday, wish.rank));
        }
        if 1 < self.market.most_days {
            wishes.sort_by_key(|wish| Reverse(offerings[wish.offering as usize].days()));
        }
        for wish in wishes.iter_mut().filter(|wish| self.kept.contains(&wish.offering)) {
            wish.continues = true;
        }
        self.order.clear();
        self.kept.clear();
    }
}

/// When the wish of this rank has its turn in an order of the week; those that are not in it come last.
fn turn(order: &[Weekday], weekday: Weekday, rank: u16) -> usize {
    let turns = order.iter().enumerate().filter(|(_, day)| **day == weekday);
    turns.map(|(at, _)| at).nth(usize::from(rank) - 1).unwrap_or(usize::MAX)
}

fn by_number(market: &Market) -> Result<Market, NumberTwice> {
    let mut order: Vec<usize> = (0..market.applicants.len()).collect();
    order.sort_by_key(|at| market.applicants[*at].number);
    let twice = order.windows(2).find(|pair| {
        let [one, next] = [pair[0], pair[1]].map(|at| market.applicants[at].number);
        one == next
    });
    if let Some(pair) = twice {
        return Err(NumberTwice(market.applicants[pair[0]].number));
    }
    let mut sorted = Market {
        offerings: market.offerings.clone(),
        applicants: order.iter().map(|at| market.applicants[*at]).collect(),
        starts: vec![0],
        wishes: Vec::with_capacity(market.wishes.len()),
        apart: market.apart.clone(),
        most_days: market.most_days,
        is_by_rank: market.is_by_rank,
        beside: market.beside.clone(),
    };
    for at in order {
        sorted.wishes.extend_from_slice(&market.wishes[market.wishes_of(at)]);
        sorted.starts.push(compact(sorted.wishes.len()));
    }
    Ok(sorted)
}

/// A weekday's place in the week, Monday first.
pub(super) fn day(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).expect("a weekday is counted from 0")
}

/// A count of one market, in four bytes.
pub(super) fn compact(count: usize) -> u32 {
    u32::try_from(count).expect("a market has fewer than four billion wishes")
}
