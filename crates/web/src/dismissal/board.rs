//! The duty leader's live board, closing the day, and the day's handover sheet.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use kehou_app::dismissal::{self, Board, CloseDayRefused, GateChild, GroupLine, Sheet, SheetLine, StopCard};
use kehou_db::Failed;
use kehou_domain::access::{CloseDay, HandOverGroup, LookForChild, Role, WatchBoard, WatchGate};
use kehou_domain::dismissal::{Explained, StillOpen};
use serde::Deserialize;

use super::gate::share;
use super::{verdict, words};
use crate::answer::see_other;
use crate::by_class::{OfClass, by_class, chosen};
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A child of a list.
struct Line {
    name: String,
    class: String,
    group: String,
    place: (&'static str, &'static str, &'static str),
    at: Option<Timestamp>,
    path: String,
}

#[expect(clippy::struct_excessive_bools, reason = "what a page shows or not")]
#[derive(Template)]
#[template(path = "dismissal/board.html")]
struct BoardPage {
    board: Board,
    /// What stands behind an address, so that it stays with this day.
    asked: String,
    left: usize,
    meter: String,
    lines: Vec<Line>,
    stops: Vec<(StopCard, &'static str)>,
    open_groups: usize,
    /// Groups whose time is over and whose room is not closed: somebody has to see to them.
    asking: Vec<GroupLine>,
    /// The others, folded.
    quiet: Vec<GroupLine>,
    problems: Problems,
    /// Why the day is closed all the same, as typed.
    reason: String,
    /// Other days that were not closed, the oldest first.
    others: Vec<Date>,
    may_close: bool,
    /// What no reason stands for on an earlier day, in words; empty where nothing of that is open.
    blocked: String,
    /// How many children have no ending on an earlier day that a reason may close.
    without: usize,
    /// Whether that number was ticked.
    counted: bool,
    /// Those children class by class: the class, how many, their names.
    classes: Vec<(String, usize, String)>,
    may_hand_over: bool,
    may_release: bool,
    /// Where the cases lie, for roles that look for a child.
    cases: Option<String>,
    base: String,
    now: Timestamp,
}

impl BoardPage {
    /// Whether a reason may stand for what is open: the day is over, and not everybody has an ending or not every room is
    /// closed.
    fn may_explain(&self) -> bool {
        self.board.keeps_open.as_ref().is_some_and(|open| *open != StillOpen::default())
    }

    /// Whether the day may be closed from here: on an earlier day nothing is open that no reason stands for.
    fn can_close(&self) -> bool {
        self.may_close && self.blocked.is_empty()
    }

    /// Whether every group's time is over: from then on a child without an ending is late.
    fn is_over(&self) -> bool {
        self.board.groups.iter().all(|group| group.session.ends_at <= self.now)
    }
}

/// Which day: an earlier one that was not closed; without one, today.
#[derive(Debug, Default, Deserialize)]
pub(super) struct OnDay {
    #[serde(default)]
    pub(super) day: String,
}

pub(super) async fn show(seat: Seat, Query(on): Query<OnDay>) -> Result<Response, Fault> {
    let page = page(&seat, super::asked_day(&on.day)?, Closing::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn page(
    seat: &Seat,
    day: Option<Date>,
    typed: Closing,
    problems: Problems,
) -> Result<BoardPage, Fault> {
    let board = seat.read::<WatchBoard, _>(move |tx| dismissal::board(tx, day)).await?;
    let (asking, quiet) = board.groups.iter().cloned().partition(|group| group.asks(seat.at()));
    Ok(BoardPage {
        asking,
        quiet,
        asked: if board.day == seat.today() { String::new() } else { format!("?day={}", board.day) },
        left: board.to_go - board.gone,
        meter: share(board.gone, board.to_go),
        lines: board.open.iter().take(LISTED).map(|child| line(seat, board.day, child)).collect(),
        blocked: blocked(seat.lang(), board.keeps_open.as_ref()),
        without: board.keeps_open.as_ref().map_or(0, |open| open.children.len()),
        counted: !typed.without.is_empty(),
        classes: if board.keeps_open.is_some() { without_by_class(seat, &board.open) } else { Vec::new() },
        stops: board.stops.iter().map(|stop| (stop.clone(), verdict::why_key(&stop.why))).collect(),
        open_groups: board.groups.iter().filter(|group| group.session.closed_at.is_none()).count(),
        may_close: seat.may::<CloseDay>() && board.closed.is_none() && !board.groups.is_empty(),
        may_hand_over: seat.role() == Role::DutyLeader && seat.may::<HandOverGroup>(),
        may_release: seat.may::<WatchGate>(),
        cases: seat.may::<LookForChild>().then(|| seat.path("cases")),
        base: seat.path(""),
        now: seat.at(),
        others: board.earlier.iter().copied().filter(|day| *day != board.day).collect(),
        board,
        problems,
        reason: typed.reason,
    })
}

/// How many children the board lists by name.
const LISTED: usize = 24;

fn blocked(lang: Lang, open: Option<&StillOpen>) -> String {
    let open = open.filter(|open| !open.may_be_explained());
    open.map(|open| words::still_open(lang, &open.beyond_a_reason())).unwrap_or_default()
}

/// The children without an ending, class by class: whoever closes the day reads whom it is about.
fn without_by_class(seat: &Seat, open: &[GateChild]) -> Vec<(String, usize, String)> {
    let lang = seat.lang();
    let named = open.iter().map(|child| (words::class(lang, &child.child), child.child.name.clone()));
    let classes = by_class(named.collect(), |(class, _)| class);
    let line = |(class, children): (String, Vec<(String, String)>)| {
        let children: Vec<String> = children.into_iter().map(|(_, name)| name).collect();
        (class, children.len(), children.join(words::comma(lang)))
    };
    classes.into_iter().map(line).collect()
}

fn line(seat: &Seat, day: Date, child: &GateChild) -> Line {
    Line {
        name: child.child.name.clone(),
        class: words::class(seat.lang(), &child.child),
        group: child.group.clone(),
        place: words::place(child.whereabouts),
        at: child.learnt.map(|learnt| learnt.at),
        path: super::gate::on_day(seat, &format!("gate/{}", child.child.id), day),
    }
}

/// Why a day that is over is closed with something open.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Closing {
    #[serde(default)]
    reason: String,
    /// How many children have no ending, as it was ticked.
    #[serde(default)]
    without: String,
}

pub(super) async fn close(
    seat: Seat,
    Path((_, day)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Closing>,
) -> Result<Response, Fault> {
    let day: Date = day.parse().map_err(|_| Fault::NotFound)?;
    let (lang, typed) = (seat.lang(), form.clone());
    let written = seat
        .write::<CloseDay, (), Vec<Refusal>>(&key, move |tx| {
            let said = Explained { reason: &typed.reason, without_ending: typed.without.parse().ok() };
            let closed = dismissal::close_day(tx, day, said);
            closed.map_err(|failed: Failed<_>| failed.map(|refused| not_closed(lang, day, refused)))
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&board_of(&seat, day))),
        Err(refused) => {
            let page = match page(&seat, Some(day), form.clone(), refused.clone().into()).await {
                Err(Fault::NotFound) => page(&seat, None, form, refused.into()).await?,
                shown => shown?,
            };
            seat.refused(&page)
        }
    }
}

/// The board of the day, which says how it was closed.
fn board_of(seat: &Seat, day: Date) -> String {
    if day == seat.today() { seat.path("board") } else { seat.path(&format!("board?day={day}")) }
}

fn not_closed(lang: Lang, day: Date, refused: CloseDayRefused) -> Vec<Refusal> {
    match refused {
        CloseDayRefused::Cannot(why) => why.iter().map(|why| words::cannot_close(lang, why)).collect(),
        CloseDayRefused::Closed => {
            let day = dates::full_day(lang, day);
            vec![Refusal::new("closed", lang.fill("{day}已经关过，不能再开", &[("day", &day)]))]
        }
    }
}

/// A line of the sheet.
struct SheetRow {
    name: String,
    class: String,
    group: String,
    place: &'static str,
    at: Option<Timestamp>,
    taken_by: String,
    noted_by: String,
    to_go: bool,
    gone: bool,
    /// Whether nobody had come in time.
    late: bool,
}

/// A class of the sheet in numbers.
struct SheetClass {
    name: String,
    to_go: usize,
    gone: usize,
    away: usize,
}

impl SheetClass {
    fn of(name: String, rows: &[SheetRow]) -> SheetClass {
        let to_go = rows.iter().filter(|row| row.to_go).count();
        let gone = rows.iter().filter(|row| row.gone).count();
        SheetClass { name, to_go, gone, away: rows.len() - to_go }
    }

    fn left(&self) -> usize {
        self.to_go - self.gone
    }
}

#[derive(Template)]
#[template(path = "dismissal/sheet.html")]
struct SheetPage {
    sheet: Sheet,
    day: String,
    /// Every class, when none is chosen.
    classes: Vec<SheetClass>,
    /// The class whose children are shown.
    shown: Option<(String, Vec<SheetRow>)>,
    total: SheetClass,
    /// Children for whom nobody had come in time, in words.
    late: Vec<String>,
    /// Children without an ending, in words.
    without: Vec<String>,
    base: String,
    here: String,
}

pub(super) async fn sheet(
    seat: Seat,
    Path((_, day)): Path<(String, String)>,
    Query(of): Query<OfClass>,
) -> Result<Response, Fault> {
    let day: Date = day.parse().map_err(|_| Fault::NotFound)?;
    let sheet = seat.read::<WatchBoard, _>(move |tx| dismissal::sheet(tx, day)).await?;
    let rows: Vec<SheetRow> = sheet.lines.iter().map(|line| row(seat.lang(), line)).collect();
    let total = SheetClass::of(String::new(), &rows);
    let late: Vec<String> = rows.iter().filter(|row| row.late).map(came_late).collect();
    let without: Vec<String> = rows
        .iter()
        .filter(|row| row.to_go && !row.gone)
        .map(|row| format!("{} {} · {}", row.name, row.class, seat.lang().t(row.place)))
        .collect();
    let mut classes = by_class(rows, |row| &row.class);
    let shown = chosen(&mut classes, of.class.as_deref());
    seat.page(&SheetPage {
        total: shown.as_ref().map_or(total, |(name, rows)| SheetClass::of(name.clone(), rows)),
        classes: classes.into_iter().map(|(name, rows)| SheetClass::of(name, &rows)).collect(),
        here: seat.path(&format!("days/{day}/handover-sheet")),
        day: dates::full_day(seat.lang(), day),
        base: seat.path(""),
        late,
        without,
        sheet,
        shown,
    })
}

fn row(lang: Lang, line: &SheetLine) -> SheetRow {
    SheetRow {
        name: line.child.child.name.clone(),
        class: words::class(lang, &line.child.child),
        group: line.child.group.clone(),
        place: words::place(line.child.whereabouts).0,
        at: line.child.learnt.map(|learnt| learnt.at),
        taken_by: line.taken_by.clone().unwrap_or_default(),
        noted_by: line.noted_by.clone().unwrap_or_default(),
        to_go: line.is_to_go(),
        gone: line.has_gone(),
        late: line.child.stayed_late,
    }
}

/// A child for whom nobody had come in time: 林小满 三(2)班, 18:05 外婆.
fn came_late(row: &SheetRow) -> String {
    let who = format!("{} {}", row.name, row.class);
    let clock = |at| dates::time(kehou_domain::moment::wall_clock(at).time());
    let at = row.at.map(clock).unwrap_or_default();
    let taken = format!("{at} {}", row.taken_by);
    if taken.trim().is_empty() { who } else { format!("{who}, {}", taken.trim()) }
}
