//! Importing a roster workbook: compared first, then all of it or nothing (G1, B1).

use std::collections::{BTreeMap, BTreeSet};

use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::ImportRoster;
use kehou_domain::ids::{ClassId, GuardianId, ImportId, StudentId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::people::contact::{Contact, NameChange};
use kehou_domain::people::phone::Phone;
use kehou_domain::people::roster::{self, Comparison, Difference, Entry, Meaning};
use kehou_domain::people::{Boarding, LeftWhy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::admission::{Admission, NewGuardian, NewStudent, depart};
use super::contacts::{self, GuardiansAdded, NameLine, Person};
use super::import::{self, Roster};
use super::rows::{change, import as uploads, staff};

/// What an import does, or did: counts of pupils.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// New on roll.
    pub added: u32,
    /// On roll already, and something is different.
    pub changed: u32,
    /// On roll already, and nothing is different.
    pub same: u32,
    /// In a class that the workbook covers, and in no row.
    pub missing: u32,
    /// Taken off the roll because they are missing.
    pub departed: u32,
}

/// Why an import is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportRefused {
    /// Rows or cells are refused and nobody said to go on without them.
    Rejections {
        /// How many.
        count: usize,
    },
    /// The workbook names no pupil.
    NoStudents,
    /// The roll has changed since the preview was shown.
    Changed,
}

impl ImportRefused {
    /// The code that programs go by.
    pub const fn code(self) -> &'static str {
        match self {
            ImportRefused::Rejections { .. } => "rejections",
            ImportRefused::NoStudents => "no_students",
            ImportRefused::Changed => "changed",
        }
    }
}

/// How somebody wants a workbook imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Import the good rows although others are refused.
    pub without_rejected: bool,
    /// Take pupils off the roll whom the workbook misses in its classes.
    pub missing_left: bool,
    /// What the person was shown; anything else refuses the import.
    pub shown: Option<Summary>,
}

/// One line of the comparison that a person looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The pupil's name.
    pub name: String,
    /// The class in the workbook, or on roll for a missing pupil.
    pub class: ClassKey,
    /// The class on roll, where the pupil moves.
    pub was_in: Option<ClassKey>,
    /// What is different.
    pub differences: Vec<Difference>,
}

/// A workbook laid beside the roll.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// The counts.
    pub summary: Summary,
    /// New pupils.
    pub added: Vec<Line>,
    /// Pupils with a difference.
    pub changed: Vec<Line>,
    /// Guardians who come to those on file.
    pub guardians: Vec<GuardiansAdded>,
    /// Guardians whom the workbook calls otherwise than the school does.
    pub names: Vec<NameLine>,
    /// Pupils whom the workbook misses.
    pub missing: Vec<Line>,
    /// The same pupils by their ids.
    pub missing_ids: Vec<StudentId>,
    /// Places among the workbook's namesakes that somebody has to decide; the roll does not tell.
    pub asks: Vec<usize>,
    /// Classes that do not exist yet.
    pub new_classes: Vec<ClassKey>,
    /// Those of them whose grade has no class yet, in a school that has classes: often a slip of the pen.
    pub new_grades: Vec<ClassKey>,
}

/// A workbook that waits for confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name.
    pub file_name: String,
    /// When it was uploaded.
    pub made_at: jiff::Timestamp,
    /// Its content; nothing once it was imported or dropped.
    pub bytes: Option<Vec<u8>>,
    /// What it did, once it was imported; how many stayed the same is not kept.
    pub done: Option<Summary>,
}

/// Keeps an uploaded workbook, sealed, until somebody confirms it.
pub fn keep_upload(tx: &mut Tx<ImportRoster>, file_name: &str, bytes: &[u8]) -> Result<ImportId> {
    let id: ImportId = tx.new_id();
    let sealed = tx.seal(&hex(bytes));
    uploads::save(tx, id, file_name, &sealed)?;
    tx.event(Event::new("KeepUpload", id).facts(json!({"bytes": bytes.len()})))?;
    Ok(id)
}

/// The uploaded workbook.
pub fn upload(tx: &mut Tx<ImportRoster>, id: ImportId) -> Result<Upload> {
    let found = uploads::upload(tx, id)?;
    let opened = found.sealed.map(|sealed| tx.unseal(&sealed)).transpose()?;
    let bytes = opened.map(|text| unhex(&text));
    Ok(Upload { file_name: found.file_name, made_at: found.made_at, bytes, done: found.done })
}

/// Lays a workbook beside the roll; nothing is changed.
pub fn preview(tx: &mut Tx<ImportRoster>, roster: &Roster) -> Result<Preview> {
    let known = with_known(tx, roster)?;
    let laid = known.joined();
    let beside = Beside::load(tx, &laid)?;
    let existing = change::open_classes(tx)?;
    let line = |entry: &Entry, was_in, differences: &[Difference]| Line {
        name: entry.name.clone(),
        class: entry.class,
        was_in,
        differences: differences.to_vec(),
    };
    let open = known.namesakes.iter().enumerate().filter(|(_, pair)| !pair.is_one);
    let mut preview = Preview {
        summary: beside.summary(),
        asks: open.map(|(place, _)| place).collect(),
        missing_ids: beside.missing(),
        guardians: beside.guardians_added(tx)?,
        names: beside.names(),
        ..Preview::default()
    };
    for (entry, meaning) in beside.entries.iter().zip(&beside.comparison.rows) {
        match meaning {
            Meaning::Added => preview.added.push(line(entry, None, &[])),
            Meaning::Known { place, differences } if !differences.is_empty() => {
                let was = beside.roll[*place].entry.class;
                preview.changed.push(line(entry, (was != entry.class).then_some(was), differences));
            }
            Meaning::Known { .. } => {}
        }
    }
    let missing = beside.comparison.missing.iter().map(|place| &beside.roll[*place].entry);
    preview.missing = missing.map(|entry| line(entry, None, &[])).collect();
    let mut new: Vec<ClassKey> = beside.entries.iter().map(|entry| entry.class).collect();
    new.sort_unstable();
    new.dedup();
    new.retain(|key| !existing.contains_key(key));
    let has_grade = |class: &ClassKey| existing.keys().any(|known| known.is_beside(*class));
    preview.new_grades =
        new.iter().filter(|class| !existing.is_empty() && !has_grade(class)).copied().collect();
    preview.new_classes = new;
    Ok(preview)
}

/// The roster in which every pair that the roll knows as one pupil is one, whatever was decided of the others before.
fn with_known(tx: &mut SchoolTx, roster: &Roster) -> Result<Roster> {
    let mut known = roster.clone();
    if known.namesakes.is_empty() {
        return Ok(known);
    }
    let on_roll: Vec<Entry> = change::roll(tx)?.into_iter().map(|pupil| pupil.entry).collect();
    for pair in &mut known.namesakes {
        let rows = roster.student(pair.first).zip(roster.student(pair.second));
        pair.is_one = rows.is_some_and(|(first, second)| {
            roster::known_as_one(&on_roll, &entry(tx, first), &entry(tx, second))
        });
    }
    Ok(known)
}

/// Imports a workbook: all of it, or nothing.
pub fn import(
    tx: &mut Tx<ImportRoster>,
    roster: &Roster,
    wish: Wish,
) -> std::result::Result<Summary, Failed<ImportRefused>> {
    change::hold(tx)?;
    let known = with_known(tx, roster)?;
    let shown = Beside::load(tx, &known.joined())?.summary();
    check(roster, wish, shown).map_err(Failed::Refused)?;
    let decided = decided(roster, known).joined();
    let mut beside = Beside::load(tx, &decided)?;
    let mut summary = beside.summary();
    beside.apply(tx)?;
    if wish.missing_left {
        let (students, last) = (beside.missing(), tx.today());
        depart(tx, &students, last, LeftWhy::Unstated)?;
        summary.departed = summary.missing;
    }
    let facts = json!({"added": summary.added, "changed": summary.changed, "same": summary.same,
        "departed": summary.departed});
    let code = tx.school().code.clone();
    tx.event(Event::of::<ImportRoster>(code).facts(facts))?;
    Ok(summary)
}

/// The roster with what the roll knows and what the person decided.
fn decided(roster: &Roster, mut known: Roster) -> Roster {
    for (pair, chosen) in known.namesakes.iter_mut().zip(&roster.namesakes) {
        pair.is_one |= chosen.is_one;
    }
    known
}

/// Imports an uploaded workbook and ends the upload, in one step.
pub fn import_upload(
    tx: &mut Tx<ImportRoster>,
    id: ImportId,
    roster: &Roster,
    wish: Wish,
) -> std::result::Result<Summary, Failed<ImportRefused>> {
    let summary = import(tx, roster, wish)?;
    uploads::finish(tx, id, &summary)?;
    Ok(summary)
}

fn check(roster: &Roster, wish: Wish, summary: Summary) -> std::result::Result<(), ImportRefused> {
    let count = roster.rejections();
    if roster.students().next().is_none() {
        return Err(ImportRefused::NoStudents);
    }
    if 0 < count && !wish.without_rejected {
        return Err(ImportRefused::Rejections { count });
    }
    if wish.shown.is_some_and(|shown| shown != summary) {
        return Err(ImportRefused::Changed);
    }
    Ok(())
}

/// A workbook and the roll, laid beside each other.
struct Beside<'a> {
    rows: Vec<&'a import::Student>,
    entries: Vec<Entry>,
    roll: Vec<change::OnRoll>,
    /// The school's guardians by the look-up value of their phone.
    on_file: BTreeMap<String, (GuardianId, String)>,
    comparison: Comparison,
}

impl<'a> Beside<'a> {
    fn load(tx: &mut SchoolTx, roster: &'a Roster) -> Result<Beside<'a>> {
        let rows: Vec<&import::Student> = roster.students().collect();
        let entries: Vec<Entry> = rows.iter().map(|row| entry(tx, row)).collect();
        let roll = change::roll(tx)?;
        let on_roll: Vec<Entry> = roll.iter().map(|pupil| pupil.entry.clone()).collect();
        let on_file = change::names_by_phone(tx)?;
        let names = on_file.iter().map(|(phone, (_, name))| (phone.as_str(), name.as_str()));
        let mut comparison = roster::compare(&on_roll, &entries, names);
        // a slip in a row must not take the child off the roll
        let refused: BTreeSet<&str> = roster.names_refused().collect();
        comparison.missing.retain(|place| !refused.contains(roll[*place].entry.name.as_str()));
        Ok(Beside { rows, entries, roll, on_file, comparison })
    }

    fn summary(&self) -> Summary {
        let mut summary = Summary { missing: count(self.comparison.missing.len()), ..Summary::default() };
        for meaning in &self.comparison.rows {
            match meaning {
                Meaning::Added => summary.added += 1,
                Meaning::Known { differences, .. } if differences.is_empty() => summary.same += 1,
                Meaning::Known { .. } => summary.changed += 1,
            }
        }
        summary
    }

    fn missing(&self) -> Vec<StudentId> {
        self.comparison.missing.iter().map(|place| self.roll[*place].id).collect()
    }

    /// Who comes to the guardians of a pupil on roll.
    fn guardians_added(&self, tx: &mut SchoolTx) -> Result<Vec<GuardiansAdded>> {
        let mut found = Vec::new();
        for (at, meaning) in self.comparison.rows.iter().enumerate() {
            let Meaning::Known { place, differences } = meaning else { continue };
            if !differences.contains(&Difference::Guardian) {
                continue;
            }
            let (pupil, row, entry) = (&self.roll[*place], self.rows[at], &self.entries[at]);
            let contacts = row.guardians.iter().zip(&entry.guardians);
            let new = contacts.filter(|(_, contact)| !roster::knows(&pupil.entry, contact));
            found.push(GuardiansAdded {
                child: row.name.clone(),
                class: row.class,
                added: new.map(|(guardian, _)| person(guardian)).collect(),
                on_file: contacts::on_file(tx, pupil.id)?,
            });
        }
        Ok(found)
    }

    fn names(&self) -> Vec<NameLine> {
        let rows = self.rows.iter().zip(&self.comparison.names);
        let line = |row: &import::Student, change: &NameChange| NameLine {
            child: row.name.clone(),
            class: row.class,
            old: change.old.clone(),
            new: change.new.clone(),
            kept: change.kept,
        };
        rows.flat_map(|(row, changes)| changes.iter().map(move |change| line(row, change))).collect()
    }

    fn apply(&mut self, tx: &mut SchoolTx) -> Result<()> {
        let classes = self.classes(tx)?;
        let mut admission = Admission::of_many(tx)?;
        let mut added = BTreeMap::new();
        for (at, meaning) in self.comparison.rows.iter().enumerate() {
            let class = classes[&self.entries[at].class];
            match meaning {
                Meaning::Added => {
                    admission.student(tx, &new_student(self.rows[at], class))?;
                }
                Meaning::Known { place, differences } => {
                    self.update(tx, (at, *place, class), differences)?;
                    let new = self.add_guardians(tx, (at, *place), &mut admission)?;
                    if !new.is_empty() {
                        added.insert(self.roll[*place].id, new);
                    }
                }
            }
        }
        admission.finish(tx)?;
        contacts::tell_added(tx, &added)
    }

    /// The classes of the workbook, opened where they are missing, with their teachers where a column names one.
    fn classes(&self, tx: &mut SchoolTx) -> Result<BTreeMap<ClassKey, ClassId>> {
        let mut classes = change::open_classes(tx)?;
        let today = tx.today();
        for row in &self.rows {
            if classes.contains_key(&row.class) {
                continue;
            }
            let id = change::open_class(tx, row.class)?;
            classes.insert(row.class, id);
            if let Some(teacher) = &row.homeroom
                && let Some(member) = staff::only_named(tx, teacher)?
            {
                super::staff::lead(tx, id, member, today)?;
            }
        }
        Ok(classes)
    }

    fn update(
        &self,
        tx: &mut SchoolTx,
        (at, place, class): (usize, usize, ClassId),
        differences: &[Difference],
    ) -> Result<()> {
        let (pupil, row, entry) = (&self.roll[place], self.rows[at], &self.entries[at]);
        let today = tx.today();
        if differences.iter().any(|found| found.is_of_the_pupil()) {
            let sex = if differences.contains(&Difference::Sex) { entry.sex } else { pupil.entry.sex };
            let seat = entry.seat.or(pupil.entry.seat);
            let boarding = entry.boarding.or(pupil.entry.boarding).unwrap_or_default();
            change::save_student(tx, pupil.id, (&row.name, sex), (seat, boarding))?;
        }
        if differences.contains(&Difference::Class) {
            change::move_student(tx, pupil.id, class, today)?;
        }
        for names in self.comparison.names[at].iter().filter(|names| names.kept.is_none()) {
            if let Some((guardian, _)) = self.on_file.get(&names.phone) {
                contacts::rename(tx, (*guardian, pupil.id), names)?;
            }
        }
        Ok(())
    }

    /// Adds the row's guardians whom the pupil does not have yet; answers who they are.
    fn add_guardians(
        &self,
        tx: &mut SchoolTx,
        (at, place): (usize, usize),
        admission: &mut Admission,
    ) -> Result<BTreeSet<GuardianId>> {
        let (pupil, row, entry) = (&self.roll[place], self.rows[at], &self.entries[at]);
        let contacts = row.guardians.iter().zip(&entry.guardians);
        let new = contacts.filter(|(_, contact)| !roster::knows(&pupil.entry, contact));
        new.map(|(one, _)| admission.guardian(tx, (pupil.id, &row.name), &new_guardian(one))).collect()
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The phone kept of those a row gives: the first mobile, or the first at all.
fn kept_phone(guardian: &import::Guardian) -> Option<&Phone> {
    guardian.phones.iter().find(|phone| phone.is_mobile()).or(guardian.phones.first())
}

fn entry(tx: &SchoolTx, row: &import::Student) -> Entry {
    let contact = |guardian: &import::Guardian| Contact {
        name: guardian.name.clone(),
        relation: guardian.relation.clone(),
        phone: kept_phone(guardian).map(|phone| tx.mac(phone.digits())),
    };
    Entry {
        name: row.name.clone(),
        sex: row.sex,
        class: row.class,
        seat: row.seat.map(u32::from),
        boarding: row.boarding,
        guardians: row.guardians.iter().map(contact).collect(),
    }
}

fn person(guardian: &import::Guardian) -> Person {
    let phone = kept_phone(guardian).map(|phone| phone.digits().to_owned());
    Person { name: guardian.name.clone(), relation: guardian.relation.clone(), phone }
}

fn new_guardian(guardian: &import::Guardian) -> NewGuardian {
    NewGuardian {
        name: guardian.name.clone(),
        relation: guardian.relation.clone(),
        phone: kept_phone(guardian).cloned(),
    }
}

fn new_student(row: &import::Student, class: ClassId) -> NewStudent {
    NewStudent {
        name: row.name.clone(),
        sex: row.sex,
        seat: row.seat.map(u32::from),
        boarding: row.boarding.unwrap_or(Boarding::Day),
        class,
        guardians: row.guardians.iter().map(new_guardian).collect(),
    }
}

/// Bytes as text that can be sealed.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// The bytes of such a text.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let value =
        |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).unwrap_or(0);
    text.as_bytes().chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}
