//! Roll, missing children, leave, early leave, care log and sheets, on both engines.

mod agenda;
mod case;
mod clubs;
mod day;
mod early;
mod grade_heads;
mod leave;
mod merging;
mod retired;
mod roll;
mod sheets;
mod world;
