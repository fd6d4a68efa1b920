//! Allocation against a plain reference and against what the mechanism promises.

mod draw;
mod gaming;
mod plain;
mod promises;
mod reasons;
mod small;
