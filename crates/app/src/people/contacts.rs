//! The guardians of an import: who comes to those on file, whose name changes, and who is told (G1, H1).

use std::collections::{BTreeMap, BTreeSet};

use kehou_db::{Event, Result, SchoolTx};
use kehou_domain::ids::{GuardianId, StudentId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::people::contact::{NameChange, WhyKept};
use serde_json::json;

use super::rows::{self, change};

/// A guardian as the office reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name; may be empty.
    pub name: String,
    /// The relation, in the school's word; may be empty.
    pub relation: String,
    /// The phone's digits.
    pub phone: Option<String>,
}

/// Guardians whom an import adds to a pupil on roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardiansAdded {
    /// The pupil's name.
    pub child: String,
    /// The class in the workbook.
    pub class: ClassKey,
    /// Who is added.
    pub added: Vec<Person>,
    /// Who is the pupil's guardian already, and stays so.
    pub on_file: Vec<Person>,
}

/// A guardian whom a workbook calls otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameLine {
    /// The pupil's name.
    pub child: String,
    /// The class in the workbook.
    pub class: ClassKey,
    /// The name on file.
    pub old: String,
    /// The name in the workbook.
    pub new: String,
    /// Why the name on file is kept; nothing when it changes.
    pub kept: Option<WhyKept>,
}

/// The guardians on file, for whoever compares.
pub(super) fn on_file(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<Person>> {
    let today = tx.today();
    let guardians = rows::guardians_of(tx, student, today)?.into_iter();
    let person = |one: super::Guardian| Person { name: one.name, relation: one.relation, phone: one.phone };
    Ok(guardians.map(person).collect())
}

/// Gives a guardian the name that a workbook has beside the number, and tells the child's guardians.
pub(super) fn rename(
    tx: &mut SchoolTx,
    (guardian, student): (GuardianId, StudentId),
    names: &NameChange,
) -> Result<()> {
    change::save_guardian_name(tx, guardian, &names.new)?;
    let personal = json!({ "before": names.old, "name": names.new });
    tx.event(Event::new("CorrectGuardian", student).about(guardian, personal))?;
    let (pupil, today) = (rows::student(tx, student)?, tx.today());
    let facts =
        json!({ "child": pupil.name, "student": student.to_string(), "old": names.old, "name": names.new });
    for account in rows::guardians_of(tx, student, today)?.into_iter().filter_map(|one| one.account) {
        tx.tell(account, "guardian_renamed", &facts)?;
    }
    Ok(())
}

/// Tells the guardians on file who has come to them: whoever is added may sign and collect the child from now on. The
/// number is nobody's business but the school's.
pub(super) fn tell_added(tx: &mut SchoolTx, added: &BTreeMap<StudentId, BTreeSet<GuardianId>>) -> Result<()> {
    let today = tx.today();
    for (student, new) in added {
        let pupil = rows::student(tx, *student)?;
        let guardians = rows::guardians_of(tx, *student, today)?;
        let (new, on_file): (Vec<_>, Vec<_>) = guardians.iter().partition(|one| new.contains(&one.id));
        for one in new {
            let facts = json!({
                "child": pupil.name, "student": student.to_string(), "name": one.name,
                "relation": one.relation, "day": today.to_string(),
            });
            for account in on_file.iter().filter_map(|known| known.account) {
                tx.tell(account, "guardian_added", &facts)?;
            }
        }
    }
    Ok(())
}
