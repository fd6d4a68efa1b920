//! The duty leader's live board, closing the day, and the day's handover sheet.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::dismissal::{self, Board, CloseDayRefused, GateChild, Sheet, StopCard};
use kehou_db::Failed;
use kehou_domain::access::{CloseDay, HandOverGroup, Role, WatchBoard, WatchGate};
use serde::Deserialize;

use super::gate::share;
use super::words;
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A child of a list.
struct Line {
    name: String,
    class: String,
    group: String,
    place: (&'static str, &'static str, &'static str),
    at: Option<jiff::Timestamp>,
    path: String,
}

#[derive(Template)]
#[template(path = "dismissal/board.html")]
struct BoardPage {
    board: Board,
    left: usize,
    meter: String,
    lines: Vec<Line>,
    stops: Vec<(StopCard, &'static str)>,
    open_groups: usize,
    problems: Problems,
    may_close: bool,
    may_hand_over: bool,
    may_release: bool,
    base: String,
}

pub(super) async fn show(seat: Seat) -> Result<Response, Fault> {
    let page = page(&seat, Problems::none()).await?;
    seat.page(&page)
}

async fn page(seat: &Seat, problems: Problems) -> Result<BoardPage, Fault> {
    let board = seat.read::<WatchBoard, _>(dismissal::board).await?;
    Ok(BoardPage {
        left: board.to_go - board.gone,
        meter: share(board.gone, board.to_go),
        lines: board.open.iter().map(|child| line(seat, child)).collect(),
        stops: board.stops.iter().map(|stop| (stop.clone(), words::why_key(&stop.why))).collect(),
        open_groups: board.groups.iter().filter(|group| group.session.closed_at.is_none()).count(),
        may_close: seat.may::<CloseDay>() && board.closed.is_none(),
        may_hand_over: seat.role() == Role::DutyLeader && seat.may::<HandOverGroup>(),
        may_release: seat.may::<WatchGate>(),
        base: seat.path(""),
        board,
        problems,
    })
}

fn line(seat: &Seat, child: &GateChild) -> Line {
    Line {
        name: child.child.name.clone(),
        class: words::class(seat.lang(), &child.child),
        group: child.group.clone(),
        place: words::place(child.whereabouts),
        at: child.learnt.map(|learnt| learnt.at),
        path: seat.path(&format!("gate/{}", child.child.id)),
    }
}

/// Nothing but the key.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn close(
    seat: Seat,
    Path((_, day)): Path<(String, String)>,
    key: Key,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Fault> {
    let day: Date = day.parse().map_err(|_| Fault::NotFound)?;
    let lang = seat.lang();
    let written = seat
        .write::<CloseDay, (), Refusal>(&key, move |tx| {
            dismissal::close_day(tx, day).map_err(|failed: Failed<_>| {
                failed.map(|refused| match refused {
                    CloseDayRefused::Open(open) => words::still_open(lang, &open),
                    CloseDayRefused::Closed => Refusal::new("closed", lang.t("今天已经关过，不能再开")),
                })
            })
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&seat.path("board"))),
        Err(refusal) => {
            let page = page(&seat, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

/// A line of the sheet.
struct SheetRow {
    name: String,
    class: String,
    group: String,
    place: &'static str,
    at: Option<jiff::Timestamp>,
    taken_by: String,
    noted_by: String,
}

#[derive(Template)]
#[template(path = "dismissal/sheet.html")]
struct SheetPage {
    sheet: Sheet,
    day: String,
    rows: Vec<SheetRow>,
    base: String,
}

pub(super) async fn sheet(seat: Seat, Path((_, day)): Path<(String, String)>) -> Result<Response, Fault> {
    let day: Date = day.parse().map_err(|_| Fault::NotFound)?;
    let sheet = seat.read::<WatchBoard, _>(move |tx| dismissal::sheet(tx, day)).await?;
    let rows = sheet
        .lines
        .iter()
        .map(|line| SheetRow {
            name: line.child.child.name.clone(),
            class: words::class(seat.lang(), &line.child.child),
            group: line.child.group.clone(),
            place: words::place(line.child.whereabouts).0,
            at: line.child.learnt.map(|learnt| learnt.at),
            taken_by: line.taken_by.clone().unwrap_or_default(),
            noted_by: line.noted_by.clone().unwrap_or_default(),
        })
        .collect();
    seat.page(&SheetPage { day: dates::full_day(seat.lang(), day), base: seat.path(""), sheet, rows })
}
