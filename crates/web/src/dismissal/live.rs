//! The board's news as server-sent events: a number that changes whenever the board does.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::Query;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use jiff::civil::Date;
use kehou_app::dismissal;
use kehou_domain::access::WatchBoard;
use tokio::time::{MissedTickBehavior, interval};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::IntervalStream;

use super::board::OnDay;
use crate::seat::Seat;

/// How often the store is asked.
const EVERY: Duration = Duration::from_secs(3);

/// After so many answers the browser asks anew, and the sign-in is looked at again: five minutes.
const ANSWERS: usize = 100;

pub(super) async fn events(seat: Seat, Query(on): Query<OnDay>) -> impl IntoResponse {
    let day = super::day(&on.day);
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = IntervalStream::new(ticks).take(ANSWERS).then(move |_| {
        let seat = seat.clone();
        async move { news(&seat, day).await }
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

async fn news(seat: &Seat, day: Option<Date>) -> Result<Event, Infallible> {
    let read = seat.read::<WatchBoard, _>(move |tx| dismissal::fingerprint(tx, day)).await;
    Ok(match read {
        Ok(fingerprint) => Event::default().event("board").data(fingerprint.0.to_string()),
        Err(_) => Event::default().comment("later"),
    })
}
