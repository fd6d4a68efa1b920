//! Whom a role is bound to among the pupils of its school (G1).

use crate::access::Role;

/// What of the school's classes a role may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The classes that the person leads.
    OwnClasses,
    /// The classes of the grades that the school gave to the person; none was given: no class.
    OwnGrades,
    /// Every class, as far as the role's acts go.
    School,
}

/// Whom the role is bound to: a class teacher to the own class, a grade head to the own grades (G1).
pub const fn bound(role: Role) -> Bound {
    match role {
        Role::HomeroomTeacher => Bound::OwnClasses,
        Role::GradeHead => Bound::OwnGrades,
        Role::Guardian
        | Role::ServiceTeacher
        | Role::DutyLeader
        | Role::GateGuard
        | Role::AcademicOffice
        | Role::GeneralAffairs
        | Role::SafetyOffice
        | Role::Principal
        | Role::ParentCommittee
        | Role::BureauOfficer
        | Role::SystemAdministrator => Bound::School,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g1_a_class_teacher_is_bound_to_the_class_and_a_grade_head_to_the_grades() {
        let bound_to =
            |wanted| Role::ALL.into_iter().filter(|role| bound(*role) == wanted).collect::<Vec<_>>();
        assert_eq!(bound_to(Bound::OwnClasses), [Role::HomeroomTeacher]);
        assert_eq!(bound_to(Bound::OwnGrades), [Role::GradeHead]);
    }
}
