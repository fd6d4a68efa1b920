//! Many families at once before `kehou serve`: seats of first come under fire, and ranked wishes in the first minute of
//! a round.
//!
//! The store is filled through the same use cases that the pages call; then the program runs as a process of its own and
//! hears what browsers would send, over HTTP, with the cookie of each family.

mod drive;
mod families;
mod inside;
mod joining;
mod rush;
mod school;
mod served;
mod town;
mod wishes;

use anyhow::{Result, bail};
use jiff::Timestamp;

/// The number of the school that is claimed in without HTTP, away from those of a demo.
const INSIDE: usize = 950;

/// `rush` or `wishes`, on both engines or on the named one.
pub(crate) fn bench(name: &str, words: &[String]) -> Result<()> {
    println!("load before: {}", crate::load());
    println!("| what | measured | goal |");
    println!("|---|---|---|");
    for (engine, address) in crate::engines() {
        if words.is_empty() || words.iter().any(|word| word.eq_ignore_ascii_case(engine)) {
            match name {
                "rush" => {
                    rush::bench(engine, address.as_deref())?;
                    inside::bench(engine, address.as_deref(), INSIDE)?;
                }
                "wishes" => wishes::bench(engine, address.as_deref())?,
                other => bail!("there is no crowd named {other}"),
            }
        }
    }
    println!("load after: {}", crate::load());
    Ok(())
}

/// The moment: the service that is measured runs by the same clock.
#[expect(clippy::disallowed_methods, reason = "what is measured runs by the system's clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
