//! Offerings out of a workbook: a template, an upload, a preview with every wrong cell, and the confirmation.

use askama::Template;
use axum::extract::{Multipart, Path, Query};
use axum::response::Response;
use kehou_app::attendance::{self, Cell, Table as Sheet};
use kehou_app::catalogue::import::{
    self, Counts, FileRefused, ImportRefused, Preview, Row, Table, Upload, Verdict, Wish, Words,
};
use kehou_app::catalogue::{self as offered, Setting};
use kehou_domain::access::{KeepOfferings, ReadOfferings};
use kehou_domain::ids::{ImportId, TermId};
use kehou_domain::plan::Plan;
use serde::Deserialize;

use super::form::setting;
use super::{brought, id, read_back, words};
use crate::answer::{download, see_other};
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people::file_of;
use crate::plan::words as plan_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Which term a file is for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ForTerm {
    #[serde(default)]
    term: String,
}

#[derive(Template)]
#[template(path = "catalogue/import_new.html")]
struct NewPage {
    base: String,
    place: String,
    term: (TermId, String),
    /// Two days with a slot of the plan each, for the example; nothing where the plan has but one.
    example: Option<[(&'static str, String); 2]>,
    /// Whether the file that was asked for made way for a later one.
    dropped: bool,
    problems: Problems,
}

/// A row of the file.
struct RowLine {
    number: u32,
    title: String,
    said: String,
    /// Colour, icon and word of what becomes of it.
    tag: (&'static str, &'static str, &'static str),
    notes: Vec<String>,
}

#[derive(Template)]
#[template(path = "catalogue/import.html")]
struct ShowPage {
    base: String,
    place: String,
    import: ImportId,
    term: (TermId, String),
    file_name: String,
    rows: Vec<RowLine>,
    counts: Counts,
    columns_left: String,
    form: ConfirmForm,
    problems: Problems,
}

/// What the confirmation sends: the box ticked, and the counts that were shown.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfirmForm {
    without_wrong: String,
    new: u32,
    existing: u32,
    wrong: u32,
}

impl ConfirmForm {
    fn wish(&self) -> Wish {
        let shown = Counts { new: self.new, existing: self.existing, wrong: self.wrong };
        Wish { without_wrong: !self.without_wrong.is_empty(), shown: Some(shown) }
    }
}

pub(super) async fn new(seat: Seat, Query(asked): Query<ForTerm>) -> Result<Response, Fault> {
    let page = new_page(&seat, asked_term(&asked)?, Problems::none()).await?;
    seat.page(&page)
}

fn asked_term(asked: &ForTerm) -> Result<Option<TermId>, Fault> {
    if asked.term.is_empty() { Ok(None) } else { id(&asked.term).map(Some) }
}

async fn new_page(seat: &Seat, term: Option<TermId>, problems: Problems) -> Result<NewPage, Fault> {
    let Setting { term, plan } = setting(seat, term).await?;
    let (base, place) = (seat.path("offerings"), seat.path("offering-imports"));
    let names: Vec<&str> = plan.iter().flat_map(|plan| plan.slots.iter().map(|slot| &*slot.name)).collect();
    let on = |day: i8, slot: &str| (words::weekday(seat.lang(), day), slot.to_owned());
    let example = read_back::two(&names).map(|(one, other)| [on(2, one), on(4, other)]);
    Ok(NewPage { base, place, term: (term.id, term.name), example, dropped: false, problems })
}

/// The table to be filled in, and beside it what may stand in each column.
pub(super) async fn template(seat: Seat, Query(asked): Query<ForTerm>) -> Result<Response, Fault> {
    let found = setting(&seat, asked_term(&asked)?).await?;
    let plan = found.plan.as_deref().ok_or(Fault::NotFound)?;
    let teachers = seat.read::<ReadOfferings, _>(offered::teachers).await?;
    let names: Vec<String> = teachers.into_iter().map(|teacher| teacher.name).collect();
    let lang = seat.lang();
    let head = read_back::COLUMNS.iter().map(|(_, label)| lang.t(label).to_owned()).collect();
    let title = vec![format!("{} · {}", lang.t("社团和课程"), found.term.name)];
    let name = lang.t("社团和课程").to_owned();
    let sheet = Sheet { name: name.clone(), title, head, rows: Vec::new() };
    let body =
        attendance::workbook(&[sheet, notes(lang, plan, &names)]).map_err(|why| Fault::broken(&why))?;
    Ok(download(&format!("{name}.xlsx"), XLSX, body))
}

fn notes(lang: Lang, plan: &Plan, teachers: &[String]) -> Sheet {
    let said = read_back::notes(lang, plan, teachers).into_iter();
    let rows = said.map(|(column, text)| vec![Cell::Text(column), Cell::Text(text)]).collect();
    let head = vec![lang.t("列").to_owned(), lang.t("怎么填").to_owned()];
    Sheet { name: lang.t("怎么填").to_owned(), title: Vec::new(), head, rows }
}

pub(super) async fn create(
    seat: Seat,
    Query(asked): Query<ForTerm>,
    key: Key,
    mut form: Multipart,
) -> Result<Response, Fault> {
    let (lang, term) = (seat.lang(), setting(&seat, asked_term(&asked)?).await?.term.id);
    let (file_name, bytes) = match file_of(&mut form).await {
        Err(Fault::TooLarge) => {
            let refusal = Refusal::new("too_large", lang.t("文件超过 10 MB；请只留课程表"));
            return refused(&seat, term, refusal).await;
        }
        file => file?,
    };
    match kept(&seat, &key, term, (file_name, bytes)).await? {
        Ok(import) => Ok(see_other(&seat.path(&format!("offering-imports/{import}")))),
        Err(refusal) => refused(&seat, term, refusal).await,
    }
}

/// Keeps a table that can be read until somebody confirms it; the answer is the import's id.
pub(super) async fn kept(
    seat: &Seat,
    key: &Key,
    term: TermId,
    (file_name, bytes): (String, Vec<u8>),
) -> Result<Result<String, Refusal>, Fault> {
    let lang = seat.lang();
    if bytes.is_empty() {
        return Ok(Err(Refusal::new("empty", lang.t("文件是空的；请选填好的课程表"))));
    }
    if let Err(why) = read(bytes.clone()).await? {
        return Ok(Err(brought::not_read(lang, why)));
    }
    let kept = seat.write::<KeepOfferings, String, ()>(key, move |tx| {
        Ok(import::keep_upload(tx, term, (&file_name, &bytes))?.to_string())
    });
    kept.await?.map(Ok).map_err(|()| Fault::NotFound)
}

async fn refused(seat: &Seat, term: TermId, refusal: Refusal) -> Result<Response, Fault> {
    let page = new_page(seat, Some(term), refusal.at("file").into()).await?;
    seat.refused(&page)
}

/// Reads a workbook away from the threads that answer requests.
pub(super) async fn read(bytes: Vec<u8>) -> Result<Result<Table, FileRefused>, Fault> {
    let words: Words = read_back::words();
    tokio::task::spawn_blocking(move || import::read(&bytes, &words)).await.map_err(|why| Fault::broken(&why))
}

pub(super) async fn show(seat: Seat, Path((_, import)): Path<(String, String)>) -> Result<Response, Fault> {
    let import: ImportId = id(&import)?;
    let upload = seat.read::<KeepOfferings, _>(move |tx| import::upload(tx, import)).await?;
    let Some(bytes) = upload.bytes.clone() else { return ended(&seat, &upload).await };
    let table = read(bytes).await?.map_err(|_| Fault::NotFound)?;
    let page = page(&seat, (import, &upload), table, (ConfirmForm::default(), Problems::none())).await?;
    seat.page(&page)
}

/// An upload that is over: the list with what it brought, or the form for another file.
async fn ended(seat: &Seat, upload: &Upload) -> Result<Response, Fault> {
    if let Some((added, left)) = upload.done {
        let query = format!("term={}&brought={added}&left={left}", upload.term);
        return Ok(see_other(&seat.path(&format!("offerings?{query}"))));
    }
    let page = new_page(seat, Some(upload.term), Problems::none()).await?;
    seat.page(&NewPage { dropped: true, ..page })
}

async fn page(
    seat: &Seat,
    (import, upload): (ImportId, &Upload),
    table: Table,
    (form, problems): (ConfirmForm, Problems),
) -> Result<ShowPage, Fault> {
    let (lang, term) = (seat.lang(), upload.term);
    let found = setting(seat, Some(term)).await?;
    let preview = laid(seat, term, table).await?;
    let rows = preview.rows.iter().map(|row| row_line(lang, &found, row)).collect();
    Ok(ShowPage {
        base: seat.path("offerings"),
        place: seat.path("offering-imports"),
        import,
        term: (found.term.id, found.term.name),
        file_name: upload.file_name.clone(),
        rows,
        counts: preview.counts(),
        columns_left: preview.columns_left.join(words::comma(lang)),
        form,
        problems,
    })
}

/// A table laid beside its term.
pub(super) async fn laid(seat: &Seat, term: TermId, table: Table) -> Result<Preview, Fault> {
    let preview =
        seat.read::<KeepOfferings, _>(move |tx| import::preview(tx, term, (&table, &read_back::words())));
    preview.await?.ok_or(Fault::NotFound)
}

fn row_line(lang: Lang, found: &Setting, row: &Row) -> RowLine {
    let plan = found.plan.as_deref();
    let mut said = Vec::new();
    if let (Verdict::New(details, _), Some(plan)) = (&row.verdict, plan) {
        said.push(words::meetings(lang, plan, details, found.term.service_from));
        said.push(plan_words::grades(lang, details.grades));
    }
    RowLine {
        number: row.number,
        title: row.title.clone(),
        said: said.join(" · "),
        tag: brought::row_tag(&row.verdict),
        notes: brought::row_notes(lang, plan, &row.verdict),
    }
}

pub(super) async fn confirm(
    seat: Seat,
    Path((_, import)): Path<(String, String)>,
    key: Key,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Fault> {
    let import: ImportId = id(&import)?;
    let upload = seat.read::<KeepOfferings, _>(move |tx| import::upload(tx, import)).await?;
    // imported already: the same request once more still gets its answer by the key
    let table = match &upload.bytes {
        Some(bytes) => read(bytes.clone()).await?.map_err(|_| Fault::NotFound)?,
        None => Table::default(),
    };
    let (shown, wish) = (table.clone(), form.wish());
    match confirmed(&seat, &key, (import, upload.term), (table, wish)).await? {
        Err(refusal) if upload.bytes.is_some() => {
            let page = page(&seat, (import, &upload), shown, (form, refusal.into())).await?;
            seat.refused(&page)
        }
        Ok(_) | Err(_) => Ok(see_other(&seat.path(&format!("offering-imports/{import}")))),
    }
}

/// Writes the drafts of a table, all of them or none.
pub(super) async fn confirmed(
    seat: &Seat,
    key: &Key,
    (import, term): (ImportId, TermId),
    (table, wish): (Table, Wish),
) -> Result<Result<Counts, Refusal>, Fault> {
    let lang = seat.lang();
    let done = seat.write::<KeepOfferings, Counts, Refusal>(key, move |tx| {
        let done = import::import(tx, (import, term), (&table, &read_back::words()), wish);
        done.map_err(|why| why.map(|why: ImportRefused| brought::not_imported(lang, why)))
    });
    done.await
}
