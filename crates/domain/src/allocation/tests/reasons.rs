//! Every stated reason, checked again from who has what, by other code than that which stated it.

use jiff::civil::Weekday;
use rstest::rstest;

use super::plain::chosen;
use super::small::{Draft, Form, lots, seats};
use crate::allocation::{
    Allocation, Applicant, Applications, Channel, Closing, Cutoff, Differs, Explained, Kind, Lots, Market,
    NumberTwice, Offering, Place, Reason, Reasons, Reserve, Rules, Scheme, Seed, Tickets, Titles, Unfit,
    Used, WishRefused, allocate, o1,
};
use crate::people::Sex;
use crate::plan::{Grades, Weekdays};

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
        let place = self.lots.place(self.market, at, self.draft.offerings[offering as usize].weekday);
        Place { is_new: !self.form(number).kept.contains(&offering), ..place }
    }

    fn form(&self, number: u64) -> &Form {
        self.draft.forms.iter().find(|form| form.applicant.number == number).unwrap()
    }

    fn asks(&self, number: u64, offering: u32) -> (Place, Channel) {
        (self.place(number, offering), self.form(number).applicant.channel)
    }

    /// Those who have a seat.
    fn inside(&self, offering: u32) -> Vec<(Place, Channel)> {
        let there = self.seats.iter().filter(|(_, has)| *has == offering);
        there.map(|(number, _)| self.asks(*number, offering)).collect()
    }

    /// Whether the offering would take a child besides those who are there, with so many more seats.
    fn would_take(
        &self,
        offering: u32,
        child: (Place, Channel),
        (others, more): (&[(Place, Channel)], u16),
    ) -> bool {
        let mut what = self.draft.offerings[offering as usize];
        what.capacity += more;
        let all = [others, &[child]].concat();
        !self.is_closed(offering) && chosen(&what, &all).contains(&others.len())
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
        let clashes = others
            .clone()
            .any(|other| clash(&other, &what) || (self.titles == Titles::Once && other.title == what.title));
        !clashes
            && !self.is_apart(&better, explained.offering)
            && better.len() < usize::from(self.market.applicants()[at].weekly_limit)
    }

    fn is_apart(&self, better: &[u32], offering: u32) -> bool {
        let mut apart = self.draft.apart.iter().flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
        apart.any(|(one, other)| one == offering && better.contains(&other))
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
                let asks = self.asks(child.number, explained.offering);
                let is_torn = !self.draft.apart.is_empty();
                assert!((self.titles == Titles::Once || is_torn) && self.has_room(at, explained));
                assert!(self.would_take(explained.offering, asks, (&inside, 0)));
            }
        }
    }

    fn check_used(&self, at: usize, explained: &Explained, used: Used) {
        let better = self.better(at, explained.wish);
        let what = self.draft.offerings[explained.offering as usize];
        let asks = self.asks(self.market.applicants()[at].number, explained.offering);
        let would_take = self.would_take(explained.offering, asks, (&self.inside(explained.offering), 0));
        assert_eq!(explained.differs == Differs::Order, would_take);
        match used {
            Used::Day(by) | Used::MoreDays(by) => {
                let other = self.draft.offerings[by as usize];
                assert!(better.contains(&by) && clash(&other, &what));
                assert_eq!(matches!(used, Used::MoreDays(_)), what.days() < other.days());
            }
            Used::Apart(by) => {
                assert!(better.contains(&by) && self.is_apart(&[by], explained.offering));
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
        let (inside, offering) = (self.inside(explained.offering), explained.offering);
        assert!(self.has_room(at, explained) && !self.is_closed(offering));
        assert_eq!(inside.len(), usize::from(what.capacity));
        let asks = self.asks(self.market.applicants()[at].number, offering);
        assert!(!self.would_take(offering, asks, (&inside, 0)));
        if what.reserve == Reserve::NONE {
            let last = inside.iter().map(|(place, _)| *place).max();
            assert!(last < Some(explained.place));
            assert_eq!(explained.cutoff, last.map_or(Cutoff::NoSeats, Cutoff::Last));
        }
        let with = |ticket| (Place { ticket, number: 0, ..asks.0 }, asks.1);
        if let Differs::Ticket(most) = explained.differs {
            assert!(self.would_take(offering, with(most), (&inside, 0)));
            assert!(!self.would_take(offering, with(most + 1), (&inside, 0)));
        } else {
            assert!(!self.would_take(offering, with(0), (&inside, 0)));
            self.check_seats(asks, explained, inside);
        }
    }

    fn check_seats(&self, asks: (Place, Channel), explained: &Explained, inside: Vec<(Place, Channel)>) {
        let Differs::Seats(more) = explained.differs else { panic!("{:?}", explained.differs) };
        let all = [inside, self.refused(explained)].concat();
        let more = u16::try_from(more).unwrap();
        assert!(self.would_take(explained.offering, asks, (&all, more)));
        assert!(!self.would_take(explained.offering, asks, (&all, more - 1)));
    }

    /// The others who were refused since all seats were taken.
    fn refused(&self, explained: &Explained) -> Vec<(Place, Channel)> {
        let mut refused = Vec::new();
        let reasons = Reasons::of(self.market, self.lots, self.titles, self.allocation);
        for (at, child) in self.market.applicants().iter().enumerate() {
            reasons.tell(at, |other| {
                let same = other.offering == explained.offering && other.wish != explained.wish;
                if same && other.reason == Reason::Full {
                    refused.push(self.asks(child.number, other.offering));
                }
            });
        }
        refused
    }
}

/// Whether two meet on one day.
fn clash(one: &Offering, other: &Offering) -> bool {
    let on = |what: &Offering| Weekdays::of([crate::plan::number(what.weekday)]).or(what.also_on);
    !on(one).and(on(other)).is_empty()
}

#[test]
fn every_reason_holds() {
    let mut kinds = [0; 10];
    let plain = (0..1_000).map(Draft::random);
    let rich = (0..250).flat_map(|number| [Draft::rich(number), Draft::torn(number)]);
    for (number, draft) in (0..).zip(plain.chain(rich)) {
        for titles in [Titles::Once, Titles::Repeat] {
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
                    let is_parted = matches!(explained.cutoff, Cutoff::Parted(_));
                    kinds[9] += usize::from(explained.reason == Reason::Full && is_parted);
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
        Reason::NotNeeded(Used::MoreDays(_)) => 7,
        Reason::NotNeeded(Used::Apart(_)) => 8,
        Reason::Closed => 4,
        Reason::Full => 5,
        Reason::Unsettled => 6,
    }
}

fn club(title: u32, weekday: Weekday, capacity: u16, minimum: u16) -> Offering {
    let grades = Grades::of(1..=6);
    let (kind, also_on, reserve) = (Kind::Club, Weekdays::default(), Reserve::NONE);
    Offering { title, weekday, also_on, kind, capacity, minimum, grades, sex: None, reserve }
}

fn child(number: u64, tier: u8, weekly_limit: u8) -> Applicant {
    let (grade, sex, family, channel) = (3, Sex::Female, 0, Channel::Family);
    Applicant { number, grade, sex, tier, weekly_limit, family, channel }
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
    let lots = Lots::draw(&market, &Seed::of(vec![7; 32]).unwrap(), Tickets::default());
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
    let ticket = |scheme| {
        Lots::draw(&market, &seed, Tickets { scheme, ..Tickets::default() }).ticket(0, Weekday::Tuesday)
    };
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
