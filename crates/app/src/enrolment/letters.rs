//! Letters and notices to families, and who has read them (M1, M4).

use jiff::Timestamp;
use kehou_db::{self as db, Event, Failed, Tx};
use kehou_domain::access::{KeepNotices, ReadNotice, ReadOwnEnrolment};
use kehou_domain::enrolment::notice::{Item, blank_items};
use kehou_domain::ids::NoticeId;
use serde_json::json;

use super::rows::{desk, letters as rows};
use super::setting::{guardian, rules_for};
use super::signup::current;

/// The letter before sign-up, or any other notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterKind {
    /// 致家长一封信: with every item of M1.
    Letter,
    /// 通知: a title and a text.
    Notice,
}

/// Whether families see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterStatus {
    /// Not yet.
    Draft,
    /// Yes, unchanged from then on.
    Published,
}

/// What the office writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Letter or notice.
    pub kind: LetterKind,
    /// The title.
    pub title: String,
    /// What stands before the items, or the whole text of a notice.
    pub opening: String,
    /// What it tells, item by item.
    pub items: Vec<(Item, String)>,
    /// What stands after the items.
    pub closing: String,
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id.
    pub id: NoticeId,
    /// What it says.
    pub said: Draft,
    /// Whether families see it.
    pub status: LetterStatus,
    /// Since when.
    pub published_at: Option<Timestamp>,
}

/// A letter on the office's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterOnList {
    /// Its id.
    pub id: NoticeId,
    /// Letter or notice.
    pub kind: LetterKind,
    /// The title.
    pub title: String,
    /// Whether families see it.
    pub status: LetterStatus,
    /// Since when.
    pub published_at: Option<Timestamp>,
    /// How many guardians have said that they read it.
    pub read: u32,
    /// How many guardians the school knows.
    pub guardians: u32,
}

/// A letter as a family sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyLetter {
    /// The letter.
    pub letter: Letter,
    /// When this guardian said that they read it.
    pub read_at: Option<Timestamp>,
}

/// Why a letter cannot be published. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotPublish {
    /// No title.
    TitleMissing,
    /// These items are blank (M1).
    Blank(Vec<Item>),
    /// It is out already and stays as it is.
    NotADraft,
}

impl LetterKind {
    /// The kind's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            LetterKind::Letter => "letter",
            LetterKind::Notice => "notice",
        }
    }

    /// The kind of this word.
    pub fn parse(word: &str) -> Option<LetterKind> {
        [LetterKind::Letter, LetterKind::Notice].into_iter().find(|kind| kind.word() == word)
    }
}

impl LetterStatus {
    /// The status of this word.
    pub(super) fn parse(word: &str) -> Option<LetterStatus> {
        match word {
            "draft" => Some(LetterStatus::Draft),
            "published" => Some(LetterStatus::Published),
            _ => None,
        }
    }
}

/// Every letter, newest first, with how many have read it.
pub fn letters(tx: &mut Tx<KeepNotices>) -> db::Result<Vec<LetterOnList>> {
    let guardians = rows::guardians(tx)?;
    rows::letters(tx, guardians)
}

/// One letter.
pub fn letter(tx: &mut Tx<KeepNotices>, id: NoticeId) -> db::Result<Letter> {
    rows::letter(tx, id)
}

/// Saves a draft: a new one, or the one with this id while it is still a draft.
pub fn write_letter(
    tx: &mut Tx<KeepNotices>,
    id: Option<NoticeId>,
    draft: &Draft,
) -> Result<NoticeId, Failed<CannotPublish>> {
    if draft.title.trim().is_empty() {
        return Err(Failed::Refused(CannotPublish::TitleMissing));
    }
    let id = match id {
        Some(id) => {
            held_draft(tx, id)?;
            rows::change(tx, id, draft)?;
            id
        }
        None => rows::add(tx, draft)?,
    };
    tx.event(Event::of::<KeepNotices>(id).facts(json!({ "saved": draft.title })))?;
    Ok(id)
}

/// Publishes a draft: from then on it stays as it is. A letter must tell what the plan asks for (M1, M4).
pub fn publish_letter(tx: &mut Tx<KeepNotices>, id: NoticeId) -> Result<(), Failed<CannotPublish>> {
    let letter = held_draft(tx, id)?;
    if letter.said.kind == LetterKind::Letter {
        let required = match current(tx)? {
            Some(sign_up) => rules_for(tx, &sign_up)?.required,
            None => Item::ALL.into_iter().filter(|item| item.is_required()).collect(),
        };
        let blank = blank_items(&required, &letter.said.items);
        if !blank.is_empty() {
            return Err(Failed::Refused(CannotPublish::Blank(blank)));
        }
    }
    rows::publish(tx, id)?;
    tx.event(Event::of::<KeepNotices>(id).facts(json!({ "published": letter.said.title })))?;
    for account in desk::guardian_accounts(tx)? {
        tx.tell(
            account,
            "letter_published",
            &json!({ "notice": id.to_string(), "title": letter.said.title }),
        )?;
    }
    Ok(())
}

/// The draft, held until this transaction ends.
fn held_draft(tx: &mut Tx<KeepNotices>, id: NoticeId) -> Result<Letter, Failed<CannotPublish>> {
    rows::hold(tx, id)?;
    let letter = rows::letter(tx, id)?;
    match letter.status {
        LetterStatus::Draft => Ok(letter),
        LetterStatus::Published => Err(Failed::Refused(CannotPublish::NotADraft)),
    }
}

/// One published letter, as the acting guardian sees it.
pub fn family_letter(tx: &mut Tx<ReadOwnEnrolment>, id: NoticeId) -> db::Result<FamilyLetter> {
    let guardian = guardian(tx)?;
    let letter = rows::letter(tx, id)?;
    if letter.status != LetterStatus::Published {
        return Err(db::Error::NotFound);
    }
    let read_at = rows::read_at(tx, id, guardian)?;
    Ok(FamilyLetter { letter, read_at })
}

/// The acting guardian says that they have read the letter (M1).
pub fn say_read(tx: &mut Tx<ReadNotice>, id: NoticeId) -> db::Result<()> {
    let guardian = guardian(tx)?;
    if rows::letter(tx, id)?.status != LetterStatus::Published {
        return Err(db::Error::NotFound);
    }
    rows::add_receipt(tx, id, guardian)?;
    tx.event(Event::of::<ReadNotice>(id).facts(json!({ "guardian": guardian.to_string() })))
}
