//! What waits for a role, most pressing first, and the first steps of a school that begins from nothing.
//!
//! A first page opens with what is wrong and how many (A6, A9, F1, H9); who may act on a thing is told of it.

use crate::access::{
    Action, AnswerCorrections, ApprovePlan, ArrangeGroups, CallRoll, CloseDay, CloseMonth, ConfirmPaper,
    DecideEarlyLeave, DraftPlan, FileList, FilePlan, ImportRoster, KeepCalendar, KeepClauses, KeepNotices,
    KeepOfferings, KeepPrivacyNotice, KeepSignUps, KeepStaff, LookForChild, ManageAccounts, PrintSlips,
    PublishClass, ReadCases, ReadExceptions, ReceiveFilings, ReviewApplications, ReviewOfferings, Role,
    SettleStop, TurnYear, WatchBoard,
};

/// One kind of open work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// Children who are being looked for (G3, A9).
    ChildrenMissing,
    /// The teacher's own children who are being looked for (G3).
    OwnChildrenMissing,
    /// Stops at the gate that wait for the duty leader (H3, A6).
    StopsOpen,
    /// Earlier days that were not closed (H9).
    DaysUnclosed,
    /// Children who want to leave early (G6).
    EarlyLeaves,
    /// Rolls of today whose session has begun and that nobody called (G2).
    RollsUncalled,
    /// Applications that are late at their step (F11).
    ApplicationsOverdue,
    /// Applications at the role's own step (F1).
    ApplicationsToReview,
    /// Objections to names that are shown in a class (F10).
    Objections,
    /// Plans that wait for the principal (A1).
    PlansToApprove,
    /// Approved plans that the bureau does not have yet (O3).
    PlansToFile,
    /// Filed plans that rule no day yet.
    PlansToPutInForce,
    /// Drafts of a plan that were not handed on.
    PlanDrafts,
    /// Offerings that wait for the reviewer (D8, R2).
    OfferingsToReview,
    /// Offerings that the reviewer sent back (D8).
    OfferingsReturned,
    /// Forms on paper that wait for a second person (F4).
    PapersToConfirm,
    /// What families signed on paper and waits for a second person (H1, B6).
    SignedPapersToConfirm,
    /// Approved children whose names are not shown in the class yet (F10).
    NamesToShow,
    /// Approved children who are on no list at the bureau yet (F9).
    ChildrenToFile,
    /// Lists that the bureau has not noted as received (F9).
    FilingsToReceive,
    /// Families' requests for a correction.
    Corrections,
    /// Days of the running terms that nobody has decided (C3).
    DaysUndecided,
    /// Classes without a homeroom teacher (G1).
    ClassesWithoutTeacher,
    /// Groups without a teacher (G2).
    GroupsWithoutTeacher,
    /// Last month's sheet is not closed (G7).
    MonthUnclosed,
    /// Members of staff without an account.
    StaffWithoutAccount,
    /// Guardians who cannot sign in: no password, no code that still holds.
    GuardiansWithoutCode,
}

impl Matter {
    /// Every kind, most pressing first: children, then families who wait, then papers, then the school's own desk.
    pub const ALL: [Matter; 27] = [
        Matter::ChildrenMissing,
        Matter::OwnChildrenMissing,
        Matter::StopsOpen,
        Matter::DaysUnclosed,
        Matter::EarlyLeaves,
        Matter::RollsUncalled,
        Matter::ApplicationsOverdue,
        Matter::ApplicationsToReview,
        Matter::Objections,
        Matter::PlansToApprove,
        Matter::PlansToFile,
        Matter::PlansToPutInForce,
        Matter::PlanDrafts,
        Matter::OfferingsToReview,
        Matter::OfferingsReturned,
        Matter::PapersToConfirm,
        Matter::SignedPapersToConfirm,
        Matter::NamesToShow,
        Matter::ChildrenToFile,
        Matter::FilingsToReceive,
        Matter::Corrections,
        Matter::DaysUndecided,
        Matter::ClassesWithoutTeacher,
        Matter::GroupsWithoutTeacher,
        Matter::MonthUnclosed,
        Matter::StaffWithoutAccount,
        Matter::GuardiansWithoutCode,
    ];

    /// Whether the role may do something about it: the others are told so that they know (A6, A9).
    pub fn is_for(self, role: Role) -> bool {
        let acting = match (self == Matter::ChildrenMissing, self == Matter::DaysUnclosed) {
            (true, _) => LookForChild::ROLES,
            (_, true) => CloseDay::ROLES,
            (false, false) => self.roles(),
        };
        acting.contains(&role)
    }

    /// Who is told of it: those who may act on it, and of children those who lead the day.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Matter::ChildrenMissing => ReadCases::ROLES,
            Matter::OwnChildrenMissing => &[Role::HomeroomTeacher, Role::ServiceTeacher],
            Matter::StopsOpen => SettleStop::ROLES,
            Matter::DaysUnclosed => WatchBoard::ROLES,
            Matter::EarlyLeaves => DecideEarlyLeave::ROLES,
            Matter::RollsUncalled => CallRoll::ROLES,
            Matter::ApplicationsOverdue => ReadExceptions::ROLES,
            Matter::ApplicationsToReview => ReviewApplications::ROLES,
            Matter::PlansToApprove => ApprovePlan::ROLES,
            Matter::PlansToFile | Matter::PlansToPutInForce => FilePlan::ROLES,
            Matter::PlanDrafts => DraftPlan::ROLES,
            Matter::OfferingsToReview => ReviewOfferings::ROLES,
            Matter::OfferingsReturned => KeepOfferings::ROLES,
            Matter::PapersToConfirm | Matter::SignedPapersToConfirm => ConfirmPaper::ROLES,
            Matter::Objections | Matter::NamesToShow => PublishClass::ROLES,
            Matter::ChildrenToFile => FileList::ROLES,
            Matter::FilingsToReceive => ReceiveFilings::ROLES,
            Matter::Corrections => AnswerCorrections::ROLES,
            Matter::DaysUndecided => KeepCalendar::ROLES,
            Matter::ClassesWithoutTeacher => TurnYear::ROLES,
            Matter::GroupsWithoutTeacher => ArrangeGroups::ROLES,
            Matter::MonthUnclosed => CloseMonth::ROLES,
            Matter::StaffWithoutAccount => ManageAccounts::ROLES,
            Matter::GuardiansWithoutCode => PrintSlips::ROLES,
        }
    }
}

/// Open work of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// What it is.
    pub matter: Matter,
    /// How many there are: at least one.
    pub count: i64,
}

/// What waits for a role, most pressing first; what is not there is not named.
pub fn waiting_for(role: Role, found: &[Waiting]) -> Vec<Waiting> {
    let told = |waiting: &&Waiting| 0 < waiting.count && waiting.matter.roles().contains(&role);
    let mut waiting: Vec<Waiting> = found.iter().filter(told).copied().collect();
    waiting.sort_by_key(|waiting| waiting.matter);
    waiting
}

/// A step from nothing to the first day of service, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FirstStep {
    /// A plan is in force, or will be from a day on.
    Plan,
    /// A term is open that has not ended.
    Term,
    /// The roster is in.
    Roster,
    /// Every class has its homeroom teacher.
    Teachers,
    /// The letter to families is published (M1).
    Letter,
    /// The papers that the plan asks for have clauses in use (F6).
    Clauses,
    /// The privacy notice is published.
    PrivacyNotice,
    /// The term's sign-up has its days (C8, F11).
    SignUp,
    /// Families have codes to sign in with.
    Slips,
}

impl FirstStep {
    /// Every step, in order.
    pub const ALL: [FirstStep; 9] = [
        FirstStep::Plan,
        FirstStep::Term,
        FirstStep::Roster,
        FirstStep::Teachers,
        FirstStep::Letter,
        FirstStep::Clauses,
        FirstStep::PrivacyNotice,
        FirstStep::SignUp,
        FirstStep::Slips,
    ];

    /// Who takes it.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            FirstStep::Plan => DraftPlan::ROLES,
            FirstStep::Term => KeepCalendar::ROLES,
            FirstStep::Roster => ImportRoster::ROLES,
            FirstStep::Teachers => KeepStaff::ROLES,
            FirstStep::Letter => KeepNotices::ROLES,
            FirstStep::Clauses => KeepClauses::ROLES,
            FirstStep::PrivacyNotice => KeepPrivacyNotice::ROLES,
            FirstStep::SignUp => KeepSignUps::ROLES,
            FirstStep::Slips => PrintSlips::ROLES,
        }
    }
}

/// A first step, and whether it is behind the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepTaken {
    /// The step.
    pub step: FirstStep,
    /// Whether it is done.
    pub done: bool,
}

/// The first steps of this role while one of them is left, in order; nothing once all are done.
pub fn first_steps(role: Role, done: &[FirstStep]) -> Vec<StepTaken> {
    let own = FirstStep::ALL.into_iter().filter(|step| step.roles().contains(&role));
    let steps: Vec<StepTaken> = own.map(|step| StepTaken { step, done: done.contains(&step) }).collect();
    if steps.iter().all(|step| step.done) { Vec::new() } else { steps }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(role: Role, found: &[(Matter, i64)], expected: &[(Matter, i64)]) {
        let found: Vec<Waiting> =
            found.iter().map(|(matter, count)| Waiting { matter: *matter, count: *count }).collect();
        let waiting: Vec<(Matter, i64)> =
            waiting_for(role, &found).iter().map(|waiting| (waiting.matter, waiting.count)).collect();
        assert_eq!(waiting, expected, "{role:?}");
    }

    #[test]
    fn children_come_before_papers_and_what_is_not_there_is_not_named() {
        use Matter::{ChildrenMissing, Corrections, DaysUnclosed, PapersToConfirm};
        let found = [(Corrections, 4), (PapersToConfirm, 2), (DaysUnclosed, 0), (ChildrenMissing, 1)];
        check(Role::AcademicOffice, &found, &[(ChildrenMissing, 1), (PapersToConfirm, 2), (Corrections, 4)]);
    }

    #[test]
    fn nobody_is_told_of_what_they_may_not_act_on() {
        let everything = Matter::ALL.map(|matter| (matter, 1));
        let all = |role: Role| -> Vec<(Matter, i64)> {
            everything.into_iter().filter(|(matter, _)| matter.roles().contains(&role)).collect()
        };
        for role in Role::ALL {
            check(role, &everything, &all(role));
        }
        check(
            Role::SystemAdministrator,
            &everything,
            &[(Matter::StaffWithoutAccount, 1), (Matter::GuardiansWithoutCode, 1)],
        );
        check(Role::BureauOfficer, &everything, &[(Matter::FilingsToReceive, 1)]);
        check(Role::Guardian, &everything, &[]);
        check(Role::GeneralAffairs, &everything, &[]);
    }

    #[test]
    fn a9_who_only_reads_of_a_missing_child_or_an_open_day_does_not_act() {
        let acts = |matter: Matter| -> Vec<Role> {
            let told = matter.roles().iter().copied();
            told.filter(|role| matter.is_for(*role)).collect()
        };
        assert_eq!(acts(Matter::ChildrenMissing), [Role::DutyLeader, Role::AcademicOffice]);
        assert_eq!(acts(Matter::DaysUnclosed), [Role::DutyLeader]);
        assert_eq!(acts(Matter::EarlyLeaves), Matter::EarlyLeaves.roles());
    }

    #[test]
    fn the_list_of_every_matter_is_in_order() {
        assert!(Matter::ALL.is_sorted());
        assert!(FirstStep::ALL.is_sorted());
    }

    #[test]
    fn a_school_from_nothing_sees_its_steps_until_the_last_is_done() {
        let none = first_steps(Role::AcademicOffice, &[]);
        assert_eq!(none.len(), FirstStep::ALL.len());
        assert!(none.iter().all(|step| !step.done));
        let some = first_steps(Role::AcademicOffice, &[FirstStep::Plan]);
        assert_eq!(
            some[..2],
            [
                StepTaken { step: FirstStep::Plan, done: true },
                StepTaken { step: FirstStep::Term, done: false },
            ]
        );
        assert_eq!(first_steps(Role::AcademicOffice, &FirstStep::ALL), []);
        assert_eq!(first_steps(Role::GateGuard, &[]), []);
    }

    #[test]
    fn a_role_whose_own_steps_are_done_sees_none() {
        let own = [FirstStep::Teachers, FirstStep::Slips];
        assert_eq!(first_steps(Role::SystemAdministrator, &own), []);
    }
}
