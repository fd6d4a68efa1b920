//! Language, theme and 长辈版: kept on the device, and with the account of whoever is signed in.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::{cookies, sign_in::local};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::form::Form;
use crate::lang::Lang;
use crate::look::{Look, Size, Theme};
use crate::seat::SignIn;
use crate::web::Web;

/// What changes; what is not sent stays.
#[derive(Deserialize)]
pub(super) struct LookForm {
    lang: Option<String>,
    theme: Option<String>,
    size: Option<String>,
    #[serde(default)]
    back: String,
}

pub(super) async fn update(
    State(web): State<Web>,
    before: Look,
    sign_in: Option<SignIn>,
    Form(form): Form<LookForm>,
) -> Result<Response, Fault> {
    let before = sign_in.as_ref().map_or(before, SignIn::look);
    let after = changed(before, &form);
    if let Some(sign_in) = sign_in {
        let words = (after.lang.word().to_owned(), after.theme.word().to_owned(), after.size == Size::Elder);
        web.db().set_look(sign_in.account(), words, web.now()).await?;
    }
    let mut response = see_other(local(&form.back));
    cookies::keep_look(&web, after, &mut response);
    Ok(response)
}

fn changed(before: Look, form: &LookForm) -> Look {
    Look {
        lang: form.lang.as_deref().and_then(Lang::parse).unwrap_or(before.lang),
        theme: form.theme.as_deref().and_then(Theme::parse).unwrap_or(before.theme),
        size: match form.size.as_deref() {
            Some("elder") => Size::Elder,
            Some("normal") => Size::Normal,
            _ => before.size,
        },
    }
}
