//! Reading, signing and printing the agreement and the pledge.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::enrolment::CannotSign;
use kehou_app::enrolment::{self, Copy, Read, Service, Signing, ToSign};
use kehou_db::Scope;
use kehou_domain::access::{ReadOwnEnrolment, SignAgreement};
use kehou_domain::enrolment::agreement::Kind;
use serde::Deserialize;

use super::{id, own_child, words};
use crate::answer::see_other;
use crate::dates;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::{Problems, Refusal};

#[derive(Template)]
#[template(path = "enrolment/agreement.html")]
struct AgreementPage {
    child: Service,
    class: String,
    paper: ToSign,
    place: usize,
    of: usize,
    today: String,
    form: SignForm,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SignForm {
    #[serde(default)]
    clause_set: String,
    #[serde(default)]
    hash: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    typed: String,
    #[serde(default)]
    has_read: String,
}

/// One line of a signed text: label and value.
pub(super) struct TextLine {
    pub(super) label: String,
    pub(super) value: String,
}

/// A signed paper as it is read and printed.
pub(super) struct SignedPaper {
    pub(super) title: String,
    pub(super) preamble: String,
    pub(super) facts: Vec<TextLine>,
    pub(super) clauses: Vec<TextLine>,
    pub(super) copy: Copy,
}

#[derive(Template)]
#[template(path = "enrolment/copies.html")]
struct CopiesPage {
    back: String,
    paper: SignedPaper,
    /// Those of the same kind that were signed before.
    earlier: Vec<SignedPaper>,
    whose: [&'static str; 2],
}

/// The paper of this kind, with its place among those that the plan uses.
async fn paper(scope: &Scope, child: &Service, kind: Kind) -> Result<(ToSign, usize, usize), Fault> {
    let student = child.student;
    let mine = scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::papers_to_sign(tx, student)).await?;
    let of = mine.papers.len();
    let found = mine.papers.into_iter().enumerate().find(|(_, paper)| paper.wording.kind == kind);
    found.map(|(place, paper)| (paper, place + 1, of)).ok_or(Fault::NotFound)
}

fn kind(word: &str) -> Result<Kind, Fault> {
    Kind::parse(word).ok_or(Fault::NotFound)
}

fn copies_path(child: &Service, kind: Kind) -> String {
    format!("/children/{}/agreements/{}/copies", child.student, kind.word())
}

async fn page(
    family: &Family,
    student: &str,
    kind: Kind,
    form: SignForm,
    problems: Problems,
) -> Result<AgreementPage, Fault> {
    let (scope, child) = own_child(family, student).await?;
    let (paper, place, of) = paper(&scope, &child, kind).await?;
    let (lang, today): (_, Date) = (family.lang(), family.today());
    let (class, today) = (words::class(lang, child.class), dates::full_day(lang, today));
    Ok(AgreementPage { child, class, paper, place, of, today, form, problems })
}

pub(super) async fn show(
    family: Family,
    Path((student, word)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let page = page(&family, &student, kind(&word)?, SignForm::default(), Problems::none()).await?;
    if page.paper.signed.is_some() {
        return Ok(see_other(&copies_path(&page.child, page.paper.wording.kind)));
    }
    family.page(&page)
}

pub(super) async fn sign(
    family: Family,
    key: Key,
    Path((student, word)): Path<(String, String)>,
    Form(form): Form<SignForm>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let (kind, lang, id_of_child) = (kind(&word)?, family.lang(), child.student);
    let signing = Signing {
        clause_set: id(&form.clause_set)?,
        hash: form.hash.clone(),
        path: form.path.clone(),
        typed: form.typed.clone(),
        has_read: if form.has_read.is_empty() { Read::NotSaid } else { Read::Yes },
    };
    let signed = scope
        .write::<SignAgreement, String, Vec<Refusal>>(&key.0, move |tx| {
            let id = enrolment::sign(tx, id_of_child, &signing);
            let said = |why: Vec<CannotSign>| why.iter().map(|why| words::cannot_sign(lang, why)).collect();
            let id = id.map_err(|failed| failed.map(said))?;
            Ok(id.to_string())
        })
        .await?;
    match signed {
        Ok(_) => Ok(see_other(&copies_path(&child, kind))),
        Err(refusals) => family.refused(&page(&family, &student, kind, form, refusals.into()).await?),
    }
}

/// Takes a signed text apart into what a reader sees.
pub(super) fn signed_paper(copy: Copy) -> SignedPaper {
    let mut paper =
        SignedPaper { title: String::new(), preamble: String::new(), facts: vec![], clauses: vec![], copy };
    for line in paper.copy.text.lines() {
        let Some((label, value)) = line.split_once(": ") else { continue };
        let value = value.replace("\\n", "\n").replace("\\\\", "\\");
        match label {
            "kehou" | "kind" => {}
            "title" => paper.title = value,
            "preamble" => paper.preamble = value,
            label => match fact(label) {
                Some(words) => paper.facts.push(TextLine { label: words.to_owned(), value }),
                None => paper.clauses.push(TextLine { label: head(label), value }),
            },
        }
    }
    paper
}

/// The words of a fact's label; nothing for a clause.
fn fact(label: &str) -> Option<&'static str> {
    match label {
        "version" => Some("文本版本"),
        "school" => Some("学校"),
        "student" => Some("学生"),
        "class" => Some("班级"),
        "guardian" => Some("监护人"),
        "relation" => Some("关系"),
        "term" => Some("学期"),
        "choice" => Some("时段"),
        _ => None,
    }
}

/// A clause's head without its number and side.
fn head(label: &str) -> String {
    label.splitn(3, ' ').nth(2).unwrap_or(label).to_owned()
}

pub(super) async fn copies(
    family: Family,
    Path((student, word)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let (kind, id) = (kind(&word)?, child.student);
    let all = scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::own_copies(tx, id)).await?;
    let mut papers = all.into_iter().filter(|copy| copy.kind == kind).map(signed_paper);
    let paper = papers.next().ok_or(Fault::NotFound)?;
    let back = format!("/children/{id}/service");
    family
        .page(&CopiesPage { back, paper, earlier: papers.collect(), whose: ["家长留存", "学校留存"] })
}
