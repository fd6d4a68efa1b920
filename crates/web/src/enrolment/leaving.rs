//! Leaving the service; seeing, correcting and taking away what is held.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kehou_app::enrolment::{self, Service};
use kehou_app::{attendance, dismissal};
use kehou_db::Scope;
use kehou_domain::access::{AskForCorrection, ReadOwnEnrolment, WithdrawChild};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{own_child, words};
use crate::answer::see_other;
use crate::dates;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};

#[derive(Template)]
#[template(path = "enrolment/withdrawal.html")]
struct WithdrawalPage {
    child: Service,
    form: WithdrawalForm,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct WithdrawalForm {
    #[serde(default)]
    last_day: String,
    #[serde(default)]
    reason: String,
    /// Ticked by a family that gives up a place.
    #[serde(default)]
    sure: String,
}

#[derive(Template)]
#[template(path = "enrolment/data.html")]
struct DataPage {
    child: Service,
    class: String,
    held: Value,
    what: String,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct CorrectionForm {
    #[serde(default)]
    what: String,
}

pub(super) async fn show(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (_, child) = own_child(&family, &student).await?;
    if child.application.is_none() && child.place.is_none() {
        return Err(Fault::NotFound);
    }
    // a place that runs ends on a day that the family says itself; an application is taken back today
    let last_day = if child.place.is_some() { String::new() } else { family.today().to_string() };
    let form = WithdrawalForm { last_day, ..WithdrawalForm::default() };
    family.page(&WithdrawalPage { child, form, problems: Problems::none() })
}

pub(super) async fn leave(
    family: Family,
    key: Key,
    Path(student): Path<String>,
    Form(form): Form<WithdrawalForm>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let (lang, id) = (family.lang(), child.student);
    let reason: String = form.reason.chars().take(500).collect();
    let last_day = dates::typed(&form.last_day);
    let is_sure = child.place.is_none() || !form.sure.is_empty();
    let mut problems: Problems = unsaid(lang, last_day.is_some(), is_sure).into_iter().collect();
    if let (Some(last_day), true) = (last_day, problems.is_empty()) {
        let left = scope
            .write::<WithdrawChild, (), Refusal>(&key.0, move |tx| {
                let left = enrolment::leave(tx, id, last_day, &reason);
                left.map_err(|failed| failed.map(|why| words::cannot_end(lang, &why)))
            })
            .await?;
        problems.and(left.err());
    }
    if problems.is_empty() {
        return Ok(see_other(&format!("/children/{id}/service")));
    }
    family.refused(&WithdrawalPage { child, form, problems })
}

/// What a family that leaves has not said.
fn unsaid(lang: Lang, has_day: bool, is_sure: bool) -> Vec<Refusal> {
    let day = || Refusal::new("day_missing", lang.t("请选最后一天")).at("last_day");
    let tick = || Refusal::new("not_sure", lang.t("请勾选：知道从第二天起没有课后服务")).at("sure");
    let all = [(!has_day).then(day), (!is_sure).then(tick)];
    all.into_iter().flatten().collect()
}

/// Everything that is held of the child: each slice answers for what is its own, at one moment.
async fn held(scope: &Scope, child: &Service) -> Result<Value, Fault> {
    let id = child.student;
    let parts = scope
        .read::<ReadOwnEnrolment, _>(move |tx| {
            Ok([enrolment::takeout(tx, id)?, attendance::takeout(tx, id)?, dismissal::takeout(tx, id)?])
        })
        .await?;
    let objects = parts.into_iter().filter_map(|part| match part {
        Value::Object(object) => Some(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    });
    whole(objects.flatten()).map(Value::Object)
}

/// Everything under its name: two slices that call what is theirs the same would hide one from the family.
fn whole(parts: impl Iterator<Item = (String, Value)>) -> Result<Map<String, Value>, Fault> {
    let mut all = Map::new();
    for (name, part) in parts {
        if all.contains_key(&name) {
            return Err(Fault::broken(&format!("two parts of what is held are called {name}")));
        }
        all.insert(name, part);
    }
    Ok(all)
}

pub(super) async fn data(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let held = held(&scope, &child).await?;
    let class = words::class(family.lang(), child.class);
    family.page(&DataPage { child, class, held, what: String::new(), problems: Problems::none() })
}

pub(super) async fn takeout(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let held = held(&scope, &child).await?;
    let body = serde_json::to_string_pretty(&held).map_err(|why| Fault::broken(&why))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"kehou-data.json\""),
    ];
    Ok((headers, body).into_response())
}

pub(super) async fn ask(
    family: Family,
    key: Key,
    Path(student): Path<String>,
    Form(form): Form<CorrectionForm>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let (lang, id, what) = (family.lang(), child.student, form.what.clone());
    let asked = scope
        .write::<AskForCorrection, String, Refusal>(&key.0, move |tx| {
            let asked = enrolment::ask_for_correction(tx, id, &what);
            let asked = asked.map_err(|failed| failed.map(|why| words::cannot_ask(lang, &why, "what")))?;
            Ok(asked.to_string())
        })
        .await?;
    match asked {
        Ok(_) => Ok(see_other(&format!("/children/{id}/data"))),
        Err(refusal) => {
            let held = held(&scope, &child).await?;
            let class = words::class(lang, child.class);
            family.refused(&DataPage { child, class, held, what: form.what, problems: refusal.into() })
        }
    }
}

impl DataPage {
    fn list(&self, of: &str) -> &[Value] {
        self.held[of].as_array().map_or(&[], Vec::as_slice)
    }
}

/// A text of what is held.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("—")
}

/// What has become of a request, from what is held.
fn correction(status: &Value) -> &'static str {
    match status.as_str() {
        Some("done") => "已更正",
        Some("declined") => "没有更正",
        _ => "等学校答复",
    }
}
