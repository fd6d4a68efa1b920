//! Small markets made by a counter: every one is the same on every machine.

use std::ops::RangeInclusive;

use jiff::civil::Weekday;

use crate::allocation::{
    Allocation, Applicant, Applications, Channel, Kind, Lots, Market, Offering, Reserve, Rules, Scheme, Seed,
    Siblings, Tickets, allocate,
};
use crate::people::Sex;
use crate::plan::{Grades, Weekdays, number};

pub(super) const DAYS: [Weekday; 3] = [Weekday::Monday, Weekday::Tuesday, Weekday::Friday];

/// SplitMix64: numbers that look random and are not.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn of(seed: u64) -> Chance {
        Chance(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        range.start() + self.next() % (range.end() - range.start() + 1)
    }

    /// Once in so many times.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.within(1..=times) == 1
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.within(0..=u64::try_from(at).unwrap());
            items.swap(at, usize::try_from(other).unwrap());
        }
    }
}

/// What one child hands in: its lists by day, best first.
#[derive(Clone)]
pub(super) struct Form {
    pub(super) applicant: Applicant,
    pub(super) lists: Vec<(Weekday, Vec<u32>)>,
    /// The child's own order of the week.
    pub(super) order: Vec<Weekday>,
    /// What it goes on with.
    pub(super) kept: Vec<u32>,
}

/// A market before it is one, so that a test can change it.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) offerings: Vec<Offering>,
    pub(super) forms: Vec<Form>,
    /// What is declared to be apart.
    pub(super) apart: Vec<(u32, u32)>,
    /// Whether every child gives up what it has for a place beside a sibling.
    pub(super) beside: bool,
}

impl Draft {
    /// Up to twelve children and three clubs a day, with few seats: full, empty, closed and unfit ones among them.
    pub(super) fn random(seed: u64) -> Draft {
        let chance = &mut Chance::of(seed);
        let mut offerings = Vec::new();
        for weekday in DAYS {
            for _ in 0..chance.within(0..=3) {
                offerings.push(offering(chance, weekday));
            }
        }
        let mut numbers: Vec<u64> = (1..=chance.within(0..=12)).map(|number| number * 7 % 100).collect();
        chance.shuffle(&mut numbers);
        let forms = numbers.into_iter().map(|number| form(chance, &offerings, number)).collect();
        Draft { offerings, forms, apart: Vec::new(), beside: false }
    }

    /// The same with all that plain markets do not have: offerings of several days (no two of which a child could have
    /// besides, so that the outcome is one), kept seats, children who go on, siblings, orders of their own.
    pub(super) fn rich(seed: u64) -> Draft {
        let mut draft = Draft::random(seed);
        let chance = &mut Chance::of(seed ^ 0xab1e);
        for offering in &mut draft.offerings {
            enrich(chance, offering);
        }
        for form in &mut draft.forms {
            form.applicant.family = chance.within(0..=4);
            form.applicant.channel = if chance.once_in(3) { Channel::Office } else { Channel::Family };
            let wishes = form.lists.iter().flat_map(|(_, list)| list);
            form.kept = wishes.copied().filter(|_| chance.once_in(5)).collect();
            let longest = chance.within(0..=6);
            form.order = (0..longest).map(|_| DAYS[usize::try_from(chance.within(0..=2)).unwrap()]).collect();
        }
        draft
    }

    /// The same with offerings that are apart: what each child takes is no matroid any more.
    pub(super) fn torn(seed: u64) -> Draft {
        let mut draft = Draft::rich(seed);
        let chance = &mut Chance::of(seed ^ 0x7043);
        let offered = u64::try_from(draft.offerings.len()).unwrap();
        for _ in 0..chance.within(1..=4) {
            let [one, other] = [(); 2].map(|()| u32::try_from(chance.next() % offered.max(1)).unwrap());
            if one != other {
                draft.apart.push((one, other));
            }
        }
        draft
    }

    /// Without minimum sizes.
    pub(super) fn without_minimum(mut self) -> Draft {
        for offering in &mut self.offerings {
            offering.minimum = 0;
        }
        self
    }

    pub(super) fn market(&self) -> Market {
        let mut applications = Applications::to(self.offerings.clone());
        for (one, other) in &self.apart {
            applications.keep_apart(*one, *other).unwrap();
        }
        for form in &self.forms {
            applications.begin(form.applicant);
            for (weekday, list) in &form.lists {
                for offering in list {
                    applications.wish(*weekday, *offering).unwrap();
                }
            }
            applications.order(&form.order);
            if self.beside {
                applications.beside_sibling();
            }
            form.kept.iter().for_each(|offering| applications.go_on(*offering).unwrap());
        }
        applications.close().unwrap()
    }
}

fn offering(chance: &mut Chance, weekday: Weekday) -> Offering {
    let lowest = if chance.once_in(5) { 2 } else { 1 };
    Offering {
        title: u32::try_from(chance.within(0..=2)).unwrap(),
        weekday,
        kind: Kind::Club,
        capacity: u16::try_from(chance.within(0..=3)).unwrap(),
        minimum: u16::try_from(chance.within(0..=2)).unwrap(),
        grades: Grades::of(lowest..=3),
        sex: chance.once_in(8).then_some(Sex::Female),
        also_on: Weekdays::default(),
        reserve: Reserve::NONE,
    }
}

fn enrich(chance: &mut Chance, offering: &mut Offering) {
    let later: Vec<u8> =
        DAYS.iter().map(|day| number(*day)).filter(|day| number(offering.weekday) < *day).collect();
    if chance.once_in(4) {
        offering.also_on = Weekdays::of(later.into_iter().filter(|_| !chance.once_in(3)));
    }
    if chance.once_in(2) {
        let mut seats = |most: u16| u16::try_from(chance.within(0..=u64::from(most))).unwrap();
        let priority = Some(seats(offering.capacity)).filter(|_| seats(2) < 2);
        let office = seats(offering.capacity - priority.unwrap_or(0));
        offering.reserve = Reserve { priority, office };
    }
}

fn form(chance: &mut Chance, offerings: &[Offering], number: u64) -> Form {
    let applicant = Applicant {
        number,
        grade: u8::try_from(chance.within(1..=3)).unwrap(),
        sex: if chance.once_in(2) { Sex::Female } else { Sex::Male },
        tier: u8::from(!chance.once_in(4)),
        weekly_limit: if chance.once_in(10) { 0 } else { u8::try_from(chance.within(1..=3)).unwrap() },
        family: 0,
        channel: Channel::Family,
    };
    let lists = DAYS.map(|weekday| {
        let of_day = (0..).zip(offerings).filter(|(_, offering)| offering.weekday == weekday);
        let mut list: Vec<u32> = of_day.map(|(at, _)| at).collect();
        chance.shuffle(&mut list);
        list.truncate(usize::try_from(chance.within(0..=4)).unwrap());
        (weekday, list)
    });
    Form { applicant, lists: lists.to_vec(), order: Vec::new(), kept: Vec::new() }
}

pub(super) fn seed(number: u64) -> Seed {
    Seed::of(number.to_be_bytes().to_vec()).unwrap()
}

/// The lots of a market under a seed; every second one has one ticket for the week. Siblings draw together.
pub(super) fn lots(market: &Market, number: u64) -> Lots {
    let scheme = if number.is_multiple_of(2) { Scheme::PerDay } else { Scheme::One };
    Lots::draw(market, &seed(number), Tickets { scheme, siblings: Siblings::Together })
}

/// What each child has, by number and offering.
pub(super) fn seats(market: &Market, allocation: &Allocation) -> Vec<(u64, u32)> {
    let mut seats = Vec::new();
    for (at, applicant) in market.applicants().iter().enumerate() {
        let has = market.wishes_of(at).filter(|wish| allocation.has()[*wish]);
        seats.extend(has.map(|wish| (applicant.number, market.wishes()[wish].offering)));
    }
    seats.sort_unstable();
    seats
}

/// Allocates a draft.
pub(super) fn run(draft: &Draft, number: u64, rules: Rules) -> Vec<(u64, u32)> {
    let market = draft.market();
    seats(&market, &allocate(&market, &lots(&market, number), rules))
}
