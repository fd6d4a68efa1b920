//! The slice's statements.

mod closing;
mod gate;
mod home;
mod outlook;
mod paper;
mod pickup;
mod stop;

pub(super) use closing::*;
pub(super) use gate::*;
pub(super) use home::*;
pub(super) use outlook::*;
pub(super) use paper::*;
pub(super) use pickup::*;
pub(super) use stop::*;
