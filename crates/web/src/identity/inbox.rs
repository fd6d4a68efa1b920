//! Messages of an account: facts from the outbox, put into words when they are read.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use kehou_db::{Message, Scope};
use kehou_domain::access::{KeepOwnAccount, Role};
use serde_json::Value;

use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::lang::Lang;
use crate::seat::SignIn;
use crate::web::Web;

/// A message in words. It names a page of ours and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// One or two sentences, in the reader's language.
    pub text: String,
    /// The page that it is about.
    pub place: Option<String>,
}

/// What a slice says of its kinds of message; nothing for a kind of another slice.
type Words = fn(Lang, &str, &Value) -> Option<Said>;

/// The slices that send messages.
const SLICES: &[Words] = &[];

/// A message's words: those of the slice that knows its kind.
pub fn say(lang: Lang, kind: &str, facts: &Value) -> Said {
    let said = SLICES.iter().find_map(|words| words(lang, kind, facts));
    said.unwrap_or_else(|| {
        tracing::error!(kind, "nobody has words for this kind of message");
        Said {
            text: lang.t("有一条新消息，请到学校的页面上看。").to_owned(), place: Some("/".to_owned())
        }
    })
}

/// A message as the page shows it.
struct Line {
    said: Said,
    school: String,
    at: Timestamp,
    is_new: bool,
}

#[derive(Template)]
#[template(path = "identity/inbox.html")]
struct InboxPage {
    lines: Vec<Line>,
    has_new: bool,
}

/// A guardian reads the messages of every school at once; staff read those of their seat.
async fn scopes(web: &Web, sign_in: &SignIn) -> Result<Vec<Scope>, Fault> {
    let Some(scope) = sign_in.signed_in.scope.clone() else { return Err(Fault::NoSeat) };
    if scope.role() != Role::Guardian {
        return Ok(vec![scope]);
    }
    Ok(web.db().scopes(sign_in.account(), Role::Guardian, web.now()).await?)
}

pub(super) async fn index(State(web): State<Web>, sign_in: SignIn) -> Result<Response, Fault> {
    let mut lines = Vec::new();
    for scope in scopes(&web, &sign_in).await? {
        let school = scope.school().name.clone();
        let messages = scope.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await?;
        lines.extend(messages.into_iter().map(|message| line(sign_in.lang(), &school, &message)));
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    let has_new = lines.iter().any(|line| line.is_new);
    sign_in.page(&InboxPage { lines, has_new })
}

fn line(lang: Lang, school: &str, message: &Message) -> Line {
    let said = say(lang, &message.kind, &message.facts);
    Line { said, school: school.to_owned(), at: message.created_at, is_new: message.read_at.is_none() }
}

pub(super) async fn mark_read(State(web): State<Web>, sign_in: SignIn) -> Result<Response, Fault> {
    for scope in scopes(&web, &sign_in).await? {
        let marked = scope.act::<KeepOwnAccount, u64, ()>(|tx| Ok(tx.mark_inbox_read()?)).await?;
        debug_assert!(marked.is_ok(), "reading one's own messages is never refused");
    }
    Ok(see_other("/messages"))
}
