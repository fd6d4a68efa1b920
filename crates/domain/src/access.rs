//! Roles and the one policy list: which role may begin which act.
//!
//! What depends on the row ("own child", "own class today") is a rule of the slice, not a role.

/// What a person is in one school. A person may hold several roles; a sign-in acts in one at a time.
/// The leadership group of A1 are those who hold its offices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 监护人: a child's parent or other guardian.
    Guardian,
    /// 班主任: answers for one home class.
    HomeroomTeacher,
    /// 服务教师: leads groups in the after-school service.
    ServiceTeacher,
    /// 值班领导: leads today's duty.
    DutyLeader,
    /// 年级组长: answers for one grade.
    GradeHead,
    /// 门卫: guards the gate.
    GateGuard,
    /// 教务处: content, staff scheduling, rosters and attendance (A3).
    AcademicOffice,
    /// 总务处: supplies and money (A3).
    GeneralAffairs,
    /// 安全处: venues, gate register, handover, emergency plan (A3).
    SafetyOffice,
    /// 校长: the first person responsible for safety (A2).
    Principal,
    /// 家长委员会: watches and gives opinions (A10, M3).
    ParentCommittee,
    /// 教育局: the bureau that plans are filed with (A12, O3).
    BureauOfficer,
    /// 系统管理员: accounts and keys; no view of children.
    SystemAdministrator,
}

impl Role {
    /// Every role, in the order of the list above.
    pub const ALL: [Role; 13] = [
        Role::Guardian,
        Role::HomeroomTeacher,
        Role::ServiceTeacher,
        Role::DutyLeader,
        Role::GradeHead,
        Role::GateGuard,
        Role::AcademicOffice,
        Role::GeneralAffairs,
        Role::SafetyOffice,
        Role::Principal,
        Role::ParentCommittee,
        Role::BureauOfficer,
        Role::SystemAdministrator,
    ];

    /// The role's word in the store, in addresses and in plan files.
    pub const fn word(self) -> &'static str {
        match self {
            Role::Guardian => "guardian",
            Role::HomeroomTeacher => "homeroom_teacher",
            Role::ServiceTeacher => "service_teacher",
            Role::DutyLeader => "duty_leader",
            Role::GradeHead => "grade_head",
            Role::GateGuard => "gate_guard",
            Role::AcademicOffice => "academic_office",
            Role::GeneralAffairs => "general_affairs",
            Role::SafetyOffice => "safety_office",
            Role::Principal => "principal",
            Role::ParentCommittee => "parent_committee",
            Role::BureauOfficer => "bureau_officer",
            Role::SystemAdministrator => "system_administrator",
        }
    }

    /// The role of this word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether the role signs in with a second factor: those who handle money or administer accounts.
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Role::GeneralAffairs | Role::SystemAdministrator)
    }
}

/// An act that a use case performs; a transaction is typed by it.
pub trait Action: Send + Sync + 'static {
    /// The act's name, as the event log and `docs/access.txt` carry it.
    const NAME: &'static str;
    /// The roles that may begin it.
    const ROLES: &'static [Role];
}

/// An act that needs no sign-in: it reads what a school shows to the public, and nothing about a person.
pub trait Shown: Action {}

impl Shown for ReadRound {}

/// The policy: each act once, with the roles that may begin it.
macro_rules! policy {
    ($($(#[$doc:meta])* $action:ident: $($role:ident)|+;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $action;

            impl Action for $action {
                const NAME: &'static str = stringify!($action);
                const ROLES: &'static [Role] = &[$(Role::$role),+];
            }
        )*

        /// Every act and its roles, in the order of the list.
        pub const POLICY: &[(&str, &[Role])] = &[$((stringify!($action), $action::ROLES)),*];
    };
}

policy! {
    // identity
    /// See and end one's own sign-ins, change password, language and look.
    KeepOwnAccount: Guardian | HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | GateGuard | AcademicOffice | GeneralAffairs | SafetyOffice | Principal | ParentCommittee | BureauOfficer | SystemAdministrator;
    /// See what waits for one's own role, on the first page.
    SeeOpenWork: HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | GateGuard | AcademicOffice | GeneralAffairs | SafetyOffice | Principal | ParentCommittee | BureauOfficer | SystemAdministrator;
    /// Add accounts of staff, give and take their roles, reset their codes: behind a second factor, since a role is power.
    ManageAccounts: SystemAdministrator;
    /// Print the slips with guardians' first codes.
    PrintSlips: AcademicOffice | SystemAdministrator;

    // plan
    /// Read the plan in force, its versions and what changed: the plan is public in its school.
    ReadPlan: Guardian | HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | GateGuard | AcademicOffice | GeneralAffairs | SafetyOffice | Principal | ParentCommittee | BureauOfficer | SystemAdministrator;
    /// Write a draft of the plan and check it.
    DraftPlan: AcademicOffice | Principal;
    /// Approve a checked plan.
    ApprovePlan: Principal;
    /// Record that the plan was filed with the bureau, and put it in force from a day.
    FilePlan: AcademicOffice | Principal;

    // calendar
    /// Read the school's calendar: terms, holidays, the school's own days.
    ReadCalendar: Guardian | HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | GateGuard | AcademicOffice | GeneralAffairs | SafetyOffice | Principal | ParentCommittee | BureauOfficer | SystemAdministrator;
    /// Add terms, closures, pauses and make-up days, declare unpublished spans (C3, C11).
    KeepCalendar: AcademicOffice | Principal;

    // people
    /// See classes, pupils and their guardians: one's own class, one's own grades, or all (G1).
    ReadRoster: HomeroomTeacher | GradeHead | AcademicOffice | Principal;
    /// Add and correct pupils and guardians, note who has left (B1, G1).
    KeepRoster: AcademicOffice;
    /// Import a roster workbook (G1).
    ImportRoster: AcademicOffice;
    /// Turn the school year: graduation, new, split and merged classes.
    TurnYear: AcademicOffice | Principal;
    /// See hardship and priority flags (B4).
    ReadFlags: HomeroomTeacher | GradeHead | AcademicOffice | Principal;
    /// Set and clear hardship and priority flags (B4).
    KeepFlags: AcademicOffice | Principal;
    /// See the staff and who leads which class.
    ReadStaff: GradeHead | DutyLeader | AcademicOffice | Principal | SystemAdministrator;
    /// Add and correct staff, give classes their teachers (G1).
    KeepStaff: AcademicOffice | Principal | SystemAdministrator;

    // catalogue
    /// Read what is offered and published, for one's own child or as a member of the school (D10).
    ReadCatalogue: Guardian | HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | AcademicOffice | GeneralAffairs | SafetyOffice | Principal | ParentCommittee;
    /// See every offering with what is wrong with it, published or not.
    ReadOfferings: AcademicOffice | Principal;
    /// Write offerings, hand them to the reviewer, take them back, withdraw them (D2).
    KeepOfferings: AcademicOffice;
    /// Publish an offering or send it back with a reason; never one's own (D8, R2).
    ReviewOfferings: Principal;

    // allocation
    /// See the rounds of choosing with their result, tickets and record.
    ReadRounds: AcademicOffice | Principal;
    /// Set up a round, make it known, seal it, hold its draw, publish it or give it up (F12).
    KeepRounds: AcademicOffice;
    /// Move a child, lock a seat, take a move back.
    ArrangeSeats: AcademicOffice;
    /// Write the wishes of a family that cannot do so itself.
    EnterWishes: AcademicOffice | HomeroomTeacher;
    /// Read the rounds, the own wishes and the own result.
    ReadOwnChoices: Guardian;
    /// Rank wishes, take a seat, confirm it or give it up.
    ChooseOfferings: Guardian;
    /// Read the public page of a round.
    ReadRound: Guardian | HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | AcademicOffice | GeneralAffairs | SafetyOffice | Principal | ParentCommittee | BureauOfficer;

    // enrolment
    /// Write and publish letters and notices to families, and see who has read them (M1, M4).
    KeepNotices: AcademicOffice | Principal;
    /// Open a sign-up: the days of its survey, of applying, and of each review step (C8, F11).
    KeepSignUps: AcademicOffice | Principal;
    /// Write new versions of the agreement's and the pledge's clauses and put them in use (F6).
    KeepClauses: AcademicOffice | Principal;
    /// Write the privacy notice and name the responsible officer.
    KeepPrivacyNotice: AcademicOffice | Principal;
    /// Read the school's notices, the answers of one's own child, and where its application stands.
    ReadOwnEnrolment: Guardian;
    /// Say that a notice was read (M1).
    ReadNotice: Guardian;
    /// Answer the survey before sign-up (C8).
    AnswerSurvey: Guardian;
    /// Give or refuse consent to one purpose.
    GiveConsent: Guardian;
    /// Apply for one's own children and hand in again what came back (F1).
    ApplyForService: Guardian;
    /// Sign the agreement and the pledge (F4).
    SignAgreement: Guardian;
    /// Leave the service, or take an application back (B6).
    WithdrawChild: Guardian;
    /// Ask for a correction of what the school holds.
    AskForCorrection: Guardian;
    /// See applications: the own class's, those at the own step of the plan's chain, or all (F1).
    ReadApplications: HomeroomTeacher | GradeHead | AcademicOffice | Principal | ParentCommittee;
    /// See who has a place in the service: one's own class, one's own grades, or all (F1).
    ReadPlaces: HomeroomTeacher | GradeHead | AcademicOffice | Principal;
    /// Decide at one's own step of the plan's chain (F1, B3).
    ReviewApplications: HomeroomTeacher | GradeHead | AcademicOffice | Principal | ParentCommittee;
    /// Show the names in the class before anybody starts (F10).
    PublishClass: HomeroomTeacher | AcademicOffice;
    /// Object to a name that is shown in one's own child's class (F10).
    ObjectToName: Guardian;
    /// Answer objections to names that are shown in a class (F10).
    AnswerObjections: AcademicOffice;
    /// Enter what a family signed on paper (F4, H1, B6).
    EnterPaper: HomeroomTeacher | AcademicOffice;
    /// Confirm, as the second person, a paper that somebody else entered.
    ConfirmPaper: HomeroomTeacher | AcademicOffice | Principal;
    /// Take over families that had signed on paper before the school began to use Kehou (R1).
    TakeOverPapers: AcademicOffice | Principal;
    /// File the list of approved children with the bureau (F9).
    FileList: AcademicOffice | Principal;
    /// Read filed lists and note that they were received (F9).
    ReceiveFilings: BureauOfficer;
    /// End a child's place because the agreement is not kept (B6).
    EndService: AcademicOffice | Principal;
    /// See what departs from the usual way (R1).
    ReadExceptions: AcademicOffice | Principal;
    /// Answer a family's request for a correction.
    AnswerCorrections: AcademicOffice | Principal;

    // grouping
    /// See the groups with their teachers and rooms.
    ReadGroups: GradeHead | DutyLeader | AcademicOffice | Principal;
    /// Form groups from enrolments, give them a teacher and a room.
    ArrangeGroups: AcademicOffice;

    // custody, attendance
    /// Make the day's sessions from plan, calendar and groups, when they are not there yet.
    PrepareDay: HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | AcademicOffice | Principal;
    /// See the day's sessions: one's own, the own grades' with their children in clubs, or all for those who lead the day.
    ReadSessions: HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | AcademicOffice | Principal;
    /// Call the roll of a session, undo it, confirm it by the head count (G2, G9).
    CallRoll: HomeroomTeacher | ServiceTeacher | DutyLeader | AcademicOffice;
    /// Give today's session to another teacher.
    StandIn: DutyLeader | AcademicOffice;
    /// Look for a missing child: see whom to call, write down what was said, close the case (G3).
    LookForChild: HomeroomTeacher | ServiceTeacher | DutyLeader | AcademicOffice;
    /// See who is missing and who is looking for the child (G3, A9).
    ReadCases: DutyLeader | GradeHead | AcademicOffice | SafetyOffice | Principal;
    /// File leave for one's own child and take it back (G5).
    FileLeave: Guardian;
    /// Write down leave that a family told the teacher (G5).
    EnterLeave: HomeroomTeacher | ServiceTeacher | DutyLeader | AcademicOffice;
    /// Note that a child wants to leave early, pass it on, register that it has gone (G6).
    ReportEarlyLeave: HomeroomTeacher | ServiceTeacher | DutyLeader;
    /// Let a child leave early, or not (G6).
    DecideEarlyLeave: GradeHead | DutyLeader;
    /// See the day's early leaves (G6).
    ReadEarlyLeaves: HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | AcademicOffice | Principal;
    /// Write the care log of a session (G8, G9).
    WriteCareLog: HomeroomTeacher | ServiceTeacher | DutyLeader;
    /// Read care logs (G8).
    ReadCareLog: HomeroomTeacher | ServiceTeacher | DutyLeader | GradeHead | AcademicOffice | SafetyOffice | Principal;
    /// Read, print and download the day, week and month sheets (G7).
    ReadSheets: HomeroomTeacher | DutyLeader | GradeHead | AcademicOffice | SafetyOffice | Principal;
    /// Close a month's summary and keep it with its hash (G7).
    CloseMonth: AcademicOffice;

    // dismissal
    /// See one's own children's day: the guardian's home and a child's days.
    SeeOwnChildren: Guardian;
    /// Name and end delegates, consent to how one's own child goes home (H1).
    KeepPickupList: Guardian;
    /// Record and lift who must not collect a child (H3).
    RestrictPickup: HomeroomTeacher | AcademicOffice | SafetyOffice | Principal;
    /// See today's children at the gate (H3).
    WatchGate: GateGuard | DutyLeader;
    /// Let a child go, or stop (H1, H2, H10).
    ReleaseChild: GateGuard | DutyLeader;
    /// Hand children over to the gate, record a late stay, close the room (H6, H9, H12).
    HandOverGroup: ServiceTeacher | DutyLeader;
    /// End a stop that waits for the duty leader (H3, A6).
    SettleStop: DutyLeader;
    /// See who is still in school: the live board and the day's handover sheet (A6, A9).
    WatchBoard: DutyLeader | AcademicOffice | SafetyOffice | Principal;
    /// Close the day (H9, A6).
    CloseDay: DutyLeader;
}
