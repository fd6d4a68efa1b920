//! Sending what many browsers send: each request at its time, over a fixed number of open connections.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::http::Client;

/// How long a browser waits before it tries again when nobody answers.
const AGAIN: Duration = Duration::from_millis(50);
/// After so many attempts a request counts as lost.
const ATTEMPTS: u32 = 400;

/// One form that a family sends.
#[derive(Debug, Clone)]
pub(super) struct Shot {
    /// When, counted from the beginning.
    pub(super) at: Duration,
    /// The cookie.
    pub(super) token: String,
    /// Where to.
    pub(super) path: String,
    /// What was filled in, with the key that lets it be sent again.
    pub(super) fields: Vec<(String, String)>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Landed {
    /// The answer's status; nothing when there never was one.
    pub(super) status: Option<u16>,
    /// From the time at which it was to be sent to the answer: waiting for a connection is in it.
    pub(super) took: Duration,
    /// From the first time that it was sent to the answer.
    pub(super) answered: Duration,
    /// How often it was sent.
    pub(super) sent: u32,
}

/// Sends all shots over so many connections and gives what came of each, in their order. They are in the order of their
/// times, and each is sent at its time whatever the others wait for, as long as a connection is free.
pub(super) fn fire(host: &str, connections: usize, shots: &[Shot]) -> Vec<Landed> {
    let next = AtomicUsize::new(0);
    let landed: Vec<Mutex<Option<Landed>>> = shots.iter().map(|_| Mutex::new(None)).collect();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                let mut line = None;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(shot), Some(kept)) = (shots.get(number), landed.get(number)) else { break };
                    std::thread::sleep(shot.at.saturating_sub(began.elapsed()));
                    let done = send(host, &mut line, shot, began);
                    if let Ok(mut kept) = kept.lock() {
                        *kept = Some(done);
                    }
                }
            });
        }
    });
    let lost = Landed { status: None, took: Duration::MAX, answered: Duration::MAX, sent: 0 };
    landed.into_iter().map(|slot| slot.into_inner().ok().flatten().unwrap_or(lost)).collect()
}

/// Sends one until somebody answers, on the open connection or a new one.
fn send(host: &str, line: &mut Option<Client>, shot: &Shot, began: Instant) -> Landed {
    let sent_at = began.elapsed();
    let mut landed = Landed { status: None, took: Duration::MAX, answered: Duration::MAX, sent: 0 };
    while landed.sent < ATTEMPTS {
        landed.sent += 1;
        match once(host, line, shot) {
            Ok(status) if status != 503 => {
                landed.status = Some(status);
                break;
            }
            Ok(_) | Err(_) => {
                *line = None;
                std::thread::sleep(AGAIN);
            }
        }
    }
    let now = began.elapsed();
    (landed.took, landed.answered) = (now.saturating_sub(shot.at), now.saturating_sub(sent_at));
    landed
}

fn once(host: &str, line: &mut Option<Client>, shot: &Shot) -> Result<u16> {
    let client = match line {
        Some(client) => client,
        None => line.insert(Client::connect(host)?),
    };
    // the next request on the connection is another family's
    client.cookies = vec![("kehou".to_owned(), shot.token.clone())];
    Ok(client.post(&shot.path, &shot.fields)?.status)
}

/// How long they took: so many of a hundred were done by then. Nothing took no time.
pub(super) fn percentile(took: &[Duration], percent: usize) -> Duration {
    let mut sorted = took.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::percentile;

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let took: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&took, 99), Duration::from_millis(198));
        assert_eq!(percentile(&took, 100), Duration::from_millis(200));
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }
}
