//! What plain markets gave before markets knew of several days, reserves, siblings and the like, they give today.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::small::{Draft, lots, seats};
use crate::allocation::{Closing, Cutoff, Fullest, Reasons, Rules, Titles, allocate, cheapest, fullest, o1};

/// Everything that a market's result says, as text.
fn told(number: u64, rules: Rules) -> String {
    let market = Draft::random(number).market();
    let lots = lots(&market, number);
    let allocation = allocate(&market, &lots, rules);
    let mut told = format!("{:?} {:?}", seats(&market, &allocation), allocation.unsettled());
    for closed in allocation.closed() {
        write!(told, " {}:{}/{}", closed.offering, closed.children, closed.minimum).unwrap();
    }
    for standing in allocation.standings() {
        let last = match standing.cutoff {
            Cutoff::Last(last) => Some((last.tier, last.ticket, last.number)),
            Cutoff::Free | Cutoff::Parted(_) | Cutoff::NoSeats | Cutoff::Closed => None,
        };
        write!(told, " {} {last:?}", standing.admitted).unwrap();
    }
    let reasons = Reasons::of(&market, &lots, rules.titles, &allocation);
    for at in 0..market.applicants().len() {
        reasons.tell(at, |one| {
            let place = (one.place.tier, one.place.ticket, one.place.number);
            write!(told, " {:?} {:?} {} {place:?}", one.reason, one.differs, one.ahead).unwrap();
        });
    }
    // then this mode reopened nothing
    let closing = if rules.closing == Closing::Reopening { Closing::ForGood } else { rules.closing };
    let Fullest { allocation, seats: given, at_most } = fullest(&market, &lots, Rules { closing, ..rules });
    write!(told, " {:?} {given} {at_most}", seats(&market, &allocation)).unwrap();
    told + &format!(" {}", o1(&market, &cheapest(&market)))
}

#[test]
fn plain_markets_are_allocated_as_ever() {
    let mut hash = Sha256::new();
    for titles in [Titles::Once, Titles::Repeat] {
        for closing in [Closing::Never, Closing::ForGood, Closing::Reopening] {
            for number in 0..500 {
                hash.update(told(number, Rules { titles, closing }));
            }
        }
    }
    let digits: Vec<String> = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digits.concat(), "7f4f4eb85076cbdbb365bafed5d07ee67fbba3d5cffdcf531e429696bc0dd5a2");
}
