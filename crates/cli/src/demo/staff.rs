//! The staff of a school: offices, leaders, guards, and a teacher for each class.

use kehou_app::people::{self, NewStaff};
use kehou_db::{Error, Failed, Tx};
use kehou_domain::access::{KeepStaff, ManageAccounts, ReadRoster, Role};
use kehou_domain::ids::{ClassId, StaffId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::people::phone::Phone;
use kehou_domain::plan::Grades;

use super::chance::Chance;
use super::names;
use super::offerings;
use super::ready::SignIn;
use super::site::{SET_UP_ON, Site, morning};

/// The second factor's secret of everybody in the demo who needs one, in base 32: the demo's page shows its codes.
pub(super) const FACTOR: &str = "KEHOUDEMOKEHOUDEMOKEHOUDEMOKEHOU";

/// The password of everybody in the demo.
pub(super) const PASSWORD: &str = "kehou-demo";

/// Posts that a school has, with the roles of whoever holds them.
const POSTS: [&[Role]; 9] = [
    &[Role::Principal],
    &[Role::AcademicOffice],
    &[Role::AcademicOffice],
    &[Role::GeneralAffairs],
    &[Role::SafetyOffice],
    &[Role::DutyLeader],
    &[Role::DutyLeader],
    &[Role::GateGuard],
    &[Role::GateGuard],
];

/// Somebody on the staff.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) id: StaffId,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) roles: Vec<Role>,
    /// The class that the member leads.
    pub(super) class: Option<ClassId>,
    /// That class's year of entry and number.
    pub(super) led: Option<ClassKey>,
}

/// Everybody on the staff: the posts first, then a grade head for each grade, then the teachers, at last those who lead
/// clubs.
pub(super) async fn hire(site: &Site, chance: &mut Chance) -> anyhow::Result<Vec<Member>> {
    let grades = usize::from(site.school.grades.1 - site.school.grades.0) + 1;
    let mut roles: Vec<Vec<Role>> = POSTS.iter().map(|roles| roles.to_vec()).collect();
    roles.push(vec![Role::ParentCommittee]);
    roles.extend((0..grades).map(|_| vec![Role::GradeHead]));
    roles.extend((0..grades * usize::from(site.school.classes)).map(|_| vec![Role::ServiceTeacher]));
    let first = 9_000_000 + usize::try_from(site.school.id)? * 1000;
    let mut people = Vec::new();
    for (number, roles) in roles.into_iter().enumerate() {
        let family = names::family(chance);
        let name = names::grown(chance, family);
        people.push((name, names::phone(first + number), roles));
    }
    people.extend(specialists(site, first + people.len()));
    let lowest = site.school.grades.0;
    site.act::<KeepStaff, _, ()>(morning(SET_UP_ON), move |tx| {
        let hire = |(name, phone, roles): &(String, String, Vec<Role>)| hire_one(tx, name, phone, roles);
        let members: Vec<Member> = people.iter().map(hire).collect::<Result<_, _>>()?;
        let heads = members.iter().filter(|member| member.roles == [Role::GradeHead]);
        for (member, grade) in heads.zip(lowest..) {
            people::assign_grades(tx, member.id, Grades::of([grade]))?;
        }
        Ok(members)
    })
    .await
}

/// Teachers who lead clubs and no class; their names come from a stream of their own.
fn specialists(site: &Site, first: usize) -> Vec<(String, String, Vec<Role>)> {
    let mut chance = Chance::seeded(u64::try_from(first).unwrap_or_default());
    let one = |number: usize| {
        let family = names::family(&mut chance);
        let name = names::grown(&mut chance, family);
        (name, names::phone(first + number), vec![Role::ServiceTeacher])
    };
    (0..offerings::count(&site.school)).map(one).collect()
}

fn hire_one(tx: &mut Tx<KeepStaff>, name: &str, phone: &str, roles: &[Role]) -> Result<Member, Failed<()>> {
    let digits = Phone::parse(phone).ok_or(Error::NotFound)?;
    let new = NewStaff { name: name.to_owned(), phone: digits, roles: roles.to_vec() };
    let id = people::add_staff(tx, &new)?;
    Ok(Member {
        id,
        name: name.to_owned(),
        phone: phone.to_owned(),
        roles: roles.to_vec(),
        class: None,
        led: None,
    })
}

/// Gives every class a teacher of its own, in the order of the classes.
pub(super) async fn lead_classes(site: &Site, staff: &mut [Member]) -> anyhow::Result<()> {
    let cards = site.act::<ReadRoster, _, ()>(morning(SET_UP_ON), |tx| Ok(people::class_cards(tx)?)).await?;
    let teachers = staff.iter_mut().filter(|member| member.roles == [Role::ServiceTeacher]);
    let mut pairs = Vec::new();
    for (card, teacher) in cards.iter().zip(teachers) {
        teacher.roles.push(Role::HomeroomTeacher);
        teacher.class = Some(card.class.id);
        teacher.led = Some(card.class.key);
        pairs.push((card.class.id, teacher.id));
    }
    site.act::<KeepStaff, _, ()>(morning(SET_UP_ON), move |tx| {
        for (class, teacher) in &pairs {
            people::assign_homeroom(tx, *class, Some(*teacher))?;
        }
        Ok(())
    })
    .await
}

/// Admits the bureau's officer and the system's administrator, who are not the school's staff.
pub(super) async fn admit_outsiders(site: &Site, chance: &mut Chance) -> anyhow::Result<Vec<SignIn>> {
    let mut people = Vec::new();
    for (number, role) in [Role::BureauOfficer, Role::SystemAdministrator].into_iter().enumerate() {
        let family = names::family(chance);
        people.push((names::grown(chance, family), names::phone(9_900_000 + number), role));
    }
    let admitted = people.clone();
    site.act::<ManageAccounts, _, ()>(morning(SET_UP_ON), move |tx| {
        for (name, phone, role) in &admitted {
            let account = tx.account_for_phone(phone, name)?;
            tx.admit(account, *role, None)?;
        }
        Ok(())
    })
    .await?;
    Ok(people.into_iter().map(|(name, phone, role)| sign_in(site, role, name, phone)).collect())
}

/// A sign-in of the demo.
pub(super) fn sign_in(site: &Site, role: Role, name: String, phone: String) -> SignIn {
    SignIn {
        school: site.school.code.to_owned(),
        school_name: site.school.name.to_owned(),
        role: role.word().to_owned(),
        name,
        phone,
        password: PASSWORD.to_owned(),
    }
}
