//! One fact of the ledger: what happened to which child, when, and who says so.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::Role;
use crate::ids::{AccountId, DelegateId, EarlyLeaveId, FactId, GuardianId, LeaveId, SessionId, StudentId};
use crate::moment::day_of;

/// One thing that happened to one child on one day. Never changed once kept (G2, H10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Made by the device that noted it, so that a note sent twice is one fact.
    pub id: FactId,
    /// The child.
    pub student: StudentId,
    /// The civil day it belongs to.
    pub day: Date,
    /// The session it was noted in, when it was noted in one.
    pub session: Option<SessionId>,
    /// When it happened, by the device's account.
    pub at: Timestamp,
    /// When it reached the store.
    pub arrived_at: Timestamp,
    /// The device that noted it; empty when the school's own jobs did.
    pub device: String,
    /// The account that says so.
    pub account: AccountId,
    /// The role it acted in.
    pub role: Role,
    /// The earlier fact that this one takes back or replaces.
    pub corrects: Option<FactId>,
    /// What happened.
    pub what: What,
}

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// 应到: the plan and the child's enrolment put the child into this session.
    Expected,
    /// 请假: leave was asked for beforehand (G5); none is named when the teacher was told by word of mouth.
    OnLeave(Option<LeaveId>),
    /// 到: seen in class by the group's teacher (G2).
    Present,
    /// 迟到: seen in class after the roll was called.
    Late,
    /// 未到: not there when the roll was called; someone must look for the child (G3).
    Absent,
    /// 找到了: a missing child is explained (G3).
    Found(Found),
    /// 同意提前离校: the grade head lets the child go before the end (G6).
    EarlyLeaveApproved(EarlyLeaveId),
    /// 提前离校: the child has gone before the end, as approved (G6).
    LeftEarly(EarlyLeaveId),
    /// 老师交出: the teacher has handed the child over (H2).
    HandedOver(Handing),
    /// 放行: the child went through the gate with whoever collected it (H2, H10).
    LetThrough(Handing),
    /// 自行离校: went home alone, where the plan allows that for the child's grade.
    WentAlone,
    /// 上了校车: counted onto the bus (H7, H8).
    TookBus,
    /// 留下等候: nobody has come yet, late care began (H6).
    StayedLate,
    /// 又回来了: back in school after having gone or been handed over (H5).
    Returned,
    /// 今天不来: the family says the child is not coming today.
    NotComing,
    /// 在医务室: in the sick room, still in the school's hands.
    SickRoom,
    /// 撤销: takes back the fact it corrects and says nothing else.
    Undone,
}

/// Where a missing child was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Elsewhere in the school: the school still answers for the child.
    InSchool,
    /// With the family: the school's part of the day is over.
    WithFamily,
}

/// To whom a child was given, how that was checked, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handing {
    /// Who took the child.
    pub to: Receiver,
    /// How it was made sure that this is the one.
    pub checked: Check,
    /// The gate or place, as the school calls it; may be empty.
    pub place: String,
}

/// Who takes a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// A guardian (H1).
    Guardian(GuardianId),
    /// Someone whom a guardian named (H1).
    Delegate(DelegateId),
    /// Someone on no list, whom the duty leader let have the child; the dismissal's own record says who.
    Unlisted,
    /// A colleague at the gate or in late care: the school still answers for the child (H6, H12).
    Colleague,
}

/// How the receiver was checked (H2, H3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The teacher or guard knows the face, and child and adult know each other.
    Known,
    /// Name and relation were asked, and the child said the same.
    Asked,
    /// A paper with a photograph was seen; nothing of it is kept.
    PaperSeen,
    /// A guardian confirmed on the telephone.
    Telephoned,
}

/// What kind of fact it is, without its particulars. Ordered as a day goes: of facts of the same moment, the later kind
/// counts as the later fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// [`What::Expected`]
    Expected,
    /// [`What::OnLeave`]
    OnLeave,
    /// [`What::NotComing`]
    NotComing,
    /// [`What::Present`]
    Present,
    /// [`What::Absent`]
    Absent,
    /// [`What::Late`]
    Late,
    /// [`What::Found`]
    Found,
    /// [`What::SickRoom`]
    SickRoom,
    /// [`What::EarlyLeaveApproved`]
    EarlyLeaveApproved,
    /// [`What::LeftEarly`]
    LeftEarly,
    /// [`What::StayedLate`]
    StayedLate,
    /// [`What::HandedOver`]
    HandedOver,
    /// [`What::LetThrough`]
    LetThrough,
    /// [`What::WentAlone`]
    WentAlone,
    /// [`What::TookBus`]
    TookBus,
    /// [`What::Returned`]
    Returned,
    /// [`What::Undone`]
    Undone,
}

impl What {
    /// The kind of fact this is.
    pub const fn kind(&self) -> Kind {
        match self {
            What::Expected => Kind::Expected,
            What::OnLeave(_) => Kind::OnLeave,
            What::Present => Kind::Present,
            What::Late => Kind::Late,
            What::Absent => Kind::Absent,
            What::Found(_) => Kind::Found,
            What::EarlyLeaveApproved(_) => Kind::EarlyLeaveApproved,
            What::LeftEarly(_) => Kind::LeftEarly,
            What::HandedOver(_) => Kind::HandedOver,
            What::LetThrough(_) => Kind::LetThrough,
            What::WentAlone => Kind::WentAlone,
            What::TookBus => Kind::TookBus,
            What::StayedLate => Kind::StayedLate,
            What::Returned => Kind::Returned,
            What::NotComing => Kind::NotComing,
            What::SickRoom => Kind::SickRoom,
            What::Undone => Kind::Undone,
        }
    }
}

impl Kind {
    /// Every kind, in the order a day goes.
    pub const ALL: [Kind; 17] = [
        Kind::Expected,
        Kind::OnLeave,
        Kind::NotComing,
        Kind::Present,
        Kind::Absent,
        Kind::Late,
        Kind::Found,
        Kind::SickRoom,
        Kind::EarlyLeaveApproved,
        Kind::LeftEarly,
        Kind::StayedLate,
        Kind::HandedOver,
        Kind::LetThrough,
        Kind::WentAlone,
        Kind::TookBus,
        Kind::Returned,
        Kind::Undone,
    ];

    /// The kind's word in the store and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Expected => "expected",
            Kind::OnLeave => "on_leave",
            Kind::Present => "present",
            Kind::Late => "late",
            Kind::Absent => "absent",
            Kind::Found => "found",
            Kind::EarlyLeaveApproved => "early_leave_approved",
            Kind::LeftEarly => "left_early",
            Kind::HandedOver => "handed_over",
            Kind::LetThrough => "let_through",
            Kind::WentAlone => "went_alone",
            Kind::TookBus => "took_bus",
            Kind::StayedLate => "stayed_late",
            Kind::Returned => "returned",
            Kind::NotComing => "not_coming",
            Kind::SickRoom => "sick_room",
            Kind::Undone => "undone",
        }
    }

    /// The kind of this word.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Found {
    /// Both answers.
    pub const ALL: [Found; 2] = [Found::InSchool, Found::WithFamily];

    /// The answer's word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Found::InSchool => "in_school",
            Found::WithFamily => "with_family",
        }
    }

    /// The answer of this word.
    pub fn parse(word: &str) -> Option<Found> {
        Found::ALL.into_iter().find(|found| found.word() == word)
    }
}

impl Check {
    /// Every way, the quickest first.
    pub const ALL: [Check; 4] = [Check::Known, Check::Asked, Check::PaperSeen, Check::Telephoned];

    /// The way's word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Check::Known => "known",
            Check::Asked => "asked",
            Check::PaperSeen => "paper_seen",
            Check::Telephoned => "telephoned",
        }
    }

    /// The way of this word.
    pub fn parse(word: &str) -> Option<Check> {
        Check::ALL.into_iter().find(|check| check.word() == word)
    }
}

/// When a fact counts as having happened: what the device says, unless its clock runs ahead of the arrival or shows
/// another day than the one the fact belongs to; then the arrival counts.
pub fn happened(claimed: Timestamp, arrived_at: Timestamp, day: Date) -> Timestamp {
    if arrived_at < claimed || day_of(claimed) != day { arrived_at } else { claimed }
}
