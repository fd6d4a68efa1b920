//! People: classes, pupils, guardians, staff, import and the turn of the year.

pub mod words;
