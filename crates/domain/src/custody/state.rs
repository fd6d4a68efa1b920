//! From facts to the child's state.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::fact::{Fact, Found, Handing, Receiver, What};
use crate::access::Role;
use crate::ids::{AccountId, EarlyLeaveId, FactId, SessionId};

/// What a child's facts of one day add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    marks: BTreeMap<SessionId, (Mark, Sight)>,
    last: Option<(Whereabouts, Sight)>,
    /// The teacher's handing over, if it stands: one of three records, none of which implies another.
    pub handed_over: Option<(Handing, Sight)>,
    /// The gate's letting through, if it stands.
    pub let_through: Option<(Handing, Sight)>,
    /// The early leave that was approved, if one was, and the fact that says so.
    pub early_leave: Option<(EarlyLeaveId, Sight)>,
    given_out_in: Option<SessionId>,
    /// When late care began, if nobody had come in time (H6), whoever took the child later.
    pub stayed_late: Option<Sight>,
}

/// The fact that something was learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// The fact.
    pub fact: FactId,
    /// When it happened.
    pub at: Timestamp,
    /// Who says so.
    pub account: AccountId,
    /// In which role.
    pub role: Role,
}

/// What is known of a child in one session. Nobody is present by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// 还没点: expected, and nobody has said anything yet.
    Unmarked,
    /// 到.
    Present,
    /// 迟到: counts as present.
    Late,
    /// 未到.
    Absent,
    /// 请假.
    Leave,
    /// 早退: was there and left before the end, as approved (G6).
    LeftEarly,
    /// 已走: had left the school's hands before the session began.
    Gone,
}

impl Mark {
    /// The mark's word in JSON and forms.
    pub const fn word(self) -> &'static str {
        match self {
            Mark::Unmarked => "unmarked",
            Mark::Present => "present",
            Mark::Late => "late",
            Mark::Absent => "absent",
            Mark::Leave => "leave",
            Mark::LeftEarly => "left_early",
            Mark::Gone => "gone",
        }
    }

    /// Whether somebody has called the child in this session: leave filed beforehand and having gone before are no call.
    pub const fn is_called(self) -> bool {
        match self {
            Mark::Present | Mark::Late | Mark::Absent | Mark::LeftEarly => true,
            Mark::Unmarked | Mark::Leave | Mark::Gone => false,
        }
    }
}

/// Where the child is, as far as the facts say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// Not expected today.
    NotExpected,
    /// 还没点: expected, not seen by anybody yet.
    Unseen,
    /// 在场: seen in class, or back in school.
    Here,
    /// 未到: looked for, not found yet.
    Missing,
    /// Found elsewhere in the school.
    ElsewhereInSchool,
    /// 在医务室.
    SickRoom,
    /// Handed to a colleague: the way to the gate, or shift to shift.
    WithColleague,
    /// 留下等候: in late care.
    LateCare,
    /// The school's part of the day is over.
    Ended(Ending),
}

/// How a child's day in the school's hands ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// On leave all day (G5).
    OnLeave,
    /// The family said so beforehand.
    NotComing,
    /// Looked for and found with the family (G3).
    WithFamily,
    /// Handed by the teacher to someone entitled (H2).
    HandedOver(Receiver),
    /// Let through the gate with someone entitled (H2, H10).
    Collected(Receiver),
    /// Went alone, where the plan allows it.
    WentAlone,
    /// On the bus (H7, H8).
    TookBus,
}

impl Ending {
    /// Whether this ending means that the child was never in the school's hands that day.
    pub const fn never_came(self) -> bool {
        match self {
            Ending::OnLeave | Ending::NotComing | Ending::WithFamily => true,
            Ending::HandedOver(_) | Ending::Collected(_) | Ending::WentAlone | Ending::TookBus => false,
        }
    }
}

impl Whereabouts {
    /// Whether somebody of the school has the child in sight (H6, A6).
    pub const fn is_in_care(self) -> bool {
        match self {
            Whereabouts::Here
            | Whereabouts::ElsewhereInSchool
            | Whereabouts::SickRoom
            | Whereabouts::WithColleague
            | Whereabouts::LateCare => true,
            Whereabouts::NotExpected | Whereabouts::Unseen | Whereabouts::Missing | Whereabouts::Ended(_) => {
                false
            }
        }
    }

    /// Whether the child is one whom the school lets go that day: not on leave, not with the family (H3).
    pub const fn is_to_go(self) -> bool {
        match self {
            Whereabouts::NotExpected => false,
            Whereabouts::Ended(ending) => !ending.never_came(),
            Whereabouts::Unseen
            | Whereabouts::Here
            | Whereabouts::Missing
            | Whereabouts::ElsewhereInSchool
            | Whereabouts::SickRoom
            | Whereabouts::WithColleague
            | Whereabouts::LateCare => true,
        }
    }

    /// Whether the child was in school and has left (H10).
    pub const fn has_gone(self) -> bool {
        matches!(self, Whereabouts::Ended(ending) if !ending.never_came())
    }
}

impl State {
    /// Where the child is now.
    pub fn whereabouts(&self) -> Whereabouts {
        match self.last {
            Some((place, _)) => place,
            None if self.marks.is_empty() => Whereabouts::NotExpected,
            None if self.marks.values().all(|(mark, _)| *mark == Mark::Leave) => {
                Whereabouts::Ended(Ending::OnLeave)
            }
            None => Whereabouts::Unseen,
        }
    }

    /// The fact that the whereabouts were learnt from, if anybody has seen or explained the child.
    pub fn learnt_from(&self) -> Option<Sight> {
        self.last.map(|(_, sight)| sight)
    }

    /// How the child's day ended, if it did.
    pub fn ending(&self) -> Option<Ending> {
        match self.whereabouts() {
            Whereabouts::Ended(ending) => Some(ending),
            Whereabouts::NotExpected
            | Whereabouts::Unseen
            | Whereabouts::Here
            | Whereabouts::Missing
            | Whereabouts::ElsewhereInSchool
            | Whereabouts::SickRoom
            | Whereabouts::WithColleague
            | Whereabouts::LateCare => None,
        }
    }

    /// Whether this session gave the child out of the room: it was in it, or its teacher handed the child over or stayed
    /// with it, and the child is with a colleague or in late care since (H2, H6).
    pub fn was_given_out_by(&self, session: SessionId) -> bool {
        let was_in = matches!(self.marks.get(&session), Some((Mark::Present | Mark::Late, _)));
        matches!(self.whereabouts(), Whereabouts::WithColleague | Whereabouts::LateCare)
            && (was_in || self.given_out_in == Some(session))
    }

    /// The sessions the child is expected or was seen in.
    pub fn sessions(&self) -> impl Iterator<Item = SessionId> + '_ {
        self.marks.keys().copied()
    }

    /// What is known of the child in this session; nothing when the child does not belong there.
    pub fn mark(&self, session: SessionId) -> Option<Mark> {
        let (mark, _) = *self.marks.get(&session)?;
        if mark != Mark::Unmarked {
            return Some(mark);
        }
        Some(match self.ending() {
            None => Mark::Unmarked,
            Some(Ending::OnLeave | Ending::NotComing | Ending::WithFamily) => Mark::Leave,
            Some(Ending::HandedOver(_) | Ending::Collected(_) | Ending::WentAlone | Ending::TookBus) => {
                Mark::Gone
            }
        })
    }

    /// The fact that the mark of this session was learnt from.
    pub fn marked_by(&self, session: SessionId) -> Option<Sight> {
        self.marks.get(&session).map(|(_, sight)| *sight)
    }

    /// The fact that says what is known of the child in this session; nothing while nobody has said anything: that the
    /// child is expected is no mark.
    pub fn said_by(&self, session: SessionId) -> Option<Sight> {
        let (mark, sight) = *self.marks.get(&session)?;
        match mark {
            Mark::Unmarked => self.ending().and(self.learnt_from()),
            Mark::Present | Mark::Late | Mark::Absent | Mark::Leave | Mark::LeftEarly | Mark::Gone => {
                Some(sight)
            }
        }
    }
}

/// What one child's facts of one day add up to: a total function, the same for every order of arrival (rules 1–5 of
/// the screens; G2, G3, H10). Facts that another one corrects do not count; the same fact twice is one fact.
pub fn state(facts: &[Fact]) -> State {
    let mut sorted: Vec<&Fact> = facts.iter().collect();
    sorted.sort_by_key(|fact| (fact.at, fact.what.kind(), fact.id));
    let void = taken_back(&sorted);
    let mut state = State::default();
    let mut seen = BTreeSet::new();
    for fact in sorted {
        if seen.insert(fact.id) && !void.contains(&fact.id) {
            state.take(fact);
        }
    }
    state
}

/// The facts that count: those that no other fact replaces or takes back.
pub fn standing(facts: &[Fact]) -> impl Iterator<Item = &Fact> {
    let void = taken_back(&facts.iter().collect::<Vec<_>>());
    facts.iter().filter(move |fact| !void.contains(&fact.id))
}

/// The facts that do not count: those that some fact replaces or takes back, unless that one was itself taken back.
///
/// A replaced fact goes on replacing what it replaced: a child noted present, then absent instead, then on leave
/// instead, is on leave. Only taking back brings the earlier fact to life again.
fn taken_back(sorted: &[&Fact]) -> BTreeSet<FactId> {
    let mut undoing: BTreeMap<FactId, Vec<FactId>> = BTreeMap::new();
    for fact in sorted.iter().filter(|fact| fact.what == What::Undone) {
        if let Some(wrong) = fact.corrects {
            undoing.entry(wrong).or_default().push(fact.id);
        }
    }
    let mut known = BTreeMap::new();
    let acting = sorted.iter().filter(|fact| fact.corrects.is_some() && acts(fact.id, &undoing, &mut known));
    acting.filter_map(|fact| fact.corrects).collect()
}

/// Whether a correction holds: it does unless a holding [`What::Undone`] takes it back. Facts that take each other back
/// in a ring cannot come from honest devices; the one met again counts as holding, so that the answer exists.
fn acts(fact: FactId, undoing: &BTreeMap<FactId, Vec<FactId>>, known: &mut BTreeMap<FactId, bool>) -> bool {
    if let Some(acting) = known.get(&fact) {
        return *acting;
    }
    known.insert(fact, true);
    let undone = undoing.get(&fact).is_some_and(|list| list.iter().any(|undo| acts(*undo, undoing, known)));
    known.insert(fact, !undone);
    !undone
}

impl State {
    fn take(&mut self, fact: &Fact) {
        match &fact.what {
            What::Expected => self.expect(fact),
            What::OnLeave(_) => self.excuse(fact),
            What::Present => self.see(fact, Mark::Present),
            What::Late => self.see(fact, Mark::Late),
            What::Absent => self.miss(fact),
            What::Found(Found::InSchool) => self.place(fact, Whereabouts::ElsewhereInSchool),
            What::Found(Found::WithFamily) => self.end(fact, Ending::WithFamily),
            What::EarlyLeaveApproved(leave) => self.early_leave = Some((*leave, sight(fact))),
            What::LeftEarly(_) => self.leave_early(fact),
            What::HandedOver(handing) => self.hand_over(fact, handing),
            What::LetThrough(handing) => self.let_through(fact, handing),
            What::WentAlone => self.end(fact, Ending::WentAlone),
            What::TookBus => self.end(fact, Ending::TookBus),
            What::StayedLate => self.stay_late(fact),
            What::Returned => self.come_back(fact),
            What::NotComing => self.not_coming(fact),
            What::SickRoom => self.place(fact, Whereabouts::SickRoom),
            What::Undone => {}
        }
    }

    fn expect(&mut self, fact: &Fact) {
        if let Some(session) = fact.session {
            self.marks.entry(session).or_insert((Mark::Unmarked, sight(fact)));
        }
    }

    /// Leave filed on paper does not overrule eyes: it excuses only where nobody has called the roll.
    fn excuse(&mut self, fact: &Fact) {
        let Some(session) = fact.session else { return };
        let known = self.marks.entry(session).or_insert((Mark::Unmarked, sight(fact)));
        if known.0 == Mark::Unmarked {
            *known = (Mark::Leave, sight(fact));
        }
    }

    /// Whoever is seen in school after an ending is in the school's hands again: the careful reading of two facts that
    /// disagree is the one that keeps somebody looking after the child.
    fn see(&mut self, fact: &Fact, mark: Mark) {
        self.note(fact, mark);
        self.come_back(fact);
    }

    fn miss(&mut self, fact: &Fact) {
        self.note(fact, Mark::Absent);
        self.place(fact, Whereabouts::Missing);
    }

    /// Out of the room is not out of the school: who takes the child is asked of it as of any other (H2).
    fn leave_early(&mut self, fact: &Fact) {
        self.note(fact, Mark::LeftEarly);
        self.given_out_in = fact.session;
        self.place(fact, Whereabouts::WithColleague);
    }

    fn not_coming(&mut self, fact: &Fact) {
        let open = self.marks.values_mut().filter(|(mark, _)| *mark == Mark::Unmarked);
        open.for_each(|known| *known = (Mark::Leave, sight(fact)));
        self.end(fact, Ending::NotComing);
    }

    fn hand_over(&mut self, fact: &Fact, handing: &Handing) {
        self.handed_over = Some((handing.clone(), sight(fact)));
        self.given_out_in = fact.session;
        match handing.to {
            Receiver::Colleague => self.place(fact, Whereabouts::WithColleague),
            Receiver::Guardian(_) | Receiver::Delegate(_) | Receiver::Unlisted => {
                self.end(fact, Ending::HandedOver(handing.to));
            }
        }
    }

    fn let_through(&mut self, fact: &Fact, handing: &Handing) {
        self.let_through = Some((handing.clone(), sight(fact)));
        self.end(fact, Ending::Collected(handing.to));
    }

    fn come_back(&mut self, fact: &Fact) {
        self.handed_over = None;
        self.let_through = None;
        self.given_out_in = None;
        self.place(fact, Whereabouts::Here);
    }

    fn stay_late(&mut self, fact: &Fact) {
        self.stayed_late.get_or_insert(sight(fact));
        self.given_out_in = fact.session;
        self.place(fact, Whereabouts::LateCare);
    }

    fn note(&mut self, fact: &Fact, mark: Mark) {
        if let Some(session) = fact.session {
            self.marks.insert(session, (mark, sight(fact)));
        }
    }

    fn end(&mut self, fact: &Fact, ending: Ending) {
        self.place(fact, Whereabouts::Ended(ending));
    }

    fn place(&mut self, fact: &Fact, place: Whereabouts) {
        self.last = Some((place, sight(fact)));
    }
}

fn sight(fact: &Fact) -> Sight {
    Sight { fact: fact.id, at: fact.at, account: fact.account, role: fact.role }
}
