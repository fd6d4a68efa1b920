//! SQL of the slice, by what it is about.

pub(super) mod care;
pub(super) mod cases;
pub(super) mod early;
pub(super) mod families;
pub(super) mod leave;
pub(super) mod sessions;
pub(super) mod sheets;
