//! Calendar: a school's terms and own days, and whether the service runs on a day.
//!
//! Requirements C1 (seasons), C3 (school days only), C11 (pauses).

mod rows;

use jiff::civil::{Date, Weekday};
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepCalendar, ReadCalendar};
use kehou_domain::calendar::national::Unpublished;
use kehou_domain::calendar::school::{
    self, DayAtSchool, LocalDay, LocalKind, LocalRefused, NoService, ServiceDay, Term, TermRefused,
};
use kehou_domain::calendar::{DayKind, days};
use kehou_domain::ids::TermId;
use serde_json::json;

/// A term with its place in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermCard {
    /// The term.
    pub term: Term,
    /// Draft, open or closed.
    pub status: TermStatus,
}

/// Where a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermStatus {
    /// Being prepared: no service runs in it.
    Draft,
    /// In use.
    Open,
    /// Over: its days stay as they were.
    Closed,
}

impl TermStatus {
    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            TermStatus::Draft => "draft",
            TermStatus::Open => "open",
            TermStatus::Closed => "closed",
        }
    }

    /// The status of this word.
    pub fn parse(word: &str) -> Option<TermStatus> {
        [TermStatus::Draft, TermStatus::Open, TermStatus::Closed]
            .into_iter()
            .find(|status| status.word() == word)
    }
}

/// One day of the school's calendar page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day.
    pub date: Date,
    /// What the country or the school's declaration says; an unpublished year says nothing.
    pub day: std::result::Result<DayAtSchool, Unpublished>,
    /// What the school itself says.
    pub local: Option<LocalDay>,
    /// Whether the service may run, and why not.
    pub service: std::result::Result<ServiceDay, NoService>,
}

/// Whether the service may run on a day, and which weekday's windows it follows; the plan says the rest (C3).
pub(crate) fn service_day(
    tx: &mut SchoolTx,
    day: Date,
) -> Result<std::result::Result<ServiceDay, NoService>> {
    let terms = in_use(rows::terms_between(tx, day, day)?);
    let local = rows::local_days(tx, day, day)?.pop();
    Ok(school::service_day(day, &terms, local.as_ref()))
}

/// Whether nobody has decided yet that there is service on the day (C3).
pub(crate) fn is_undecided(tx: &mut SchoolTx, day: Date) -> Result<bool> {
    Ok(service_day(tx, day)?.is_err_and(|why| why.is_undecided()))
}

/// Every day of the span with what it is for this school.
pub(crate) fn span(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Vec<CalendarDay>> {
    let terms = in_use(rows::terms_between(tx, from, to)?);
    let locals = rows::local_days(tx, from, to)?;
    let day = |date: Date| {
        let local = locals.iter().find(|local| local.day == date);
        CalendarDay {
            date,
            day: school::day_at_school(date, local),
            service: school::service_day(date, &terms, local),
            local: local.cloned(),
        }
    };
    Ok(days(from, to).map(day).collect())
}

/// Every term of the school, the latest first.
pub(crate) fn terms(tx: &mut SchoolTx) -> Result<Vec<TermCard>> {
    rows::terms(tx)
}

/// The last day of the school's terms that are not in preparation.
pub(crate) fn last_day(tx: &mut SchoolTx) -> Result<Option<Date>> {
    Ok(in_use(rows::terms(tx)?).into_iter().map(|term| term.ends_on).max())
}

fn in_use(cards: Vec<TermCard>) -> Vec<Term> {
    cards.into_iter().filter(|card| card.status != TermStatus::Draft).map(|card| card.term).collect()
}

/// The calendar page: the days of a span and every term.
pub fn read(tx: &mut Tx<ReadCalendar>, from: Date, to: Date) -> Result<(Vec<CalendarDay>, Vec<TermCard>)> {
    Ok((span(tx, from, to)?, rows::terms(tx)?))
}

/// A term as somebody enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTerm {
    /// The civil year in which the school year begins.
    pub school_year: i16,
    /// Its name.
    pub name: String,
    /// First day of school.
    pub starts_on: Date,
    /// Last day of school.
    pub ends_on: Date,
    /// First day of the service.
    pub service_from: Date,
}

impl NewTerm {
    fn term(&self, id: TermId) -> Term {
        Term {
            id,
            school_year: self.school_year,
            name: self.name.trim().to_owned(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            service_from: self.service_from,
        }
    }
}

/// Adds a term in preparation.
pub fn add_term(
    tx: &mut Tx<KeepCalendar>,
    new: &NewTerm,
) -> std::result::Result<TermId, Failed<Vec<TermRefused>>> {
    rows::hold(tx)?;
    let others: Vec<Term> = rows::terms(tx)?.into_iter().map(|card| card.term).collect();
    let term = new.term(tx.new_id());
    school::add_term(&term, &others).map_err(Failed::Refused)?;
    rows::save_term(tx, &term, TermStatus::Draft)?;
    tx.event(Event::of::<KeepCalendar>(term.id).facts(facts_of(&term)))?;
    Ok(term.id)
}

/// Everything that is wrong with a term's days, while the form that has them cannot be read as a whole. `id` is the term
/// that is corrected.
pub fn wrong_days(tx: &mut Tx<KeepCalendar>, id: Option<TermId>, new: &NewTerm) -> Result<Vec<TermRefused>> {
    let others: Vec<Term> = rows::terms(tx)?.into_iter().map(|card| card.term).collect();
    let term = new.term(id.unwrap_or_else(|| tx.new_id()));
    Ok(school::add_term(&term, &others).err().unwrap_or_default())
}

/// One term, for whoever corrects it.
pub fn term_to_correct(tx: &mut Tx<KeepCalendar>, id: TermId) -> Result<TermCard> {
    rows::term(tx, id)
}

/// Corrects a term that has not begun (C3): the same rules as for a new one.
pub fn correct_term(
    tx: &mut Tx<KeepCalendar>,
    id: TermId,
    new: &NewTerm,
) -> std::result::Result<(), Failed<Vec<TermRefused>>> {
    rows::hold(tx)?;
    let before = rows::term(tx, id)?.term;
    let others: Vec<Term> = rows::terms(tx)?.into_iter().map(|card| card.term).collect();
    let term = new.term(id);
    school::correct_term(&before, tx.today()).map_err(|begun| Failed::Refused(vec![begun]))?;
    school::add_term(&term, &others).map_err(Failed::Refused)?;
    rows::change_term(tx, &term)?;
    let facts = json!({ "before": facts_of(&before), "after": facts_of(&term) });
    tx.event(Event::of::<KeepCalendar>(id).facts(facts)).map_err(Failed::from)
}

/// Removes a term that has not begun and to which nothing belongs (C3).
pub fn remove_term(tx: &mut Tx<KeepCalendar>, id: TermId) -> std::result::Result<(), Failed<TermRefused>> {
    rows::hold(tx)?;
    let before = rows::term(tx, id)?.term;
    school::correct_term(&before, tx.today()).map_err(Failed::Refused)?;
    if rows::is_in_use(tx, id)? {
        return Err(Failed::Refused(TermRefused::InUse));
    }
    rows::drop_term(tx, id)?;
    tx.event(Event::of::<KeepCalendar>(id).facts(json!({ "removed": facts_of(&before) })))
        .map_err(Failed::from)
}

fn facts_of(term: &Term) -> serde_json::Value {
    json!({"name": term.name, "starts_on": term.starts_on.to_string(),
        "ends_on": term.ends_on.to_string(), "service_from": term.service_from.to_string()})
}

/// A term of the school; `NotFound` when it has none of this id.
pub(crate) fn term(tx: &mut SchoolTx, id: TermId) -> Result<Term> {
    Ok(rows::term(tx, id)?.term)
}

/// The last day of a term before this day that is over today and stands open still.
pub(crate) fn open_though_over(tx: &mut SchoolTx, before: Date) -> Result<Option<Date>> {
    let today = tx.today();
    let over = |card: &TermCard| {
        let ended_on = card.term.ends_on;
        card.status == TermStatus::Open && ended_on < before && ended_on < today
    };
    Ok(rows::terms(tx)?.into_iter().find(over).map(|card| card.term.ends_on))
}

/// Opens a term that was in preparation, or closes one that is over. A closed term stays as it was.
pub fn set_term_status(tx: &mut Tx<KeepCalendar>, id: TermId, status: TermStatus) -> Result<()> {
    rows::hold(tx)?;
    let before = rows::term(tx, id)?.status;
    rows::save_term_status(tx, id, status)?;
    let facts = json!({"before": before.word(), "after": status.word()});
    tx.event(Event::of::<KeepCalendar>(id).facts(facts))
}

/// Says how a day differs from the country's calendar (C3, C11); what stood there before is replaced. Whether the day
/// may still be called off is asked before.
pub(crate) fn set_local_day(
    tx: &mut Tx<KeepCalendar>,
    local: &LocalDay,
) -> std::result::Result<(), Failed<LocalRefused>> {
    rows::hold(tx)?;
    school::add_local_day(local).map_err(Failed::Refused)?;
    let before = rows::local_days(tx, local.day, local.day)?.pop();
    rows::save_local_day(tx, local)?;
    tx.event(Event::of::<KeepCalendar>(local.day).facts(changed(before.as_ref(), Some(local))))?;
    Ok(())
}

/// Takes back what the school said of a day.
pub(crate) fn clear_local_day(tx: &mut Tx<KeepCalendar>, day: Date) -> Result<()> {
    rows::hold(tx)?;
    let before = rows::local_days(tx, day, day)?.pop();
    rows::drop_local_day(tx, day)?;
    tx.event(Event::of::<KeepCalendar>(day).facts(changed(before.as_ref(), None)))
}

/// Declares the days of a span that no notice covers, and gives them; closures and pauses in it stay. `told` is how many
/// days, declared before, whoever declares was told would change.
pub(crate) fn declare(
    tx: &mut Tx<KeepCalendar>,
    span: (Date, Date),
    free: &[Date],
    reason: &str,
    told: u32,
) -> std::result::Result<Vec<LocalDay>, Failed<LocalRefused>> {
    rows::hold(tx)?;
    let (from, to) = span;
    let declared = school::declare(from, to, free, reason).map_err(Failed::Refused)?;
    let before = rows::local_days(tx, from, to)?;
    school::redeclare(&before, &declared, told).map_err(Failed::Refused)?;
    let kept: Vec<Date> =
        before.into_iter().filter(|local| !local.kind.is_declared()).map(|local| local.day).collect();
    for local in declared.iter().filter(|local| !kept.contains(&local.day)) {
        rows::save_local_day(tx, local)?;
    }
    let facts = json!({"from": from.to_string(), "to": to.to_string(), "days": declared.len()});
    tx.event(Event::of::<KeepCalendar>(from).facts(facts))?;
    Ok(declared)
}

fn changed(before: Option<&LocalDay>, after: Option<&LocalDay>) -> serde_json::Value {
    let word =
        |local: &LocalDay| (local.kind.word(), local.kind.follows().map(Weekday::to_monday_one_offset));
    json!({"before": before.map(word), "after": after.map(word)})
}

/// How many days of the terms in use nobody has decided: make-up days without the weekday they follow, and days of an
/// unpublished year that the school has not declared.
pub(crate) fn undecided_between(tx: &mut SchoolTx, from: Date, to: Date) -> Result<usize> {
    let terms = in_use(rows::terms_between(tx, from, to)?);
    let mut days = span(tx, from, to)?;
    days.retain(|day| terms.iter().any(|term| term.covers(day.date)));
    Ok(undecided(&days).len() + days.iter().filter(|day| day.day.is_err()).count())
}

/// Make-up days of the span whose followed weekday the school has not said yet.
pub fn undecided(days: &[CalendarDay]) -> Vec<Date> {
    let open = |day: &&CalendarDay| {
        let made_up = day.day.as_ref().is_ok_and(|day| day.kind == DayKind::MakeUpDay);
        made_up && !matches!(day.local.as_ref().map(|local| local.kind), Some(LocalKind::MakeUp(_)))
    };
    days.iter().filter(open).map(|day| day.date).collect()
}
