//! The store: the only crate with database drivers.
//!
//! A [`Scope`] can be had only through a membership, a [`Tx`] only from a scope whose role allows the act, and a
//! statement only as [`sql!`] that names its school. So no query can be written without a school.

mod arg;
mod audit;
mod clock;
mod conn;
mod engine;
mod error;
mod event;
mod global;
pub mod identity;
mod keyed;
mod keys;
pub mod migrate;
mod outbox;
mod row;
mod scope;
mod sizes;
mod sql;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
pub mod upkeep;

pub use arg::Arg;
pub use audit::Audit;
pub use clock::Clock;
pub use engine::pg::PgConfig;
pub use error::{Error, Failed, Result};
pub use event::Event;
pub use keyed::Key;
pub use keys::{Keys, hex, unhex};
pub use outbox::Message;
pub use row::Row;
pub use scope::{School, Scope};
pub use sql::{Sql, names_its_school};
pub use store::{Db, Place};
pub use tx::{GlobalTx, SchoolTx, Tx};
