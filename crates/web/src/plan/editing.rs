//! The form for the usual changes: times, waves, weekdays, season dates, sizes, rates, cut-offs.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::plan::file::{Problem, Wrong};
use kehou_app::plan::{self, edit, file};
use kehou_db::Failed;
use kehou_domain::access::{DraftPlan, ReadPlan};
use kehou_domain::ids::PlanVersionId;
use kehou_domain::plan::{Entry, Grades, Stage, VersionRefused};

use super::pages::id;
use super::words::{self, Called};
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
    entered: Entered,
}

/// How a value is entered.
enum Entered {
    /// A line; these words may stand in place of a time.
    Line { instead: Vec<&'static str> },
    /// One word of a list, with what it is called.
    Choice(Vec<(&'static str, &'static str)>),
    /// Boxes to tick: the number, what it is called, whether it is ticked.
    Boxes(Vec<(u8, String, bool)>),
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
    let entries = file::entries(text);
    let called = Called::new(lang, &entries);
    let mut parts: Vec<Part> = Vec::new();
    for Entry { path, value } in edit::usual(text) {
        let way = &path[..path.len() - 1];
        let of = if way.is_empty() { lang.t("方案").to_owned() } else { called.path(way) };
        let label = called.label(&path);
        let field = field(lang, (called, label), &Entry { path: path.clone(), value }, typed);
        match parts.last_mut().filter(|part| part.heading == of) {
            Some(part) => part.fields.push(field),
            None => parts.push(Part { heading: of, fields: vec![field] }),
        }
    }
    parts
}

fn field(lang: Lang, (called, label): (Called<'_>, String), entry: &Entry, typed: &Values) -> Field {
    let (name, key) = (entry.path.join("."), entry.path.last().map_or("", String::as_str));
    let choices = words::choices(lang, &entry.path);
    let (value, entered) = match most(key) {
        Some(most) => {
            let ticked = sent(&name, most, typed).or_else(|| file::numbers(&entry.value, most));
            let ticked = ticked.unwrap_or_default();
            let boxes = (1..=most).map(|n| (n, box_name(lang, key, n), ticked.contains(&n)));
            (String::new(), Entered::Boxes(boxes.collect()))
        }
        None if choices.is_empty() => {
            let value = typed.get(&name).cloned();
            let instead = words::instead(lang, key);
            (value.unwrap_or_else(|| called.value(&entry.path, &entry.value)), Entered::Line { instead })
        }
        None => (typed.get(&name).unwrap_or(&entry.value).clone(), Entered::Choice(choices)),
    };
    Field { name, label, value, entered }
}

/// The highest number of a key that is entered by ticking boxes.
fn most(key: &str) -> Option<u8> {
    match key {
        "grades" => Some(Grades::HIGHEST),
        "weekdays" => Some(DAYS_OF_A_WEEK),
        _ => None,
    }
}

const DAYS_OF_A_WEEK: u8 = 7;

fn box_name(lang: Lang, key: &str, number: u8) -> String {
    match key {
        "weekdays" => words::day(lang, number).to_owned(),
        _ => words::grades(lang, Grades::of([number])),
    }
}

/// The boxes that the form sent as ticked; nothing when it did not show them.
fn sent(name: &str, most: u8, form: &Values) -> Option<Vec<u8>> {
    form.get(name)?;
    Some((1..=most).filter(|n| form.contains_key(&format!("{name}.{n}"))).collect())
}

/// The value that the form sends, as the file has it: what stays the same is not written anew.
fn entered(lang: Lang, called: Called<'_>, entry: &Entry, form: &Values) -> Option<String> {
    let (name, key) = (entry.path.join("."), entry.path.last().map_or("", String::as_str));
    let Some(most) = most(key) else {
        let text = form.get(&name)?;
        let same = *text == called.value(&entry.path, &entry.value);
        return Some(if same { entry.value.clone() } else { words::typed(lang, key, text) });
    };
    let ticked = sent(&name, most, form)?;
    let known = file::numbers(&entry.value, most).is_some_and(|mut known| {
        known.sort_unstable();
        known.dedup();
        known == ticked
    });
    Some(if known { entry.value.clone() } else { edit::spans(&ticked) })
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
    let entries = file::entries(&text);
    let called = Called::new(lang, &entries);
    let mut problems = Problems::from(Refusal { field: None, ..changed_since(lang) });
    for Entry { path, value } in edit::usual(&text) {
        let entry = Entry { path, value };
        if entered(lang, called, &entry, typed).is_some_and(|typed| typed != entry.value) {
            let value = called.value(&entry.path, &entry.value);
            let value = if value.is_empty() { lang.t("空的").to_owned() } else { value };
            problems.add(&entry.path.join("."), lang.fill("现在保存的是：{value}", &[("value", &value)]));
        }
    }
    let page = page(seat, id, typed, problems).await?;
    seat.refused(&page)
}

/// The text with the values entered, or what is wrong with them, each by its field where it has one.
fn changed(lang: Lang, text: &str, form: &Values) -> Result<String, Problems> {
    let (known, entries) = (edit::usual(text), file::entries(text));
    let called = Called::new(lang, &entries);
    let values: Vec<Entry> = known
        .into_iter()
        .filter_map(|entry| Some(Entry { value: entered(lang, called, &entry, form)?, ..entry }))
        .collect();
    let done = edit::enter(text, &values);
    let changed =
        done.map_err(|_| Refusal::new("text", lang.t("文件写法有误，不能用表单修改；请下载改好再上传")))?;
    let found = file::read(&changed).problems;
    if found.is_empty() {
        return Ok(changed);
    }
    let refusals = found.iter().map(|problem| match of_value(&changed, &values, problem) {
        Some(entry) => {
            let message =
                format!("{}：{}", label(lang, &changed, entry), words::in_form(lang, &problem.wrong));
            Refusal::new(problem.wrong.code(), message).at(&entry.path.join("."))
        }
        None => Refusal::new(problem.wrong.code(), words::problem(lang, &problem.wrong)),
    });
    Err(refusals.collect())
}

/// The value that a problem is about: the one that stands there, or the one that was emptied.
fn of_value<'a>(text: &str, values: &'a [Entry], problem: &Problem) -> Option<&'a Entry> {
    values.iter().find(|entry| {
        let way: Vec<&str> = entry.path.iter().map(String::as_str).collect();
        let begins = Some(problem.span.start);
        if let Wrong::MissingKey { key, .. } = &problem.wrong {
            let emptied = entry.value.is_empty() && way.last() == Some(key);
            return emptied && edit::head(text, &way) == begins;
        }
        edit::span(text, &way).map(|span| span.start) == begins
    })
}

fn label(lang: Lang, text: &str, entry: &Entry) -> String {
    let entries = file::entries(text);
    Called::new(lang, &entries).path(&entry.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a browser sends when nothing on the page was touched.
    fn untouched(lang: Lang, text: &str) -> Values {
        let mut sent = Values::new();
        for field in parts(lang, text, &Values::new()).into_iter().flat_map(|part| part.fields) {
            if let Entered::Boxes(boxes) = &field.entered {
                let ticked = boxes.iter().filter(|(.., ticked)| *ticked);
                sent.extend(ticked.map(|(n, ..)| (format!("{}.{n}", field.name), "1".to_owned())));
            }
            sent.insert(field.name, field.value);
        }
        sent
    }

    #[test]
    fn every_line_that_cannot_be_read_is_named_in_one_round() {
        let text = include_str!("../../../../plans/s4a.toml");
        let mut sent = untouched(Lang::Zh, text);
        let parts = parts(Lang::Zh, text, &Values::new());
        let lines = parts.iter().flat_map(|part| &part.fields);
        let lines = lines.filter(|field| matches!(field.entered, Entered::Line { .. }));
        let names: std::collections::BTreeSet<String> = lines.map(|field| field.name.clone()).collect();
        sent.extend(names.iter().map(|name| (name.clone(), "half \"five\"".to_owned())));
        let problems = changed(Lang::Zh, text, &sent).unwrap_err();
        let said = problems.iter().map(|problem| problem.field.clone().expect("a field"));
        assert_eq!(said.collect::<std::collections::BTreeSet<_>>(), names);
    }

    #[test]
    fn a_form_sent_back_untouched_changes_nothing() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plans");
        let mut plans = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for lang in [Lang::Zh, Lang::En] {
                let changed = changed(lang, &text, &untouched(lang, &text));
                assert_eq!(changed.unwrap_or_else(|_| panic!("refused, in {folder}")), text);
                plans += 1;
            }
        }
        assert_eq!(plans, 26);
    }
}
