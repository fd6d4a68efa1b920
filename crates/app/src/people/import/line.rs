//! One row of a sheet: the pupil it states, and what is wrong with its cells.

use kehou_domain::people::cell::{self, Cell};
use kehou_domain::people::class::{self, ClassKey, ClassName};
use kehou_domain::people::problem::Problem;
use kehou_domain::people::{name, phone};

use super::grid::Grid;
use super::head::{Column, Field, Who};
use super::sheet::number;
use super::{Finding, Guardian, Reading, Student};

/// A row within one table of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) grid: &'a Grid,
    pub(super) row: usize,
    pub(super) block: &'a [Column],
    /// The class that the sheet's title states.
    pub(super) class: Option<ClassName>,
    pub(super) reading: Reading,
}

/// A problem with the value that stands in its cell.
pub(super) type Found = (String, Finding);

impl<'a> Line<'a> {
    fn column(&self, field: Field) -> Option<&'a Column> {
        self.block.iter().find(|column| column.is(field))
    }

    fn cell(&self, column: &Column) -> &'a Cell {
        self.grid.cell(self.row, column.index)
    }

    /// Whether the row goes on with the pupil of the row above: the name is merged over both.
    pub(super) fn continues_above(&self) -> bool {
        self.column(Field::Name).is_some_and(|column| self.grid.is_continued(self.row, column.index))
    }

    /// Reads the field's cell; a problem is noted and the value left out.
    fn take<T: Default>(
        &self,
        field: Field,
        read: impl Fn(&Cell) -> Result<T, Problem>,
        found: &mut Vec<Found>,
    ) -> T {
        let Some(column) = self.column(field) else { return T::default() };
        read(self.cell(column)).unwrap_or_else(|problem| {
            found.push(self.found(column, problem));
            T::default()
        })
    }

    fn found(&self, column: &Column, problem: Problem) -> Found {
        let shown = self.cell(column).shown();
        // a citizen id is never repeated in full
        let value = if column.is(Field::LongNumber) {
            format!("{}…", shown.chars().take(6).collect::<String>())
        } else {
            shown
        };
        (value, Finding { column: column.label.clone(), problem })
    }
}

/// The name in the row, where it has a readable one.
pub(super) fn name(line: &Line<'_>) -> Option<String> {
    line.column(Field::Name).and_then(|column| read_name(line.cell(column)).ok().flatten())
}

/// The pupil, unless the row is refused, and every problem of the row.
pub(super) fn read(line: &Line<'_>) -> (Option<Student>, Vec<Found>) {
    let mut found = Vec::new();
    let name = line.take(Field::Name, read_name, &mut found);
    let class = class_key(line, &mut found);
    let sex = line.take(Field::Sex, cell::sex, &mut found);
    let seat = line.take(Field::Seat, cell::seat, &mut found);
    let boarding = line.take(Field::Boarding, |cell| cell::boarding(cell).map(Some), &mut found);
    let homeroom = line.take(Field::Homeroom, name::name, &mut found);
    let guardians = guardians(line, &mut found);
    long_numbers(line, &mut found);
    if guardians.iter().all(|guardian| guardian.phones.is_empty()) {
        let column = String::new();
        found.push((String::new(), Finding { column, problem: Problem::NobodyToCall }));
    }
    let grade = class.and_then(|class| class.grade_in(line.reading.school_year()));
    let student = name.zip(class).zip(grade).map(|((name, class), grade)| Student {
        row: number(line.row),
        name,
        sex,
        class,
        grade,
        seat,
        boarding,
        homeroom,
        guardians,
        problems: Vec::new(),
    });
    if student.is_none() {
        found.retain(|(_, finding)| finding.problem != Problem::NobodyToCall);
    }
    (student, found)
}

fn read_name(cell: &Cell) -> Result<Option<String>, Problem> {
    name::name(cell)?.ok_or(Problem::NameMissing).map(Some)
}

fn class_key(line: &Line<'_>, found: &mut Vec<Found>) -> Option<ClassKey> {
    let (class, grade) = (line.column(Field::Class), line.column(Field::Grade));
    let named = match (class, grade) {
        (Some(class), Some(grade)) => class::class_in_two(line.cell(grade), line.cell(class)),
        (Some(only), None) | (None, Some(only)) => class::class(line.cell(only)),
        (None, None) => Ok(None),
    };
    let key = named.and_then(|named| {
        // a column of classes speaks for itself; without one the sheet's title does
        let named = if class.or(grade).is_some() { named } else { line.class };
        let key = named.ok_or(Problem::ClassMissing)?.key(line.reading.school_year(), line.reading.stage)?;
        let is_taught = line.reading.only.is_none_or(|only| only == key.stage);
        if is_taught { Ok(key) } else { Err(Problem::GradeElsewhere) }
    });
    key.map_err(|problem| {
        let place = class.or(grade);
        let nowhere = || (String::new(), Finding { column: String::new(), problem });
        found.push(place.map_or_else(nowhere, |column| line.found(column, problem)));
    })
    .ok()
}

fn long_numbers(line: &Line<'_>, found: &mut Vec<Found>) {
    for column in line.block.iter().filter(|column| column.is(Field::LongNumber)) {
        if let Err(problem) = cell::long_number(line.cell(column)) {
            found.push(line.found(column, problem));
        }
    }
}

/// A guardian being put together from columns.
#[derive(Debug, Clone)]
struct Slot {
    who: Who,
    named: bool,
    guardian: Guardian,
}

/// The guardians of the row, from however many columns.
pub(super) fn guardians(line: &Line<'_>, found: &mut Vec<Found>) -> Vec<Guardian> {
    let mut slots: Vec<Slot> = Vec::new();
    for column in line.block {
        let result = match column.field {
            Some(Field::GuardianName(who)) => take_name(&mut slots, who, line.cell(column)),
            Some(Field::Relation(who)) => take_relation(&mut slots, who, line.cell(column)),
            Some(Field::Phone(who)) => take_phones(&mut slots, who, line.cell(column)),
            Some(_) | None => Ok(()),
        };
        if let Err(problem) = result {
            found.push(line.found(column, problem));
        }
    }
    let stated = |guardian: &Guardian| !guardian.name.is_empty() || !guardian.phones.is_empty();
    slots.into_iter().map(|slot| slot.guardian).filter(stated).collect()
}

fn take_name(slots: &mut Vec<Slot>, who: Who, cell: &Cell) -> Result<(), Problem> {
    let at = match slots.iter().position(|slot| slot.who == who && !slot.named) {
        Some(at) => at,
        None => add(slots, who),
    };
    slots[at].named = true;
    if let Some((name, relation)) = name::guardian(cell)? {
        slots[at].guardian.name = name;
        if let Some(relation) = relation {
            slots[at].guardian.relation = relation;
        }
    }
    Ok(())
}

fn take_relation(slots: &mut Vec<Slot>, who: Who, cell: &Cell) -> Result<(), Problem> {
    let relation = name::name(cell)?.unwrap_or_default();
    let at = of(slots, who);
    if !relation.is_empty() {
        slots[at].guardian.relation = relation;
    }
    Ok(())
}

fn take_phones(slots: &mut Vec<Slot>, who: Who, cell: &Cell) -> Result<(), Problem> {
    let phones = phone::phones(cell)?;
    let at = of(slots, who);
    for phone in phones {
        if !slots[at].guardian.phones.contains(&phone) {
            slots[at].guardian.phones.push(phone);
        }
    }
    Ok(())
}

/// The guardian that a relation or phone belongs to: the one of that word, or the last one begun.
fn of(slots: &mut Vec<Slot>, who: Who) -> usize {
    let own = slots.iter().rposition(|slot| slot.who == who);
    let last = slots.len().checked_sub(1).filter(|_| who == Who::Any);
    own.or(last).unwrap_or_else(|| add(slots, who))
}

fn add(slots: &mut Vec<Slot>, who: Who) -> usize {
    let relation = match who {
        Who::Kin(word) => word.to_owned(),
        Who::Any | Who::Nth(_) => String::new(),
    };
    slots.push(Slot { who, named: false, guardian: Guardian { relation, ..Guardian::default() } });
    slots.len() - 1
}
