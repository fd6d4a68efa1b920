//! One's own account: look, password, sign-ins on other devices.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use kehou_app::identity::{self, password::Refused};
use kehou_domain::identity::{BadPassword, PASSWORD_AIM, PASSWORD_MAX, PASSWORD_MIN};
use serde::Deserialize;

use super::{cookies, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::lang::Lang;
use crate::look::{Look, Theme};
use crate::refusal::{Problems, Refusal};
use crate::seat::SignIn;
use crate::web::Web;

/// A sign-in as its owner sees it.
struct Device {
    key: String,
    name: String,
    signed_in_at: Timestamp,
    last_seen_at: Timestamp,
    shared: bool,
    here: bool,
}

/// A line of the log as its owner sees it.
struct Line {
    at: Timestamp,
    words: &'static str,
    device: String,
}

#[derive(Template)]
#[template(path = "identity/account.html")]
struct AccountPage {
    name: String,
    look: Look,
    has_second_factor: bool,
    devices: Vec<Device>,
    lines: Vec<Line>,
}

impl AccountPage {
    fn langs(&self) -> [(&'static str, &'static str, bool); 2] {
        let names = |lang| if lang == Lang::Zh { "中文" } else { "English" };
        Lang::ALL.map(|lang| (lang.word(), names(lang), lang == self.look.lang))
    }

    fn themes(&self) -> [(&'static str, &'static str, bool); 3] {
        Theme::ALL.map(|theme| (theme.word(), words::theme(theme), theme == self.look.theme))
    }
}

pub(super) async fn show(State(web): State<Web>, sign_in: SignIn) -> Result<Response, Fault> {
    let at = web.now();
    let open = web.db().sign_ins(sign_in.account(), at).await?;
    let devices = open.into_iter().map(|open| Device {
        here: open.token_hash == sign_in.signed_in.token_hash,
        key: open.token_hash,
        name: open.device,
        signed_in_at: open.signed_in_at,
        last_seen_at: open.last_seen_at,
        shared: open.shared,
    });
    let devices = devices.collect();
    let lines = web.db().identity_log(sign_in.account(), at).await?.into_iter();
    let lines =
        lines.map(|line| Line { at: line.at, words: words::happened(line.happened), device: line.device });
    let lines = lines.collect();
    sign_in.page(&AccountPage {
        name: sign_in.signed_in.name.clone(),
        look: sign_in.look(),
        has_second_factor: sign_in.signed_in.has_second_factor,
        devices,
        lines,
    })
}

/// The sign-in to be ended.
#[derive(Deserialize)]
pub(super) struct EndForm {
    #[serde(default)]
    sign_in: String,
}

pub(super) async fn end_sign_in(
    State(web): State<Web>,
    sign_in: SignIn,
    Form(form): Form<EndForm>,
) -> Result<Response, Fault> {
    identity::end_elsewhere(web.db(), &sign_in.signed_in, &form.sign_in, web.now()).await?;
    Ok(see_other("/account"))
}

#[derive(Template)]
#[template(path = "identity/password.html")]
struct PasswordPage {
    has_password: bool,
    aim: usize,
    problems: Problems,
}

/// The present password and twice the new one.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    present: String,
    #[serde(default)]
    wanted: String,
    #[serde(default)]
    again: String,
}

fn password_page(sign_in: &SignIn, problems: Problems) -> PasswordPage {
    PasswordPage { has_password: sign_in.signed_in.has_password, aim: PASSWORD_AIM, problems }
}

pub(super) async fn password(sign_in: SignIn) -> Result<Response, Fault> {
    sign_in.page(&password_page(&sign_in, Problems::none()))
}

pub(super) async fn set_password(
    State(web): State<Web>,
    sign_in: SignIn,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Fault> {
    if form.wanted != form.again {
        let text = sign_in.lang().t("两次填的新密码不一样，请再填一次");
        return sign_in.refused(&password_page(&sign_in, Refusal::new("differs", text).at("again").into()));
    }
    let secrets = (form.present, form.wanted);
    match identity::password::set(web.db(), &sign_in.signed_in, secrets, web.now()).await? {
        Ok(token) => {
            let mut response = see_other("/");
            cookies::keep_token(&web, sign_in.signed_in.device, token, &mut response);
            Ok(response)
        }
        Err(refused) => sign_in.refused(&password_page(&sign_in, wrong(sign_in.lang(), refused).into())),
    }
}

fn wrong(lang: Lang, refused: Refused) -> Refusal {
    match refused {
        Refused::WrongPresent => {
            Refusal::new("wrong", lang.t("现在的密码不对。连错 5 次要等几分钟再试")).at("present")
        }
        Refused::Bad(bad) => Refusal::new("bad_password", bad_password(lang, bad)).at("wanted"),
    }
}

fn bad_password(lang: Lang, bad: BadPassword) -> String {
    match bad {
        BadPassword::Short { length } => {
            let (min, length) = (PASSWORD_MIN.to_string(), length.to_string());
            lang.fill("密码至少 {min} 位，现在只有 {n} 位", &[("min", &min), ("n", &length)])
        }
        BadPassword::Long => lang.fill("密码最多 {max} 位", &[("max", &PASSWORD_MAX.to_string())]),
        BadPassword::Common => lang.t("这个密码太多人用了，请换一个别人猜不到的").to_owned(),
    }
}
