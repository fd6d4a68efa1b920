//! 选课分配: who gets which seat.

pub mod flow;
