//! Reading a file of numbers byte by byte, knowing line and column.

use super::problem::{Field, Problem, Wrong};

/// The longest piece of a file that is shown with a problem, in bytes.
const LONGEST_FOUND: usize = 20;

pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    line_begins: usize,
    line: usize,
    /// Where the number begins that was read last.
    number_begins: usize,
}

impl<'a> Cursor<'a> {
    /// Over a file; the mark with which some programs begin UTF-8 is passed over.
    pub(super) fn over(bytes: &'a [u8]) -> Cursor<'a> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Cursor { bytes, at: 0, line_begins: 0, line: 1, number_begins: 0 }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.bytes.len() <= self.at
    }

    /// The line, from 1.
    pub(super) const fn line(&self) -> usize {
        self.line
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Goes past this byte if it stands here.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let is_here = self.peek() == Some(byte);
        self.at += usize::from(is_here);
        is_here
    }

    /// Goes past this word if it stands here, followed by a blank.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let is_here = self.word(self.at) == word.as_bytes();
        self.at += if is_here { word.len() } else { 0 };
        is_here
    }

    /// Goes past a key and its equals sign, after a blank, if they stand here.
    pub(super) fn eat_key(&mut self, key: &str) -> bool {
        let rest =
            self.bytes[self.at..].strip_prefix(b" ").and_then(|rest| rest.strip_prefix(key.as_bytes()));
        let is_here = rest.is_some_and(|rest| rest.starts_with(b"="));
        self.at += if is_here { key.len() + 2 } else { 0 };
        is_here
    }

    /// Numbers with commas between them; none when the key does not stand here.
    pub(super) fn list(&mut self, key: &str, field: Field, most: u64) -> Result<Vec<u64>, Problem> {
        let mut numbers = Vec::new();
        let mut goes_on = self.eat_key(key);
        while goes_on {
            numbers.push(self.number(field, 0, most)?);
            goes_on = self.eat(b',');
        }
        Ok(numbers)
    }

    /// A field that is any word.
    pub(super) fn skip_field(&mut self, field: Field) -> Result<(), Problem> {
        let is_there = self.eat(b' ') && !self.word(self.at).is_empty();
        if !is_there {
            return Err(self.wrong(Wrong::Missing(field)));
        }
        self.at += self.word(self.at).len();
        Ok(())
    }

    /// A field after its blank: a whole number between these, both included.
    pub(super) fn field(&mut self, field: Field, least: u64, most: u64) -> Result<u64, Problem> {
        if !self.eat(b' ') {
            return Err(self.wrong(Wrong::Missing(field)));
        }
        self.number(field, least, most)
    }

    /// A whole number that begins here.
    pub(super) fn number(&mut self, field: Field, least: u64, most: u64) -> Result<u64, Problem> {
        match self.accept(least, most) {
            Some(number) => Ok(number),
            None => Err(self.no_number(field, least, most)),
        }
    }

    /// The same without its problem, which is rare and large.
    pub(super) fn accept(&mut self, least: u64, most: u64) -> Option<u64> {
        self.number_begins = self.at;
        let number = self.digits().filter(|number| (least..=most).contains(number))?;
        matches!(self.peek(), None | Some(b' ' | b',' | b'\n' | b'\r')).then_some(number)
    }

    /// What is wrong where a number was expected.
    #[cold]
    pub(super) fn no_number(&self, field: Field, least: u64, most: u64) -> Problem {
        let found = found(self.word(self.number_begins));
        self.wrong_number(Wrong::Number { field, least, most, found })
    }

    /// The number that these digits make, and past them.
    fn digits(&mut self) -> Option<u64> {
        let rest = &self.bytes[self.at..];
        let mut number: u64 = 0;
        let mut length = 0;
        while let Some(digit @ b'0'..=b'9') = rest.get(length) {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            length += 1;
        }
        self.at += length;
        match length {
            0 => None,
            1..=19 => Some(number),
            // only so long a number can be too large
            _ => std::str::from_utf8(&rest[..length]).ok()?.parse().ok(),
        }
    }

    /// The end of the line; a carriage return before it is borne.
    pub(super) fn end_of_line(&mut self) -> Result<(), Problem> {
        let end = self.at + usize::from(self.peek() == Some(b'\r'));
        match self.bytes.get(end) {
            None | Some(b'\n') => {
                self.at = (end + 1).min(self.bytes.len());
                self.line_begins = self.at;
                self.line += 1;
                Ok(())
            }
            Some(_) => {
                self.eat(b' ');
                Err(self.wrong(Wrong::TooMuch { found: self.found() }))
            }
        }
    }

    /// Leaves the line as it is and goes to the next.
    pub(super) fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        self.at += length;
        self.line_begins = self.at;
        self.line += 1;
    }

    /// The applicant's line, after the school's, where a number stands for the second time. It is looked for only when it
    /// is known to stand there twice.
    #[cold]
    pub(super) fn number_twice(&self, school: usize, number: u64) -> Problem {
        let lines = (1..).zip(self.bytes.split(|byte| *byte == b'\n')).skip(school);
        let has_number = |line: &[u8]| {
            let word = line.strip_prefix(b"P ")?.split(|byte| *byte == b' ').next()?;
            std::str::from_utf8(word).ok()?.parse::<u64>().ok().filter(|known| *known == number)
        };
        let line =
            lines.filter(|(_, line)| has_number(line).is_some()).nth(1).map_or(school, |(line, _)| line);
        Problem { line, column: 3, wrong: Wrong::NumberTwice { number } }
    }

    /// A problem at this place.
    pub(super) fn wrong(&self, wrong: Wrong) -> Problem {
        self.wrong_at(self.at, wrong)
    }

    /// A problem with the number that was read last.
    pub(super) fn wrong_number(&self, wrong: Wrong) -> Problem {
        self.wrong_at(self.number_begins, wrong)
    }

    fn wrong_at(&self, at: usize, wrong: Wrong) -> Problem {
        let before = String::from_utf8_lossy(&self.bytes[self.line_begins..at]);
        Problem { line: self.line, column: before.chars().count() + 1, wrong }
    }

    /// What stands here, for the person who has to find it.
    pub(super) fn found(&self) -> String {
        found(self.word(self.at))
    }

    /// What stands at a place, up to the next blank, comma or end of the line.
    fn word(&self, at: usize) -> &'a [u8] {
        let rest = &self.bytes[at..];
        let ends = |byte: &u8| matches!(byte, b' ' | b',' | b'\n' | b'\r');
        &rest[..rest.iter().position(ends).unwrap_or(rest.len())]
    }
}

fn found(word: &[u8]) -> String {
    String::from_utf8_lossy(&word[..word.len().min(LONGEST_FOUND)]).into_owned()
}
