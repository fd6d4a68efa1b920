//! Lists: places, names shown in classes, lists filed with the bureau, and what departs from the usual way.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::dismissal::{GapDay, OpenDay, closed_with_gaps, open_days};
use kehou_app::enrolment::{self, ClassToPublish, Filing, FilingLine, PlaceOnList, Publication};
use kehou_domain::access::{
    EndService, FileList, PublishClass, ReadExceptions, ReadPlaces, ReceiveFilings, TakeOverPapers,
};
use kehou_domain::enrolment::ending::CannotEnd;
use kehou_domain::ids::{EnrolmentId, EntityId, FilingId};
use serde::Deserialize;

use super::review::{may_end, never};
use super::{class, id, words};
use crate::answer::{download, encoded, see_other};
use crate::by_class::{OfClass, by_class, chosen};
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A place with its class in words.
struct PlaceLine {
    one: PlaceOnList,
    class: String,
}

#[derive(Template)]
#[template(path = "enrolment/places.html")]
struct PlacesPage {
    base: String,
    applications: String,
    /// Each class with its children and how many of them stay on, when none is chosen.
    classes: Vec<(String, usize, usize)>,
    /// The class whose children are shown.
    shown: Option<(String, Vec<PlaceLine>)>,
    /// Where papers are taken over; empty for roles that do not.
    take_over: String,
    may_end: bool,
    /// The place whose form is open.
    ending: String,
    form: EndForm,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct EndForm {
    /// The class that the list showed.
    class: Option<String>,
    #[serde(default)]
    last_day: String,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "enrolment/publications.html")]
struct PublicationsPage {
    base: String,
    waiting: Vec<(ClassToPublish, String)>,
    shown: Vec<(Publication, String)>,
    today: Date,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "enrolment/filings.html")]
struct FilingsPage {
    base: String,
    filings: Vec<Filing>,
    waiting: Option<u32>,
    problems: Problems,
}

/// One child of a filed list in words.
struct FiledLine {
    line: FilingLine,
    class: String,
    sex: &'static str,
    choices: Vec<String>,
}

#[derive(Template)]
#[template(path = "enrolment/filing.html")]
struct FilingPage {
    back: String,
    school: String,
    filing: Filing,
    here: String,
    /// Each class with its children, when none is chosen.
    classes: Vec<(String, usize)>,
    /// The class whose children are shown.
    shown: Option<(String, Vec<FiledLine>)>,
    workbook: Option<String>,
    receive: Option<String>,
}

#[derive(Template)]
#[template(path = "enrolment/exceptions.html")]
struct ExceptionsPage {
    /// Earlier days that nobody has closed: address and words.
    days: Vec<(String, String)>,
    /// Days that were closed although children had no ending: address and words.
    closed: Vec<(String, String)>,
    lines: Vec<(&'static str, String, &'static str)>,
}

async fn places_page(
    seat: &Seat,
    ending: &str,
    form: EndForm,
    problems: Problems,
) -> Result<PlacesPage, Fault> {
    let lang = seat.lang();
    let places = seat.read::<ReadPlaces, _>(enrolment::places).await?;
    let lines = places.into_iter().map(|one| PlaceLine { class: class(lang, one.class), one });
    let mut classes = by_class(lines.collect(), |line: &PlaceLine| &line.class);
    let shown = chosen(&mut classes, form.class.as_deref());
    let stay = |lines: &[PlaceLine]| lines.iter().filter(|line| line.one.place.stay.to_on.is_none()).count();
    Ok(PlacesPage {
        base: seat.path("places"),
        applications: seat.path("applications"),
        classes: classes.into_iter().map(|(name, own)| (name, own.len(), stay(&own))).collect(),
        shown,
        take_over: if seat.may::<TakeOverPapers>() { seat.path("take-over") } else { String::new() },
        may_end: may_end(seat),
        ending: ending.to_owned(),
        form,
        problems,
    })
}

/// What the list shows: a class, and the place whose form is open.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Listed {
    class: Option<String>,
    #[serde(default)]
    end: String,
}

pub(super) async fn places(seat: Seat, Query(listed): Query<Listed>) -> Result<Response, Fault> {
    let form = EndForm { class: listed.class, ..EndForm::default() };
    let page = places_page(&seat, &listed.end, form, Problems::none()).await?;
    seat.page(&page)
}

pub(super) async fn end(
    seat: Seat,
    key: Key,
    Path((_, place)): Path<(String, String)>,
    Form(form): Form<EndForm>,
) -> Result<Response, Fault> {
    let (lang, id_of_place): (Lang, EnrolmentId) = (seat.lang(), id(&place)?);
    let reason: String = form.reason.chars().take(500).collect();
    let problems = match dates::typed(&form.last_day) {
        None => no_last_day(lang, &reason),
        Some(last_day) => {
            let ended = seat.write::<EndService, (), Vec<Refusal>>(&key, move |tx| {
                let ended = enrolment::end_service(tx, id_of_place, last_day, &reason);
                let said = |why: Vec<CannotEnd>| why.iter().map(|why| words::cannot_end(lang, why)).collect();
                ended.map_err(|failed| failed.map(said))
            });
            ended.await?.err().unwrap_or_default().into()
        }
    };
    if problems.is_empty() {
        let of = form.class.map(|class| format!("?class={}", encoded(&class))).unwrap_or_default();
        return Ok(see_other(&seat.path(&format!("places{of}"))));
    }
    let page = places_page(&seat, &place, form, problems).await?;
    seat.refused(&page)
}

fn no_last_day(lang: Lang, reason: &str) -> Problems {
    let mut problems = Problems::none();
    problems.add("last_day", lang.t("请选最后一天"));
    let no_reason = reason.trim().is_empty().then_some(CannotEnd::ReasonMissing);
    problems.and(no_reason.map(|why| words::cannot_end(lang, &why)));
    problems
}

async fn publications_page(seat: &Seat, problems: Problems) -> Result<PublicationsPage, Fault> {
    let lang = seat.lang();
    let (waiting, shown) = seat.read::<PublishClass, _>(enrolment::publications).await?;
    let named = |one: ClassToPublish| {
        let words = class(lang, Some(one.class));
        (one, words)
    };
    let shown = shown.into_iter().map(|one| {
        let words = class(lang, Some(one.class));
        (one, words)
    });
    Ok(PublicationsPage {
        base: seat.path("publications"),
        waiting: waiting.into_iter().map(named).collect(),
        shown: shown.collect(),
        today: seat.today(),
        problems,
    })
}

pub(super) async fn publications(seat: Seat) -> Result<Response, Fault> {
    let page = publications_page(&seat, Problems::none()).await?;
    seat.page(&page)
}

/// What the form sends.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct PublishForm {
    #[serde(default)]
    class: String,
}

pub(super) async fn publish(seat: Seat, key: Key, Form(form): Form<PublishForm>) -> Result<Response, Fault> {
    let (lang, class) = (seat.lang(), id(&form.class)?);
    let published = seat
        .write::<PublishClass, String, Refusal>(&key, move |tx| {
            let published = enrolment::publish_class(tx, class).map_err(|failed| {
                failed.map(|()| Refusal::new("nobody", lang.t("这个班没有等公示的学生")).at("class"))
            })?;
            Ok(published.to_string())
        })
        .await?;
    match published {
        Ok(id) => Ok(see_other(&seat.path(&format!("publications/{id}")))),
        Err(refusal) => {
            let page = publications_page(&seat, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

async fn filings_page(seat: &Seat, problems: Problems) -> Result<FilingsPage, Fault> {
    let (filings, waiting) = seat.read::<FileList, _>(enrolment::filings).await?;
    Ok(FilingsPage { base: seat.path("filings"), filings, waiting: Some(waiting), problems })
}

pub(super) async fn filings(seat: Seat) -> Result<Response, Fault> {
    let page = filings_page(&seat, Problems::none()).await?;
    seat.page(&page)
}

pub(super) async fn file(seat: Seat, key: Key) -> Result<Response, Fault> {
    let lang = seat.lang();
    let filed = seat
        .write::<FileList, String, Refusal>(&key, move |tx| {
            let filed = enrolment::file_list(tx)
                .map_err(|failed| failed.map(|()| Refusal::new("nobody", lang.t("没有等备案的学生"))))?;
            Ok(filed.to_string())
        })
        .await?;
    match filed {
        Ok(id) => Ok(see_other(&seat.path(&format!("filings/{id}")))),
        Err(refusal) => {
            let page = filings_page(&seat, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

fn filed_lines(lang: Lang, lines: Vec<FilingLine>) -> Vec<FiledLine> {
    let one = |line: FilingLine| FiledLine {
        class: class(lang, line.class),
        sex: sex(&line.sex),
        choices: words::choices(lang, &line.choices),
        line,
    };
    lines.into_iter().map(one).collect()
}

fn sex(word: &str) -> &'static str {
    match word {
        "M" => "男",
        "F" => "女",
        _ => "—",
    }
}

pub(super) async fn filing(
    seat: Seat,
    Path((_, filing)): Path<(String, String)>,
    Query(of): Query<OfClass>,
) -> Result<Response, Fault> {
    let filing: FilingId = id(&filing)?;
    let (filing, lines) = seat.read::<FileList, _>(move |tx| enrolment::filing(tx, filing)).await?;
    let workbook = Some(seat.path(&format!("filings/{}/workbook", filing.id)));
    let page = filing_page(&seat, "filings", (filing, lines), &of);
    seat.page(&FilingPage { workbook, ..page })
}

fn filing_page(
    seat: &Seat,
    list: &str,
    (filing, lines): (Filing, Vec<FilingLine>),
    of: &OfClass,
) -> FilingPage {
    let mut classes = by_class(filed_lines(seat.lang(), lines), |one| &one.class);
    let shown = chosen(&mut classes, of.class.as_deref());
    FilingPage {
        back: seat.path(list),
        school: seat.school().name.clone(),
        here: seat.path(&format!("{list}/{}", filing.id)),
        classes: classes.into_iter().map(|(name, own)| (name, own.len())).collect(),
        shown,
        filing,
        workbook: None,
        receive: None,
    }
}

pub(super) async fn workbook(
    seat: Seat,
    Path((_, filing)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (lang, filing): (Lang, FilingId) = (seat.lang(), id(&filing)?);
    let (filing, lines) = seat.read::<FileList, _>(move |tx| enrolment::filing(tx, filing)).await?;
    let number = filing.number.to_string();
    let title = lang.fill("课后服务备案名单第 {n} 号", &[("n", &number)]);
    let head = ["序号", "姓名", "性别", "班级", "时段"].map(|word| lang.t(word).to_owned());
    let rows: Vec<Vec<String>> = (1..)
        .zip(filed_lines(lang, lines))
        .map(|(n, one): (u32, FiledLine)| {
            let choices = one.choices.join("; ");
            vec![n.to_string(), one.line.name, lang.t(one.sex).to_owned(), one.class, choices]
        })
        .collect();
    let full = format!("{} {} {title}", seat.school().name, filing.term);
    let book = enrolment::filing_workbook(&full, &head, &rows).map_err(|why| Fault::broken(&why))?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(&format!("{title}.xlsx"), kind, book))
}

pub(super) async fn received_filings(seat: Seat) -> Result<Response, Fault> {
    let filings = seat.read::<ReceiveFilings, _>(enrolment::filings_received).await?;
    let base = seat.path("received-filings");
    seat.page(&FilingsPage { base, filings, waiting: None, problems: Problems::none() })
}

pub(super) async fn received_filing(
    seat: Seat,
    Path((_, filing)): Path<(String, String)>,
    Query(of): Query<OfClass>,
) -> Result<Response, Fault> {
    let filing: FilingId = id(&filing)?;
    let (filing, lines) = seat.read::<ReceiveFilings, _>(move |tx| enrolment::received(tx, filing)).await?;
    let open = filing.received_at.is_none();
    let receive = open.then(|| seat.path(&format!("received-filings/{}", filing.id)));
    let page = filing_page(&seat, "received-filings", (filing, lines), &of);
    seat.page(&FilingPage { receive, ..page })
}

pub(super) async fn receive(
    seat: Seat,
    key: Key,
    Path((_, filing)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let filing: FilingId = id(&filing)?;
    let noted = seat
        .write::<ReceiveFilings, (), Refusal>(&key, move |tx| never(enrolment::receive_filing(tx, filing)))
        .await?;
    debug_assert!(noted.is_ok(), "noting a list is never refused");
    Ok(see_other(&seat.path("received-filings")))
}

pub(super) async fn exceptions(seat: Seat) -> Result<Response, Fault> {
    let lang = seat.lang();
    let found = seat.read::<ReadExceptions, _>(enrolment::exceptions).await?;
    let lines = found.iter().map(|one| words::exception(lang, one)).collect();
    let open = seat.read::<ReadExceptions, _>(open_days).await?;
    let mut days: Vec<(String, String)> = open.days.iter().map(|day| open_day(&seat, day)).collect();
    if 0 < open.more {
        let said = lang.fill("还有 {n} 天没有关", &[("n", &open.more.to_string())]);
        days.push((seat.path("board"), said));
    }
    let closed = seat.read::<ReadExceptions, _>(closed_with_gaps).await?;
    let closed = closed.iter().map(|gap| closed_day(&seat, gap)).collect();
    seat.page(&ExceptionsPage { days, closed, lines })
}

/// An earlier day that nobody has closed: its board, and what is open on it (H9).
fn open_day(seat: &Seat, open: &OpenDay) -> (String, String) {
    let lang = seat.lang();
    let (day, n) = (dates::day(lang, open.day), open.without_ending.to_string());
    let mut said = lang.fill("{day}还没有关，{n} 个孩子没有去向", &[("day", &day), ("n", &n)]);
    if 0 < open.missing {
        let missing = lang.fill("{n} 个孩子还在找", &[("n", &open.missing.to_string())]);
        said = format!("{said} · {missing}");
    }
    (seat.path(&format!("board?day={}", open.day)), said)
}

/// A day that was closed although children had no ending: its sheet, how many, and why (H9).
fn closed_day(seat: &Seat, gap: &GapDay) -> (String, String) {
    let (lang, closed) = (seat.lang(), &gap.closed);
    let (day, n) = (dates::day(lang, gap.day), closed.without_ending.to_string());
    let words = "{day}关的时候 {n} 个孩子没有去向：{why}";
    let said = lang.fill(words, &[("day", &day), ("n", &n), ("why", &closed.reason)]);
    let said = if closed.by.is_empty() { said } else { format!("{said} · {}", closed.by) };
    (seat.path(&format!("days/{}/handover-sheet", gap.day)), said)
}

impl PublicationsPage {
    fn is_over(&self, publication: &Publication) -> bool {
        publication.closes_on < self.today
    }
}

impl PlacesPage {
    fn all(&self) -> usize {
        self.classes.iter().map(|(_, all, _)| all).sum()
    }

    fn staying(&self) -> usize {
        self.classes.iter().map(|(_, _, staying)| staying).sum()
    }

    /// Whether the open form is this line's.
    fn is_ending(&self, line: &PlaceLine) -> bool {
        EnrolmentId::parse(&self.ending) == Some(line.one.place.id)
    }
}
