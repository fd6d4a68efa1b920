//! SQL of rounds, what is offered in them, wishes and seats.

pub(super) mod children;
pub(super) mod line;
pub(super) mod lists;
pub(super) mod moves;
pub(super) mod offered;
pub(super) mod round;
pub(super) mod seats;
