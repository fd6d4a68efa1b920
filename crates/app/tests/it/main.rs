//! Use cases on both engines.

mod dismissal;
