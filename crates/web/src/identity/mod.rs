//! Sign-in, seats and accounts: who acts, and how they show it.

mod words;

use crate::routes::Routes;

pub use words::role;

pub(crate) fn routes() -> Routes {
    Routes::new()
}
