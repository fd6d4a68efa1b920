//! The slice's SQL.

pub(super) mod agreements;
pub(super) mod applications;
pub(super) mod clauses;
pub(super) mod desk;
pub(super) mod filings;
pub(super) mod letters;
pub(super) mod papers;
pub(super) mod people;
pub(super) mod places;
pub(super) mod privacy;
pub(super) mod publications;
pub(super) mod signups;
