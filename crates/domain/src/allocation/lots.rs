//! Tickets: one for each child and weekday, from the public seed of the draw.

use jiff::civil::Weekday;
use sha2::{Digest, Sha256};

use std::collections::BTreeMap;

use super::market::{Applicant, Market, day};

/// What every ticket is computed from; 32 bytes when it comes out of [`super::draw`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed(Vec<u8>);

impl Seed {
    /// The most bytes.
    pub const LONGEST: usize = 64;

    /// A seed of 1 to [`Seed::LONGEST`] bytes.
    pub fn of(bytes: Vec<u8>) -> Option<Seed> {
        (1..=Seed::LONGEST).contains(&bytes.len()).then_some(Seed(bytes))
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// For what a child draws a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// One for each weekday: bad luck on Monday is not bad luck all week.
    #[default]
    PerDay,
    /// One for the week.
    One,
}

/// Whether the children of a family share their luck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Siblings {
    /// Each child draws for itself.
    #[default]
    Apart,
    /// All draw as the one with the lowest number.
    Together,
}

/// How tickets are drawn; announced before the wishes open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tickets {
    /// For what a child draws one.
    pub scheme: Scheme,
    /// Whether siblings share them.
    pub siblings: Siblings,
}

/// A child's place before an offering: lower comes first. The number decides only between equal tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Priority groups first (B4).
    pub tier: u8,
    /// Within its tier a child that goes on with what it has been in comes before those who are new to it.
    pub is_new: bool,
    /// The draw.
    pub ticket: u64,
    /// The number of the application.
    pub number: u64,
}

impl Place {
    /// The tier of those who are in no priority group.
    pub(super) const LAST_TIER: u8 = 1;

    /// Whether between these two only the draw decides.
    pub(super) fn is_beside(self, other: Place) -> bool {
        (self.tier, self.is_new) == (other.tier, other.is_new)
    }
}

/// The tickets of every applicant to a market.
#[derive(Debug, Clone)]
pub struct Lots {
    scheme: Scheme,
    /// Seven for each applicant, or one. Days without a wish have none drawn.
    tickets: Vec<u64>,
}

impl Lots {
    /// Draws the tickets.
    pub fn draw(market: &Market, seed: &Seed, tickets: Tickets) -> Lots {
        let Tickets { scheme, siblings } = tickets;
        let families = Families::of(market, siblings);
        let mut lots = Lots { scheme, tickets: vec![0; market.applicants().len() * scheme.tickets()] };
        let mut hashed = Hashed::of(seed);
        for (at, applicant) in market.applicants().iter().enumerate() {
            let first = at * scheme.tickets();
            for wish in market.first_wishes_of(at).take(scheme.tickets()) {
                let which = scheme.which(market.wished(wish).weekday);
                lots.tickets[first + which] = hashed.ticket(which, families.number(applicant));
            }
        }
        lots
    }

    /// An applicant's ticket for a weekday on which the child wishes something.
    pub fn ticket(&self, applicant: usize, weekday: Weekday) -> u64 {
        self.tickets[applicant * self.scheme.tickets() + self.scheme.which(weekday)]
    }

    /// An applicant's place before the offerings of a weekday that are new to it.
    pub fn place(&self, market: &Market, applicant: usize, weekday: Weekday) -> Place {
        let Applicant { tier, number, .. } = market.applicants()[applicant];
        Place { tier, is_new: true, ticket: self.ticket(applicant, weekday), number }
    }

    /// An applicant's place before the offering of one of its wishes.
    pub fn place_for(&self, market: &Market, applicant: usize, wish: usize) -> Place {
        let is_new = !market.wishes()[wish].continues;
        Place { is_new, ..self.place(market, applicant, market.wished(wish).weekday) }
    }
}

impl Scheme {
    /// How many tickets a child may have.
    const fn tickets(self) -> usize {
        match self {
            Scheme::PerDay => 7,
            Scheme::One => 1,
        }
    }

    /// Which of them counts on a weekday; it is also the byte that goes into the ticket.
    fn which(self, weekday: Weekday) -> usize {
        match self {
            Scheme::PerDay => day(weekday),
            Scheme::One => 0,
        }
    }
}

/// The number by which each family draws, where siblings share their tickets.
struct Families(BTreeMap<u64, u64>);

impl Families {
    fn of(market: &Market, siblings: Siblings) -> Families {
        let mut lowest = BTreeMap::new();
        if siblings == Siblings::Together {
            // applicants stand by number
            for child in market.applicants().iter().filter(|child| child.family != 0) {
                lowest.entry(child.family).or_insert(child.number);
            }
        }
        Families(lowest)
    }

    fn number(&self, applicant: &Applicant) -> u64 {
        self.0.get(&applicant.family).copied().unwrap_or(applicant.number)
    }
}

/// What a ticket is a hash of: seed ‖ 0x01 ‖ weekday ‖ number.
struct Hashed {
    bytes: Vec<u8>,
    /// Where the weekday stands.
    weekday_at: usize,
}

impl Hashed {
    fn of(seed: &Seed) -> Hashed {
        let bytes = [seed.bytes(), &[0x01], &[0; 9]].concat();
        Hashed { bytes, weekday_at: seed.bytes().len() + 1 }
    }

    /// The first eight bytes of the hash.
    fn ticket(&mut self, which: usize, number: u64) -> u64 {
        let (weekday, rest) = self.bytes[self.weekday_at..].split_at_mut(1);
        weekday[0] = u8::try_from(which).expect("a week has seven days");
        rest.copy_from_slice(&number.to_be_bytes());
        let hash = Sha256::digest(&self.bytes);
        u64::from_be_bytes(*hash.first_chunk().expect("a hash has 32 bytes"))
    }
}
