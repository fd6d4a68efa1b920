//! Taking pupils and guardians on roll: one by one, or a workbook at a time.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kehou_db::{Arg, Result, SchoolTx};
use kehou_domain::access::Role;
use kehou_domain::ids::{AccountId, AnyId, ClassId, EntityId, GuardianId, StudentId};
use kehou_domain::people::phone::Phone;
use kehou_domain::people::{Boarding, LeftWhy, Sex};

use super::rows::change::{self, Batch};

/// A pupil to be taken on roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStudent {
    /// The name.
    pub name: String,
    /// The sex.
    pub sex: Sex,
    /// The number in the class.
    pub seat: Option<u32>,
    /// Day pupil or boarder.
    pub boarding: Boarding,
    /// The home class.
    pub class: ClassId,
    /// The guardians.
    pub guardians: Vec<NewGuardian>,
}

/// A guardian to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGuardian {
    /// The name; may be empty when only a phone is known.
    pub name: String,
    /// The relation, in the school's word.
    pub relation: String,
    /// The phone to call and to sign in with.
    pub phone: Option<Phone>,
}

/// Admissions of one transaction; nothing is written before [`Admission::finish`].
pub(super) struct Admission {
    on: Date,
    known: HashMap<String, (GuardianId, Option<AccountId>)>,
    /// Whether `known` holds every guardian of the school.
    loaded: bool,
    bound: HashSet<(GuardianId, StudentId)>,
    batch: Batch,
}

impl Admission {
    /// Begins an admission of many: the school's guardians are loaded once.
    pub(super) fn of_many(tx: &mut SchoolTx) -> Result<Admission> {
        let found = change::guardians_by_phone(tx)?;
        let known = found.into_iter().map(|(mac, id, account)| (mac, (id, account))).collect();
        Ok(Admission { known, loaded: true, ..Admission::of_one(tx) })
    }

    /// Begins an admission of a few: guardians are looked up as they come.
    pub(super) fn of_one(tx: &SchoolTx) -> Admission {
        Admission {
            on: tx.today(),
            known: HashMap::new(),
            loaded: false,
            bound: HashSet::new(),
            batch: Batch::default(),
        }
    }

    pub(super) fn student(&mut self, tx: &mut SchoolTx, new: &NewStudent) -> Result<StudentId> {
        let id: StudentId = tx.new_id();
        self.batch.students.push(vec![
            id.into(),
            new.name.as_str().into(),
            new.sex.word().into(),
            new.seat.into(),
            new.boarding.word().into(),
            "enrolled".into(),
        ]);
        let stay: AnyId = tx.new_id();
        self.batch.stays.push(vec![stay.into(), id.into(), new.class.into(), self.on.into()]);
        for guardian in &new.guardians {
            self.guardian(tx, (id, &new.name), guardian)?;
        }
        Ok(id)
    }

    /// Makes somebody the guardian of a pupil; a known phone is the known guardian.
    pub(super) fn guardian(
        &mut self,
        tx: &mut SchoolTx,
        (student, student_name): (StudentId, &str),
        new: &NewGuardian,
    ) -> Result<GuardianId> {
        let name = shown_name(student_name, new);
        let id = match &new.phone {
            Some(phone) => self.by_phone(tx, &name, phone)?,
            None => self.add(tx, &name, None)?.0,
        };
        if self.bound.insert((id, student)) {
            let args: Vec<Arg> =
                vec![id.into(), student.into(), new.relation.as_str().into(), self.on.into()];
            self.batch.guardianships.push(args);
        }
        Ok(id)
    }

    fn by_phone(&mut self, tx: &mut SchoolTx, name: &str, phone: &Phone) -> Result<GuardianId> {
        let mac = tx.mac(phone.digits());
        let known = match self.known.get(&mac) {
            Some(known) => Some(*known),
            None if self.loaded => None,
            None => change::guardian_of_phone(tx, &mac)?,
        };
        let (id, account) = match known {
            Some(known) => known,
            None => self.add(tx, name, Some(phone))?,
        };
        // again after all children had left: the seat comes back
        if let Some(account) = account {
            tx.admit(account, Role::Guardian, Some(AnyId::from_bits(id.bits())))?;
        }
        self.known.insert(mac, (id, account));
        Ok(id)
    }

    fn add(
        &mut self,
        tx: &mut SchoolTx,
        name: &str,
        phone: Option<&Phone>,
    ) -> Result<(GuardianId, Option<AccountId>)> {
        let id: GuardianId = tx.new_id();
        // a landline receives no codes, so nobody signs in with it
        let mobile = phone.filter(|phone| phone.is_mobile());
        let account = mobile.map(|phone| tx.account_for_phone(phone.digits(), name)).transpose()?;
        let mac = phone.map(|phone| tx.mac(phone.digits()));
        let sealed = phone.map(|phone| tx.seal(phone.digits()));
        self.batch.guardians.push(vec![id.into(), account.into(), name.into(), mac.into(), sealed.into()]);
        Ok((id, account))
    }

    pub(super) fn finish(self, tx: &mut SchoolTx) -> Result<()> {
        change::write(tx, &self.batch)
    }
}

/// A guardian known by phone alone is called after the child: 孙一诺的父亲.
fn shown_name(student: &str, new: &NewGuardian) -> String {
    if !new.name.is_empty() {
        return new.name.clone();
    }
    let relation = if new.relation.is_empty() { "家长" } else { &new.relation };
    format!("{student}的{relation}")
}

/// Takes pupils off the roll. Their guardians keep the seat: the last day has to end, and what the school keeps of the
/// child stays open to them (B1, H9).
pub(super) fn depart(tx: &mut SchoolTx, students: &[StudentId], last: Date, why: LeftWhy) -> Result<()> {
    students.iter().try_for_each(|student| change::leave(tx, *student, last, why))
}
