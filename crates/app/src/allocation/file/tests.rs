use jiff::civil::Weekday;
use kehou_domain::allocation::{Kind, Unfit};
use rstest::rstest;

use super::*;

const GOOD: &str = "ALLOC1 small 7 1 2 3 4
L 0 3 2 3
O 0 0 0 0 20 8 1 6 0
O 1 1 0 1 30 12 1 2 0
O 2 0 2 2 40 15 1 6 1
P 12 1 1 0 3 0 1,0 - 2 - -
P 5 3 2 8 2 1 0 - - - -
";

/// The good file with one line replaced, counted from 1.
fn with(line: usize, text: &str) -> String {
    let lines = GOOD.lines().zip(1..).map(|(old, number)| if number == line { text } else { old });
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(text: &str, line: usize, column: usize, wrong: Wrong) {
    assert_eq!(read(text.as_bytes()).unwrap_err(), [Problem { line, column, wrong }]);
}

#[test]
fn a_market_is_read_whatever_begins_it_and_ends_its_lines() {
    let with_mark = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    for text in [GOOD.to_owned(), GOOD.replace('\n', "\r\n"), GOOD.trim_end().to_owned(), with_mark] {
        let schools = read(text.as_bytes()).unwrap();
        let market = &schools[0].market;
        let numbers: Vec<u64> = market.applicants().iter().map(|applicant| applicant.number).collect();
        assert_eq!(numbers, [5, 12]);
        assert_eq!(market.applicants().iter().map(|applicant| applicant.tier).collect::<Vec<_>>(), [0, 1]);
        let wishes = market.wishes()[market.wishes_of(1)].iter();
        assert_eq!(
            wishes.map(|wish| (wish.rank, wish.offering)).collect::<Vec<_>>(),
            [(1, 1), (1, 2), (2, 0)]
        );
    }
}

#[test]
fn schools_are_markets_apart() {
    let second = GOOD.lines().skip(2).collect::<Vec<_>>().join("\n");
    let text = with(1, "ALLOC1 two 7 2 4 6 8") + "\nL 3 3 2 3\n" + &second;
    let schools = read(text.as_bytes()).unwrap();
    assert_eq!(schools.iter().map(|school| school.number).collect::<Vec<_>>(), [0, 3]);
    assert_eq!(schools[0].market, schools[1].market);
}

#[test]
fn every_applicant_with_a_wrong_line_is_told() {
    let text = with(6, "P 12 1 1 0 3 0 9 - 2 - -").replace("P 5 3 2 8 2 1 0", "P 5 3 2 8 2 1 0,0");
    let lines: Vec<usize> = read(text.as_bytes()).unwrap_err().iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [6, 7]);
    let many = with(6, &vec!["P x"; 30].join("\n"));
    assert_eq!(read(many.as_bytes()).unwrap_err().len(), MOST_PROBLEMS);
}

#[rstest]
#[case(1, "L 0 3 2 3", 1, Wrong::NotAlloc1)]
#[case(1, "ALLOC1 small 7 1 2 3", 21, Wrong::Missing(Field::Wishes))]
#[case(2, "X 0 3 2 3", 1, Wrong::UnknownLine { found: "X".into() })]
#[case(2, "O 0 0 0 0 20 8 1 6 0", 1, Wrong::NoSchool)]
#[case(2, "P 0 1 1 0 3 0 - - - - -", 1, Wrong::NoSchool)]
#[case(3, "O 1 0 0 0 20 8 1 6 0", 3, Wrong::OutOfOrder { next: 0 })]
#[case(3, "O 0 0 0 0 21 8 1 6 0", 11, Wrong::TooManySeats { kind: Kind::Club })]
#[case(3, "O 0 0 0 0 20 8 6 1 0", 18, Wrong::GradesBackwards)]
#[case(3, "O 0 0 0 0 20 8 1 6 0 1", 22, Wrong::TooMuch { found: "1".into() })]
#[case(3, "O 0 0 5 0 20 8 1 6 0", 7, Wrong::Number { field: Field::Day, least: 0, most: 4, found: "5".into() })]
#[case(3, "O 0 0 2 0 20 8 1 6 0 also=1", 27, Wrong::AlsoEarlier)]
#[case(3, "O 0 0 0 0 20 8 1 6 0 also=5", 27, Wrong::Number { field: Field::Day, least: 0, most: 4, found: "5".into() })]
#[case(3, "O 0 0 0 0 20 8 1 6 0 kept=15 office=6", 37, Wrong::Number { field: Field::Kept, least: 0, most: 5, found: "6".into() })]
#[case(4, "O 1 1 0 1 30 12 1 2 0 apart=1", 29, Wrong::Number { field: Field::Offering, least: 0, most: 0, found: "1".into() })]
#[case(3, "O 0 0 0 0 20 8 1 6 0 office=6 kept=1", 31, Wrong::TooMuch { found: "kept=1".into() })]
#[case(6, "P 12 1 1 0 3 0 1,0 - 2 - - by=family", 31, Wrong::NotOffice { found: "family".into() })]
#[case(6, "P 12 1 1 0 3 0 1,0 - 2 - - with=friend", 33, Wrong::NotSibling { found: "friend".into() })]
#[case(6, "P 12 1 1 0 3 0 1 - 2 - - goes_on=0", 34, Wrong::GoesOnUnwished { offering: 0 })]
#[case(6, "P -1 1 1 0 3 0 - - - - -", 3, Wrong::Number { field: Field::Number, least: 0, most: u64::MAX, found: "-1".into() })]
#[case(6, "P 12 1 1 0 4 0 - - - - -", 12, Wrong::LimitAboveSchool { most: 3 })]
#[case(6, "P 12 1 1 0 3 0 1,0 - 2 -", 25, Wrong::Missing(Field::List))]
#[case(6, "P 12 1 1 0 3 0 1,3 - 2 - -", 18, Wrong::UnknownOffering { offering: 3, offerings: 3 })]
#[case(6, "P 12 1 1 0 3 0 1 0 2 - -", 18, Wrong::WrongDay { offering: 0, listed: Weekday::Tuesday, meets: Weekday::Monday })]
#[case(6, "P 12 1 1 0 3 0 1,1 - 2 - -", 18, Wrong::WishTwice { offering: 1 })]
#[case(6, "P 12 3 1 0 3 0 1 - - - -", 16, Wrong::NotEligible { offering: 1, unfit: Unfit::Grade })]
#[case(6, "P 12 1 2 0 3 0 1 - 2 - -", 20, Wrong::NotEligible { offering: 2, unfit: Unfit::Sex })]
#[case(6, "P 12 1 1 0 3 0 1, - 2 - -", 18, Wrong::Number { field: Field::Offering, least: 0, most: u64::from(u32::MAX), found: String::new() })]
fn what_is_wrong_is_told_with_its_place(
    #[case] line: usize,
    #[case] text: &str,
    #[case] column: usize,
    #[case] wrong: Wrong,
) {
    check(&with(line, text), line, column, wrong);
}

#[test]
fn what_the_file_says_of_itself_must_be_so() {
    for (line, text, field, stated, found) in [
        (1, "ALLOC1 small 7 2 2 3 4", Field::Schools, 2, 1),
        (1, "ALLOC1 small 7 1 2 3 5", Field::Wishes, 5, 4),
        (2, "L 0 4 2 3", Field::Offerings, 4, 3),
        (2, "L 0 3 1 3", Field::Applicants, 1, 2),
    ] {
        check(&with(line, text), line, 1, Wrong::Count { field, stated, found });
    }
}

#[test]
fn a_number_stands_for_one_child_and_one_school() {
    // told where it stands for the second time
    check(&GOOD.replace("P 5 ", "P 12 "), 7, 3, Wrong::NumberTwice { number: 12 });
    let text = format!("{GOOD}L 0 0 0 3\n");
    check(&text, 8, 1, Wrong::SchoolTwice { school: 0 });
}
