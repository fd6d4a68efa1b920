//! The command as people and programs use it.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod plan;
