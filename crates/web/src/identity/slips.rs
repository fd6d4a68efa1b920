//! Slips with first codes, printed per class.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use kehou_app::identity::slips::{self, AllHold, ClassLine, Elsewhere, Slips};
use kehou_domain::access::PrintSlips;
use kehou_domain::identity::{Earlier, FIRST_CODE_HOLDS};
use kehou_domain::ids::{ClassId, EntityId};
use kehou_domain::moment;
use kehou_domain::people::class::school_year;
use serde::Deserialize;

use super::factor::qr;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A class as the page lists it.
struct Line {
    id: ClassId,
    name: String,
    guardians: i64,
    ready: i64,
    holding: usize,
}

#[derive(Template)]
#[template(path = "identity/slips.html")]
struct SlipsPage {
    school: String,
    lines: Vec<Line>,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "identity/slips_print.html")]
struct PrintPage {
    class: String,
    made: Slips,
    made_at: Timestamp,
    /// Guardians whose slip lies in another class, with its name.
    elsewhere: Vec<String>,
    address: String,
    qr: String,
    until: Date,
    back: String,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let lines = lines(&seat).await?;
    seat.page(&SlipsPage { school: seat.school().code.clone(), lines, problems: Problems::none() })
}

async fn lines(seat: &Seat) -> Result<Vec<Line>, Fault> {
    let lines = seat.read::<PrintSlips, _>(slips::class_lines).await?;
    let (lang, today) = (seat.lang(), seat.today());
    Ok(lines.iter().map(|line| shown(lang, today, line)).collect())
}

fn shown(lang: Lang, today: Date, line: &ClassLine) -> Line {
    Line {
        id: line.class,
        name: crate::people::words::class(lang, line.key, school_year(today)),
        guardians: line.guardians,
        ready: line.ready,
        holding: line.holding,
    }
}

fn name_of(lines: &[Line], class: ClassId) -> Option<String> {
    lines.iter().find(|line| line.id == class).map(|line| line.name.clone())
}

/// Whether the codes of earlier slips are to end, as the form says it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    again: String,
}

impl Asked {
    fn earlier(&self) -> Earlier {
        if self.again == "yes" { Earlier::End } else { Earlier::Hold }
    }
}

/// Makes new codes for a class and shows them to be printed; the same request sent again shows the same slips.
pub(super) async fn create(
    seat: Seat,
    headers: HeaderMap,
    key: Key,
    Path((_, class)): Path<(String, String)>,
    Form(asked): Form<Asked>,
) -> Result<Response, Fault> {
    let id = ClassId::parse(&class).ok_or(Fault::NotFound)?;
    let lines = lines(&seat).await?;
    let name = name_of(&lines, id).ok_or(Fault::NotFound)?;
    let (lang, class, earlier) = (seat.lang(), name.clone(), asked.earlier());
    let printed = seat
        .write::<PrintSlips, String, Refusal>(&key, move |tx| {
            let printed = slips::print(tx, id, earlier);
            printed.map_err(|failed| failed.map(|why| all_hold(lang, (id, &class), why)))
        })
        .await?;
    match printed {
        Ok(sealed) => {
            let made = seat.read::<PrintSlips, _>(move |tx| slips::open(tx, &sealed)).await?;
            seat.page(&print_page(&seat, &headers, (name, &lines), made)?)
        }
        Err(refusal) => {
            let problems = refusal.into();
            seat.refused(&SlipsPage { school: seat.school().code.clone(), lines, problems })
        }
    }
}

fn all_hold(lang: Lang, (id, class): (ClassId, &str), AllHold(slips): AllHold) -> Refusal {
    let words = lang.fill(
        "{class}有 {n} 张纸条的登录码还有效，没有生成新的。要重新生成，请勾选“重做，旧纸条作废”",
        &[("class", class), ("n", &slips.to_string())],
    );
    Refusal::new("codes_hold", words).at(&format!("again-{id}"))
}

fn print_page(
    seat: &Seat,
    headers: &HeaderMap,
    (class, lines): (String, &[Line]),
    mut made: Slips,
) -> Result<PrintPage, Fault> {
    let made_at = moment::from_millis(made.made_at).unwrap_or(seat.at());
    let until = made_at.checked_add(FIRST_CODE_HOLDS).map_err(|why| Fault::broken(&why))?;
    let class_of = |one: &Elsewhere| one.class().and_then(|class| name_of(lines, class)).unwrap_or_default();
    let elsewhere = made.elsewhere.iter().map(|one| format!("{} {}", one.guardian, class_of(one))).collect();
    made.slips.iter_mut().for_each(|slip| slip.code = grouped(&slip.code));
    let address = address(seat, headers);
    Ok(PrintPage {
        class,
        made,
        made_at,
        elsewhere,
        qr: qr(&address)?,
        address,
        until: moment::day_of(until),
        back: seat.path("slips"),
    })
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
