//! What a family says on paper: who collects, how the child goes home, what data may be used for, leaving (H1, B6).
//!
//! One person enters it, another confirms it; until then nothing follows from it (R1). Then it counts like the
//! guardian's own act.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{ConfirmPaper, EnterPaper, Role};
use kehou_domain::dismissal::{ConsentRefused, Delegate, NamingRefused};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::enrolment::ending::CannotEnd;
use kehou_domain::enrolment::paper::{self as rule, CannotCount, OnPaper, Paper};
use kehou_domain::ids::{ConsentId, DelegateId, GuardianId, SignedPaperId, StudentId};
use kehou_domain::plan::ReleaseMode;
use serde_json::json;

use super::pickup::{self, GivenConsent, Naming};
use super::{ChildCard, GuardianCard, rows, within_reach};
use crate::enrolment::{self, PaperStatus};
use crate::people;

/// What a paper is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    /// Somebody may collect the child.
    Delegate,
    /// Somebody may collect the child no longer.
    DelegateEnds,
    /// The child may go alone or by bus.
    WayHome,
    /// The child is collected again.
    WayHomeEnds,
    /// What the child's data may be used for.
    Purposes,
    /// The child leaves the service.
    Withdrawal,
}

/// What a paper says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// This person may collect the child (H1).
    Delegate(Naming),
    /// This delegation ends, with the delegate's name (H1).
    DelegateEnds(DelegateId, String),
    /// The child may go home like this (H1).
    WayHome(ReleaseMode),
    /// This consent is taken back (H1).
    WayHomeEnds(ConsentId, ReleaseMode),
    /// Yes or no to each purpose.
    Purposes(Vec<(Purpose, bool)>),
    /// The last day in the service and why (B6).
    Withdrawal(Date, String),
}

/// A paper as it is typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenPaper {
    /// The child.
    pub student: StudentId,
    /// Who signed.
    pub guardian: GuardianId,
    /// What it says.
    pub says: Says,
    /// The day of the signature.
    pub signed_on: Date,
    /// Where the paper lies.
    pub place: String,
}

/// A paper on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPaper {
    /// Its id.
    pub id: SignedPaperId,
    /// What stands on it.
    pub paper: WrittenPaper,
    /// The child.
    pub child: ChildCard,
    /// The guardian's name.
    pub guardian_name: String,
    /// What has become of it.
    pub status: PaperStatus,
    /// Whether the acting account entered it, and so can't confirm it.
    pub mine: bool,
    /// When it was entered.
    pub entered_at: Timestamp,
}

/// A child whose family's papers can be entered, with what holds now.
#[derive(Debug, Clone)]
pub struct PaperChild {
    /// The child.
    pub child: ChildCard,
    /// Who may sign.
    pub guardians: Vec<GuardianCard>,
    /// Those named to collect, today's and coming ones.
    pub delegates: Vec<Delegate>,
    /// The consents in force.
    pub consents: Vec<GivenConsent>,
    /// The modes that the child's grade may have.
    pub offered: Vec<ReleaseMode>,
}

/// Why a paper cannot be entered or confirmed. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotWrite {
    /// The paper itself does not do.
    Paper(CannotCount),
    /// The delegate cannot be named so.
    Naming(NamingRefused),
    /// The way home cannot be consented to.
    WayHome(ConsentRefused),
    /// The child cannot leave so.
    Leaving(CannotEnd),
    /// There is no privacy notice to answer yet.
    NoNotice,
    /// What it would end or leave is not there.
    NothingThere,
}

impl PaperKind {
    /// Every kind, what families bring most often first.
    pub const ALL: [PaperKind; 6] = [
        PaperKind::Delegate,
        PaperKind::DelegateEnds,
        PaperKind::WayHome,
        PaperKind::WayHomeEnds,
        PaperKind::Purposes,
        PaperKind::Withdrawal,
    ];

    /// The kind's word in the store and in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            PaperKind::Delegate => "delegate",
            PaperKind::DelegateEnds => "delegate_ends",
            PaperKind::WayHome => "way_home",
            PaperKind::WayHomeEnds => "way_home_ends",
            PaperKind::Purposes => "purposes",
            PaperKind::Withdrawal => "withdrawal",
        }
    }

    /// The kind of this word.
    pub fn parse(word: &str) -> Option<PaperKind> {
        PaperKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Says {
    /// What it is about.
    pub const fn kind(&self) -> PaperKind {
        match self {
            Says::Delegate(_) => PaperKind::Delegate,
            Says::DelegateEnds(..) => PaperKind::DelegateEnds,
            Says::WayHome(_) => PaperKind::WayHome,
            Says::WayHomeEnds(..) => PaperKind::WayHomeEnds,
            Says::Purposes(_) => PaperKind::Purposes,
            Says::Withdrawal(..) => PaperKind::Withdrawal,
        }
    }
}

/// The papers that wait, and then the latest. A homeroom teacher sees the own class's.
pub fn signed_papers(tx: &mut Tx<ConfirmPaper>) -> db::Result<Vec<SignedPaper>> {
    let mut papers = rows::signed_papers(tx)?;
    if tx.role() == Role::HomeroomTeacher {
        let (staff, today) = (people::acting_staff(tx)?, tx.today());
        let own = people::homeroom_classes(tx, staff, today)?;
        papers.retain(|(_, class)| class.is_some_and(|class| own.contains(&class)));
    }
    Ok(papers.into_iter().map(|(paper, _)| paper).collect())
}

/// A child whose family brought a paper.
pub fn child_on_paper(tx: &mut Tx<EnterPaper>, student: StudentId) -> db::Result<PaperChild> {
    within_reach(tx, student)?;
    let (child, today) = (rows::child_card(tx, student)?, tx.today());
    let offered = super::modes_of(tx, child.grade)?;
    Ok(PaperChild {
        guardians: rows::guardians(tx, student)?,
        delegates: rows::delegates(tx, student, today)?,
        consents: rows::consents(tx, student)?,
        offered,
        child,
    })
}

/// Enters what a guardian signed on paper. Nothing follows from it until a second person confirms it (R1).
pub fn write_signed_paper(
    tx: &mut Tx<EnterPaper>,
    paper: &WrittenPaper,
) -> Result<SignedPaperId, Failed<Vec<CannotWrite>>> {
    within_reach(tx, paper.student)?;
    may_count(tx, paper)?;
    let id = tx.new_id();
    rows::add_signed_paper(tx, id, paper)?;
    let (kind, child) = (paper.says.kind().word(), paper.student.to_string());
    tx.event(
        Event::of::<EnterPaper>(id)
            .facts(json!({ "kind": kind, "child": child, "place": paper.place.trim() })),
    )?;
    Ok(id)
}

/// The second person found the paper as entered, or did not. A confirmed one counts as the guardian's own act.
pub fn settle_signed_paper(
    tx: &mut Tx<ConfirmPaper>,
    id: SignedPaperId,
    found: bool,
) -> Result<(), Failed<Vec<CannotWrite>>> {
    let (paper, entered_by, status) = rows::hold_signed_paper(tx, id)?;
    within_reach(tx, paper.student)?;
    if status != PaperStatus::Entered {
        return Err(Failed::Refused(vec![CannotWrite::Paper(CannotCount::Settled)]));
    }
    let seen = Paper { entered_by, place: paper.place.clone() };
    rule::confirm(seen, tx.account()).map_err(|why| Failed::Refused(vec![CannotWrite::Paper(why)]))?;
    if found {
        rows::hold_child(tx, paper.student)?;
        may_count(tx, &paper)?;
        carry_out(tx, &paper)?;
        tell_family(tx, &paper)?;
    }
    rows::settle_signed_paper(tx, id, if found { "confirmed" } else { "rejected" })?;
    tx.event(Event::of::<ConfirmPaper>(id).facts(json!({ "found": found })))?;
    Ok(())
}

/// Whether the paper would count now: asked when it is entered, and again when it is confirmed.
fn may_count(tx: &mut SchoolTx, paper: &WrittenPaper) -> Result<(), Failed<Vec<CannotWrite>>> {
    let wrong = wrong_paper(tx, paper)?.into_iter().map(CannotWrite::Paper);
    let said = match may_be_said(tx, paper) {
        Ok(()) => Vec::new(),
        Err(Failed::Refused(said)) => said,
        Err(Failed::Fault(fault)) => return Err(Failed::Fault(fault)),
    };
    let refused: Vec<CannotWrite> = wrong.chain(said).collect();
    if refused.is_empty() { Ok(()) } else { Err(Failed::Refused(refused)) }
}

fn wrong_paper(tx: &mut SchoolTx, paper: &WrittenPaper) -> db::Result<Vec<CannotCount>> {
    let (student, today) = (paper.student, tx.today());
    let guardians: Vec<GuardianId> =
        rows::guardians(tx, student)?.into_iter().map(|guardian| guardian.id).collect();
    let signed = OnPaper { guardian: paper.guardian, signed_on: paper.signed_on, place: &paper.place };
    Ok(rule::enter(&signed, &guardians, today).err().unwrap_or_default())
}

/// Whether what the paper says can be so.
fn may_be_said(tx: &mut SchoolTx, paper: &WrittenPaper) -> Result<(), Failed<Vec<CannotWrite>>> {
    let (student, today) = (paper.student, tx.today());
    let is_there = match &paper.says {
        Says::Delegate(naming) => {
            let named = pickup::may_name(tx, (student, paper.guardian), &from_now(naming, today));
            named.map_err(|failed| failed.map(named_wrongly))?;
            true
        }
        Says::WayHome(mode) => {
            let may = pickup::may_consent(tx, student, *mode);
            may.map_err(|failed| failed.map(|why| vec![CannotWrite::WayHome(why)]))?;
            true
        }
        Says::DelegateEnds(id, _) => rows::delegates(tx, student, today)?.iter().any(|one| one.id == *id),
        Says::WayHomeEnds(id, _) => rows::consents(tx, student)?.iter().any(|one| one.id == *id),
        Says::Purposes(_) if enrolment::can_answer(tx)? => true,
        Says::Purposes(_) => return Err(Failed::Refused(vec![CannotWrite::NoNotice])),
        Says::Withdrawal(last_day, _) => may_leave(tx, student, *last_day)?,
    };
    if is_there { Ok(()) } else { Err(Failed::Refused(vec![CannotWrite::NothingThere])) }
}

fn named_wrongly(refused: Vec<NamingRefused>) -> Vec<CannotWrite> {
    refused.into_iter().map(CannotWrite::Naming).collect()
}

/// Whether there is something to leave on this day.
fn may_leave(
    tx: &mut SchoolTx,
    student: StudentId,
    last_day: Date,
) -> Result<bool, Failed<Vec<CannotWrite>>> {
    match enrolment::may_leave(tx, student, last_day) {
        Ok(()) => Ok(true),
        Err(Failed::Fault(db::Error::NotFound)) => Ok(false),
        Err(other) => Err(other.map(|why| vec![CannotWrite::Leaving(why)])),
    }
}

/// What a paper says from its day on holds from the day on which it counts.
fn from_now(naming: &Naming, today: Date) -> Naming {
    Naming { from_on: naming.from_on.max(today), ..naming.clone() }
}

fn carry_out(tx: &mut SchoolTx, paper: &WrittenPaper) -> Result<(), Failed<Vec<CannotWrite>>> {
    let child = (paper.student, paper.guardian);
    match &paper.says {
        Says::Delegate(naming) => {
            let naming = from_now(naming, tx.today());
            let new = pickup::may_name(tx, child, &naming);
            let new = new.map_err(|failed| failed.map(named_wrongly))?;
            pickup::save_naming(tx, paper.student, &new)?;
        }
        Says::DelegateEnds(id, _) => pickup::save_end(tx, paper.student, *id)?,
        Says::WayHome(mode) => {
            pickup::save_consent(tx, child, *mode)?;
        }
        Says::WayHomeEnds(id, _) => pickup::save_withdrawal(tx, paper.student, *id)?,
        Says::Purposes(answers) => enrolment::answer_for(tx, child, answers)?,
        Says::Withdrawal(last_day, reason) => {
            let left = enrolment::leave_for(tx, paper.student, *last_day, reason);
            left.map_err(|failed| failed.map(|why| vec![CannotWrite::Leaving(why)]))?;
        }
    }
    Ok(())
}

/// Every guardian with a sign-in learns what counts from now on: what it is, who signed, from when (H1, B6).
fn tell_family(tx: &mut SchoolTx, paper: &WrittenPaper) -> db::Result<()> {
    let today = tx.today();
    match &paper.says {
        Says::Delegate(naming) => {
            let about = (naming.name.as_str(), naming.from_on.max(today));
            tell_guardians(tx, paper, "paper_names_delegate", about)
        }
        Says::DelegateEnds(_, name) => tell_guardians(tx, paper, "paper_ends_delegate", (name, today)),
        Says::WayHome(mode) => tell_guardians(tx, paper, "paper_way_home", (mode.word(), today)),
        Says::WayHomeEnds(_, mode) => tell_guardians(tx, paper, "paper_ends_way_home", (mode.word(), today)),
        Says::Purposes(_) => tell_guardians(tx, paper, "paper_purposes", ("", today)),
        Says::Withdrawal(last_day, _) => tell_guardians(tx, paper, "paper_withdrawal", ("", *last_day)),
    }
}

/// `about` is whom or what it is about, and the day from which, or to which, it counts.
fn tell_guardians(
    tx: &mut SchoolTx,
    paper: &WrittenPaper,
    kind: &'static str,
    (what, day): (&str, Date),
) -> db::Result<()> {
    let child = rows::child_card(tx, paper.student)?;
    let guardians = rows::guardians(tx, paper.student)?;
    let signer = guardians.iter().find(|guardian| guardian.id == paper.guardian);
    let facts = json!({
        "child": child.name, "student": child.id.to_string(), "what": what, "day": day.to_string(),
        "signer": signer.map(|guardian| guardian.name.as_str()).unwrap_or_default(),
    });
    let accounts = guardians.iter().filter_map(|guardian| guardian.account);
    accounts.into_iter().try_for_each(|account| tx.tell(account, kind, &facts))
}
