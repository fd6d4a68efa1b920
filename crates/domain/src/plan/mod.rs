//! The plan of one school (一校一案): everything that differs from school to school, as data.
//!
//! A plan is read from a file by `app`; here are its types and the questions that can be put to it.

mod care;
mod check;
mod day;
mod days;
mod diff;
mod join;
mod money;
mod open;
mod slot;
#[cfg(test)]
pub(crate) mod tests;
mod version;
mod warn;
mod word;

use jiff::civil::Date;

pub use care::{
    Absence, Banned, Counted, CutOff, Due, DutyPost, GroupKind, GroupRule, Grouping, Participation, Post,
    ProviderPolicy, Ratio, RatioPer, ReleaseMode, ReleaseRule, Report, ReportKind, Staff, StaffKind,
};
pub use check::{Fault, Place};
pub use day::{DayKind, NoService, ReleaseOn, SlotOn};
pub use days::{Grades, MonthDay, Season, SeasonKind, Weekdays, number};
pub use diff::{Change, Entry, diff};
pub use join::{
    Channel, Cycle, Form, IdNumbers, Joining, PriorityGroup, PublicItem, Step, StepKind, SurveyTime,
};
pub use money::{
    Cap, Fee, FeeMode, FundSource, FundUse, Funds, Neglect, Pay, PayMode, Payee, Penalty, PenaltyRule, Punch,
    PunchBy, Rate, RefundRule, Unit, Waiver, Work, WorkCredit,
};
pub use open::OpenPoint;
pub use slot::{
    AppliesTo, Batch, Content, ContentKind, Dismissal, End, Period, Programme, Slot, SlotId, SlotKind, Start,
    Window,
};
pub use version::{
    Agreed, InForce, Meets, Stage, TermUnready, VersionRefused, approve, fits, may_begin, may_change,
    may_read, note_filing, open_term, put_in_force, step, take_back,
};
pub use warn::{Rule, Warning};
pub use word::Word;

pub(crate) use word::words;

words! {
    /// The kinds of school.
    Level {
        /// 小学.
        Primary = "primary",
        /// 初中.
        Junior = "junior",
        /// 九年一贯制.
        Both = "both",
    }
}

words! {
    /// For whom a plan is written.
    Reach {
        /// One school.
        School = "school",
        /// Many schools; each adopts a plan that follows it.
        ManySchools = "many_schools",
    }
}

/// When the service starts, as far as the plan says (C7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Starts {
    /// On this day.
    On(Date),
    /// On this day of a year that the plan does not name.
    Yearly(MonthDay),
    /// In this week of the term.
    WeekOfTerm(u8),
    /// The plan does not say.
    NotStated,
}

words! {
    /// The two layers of the service (D1).
    Layer {
        /// 基本托管.
        BasicCare = "basic_care",
        /// 素质拓展.
        Enrichment = "enrichment",
    }
}

/// One version of one school's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its short name, as in `S0`.
    pub code: String,
    /// The school, or whom the plan is for.
    pub school: String,
    /// Its title.
    pub title: String,
    /// The kind of school.
    pub level: Level,
    /// For whom it is written.
    pub reach: Reach,
    /// The grades it covers.
    pub grades: Grades,
    /// Where its facts come from: file and part.
    pub sources: Vec<String>,
    /// When the service starts.
    pub starts: Starts,
    /// The layers of the service.
    pub layers: Vec<Layer>,
    /// The seasons; none: one timetable all year.
    pub seasons: Vec<Season>,
    /// Who may join and how.
    pub joining: Joining,
    /// When lessons end for those who do not stay.
    pub dismissal: Vec<Dismissal>,
    /// The parts of the day.
    pub slots: Vec<Slot>,
    /// How groups are formed.
    pub groups: Vec<GroupRule>,
    /// How children may leave, by grade.
    pub release: Vec<ReleaseRule>,
    /// How an absence is announced.
    pub absence: Option<Absence>,
    /// What families pay.
    pub fee: Fee,
    /// The staff.
    pub staff: Staff,
    /// What staff are paid.
    pub pay: Pay,
    /// Where money comes from.
    pub funds: Funds,
    /// Whether others may serve.
    pub providers: ProviderPolicy,
    /// What is forbidden.
    pub banned: Vec<Banned>,
    /// Reports with a date.
    pub reports: Vec<Report>,
}

impl Plan {
    /// The season of the day; nothing when the plan has one timetable all year.
    pub fn season_on(&self, date: Date) -> Option<&Season> {
        self.seasons.iter().find(|season| season.has(MonthDay::of(date)))
    }

    /// The slot of this name.
    pub fn slot(&self, id: &SlotId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == *id)
    }

    /// How a child of the grade may leave. A first- or second-grader never alone, unless the plan says so
    /// (school safety measure, article 31).
    pub fn release_modes(&self, grade: u8) -> Vec<ReleaseMode> {
        let stated = self.release.iter().find(|rule| rule.grades.has(grade)).map(|rule| rule.modes.clone());
        stated.unwrap_or_else(|| match grade {
            ..=2 => vec![ReleaseMode::Guardian, ReleaseMode::Delegate],
            3.. => vec![ReleaseMode::Guardian, ReleaseMode::Delegate, ReleaseMode::Alone],
        })
    }

    /// The first day on which the service can be held, when the plan names one.
    pub fn first_day(&self) -> Option<Date> {
        match self.starts {
            Starts::On(date) => Some(date),
            Starts::Yearly(_) | Starts::WeekOfTerm(_) | Starts::NotStated => None,
        }
    }
}
