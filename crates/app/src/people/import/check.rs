//! What only shows when rows are laid beside each other: duplicates, namesakes, siblings, ruined classes.

use std::collections::{BTreeMap, HashMap};

use kehou_domain::people::cell::Cell;
use kehou_domain::people::class::{self, ClassKey};
use kehou_domain::people::phone::Phone;
use kehou_domain::people::problem::Problem;
use kehou_domain::people::{Sex, roster};

use super::grid::Grid;
use super::head::{Field, Head};
use super::sheet::number;
use super::{Finding, Guardian, Namesakes, Reading, Rejected, Roster, Sheet, Siblings, Student};

/// Rows whose class was kept as a number and may have lost its last nought: 3.1 where the grade has a 3.9.
pub(super) fn ruined_classes(grid: &Grid, head: &Head, reading: Reading) -> Vec<(u32, String)> {
    let columns = || head.blocks.iter().flatten().filter(|column| column.is(Field::Class));
    let numbers: Vec<(usize, &str, ClassKey)> = (head.last + 1..grid.rows())
        .flat_map(|row| columns().map(move |column| (row, column)))
        .filter_map(|(row, column)| {
            let Cell::Number(value) = grid.cell(row, column.index) else { return None };
            if value.fract() == 0.0 {
                return None;
            }
            let name = class::class(grid.cell(row, column.index)).ok()??;
            let key = name.key(reading.school_year(), reading.stage).ok()?;
            Some((row, column.label.as_str(), key))
        })
        .collect();
    let mut most: HashMap<i16, u8> = HashMap::new();
    for (_, _, key) in &numbers {
        let highest = most.entry(key.entered_year).or_default();
        *highest = (*highest).max(key.class_no);
    }
    let ambiguous =
        |key: &ClassKey| key.class_no == 1 && 9 <= most.get(&key.entered_year).copied().unwrap_or(0);
    numbers
        .iter()
        .filter(|(_, _, key)| ambiguous(key))
        .map(|(row, label, _)| (number(*row), (*label).to_owned()))
        .collect()
}

/// Refuses the pupils of ruined classes.
pub(super) fn refuse_ruined(sheet: &mut Sheet, ruined: &[(u32, String)]) {
    for (row, column) in ruined {
        reject(sheet, *row, column, Problem::ClassRuined);
    }
}

/// Refuses pupils who stand twice, in whichever sheets; answers who shares a guardian.
pub(super) fn across(sheets: &mut [Sheet]) -> Vec<Siblings> {
    let mut seen = HashMap::new();
    for sheet in sheets.iter_mut() {
        mark(sheet, &mut seen);
    }
    shared_phones(sheets);
    siblings(sheets)
}

type Seen = HashMap<(String, ClassKey), Vec<(u32, Vec<Guardian>)>>;

/// A pupil of the same name in the same class is the same pupil when a phone agrees, or when one row has none and the later
/// says nothing new. Otherwise somebody is asked.
fn mark(sheet: &mut Sheet, seen: &mut Seen) {
    let mut twice = Vec::new();
    for student in &mut sheet.students {
        let key = (student.name.clone(), student.class);
        let namesakes = seen.entry(key).or_default();
        let same = namesakes.iter().find_map(|(row, others)| same_pupil(*row, others, &student.guardians));
        match (same, namesakes.first()) {
            (Some(problem), _) => twice.push((student.row, problem)),
            (None, Some((row, _))) => note(student, Problem::SameName { row: *row }),
            (None, None) => {}
        }
        namesakes.push((student.row, student.guardians.clone()));
    }
    for (row, problem) in twice {
        reject(sheet, row, "", problem);
    }
}

/// Whether a later row with these guardians surely is the pupil of an earlier row, and whether it says more.
fn same_pupil(row: u32, earlier: &[Guardian], later: &[Guardian]) -> Option<Problem> {
    let phones = |guardians: &[Guardian]| -> Vec<Phone> {
        guardians.iter().flat_map(|guardian| guardian.phones.clone()).collect()
    };
    let (known, own) = (phones(earlier), phones(later));
    let says_more = !later.iter().all(|guardian| is_known(earlier, &known, guardian));
    if own.iter().any(|phone| known.contains(phone)) {
        let more = Problem::DuplicateStatesMore { row };
        return Some(if says_more { more } else { Problem::Duplicate { row } });
    }
    let without = own.is_empty() || known.is_empty();
    (without && !says_more).then_some(Problem::Duplicate { row })
}

/// Whether an earlier row has every number of the guardian, and the name beside one of them or alone.
fn is_known(earlier: &[Guardian], phones: &[Phone], guardian: &Guardian) -> bool {
    let is_named = |other: &Guardian| {
        other.name == guardian.name || guardian.phones.iter().any(|phone| other.phones.contains(phone))
    };
    guardian.phones.iter().all(|phone| phones.contains(phone))
        && (guardian.name.is_empty() || earlier.iter().any(is_named))
}

/// Pairs of rows that may be one pupil: the first of its name in the class, and each later one that does not differ in
/// itself.
pub(super) fn namesakes(sheets: &[Sheet]) -> Vec<Namesakes> {
    let mut firsts = HashMap::new();
    let mut found = Vec::new();
    for (sheet, students) in sheets.iter().map(|sheet| &sheet.students).enumerate() {
        for (place, student) in students.iter().enumerate() {
            let at = (sheet, place);
            let (first, known) =
                *firsts.entry((student.name.as_str(), student.class)).or_insert((at, student));
            if first != at && roster::may_be_one((known.sex, known.seat), (student.sex, student.seat)) {
                found.push(Namesakes { first, second: at, is_one: false });
            }
        }
    }
    found
}

fn note(student: &mut Student, problem: Problem) {
    let finding = Finding { column: String::new(), problem };
    if !student.problems.contains(&finding) {
        student.problems.push(finding);
    }
}

/// Takes the row's pupil out and says why.
fn reject(sheet: &mut Sheet, row: u32, column: &str, problem: Problem) {
    let gone: Vec<Student> = sheet.students.extract_if(.., |student| student.row == row).collect();
    sheet.rejected.extend(gone.into_iter().map(|student| Rejected {
        row,
        column: column.to_owned(),
        value: student.name,
        problem,
    }));
    sheet.rejected.sort_by_key(|rejected| rejected.row);
}

/// Notes phones that stand beside different guardians' names.
fn shared_phones(sheets: &mut [Sheet]) {
    let mut owners: HashMap<Phone, (String, u32)> = HashMap::new();
    for student in sheets.iter_mut().flat_map(|sheet| &mut sheet.students) {
        let mut clash = None;
        for guardian in student.guardians.iter().filter(|guardian| !guardian.name.is_empty()) {
            for phone in &guardian.phones {
                let owner =
                    owners.entry(phone.clone()).or_insert_with(|| (guardian.name.clone(), student.row));
                if owner.0 != guardian.name {
                    clash = Some(owner.1);
                }
            }
        }
        if let Some(row) = clash {
            note(student, Problem::PhoneShared { row });
        }
    }
}

fn siblings(sheets: &[Sheet]) -> Vec<Siblings> {
    let mut families: BTreeMap<(Phone, String), Vec<(usize, u32)>> = BTreeMap::new();
    for (place, sheet) in sheets.iter().enumerate() {
        for student in &sheet.students {
            for guardian in &student.guardians {
                for phone in &guardian.phones {
                    let rows = families.entry((phone.clone(), guardian.name.clone())).or_default();
                    rows.push((place, student.row));
                }
            }
        }
    }
    let mut found: Vec<Siblings> = Vec::new();
    for ((phone, _), rows) in families {
        // both parents' phones tell of the same children: once is enough
        if 1 < rows.len() && found.iter().all(|known| known.rows != rows) {
            found.push(Siblings { phone, rows });
        }
    }
    found
}

impl Roster {
    /// The pupil at a place.
    pub fn student(&self, (sheet, place): (usize, usize)) -> Option<&Student> {
        self.sheets.get(sheet)?.students.get(place)
    }

    /// The roster in which each pair that is one pupil is one, with the guardians of both rows.
    #[must_use]
    pub fn joined(&self) -> Roster {
        let mut joined = self.clone();
        let pairs: Vec<Namesakes> = self.namesakes.iter().filter(|pair| pair.is_one).copied().collect();
        for pair in &pairs {
            let Some(second) = self.student(pair.second) else { continue };
            if let Some(first) =
                joined.sheets.get_mut(pair.first.0).and_then(|s| s.students.get_mut(pair.first.1))
            {
                first.take_in(second);
            }
        }
        for (at, sheet) in joined.sheets.iter_mut().enumerate() {
            let mut place = 0..;
            let is_second = |place| pairs.iter().any(|pair| pair.second == (at, place));
            sheet.students.retain(|_| place.next().is_none_or(|place| !is_second(place)));
        }
        joined.namesakes.clear();
        joined
    }

    /// The siblings of the pupil in this sheet (counted from 0) and row (counted from 1).
    pub fn siblings_of(&self, sheet: usize, row: u32) -> impl Iterator<Item = (usize, u32)> {
        let own = (sheet, row);
        let families = self.siblings.iter().filter(move |family| family.rows.contains(&own));
        families.flat_map(|family| family.rows.clone()).filter(move |other| *other != own)
    }
}

impl Student {
    /// Takes in what another row says of the same pupil: its guardians, and what this row leaves empty.
    fn take_in(&mut self, other: &Student) {
        if self.sex == Sex::Unstated {
            self.sex = other.sex;
        }
        self.seat = self.seat.or(other.seat);
        self.boarding = self.boarding.or(other.boarding);
        self.guardians.extend(other.guardians.iter().cloned());
    }
}
