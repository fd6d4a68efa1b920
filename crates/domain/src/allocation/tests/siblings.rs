use jiff::civil::Weekday;

use super::small::{Draft, lots, seats};
use crate::allocation::{
    Allocation, Applicant, Applications, Beside, Channel, Closing, Kind, Market, Offering, Reserve, Rules,
    allocate, beside, check,
};
use crate::people::Sex;
use crate::plan::{Grades, Weekdays};

fn offering(title: u32, weekday: Weekday, capacity: u16, minimum: u16) -> Offering {
    Offering {
        title,
        weekday,
        also_on: Weekdays::default(),
        kind: Kind::Club,
        capacity,
        minimum,
        grades: Grades::of(1..=3),
        sex: None,
        reserve: Reserve::NONE,
    }
}

/// A child: number, family, list of Monday, whether it goes where a sibling is.
type Child = (u64, u64, &'static [u32], bool);

/// Clubs 0, 1, 2 on Monday with so many seats and so many children at least.
fn market(seats: [(u16, u16); 3], children: &[Child]) -> Market {
    let offerings = (0..).zip(seats);
    let offerings = offerings.map(|(title, (most, least))| offering(title, Weekday::Monday, most, least));
    let mut applications = Applications::to(offerings.collect());
    for (number, family, list, is_beside) in children {
        let (number, family) = (*number, *family);
        let (sex, channel) = (Sex::Female, Channel::Family);
        applications.begin(Applicant { number, grade: 1, sex, tier: 1, weekly_limit: 1, family, channel });
        list.iter().for_each(|offering| applications.wish(Weekday::Monday, *offering).unwrap());
        if *is_beside {
            applications.beside_sibling();
        }
    }
    applications.close().unwrap()
}

#[test]
fn a_child_goes_where_its_sibling_is_for_a_free_seat_alone() {
    let (wide, rules) = ([(5, 0), (5, 0), (5, 0)], Rules::default());
    let goes = |applicant, from, to| Beside { applicant, from: Some(from), to };
    let table: [(&str, Market, Vec<Beside>); 7] = [
        ("to the sibling", market(wide, &[(1, 9, &[0], false), (2, 9, &[1, 0], true)]), vec![goes(1, 1, 0)]),
        ("not asked", market(wide, &[(1, 9, &[0], false), (2, 9, &[1, 0], false)]), vec![]),
        ("not wished", market(wide, &[(1, 9, &[0], false), (2, 9, &[1], true)]), vec![]),
        ("no siblings", market(wide, &[(1, 8, &[0], false), (2, 9, &[1, 0], true)]), vec![]),
        ("no seat", market([(1, 0), (5, 0), (5, 0)], &[(1, 9, &[0], false), (2, 9, &[1, 0], true)]), vec![]),
        (
            "both ask: one of them goes, once",
            market(wide, &[(1, 9, &[0, 1], true), (2, 9, &[1, 0], true)]),
            vec![goes(1, 1, 0)],
        ),
        (
            "others need it",
            market(
                [(5, 0), (5, 2), (5, 0)],
                &[(1, 9, &[0], false), (2, 9, &[1, 0], true), (3, 0, &[1], false)],
            ),
            vec![],
        ),
    ];
    for (name, market, expected) in table {
        let allocation = allocate(&market, &lots(&market, 7), rules);
        assert_eq!(beside(&market, rules, &allocation), expected, "{name}");
    }
    let market = market(wide, &[(1, 9, &[0], false), (2, 9, &[1, 0], true), (3, 9, &[1], false)]);
    let allocation = allocate(&market, &lots(&market, 7), rules);
    assert_eq!(beside(&market, rules, &allocation), [], "it sits beside another sibling already");
}

#[test]
fn every_rule_holds_afterwards_and_nobody_else_loses_anything() {
    let mut went = 0;
    for number in 0..1_000_u64 {
        let mut draft = if number.is_multiple_of(2) { Draft::rich(number) } else { Draft::torn(number) };
        draft.beside = true;
        let market = draft.market();
        for closing in [Closing::Never, Closing::Reopening] {
            let rules = Rules { closing, ..Rules::default() };
            let lots = lots(&market, number);
            let allocation = allocate(&market, &lots, rules);
            let beside = beside(&market, rules, &allocation);
            went += beside.len();
            let mut has = allocation.has().to_vec();
            let gone: Vec<u64> = beside.iter().map(|one| market.applicants()[one.applicant].number).collect();
            for one in &beside {
                for wish in market.wishes_of(one.applicant) {
                    let offering = market.wishes()[wish].offering;
                    has[wish] = offering == one.to || has[wish] && Some(offering) != one.from;
                }
            }
            let closed: Vec<u32> = allocation.closed().iter().map(|closed| closed.offering).collect();
            let after = Allocation::of(&market, &lots, rules.titles, has, &closed);
            assert_eq!(check(&market, rules, &after), Ok(()), "market {number} {closing:?}");
            let still = |of: &Allocation| -> Vec<(u64, u32)> {
                let all = seats(&market, of).into_iter();
                all.filter(|(number, _)| !gone.contains(number)).collect()
            };
            assert_eq!(still(&after), still(&allocation), "market {number} {closing:?}");
        }
    }
    assert!(20 < went, "{went} went");
}
