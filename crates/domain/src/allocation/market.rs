//! A market: what one school offers in a round, who applies, and what each child wishes, best first.

use std::mem;
use std::ops::Range;

use jiff::civil::Weekday;

use crate::people::Sex;
use crate::plan::Grades;

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

/// One title on one weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offering {
    /// What is offered; the same title on another day is another offering.
    pub title: u32,
    /// The day on which it meets.
    pub weekday: Weekday,
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
    /// Children who asked to be together have the same; 0 is nobody's.
    pub family: u32,
}

/// One line of a child's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The offering, by its place in the market's list.
    pub offering: u32,
    /// Its rank among the child's wishes for that weekday, from 1.
    pub rank: u16,
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

    /// The first wish for each weekday on which the applicant wishes something; they are the first of all.
    pub fn first_wishes_of(&self, applicant: usize) -> Range<usize> {
        let wishes = self.wishes_of(applicant);
        let first = self.wishes[wishes.clone()].iter().take_while(|wish| wish.rank == 1).count();
        wishes.start..wishes.start + first
    }

    /// What a wish is for.
    pub fn wished(&self, wish: usize) -> &Offering {
        &self.offerings[self.wishes[wish].offering as usize]
    }
}

/// Applications as they come in; closing them makes the market.
#[derive(Debug)]
pub struct Applications {
    market: Market,
    /// The wishes of the child whose application is open, by weekday.
    lists: [Vec<u32>; 7],
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
}

/// Two applications have the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberTwice(pub u64);

impl Applications {
    /// No application yet to these offerings.
    pub fn to(offerings: Vec<Offering>) -> Applications {
        let wished_by = vec![0; offerings.len()];
        let market = Market { offerings, applicants: Vec::new(), starts: vec![0], wishes: Vec::new() };
        Applications { market, lists: Default::default(), wished_by }
    }

    /// What is offered.
    pub fn offerings(&self) -> &[Offering] {
        &self.market.offerings
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

    /// No more applications. The order in which they came leaves no trace.
    pub fn close(mut self) -> Result<Market, NumberTwice> {
        self.end();
        let market = self.market;
        let rising = market.applicants.is_sorted_by(|one, next| one.number < next.number);
        if rising { Ok(market) } else { by_number(&market) }
    }

    /// Puts the lists of the weekdays into one strict order: by rank, then by weekday.
    fn end(&mut self) {
        if self.market.starts.len() > self.market.applicants.len() {
            return;
        }
        let longest = self.lists.iter().map(Vec::len).max().unwrap_or(0);
        for (at, rank) in (0..longest).zip(1..) {
            for offering in self.lists.iter().filter_map(|list| list.get(at)) {
                self.market.wishes.push(Wish { offering: *offering, rank });
            }
        }
        self.lists.iter_mut().for_each(Vec::clear);
        self.market.starts.push(compact(self.market.wishes.len()));
    }
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
