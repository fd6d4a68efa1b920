//! The second factor: showing it, and setting it up.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use fast_qr::QRBuilder;
use fast_qr::convert::{Builder, Shape, svg::SvgBuilder};
use kehou_app::identity::factor::{self, Offer, Refused};
use serde::Deserialize;

use super::{cookies, sign_in::local};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::SignIn;
use crate::web::Web;

/// Where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// A code as typed.
#[derive(Deserialize)]
pub(super) struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "identity/factor.html")]
struct FactorPage {
    next: String,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "identity/factor_set_up.html")]
struct OfferPage {
    qr: String,
    secret: String,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "identity/recovery.html")]
struct RecoveryPage {
    codes: Vec<String>,
}

pub(super) async fn show(sign_in: SignIn, Query(next): Query<Next>) -> Result<Response, Fault> {
    if !sign_in.signed_in.has_second_factor {
        return Ok(see_other("/second-factor/set-up"));
    }
    sign_in.page(&FactorPage { next: next.next, problems: Problems::none() })
}

pub(super) async fn create(
    State(web): State<Web>,
    sign_in: SignIn,
    Form(form): Form<CodeForm>,
) -> Result<Response, Fault> {
    match factor::show(web.db(), &sign_in.signed_in, &form.code, web.now()).await? {
        Ok(token) => {
            let mut response = see_other(local(&form.next));
            cookies::keep_token(&web, sign_in.signed_in.device, token, &mut response);
            Ok(response)
        }
        Err(refused) => {
            sign_in.refused(&FactorPage { next: form.next, problems: wrong(sign_in.lang(), refused).into() })
        }
    }
}

pub(super) async fn offer(State(web): State<Web>, sign_in: SignIn) -> Result<Response, Fault> {
    match factor::offer(web.db(), &sign_in.signed_in, web.now()).await? {
        Ok(offer) => sign_in.page(&offer_page(&offer, Problems::none())?),
        Err(_) => Ok(see_other("/second-factor?next=/second-factor/set-up")),
    }
}

pub(super) async fn confirm(
    State(web): State<Web>,
    sign_in: SignIn,
    Form(form): Form<CodeForm>,
) -> Result<Response, Fault> {
    let at = web.now();
    let refused = match factor::confirm(web.db(), &sign_in.signed_in, &form.code, at).await? {
        Ok(confirmed) => {
            let mut response = sign_in.page(&RecoveryPage { codes: confirmed.recovery })?;
            cookies::keep_token(&web, sign_in.signed_in.device, confirmed.token, &mut response);
            return Ok(response);
        }
        Err(refused) => refused,
    };
    match factor::offer(web.db(), &sign_in.signed_in, at).await? {
        Ok(offer) => sign_in.refused(&offer_page(&offer, wrong(sign_in.lang(), refused).into())?),
        Err(_) => Ok(see_other("/second-factor?next=/second-factor/set-up")),
    }
}

fn offer_page(offer: &Offer, problems: Problems) -> Result<OfferPage, Fault> {
    Ok(OfferPage { qr: qr(&offer.address)?, secret: grouped(&offer.secret), problems })
}

fn wrong(lang: Lang, refused: Refused) -> Refusal {
    let text = match refused {
        Refused::Wrong => lang.t("动态码不对，或者已经用过。请等下一个 6 位数再填").to_owned(),
        Refused::NoCode => lang.t("动态码是 6 位数，备用码是 10 位字母和数字；这次不算输错").to_owned(),
        Refused::Waits { minutes } => {
            lang.fill("连续输错太多次，请等 {n} 分钟再填；现在填对了也不行", &[("n", &minutes.to_string())])
        }
        Refused::NotShown => lang.t("请先输入现在的动态码，再换新的").to_owned(),
    };
    Refusal::new("wrong", text).at("code")
}

/// Fours are easier to copy.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A QR code as an image inside the page, without any style of its own.
pub(super) fn qr(text: &str) -> Result<String, Fault> {
    let code = QRBuilder::new(text).build().map_err(|why| Fault::broken(&format!("{why:?}")))?;
    let svg = SvgBuilder::default().shape(Shape::Square).margin(2).to_str(&code);
    Ok(format!("data:image/svg+xml,{}", crate::answer::encoded(&svg)))
}
