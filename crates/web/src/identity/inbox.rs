//! Messages of an account: facts from the outbox, put into words when they are read.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use kehou_db::{Message, School, Scope};
use kehou_domain::access::{KeepOwnAccount, Role};

use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::lang::Lang;
use crate::seat::SignIn;
use crate::told::{Said, say};
use crate::web::Web;

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
        let school = scope.school();
        let messages = scope.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await?;
        lines.extend(messages.into_iter().map(|message| line(sign_in.lang(), school, &message)));
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    let has_new = lines.iter().any(|line| line.is_new);
    sign_in.page(&InboxPage { lines, has_new })
}

fn line(lang: Lang, school: &School, message: &Message) -> Line {
    let said = say(lang, &school.code, &message.kind, &message.facts);
    Line { said, school: school.name.clone(), at: message.created_at, is_new: message.read_at.is_none() }
}

pub(super) async fn mark_read(State(web): State<Web>, sign_in: SignIn) -> Result<Response, Fault> {
    for scope in scopes(&web, &sign_in).await? {
        let marked = scope.act::<KeepOwnAccount, u64, ()>(|tx| Ok(tx.mark_inbox_read()?)).await?;
        debug_assert!(marked.is_ok(), "reading one's own messages is never refused");
    }
    Ok(see_other("/messages"))
}
