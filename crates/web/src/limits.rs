//! Limits on guessing, keyed by the account that is tried: a school's families share one address, so an address
//! alone is never refused.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// How often a phone number may be tried, whoever asks: also unknown numbers, so that both look the same.
const TRIES_PER_MINUTE: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// The limits of this process. What counts for good is counted in the store.
pub(crate) struct Limits {
    tries: DefaultKeyedRateLimiter<String>,
}

impl Limits {
    /// Fresh limits.
    pub(crate) fn new() -> Limits {
        Limits { tries: RateLimiter::keyed(Quota::per_minute(TRIES_PER_MINUTE)) }
    }

    /// Whether this phone number may be tried now. The name is the number's keyed look-up value.
    pub(crate) fn may_try(&self, phone_mac: &str) -> bool {
        if 10_000 < self.tries.len() {
            self.tries.retain_recent();
        }
        self.tries.check_key(&phone_mac.to_owned()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_try_in_a_minute_waits_and_another_number_does_not() {
        let limits = Limits::new();
        for _ in 0..10 {
            assert!(limits.may_try("a"));
        }
        assert!(!limits.may_try("a"));
        assert!(limits.may_try("b"));
    }
}
