//! Facts of sign-in and seats as sentences.

use kehou_domain::access::Role;

/// What a role is called, in Chinese.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Guardian => "家长",
        Role::HomeroomTeacher => "班主任",
        Role::ServiceTeacher => "服务教师",
        Role::DutyLeader => "值班领导",
        Role::GradeHead => "年级组长",
        Role::GateGuard => "门卫",
        Role::AcademicOffice => "教务处",
        Role::GeneralAffairs => "总务处",
        Role::SafetyOffice => "安全处",
        Role::Principal => "校长",
        Role::ParentCommittee => "家长委员会",
        Role::BureauOfficer => "教育局",
        Role::SystemAdministrator => "系统管理员",
    }
}
