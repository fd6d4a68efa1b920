//! Attendance: the day's sessions, the roll, missing children, leave, early leave, care log, sheets.

mod care;
mod case;
mod changed_day;
mod clubs;
mod day;
mod early;
mod leave;
mod local;
mod roll;
mod rows;
mod seating;
mod seen;
mod session;
mod sheets;
mod stake;
mod takeout;
mod workbook;

pub use care::{CareEntry, CareLog, care_log, care_logs, write_care};
pub use case::{Attempt, Case, Contact, LONGEST_SAID, Learnt, LearntRefused, case, cases, dial, learn};
pub use clubs::{decide_offering, note_staff_leaving, retire_offering};
pub use day::{NoPlan, Prepared, prepare_day};
pub(crate) use early::goes_early;
pub use early::{
    Early, ReportRefused, StepRefused, decide_early, early_leaves, pass_early, report_early, wrong_reason,
};
pub use leave::{
    FileRefused, FiledLeave, LeavesOfChild, NewLeave, OnLeave, TakeBackRefused, children_to_excuse,
    enter_leave, file_leave, leaves_of, leaves_on, long_reason, own_leaves, take_back,
};
pub use local::{clear_local_day, declare, held_though_off, set_local_day};
pub use roll::{Call, Mention, Roll, RollChild, Saved, confirm_heads, facts, roll, save_roll, undo_roll};
pub(crate) use seen::{seen_again, unseen};
pub use session::{
    InClub, Pupil, Session, SessionCard, Status, is_prepared, is_undecided, sessions, stand_in,
};
pub use sheets::{
    CloseRefused, ClosedMonth, ClubMonth, DayLine, DaySheet, Month, MonthView, OpenRoll, WeekLine, WeekSheet,
    close_month, club_months, day_sheet, month_sheet, open_rolls, week_sheet,
};
pub use stake::{Stake, stake};
pub use takeout::takeout;
pub use workbook::{Cell, Table, workbook};
