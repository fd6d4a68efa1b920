//! The command as people and programs use it.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod allocate;
mod classes;
mod demo;
#[path = "../../../bench/src/form.rs"]
mod form;
#[path = "../../../bench/src/http.rs"]
mod http;
mod killed;
mod plan;
mod roster;
mod running;
mod store;
mod usage;
mod user;
