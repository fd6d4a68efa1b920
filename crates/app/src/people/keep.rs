//! Keeping the roster by hand: pages of classes and pupils, additions, corrections, leaving (B1, B4, G1).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kehou_db::{Error, Event, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepFlags, KeepRoster, ReadFlags, ReadRoster, Role};
use kehou_domain::ids::{ClassId, GuardianId, StudentId};
use kehou_domain::people::bound::{Bound, bound};
use kehou_domain::people::flag::Flag;
use kehou_domain::people::{Boarding, LeftWhy, Sex};
use serde_json::json;

use super::admission::{Admission, NewGuardian, NewStudent, depart};
use super::contacts;
use super::rows::{self, change};
use super::{Guardian, HomeClass, Staff, Student};

/// A class in the list of classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCard {
    /// The class.
    pub class: HomeClass,
    /// Its grade today, 1 to 9; nothing before it enters or after it left.
    pub grade: Option<u8>,
    /// Its teacher today.
    pub teacher: Option<String>,
    /// How many pupils it has today.
    pub students: u32,
}

/// A class with its pupils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassPage {
    /// The class.
    pub card: ClassCard,
    /// Its pupils today.
    pub students: Vec<Student>,
}

/// A pupil with class and guardians.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentPage {
    /// The pupil.
    pub student: Student,
    /// The class of today, or the last one.
    pub class: Option<HomeClass>,
    /// The class teacher.
    pub teacher: Option<Staff>,
    /// The guardians of today.
    pub guardians: Vec<Guardian>,
    /// Every class so far, the latest first.
    pub stays: Vec<Stay>,
}

/// A stretch of days in one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The class.
    pub class: HomeClass,
    /// First day.
    pub from_on: Date,
    /// Last day; nothing while it lasts.
    pub to_on: Option<Date>,
}

/// The corrected facts of a pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The name.
    pub name: String,
    /// The sex.
    pub sex: Sex,
    /// The number in the class.
    pub seat: Option<u32>,
    /// Day pupil or boarder.
    pub boarding: Boarding,
}

/// The classes that the acting member may see.
pub fn class_cards(tx: &mut Tx<ReadRoster>) -> Result<Vec<ClassCard>> {
    let today = tx.today();
    let cards = rows::class_cards(tx, today)?;
    let Some(own) = super::bound_classes(tx)? else { return Ok(cards) };
    Ok(cards.into_iter().filter(|card| own.contains(&card.class.id)).collect())
}

/// A class with its pupils; somebody else's class is not there.
pub fn class_page(tx: &mut Tx<ReadRoster>, class: ClassId) -> Result<ClassPage> {
    super::own_class(tx, class)?;
    let today = tx.today();
    let students = rows::students_in_class(tx, class, today)?;
    let class = rows::class(tx, class)?;
    let teacher = rows::homeroom_teacher(tx, class.id, today)?.map(|staff| staff.name);
    let count = u32::try_from(students.len()).unwrap_or(u32::MAX);
    let card = ClassCard { class, grade: class.key.grade_on(today), teacher, students: count };
    Ok(ClassPage { card, students })
}

/// A pupil with class and guardians; a pupil of somebody else's class is not there.
pub fn student_page(tx: &mut Tx<ReadRoster>, id: StudentId) -> Result<StudentPage> {
    let (student, today) = (rows::student(tx, id)?, tx.today());
    let day = student.left.map_or(today, |(last, _)| last.min(today));
    let class = rows::class_on(tx, id, day)?;
    see(tx, class)?;
    let teacher = class.map(|class| rows::homeroom_teacher(tx, class.id, day)).transpose()?.flatten();
    let guardians = rows::guardians_of(tx, id, today)?;
    Ok(StudentPage { student, class, teacher, guardians, stays: rows::stays(tx, id)? })
}

fn see(tx: &mut SchoolTx, class: Option<HomeClass>) -> Result<()> {
    match class {
        Some(class) => super::own_class(tx, class.id).map(drop),
        None if bound(tx.role()) != Bound::School => Err(Error::NotFound),
        None => Ok(()),
    }
}

/// Pupils whose name contains the text, on roll or gone, at most fifty.
pub fn search(tx: &mut Tx<ReadRoster>, text: &str) -> Result<Vec<(Student, Option<HomeClass>)>> {
    let today = tx.today();
    let mut found = Vec::new();
    for student in rows::named(tx, text.trim())? {
        let day = student.left.map_or(today, |(last, _)| last.min(today));
        let class = rows::class_on(tx, student.id, day)?;
        if see(tx, class).is_ok() {
            found.push((student, class));
        }
    }
    Ok(found)
}

/// Takes a pupil on roll: a transfer in, or one whom the workbook forgot (B1).
pub fn add_student(tx: &mut Tx<KeepRoster>, new: &NewStudent) -> Result<StudentId> {
    change::hold(tx)?;
    rows::class(tx, new.class)?;
    let mut admission = Admission::of_one(tx);
    let id = admission.student(tx, new)?;
    admission.finish(tx)?;
    let personal = json!({"name": new.name, "sex": new.sex.word()});
    tx.event(
        Event::new("AddStudent", id).facts(json!({"class": new.class.to_string()})).about(id, personal),
    )?;
    Ok(id)
}

/// Corrects what is held of a pupil.
pub fn correct_student(tx: &mut Tx<KeepRoster>, id: StudentId, new: &Correction) -> Result<()> {
    change::hold(tx)?;
    let old = rows::student(tx, id)?;
    change::save_student(tx, id, (&new.name, new.sex), (new.seat, new.boarding))?;
    let facts = |name: &str, sex: Sex, seat: Option<u32>, boarding: Boarding| json!({"name": name, "sex": sex.word(), "seat_no": seat, "boarding": boarding.word()});
    let before = facts(&old.name, old.sex, old.seat_no, old.boarding);
    let after = facts(&new.name, new.sex, new.seat, new.boarding);
    tx.event(Event::new("CorrectStudent", id).about(id, json!({"before": before, "after": after})))
}

/// Moves a pupil to another class from today on.
pub fn move_student(tx: &mut Tx<KeepRoster>, id: StudentId, class: ClassId) -> Result<()> {
    change::hold(tx)?;
    let today = tx.today();
    let before = rows::class_on(tx, id, today)?.ok_or(Error::NotFound)?;
    if rows::class(tx, class)?.closed_on.is_some() {
        return Err(Error::NotFound);
    }
    change::move_student(tx, id, class, today)?;
    let facts = json!({"before": before.id.to_string(), "after": class.to_string()});
    tx.event(Event::new("MoveStudent", id).facts(facts))
}

/// Notes that a pupil has left the school; today is the last day on roll (B1).
pub fn note_leaving(tx: &mut Tx<KeepRoster>, id: StudentId, why: LeftWhy) -> Result<()> {
    change::hold(tx)?;
    let today = tx.today();
    depart(tx, &[id], today, why)?;
    tx.event(Event::new("NoteLeaving", id).facts(json!({"why": why.word(), "last": today.to_string()})))
}

/// Makes somebody the guardian of a pupil; those on file are told.
pub fn add_guardian(tx: &mut Tx<KeepRoster>, student: StudentId, new: &NewGuardian) -> Result<GuardianId> {
    change::hold(tx)?;
    let pupil = rows::student(tx, student)?;
    let mut admission = Admission::of_one(tx);
    let id = admission.guardian(tx, (student, &pupil.name), new)?;
    let today = tx.today();
    if rows::is_guardian(tx, id, student, today)? {
        return Err(Error::Already);
    }
    admission.finish(tx)?;
    contacts::tell_added(tx, &BTreeMap::from([(student, BTreeSet::from([id]))]))?;
    let personal = json!({"name": new.name, "relation": new.relation});
    tx.event(
        Event::new("AddGuardian", student).facts(json!({"guardian": id.to_string()})).about(id, personal),
    )?;
    Ok(id)
}

/// Corrects a guardian's name and relation. Another phone is another guardian: the phone is the way to sign in.
pub fn correct_guardian(
    tx: &mut Tx<KeepRoster>,
    (student, guardian): (StudentId, GuardianId),
    name: &str,
    relation: &str,
) -> Result<()> {
    change::hold(tx)?;
    change::save_relation(tx, guardian, student, relation)?;
    change::save_guardian_name(tx, guardian, name)?;
    let personal = json!({"name": name, "relation": relation});
    tx.event(Event::new("CorrectGuardian", student).about(guardian, personal))
}

/// Makes everyone else who changes the roster wait until this transaction ends.
pub(crate) fn hold_roster(tx: &mut Tx<KeepRoster>) -> Result<()> {
    change::hold(tx)
}

/// Ends a guardianship; without another child, here or formerly here, the guardian loses the seat.
pub fn end_guardianship(tx: &mut Tx<KeepRoster>, student: StudentId, guardian: GuardianId) -> Result<()> {
    change::hold(tx)?;
    let last = tx.today().yesterday().map_err(|_| Error::NotFound)?;
    change::end_guardianship(tx, guardian, student, last)?;
    for account in change::guardians_without_child(tx, student)? {
        tx.release_member(account, Role::Guardian)?;
    }
    tx.event(Event::new("EndGuardianship", student).facts(json!({"guardian": guardian.to_string()})))
}

/// The pupil's flags with the day each was noted, for the reviewing roles (B4).
pub fn flags(tx: &mut Tx<ReadFlags>, student: StudentId) -> Result<Vec<(Flag, Date)>> {
    let today = tx.today();
    let class = rows::class_on(tx, student, today)?;
    see(tx, class)?;
    change::flags(tx, student)
}

/// Sets the pupil's flags to these (B4).
pub fn set_flags(tx: &mut Tx<KeepFlags>, student: StudentId, flags: &[Flag]) -> Result<()> {
    change::hold(tx)?;
    rows::student(tx, student)?;
    let before: Vec<Flag> = change::flags(tx, student)?.into_iter().map(|(flag, _)| flag).collect();
    for flag in Flag::ALL {
        match (flags.contains(&flag), before.contains(&flag)) {
            (true, false) => change::set_flag(tx, student, flag)?,
            (false, true) => change::clear_flag(tx, student, flag)?,
            (true, true) | (false, false) => {}
        }
    }
    let words = |flags: &[Flag]| flags.iter().map(|flag| flag.word()).collect::<Vec<_>>();
    let personal = json!({"before": words(&before), "after": words(flags)});
    tx.event(Event::of::<KeepFlags>(student).about(student, personal))
}
