//! What a refusal looks like to a person and to a program, and the list of them above a form.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// A word for programs, such as `closed`.
    pub code: String,
    /// A sentence in the reader's language: what is wrong and what would be right.
    pub message: String,
    /// The form field that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What the page calls that field, where the sentence itself does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Refusal {
    /// A refusal that is about the whole request.
    pub fn new(code: &str, message: impl Into<String>) -> Refusal {
        Refusal { code: code.to_owned(), message: message.into(), field: None, label: None }
    }

    /// The same refusal, shown by a field.
    #[must_use]
    pub fn at(self, field: &str) -> Refusal {
        Refusal { field: Some(field.to_owned()), ..self }
    }

    /// The same refusal; the list above the form calls its field by this name.
    #[must_use]
    pub fn named(self, label: &str) -> Refusal {
        Refusal { label: Some(label.to_owned()), ..self }
    }
}

/// The problem document of RFC 9457 that programs get.
#[derive(Serialize)]
struct Problem<'a> {
    title: &'a str,
    status: u16,
    #[serde(flatten)]
    refusal: &'a Refusal,
    /// What else was refused, in the order of the form.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    also: &'a [Refusal],
}

/// A refusal as programs get it: 422 and a problem document.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        problem(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }
}

fn document(status: StatusCode, refusal: &Refusal, also: &[Refusal]) -> Response {
    let title = status.canonical_reason().unwrap_or("Refused");
    let body = serde_json::to_vec(&Problem { title, status: status.as_u16(), refusal, also });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.unwrap_or_default()).into_response()
}

/// A problem document with this status.
pub(crate) fn problem(status: StatusCode, refusal: &Refusal) -> Response {
    document(status, refusal, &[])
}

/// What is wrong with a form: shown at the top and by each field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(Vec<Refusal>);

impl Problems {
    /// Nothing is wrong.
    pub fn none() -> Problems {
        Problems::default()
    }

    /// Notes something wrong with a field.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Refusal::new("field", message).at(field));
    }

    /// Notes something wrong with a field whose name the sentence does not say.
    pub fn add_named(&mut self, field: &str, label: &str, message: impl Into<String>) {
        self.0.push(Refusal::new("field", message).at(field).named(label));
    }

    /// Notes what else was refused, but for fields of which something is said already.
    pub fn and(&mut self, others: impl IntoIterator<Item = Refusal>) {
        let said: Vec<String> = self.0.iter().filter_map(|problem| problem.field.clone()).collect();
        let is_new = |other: &Refusal| other.field.as_ref().is_none_or(|field| !said.contains(field));
        self.0.extend(others.into_iter().filter(is_new));
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many things are wrong.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What is wrong with a field, if anything.
    pub fn of(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|problem| problem.field.as_deref() == Some(field));
        found.map(|problem| problem.message.as_str())
    }

    /// The first thing that is wrong.
    pub fn into_first(self) -> Option<Refusal> {
        self.0.into_iter().next()
    }

    /// Everything that is wrong, in the order noted.
    pub fn iter(&self) -> impl Iterator<Item = &Refusal> {
        self.0.iter()
    }
}

/// Programs get the first, and what else was refused behind it.
impl IntoResponse for Problems {
    fn into_response(self) -> Response {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        match self.0.split_first() {
            Some((first, also)) => document(status, first, also),
            None => status.into_response(),
        }
    }
}

impl From<Refusal> for Problems {
    fn from(refusal: Refusal) -> Problems {
        Problems(vec![refusal])
    }
}

impl From<Vec<Refusal>> for Problems {
    fn from(refusals: Vec<Refusal>) -> Problems {
        Problems(refusals)
    }
}

impl FromIterator<Refusal> for Problems {
    fn from_iter<I: IntoIterator<Item = Refusal>>(refusals: I) -> Problems {
        Problems(refusals.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_found_by_its_field() {
        let mut problems = Problems::none();
        problems.add("phone", "请填 11 位手机号，现在只有 10 位");
        assert_eq!(problems.of("phone"), Some("请填 11 位手机号，现在只有 10 位"));
        assert_eq!(problems.of("name"), None);
    }

    #[test]
    fn what_is_said_of_a_field_is_said_once() {
        let mut problems = Problems::none();
        problems.add_named("capacity", "名额", "请写整数，如 20");
        problems.and([Refusal::new("no_seat", "请写名额").at("capacity"), Refusal::new("closed", "已截止")]);
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(said, ["请写整数，如 20", "已截止"]);
    }

    #[test]
    fn a_program_reads_code_and_field() {
        let refusal = Refusal::new("closed", "报名已截止").at("slot");
        let json =
            serde_json::to_value(Problem { title: "x", status: 422, refusal: &refusal, also: &[] }).unwrap();
        assert_eq!(json["code"], "closed");
        assert_eq!(json["field"], "slot");
        assert_eq!(json["status"], 422);
    }
}
