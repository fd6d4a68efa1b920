//! People: the roster of a school, who is whose guardian, who leads which class.
//!
//! Requirements B1 (pupils on roll), B4 (priority groups), G1 (the six roster fields).

mod admission;
mod contacts;
pub mod import;
mod intake;
mod keep;
mod rows;
mod staff;
mod turn;

pub(crate) use rows::read_class;

use jiff::civil::Date;
use kehou_db::identity::Member;
use kehou_db::{Error, Result, SchoolTx, Tx};
use kehou_domain::access::{Action, ReadStaff, Role};
use kehou_domain::ids::{AccountId, ClassId, EntityId, GuardianId, StaffId, StudentId};
use kehou_domain::people::bound::{Bound, bound};
use kehou_domain::people::class::ClassKey;
use kehou_domain::people::{Boarding, LeftWhy, Sex};
use kehou_domain::plan::Grades;

pub use admission::{NewGuardian, NewStudent};
pub use contacts::{GuardiansAdded, NameLine, Person};
pub use intake::{
    ImportRefused, Line, Preview, Summary, Upload, Wish, import as import_roster, import_upload, keep_upload,
    preview, upload,
};
pub(crate) use intake::{hex, unhex};
pub(crate) use keep::hold_roster;
pub use keep::{
    ClassCard, ClassPage, Correction, Stay, StudentPage, add_guardian, add_student, class_cards, class_page,
    correct_guardian, correct_student, end_guardianship, flags, move_student, note_leaving, search,
    set_flags, student_page,
};
pub use staff::{
    NewStaff, StaffCard, add_staff, assign_grades, assign_homeroom, note_staff_leaving, rename_staff,
    staff_list, staff_role,
};
pub use turn::{Decisions, Review, review_turn, turn_year};

/// A pupil as the school holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Student {
    /// The pupil's id.
    pub id: StudentId,
    /// The name.
    pub name: String,
    /// The sex.
    pub sex: Sex,
    /// The number in the class, optional.
    pub seat_no: Option<u32>,
    /// Day pupil or boarder.
    pub boarding: Boarding,
    /// The last day on roll and why, of a pupil who has left.
    pub left: Option<(Date, LeftWhy)>,
}

/// A home class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeClass {
    /// The class's id.
    pub id: ClassId,
    /// Stage, year of entry and number.
    pub key: ClassKey,
    /// The first day on which it is no more.
    pub closed_on: Option<Date>,
}

/// A guardian of one pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardian {
    /// The guardian's id in this school.
    pub id: GuardianId,
    /// The name.
    pub name: String,
    /// The relation, in the school's word.
    pub relation: String,
    /// The phone's digits, for those who must call.
    pub phone: Option<String>,
    /// The account that the guardian signs in with.
    pub account: Option<AccountId>,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The member's id.
    pub id: StaffId,
    /// The name.
    pub name: String,
    /// Whether the member still works here.
    pub active: bool,
    /// The account that the member signs in with.
    pub account: Option<AccountId>,
}

/// Proof that a pupil is the acting guardian's child today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnChild {
    student: StudentId,
    guardian: GuardianId,
}

impl OwnChild {
    /// The child.
    pub fn student(self) -> StudentId {
        self.student
    }

    /// The guardian who acts.
    pub fn guardian(self) -> GuardianId {
        self.guardian
    }
}

/// Proof that the acting member of staff may look after a class today: its class teacher, or a role that
/// answers for all classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnClass {
    class: ClassId,
}

impl OwnClass {
    /// The class.
    pub fn class(self) -> ClassId {
        self.class
    }
}

/// The acting guardian.
pub(crate) fn acting_guardian(tx: &SchoolTx) -> Result<GuardianId> {
    match (tx.role(), tx.person()) {
        (Role::Guardian, Some(person)) => Ok(GuardianId::from_bits(person.bits())),
        _ => Err(Error::NotFound),
    }
}

/// The acting member of staff.
pub(crate) fn acting_staff(tx: &SchoolTx) -> Result<StaffId> {
    match (tx.role(), tx.person()) {
        (Role::Guardian, _) | (_, None) => Err(Error::NotFound),
        (_, Some(person)) => Ok(StaffId::from_bits(person.bits())),
    }
}

/// The pupil as the acting guardian's child of today; a stranger's child is not there.
pub(crate) fn own_child(tx: &mut SchoolTx, student: StudentId) -> Result<OwnChild> {
    let guardian = acting_guardian(tx)?;
    let today = tx.today();
    if rows::is_guardian(tx, guardian, student, today)? {
        Ok(OwnChild { student, guardian })
    } else {
        Err(Error::NotFound)
    }
}

/// The class as the acting member's own; somebody else's class is not there.
pub(crate) fn own_class(tx: &mut SchoolTx, class: ClassId) -> Result<OwnClass> {
    rows::class(tx, class)?;
    let own = match bound_classes(tx)? {
        Some(classes) => classes.contains(&class),
        None => acting_for_all(tx.role()),
    };
    own.then_some(OwnClass { class }).ok_or(Error::NotFound)
}

/// The classes that the acting role is bound to today (G1): a class teacher's own, those of a grade head's grades;
/// nothing when it is bound to none.
pub(crate) fn bound_classes(tx: &mut SchoolTx) -> Result<Option<Vec<ClassId>>> {
    let today = tx.today();
    match bound(tx.role()) {
        Bound::School => Ok(None),
        Bound::OwnClasses => {
            let staff = acting_staff(tx)?;
            homeroom_classes(tx, staff, today).map(Some)
        }
        Bound::OwnGrades => {
            let grades = own_grades(tx)?;
            let classes = rows::classes(tx, today)?.into_iter();
            let own = classes
                .filter(|class| class.key.grade_on(today).is_some_and(|grade| grades.contains(&grade)));
            Ok(Some(own.map(|class| class.id).collect()))
        }
    }
}

/// The grades that the school gave to the acting grade head (G1); none while it has given none.
pub(crate) fn own_grades(tx: &mut SchoolTx) -> Result<Vec<u8>> {
    match acting_staff(tx) {
        Ok(staff) => rows::staff::grades_of(tx, staff),
        Err(Error::NotFound) => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}

/// Whether the acting person is a grade head to whom the school has given no grade: nobody is in sight then, and the
/// page says why.
pub fn waits_for_grades<A: Action>(tx: &mut Tx<A>) -> Result<bool> {
    Ok(bound(tx.role()) == Bound::OwnGrades && own_grades(tx)?.is_empty())
}

/// The accounts of the grade heads of the pupil's grade on a day.
pub(crate) fn grade_heads_of(tx: &mut SchoolTx, student: StudentId, on: Date) -> Result<Vec<AccountId>> {
    let grade = rows::class_on(tx, student, on)?.and_then(|class| class.key.grade_on(on));
    let Some(grade) = grade else { return Ok(Vec::new()) };
    let heads = rows::staff::heads_of(tx, grade)?;
    let is_head = |member: &Member| {
        let person = member.person.map(|person| StaffId::from_bits(person.bits()));
        member.role == Role::GradeHead
            && member.ended_at.is_none()
            && person.is_some_and(|person| heads.contains(&person))
    };
    Ok(tx.staff_members()?.iter().filter(|member| is_head(member)).map(|member| member.account).collect())
}

/// Roles that answer for every class of the school.
fn acting_for_all(role: Role) -> bool {
    match role {
        Role::DutyLeader
        | Role::AcademicOffice
        | Role::GeneralAffairs
        | Role::SafetyOffice
        | Role::Principal => true,
        Role::Guardian
        | Role::HomeroomTeacher
        | Role::GradeHead
        | Role::ServiceTeacher
        | Role::GateGuard
        | Role::ParentCommittee
        | Role::BureauOfficer
        | Role::SystemAdministrator => false,
    }
}

/// A pupil on roll, found by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The pupil.
    pub id: StudentId,
    /// The name.
    pub name: String,
    /// The class of today.
    pub class: Option<HomeClass>,
}

/// Pupils on roll whose name contains the text, at most fifty; none for no text.
pub(crate) fn named(tx: &mut SchoolTx, text: &str) -> Result<Vec<Named>> {
    let (text, today) = (text.trim(), tx.today());
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let found = rows::named(tx, text)?.into_iter().filter(|student| student.left.is_none());
    found
        .map(|student| {
            let class = rows::class_on(tx, student.id, today)?;
            Ok(Named { id: student.id, name: student.name, class })
        })
        .collect()
}

/// The pupil's class on a day.
pub(crate) fn class_on(tx: &mut SchoolTx, student: StudentId, on: Date) -> Result<Option<ClassId>> {
    Ok(rows::class_on(tx, student, on)?.map(|class| class.id))
}

/// The classes that a member of staff leads on a day.
pub(crate) fn homeroom_classes(tx: &mut SchoolTx, staff: StaffId, on: Date) -> Result<Vec<ClassId>> {
    rows::homeroom_classes(tx, staff, on)
}

/// The grades that the school has on a day: those of its classes, or of its stage while it has no class (B1).
pub(crate) fn grades_on(tx: &mut SchoolTx, on: Date) -> Result<Grades> {
    let classes = rows::classes(tx, on)?;
    let taught = Grades::of(classes.iter().filter_map(|class| class.key.grade_on(on)));
    Ok(if taught.is_empty() { grades_of_stage(&tx.school().stage) } else { taught })
}

/// The grades that the school has today, to choose a grade head's from (G1).
pub fn school_grades(tx: &mut Tx<ReadStaff>) -> Result<Grades> {
    let today = tx.today();
    grades_on(tx, today)
}

/// The grades of a school's stage, by its word in the directory of schools.
fn grades_of_stage(stage: &str) -> Grades {
    match stage {
        "primary" => Grades::of(1..=6),
        "junior" => Grades::of(7..=9),
        _ => Grades::of(1..=Grades::HIGHEST),
    }
}
