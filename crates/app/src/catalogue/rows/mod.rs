//! SQL of offerings, their meetings and grades, and what was decided about them.

pub(super) mod apart;
pub(super) mod beside;
pub(super) mod uploads;

use jiff::civil::Date;
use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::catalogue::{Details, Kind, Meeting, SexLimit, Status, Topic, Verdict};
use kehou_domain::ids::{AccountId, OfferingId, StaffId, StudentId, TermId};
use kehou_domain::money::Fen;
use kehou_domain::people::Sex;
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::{Grades, SlotId};

use super::review::Said;
use super::{Decision, Offering, Teacher, shown};
use crate::people::read_class;

/// Makes everyone else who changes offerings of the term wait until this transaction ends.
pub(super) fn hold(tx: &mut SchoolTx, term: TermId) -> Result<()> {
    let sql = sql!("update term set status = status where school_id = $1 and id = $2");
    match tx.run(sql, &[term.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// The offerings of a term, by title: four statements, however many there are.
pub(super) fn of_term(tx: &mut SchoolTx, term: TermId) -> Result<Vec<Offering>> {
    let sql = sql!(
        "select o.id, o.term_id, o.title, o.kind, o.topic, o.venue, o.teacher_id, o.capacity, o.minimum, o.sex,
           o.description, o.materials, o.cost_fen, o.status, o.version, o.made_by, o.written_by, o.handed_in_by,
           o.handed_in_at, coalesce(t.name, ''), o.copied_from
         from offering o left join staff t on t.school_id = $1 and t.id = o.teacher_id
         where o.school_id = $1 and o.term_id = $2 order by o.title, o.id limit 2000"
    );
    let mut offerings = tx.all(sql, &[term.into()], read_offering)?;
    let sql = sql!(
        "select m.offering_id, m.weekday, m.slot_id from offering_meeting m
         join offering o on o.school_id = $1 and o.id = m.offering_id
         where m.school_id = $1 and o.term_id = $2 order by m.offering_id, m.weekday, m.slot_id limit 70000"
    );
    let meetings = tx.all(sql, &[term.into()], |row| Ok((row.id(0)?, read_meeting(row, 1)?)))?;
    let sql = sql!(
        "select g.offering_id, g.grade from offering_grade g
         join offering o on o.school_id = $1 and o.id = g.offering_id
         where g.school_id = $1 and o.term_id = $2 limit 18000"
    );
    let grades = tx.all(sql, &[term.into()], |row| Ok((row.id(0)?, read_grade(row, 1)?)))?;
    let apart = apart::of_term(tx, term)?;
    for offering in &mut offerings {
        fill(offering, &meetings, &grades);
        offering.apart = beside_in(&apart, offering.id);
    }
    Ok(offerings)
}

/// What stands in a pair with the offering.
fn beside_in(pairs: &[(OfferingId, OfferingId)], id: OfferingId) -> Vec<OfferingId> {
    let both = pairs.iter().flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
    both.filter(|(own, _)| *own == id).map(|(_, other)| other).collect()
}

fn fill(offering: &mut Offering, meetings: &[(OfferingId, Meeting)], grades: &[(OfferingId, u8)]) {
    let own = meetings.iter().filter(|(id, _)| *id == offering.id);
    offering.details.meetings = own.map(|(_, meeting)| meeting.clone()).collect();
    let own = grades.iter().filter(|(id, _)| *id == offering.id);
    offering.details.grades = Grades::of(own.map(|(_, grade)| *grade));
}

/// One offering.
pub(super) fn offering(tx: &mut SchoolTx, id: OfferingId) -> Result<Offering> {
    let sql = sql!(
        "select o.id, o.term_id, o.title, o.kind, o.topic, o.venue, o.teacher_id, o.capacity, o.minimum, o.sex,
           o.description, o.materials, o.cost_fen, o.status, o.version, o.made_by, o.written_by, o.handed_in_by,
           o.handed_in_at, coalesce(t.name, ''), o.copied_from
         from offering o left join staff t on t.school_id = $1 and t.id = o.teacher_id
         where o.school_id = $1 and o.id = $2"
    );
    let mut offering = tx.one(sql, &[id.into()], read_offering)?;
    let sql = sql!(
        "select weekday, slot_id from offering_meeting where school_id = $1 and offering_id = $2
         order by weekday, slot_id"
    );
    offering.details.meetings = tx.all(sql, &[id.into()], |row| read_meeting(row, 0))?;
    let sql = sql!("select grade from offering_grade where school_id = $1 and offering_id = $2");
    offering.details.grades = Grades::of(tx.all(sql, &[id.into()], |row| read_grade(row, 0))?);
    offering.apart = apart::of(tx, id)?;
    Ok(offering)
}

fn read_offering(row: &Row) -> Result<Offering> {
    let seats = |column: usize| -> Result<u16> {
        let found = row.count(column)?;
        u16::try_from(found).map_err(|_| Error::Column { column, found: found.to_string() })
    };
    let cost = row.maybe_int(12)?.map(|fen| {
        u64::try_from(fen).map(Fen).map_err(|_| Error::Column { column: 12, found: fen.to_string() })
    });
    let mut authors: Vec<AccountId> = vec![row.id(15)?, row.id(16)?];
    authors.extend(row.maybe_id::<AccountId>(17)?);
    let details = Details {
        title: row.text(2)?,
        kind: row.word(3, Kind::parse)?,
        topic: row.word(4, Topic::parse)?,
        meetings: Vec::new(),
        venue: row.text(5)?,
        teacher: row.maybe_id(6)?,
        capacity: seats(7)?,
        minimum: seats(8)?,
        grades: Grades::default(),
        sex: row.word(9, SexLimit::parse)?,
        description: row.text(10)?,
        materials: row.text(11)?,
        cost: cost.transpose()?,
    };
    Ok(Offering {
        id: row.id(0)?,
        term: row.id(1)?,
        details,
        status: row.word(13, Status::parse)?,
        version: row.count(14)?,
        authors,
        handed_in_at: row.maybe_at(18)?,
        teacher_name: row.text(19)?,
        copied_from: row.maybe_id(20)?,
        apart: Vec::new(),
    })
}

fn read_meeting(row: &Row, from: usize) -> Result<Meeting> {
    let weekday = row.int(from)?;
    let weekday =
        i8::try_from(weekday).map_err(|_| Error::Column { column: from, found: weekday.to_string() })?;
    Ok(Meeting { weekday, slot: SlotId(row.text(from + 1)?) })
}

fn read_grade(row: &Row, column: usize) -> Result<u8> {
    let grade = row.int(column)?;
    u8::try_from(grade).map_err(|_| Error::Column { column, found: grade.to_string() })
}

/// A draft of the acting account.
pub(super) fn add(tx: &mut SchoolTx, id: OfferingId, term: TermId, details: &Details) -> Result<()> {
    let sql = sql!(
        "insert into offering (school_id, id, title, kind, topic, venue, teacher_id, capacity, minimum, sex,
           description, materials, cost_fen, written_by, written_at, term_id, status, made_by, made_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'draft', $14, $15, 1)"
    );
    let mut args = columns(tx, id, details);
    args.push(term.into());
    tx.run(sql, &args)?;
    spread(tx, id, details)
}

/// Notes which offering of an earlier term a new one was copied from.
pub(super) fn note_copy(tx: &mut SchoolTx, id: OfferingId, from: OfferingId) -> Result<()> {
    let sql = sql!("update offering set copied_from = $3 where school_id = $1 and id = $2");
    tx.run(sql, &[id.into(), from.into()]).map(drop)
}

/// What an offering says now; whoever changes it is noted.
pub(super) fn change(tx: &mut SchoolTx, id: OfferingId, details: &Details) -> Result<()> {
    let sql = sql!(
        "update offering set title = $3, kind = $4, topic = $5, venue = $6, teacher_id = $7, capacity = $8,
           minimum = $9, sex = $10, description = $11, materials = $12, cost_fen = $13, written_by = $14,
           written_at = $15, version = version + 1
         where school_id = $1 and id = $2"
    );
    let args = columns(tx, id, details);
    tx.run(sql, &args)?;
    tx.run(sql!("delete from offering_meeting where school_id = $1 and offering_id = $2"), &[id.into()])?;
    tx.run(sql!("delete from offering_grade where school_id = $1 and offering_id = $2"), &[id.into()])?;
    spread(tx, id, details)
}

/// The columns from `$2` on that a draft and its changes share.
fn columns(tx: &SchoolTx, id: OfferingId, details: &Details) -> Vec<Arg> {
    vec![
        id.into(),
        details.title.trim().into(),
        details.kind.word().into(),
        details.topic.word().into(),
        details.venue.trim().into(),
        details.teacher.into(),
        u32::from(details.capacity).into(),
        u32::from(details.minimum).into(),
        details.sex.word().into(),
        details.description.trim().into(),
        details.materials.trim().into(),
        details.cost.and_then(|cost| i64::try_from(cost.0).ok()).into(),
        tx.account().into(),
        tx.at().into(),
    ]
}

fn spread(tx: &mut SchoolTx, id: OfferingId, details: &Details) -> Result<()> {
    let mut meetings = details.meetings.clone();
    meetings.sort();
    meetings.dedup();
    let lists: Vec<Vec<Arg>> = meetings
        .iter()
        .map(|meeting| vec![id.into(), i64::from(meeting.weekday).into(), meeting.slot.as_str().into()])
        .collect();
    let sql = sql!(
        "insert into offering_meeting (school_id, offering_id, weekday, slot_id) values ($1, $2, $3, $4)"
    );
    tx.run_each(sql, &lists)?;
    let lists: Vec<Vec<Arg>> =
        details.grades.iter().map(|grade| vec![id.into(), i64::from(grade).into()]).collect();
    let sql = sql!("insert into offering_grade (school_id, offering_id, grade) values ($1, $2, $3)");
    tx.run_each(sql, &lists).map(drop)
}

pub(super) fn set_status(tx: &mut SchoolTx, id: OfferingId, status: Status) -> Result<()> {
    let sql = sql!("update offering set status = $3, version = version + 1 where school_id = $1 and id = $2");
    tx.run(sql, &[id.into(), status.word().into()]).map(drop)
}

pub(super) fn hand_in(tx: &mut SchoolTx, id: OfferingId, status: Status) -> Result<()> {
    let sql =
        sql!("update offering set handed_in_by = $3, handed_in_at = $4 where school_id = $1 and id = $2");
    let (account, at) = (tx.account(), tx.at());
    tx.run(sql, &[id.into(), account.into(), at.into()])?;
    set_status(tx, id, status)
}

pub(super) fn add_decision(tx: &mut SchoolTx, id: OfferingId, said: &Said, shown: &str) -> Result<()> {
    let sql = sql!(
        "insert into offering_decision (school_id, offering_id, version, verdict, reason, shown, decided_by,
           decided_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let args = [
        id.into(),
        said.read.into(),
        said.verdict.word().into(),
        said.reason.trim().into(),
        shown.into(),
        tx.account().into(),
        tx.at().into(),
    ];
    tx.run(sql, &args).map(drop)
}

/// What was decided about an offering, the latest first.
pub(super) fn decisions(tx: &mut SchoolTx, id: OfferingId) -> Result<Vec<Decision>> {
    let sql = sql!(
        "select version, verdict, reason, shown, decided_at from offering_decision
         where school_id = $1 and offering_id = $2 order by version desc limit 100"
    );
    tx.all(sql, &[id.into()], |row| {
        Ok(Decision {
            version: row.count(0)?,
            verdict: row.word(1, Verdict::parse)?,
            reason: row.text(2)?,
            flags: row.word(3, shown::read)?,
            at: row.at(4)?,
        })
    })
}

pub(super) fn teachers(tx: &mut SchoolTx) -> Result<Vec<Teacher>> {
    let sql = sql!(
        "select id, name from staff where school_id = $1 and status = 'active' order by name, id limit 1000"
    );
    tx.all(sql, &[], |row| Ok(Teacher { id: row.id(0)?, name: row.text(1)? }))
}

/// The teacher as one who works here today; anybody else is not there.
pub(super) fn active_teacher(tx: &mut SchoolTx, id: StaffId) -> Result<StaffId> {
    let sql = sql!("select id from staff where school_id = $1 and id = $2 and status = 'active'");
    tx.one(sql, &[id.into()], |row| row.id(0))
}

/// A child's name, sex and class on the day.
pub(super) fn child(tx: &mut SchoolTx, id: StudentId, day: Date) -> Result<(String, Sex, Option<ClassKey>)> {
    let sql = sql!(
        "select s.name, s.sex, c.stage, c.entered_year, c.class_no from student s
         left join class_stay y on y.school_id = $1 and y.student_id = s.id and y.from_on <= $3
           and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where s.school_id = $1 and s.id = $2"
    );
    tx.one(sql, &[id.into(), day.into()], |row| {
        let class = if row.maybe_text(2)?.is_some() { Some(read_class(row, 2)?) } else { None };
        Ok((row.text(0)?, row.word(1, Sex::parse)?, class))
    })
}
