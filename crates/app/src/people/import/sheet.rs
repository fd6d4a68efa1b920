//! One sheet: titles, headings, pupils, totals, notes.

use kehou_domain::people::cell::squeeze;
use kehou_domain::people::class::{ClassName, class_within};
use kehou_domain::people::problem::{Problem, Weight};

use super::check;
use super::grid::Grid;
use super::head::{self, Column, Field, Head};
use super::line::{self, Line};
use super::{Finding, Reading, Rejected, Sheet, Skipped, Why};

/// A sheet while it is read.
struct Reader<'a> {
    grid: &'a Grid,
    head: &'a Head,
    reading: Reading,
    /// The class that the title or the sheet's name states, for sheets of one class.
    class: Option<ClassName>,
    sheet: Sheet,
}

/// What the sheet says.
pub(super) fn read(grid: &Grid, reading: Reading) -> Sheet {
    let sheet = Sheet { name: grid.name.clone(), hidden: grid.hidden, ..Sheet::default() };
    if grid.hidden {
        return sheet;
    }
    let Some(head) = head::find(grid) else {
        let skipped = (0..grid.rows()).filter(|row| !grid.texts(*row).is_empty());
        return Sheet {
            skipped: skipped.map(|row| Skipped { row: number(row), why: Why::NoHeader }).collect(),
            ..sheet
        };
    };
    let mut reader = Reader { grid, head: &head, reading, class: class_of(grid, &head), sheet };
    reader.heads();
    reader.rows();
    check::refuse_ruined(&mut reader.sheet, &check::ruined_classes(grid, &head, reading));
    reader.sheet
}

/// The row's number as the sheet shows it.
pub(super) fn number(row: usize) -> u32 {
    u32::try_from(row + 1).unwrap_or(u32::MAX)
}

/// The class in a title row or the sheet's name.
fn class_of(grid: &Grid, head: &Head) -> Option<ClassName> {
    let titles = (0..head.first).flat_map(|row| grid.texts(row));
    titles.chain([grid.name.clone()]).find_map(|text| class_within(&text))
}

impl Reader<'_> {
    fn heads(&mut self) {
        for row in 0..self.head.first {
            let why = if self.grid.texts(row).is_empty() { Why::Blank } else { Why::Title };
            self.sheet.skipped.push(Skipped { row: number(row), why });
        }
        self.sheet.header_rows = (self.head.first..=self.head.last).map(number).collect();
        let columns = self.head.blocks.iter().flatten();
        let left =
            columns.filter(|column| matches!(column.field, Some(Field::LongNumber | Field::NotKept) | None));
        self.sheet.columns_left = left.map(|column| column.label.clone()).collect();
        for block in &self.head.blocks {
            let doubled =
                block.iter().enumerate().filter(|(place, column)| column.is_twice(&block[..*place]));
            self.sheet.columns_twice.extend(doubled.map(|(_, column)| column.label.clone()));
            let named = block.iter().filter(|column| column.is_second_name());
            self.sheet.columns_of_guardians.extend(named.map(|column| column.label.clone()));
        }
    }

    fn rows(&mut self) {
        for row in self.head.last + 1..self.grid.rows() {
            match self.skip(row) {
                Some(why) => self.sheet.skipped.push(Skipped { row: number(row), why }),
                None => self.row(row),
            }
        }
    }

    /// Why the row is no data, or nothing.
    fn skip(&self, row: usize) -> Option<Why> {
        let texts: Vec<String> = self.grid.texts(row).iter().map(|text| squeeze(text)).collect();
        let Some(first) = texts.first() else { return Some(Why::Blank) };
        if self.repeats_head(row) {
            return Some(Why::Header);
        }
        // a pupil's name may begin like such a line; a telephone number stands in neither
        if !self.has_phone(row) {
            if texts.iter().take(3).any(|text| is_total(text)) {
                return Some(Why::Total);
            }
            if is_note(first, texts.len()) {
                return Some(Why::Note);
            }
        }
        let filled = self.head.blocks.iter().any(|block| self.is_filled(row, block));
        (!filled).then_some(Why::Blank)
    }

    /// Whether a column of telephone numbers has a whole one in the row.
    fn has_phone(&self, row: usize) -> bool {
        let phones = self.head.blocks.iter().flatten();
        let phones = phones.filter(|column| matches!(column.field, Some(Field::Phone(_))));
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        phones
            .map(|column| self.grid.cell(row, column.index))
            .any(|cell| 11 <= digits(&squeeze(&cell.shown())))
    }

    fn repeats_head(&self, row: usize) -> bool {
        let names = self.head.blocks.iter().flatten().filter(|column| column.is(Field::Name));
        names
            .map(|column| self.grid.cell(row, column.index))
            .any(|cell| head::single(&cell.shown()) == Some(Field::Name))
    }

    /// Whether anything but a running number and a class stands in the block.
    fn is_filled(&self, row: usize, block: &[Column]) -> bool {
        let given = block.iter().filter(|column| {
            !matches!(
                column.field,
                Some(Field::Number | Field::Class | Field::Grade | Field::Homeroom) | None
            )
        });
        given.map(|column| self.grid.cell(row, column.index)).any(|cell| !cell.is_blank())
    }

    fn row(&mut self, row: usize) {
        for block in &self.head.blocks {
            if !self.is_filled(row, block) {
                continue;
            }
            let line = Line { grid: self.grid, row, block, class: self.class, reading: self.reading };
            if line.continues_above() {
                let guardians = line::guardians(&line, &mut Vec::new());
                if let Some(student) = self.sheet.students.last_mut() {
                    student.guardians.extend(guardians);
                    student.problems.retain(|finding| finding.problem != Problem::NobodyToCall);
                    continue;
                }
            }
            let (student, findings) = line::read(&line);
            if student.is_none() {
                self.sheet.names_refused.extend(line::name(&line));
            }
            self.sheet.rejected.extend(
                findings.iter().filter(|found| found.1.problem.weight() != Weight::Note).map(
                    |(value, finding)| Rejected {
                        row: number(row),
                        column: finding.column.clone(),
                        value: value.clone(),
                        problem: finding.problem,
                    },
                ),
            );
            if let Some(mut student) = student {
                student.problems.extend(findings.into_iter().map(|(_, finding): (String, Finding)| finding));
                self.sheet.students.push(student);
            }
        }
    }
}

fn is_total(text: &str) -> bool {
    let counts = text.starts_with('共') && text.ends_with(['人', '名']);
    counts || ["合计", "总计", "小计", "总人数", "共计", "人数合计"].iter().any(|word| text.starts_with(word))
}

fn is_note(first: &str, texts: usize) -> bool {
    const WORDS: [&str; 14] = [
        "注:",
        "注：",
        "备注",
        "说明",
        "填表",
        "填报",
        "制表",
        "审核",
        "班主任签",
        "班主任:",
        "校长签",
        "校长:",
        "联系人:",
        "日期:",
    ];
    let lone = texts == 1 && (8 < first.chars().count() || first.contains(['。', ':']));
    lone || WORDS.iter().any(|word| first.starts_with(word)) || first.starts_with("注、")
}
