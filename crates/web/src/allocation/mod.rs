//! Allocation in words: what is wrong with a market or a result.

pub mod words;
