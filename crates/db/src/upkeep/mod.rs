//! Care for a store at rest: copies, checks, and sealing again after a new key. For commands, not for requests.

mod copies;
mod reseal;

pub use copies::{backup, check, restore};
pub use reseal::reseal;
