//! The plan of a school (一校一案): reading its file, and its versions from draft to in force.

pub mod file;
