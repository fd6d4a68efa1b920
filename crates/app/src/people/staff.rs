//! Staff records and who leads which class (G1).

use jiff::civil::Date;
use kehou_db::{Error, Event, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepStaff, ReadStaff, Role};
use kehou_domain::ids::{AnyId, ClassId, EntityId, StaffId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::people::phone::Phone;
use kehou_domain::plan::Grades;
use serde_json::json;

use super::Staff;
use super::rows::{self, change};

/// A member of staff in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffCard {
    /// The member.
    pub staff: Staff,
    /// The phone's digits.
    pub phone: Option<String>,
    /// The classes that the member leads today.
    pub classes: Vec<(ClassId, ClassKey)>,
    /// The grades that the member answers for as a grade head; nothing when the member is none.
    pub grades: Option<Vec<u8>>,
}

/// A member of staff to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// The name.
    pub name: String,
    /// The phone to sign in with.
    pub phone: Phone,
    /// The roles that the member may act in.
    pub roles: Vec<Role>,
}

/// Everyone, those who have left last.
pub fn staff_list(tx: &mut Tx<ReadStaff>) -> Result<Vec<StaffCard>> {
    let today = tx.today();
    let mut cards = rows::staff::all(tx, today)?;
    let (heads, grades) = (grade_heads(tx)?, rows::staff::grades(tx)?);
    for card in cards.iter_mut().filter(|card| heads.contains(&card.staff.id)) {
        let own = grades.iter().filter(|(staff, _)| *staff == card.staff.id);
        card.grades = Some(own.map(|(_, grade)| *grade).collect());
    }
    Ok(cards)
}

/// Everyone who is a grade head now.
fn grade_heads(tx: &mut SchoolTx) -> Result<Vec<StaffId>> {
    let members = tx.staff_members()?.into_iter();
    let heads = members.filter(|member| member.role == Role::GradeHead && member.ended_at.is_none());
    Ok(heads.filter_map(|member| Some(StaffId::from_bits(member.person?.bits()))).collect())
}

/// Says which grades a grade head answers for (G1): those and no others are in sight from then on.
pub fn assign_grades(tx: &mut Tx<KeepStaff>, id: StaffId, grades: Grades) -> Result<()> {
    change::hold(tx)?;
    rows::staff::staff(tx, id)?;
    let before = rows::staff::grades_of(tx, id)?;
    let after: Vec<u8> = grades.iter().collect();
    rows::staff::save_grades(tx, id, &after)?;
    tx.event(Event::new("AssignGrades", id).facts(json!({ "before": before, "after": after })))
}

/// Enters a member of staff, or takes one back who had left; a phone stands for one person.
pub fn add_staff(tx: &mut Tx<KeepStaff>, new: &NewStaff) -> Result<StaffId> {
    change::hold(tx)?;
    let account = tx.account_for_phone(new.phone.digits(), &new.name)?;
    let mac = tx.mac(new.phone.digits());
    let id = if let Some(id) = rows::staff::by_phone(tx, &mac)? {
        if rows::staff::staff(tx, id)?.active {
            return Err(Error::Already);
        }
        rows::staff::come_back(tx, id, &new.name)?;
        id
    } else {
        let id: StaffId = tx.new_id();
        rows::staff::add(tx, id, account, &new.name, new.phone.digits())?;
        id
    };
    let allowed = new.roles.iter().filter(|role| staff_role(**role));
    for role in allowed {
        tx.admit(account, *role, Some(AnyId::from_bits(id.bits())))?;
    }
    let roles: Vec<&str> = new.roles.iter().map(|role| role.word()).collect();
    tx.event(Event::of::<KeepStaff>(id).facts(json!({"roles": roles})).about(id, json!({"name": new.name})))?;
    Ok(id)
}

/// Roles that a school gives to its staff; guardians come with their children, homeroom teachers with a class,
/// the bureau's officers are not the school's to name.
pub fn staff_role(role: Role) -> bool {
    match role {
        Role::Guardian | Role::HomeroomTeacher | Role::BureauOfficer | Role::SystemAdministrator => false,
        Role::ServiceTeacher
        | Role::DutyLeader
        | Role::GradeHead
        | Role::GateGuard
        | Role::AcademicOffice
        | Role::GeneralAffairs
        | Role::SafetyOffice
        | Role::Principal
        | Role::ParentCommittee => true,
    }
}

/// Corrects a member's name.
pub fn rename_staff(tx: &mut Tx<KeepStaff>, id: StaffId, name: &str) -> Result<()> {
    let before = rows::staff::staff(tx, id)?.name;
    rows::staff::save_name(tx, id, name)?;
    tx.event(Event::of::<KeepStaff>(id).about(id, json!({"before": before, "after": name})))
}

/// Notes that a member has left: classes are without teacher, every role ends and so do its sign-ins.
pub fn note_staff_leaving(tx: &mut Tx<KeepStaff>, id: StaffId) -> Result<()> {
    change::hold(tx)?;
    let (member, today) = (rows::staff::staff(tx, id)?, tx.today());
    for class in rows::homeroom_classes(tx, id, today)? {
        change::end_homeroom(tx, class, today)?;
    }
    rows::staff::leave(tx, id)?;
    if let Some(account) = member.account {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Guardian) {
            tx.release_member(account, role)?;
        }
    }
    tx.event(Event::of::<KeepStaff>(id).facts(json!({"left_on": today.to_string()})))
}

/// Gives a class its teacher from today on, or leaves it without one.
pub fn assign_homeroom(tx: &mut Tx<KeepStaff>, class: ClassId, teacher: Option<StaffId>) -> Result<()> {
    change::hold(tx)?;
    rows::class(tx, class)?;
    let today = tx.today();
    let before = rows::homeroom_teacher(tx, class, today)?;
    match teacher {
        Some(teacher) => lead(tx, class, teacher, today)?,
        None => change::end_homeroom(tx, class, today)?,
    }
    if let Some(before) = before.filter(|before| Some(before.id) != teacher) {
        no_class_no_seat(tx, &before, today)?;
    }
    let facts = json!({"teacher": teacher.map(|teacher| teacher.to_string())});
    tx.event(Event::new("AssignHomeroom", class).facts(facts))
}

/// Makes a member the teacher of a class, with the seat that goes with it.
pub(super) fn lead(tx: &mut SchoolTx, class: ClassId, teacher: StaffId, on: Date) -> Result<()> {
    let member = rows::staff::staff(tx, teacher)?;
    if !member.active {
        return Err(Error::NotFound);
    }
    change::save_homeroom(tx, class, teacher, on)?;
    match member.account {
        Some(account) => tx.admit(account, Role::HomeroomTeacher, Some(AnyId::from_bits(teacher.bits()))),
        None => Ok(()),
    }
}

fn no_class_no_seat(tx: &mut SchoolTx, member: &Staff, on: Date) -> Result<()> {
    let left = rows::homeroom_classes(tx, member.id, on)?;
    match member.account {
        Some(account) if left.is_empty() => tx.release_member(account, Role::HomeroomTeacher),
        Some(_) | None => Ok(()),
    }
}
