//! Sheets on screen, printed and as workbooks: day, week, month (G7).

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use kehou_app::attendance::{self, Cell, ClubMonth, DaySheet, Month, MonthView, OpenRoll, Table, WeekSheet};
use kehou_domain::access::{CloseMonth, ReadSessions, ReadSheets};
use kehou_domain::attendance::{Line, Tally};
use kehou_domain::people::class::school_year;
use serde::Deserialize;

use super::words;
use crate::answer::{download, see_other};
use crate::by_class::{by_class, chosen};
use crate::dates;
use crate::dismissal::words::comma;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The heads of a tally's columns.
const HEADS: [&str; 8] = ["应到", "到", "迟到", "早退", "请假", "未到", "已走", "没点"];

/// Which day or month is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct When {
    on: Option<String>,
    of: Option<String>,
    /// The session of the day.
    session: Option<String>,
    /// The name of the class.
    class: Option<String>,
    /// The number of the club in the month's list of clubs.
    club: Option<usize>,
}

impl When {
    fn day(&self, today: Date) -> Result<Date, Fault> {
        self.on.as_ref().map_or(Ok(today), |on| dates::typed(on).ok_or_else(unread))
    }

    fn month(&self, today: Date) -> Result<Month, Fault> {
        self.of.as_ref().map_or(Ok(Month::of(today)), |of| Month::parse(of).ok_or_else(unread))
    }
}

fn unread() -> Fault {
    Fault::malformed_in("{what} 要写成日期，例如 2026-11-24", "on")
}

/// A tally's numbers in the order of its heads.
fn numbers(tally: Tally) -> [u32; 8] {
    let Tally { expected, on_time, late, left_early, leave, absent, gone, unmarked } = tally;
    [expected, on_time, late, left_early, leave, absent, gone, unmarked]
}

/// A number on the screen: none is a dash.
fn shown(number: u32) -> String {
    if number == 0 { "—".to_owned() } else { number.to_string() }
}

fn cells(tally: Tally) -> Vec<String> {
    numbers(tally).map(shown).to_vec()
}

#[derive(Template)]
#[template(path = "attendance/sheet_day.html")]
struct DayPage {
    school: String,
    lang: Lang,
    day: Date,
    before: String,
    after: String,
    /// One line for each session, when none is chosen.
    sheets: Vec<DaySheet>,
    total: Vec<String>,
    /// The session whose children are shown.
    shown: Option<DaySheet>,
    may_read_rolls: bool,
}

impl DayPage {
    fn cells(sheet: &DaySheet) -> Vec<String> {
        cells(sheet.tally)
    }

    fn number(&self, line: &attendance::DayLine) -> String {
        match line.class {
            Some(class) => people::words::class(self.lang, class, school_year(self.day)),
            None => line.seat_no.map(|number| number.to_string()).unwrap_or_default(),
        }
    }

    /// What stands above the first column: a number in the class, or the class itself.
    fn first(sheet: &DaySheet) -> &'static str {
        if sheet.session.class.is_none() { "班级" } else { "座号" }
    }

    fn in_clubs(&self, sheet: &DaySheet) -> String {
        in_clubs(self.lang, &sheet.in_clubs)
    }

    fn mark(line: &attendance::DayLine) -> &'static str {
        words::mark(line.mark)
    }

    fn place(line: &attendance::DayLine) -> &'static str {
        words::whereabouts(line.whereabouts)
    }

    fn attended(sheet: &DaySheet) -> u32 {
        sheet.tally.attended()
    }
}

#[derive(Template)]
#[template(path = "attendance/sheet_week.html")]
struct WeekPage {
    school: String,
    sheet: WeekSheet,
    before: String,
    after: String,
    total: Vec<String>,
}

impl WeekPage {
    fn share(tally: &Tally) -> String {
        format!("{} / {}", tally.attended(), tally.expected)
    }

    fn cells(line: &attendance::WeekLine) -> Vec<String> {
        cells(line.total)
    }
}

#[derive(Template)]
#[template(path = "attendance/sheet_month.html")]
struct MonthPage {
    school: String,
    /// The month's first day.
    first: Date,
    view: MonthView,
    before: String,
    after: String,
    /// Each class with what it adds up to, when none is chosen.
    classes: Vec<(String, Vec<String>)>,
    /// The class whose children are shown.
    shown: Option<(String, Vec<Line>)>,
    total: Vec<String>,
    may_close: bool,
    /// The clubs of the month; the one whose children are shown.
    clubs: Vec<ClubMonth>,
    club: Option<usize>,
    /// By day, the rolls that have to be called first.
    open: Vec<(Date, Vec<OpenRoll>)>,
    problems: Problems,
}

impl MonthPage {
    fn shown_club(&self) -> Option<&ClubMonth> {
        self.clubs.get(self.club?)
    }

    fn club_cells(club: &ClubMonth) -> Vec<String> {
        cells(sum(&club.lines))
    }

    fn cells(line: &Line) -> Vec<String> {
        cells(line.tally)
    }
}

pub(super) async fn day(seat: Seat, Query(when): Query<When>) -> Result<Response, Fault> {
    let day = when.day(seat.today())?;
    let mut sheets = seat.read::<ReadSheets, _>(move |tx| attendance::day_sheet(tx, day)).await?;
    let total = cells(sheets.iter().fold(Tally::default(), |sum, sheet| sum.with(sheet.tally)));
    let shown = of_session(&mut sheets, when.session.as_deref());
    let (before, after) = around(day, 1);
    let (school, may_read_rolls) = (seat.school().code.clone(), seat.may::<ReadSessions>());
    let lang = seat.lang();
    seat.page(&DayPage { school, lang, day, before, after, sheets, total, shown, may_read_rolls })
}

/// The session asked for, or the only one of the day.
fn of_session(sheets: &mut Vec<DaySheet>, asked: Option<&str>) -> Option<DaySheet> {
    let found = asked.and_then(|asked| sheets.iter().position(|one| one.session.id.to_string() == asked));
    let at = found.or_else(|| (sheets.len() == 1).then_some(0))?;
    Some(sheets.swap_remove(at))
}

pub(super) async fn day_file(seat: Seat, Query(when): Query<When>) -> Result<Response, Fault> {
    let day = when.day(seat.today())?;
    let sheets = seat.read::<ReadSheets, _>(move |tx| attendance::day_sheet(tx, day)).await?;
    let lang = seat.lang();
    let head = ["座号", "姓名", "到没到", "几点记的", "现在"].map(|head| lang.t(head).to_owned()).to_vec();
    let mut rows = Vec::new();
    for sheet in &sheets {
        let session = format!("{} {}", sheet.session.group_name, sheet.session.slot_name);
        let mut own = sheet.lines.iter().map(|line| day_row((lang, day), line)).collect::<Vec<_>>();
        for row in &mut own {
            row.insert(0, Cell::Text(session.clone()));
        }
        rows.extend(own);
    }
    let mut heads = vec![lang.t("班").to_owned()];
    heads.extend(head);
    let title = titled(&seat, "日签到表", &dates::full_day(lang, day));
    let table = Table { name: day.to_string(), title, head: heads, rows };
    file(&[table], &format!("{}-{day}.xlsx", lang.t("日签到表")))
}

/// The clubs in which children of a class sat: 泥塑社 6 人、合唱团 2 人.
fn in_clubs(lang: Lang, clubs: &[attendance::InClub]) -> String {
    let one = |club: &attendance::InClub| {
        let count = club.children.len().to_string();
        lang.fill("{club} {n} 人", &[("club", &club.club), ("n", &count)])
    };
    clubs.iter().map(one).collect::<Vec<_>>().join(comma(lang))
}

fn day_row((lang, day): (Lang, Date), line: &attendance::DayLine) -> Vec<Cell> {
    let at = line.marked_by.map(|sight| words::clock(sight.at));
    let who = match line.class {
        Some(class) => Cell::Text(people::words::class(lang, class, school_year(day))),
        None => line.seat_no.map_or(Cell::Empty, Cell::Count),
    };
    vec![
        who,
        Cell::Text(line.name.clone()),
        Cell::Text(lang.t(words::mark(line.mark)).to_owned()),
        at.map_or(Cell::Empty, Cell::Text),
        Cell::Text(lang.t(words::whereabouts(line.whereabouts)).to_owned()),
    ]
}

pub(super) async fn week(seat: Seat, Query(when): Query<When>) -> Result<Response, Fault> {
    let day = when.day(seat.today())?;
    let sheet = seat.read::<ReadSheets, _>(move |tx| attendance::week_sheet(tx, day)).await?;
    let (before, after) = around(day, 7);
    let total = cells(sheet.total);
    seat.page(&WeekPage { school: seat.school().code.clone(), sheet, before, after, total })
}

pub(super) async fn week_file(seat: Seat, Query(when): Query<When>) -> Result<Response, Fault> {
    let day = when.day(seat.today())?;
    let sheet = seat.read::<ReadSheets, _>(move |tx| attendance::week_sheet(tx, day)).await?;
    let lang = seat.lang();
    let mut head = vec![lang.t("班").to_owned()];
    head.extend(sheet.days.iter().map(|(day, _)| dates::day(lang, *day)));
    head.extend(HEADS.map(|head| lang.t(head).to_owned()));
    let row = |line: &attendance::WeekLine| {
        let mut row = vec![Cell::Text(format!("{} {}", line.group_name, line.slot_name))];
        row.extend(line.days.iter().map(|tally| tally.map_or(Cell::Empty, |tally| share_cell(&tally))));
        row.extend(numbers(line.total).map(Cell::Count));
        row
    };
    let mut rows: Vec<Vec<Cell>> = sheet.lines.iter().map(row).collect();
    let mut total = vec![Cell::Text(lang.t("合计").to_owned())];
    total.extend(sheet.days.iter().map(|(_, tally)| share_cell(tally)));
    total.extend(numbers(sheet.total).map(Cell::Count));
    rows.push(total);
    let span = format!("{} — {}", dates::full_day(lang, sheet.from), dates::full_day(lang, sheet.to));
    let title = titled(&seat, "周统计表", &span);
    let table = Table { name: sheet.from.to_string(), title, head, rows };
    file(&[table], &format!("{}-{}.xlsx", lang.t("周统计表"), sheet.from))
}

/// Who came of those who were expected, as the screen says it.
fn share_cell(tally: &Tally) -> Cell {
    Cell::Text(WeekPage::share(tally))
}

pub(super) async fn month(seat: Seat, Query(when): Query<When>) -> Result<Response, Fault> {
    let month = when.month(seat.today())?;
    let page = month_page(&seat, month, (when.class.as_deref(), when.club), Problems::none()).await?;
    seat.page(&page)
}

pub(super) async fn month_file(seat: Seat, Query(when): Query<When>) -> Result<Response, Fault> {
    let month = when.month(seat.today())?;
    let (view, clubs) = seat.read::<ReadSheets, _>(move |tx| both(tx, month)).await?;
    let lang = seat.lang();
    let mut head = vec![lang.t("班").to_owned(), lang.t("姓名").to_owned()];
    head.extend(HEADS.map(|head| lang.t(head).to_owned()));
    let by_club = club_table(&seat, month, (&head, &clubs));
    let row = |line: &Line| {
        let mut row = vec![Cell::Text(line.class.clone()), Cell::Text(line.name.clone())];
        row.extend(numbers(line.tally).map(Cell::Count));
        row
    };
    let mut rows: Vec<Vec<Cell>> = view.sheet.lines.iter().map(row).collect();
    let mut total = vec![Cell::Text(lang.t("合计").to_owned()), Cell::Empty];
    total.extend(numbers(view.sheet.total()).map(Cell::Count));
    rows.push(total);
    let mut title = titled(&seat, "月汇总表", &month.to_string());
    title.extend(view.closed.iter().map(|closed| format!("SHA-256 {}", closed.hash)));
    let table = Table { name: month.to_string(), title, head, rows };
    let tables: Vec<Table> = [table].into_iter().chain(by_club).collect();
    file(&tables, &format!("{}-{month}.xlsx", lang.t("月汇总表")))
}

/// The month club by club, on a sheet of its own; none where there was no club.
fn club_table(seat: &Seat, month: Month, (head, clubs): (&[String], &[ClubMonth])) -> Option<Table> {
    let lang = seat.lang();
    let row = |club: &ClubMonth, line: &Line| {
        let text = [club.name.clone(), line.class.clone(), line.name.clone()];
        text.map(Cell::Text).into_iter().chain(numbers(line.tally).map(Cell::Count)).collect()
    };
    let rows: Vec<Vec<Cell>> =
        clubs.iter().flat_map(|club| club.lines.iter().map(move |line| row(club, line))).collect();
    let name = lang.t("各社团");
    let head = std::iter::once(lang.t("哪个社团").to_owned()).chain(head.iter().cloned()).collect();
    let title = titled(seat, "月汇总表", &format!("{month} {name}"));
    (!rows.is_empty()).then(|| Table { name: name.to_owned(), title, head, rows })
}

/// The month that is closed.
#[derive(Debug, Deserialize)]
pub(super) struct CloseForm {
    of: String,
}

pub(super) async fn close(seat: Seat, key: Key, Form(form): Form<CloseForm>) -> Result<Response, Fault> {
    let month = Month::parse(&form.of).ok_or(Fault::NotFound)?;
    let lang = seat.lang();
    let closed = seat.write::<CloseMonth, String, Refusal>(&key, move |tx| {
        attendance::close_month(tx, month).map_err(|why| why.map(|why| words::close_refused(lang, why)))
    });
    match closed.await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("sheets/month?of={month}")))),
        Err(refusal) => {
            let page = month_page(&seat, month, (None, None), refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

async fn month_page(
    seat: &Seat,
    month: Month,
    (class, club): (Option<&str>, Option<usize>),
    problems: Problems,
) -> Result<MonthPage, Fault> {
    let (view, clubs) = seat.read::<ReadSheets, _>(move |tx| both(tx, month)).await?;
    let mut classes = by_class(view.sheet.lines.clone(), |line| &line.class);
    let shown = chosen(&mut classes, class);
    let may_close = seat.may::<CloseMonth>() && view.closed.is_none() && !view.sheet.lines.is_empty();
    let open = if may_close && 0 < view.sheet.total().unmarked {
        by_day(seat.read::<CloseMonth, _>(move |tx| attendance::open_rolls(tx, month)).await?)
    } else {
        Vec::new()
    };
    Ok(MonthPage {
        first: month.first(),
        school: seat.school().code.clone(),
        before: month.before().to_string(),
        after: month.after().to_string(),
        total: shown.as_ref().map_or_else(|| cells(view.sheet.total()), |(_, lines)| cells(sum(lines))),
        classes: classes.into_iter().map(|(name, lines)| (name, cells(sum(&lines)))).collect(),
        shown,
        club: club.filter(|club| *club < clubs.len()),
        clubs,
        may_close,
        open,
        view,
        problems,
    })
}

/// A month by class, and by club.
fn both(tx: &mut kehou_db::Tx<ReadSheets>, month: Month) -> kehou_db::Result<(MonthView, Vec<ClubMonth>)> {
    Ok((attendance::month_sheet(tx, month)?, attendance::club_months(tx, month)?))
}

fn sum(lines: &[Line]) -> Tally {
    lines.iter().fold(Tally::default(), |sum, line| sum.with(line.tally))
}

/// Rolls under their days.
fn by_day(rolls: Vec<OpenRoll>) -> Vec<(Date, Vec<OpenRoll>)> {
    let mut days: BTreeMap<Date, Vec<OpenRoll>> = BTreeMap::new();
    for roll in rolls {
        days.entry(roll.session.day).or_default().push(roll);
    }
    days.into_iter().collect()
}

fn around(day: Date, days: i64) -> (String, String) {
    let moved = |by: i64| day.checked_add(by.days()).unwrap_or(day).to_string();
    (moved(-days), moved(days))
}

fn titled(seat: &Seat, title: &str, when: &str) -> Vec<String> {
    vec![seat.school().name.clone(), format!("{} {when}", seat.lang().t(title))]
}

fn file(tables: &[Table], name: &str) -> Result<Response, Fault> {
    let body = attendance::workbook(tables).map_err(|why| Fault::broken(&why))?;
    Ok(download(name, XLSX, body))
}
