//! What may not exist in this project, checked by reading its own files.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod coverage;
mod direction;
mod licences;
mod migrations;
mod names;
mod sizes;
mod statements;
mod templates;
mod texts;
mod tree;
mod walls;
