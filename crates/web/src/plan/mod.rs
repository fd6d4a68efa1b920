//! Plans on screen and in words.

pub mod json;
pub mod words;
