//! Every form with what nobody should type, and every page with an address that cannot be read: nothing breaks, the
//! answer is a sentence in the reader's language, and what was typed stands in the form again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use axum::http::{Method, StatusCode};
use kehou_domain::access::Role;
use kehou_web::routes;
use kehou_web::routes::{Entry, Route};

use crate::enrolment::School;
use crate::pages::{ASK_FOR_MORE, actor, address, fill, ids, left_in_chinese, sentences};
use crate::world::{Answer, Visitor, World};

/// What stands in every field that is typed, one after the other.
const TYPED: [&str; 7] = [
    "a\u{1}\u{202e}b",
    "１２",
    "-5",
    "99999999999999999999",
    "2026-02-30",
    "\u{1f600}'\"<b>",
    "00000000000000000000000000",
];

/// A form of a page: where it goes, and its fields.
struct Form {
    action: String,
    fields: Vec<Field>,
}

/// A field: its name, its value, and whether a person types it.
struct Field {
    name: String,
    value: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Typed,
    Secret,
    Chosen,
    Ticked,
    Hidden,
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let after = tag.split(&format!(" {name}=\"")).nth(1)?;
    Some(after.split('"').next()?.to_owned())
}

fn forms(page: &str) -> Vec<Form> {
    let posted = page.split("<form").skip(1).filter(|form| form.contains(" method=\"post\""));
    posted.filter_map(|form| read(form.split("</form>").next()?)).collect()
}

fn read(form: &str) -> Option<Form> {
    let tag = form.split('>').next()?;
    if form.contains("multipart/form-data") {
        return None;
    }
    let action = attribute(&format!(" {tag}"), "action")?;
    let tags = form.split('<').filter_map(|tag| Some((tag, attribute(tag, "name")?)));
    let fields = tags.filter_map(|(tag, name)| field(form, tag, name)).filter(|field| field.name != "key");
    Some(Form { action, fields: fields.collect() })
}

fn field(form: &str, tag: &str, name: String) -> Option<Field> {
    let value = attribute(tag, "value").unwrap_or_default();
    let kind = match (tag.split(' ').next()?, attribute(tag, "type").as_deref()) {
        ("select", _) => {
            let options = form.split(&format!("name=\"{name}\"")).nth(1)?.split("</select>").next()?;
            let first = options.split("value=\"").nth(1).and_then(|rest| rest.split('"').next());
            return Some(Field { name, value: first.unwrap_or_default().to_owned(), kind: Kind::Chosen });
        }
        // a browser sends the first button's value
        ("button", _) if !form.split(tag).next()?.contains(&format!(" name=\"{name}\"")) => Kind::Hidden,
        ("input", Some("hidden")) => Kind::Hidden,
        ("input", Some("password")) => Kind::Secret,
        ("input", Some("checkbox" | "radio")) => Kind::Ticked,
        ("input" | "textarea", _) => Kind::Typed,
        _ => return None,
    };
    Some(Field { name, value, kind })
}

/// The text as it is sent.
fn sent(text: &str) -> String {
    let mut sent = String::new();
    for byte in text.bytes() {
        write!(sent, "%{byte:02X}").unwrap();
    }
    sent
}

/// The text as a page shows it.
fn shown(text: &str) -> String {
    let escaped = text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
    escaped.replace('"', "&#34;").replace('\'', "&#39;")
}

impl Form {
    fn body(&self, value_of: impl Fn(&Field) -> Option<String>) -> String {
        let pairs = self.fields.iter().filter_map(|field| Some((field, value_of(field)?)));
        pairs.map(|(field, value)| format!("{}={}", field.name, sent(&value))).collect::<Vec<_>>().join("&")
    }

    /// Everything that is typed is this; nothing is ticked.
    fn typed(&self, text: &str) -> String {
        self.body(|field| match field.kind {
            Kind::Typed | Kind::Secret => Some(text.to_owned()),
            Kind::Chosen | Kind::Hidden => Some(field.value.clone()),
            Kind::Ticked => None,
        })
    }

    /// Everything that is chosen is what no list has.
    fn chosen(&self, text: &str) -> String {
        self.body(|field| match field.kind {
            Kind::Typed | Kind::Secret => Some(field.value.clone()),
            Kind::Hidden | Kind::Chosen | Kind::Ticked => Some(text.to_owned()),
        })
    }

    fn has_typed(&self) -> bool {
        self.fields.iter().any(|field| field.kind == Kind::Typed)
    }
}

/// What is wrong with an answer, whatever was sent.
fn wrong(answer: &Answer) -> Option<String> {
    let body = &answer.body;
    if answer.status.is_server_error() {
        return Some(answer.status.to_string());
    }
    if ["deserialize", "missing field", "invalid digit", "unknown variant"]
        .iter()
        .any(|raw| body.contains(raw))
    {
        return Some("words of a machine".to_owned());
    }
    let is_said = body.contains("<h1") || answer.status.is_redirection();
    (!is_said).then(|| format!("{}: no sentence", answer.status))
}

/// What the list above a refused form says without a link that leads to its field.
fn leads_nowhere(body: &str) -> Vec<String> {
    let Some(list) = body.split("class=\"err-sum\"").nth(1) else { return Vec::new() };
    let list = list.split("</ul>").next().unwrap_or_default();
    let links = list.split("href=\"#").skip(1).filter_map(|link| link.split('"').next());
    links.filter(|id| !body.contains(&format!(" id=\"{id}\""))).map(str::to_owned).collect()
}

/// Everybody who may be needed.
async fn visitors(world: &World) -> BTreeMap<Role, Visitor<'_>> {
    let mut visitors = BTreeMap::new();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Guardian) {
        visitors.insert(role, world.member("east", role).await);
    }
    visitors
}

/// The pages with a form that one can open.
fn pages() -> Vec<(Route, &'static [Role])> {
    let all = routes();
    let of_act = |route: &Route| match route.entry {
        Entry::Act(_, roles) if route.method == Method::GET && !route.path.starts_with("/api/") => {
            Some((route.clone(), roles))
        }
        Entry::Act(..) | Entry::Anyone | Entry::SignedIn | Entry::Operator | Entry::Demo => None,
    };
    all.iter().filter_map(of_act).filter(|(route, _)| !ASK_FOR_MORE.contains(&route.path)).collect()
}

#[tokio::test]
async fn whatever_is_typed_is_answered_in_words_and_stands_in_the_form_again() {
    let world = World::new().await;
    let school = School::open(&world).await;
    fill(&world, &school).await;
    let (ids, visitors) = (ids(&world, &school).await, visitors(&world).await);
    let long = "长".repeat(3_000);
    let (mut found, mut seen, mut refused) = (Vec::new(), BTreeSet::new(), 0);
    for (route, roles) in pages() {
        let Some(path) = address(&route, &ids, school.bo) else { continue };
        let visitor = visitors.get(&actor(roles)).unwrap_or(&school.sun);
        for form in forms(&visitor.get(&path).await.body) {
            // a form that asks for nothing takes nothing hostile; forms of one list differ in an id only
            if form.fields.is_empty() || !seen.insert((route.path, form.action.len())) {
                continue;
            }
            for text in TYPED.iter().copied().chain([&long[..]]).filter(|_| form.has_typed()) {
                let answer = visitor.post(&form.action, &form.typed(text)).await;
                let place = format!("{} with {}", form.action, text.chars().take(12).collect::<String>());
                found.extend(wrong(&answer).map(|why| format!("{place}: {why}")));
                // a form that was taken before is not there any more
                let is_there = answer.body.contains(&format!("action=\"{}\"", form.action));
                if answer.status != StatusCode::UNPROCESSABLE_ENTITY || !is_there {
                    continue;
                }
                refused += 1;
                found.extend(leads_nowhere(&answer.body).into_iter().map(|id| format!("{place}: no #{id}")));
                if !answer.body.contains(&shown(text)) {
                    found.push(format!("{place}: what was typed is gone"));
                }
            }
            if form.fields.iter().all(|field| matches!(field.kind, Kind::Typed | Kind::Secret)) {
                continue;
            }
            let answer = visitor.post(&form.action, &form.chosen("nothing-such")).await;
            found.extend(wrong(&answer).map(|why| format!("{} with a choice of none: {why}", form.action)));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(50 < refused, "most of it is refused: {refused}");
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_answered_in_the_readers_language() {
    const ASKED: [&str; 13] =
        ["day", "month", "week", "grade", "class", "page", "on", "of", "term", "done", "end", "copy", "from"];
    let world = World::new().await;
    let school = School::open(&world).await;
    fill(&world, &school).await;
    let (ids, sentences, visitors) = (ids(&world, &school).await, sentences(), visitors(&world).await);
    let mut found = Vec::new();
    for language in ["zh", "en"] {
        for visitor in visitors.values().chain([&school.sun]) {
            visitor.post("/look", &format!("lang={language}")).await;
        }
        for (route, roles) in pages() {
            let Some(path) = address(&route, &ids, school.bo) else { continue };
            // a stream and a file have no words
            if path.ends_with("/events") {
                continue;
            }
            let visitor = visitors.get(&actor(roles)).unwrap_or(&school.sun);
            let unreadable = ASKED.map(|name| format!("{name}=abc")).join("&");
            let answer = visitor.get(&format!("{path}?{unreadable}")).await;
            if answer.status != StatusCode::OK {
                found.extend(wrong(&answer).map(|why| format!("{path} in {language}: {why}")));
            }
            if language == "en" {
                let left = left_in_chinese(&answer.body, &sentences);
                found.extend(left.into_iter().map(|words| format!("{path}: {words}")));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
