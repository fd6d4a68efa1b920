//! The clock that requests read once: the system's, or one moved away from it as in the demo.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use kehou_domain::moment;

/// Says what time it is. Clones share the shift.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    shift_ms: Arc<AtomicI64>,
    movable: bool,
}

impl Clock {
    /// A clock that shows what `now` says; only the command hands in the system's own.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock { now: Arc::new(now), shift_ms: Arc::new(AtomicI64::new(0)), movable: false }
    }

    /// A clock that stands still until it is moved, for tests.
    pub fn standing(at: Timestamp) -> Clock {
        Clock { movable: true, ..Clock::new(move || at) }
    }

    /// The same clock, which pages of the demo may move.
    #[must_use]
    pub fn movable(self) -> Clock {
        Clock { movable: true, ..self }
    }

    /// Whether the clock may be moved: only in the demo and in tests.
    pub fn is_movable(&self) -> bool {
        self.movable
    }

    /// The moment, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        let shift = SignedDuration::from_millis(self.shift_ms.load(Ordering::Relaxed));
        let now = (self.now)();
        moment::rounded(now.checked_add(shift).unwrap_or(now))
    }

    /// Moves the clock so that it shows this moment now. A clock that may not be moved stays as it is.
    pub fn move_to(&self, at: Timestamp) {
        if self.movable {
            let shift = moment::millis(at) - moment::millis((self.now)());
            self.shift_ms.store(shift, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_when_told() {
        let noon: Timestamp = "2026-10-13T04:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-10-13T07:05:00Z".parse().unwrap();
        let clock = Clock::standing(noon);
        assert_eq!(clock.now(), noon);
        clock.clone().move_to(later);
        assert_eq!(clock.now(), later);
    }

    #[test]
    fn the_service_clock_cannot_be_moved() {
        let noon: Timestamp = "2026-10-13T04:00:00Z".parse().unwrap();
        let clock = Clock::new(move || noon);
        clock.move_to("2030-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(clock.now(), noon);
    }
}
