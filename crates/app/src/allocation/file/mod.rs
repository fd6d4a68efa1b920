//! Files of the format ALLOC1: one record a line, fields with one blank between them.
//!
//! ```text
//! ALLOC1 <name> <seed> <schools> <applicants> <offerings> <wishes>
//! L <school> <offerings> <applicants> <week_max>
//! O <idx> <title> <day 0-4> <kind 0 club|1 moving|2 mixed> <seats> <minimum> <grade_lo> <grade_hi> <sex 0|1 F|2 M>
//! P <number> <grade> <sex 1 F|2 M> <priority 0-15> <week_max> <family 0|n> <Mon> <Tue> <Wed> <Thu> <Fri>
//! ```
//!
//! A weekday's list holds offerings, best first, with commas between them, or `-`.
//!
//! A line may go on with what most do not have, in this order, lists with commas between:
//!
//! ```text
//! O … also=<days> kept=<seats> office=<seats> apart=<idx before it>
//! P … by=office goes_on=<idx> week=<days> with=sibling
//! ```

mod cursor;
mod lines;
mod problem;
#[cfg(test)]
mod tests;

use kehou_domain::allocation::{Market, NumberTwice};

pub use problem::{Field, Problem, Wrong};

use cursor::Cursor;
use lines::{Head, Open};

/// One school of a file; schools are markets apart.
#[derive(Debug)]
pub struct School {
    /// Its number.
    pub number: u32,
    /// Its market.
    pub market: Market,
}

/// The most problems that are told at once.
const MOST_PROBLEMS: usize = 20;

/// Reads a file whole, or says what is wrong with it: of the applicants' lines up to 20 problems, of anything else the
/// first, since what follows cannot be judged.
pub fn read(bytes: &[u8]) -> Result<Vec<School>, Vec<Problem>> {
    let mut reading = Reading { cursor: Cursor::over(bytes), problems: Vec::new(), schools: Vec::new() };
    match reading.run() {
        Err(problem) => reading.problems.push(problem),
        Ok(()) if reading.problems.is_empty() => return Ok(reading.schools),
        Ok(()) => {}
    }
    Err(reading.problems)
}

struct Reading<'a> {
    cursor: Cursor<'a>,
    problems: Vec<Problem>,
    schools: Vec<School>,
}

impl Reading<'_> {
    fn run(&mut self) -> Result<(), Problem> {
        let head = Head::read(&mut self.cursor)?;
        let mut open: Option<Open> = None;
        while !self.cursor.is_at_end() {
            match self.cursor.peek() {
                Some(b'P') => self.applicant(open.as_mut())?,
                Some(b'O') => {
                    let school = open.as_mut().ok_or_else(|| self.cursor.wrong(Wrong::NoSchool))?;
                    school.offering(&mut self.cursor)?;
                }
                Some(b'L') => {
                    self.close(open.take())?;
                    open = Some(self.school()?);
                }
                Some(_) | None => {
                    return Err(self.cursor.wrong(Wrong::UnknownLine { found: self.cursor.found() }));
                }
            }
        }
        self.close(open)?;
        if self.problems.is_empty() { head.check(&self.schools) } else { Ok(()) }
    }

    /// A wrong line of an applicant does not hide the next one's.
    fn applicant(&mut self, open: Option<&mut Open>) -> Result<(), Problem> {
        let Some(school) = open else { return Err(self.cursor.wrong(Wrong::NoSchool)) };
        if let Err(problem) = school.applicant(&mut self.cursor) {
            if self.problems.len() + 1 == MOST_PROBLEMS {
                return Err(problem);
            }
            self.problems.push(problem);
            self.cursor.skip_line();
        }
        Ok(())
    }

    fn school(&mut self) -> Result<Open, Problem> {
        let open = Open::read(&mut self.cursor)?;
        let school = open.stated.number;
        let twice = self.schools.iter().any(|known| known.number == school);
        if twice { Err(open.stated.wrong(Wrong::SchoolTwice { school })) } else { Ok(open) }
    }

    /// A school ends where the next begins, or the file. Lines that were refused are not missed besides.
    fn close(&mut self, open: Option<Open>) -> Result<(), Problem> {
        let Some(open) = open else { return Ok(()) };
        let stated = open.stated;
        let twice = |NumberTwice(number)| self.cursor.number_twice(stated.line, number);
        let school = open.close().map_err(twice)?;
        if self.problems.is_empty() {
            stated.check(&school)?;
        }
        self.schools.push(school);
        Ok(())
    }
}
