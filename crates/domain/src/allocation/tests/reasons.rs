//! Every stated reason, checked again from who has what, by other code than that which stated it.

use jiff::civil::Weekday;
use rstest::rstest;

use super::small::{Draft, lots, seats};
use crate::allocation::{
    Allocation, Applicant, Applications, Closing, Cutoff, Differs, Explained, Kind, Lots, Market,
    NumberTwice, Offering, Place, Reason, Reasons, Rules, Scheme, Seed, Titles, Unfit, Used, WishRefused,
    allocate, o1,
};
use crate::people::Sex;
use crate::plan::Grades;

/// Who has what, and everybody's places, to check one market's reasons by.
struct Facts<'a> {
    draft: &'a Draft,
    market: &'a Market,
    lots: &'a Lots,
    seats: Vec<(u64, u32)>,
    allocation: &'a Allocation,
    titles: Titles,
}

impl Facts<'_> {
    fn place(&self, number: u64, offering: u32) -> Place {
        let mut applicants = self.market.applicants().iter();
        let at = applicants.position(|applicant| applicant.number == number).unwrap();
        self.lots.place(self.market, at, self.draft.offerings[offering as usize].weekday)
    }

    /// The places of those who have a seat.
    fn inside(&self, offering: u32) -> Vec<Place> {
        let there = self.seats.iter().filter(|(_, has)| *has == offering);
        there.map(|(number, _)| self.place(*number, offering)).collect()
    }

    /// What the child has of the wishes before this one.
    fn better(&self, at: usize, wish: usize) -> Vec<u32> {
        let number = self.market.applicants()[at].number;
        let before = self.market.wishes_of(at).filter(|before| *before < wish);
        let before = before.map(|before| self.market.wishes()[before].offering);
        before.filter(|offering| self.seats.contains(&(number, *offering))).collect()
    }

    fn is_closed(&self, offering: u32) -> bool {
        self.allocation.closed().iter().any(|closed| closed.offering == offering)
    }

    /// Whether the child would take the offering besides the better ones that it has.
    fn has_room(&self, at: usize, explained: &Explained) -> bool {
        let what = self.draft.offerings[explained.offering as usize];
        let better = self.better(at, explained.wish);
        let others = better.iter().map(|offering| self.draft.offerings[*offering as usize]);
        let clashes = others.clone().any(|other| {
            other.weekday == what.weekday || (self.titles == Titles::Once && other.title == what.title)
        });
        !clashes && better.len() < usize::from(self.market.applicants()[at].weekly_limit)
    }

    #[track_caller]
    fn check(&self, at: usize, explained: &Explained) {
        let child = self.market.applicants()[at];
        let what = self.draft.offerings[explained.offering as usize];
        let has = self.seats.contains(&(child.number, explained.offering));
        assert_eq!(explained.place, self.place(child.number, explained.offering));
        assert_eq!(explained.reason == Reason::Got, has);
        match explained.reason {
            Reason::Got => {}
            Reason::NotEligible(Unfit::Grade) => assert!(!what.grades.has(child.grade)),
            Reason::NotEligible(Unfit::Sex) => assert!(what.sex.is_some_and(|sex| sex != child.sex)),
            Reason::NotNeeded(used) => self.check_used(at, explained, used),
            Reason::Closed => assert!(self.has_room(at, explained) && self.is_closed(explained.offering)),
            Reason::Full => self.check_full(at, explained),
            Reason::Unsettled => {
                let inside = self.inside(explained.offering);
                let is_full = inside.len() == usize::from(what.capacity);
                assert!(self.titles == Titles::Once && self.has_room(at, explained));
                assert!(!is_full || inside.iter().any(|place| explained.place < *place));
            }
        }
    }

    fn check_used(&self, at: usize, explained: &Explained, used: Used) {
        let better = self.better(at, explained.wish);
        let what = self.draft.offerings[explained.offering as usize];
        match used {
            Used::Day(by) => {
                let other = self.draft.offerings[by as usize];
                assert!(better.contains(&by) && other.weekday == what.weekday);
            }
            Used::Title(by) => {
                let other = self.draft.offerings[by as usize];
                assert!(better.contains(&by) && other.title == what.title && self.titles == Titles::Once);
            }
            Used::Limit => {
                assert_eq!(better.len(), usize::from(self.market.applicants()[at].weekly_limit));
            }
        }
    }

    fn check_full(&self, at: usize, explained: &Explained) {
        let what = self.draft.offerings[explained.offering as usize];
        let inside = self.inside(explained.offering);
        assert!(self.has_room(at, explained) && !self.is_closed(explained.offering));
        assert_eq!(inside.len(), usize::from(what.capacity));
        assert!(inside.iter().all(|place| *place < explained.place));
        let last = inside.iter().max().copied();
        assert_eq!(explained.cutoff, last.map_or(Cutoff::NoSeats, Cutoff::Last));
        assert!(u32::from(what.capacity) <= explained.ahead);
        let short = explained.ahead + 1 - u32::from(what.capacity);
        let expected = match last {
            Some(last) if last.tier == explained.place.tier => Differs::Ticket(last.ticket),
            Some(_) | None => Differs::Seats(short),
        };
        assert_eq!(explained.differs, expected);
    }
}

#[test]
fn every_reason_holds() {
    let mut kinds = [0; 7];
    for number in 0..1_000 {
        for titles in [Titles::Once, Titles::Repeat] {
            let draft = Draft::random(number);
            let market = draft.market();
            let lots = lots(&market, number);
            let rules = Rules { titles, closing: Closing::Reopening };
            let allocation = allocate(&market, &lots, rules);
            let seats = seats(&market, &allocation);
            let facts =
                Facts { draft: &draft, market: &market, lots: &lots, seats, allocation: &allocation, titles };
            let reasons = Reasons::of(&market, &lots, titles, &allocation);
            let mut wanting = vec![0; draft.offerings.len()];
            for at in 0..market.applicants().len() {
                let mut told = market.wishes_of(at);
                reasons.tell(at, |explained| {
                    assert_eq!(told.next(), Some(explained.wish));
                    facts.check(at, &explained);
                    wanting[explained.offering as usize] += u32::from(explained.reason == Reason::Closed);
                    kinds[kind(explained.reason)] += 1;
                });
                assert_eq!(told.next(), None);
            }
            for closed in allocation.closed() {
                assert_eq!(closed.children, wanting[closed.offering as usize]);
            }
        }
    }
    assert!(kinds.iter().all(|count| 0 < *count), "not every reason was given: {kinds:?}");
}

fn kind(reason: Reason) -> usize {
    match reason {
        Reason::Got => 0,
        Reason::NotEligible(_) => 1,
        Reason::NotNeeded(Used::Title(_)) => 2,
        Reason::NotNeeded(Used::Day(_) | Used::Limit) => 3,
        Reason::Closed => 4,
        Reason::Full => 5,
        Reason::Unsettled => 6,
    }
}

fn club(title: u32, weekday: Weekday, capacity: u16, minimum: u16) -> Offering {
    let grades = Grades::of(1..=6);
    Offering { title, weekday, kind: Kind::Club, capacity, minimum, grades, sex: None }
}

fn child(number: u64, tier: u8, weekly_limit: u8) -> Applicant {
    Applicant { number, grade: 3, sex: Sex::Female, tier, weekly_limit, family: 0 }
}

/// Chess on Monday has one seat, chess on Tuesday two, painting on Tuesday needs three children. A child of a
/// priority group and two others.
fn three_children() -> Market {
    let offerings = vec![
        club(1, Weekday::Monday, 1, 1),
        club(1, Weekday::Tuesday, 2, 1),
        club(2, Weekday::Tuesday, 20, 3),
    ];
    let mut applications = Applications::to(offerings);
    for (number, tier) in [(1, 0), (2, 1), (3, 1)] {
        applications.begin(child(number, tier, 1));
        applications.wish(Weekday::Monday, 0).unwrap();
        applications.wish(Weekday::Tuesday, 2).unwrap();
        applications.wish(Weekday::Tuesday, 1).unwrap();
    }
    applications.close().unwrap()
}

#[test]
fn a_family_reads_what_became_of_each_wish() {
    let market = three_children();
    let lots = Lots::draw(&market, &Seed::of(vec![7; 32]).unwrap(), Scheme::PerDay);
    let allocation = allocate(&market, &lots, Rules::default());
    let reasons = Reasons::of(&market, &lots, Titles::Once, &allocation);
    let told = |at| {
        let mut told = Vec::new();
        reasons.tell(at, |explained| told.push((explained.offering, explained.reason, explained.differs)));
        told
    };
    let not_needed = Reason::NotNeeded(Used::Limit);
    assert_eq!(
        told(0),
        [
            (0, Reason::Got, Differs::Nothing),
            (2, not_needed, Differs::OrderAndChildren),
            (1, not_needed, Differs::Order),
        ]
    );
    for at in [1, 2] {
        let seats = u32::from(lots.ticket(3 - at, Weekday::Monday) < lots.ticket(at, Weekday::Monday)) + 1;
        assert_eq!(
            told(at),
            [
                (0, Reason::Full, Differs::Seats(seats)),
                (2, Reason::Closed, Differs::Children(1)),
                (1, Reason::Got, Differs::Nothing),
            ]
        );
    }
    assert_eq!(allocation.closed()[0].children, 2);
    // one child of a priority group has its first wish, two others their second wish of Tuesday
    assert_eq!(o1(&market, allocation.has()), 1000 + 2 + 2);
}

#[test]
fn a_ticket_is_the_beginning_of_a_hash() {
    let mut applications = Applications::to(vec![club(1, Weekday::Tuesday, 1, 0)]);
    applications.begin(child(258, 1, 1));
    applications.wish(Weekday::Tuesday, 0).unwrap();
    let market = applications.close().unwrap();
    let seed = Seed::of(vec![7; 32]).unwrap();
    let ticket = |scheme| Lots::draw(&market, &seed, scheme).ticket(0, Weekday::Tuesday);
    // computed with Python's hashlib
    assert_eq!(ticket(Scheme::PerDay), 0xd587_bf9b_96e8_f7a0);
    assert_eq!(ticket(Scheme::One), 0xd23e_1c80_cc60_6e85);
}

#[rstest]
#[case(Weekday::Monday, 3, WishRefused::Unknown)]
#[case(Weekday::Monday, 1, WishRefused::MeetsOn(Weekday::Tuesday))]
#[case(Weekday::Monday, 0, WishRefused::Twice)]
fn a_wish_is_for_something_of_that_day_and_named_once(
    #[case] weekday: Weekday,
    #[case] offering: u32,
    #[case] refused: WishRefused,
) {
    let mut applications =
        Applications::to(vec![club(1, Weekday::Monday, 1, 0), club(1, Weekday::Tuesday, 1, 0)]);
    applications.begin(child(1, 1, 1));
    applications.wish(Weekday::Monday, 0).unwrap();
    assert_eq!(applications.wish(weekday, offering), Err(refused));
    // another child may name it
    applications.begin(child(2, 1, 1));
    assert_eq!(applications.wish(Weekday::Monday, 0), Ok(()));
}

#[test]
fn a_number_is_one_childs() {
    let mut applications = Applications::to(Vec::new());
    for number in [4, 9, 4] {
        applications.begin(child(number, 1, 1));
    }
    assert_eq!(applications.close(), Err(NumberTwice(4)));
}
