//! Tickets: one for each child and weekday, from the public seed of the draw.

use jiff::civil::Weekday;
use sha2::{Digest, Sha256};

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

/// A child's place before an offering: lower comes first. The number decides only between equal tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Priority groups first (B4).
    pub tier: u8,
    /// The draw.
    pub ticket: u64,
    /// The number of the application.
    pub number: u64,
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
    pub fn draw(market: &Market, seed: &Seed, scheme: Scheme) -> Lots {
        let mut lots = Lots { scheme, tickets: vec![0; market.applicants().len() * scheme.tickets()] };
        let mut hashed = Hashed::of(seed);
        for (at, applicant) in market.applicants().iter().enumerate() {
            let first = at * scheme.tickets();
            for wish in market.first_wishes_of(at).take(scheme.tickets()) {
                let which = scheme.which(market.wished(wish).weekday);
                lots.tickets[first + which] = hashed.ticket(which, applicant.number);
            }
        }
        lots
    }

    /// An applicant's ticket for a weekday on which the child wishes something.
    pub fn ticket(&self, applicant: usize, weekday: Weekday) -> u64 {
        self.tickets[applicant * self.scheme.tickets() + self.scheme.which(weekday)]
    }

    /// An applicant's place before the offerings of a weekday.
    pub fn place(&self, market: &Market, applicant: usize, weekday: Weekday) -> Place {
        let Applicant { tier, number, .. } = market.applicants()[applicant];
        Place { tier, ticket: self.ticket(applicant, weekday), number }
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
