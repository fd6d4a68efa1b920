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
use serde_json::Value;

use super::{own_child, words};
use crate::answer::see_other;
use crate::dates;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
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
    let form = WithdrawalForm { last_day: family.today().to_string(), reason: String::new() };
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
    let refusal = match dates::typed(&form.last_day) {
        None => Some(Refusal::new("day_missing", lang.t("请选最后一天")).at("last_day")),
        Some(last_day) => scope
            .write::<WithdrawChild, (), Refusal>(&key.0, move |tx| {
                let left = enrolment::leave(tx, id, last_day, &reason);
                left.map_err(|failed| failed.map(|why| words::cannot_end(lang, &why)))
            })
            .await?
            .err(),
    };
    match refusal {
        None => Ok(see_other(&format!("/children/{id}/service"))),
        Some(refusal) => family.refused(&WithdrawalPage { child, form, problems: refusal.into() }),
    }
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
    Ok(Value::Object(objects.flatten().collect()))
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
