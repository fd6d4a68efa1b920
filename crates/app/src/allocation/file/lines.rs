//! The four kinds of line.

use jiff::civil::Weekday;
use kehou_domain::allocation::{
    Applicant, Applications, Channel, Kind, NumberTwice, Offering, Reserve, WishRefused,
};
use kehou_domain::people::Sex;
use kehou_domain::plan::{Grades, Weekdays, number};

use super::School;
use super::cursor::Cursor;
use super::problem::{Field, Problem, Wrong};

/// The weekdays of a file, in the order of their lists.
const DAYS: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

/// The most of what a file counts.
const MOST: u64 = u32::MAX as u64;

/// The first line: what the file says of itself.
pub(super) struct Head {
    schools: u64,
    applicants: u64,
    offerings: u64,
    wishes: u64,
}

impl Head {
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Head, Problem> {
        if !cursor.eat_word("ALLOC1") {
            return Err(cursor.wrong(Wrong::NotAlloc1));
        }
        cursor.skip_field(Field::Name)?;
        cursor.skip_field(Field::GeneratorSeed)?;
        let head = Head {
            schools: cursor.field(Field::Schools, 0, MOST)?,
            applicants: cursor.field(Field::Applicants, 0, MOST)?,
            offerings: cursor.field(Field::Offerings, 0, MOST)?,
            wishes: cursor.field(Field::Wishes, 0, MOST)?,
        };
        cursor.end_of_line()?;
        Ok(head)
    }

    /// Whether there is as much of everything as the first line says.
    pub(super) fn check(&self, schools: &[School]) -> Result<(), Problem> {
        let sum = |count: fn(&School) -> usize| schools.iter().map(count).sum::<usize>();
        let counts = [
            (Field::Schools, self.schools, schools.len()),
            (Field::Applicants, self.applicants, sum(|school| school.market.applicants().len())),
            (Field::Offerings, self.offerings, sum(|school| school.market.offerings().len())),
            (Field::Wishes, self.wishes, sum(|school| school.market.wishes().len())),
        ];
        counts.into_iter().try_for_each(|(field, stated, found)| count(1, field, stated, found))
    }
}

fn count(line: usize, field: Field, stated: u64, found: usize) -> Result<(), Problem> {
    let found = u64::try_from(found).unwrap_or(u64::MAX);
    if stated == found {
        return Ok(());
    }
    Err(Problem { line, column: 1, wrong: Wrong::Count { field, stated, found } })
}

/// A school whose lines are being read.
pub(super) struct Open {
    pub(super) stated: Stated,
    weekly_limit: u8,
    /// Offerings come first.
    offerings: Vec<Offering>,
    /// Which of them no child may have both of.
    apart: Vec<(u32, u32)>,
    /// From the first applicant on, nothing more is offered.
    applications: Option<Applications>,
}

/// What a school's line says of it.
#[derive(Clone, Copy)]
pub(super) struct Stated {
    pub(super) number: u32,
    pub(super) line: usize,
    offerings: u64,
    applicants: u64,
}

impl Open {
    /// The line of a school.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Open, Problem> {
        let line = cursor.line();
        cursor.eat(b'L');
        let number = cursor.field(Field::School, 0, MOST)?;
        let offerings = cursor.field(Field::Offerings, 0, MOST)?;
        let applicants = cursor.field(Field::Applicants, 0, MOST)?;
        let weekly_limit = small(cursor.field(Field::WeeklyLimit, 0, 5)?);
        cursor.end_of_line()?;
        let number = u32::try_from(number).expect("a field is within its bounds");
        let stated = Stated { number, line, offerings, applicants };
        Ok(Open { stated, weekly_limit, offerings: Vec::new(), apart: Vec::new(), applications: None })
    }

    /// The line of an offering.
    pub(super) fn offering(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        if self.applications.is_some() {
            return Err(cursor.wrong(Wrong::OfferingAfterApplicant));
        }
        cursor.eat(b'O');
        let (index, next) = (cursor.field(Field::Offering, 0, MOST)?, as_wide(self.offerings.len()));
        if index != next {
            return Err(cursor.wrong_number(Wrong::OutOfOrder { next }));
        }
        let title = u32::try_from(cursor.field(Field::Title, 0, MOST)?).expect("within its bounds");
        let weekday = DAYS[usize::from(small(cursor.field(Field::Day, 0, 4)?))];
        let kind = [Kind::Club, Kind::MovingClass, Kind::Mixed]
            [usize::from(small(cursor.field(Field::Kind, 0, 2)?))];
        let capacity = seats(cursor, kind)?;
        let minimum = u16::try_from(cursor.field(Field::Minimum, 0, 1000)?).expect("within its bounds");
        let grades = grades(cursor)?;
        let sex = match cursor.field(Field::Sex, 0, 2)? {
            0 => None,
            one => Some(sex(one)),
        };
        let also_on = also_on(cursor, weekday)?;
        let reserve = reserve(cursor, capacity)?;
        self.read_apart(cursor)?;
        cursor.end_of_line()?;
        self.offerings.push(Offering {
            title,
            weekday,
            also_on,
            kind,
            capacity,
            minimum,
            grades,
            sex,
            reserve,
        });
        Ok(())
    }

    /// What no child may have besides this offering; each pair stands with the later of the two.
    fn read_apart(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        let own = self.offerings.len();
        let Some(before) = own.checked_sub(1) else { return Ok(()) };
        let others = cursor.list("apart", Field::Offering, as_wide(before))?;
        let pair = |other: u64| Some((u32::try_from(own).ok()?, u32::try_from(other).ok()?));
        self.apart.extend(others.into_iter().filter_map(pair));
        Ok(())
    }

    /// The line of an applicant.
    pub(super) fn applicant(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Problem> {
        let most = self.weekly_limit;
        let (offerings, apart) = (&mut self.offerings, &self.apart);
        let applications =
            self.applications.get_or_insert_with(|| applications(std::mem::take(offerings), apart));
        cursor.eat(b'P');
        let number = cursor.field(Field::Number, 0, u64::MAX)?;
        let grade = small(cursor.field(Field::Grade, 1, u64::from(Grades::HIGHEST))?);
        let sex = sex(cursor.field(Field::Sex, 1, 2)?);
        let tier = u8::from(cursor.field(Field::Priority, 0, 15)? == 0);
        let weekly_limit = small(cursor.field(Field::WeeklyLimit, 0, 5)?);
        if most < weekly_limit {
            return Err(cursor.wrong_number(Wrong::LimitAboveSchool { most }));
        }
        let family = cursor.field(Field::Family, 0, u64::MAX)?;
        let channel = Channel::Family;
        let applicant = Applicant { number, grade, sex, tier, weekly_limit, family, channel };
        applications.begin(applicant);
        for weekday in DAYS {
            list(cursor, applications, &applicant, weekday)?;
        }
        rarely(cursor, applications)?;
        cursor.end_of_line()
    }

    /// The school with its market.
    pub(super) fn close(self) -> Result<School, NumberTwice> {
        let number = self.stated.number;
        let applications = self.applications.unwrap_or_else(|| applications(self.offerings, &self.apart));
        applications.close().map(|market| School { number, market })
    }
}

impl Stated {
    /// Whether a school has as much as its line says.
    pub(super) fn check(self, school: &School) -> Result<(), Problem> {
        count(self.line, Field::Offerings, self.offerings, school.market.offerings().len())?;
        count(self.line, Field::Applicants, self.applicants, school.market.applicants().len())
    }

    /// A problem of the school as a whole, at its line.
    pub(super) fn wrong(self, wrong: Wrong) -> Problem {
        Problem { line: self.line, column: 1, wrong }
    }
}

fn applications(offerings: Vec<Offering>, apart: &[(u32, u32)]) -> Applications {
    let mut applications = Applications::to(offerings);
    for (one, other) in apart {
        applications.keep_apart(*one, *other).expect("both were offered when the pair was read");
    }
    applications
}

/// The further days of an offering, later than its first.
fn also_on(cursor: &mut Cursor<'_>, first: Weekday) -> Result<Weekdays, Problem> {
    let days = cursor.list("also", Field::Day, 4)?;
    let days = Weekdays::of(days.into_iter().map(|day| small(day) + 1));
    if days.iter().any(|day| day <= number(first)) {
        return Err(cursor.wrong_number(Wrong::AlsoEarlier));
    }
    Ok(days)
}

/// The seats that are kept for some first, no more than there are.
fn reserve(cursor: &mut Cursor<'_>, capacity: u16) -> Result<Reserve, Problem> {
    let mut left = capacity;
    let mut seats = |cursor: &mut Cursor<'_>, key| {
        let kept =
            if cursor.eat_key(key) { Some(cursor.number(Field::Kept, 0, u64::from(left))?) } else { None };
        let kept = kept.map(|kept| u16::try_from(kept).expect("within its bounds"));
        left -= kept.unwrap_or(0);
        Ok(kept)
    };
    Ok(Reserve { priority: seats(cursor, "kept")?, office: seats(cursor, "office")?.unwrap_or(0) })
}

/// What most applications do not have.
fn rarely(cursor: &mut Cursor<'_>, applications: &mut Applications) -> Result<(), Problem> {
    if cursor.eat_key("by") {
        if !cursor.eat_word("office") {
            return Err(cursor.wrong(Wrong::NotOffice { found: cursor.found() }));
        }
        applications.by_office();
    }
    for wished in cursor.list("goes_on", Field::Offering, MOST)? {
        let offering = u32::try_from(wished).expect("within its bounds");
        if applications.go_on(offering).is_err() {
            return Err(cursor.wrong_number(Wrong::GoesOnUnwished { offering }));
        }
    }
    let days = cursor.list("week", Field::Day, 4)?;
    let order: Vec<Weekday> = days.into_iter().map(|day| DAYS[usize::from(small(day))]).collect();
    applications.order(&order);
    if cursor.eat_key("with") {
        if !cursor.eat_word("sibling") {
            return Err(cursor.wrong(Wrong::NotSibling { found: cursor.found() }));
        }
        applications.beside_sibling();
    }
    Ok(())
}

/// A weekday's list of wishes.
fn list(
    cursor: &mut Cursor<'_>,
    applications: &mut Applications,
    applicant: &Applicant,
    weekday: Weekday,
) -> Result<(), Problem> {
    if !cursor.eat(b' ') {
        return Err(cursor.wrong(Wrong::Missing(Field::List)));
    }
    if cursor.eat(b'-') {
        return Ok(());
    }
    loop {
        let Some(wished) = cursor.accept(0, MOST) else {
            return Err(cursor.no_number(Field::Offering, 0, MOST));
        };
        let offering = u32::try_from(wished).expect("within its bounds");
        if let Err(refused) = applications.wish(weekday, offering) {
            let offerings = applications.offerings().len();
            return Err(cursor.wrong_number(not_taken(refused, offering, weekday, offerings)));
        }
        if let Err(unfit) = applications.offerings()[offering as usize].fits(applicant) {
            return Err(cursor.wrong_number(Wrong::NotEligible { offering, unfit }));
        }
        if !cursor.eat(b',') {
            return Ok(());
        }
    }
}

fn not_taken(refused: WishRefused, offering: u32, listed: Weekday, offerings: usize) -> Wrong {
    match refused {
        WishRefused::Unknown | WishRefused::NotWished => {
            Wrong::UnknownOffering { offering: u64::from(offering), offerings }
        }
        WishRefused::MeetsOn(meets) => Wrong::WrongDay { offering, listed, meets },
        WishRefused::Twice => Wrong::WishTwice { offering },
    }
}

fn seats(cursor: &mut Cursor<'_>, kind: Kind) -> Result<u16, Problem> {
    let capacity = cursor.field(Field::Capacity, 0, 1000)?;
    if u64::from(kind.most()) < capacity {
        return Err(cursor.wrong_number(Wrong::TooManySeats { kind }));
    }
    Ok(u16::try_from(capacity).expect("within its bounds"))
}

fn grades(cursor: &mut Cursor<'_>) -> Result<Grades, Problem> {
    let lowest = small(cursor.field(Field::Grade, 1, u64::from(Grades::HIGHEST))?);
    let highest = small(cursor.field(Field::Grade, 1, u64::from(Grades::HIGHEST))?);
    if highest < lowest {
        return Err(cursor.wrong_number(Wrong::GradesBackwards));
    }
    Ok(Grades::of(lowest..=highest))
}

/// 1 for a girl, 2 for a boy.
fn sex(number: u64) -> Sex {
    if number == 1 { Sex::Female } else { Sex::Male }
}

fn small(number: u64) -> u8 {
    u8::try_from(number).expect("a field is within its bounds")
}

fn as_wide(count: usize) -> u64 {
    u64::try_from(count).expect("a count fits into 64 bits")
}
