//! Slips with first codes, printed per class.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::identity::slips::{self, ClassLine, Slips};
use kehou_domain::access::PrintSlips;
use kehou_domain::ids::{ClassId, EntityId};
use kehou_domain::moment;
use kehou_domain::people::class::{ClassKey, school_year};

use super::factor::qr;
use crate::fault::Fault;
use crate::filters;
use crate::lang::Lang;
use crate::seat::Seat;

/// A class as the page lists it.
struct Line {
    id: ClassId,
    name: String,
    guardians: i64,
    ready: i64,
}

#[derive(Template)]
#[template(path = "identity/slips.html")]
struct SlipsPage {
    school: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "identity/slips_print.html")]
struct PrintPage {
    class: String,
    slips: Slips,
    /// Guardians whose slip lies in another class, with its name.
    elsewhere: Vec<String>,
    address: String,
    qr: String,
    until: Date,
    back: String,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let lines = seat.read::<PrintSlips, _>(slips::class_lines).await?;
    let (lang, today) = (seat.lang(), seat.today());
    let lines = lines.iter().map(|line| shown(lang, today, line)).collect();
    seat.page(&SlipsPage { school: seat.school().code.clone(), lines })
}

fn shown(lang: Lang, today: Date, line: &ClassLine) -> Line {
    Line {
        id: line.class,
        name: class_name(lang, today, line.key),
        guardians: line.guardians,
        ready: line.ready,
    }
}

fn class_name(lang: Lang, today: Date, key: ClassKey) -> String {
    crate::people::words::class(lang, key, school_year(today))
}

/// Makes new codes for a class and shows them to be printed, this once.
pub(super) async fn create(
    seat: Seat,
    headers: HeaderMap,
    Path((_, class)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let id = ClassId::parse(&class).ok_or(Fault::NotFound)?;
    let lines = seat.read::<PrintSlips, _>(slips::class_lines).await?;
    let line = lines.iter().find(|line| line.class == id).ok_or(Fault::NotFound)?;
    let Ok(mut made) = seat.scope().act::<PrintSlips, _, ()>(move |tx| slips::print(tx, id)).await? else {
        return Err(Fault::Broken);
    };
    for slip in &mut made.slips {
        slip.code = grouped(&slip.code);
    }
    let address = address(&seat, &headers);
    let until =
        seat.at().checked_add(kehou_domain::identity::FIRST_CODE_HOLDS).map_err(|why| Fault::broken(&why))?;
    let named = |key: ClassKey| class_name(seat.lang(), seat.today(), key);
    let elsewhere = made.elsewhere.iter().map(|(name, key)| format!("{name} {}", named(*key))).collect();
    let class = named(line.key);
    let (qr, back) = (qr(&address)?, seat.path("slips"));
    seat.page(&PrintPage { class, slips: made, elsewhere, address, qr, until: moment::day_of(until), back })
}

/// Where the slip's QR code leads: the page for codes, and nothing about the person.
fn address(seat: &Seat, headers: &HeaderMap) -> String {
    let scheme = if seat.web().transport().is_secure() { "https" } else { "http" };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{scheme}://{host}/sign-in/code")
}

/// Eight digits in two fours.
pub(super) fn grouped(code: &str) -> String {
    match code.split_at_checked(4) {
        Some((first, second)) => format!("{first} {second}"),
        None => code.to_owned(),
    }
}
