//! Results as they are written, read back and checked.

use kehou_domain::allocation::{Closing, Rules, Seed, Siblings, Tickets, Titles};

use super::file::read;
use super::{Difference, Explanations, Made, Mode, ResultFile, Setting, Statement, What, verify};

/// A club whose two seats go to two children of priority groups, one that closes since only the two others would come,
/// one with free seats; two schools alike.
const MARKET: &str = "ALLOC1 small 7 2 8 6 18
L 0 3 4 3
O 0 0 0 0 2 1 1 6 0
O 1 1 0 0 20 3 1 6 0
O 2 2 1 0 20 1 1 6 0
P 11 1 1 0 2 0 0,1 2 - - -
P 12 1 2 8 2 0 0 2 - - -
P 13 2 1 0 2 0 0,1 2 - - -
P 14 2 2 1 3 0 0 - - - -
L 7 3 4 3
O 0 0 0 0 2 1 1 6 0
O 1 1 0 0 20 3 1 6 0
O 2 2 1 0 20 1 1 6 0
P 15 1 1 0 2 0 0,1 2 - - -
P 16 1 2 8 2 0 0 2 - - -
P 17 2 1 0 2 0 0,1 2 - - -
P 18 2 2 1 3 0 0 - - - -
";

/// The first school alone.
fn one_school() -> String {
    let lines = MARKET.lines().skip(1).take(8);
    ["ALLOC1 small 7 1 4 3 9"].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

fn setting(rules: Rules) -> Setting {
    let seed = Seed::of(vec![7; 32]).unwrap();
    Setting { mode: Mode::Deferred, seed, tickets: Tickets::default(), rules }
}

/// The result and the reasons of a market.
fn made(market: &str, setting: &Setting) -> (String, String) {
    let schools = read(market.as_bytes()).unwrap();
    let (mut result, mut reasons) = (Vec::new(), Vec::new());
    let mut file = ResultFile::begin(&mut result, setting, schools.len());
    let mut explanations = Explanations::begin(&mut reasons, schools.len());
    for school in &schools {
        let made = Made::of(school, setting);
        file.add(&made).unwrap();
        explanations.add(&made).unwrap();
    }
    file.finish().unwrap();
    explanations.finish().unwrap();
    (String::from_utf8(result).unwrap(), String::from_utf8(reasons).unwrap())
}

fn checked(market: &str, result: &str) -> Result<(), Difference> {
    verify(&read(market.as_bytes()).unwrap(), &Statement::read(result.as_bytes()).unwrap())
}

#[test]
fn what_was_made_is_verified() {
    for market in [MARKET, &one_school()] {
        for closing in [Closing::Never, Closing::ForGood, Closing::Reopening] {
            for titles in [Titles::Once, Titles::Repeat] {
                let setting = setting(Rules { titles, closing });
                let (result, _) = made(market, &setting);
                assert_eq!(checked(market, &result), Ok(()));
                assert_eq!(Statement::read(result.as_bytes()).unwrap().setting, setting);
            }
        }
    }
}

#[test]
fn schools_are_named_only_when_there_are_several() {
    let (one, _) = made(&one_school(), &setting(Rules::default()));
    assert!(one.contains("{\"offering\":\"1\",\"wishes\":2,\"minimum\":3}"), "{one}");
    let (two, _) = made(MARKET, &setting(Rules::default()));
    assert!(two.contains("{\"offering\":\"7:1\",\"wishes\":2,\"minimum\":3}"), "{two}");
}

#[test]
fn every_wish_is_told_on_a_line_of_its_own() {
    let (_, reasons) = made(&one_school(), &setting(Rules::default()));
    assert_eq!(reasons.lines().count(), 9);
    let line = reasons.lines().find(|line| line.starts_with("12 0 ")).unwrap();
    // the child of a priority group is the first of all
    assert!(line.starts_with("12 0 got 0:") && line.ends_with(" -"), "{line}");
    let closed: Vec<&str> = reasons.lines().filter(|line| line.contains(" closed:2/3 ")).collect();
    assert!(
        !closed.is_empty() && closed.iter().all(|line| line.ends_with(" closed children:1")),
        "{reasons}"
    );
}

#[test]
fn one_changed_bit_anywhere_is_found() {
    let market = one_school();
    let schools = read(market.as_bytes()).unwrap();
    let (result, _) = made(&market, &setting(Rules::default()));
    for at in 0..result.len() - 1 {
        for bit in 0..8 {
            let mut changed = result.clone().into_bytes();
            changed[at] ^= 1 << bit;
            let found = Statement::read(&changed).is_err()
                || Statement::read(&changed).is_ok_and(|statement| verify(&schools, &statement).is_err());
            assert!(found, "{}", String::from_utf8_lossy(&changed));
        }
    }
}

#[test]
fn the_first_difference_is_named() {
    let market = one_school();
    let (result, _) = made(&market, &setting(Rules::default()));
    let check = |from: &str, to: &str, student, offering: Option<&str>, what| {
        assert!(result.contains(from), "{result}");
        let offering = offering.map(str::to_owned);
        let found = checked(&market, &result.replacen(from, to, 1));
        assert_eq!(found, Err(Difference { student, offering, what }));
    };
    let seat = "{\"student\":12,\"offering\":\"0\"},\n";
    check(seat, &seat.repeat(2), Some(12), Some("0"), What::SeatTwice);
    check("12,\"offering\":\"0\"", "12,\"offering\":\"1\"", Some(12), Some("1"), What::NotWished);
    check("12,\"offering\":\"0\"", "99,\"offering\":\"0\"", Some(99), Some("0"), What::UnknownStudent);
    check("12,\"offering\":\"0\"", "12,\"offering\":\"9\"", Some(12), Some("9"), What::UnknownOffering);
    let closed = What::Closed { stated: (4, 3), found: (2, 3) };
    check("\"wishes\":2", "\"wishes\":4", None, Some("1"), closed);
    check("\"o1\":", "\"o1\":1", None, None, objective(&result));
}

/// The objective with a 1 before it, and as it is.
fn objective(result: &str) -> What {
    let found = result.split("\"o1\":").nth(1).unwrap().trim_end().trim_end_matches('}');
    What::Objective { stated: format!("1{found}").parse().unwrap(), found: found.parse().unwrap() }
}

#[test]
fn a_taken_out_seat_of_a_full_club_is_missed_by_its_child() {
    let market = one_school();
    let (result, _) = made(&market, &setting(Rules { closing: Closing::Never, ..Rules::default() }));
    for line in result.lines().filter(|line| line.starts_with("{\"student\"")) {
        let without = result.replacen(&format!("{}\n", line.trim_end_matches(',')), "", 1);
        let without = without.replacen(&format!("{},\n", line.trim_end_matches(',')), "", 1);
        let statement = Statement::read(without.replace(",\n\n]", "\n]").replace(",\n]", "\n]").as_bytes());
        let found = verify(&read(market.as_bytes()).unwrap(), &statement.unwrap()).unwrap_err();
        assert_eq!(found.what, What::PassedOver, "{line}");
    }
}

/// Chess on Monday and Wednesday with a seat for the priority groups and one for wishes that the office wrote; painting,
/// which no child may have besides singing; a child that goes on, two siblings, an order of the week.
const RICH: &str = "ALLOC1 rich 7 1 7 4 13
L 0 4 7 3
O 0 0 0 0 3 1 1 6 0 also=2 kept=1 office=1
O 1 1 0 0 1 0 1 6 0
O 2 2 1 0 2 0 1 6 0 kept=1
O 3 3 2 0 20 1 1 6 0 apart=1,2
P 11 1 1 0 2 0 0,1 2 3 - - goes_on=0,2
P 12 1 2 8 2 3 0 2 - - - week=1,0
P 13 2 1 0 2 3 1 2 - - - by=office week=1
P 14 2 2 1 3 0 0 - - - - by=office
P 15 2 2 0 3 0 0 - - - - by=office
P 16 2 2 0 3 0 0 2 - - -
P 17 2 2 0 3 0 0 - - - -
";

fn rich(closing: Closing) -> Setting {
    let tickets = Tickets { siblings: Siblings::Together, ..Tickets::default() };
    Setting { tickets, ..setting(Rules { closing, ..Rules::default() }) }
}

#[test]
fn what_most_markets_do_not_have_is_written_read_and_checked() {
    for mode in [Mode::Deferred, Mode::MostSeats] {
        for closing in [Closing::Never, Closing::ForGood, Closing::Reopening] {
            let setting = Setting { mode, ..rich(closing) };
            let (result, _) = made(RICH, &setting);
            assert_eq!(checked(RICH, &result), Ok(()));
            assert_eq!(Statement::read(result.as_bytes()).unwrap().setting, setting);
        }
    }
    let (result, reasons) = made(RICH, &rich(Closing::Never));
    assert!(result.contains("\"siblings\":\"together\""), "{result}");
    let chess = result.lines().find(|line| line.starts_with("{\"offering\":\"0\",\"admitted\":3")).unwrap();
    assert!(chess.contains("\"kept_for_priority\":{\"tier\":0,"), "{chess}");
    assert!(chess.contains("\"kept_for_office\":{\"by\":\"office\",\"tier\":1,"), "{chess}");
    // the last of the other seats is the child that goes on
    assert!(chess.contains("\"goes_on\":true"), "{chess}");
    assert!(reasons.lines().any(|line| line.contains(" not_needed:more_days:0 ")), "{reasons}");
    assert!(reasons.lines().any(|line| line.contains(",others=1+:")), "{reasons}");
}

#[test]
fn one_changed_bit_is_found_there_too() {
    let schools = read(RICH.as_bytes()).unwrap();
    let (result, _) = made(RICH, &rich(Closing::Never));
    for at in 0..result.len() - 1 {
        for bit in 0..8 {
            let mut changed = result.clone().into_bytes();
            changed[at] ^= 1 << bit;
            let found = Statement::read(&changed).is_err()
                || Statement::read(&changed).is_ok_and(|statement| verify(&schools, &statement).is_err());
            assert!(found, "{}", String::from_utf8_lossy(&changed));
        }
    }
}
