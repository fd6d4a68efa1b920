//! Letters and notices: write, publish, see who has read them.

use std::borrow::Borrow;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use kehou_app::enrolment::{self, Draft, LetterKind, LetterOnList, LetterStatus};
use kehou_domain::access::KeepNotices;
use kehou_domain::enrolment::notice::Item;
use kehou_domain::ids::NoticeId;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "enrolment/letters.html")]
struct LettersPage {
    base: String,
    letters: Vec<LetterOnList>,
}

#[derive(Template)]
#[template(path = "enrolment/letter_edit.html")]
struct EditPage {
    base: String,
    school: String,
    id: Option<NoticeId>,
    draft: bool,
    form: LetterForm,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct LetterForm {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    opening: String,
    #[serde(default)]
    time: String,
    #[serde(default)]
    content: String,
    #[serde(default)]
    manner: String,
    #[serde(default)]
    arrangement: String,
    #[serde(default)]
    safety: String,
    #[serde(default)]
    fee: String,
    #[serde(default)]
    spending: String,
    #[serde(default)]
    risk: String,
    #[serde(default)]
    closing: String,
}

/// Which kind a new one is.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct NewLetter {
    #[serde(default)]
    kind: String,
}

impl LetterForm {
    fn of(draft: &Draft) -> LetterForm {
        let mut form = LetterForm {
            kind: draft.kind.word().to_owned(),
            title: draft.title.clone(),
            opening: draft.opening.clone(),
            closing: draft.closing.clone(),
            ..LetterForm::default()
        };
        for (item, told) in &draft.items {
            form.told_mut(*item).clone_from(told);
        }
        form
    }

    fn told_mut(&mut self, item: Item) -> &mut String {
        match item {
            Item::Time => &mut self.time,
            Item::Content => &mut self.content,
            Item::Manner => &mut self.manner,
            Item::Arrangement => &mut self.arrangement,
            Item::Safety => &mut self.safety,
            Item::Fee => &mut self.fee,
            Item::Spending => &mut self.spending,
            Item::Risk => &mut self.risk,
        }
    }

    fn told(&self, item: impl Borrow<Item>) -> &str {
        match *item.borrow() {
            Item::Time => &self.time,
            Item::Content => &self.content,
            Item::Manner => &self.manner,
            Item::Arrangement => &self.arrangement,
            Item::Safety => &self.safety,
            Item::Fee => &self.fee,
            Item::Spending => &self.spending,
            Item::Risk => &self.risk,
        }
    }

    fn kind(&self) -> LetterKind {
        LetterKind::parse(&self.kind).unwrap_or(LetterKind::Letter)
    }

    fn draft(&self) -> Draft {
        let short = |text: &str| text.chars().take(4_000).collect::<String>();
        let items = match self.kind() {
            LetterKind::Letter => Item::ALL.into_iter().map(|item| (item, short(self.told(item)))).collect(),
            LetterKind::Notice => Vec::new(),
        };
        let title = self.title.chars().take(100).collect();
        Draft {
            kind: self.kind(),
            title,
            opening: short(&self.opening),
            items,
            closing: short(&self.closing),
        }
    }
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let letters = seat.read::<KeepNotices, _>(enrolment::letters).await?;
    seat.page(&LettersPage { base: seat.path("letters"), letters })
}

fn page(seat: &Seat, id: Option<NoticeId>, form: LetterForm, problems: Problems) -> EditPage {
    let school = seat.school().name.clone();
    EditPage { base: seat.path("letters"), school, id, draft: true, form, problems }
}

pub(super) async fn new(seat: Seat, Query(new): Query<NewLetter>) -> Result<Response, Fault> {
    let form = match LetterKind::parse(&new.kind) {
        Some(LetterKind::Notice) => LetterForm { kind: "notice".to_owned(), ..LetterForm::default() },
        Some(LetterKind::Letter) | None => LetterForm::of(&enrolment::defaults::letter()),
    };
    seat.page(&page(&seat, None, form, Problems::none()))
}

pub(super) async fn show(seat: Seat, Path((_, letter)): Path<(String, String)>) -> Result<Response, Fault> {
    let id: NoticeId = id(&letter)?;
    let letter = seat.read::<KeepNotices, _>(move |tx| enrolment::letter(tx, id)).await?;
    let mut page = page(&seat, Some(id), LetterForm::of(&letter.said), Problems::none());
    page.draft = letter.status == LetterStatus::Draft;
    seat.page(&page)
}

async fn save(seat: Seat, key: Key, known: Option<NoticeId>, form: LetterForm) -> Result<Response, Fault> {
    let (lang, draft) = (seat.lang(), form.draft());
    let saved = seat
        .write::<KeepNotices, String, Vec<Refusal>>(&key, move |tx| {
            let saved = enrolment::write_letter(tx, known, &draft);
            let saved = saved.map_err(|failed| failed.map(|why| words::cannot_publish(lang, &why)))?;
            Ok(saved.to_string())
        })
        .await?;
    match saved {
        Ok(id) => Ok(see_other(&seat.path(&format!("letters/{id}")))),
        Err(refusals) => seat.refused(&page(&seat, known, form, refusals.into_iter().collect())),
    }
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<LetterForm>) -> Result<Response, Fault> {
    save(seat, key, None, form).await
}

pub(super) async fn update(
    seat: Seat,
    key: Key,
    Path((_, letter)): Path<(String, String)>,
    Form(form): Form<LetterForm>,
) -> Result<Response, Fault> {
    let known = id(&letter)?;
    save(seat, key, Some(known), form).await
}

pub(super) async fn publish(
    seat: Seat,
    key: Key,
    Path((_, letter)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (lang, id): (_, NoticeId) = (seat.lang(), id(&letter)?);
    let published = seat
        .write::<KeepNotices, (), Vec<Refusal>>(&key, move |tx| {
            let published = enrolment::publish_letter(tx, id);
            published.map_err(|failed| failed.map(|why| words::cannot_publish(lang, &why)))
        })
        .await?;
    match published {
        Ok(()) => Ok(see_other(&seat.path("letters"))),
        Err(refusals) => {
            let letter = seat.read::<KeepNotices, _>(move |tx| enrolment::letter(tx, id)).await?;
            let form = LetterForm::of(&letter.said);
            seat.refused(&page(&seat, Some(id), form, refusals.into_iter().collect()))
        }
    }
}

impl EditPage {
    fn is_letter(&self) -> bool {
        self.form.kind() == LetterKind::Letter
    }
}
