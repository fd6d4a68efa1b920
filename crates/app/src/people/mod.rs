//! People: the roster of a school, who is whose guardian, who leads which class.

pub mod import;
