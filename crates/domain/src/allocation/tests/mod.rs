//! Allocation against a plain reference and against what the mechanism promises.

mod cheapest;
mod draw;
mod fullest;
mod gaming;
mod pinned;
mod plain;
mod promises;
mod reasons;
mod siblings;
mod small;
