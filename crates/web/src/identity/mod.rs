//! Sign-in, seats and accounts: who acts, and how they show it.

mod account;
mod accounts;
mod cookies;
mod factor;
mod front;
mod inbox;
mod look;
mod seats;
mod sign_in;
mod slips;
mod words;

use axum::http::Method;
use kehou_domain::access::{ManageAccounts, PrintSlips};

use crate::routes::{Entry, Routes};

pub(crate) use accounts::show_code;
pub use words::{account as account_refused, role};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(Method::GET, "/", Entry::Anyone, front::index)
        .and(entrance())
        .and(own_account())
        .get::<ManageAccounts, _>("/schools/{school}/accounts", accounts::index)
        .post::<ManageAccounts, _>("/schools/{school}/accounts", accounts::create)
        .get::<ManageAccounts, _>("/schools/{school}/accounts/{account}", accounts::show)
        .post::<ManageAccounts, _>("/schools/{school}/accounts/{account}", accounts::update)
        .post::<ManageAccounts, _>("/schools/{school}/accounts/{account}/code", accounts::reset)
        .post::<ManageAccounts, _>(
            "/schools/{school}/accounts/{account}/second-factor/removal",
            accounts::remove_factor,
        )
        .get::<PrintSlips, _>("/schools/{school}/slips", slips::index)
        .post::<PrintSlips, _>("/schools/{school}/slips/{class}", slips::create)
}

/// Pages for those who are nobody yet, or in no seat yet.
fn entrance() -> Routes {
    Routes::new()
        .with(Method::GET, "/sign-in", Entry::Anyone, sign_in::show)
        .with(Method::POST, "/sign-in", Entry::Anyone, sign_in::by_password)
        .with(Method::GET, "/sign-in/code", Entry::Anyone, sign_in::show_code)
        .with(Method::POST, "/sign-in/code", Entry::Anyone, sign_in::by_code)
        .with(Method::POST, "/look", Entry::Anyone, look::update)
        .with(Method::POST, "/sign-out", Entry::SignedIn, sign_in::sign_out)
        .with(Method::GET, "/seats", Entry::SignedIn, seats::index)
        .with(Method::POST, "/seats", Entry::SignedIn, seats::update)
        .with(Method::GET, "/second-factor", Entry::SignedIn, factor::show)
        .with(Method::POST, "/second-factor", Entry::SignedIn, factor::create)
        .with(Method::GET, "/second-factor/set-up", Entry::SignedIn, factor::offer)
        .with(Method::POST, "/second-factor/set-up", Entry::SignedIn, factor::confirm)
}

/// Pages over one's own account, whatever the seat.
fn own_account() -> Routes {
    Routes::new()
        .with(Method::GET, "/account", Entry::SignedIn, account::show)
        .with(Method::GET, "/account/password", Entry::SignedIn, account::password)
        .with(Method::POST, "/account/password", Entry::SignedIn, account::set_password)
        .with(Method::POST, "/account/sign-ins", Entry::SignedIn, account::end_sign_in)
        .with(Method::GET, "/messages", Entry::SignedIn, inbox::index)
        .with(Method::POST, "/messages", Entry::SignedIn, inbox::mark_read)
}
