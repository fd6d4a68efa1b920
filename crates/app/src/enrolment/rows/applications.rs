//! Applications, their choices and the decisions on them.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, Arg, Row, SchoolTx, sql};
use kehou_domain::access::Role;
use kehou_domain::enrolment::apply::{Choice, Need};
use kehou_domain::enrolment::chain::{Decision, Status, Verdict};
use kehou_domain::enrolment::review::Ground;
use kehou_domain::ids::{ApplicationId, ClassId, StaffId, StudentId, TermId};

use super::people::read_class;
use crate::enrolment::apply::{Application, HandIn, Source, verdict};
use crate::enrolment::review::Part;
use crate::enrolment::setting::InClass;

/// A decision before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct NewDecision {
    pub(in super::super) kind: &'static str,
    pub(in super::super) verdict: Verdict,
    pub(in super::super) ground: Option<Ground>,
    pub(in super::super) note: String,
    pub(in super::super) need_seen: bool,
}

impl NewDecision {
    /// A step that is passed without words.
    pub(in super::super) fn passed(kind: &'static str) -> NewDecision {
        NewDecision { kind, verdict: Verdict::Passed, ground: None, note: String::new(), need_seen: false }
    }
}

/// A decision as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Made {
    pub(in super::super) round: i64,
    pub(in super::super) step: i64,
    pub(in super::super) verdict: Verdict,
    pub(in super::super) ground: Option<Ground>,
    pub(in super::super) note: String,
    pub(in super::super) need_seen: bool,
    pub(in super::super) role: Role,
    pub(in super::super) at: Timestamp,
}

/// An application with the names that a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Listed {
    pub(in super::super) application: Application,
    pub(in super::super) name: String,
    pub(in super::super) guardian_name: String,
    pub(in super::super) class: Option<InClass>,
}

fn read_application(row: &Row) -> db::Result<Application> {
    Ok(Application {
        id: row.id(0)?,
        term: row.id(1)?,
        student: row.id(2)?,
        guardian: row.id(3)?,
        plan_version: row.id(4)?,
        round: row.int(5)?,
        status: row.word(6, Status::parse)?,
        step: usize::try_from(row.int(7)?).unwrap_or(usize::MAX),
        step_since: row.day(8)?,
        need: row.maybe_word(9, Need::parse)?,
        remark: row.text(10)?,
        source: row.word(11, Source::parse)?,
        account: row.id(12)?,
        handed_in_at: row.at(13)?,
    })
}

pub(in super::super) fn application(tx: &mut SchoolTx, id: ApplicationId) -> db::Result<Application> {
    let sql = sql!(
        "select id, term_id, student_id, guardian_id, plan_version_id, round, status, step, step_since, need,
                remark, source, account_id, handed_in_at
         from application where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], read_application)
}

pub(in super::super) fn of_child(
    tx: &mut SchoolTx,
    term: TermId,
    student: StudentId,
) -> db::Result<Option<Application>> {
    let sql = sql!(
        "select id, term_id, student_id, guardian_id, plan_version_id, round, status, step, step_since, need,
                remark, source, account_id, handed_in_at
         from application where school_id = $1 and term_id = $2 and student_id = $3"
    );
    tx.maybe(sql, &[term.into(), student.into()], read_application)
}

/// Every application of the child, for the family's own copy.
pub(in super::super) fn all_of_child(tx: &mut SchoolTx, student: StudentId) -> db::Result<Vec<Application>> {
    let sql = sql!(
        "select id, term_id, student_id, guardian_id, plan_version_id, round, status, step, step_since, need,
                remark, source, account_id, handed_in_at
         from application where school_id = $1 and student_id = $2 order by id limit 100"
    );
    tx.all(sql, &[student.into()], read_application)
}

/// The applications of children who have left that are not over.
pub(in super::super) fn of_leavers(tx: &mut SchoolTx) -> db::Result<Vec<ApplicationId>> {
    let sql = sql!(
        "select a.id from application a join student s on s.school_id = a.school_id and s.id = a.student_id
         where a.school_id = $1 and s.left_on < $2 and a.status in ('waiting', 'returned', 'enrolled')
         order by a.id limit 20000"
    );
    let today = tx.today();
    tx.all(sql, &[today.into()], |row| row.id(0))
}

/// Makes everyone else who decides on this application wait until this transaction ends.
pub(in super::super) fn hold(tx: &mut SchoolTx, id: ApplicationId) -> db::Result<()> {
    let sql = sql!("update application set version = version + 1 where school_id = $1 and id = $2");
    match tx.run(sql, &[id.into()])? {
        0 => Err(db::Error::NotFound),
        _ => Ok(()),
    }
}

/// Holds an application until this transaction ends, and reads it.
pub(in super::super) fn held(tx: &mut SchoolTx, id: ApplicationId) -> db::Result<Application> {
    hold(tx, id)?;
    application(tx, id)
}

/// Holds the child's application of the term, if there is one, and reads it.
pub(in super::super) fn hold_of_child(
    tx: &mut SchoolTx,
    term: TermId,
    student: StudentId,
) -> db::Result<Option<Application>> {
    let sql = sql!(
        "update application set version = version + 1 where school_id = $1 and term_id = $2 and student_id = $3"
    );
    tx.run(sql, &[term.into(), student.into()])?;
    of_child(tx, term, student)
}

pub(in super::super) fn add(tx: &mut SchoolTx, hand_in: &HandIn) -> db::Result<ApplicationId> {
    let id: ApplicationId = tx.new_id();
    let sql = sql!(
        "insert into application (school_id, id, term_id, student_id, guardian_id, plan_version_id, round, status,
                                  step, step_since, need, remark, source, account_id, handed_in_at)
         values ($1, $2, $3, $4, $5, $6, 1, 'waiting', 0, $7, $8, $9, $10, $11, $12)"
    );
    let (today, account, at) = (tx.today(), tx.account(), tx.at());
    let args = [
        id.into(),
        hand_in.sign_up.term.into(),
        hand_in.wish.student.into(),
        hand_in.guardian.into(),
        hand_in.rules.version.into(),
        today.into(),
        hand_in.wish.need.map(Need::word).into(),
        hand_in.wish.remark.trim().into(),
        hand_in.source.word().into(),
        account.into(),
        at.into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

/// Begins the next round of an application that is over.
pub(in super::super) fn next_round(
    tx: &mut SchoolTx,
    before: &Application,
    hand_in: &HandIn,
) -> db::Result<ApplicationId> {
    let sql = sql!(
        "update application set guardian_id = $3, plan_version_id = $4, round = round + 1, status = 'waiting',
                step = 0, step_since = $5, need = $6, remark = $7, source = $8, account_id = $9,
                handed_in_at = $10
         where school_id = $1 and id = $2"
    );
    let (today, account, at) = (tx.today(), tx.account(), tx.at());
    let args = [
        before.id.into(),
        hand_in.guardian.into(),
        hand_in.rules.version.into(),
        today.into(),
        hand_in.wish.need.map(Need::word).into(),
        hand_in.wish.remark.trim().into(),
        hand_in.source.word().into(),
        account.into(),
        at.into(),
    ];
    tx.run(sql, &args)?;
    Ok(before.id)
}

pub(in super::super) fn add_choices(
    tx: &mut SchoolTx,
    application: &Application,
    choices: &[Choice],
) -> db::Result<()> {
    let sql = sql!(
        "insert into application_choice (school_id, application_id, round, slot_id, weekday)
         values ($1, $2, $3, $4, $5) on conflict (school_id, application_id, round, slot_id, weekday) do nothing"
    );
    for choice in choices {
        let (slot, weekday) = (choice.slot.as_str(), i64::from(choice.weekday));
        tx.run(sql, &[application.id.into(), application.round.into(), slot.into(), weekday.into()])?;
    }
    Ok(())
}

fn read_choice(row: &Row, from: usize) -> db::Result<Choice> {
    Ok(Choice { slot: row.text(from)?, weekday: i8::try_from(row.int(from + 1)?).unwrap_or_default() })
}

/// What was asked for in the present round.
pub(in super::super) fn choices(tx: &mut SchoolTx, application: &Application) -> db::Result<Vec<Choice>> {
    let sql = sql!(
        "select slot_id, weekday from application_choice
         where school_id = $1 and application_id = $2 and round = $3 order by slot_id, weekday"
    );
    tx.all(sql, &[application.id.into(), application.round.into()], |row| read_choice(row, 0))
}

/// What was asked for in the present round, for every application of the term.
pub(in super::super) fn choices_of_term(
    tx: &mut SchoolTx,
    term: TermId,
    part: Part,
) -> db::Result<Vec<(ApplicationId, Choice)>> {
    let sql = sql!(
        "select c.application_id, c.slot_id, c.weekday from application a
         join application_choice c on c.school_id = $1 and c.application_id = a.id and c.round = a.round
         where a.school_id = $1 and a.term_id = $2 and a.status in ($3, $4, $5, $6, $7)
         order by c.application_id, c.slot_id, c.weekday limit 100000"
    );
    tx.all(sql, &of_part(term, part), |row| Ok((row.id(0)?, read_choice(row, 1)?)))
}

/// A term with the words of a part's statuses, one of them several times where there are fewer than five.
fn of_part(term: TermId, part: Part) -> Vec<Arg> {
    let statuses: Vec<Status> = Status::ALL.into_iter().filter(|status| part.holds(*status)).collect();
    let words = statuses.iter().cycle().take(Status::ALL.len()).map(|status| status.word().into());
    std::iter::once(term.into()).chain(words).collect()
}

/// How many applications of a term wait for no step, class by class of today.
pub(in super::super) fn settled(tx: &mut SchoolTx, term: TermId) -> db::Result<Vec<(Option<ClassId>, u32)>> {
    let sql = sql!(
        "select y.class_id, count(*) from application a
         left join class_stay y on y.school_id = $1 and y.student_id = a.student_id and y.from_on <= $3
              and (y.to_on is null or $3 <= y.to_on)
         where a.school_id = $1 and a.term_id = $2 and a.status in ($4, $5, $6, $7, $8)
         group by y.class_id limit 1000"
    );
    let mut args = of_part(term, Part::Settled);
    args.insert(1, tx.today().into());
    tx.all(sql, &args, |row| Ok((row.maybe_id(0)?, row.count(1)?)))
}

/// The verdicts of the present round.
pub(in super::super) fn verdicts(tx: &mut SchoolTx, application: &Application) -> db::Result<Vec<Decision>> {
    let sql = sql!(
        "select step, verdict from application_decision
         where school_id = $1 and application_id = $2 and round = $3 order by step"
    );
    tx.all(sql, &[application.id.into(), application.round.into()], |row| {
        Ok(verdict(row.int(0)?, row.word(1, Verdict::parse)?))
    })
}

/// Every decision of every round, in order.
pub(in super::super) fn decisions(tx: &mut SchoolTx, id: ApplicationId) -> db::Result<Vec<Made>> {
    let sql = sql!(
        "select round, step, verdict, ground, note, need_seen, role, decided_at from application_decision
         where school_id = $1 and application_id = $2 order by round, step limit 500"
    );
    tx.all(sql, &[id.into()], |row| {
        Ok(Made {
            round: row.int(0)?,
            step: row.int(1)?,
            verdict: row.word(2, Verdict::parse)?,
            ground: row.maybe_word(3, Ground::parse)?,
            note: row.text(4)?,
            need_seen: row.flag(5)?,
            role: row.word(6, Role::parse)?,
            at: row.at(7)?,
        })
    })
}

pub(in super::super) fn add_decision(
    tx: &mut SchoolTx,
    application: &Application,
    step: usize,
    decision: &NewDecision,
) -> db::Result<()> {
    let sql = sql!(
        "insert into application_decision (school_id, application_id, round, step, kind, verdict, ground, note,
                                           need_seen, role, account_id, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let (role, account, at) = (tx.role().word(), tx.account(), tx.at());
    let args = [
        application.id.into(),
        application.round.into(),
        i64::try_from(step).unwrap_or(i64::MAX).into(),
        decision.kind.into(),
        decision.verdict.word().into(),
        decision.ground.as_ref().map(Ground::word).into(),
        decision.note.trim().into(),
        decision.need_seen.into(),
        role.into(),
        account.into(),
        at.into(),
    ];
    tx.run(sql, &args).map(|_| ())
}

/// Keeps where the application stands; the day is that of the change.
pub(in super::super) fn set_standing(
    tx: &mut SchoolTx,
    application: &Application,
    status: Status,
    step: usize,
) -> db::Result<()> {
    let sql = sql!(
        "update application set status = $3, step = $4, step_since = $5 where school_id = $1 and id = $2"
    );
    let (today, step): (Date, i64) = (tx.today(), i64::try_from(step).unwrap_or(i64::MAX));
    tx.run(sql, &[application.id.into(), status.word().into(), step.into(), today.into()]).map(|_| ())
}

/// Applications that reached the same step on the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct WaitingLine {
    /// The step's place in the chain, from 0.
    pub(in super::super) step: usize,
    /// Since when.
    pub(in super::super) since: Date,
    /// How many.
    pub(in super::super) count: i64,
    /// How many of them stand on no list in their class.
    pub(in super::super) not_shown: i64,
}

/// How many applications of the term wait at each step, and since when; of the class that this teacher leads, when
/// one is named.
pub(in super::super) fn waiting(
    tx: &mut SchoolTx,
    term: TermId,
    own: Option<StaffId>,
) -> db::Result<Vec<WaitingLine>> {
    let sql = sql!(
        "select a.step, a.step_since, count(*), count(case when n.application_id is null then 1 end)
         from application a
         left join (select distinct application_id, round from class_publication_name where school_id = $1) n
           on n.application_id = a.id and n.round = a.round
         where a.school_id = $1 and a.term_id = $2 and a.status = 'waiting' and ($4 = '' or exists (
           select 1 from class_stay y join homeroom h on h.school_id = y.school_id and h.class_id = y.class_id
             and h.staff_id = $4 and h.from_on <= $3 and (h.to_on is null or $3 <= h.to_on)
           where y.school_id = $1 and y.student_id = a.student_id and y.from_on <= $3
             and (y.to_on is null or $3 <= y.to_on)))
         group by a.step, a.step_since order by a.step, a.step_since"
    );
    let (today, own) = (tx.today(), own.map_or_else(String::new, |staff| staff.to_string()));
    tx.all(sql, &[term.into(), today.into(), own.as_str().into()], |row| {
        Ok(WaitingLine {
            step: usize::try_from(row.int(0)?).unwrap_or(usize::MAX),
            since: row.day(1)?,
            count: row.int(2)?,
            not_shown: row.int(3)?,
        })
    })
}

/// Every application of the term, with names and classes, by class and name.
pub(in super::super) fn of_term(tx: &mut SchoolTx, term: TermId, part: Part) -> db::Result<Vec<Listed>> {
    let sql = sql!(
        "select a.id, a.term_id, a.student_id, a.guardian_id, a.plan_version_id, a.round, a.status, a.step,
                a.step_since, a.need, a.remark, a.source, a.account_id, a.handed_in_at, s.name, g.name,
                c.id, c.stage, c.entered_year, c.class_no, t.school_year
         from application a
         join student s on s.school_id = $1 and s.id = a.student_id
         join guardian g on g.school_id = $1 and g.id = a.guardian_id
         join term t on t.school_id = $1 and t.id = a.term_id
         left join class_stay y on y.school_id = $1 and y.student_id = a.student_id and y.from_on <= $8
              and (y.to_on is null or $8 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where a.school_id = $1 and a.term_id = $2 and a.status in ($3, $4, $5, $6, $7)
         order by c.stage desc, c.entered_year desc, c.class_no, s.name, a.id limit 20000"
    );
    let mut args = of_part(term, part);
    args.push(tx.today().into());
    tx.all(sql, &args, |row| {
        Ok(Listed {
            application: read_application(row)?,
            name: row.text(14)?,
            guardian_name: row.text(15)?,
            class: read_class(row, 16)?,
        })
    })
}
