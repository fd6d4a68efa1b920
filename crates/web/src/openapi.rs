//! The description of the JSON routes for programs (`/api/openapi.json`) and our own page over it (`/api`).

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::{
    Content, InfoBuilder, OpenApi, OpenApiBuilder, PathsBuilder, Ref, RefOr, Required, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::fault::Fault;
use crate::filters;
use crate::frame::{Frame, Surroundings};
use crate::look::Look;
use crate::refusal::Refusal;
use crate::routes::{Entry, Route, Routes};
use crate::web::Web;

/// What programs are told of a route.
#[derive(Clone)]
pub struct Doc {
    /// One sentence.
    pub summary: &'static str,
    body: Option<Named>,
    answer: Option<Named>,
}

/// A type's name, its schema and the schemas that it mentions.
#[derive(Clone)]
struct Named {
    name: String,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Named {
    /// Nothing for `()`.
    fn of<T: ToSchema>() -> Option<Named> {
        let name = T::name().into_owned();
        if name == "()" || name == "Unit" || std::any::type_name::<T>() == "()" {
            return None;
        }
        let mut schemas = vec![(name.clone(), T::schema())];
        T::schemas(&mut schemas);
        Some(Named { name, schemas })
    }

    fn content(&self) -> Content {
        Content::new(Some(RefOr::<Schema>::Ref(Ref::from_schema_name(&self.name))))
    }
}

impl Doc {
    /// The description of a route that takes `B` and gives `R`.
    pub(crate) fn of<B: ToSchema, R: ToSchema>(summary: &'static str) -> Doc {
        Doc { summary, body: Named::of::<B>(), answer: Named::of::<R>() }
    }
}

/// The document over all described routes.
pub fn document(routes: &Routes) -> OpenApi {
    let described = routes.iter().filter_map(|route| route.doc.as_ref().map(|doc| (route, doc)));
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new().schema(Refusal::name(), Refusal::schema());
    for (route, doc) in described {
        paths = paths.path(route.path, PathItem::new(method(route), operation(route, doc)));
        for (name, schema) in [&doc.body, &doc.answer].into_iter().flatten().flat_map(|named| &named.schemas)
        {
            components = components.schema(name, schema.clone());
        }
    }
    let info = InfoBuilder::new().title("Kehou").version(env!("CARGO_PKG_VERSION")).build();
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
}

fn method(route: &Route) -> HttpMethod {
    match route.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(route: &Route, doc: &Doc) -> utoipa::openapi::path::Operation {
    let mut operation = OperationBuilder::new().summary(Some(doc.summary));
    if let Entry::Act(act, roles) = route.entry {
        let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
        operation = operation.description(Some(format!("{act}: {}", roles.join(", "))));
    }
    for name in route.path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
        let parameter =
            ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
        operation = operation.parameter(parameter);
    }
    if let Some(body) = &doc.body {
        let body = RequestBodyBuilder::new()
            .content("application/json", body.content())
            .required(Some(Required::True));
        operation = operation.request_body(Some(body.build()));
    }
    for header in headers(route) {
        operation = operation.parameter(header);
    }
    let mut done = ResponseBuilder::new().description("Done");
    if let Some(answer) = &doc.answer {
        done = done.content("application/json", answer.content());
    }
    let operation = operation.response("200", done);
    let faults = FAULTS.iter().filter(|(_, of_changes, _)| *of_changes != Of::Changes || is_change(route));
    faults.fold(operation, |operation, (status, _, said)| operation.response(*status, problem(said))).build()
}

/// Whose answer a status can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Every,
    Changes,
}

/// The answers that are none: status, whose, and what it means. Every one is a problem document.
const FAULTS: [(&str, Of, &str); 7] = [
    ("401", Of::Every, "Not signed in, no seat chosen, or a second factor is missing"),
    ("403", Of::Every, "The seat's role may not do this"),
    ("404", Of::Every, "Not there, or another school's"),
    ("405", Of::Every, "The address has no such method"),
    ("409", Of::Changes, "The key came with another request, or somebody else was quicker"),
    ("422", Of::Every, "Refused, or not what the address takes"),
    ("default", Of::Every, "413 too large, 429 too often (see Retry-After), 503 busy, 500 broken"),
];

fn problem(said: &str) -> utoipa::openapi::Response {
    let content = Content::new(Some(RefOr::<Schema>::Ref(Ref::from_schema_name(Refusal::name()))));
    ResponseBuilder::new().description(said).content("application/problem+json", content).build()
}

fn is_change(route: &Route) -> bool {
    !route.method.is_safe()
}

/// The headers that the route reads.
fn headers(route: &Route) -> Vec<Parameter> {
    let header = |name: &str, required, said: &str, schema: Object| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(required)
            .description(Some(said))
            .schema(Some(schema))
            .build()
    };
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let said = "The language of sentences, zh or en; without it the account's";
    let mut headers = vec![header("Accept-Language", Required::False, said, text().build())];
    if is_change(route) {
        let said = "A key of the caller's own for this request; the same again gets the same answer and does nothing";
        let key = text().min_length(Some(1)).max_length(Some(64)).build();
        headers.push(header("Idempotency-Key", Required::True, said, key));
    }
    headers
}

/// The document, made once.
pub(crate) async fn json(Extension(document): Extension<Arc<OpenApi>>) -> Response {
    axum::Json(document.as_ref()).into_response()
}

/// A route as the page lists it.
struct Line {
    method: String,
    path: &'static str,
    summary: &'static str,
    roles: String,
}

#[derive(Template)]
#[template(path = "shell/api.html")]
struct ApiPage {
    lines: Vec<Line>,
}

/// The page over the document.
pub(crate) async fn show(
    State(web): State<Web>,
    look: Look,
    Extension(routes): Extension<Arc<Routes>>,
) -> Result<Response, Fault> {
    let lines = routes.iter().filter_map(|route| Some(line(route, route.doc.as_ref()?))).collect();
    let surroundings =
        Surroundings { look, path: "/api".to_owned(), demo: web.is_demo(), ..Surroundings::default() };
    crate::answer::page(&Frame::new(surroundings), &ApiPage { lines })
}

fn line(route: &Route, doc: &Doc) -> Line {
    let roles = match route.entry {
        Entry::Act(_, roles) => roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", "),
        Entry::Anyone | Entry::SignedIn | Entry::Operator | Entry::Demo => String::new(),
    };
    Line { method: route.method.to_string(), path: route.path, summary: doc.summary, roles }
}
