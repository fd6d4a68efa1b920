//! The form for the usual changes: times, waves, weekdays, season dates, sizes, rates, cut-offs.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::plan::{self, edit, file};
use kehou_db::Failed;
use kehou_domain::access::{DraftPlan, ReadPlan};
use kehou_domain::ids::PlanVersionId;
use kehou_domain::plan::{Entry, Stage, VersionRefused};

use super::pages::id;
use super::words;
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "plan/edit.html")]
struct EditPage {
    base: String,
    id: String,
    number: i64,
    digest: String,
    starts_new: bool,
    parts: Vec<Part>,
    problems: Problems,
}

/// A heading and the fields under it.
struct Part {
    heading: String,
    fields: Vec<Field>,
}

/// One value that may be changed.
struct Field {
    name: String,
    label: String,
    value: String,
}

/// What the form sends: ways with dots, and values.
type Values = BTreeMap<String, String>;

pub(super) async fn edit(seat: Seat, Path((_, version)): Path<(String, String)>) -> Result<Response, Fault> {
    let page = page(&seat, id(&version)?, &Values::new(), Problems::none()).await?;
    seat.page(&page)
}

async fn page(seat: &Seat, id: PlanVersionId, typed: &Values, problems: Problems) -> Result<EditPage, Fault> {
    let (version, text) = seat.read::<ReadPlan, _>(move |tx| plan::read_version(tx, id)).await?;
    Ok(EditPage {
        base: seat.path("plan"),
        id: id.to_string(),
        number: version.number,
        digest: version.digest,
        starts_new: matches!(version.stage, Stage::Approved | Stage::Filed),
        parts: parts(seat.lang(), &text, typed),
        problems,
    })
}

fn parts(lang: Lang, text: &str, typed: &Values) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for Entry { path, value } in edit::usual(text) {
        let (way, key) = path.split_at(path.len() - 1);
        let (of, label) = (words::path(lang, way), words::path(lang, key));
        let name = path.join(".");
        let value = typed.get(&name).cloned().unwrap_or(value);
        let field = Field { name, label, value };
        match parts.last_mut().filter(|part| part.heading == of) {
            Some(part) => part.fields.push(field),
            None => parts.push(Part { heading: of, fields: vec![field] }),
        }
    }
    parts
}

/// Enters the values. An approved version stays as it is: its changes start a new draft.
pub(super) async fn save(
    seat: Seat,
    key: Key,
    Path((_, version)): Path<(String, String)>,
    Form(form): Form<Values>,
) -> Result<Response, Fault> {
    let (id, lang) = (id(&version)?, seat.lang());
    let (version, text) = seat.read::<ReadPlan, _>(move |tx| plan::read_version(tx, id)).await?;
    let read = form.get("digest").cloned().unwrap_or_default();
    if read != version.digest {
        return stale(&seat, id, &form).await;
    }
    let changed = match changed(lang, &text, &form) {
        Ok(changed) => changed,
        Err(problems) => {
            let page = page(&seat, id, &form, problems).await?;
            return seat.refused(&page);
        }
    };
    let starts_new = matches!(version.stage, Stage::Approved | Stage::Filed);
    let saved = seat
        .write::<DraftPlan, String, Refusal>(&key, move |tx| {
            if starts_new {
                return Ok(plan::draft(tx, &changed)?.to_string());
            }
            let saved = plan::redraft(tx, id, &read, &changed);
            saved.map_err(|failed: Failed<_>| failed.map(|why| words::refused(lang, why)))?;
            Ok(id.to_string())
        })
        .await?;
    match saved {
        Ok(id) => Ok(see_other(&seat.path(&format!("plan/versions/{id}")))),
        Err(refusal) if refusal == changed_since(lang) => stale(&seat, id, &form).await,
        Err(refusal) => {
            let page = page(&seat, id, &form, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

/// Why a form is refused that somebody else's save has overtaken.
fn changed_since(lang: Lang) -> Refusal {
    words::refused(lang, VersionRefused::Changed)
}

/// The form with what was typed, and by each field that differs what somebody else has saved meanwhile.
async fn stale(seat: &Seat, id: PlanVersionId, typed: &Values) -> Result<Response, Fault> {
    let lang = seat.lang();
    let (_, text) = seat.read::<ReadPlan, _>(move |tx| plan::read_version(tx, id)).await?;
    let mut problems = Problems::from(Refusal { field: None, ..changed_since(lang) });
    for Entry { path, value } in edit::usual(&text) {
        let name = path.join(".");
        if typed.get(&name).is_some_and(|typed| typed.trim() != value) {
            let value = if value.is_empty() { lang.t("空的").to_owned() } else { value };
            problems.add(&name, lang.fill("现在保存的是：{value}", &[("value", &value)]));
        }
    }
    let page = page(seat, id, typed, problems).await?;
    seat.refused(&page)
}

/// The text with the values entered, or what is wrong with them, each by its field where it has one.
fn changed(lang: Lang, text: &str, form: &Values) -> Result<String, Problems> {
    let known = edit::usual(text);
    let values: Vec<Entry> = known
        .into_iter()
        .filter_map(|entry| {
            let value = form.get(&entry.path.join("."))?.clone();
            Some(Entry { value, ..entry })
        })
        .collect();
    let entered = edit::enter(text, &values);
    let changed = entered
        .map_err(|_| Refusal::new("text", lang.t("文件写法有误，不能用表单修改；请下载改好再上传")))?;
    let found = file::read(&changed).problems;
    if found.is_empty() {
        return Ok(changed);
    }
    let refusals = found.iter().map(|problem| {
        let refusal = Refusal::new(problem.wrong.code(), words::problem(lang, &problem.wrong));
        let field = values.iter().find(|entry| {
            let way: Vec<&str> = entry.path.iter().map(String::as_str).collect();
            edit::span(&changed, &way).is_some_and(|span| span.start == problem.span.start)
        });
        match field {
            Some(entry) => refusal.at(&entry.path.join(".")),
            None => refusal,
        }
    });
    Err(refusals.collect())
}
