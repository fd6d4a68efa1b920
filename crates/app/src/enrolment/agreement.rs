//! Reading and signing the agreement and the pledge; two copies (F2–F8, D10).

use jiff::Timestamp;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{ReadApplications, ReadOwnEnrolment, SignAgreement};
use kehou_domain::enrolment::agreement::{Kind, Parties, Wording, canonical, fingerprint};
use kehou_domain::enrolment::chain::{Stand, Status, Step, next_step};
use kehou_domain::enrolment::signature::{Mark, NotASignature, Signed, mark, seal};
use kehou_domain::grouping::class_name;
use kehou_domain::ids::{AgreementId, ApplicationId, ClauseSetId, GuardianId, StudentId};
use serde_json::json;

use super::apply::{Application, advance};
use super::review::{Part, visible};
use super::rows::{agreements as rows, applications, clauses, people};
use super::setting::{InClass, Rules, guardian, own_pupil, rules_for, rules_of};
use super::signup::{SignUp, current};

/// A paper that the family reads and signs, or has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    /// Which version of the clauses.
    pub clause_set: ClauseSetId,
    /// The words, as the school wrote them.
    pub wording: Wording,
    /// Between whom.
    pub parties: Parties,
    /// The hash of the canonical text: what is signed is what was shown.
    pub hash: String,
    /// Whether it is the family's turn to sign.
    pub open: bool,
    /// The signature, once given.
    pub signed: Option<Copy>,
}

/// A signed paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its id.
    pub id: AgreementId,
    /// Which paper.
    pub kind: Kind,
    /// The words and parties as signed, one fact a line.
    pub text: String,
    /// The hash of the text.
    pub hash: String,
    /// `drawn`, `typed` or `paper`.
    pub mark: String,
    /// The drawn line as SVG path data, or empty.
    pub path: String,
    /// Who signed.
    pub signer: String,
    /// When.
    pub signed_at: Timestamp,
    /// The seal over text, mark, account and time.
    pub seal: String,
}

/// What the guardian's form carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// Which version of the clauses was shown.
    pub clause_set: ClauseSetId,
    /// The hash that was shown.
    pub hash: String,
    /// The drawn line, or empty.
    pub path: String,
    /// The typed name, or empty.
    pub typed: String,
    /// Whether the guardian says that they have read it with the child.
    pub has_read: Read,
}

/// Whether the guardian ticked that they have read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Yes.
    Yes,
    /// Not ticked.
    NotSaid,
}

/// Why nothing was signed. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotSign {
    /// It is not this step's turn.
    NotYet,
    /// The box was not ticked.
    NotRead {
        /// How many clauses there are to read.
        clauses: usize,
    },
    /// The school has put other words in use since the page was opened.
    TextChanged,
    /// It is signed already.
    AlreadySigned,
    /// There is no proper signature.
    Signature(NotASignature),
}

/// The papers of one's own child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mine {
    /// The child's name.
    pub student: String,
    /// The papers that the plan uses, in order.
    pub papers: Vec<ToSign>,
}

/// The papers that the plan uses, with words, parties and, once given, signatures.
pub fn papers_to_sign(tx: &mut Tx<ReadOwnEnrolment>, student: StudentId) -> db::Result<Mine> {
    let pupil = own_pupil(tx, student)?;
    let Some((sign_up, application)) = application_of(tx, student)? else {
        return Ok(Mine { student: pupil.name, papers: Vec::new() });
    };
    let papers = papers(tx, &sign_up, &application)?;
    Ok(Mine { student: pupil.name, papers })
}

fn application_of(tx: &mut SchoolTx, student: StudentId) -> db::Result<Option<(SignUp, Application)>> {
    let Some(sign_up) = current(tx)? else { return Ok(None) };
    let application = applications::of_child(tx, sign_up.term, student)?;
    Ok(application.map(|application| (sign_up, application)))
}

fn papers(tx: &mut SchoolTx, sign_up: &SignUp, application: &Application) -> db::Result<Vec<ToSign>> {
    let rules = rules_of(tx, application.plan_version)?;
    let open = waits_for_signature(tx, application, &rules)?.is_some();
    let mut papers = Vec::new();
    for kind in &rules.papers {
        let Some((clause_set, wording)) = clauses::in_use(tx, *kind)? else { continue };
        let parties = parties(tx, sign_up, (application, application.guardian), &rules)?;
        let hash = fingerprint(&canonical(&wording, &parties));
        let signed = rows::of_kind(tx, application, *kind)?;
        papers.push(ToSign { clause_set, wording, parties, hash, open: open && signed.is_none(), signed });
    }
    Ok(papers)
}

/// The step at which the application waits for the family's signature.
pub(super) fn waits_for_signature(
    tx: &mut SchoolTx,
    application: &Application,
    rules: &Rules,
) -> db::Result<Option<usize>> {
    if application.status != Status::Waiting {
        return Ok(None);
    }
    let stand = next_step(&rules.chain, &applications::verdicts(tx, application)?);
    Ok(match stand {
        Stand::Waiting { at, step: Step::Agreement } => Some(at),
        Stand::Waiting { .. } | Stand::Returned { .. } | Stand::Refused { .. } | Stand::Complete => None,
    })
}

/// Between whom, in the words that are signed: the application and the guardian who signs.
fn parties(
    tx: &mut SchoolTx,
    sign_up: &SignUp,
    (application, guardian): (&Application, GuardianId),
    rules: &Rules,
) -> db::Result<Parties> {
    let pupil = people::pupil(tx, application.student)?;
    let today = tx.today();
    let keepers = people::keepers(tx, application.student, today)?;
    let signer = keepers.into_iter().find(|keeper| keeper.id == guardian);
    let signer = signer.ok_or(db::Error::NotFound)?;
    let choices = applications::choices(tx, application)?;
    let line = |choice: &kehou_domain::enrolment::apply::Choice| {
        format!("{} {}", weekday_words(choice.weekday), rules.slot_name(&choice.slot))
    };
    Ok(Parties {
        school: tx.school().name.clone(),
        student: pupil.name,
        class: pupil.class.map(class_words).unwrap_or_default(),
        guardian: signer.name,
        relation: signer.relation,
        term: sign_up.term_name.clone(),
        choices: choices.iter().map(line).collect(),
    })
}

/// The class as a school writes it. It is part of the signed text, so it is always Chinese.
fn class_words(class: InClass) -> String {
    class_name(class.grade, u32::try_from(class.number).unwrap_or_default())
}

fn weekday_words(weekday: i8) -> &'static str {
    match weekday {
        1 => "周一",
        2 => "周二",
        3 => "周三",
        4 => "周四",
        5 => "周五",
        6 => "周六",
        _ => "周日",
    }
}

/// Signs one paper with the acting guardian's account (F4). When every paper of the plan is signed, the step is
/// passed.
pub fn sign(
    tx: &mut Tx<SignAgreement>,
    student: StudentId,
    signing: &Signing,
) -> Result<AgreementId, Failed<Vec<CannotSign>>> {
    let guardian = guardian(tx)?;
    own_pupil(tx, student)?;
    let (sign_up, application) = application_of(tx, student)?.ok_or(db::Error::NotFound)?;
    applications::hold(tx, application.id)?;
    let application = applications::application(tx, application.id)?;
    if application.guardian != guardian {
        return Err(Failed::Fault(db::Error::NotFound));
    }
    let papers = papers(tx, &sign_up, &application)?;
    let rules = rules_of(tx, application.plan_version)?;

    let paper = signable(&papers, signing).map_err(|why| Failed::Refused(vec![why]))?;
    let name = &paper.parties.guardian;
    let mark = read_and_marked(signing, paper).map_err(Failed::Refused)?;

    let text = canonical(&paper.wording, &paper.parties);
    let seal = seal(&Signed { text_hash: &paper.hash, name, account: tx.account(), at: tx.at() }, &mark);
    let new = rows::NewAgreement {
        clause_set: paper.clause_set,
        text: &text,
        hash: &paper.hash,
        mark: mark.word(),
        path: mark.path(),
        signer: name,
        seal: &seal,
    };
    let id = rows::add(tx, &application, &new)?;
    tx.event(Event::of::<SignAgreement>(id).facts(json!({
        "child": student.to_string(),
        "paper": paper.wording.kind.word(),
        "version": paper.wording.version,
        "text": paper.hash,
        "seal": seal,
        "mark": mark.word(),
    })))?;
    if waits_for_signature(tx, &application, &rules)?.is_some() {
        advance(tx, &application)?;
    }
    Ok(id)
}

/// The paper that the form means, if it may be signed now.
fn signable<'a>(papers: &'a [ToSign], signing: &Signing) -> Result<&'a ToSign, CannotSign> {
    let Some(paper) = papers.iter().find(|paper| paper.clause_set == signing.clause_set) else {
        return Err(CannotSign::TextChanged);
    };
    if paper.signed.is_some() {
        return Err(CannotSign::AlreadySigned);
    }
    if !paper.open {
        return Err(CannotSign::NotYet);
    }
    if paper.hash != signing.hash {
        return Err(CannotSign::TextChanged);
    }
    Ok(paper)
}

/// The signature, where the family says that it has read the text; everything that the form lacks otherwise.
fn read_and_marked(signing: &Signing, paper: &ToSign) -> Result<Mark, Vec<CannotSign>> {
    let (name, clauses) = (&paper.parties.guardian, paper.wording.clauses.len());
    let unread = match signing.has_read {
        Read::Yes => None,
        Read::NotSaid => Some(CannotSign::NotRead { clauses }),
    };
    match (unread, mark(&signing.path, &signing.typed, name).map_err(CannotSign::Signature)) {
        (None, Ok(mark)) => Ok(mark),
        (unread, marked) => Err(unread.into_iter().chain(marked.err()).collect()),
    }
}

/// Whether every paper of the plan that has words in use is signed in the present round, with a pen or on paper.
pub(super) fn all_signed(tx: &mut SchoolTx, application: &Application, rules: &Rules) -> db::Result<bool> {
    for kind in &rules.papers {
        let worded = clauses::in_use(tx, *kind)?.is_some();
        if worded && rows::of_kind(tx, application, *kind)?.is_none() {
            return Ok(false);
        }
    }
    Ok(!rules.papers.is_empty())
}

/// Keeps that this guardian signed on paper what is not signed yet of a child's application (F4).
pub(super) fn keep_paper_signatures(
    tx: &mut SchoolTx,
    sign_up: &SignUp,
    (application, guardian): (&Application, GuardianId),
) -> db::Result<()> {
    let rules = rules_of(tx, application.plan_version)?;
    for kind in &rules.papers {
        let Some((clause_set, wording)) = clauses::in_use(tx, *kind)? else { continue };
        if rows::of_kind(tx, application, *kind)?.is_some() {
            continue;
        }
        let parties = parties(tx, sign_up, (application, guardian), &rules)?;
        let text = canonical(&wording, &parties);
        let hash = fingerprint(&text);
        let seal = fingerprint(&format!("kehou paper 1\n{hash}\n{}", application.id));
        let new = rows::NewAgreement {
            clause_set,
            text: &text,
            hash: &hash,
            mark: "paper",
            path: "",
            signer: &parties.guardian,
            seal: &seal,
        };
        rows::add(tx, application, &new)?;
    }
    Ok(())
}

/// Every paper that was signed for one's own child, the latest first, also those of a place that was given up.
pub fn own_copies(tx: &mut Tx<ReadOwnEnrolment>, student: StudentId) -> db::Result<Vec<Copy>> {
    own_pupil(tx, student)?;
    let mut copies = rows::of_child(tx, student)?;
    copies.reverse();
    Ok(copies)
}

/// The signed papers of one application, for staff who may see it.
pub fn copies(tx: &mut Tx<ReadApplications>, id: ApplicationId) -> db::Result<Vec<Copy>> {
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let rules = rules_for(tx, &sign_up)?;
    if !visible(tx, &sign_up, &rules, Part::All)?.iter().any(|one| one.application.id == id) {
        return Err(db::Error::NotFound);
    }
    let application = applications::application(tx, id)?;
    rows::of_application(tx, &application)
}
