//! Today's children with their groups, and whom to call.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Result, Row, SchoolTx, sql};
use kehou_domain::dismissal::{Delegate, Restriction};
use kehou_domain::ids::{DelegateId, GuardianId, SessionId, StudentId};
use kehou_domain::people::class::{ClassKey, Stage};
use kehou_domain::plan::ReleaseMode;

use crate::dismissal::{ChildCard, GuardianCard, LeaderCard};

/// One child in one session of the day.
#[derive(Debug, Clone)]
pub(in crate::dismissal) struct Placed {
    pub(in crate::dismissal) child: ChildCard,
    pub(in crate::dismissal) session: SessionId,
    pub(in crate::dismissal) group: String,
    /// What the school calls the slot, or the club's name; read for a family's day alone.
    pub(in crate::dismissal) slot: String,
    pub(in crate::dismissal) venue: String,
    pub(in crate::dismissal) starts_at: Timestamp,
    pub(in crate::dismissal) ends_at: Timestamp,
    pub(in crate::dismissal) teacher: Option<String>,
    pub(in crate::dismissal) teacher_phone: Option<String>,
}

pub(super) fn read_card(row: &Row, day: Date) -> Result<ChildCard> {
    let class = match row.maybe_word(2, Stage::parse)? {
        None => None,
        Some(stage) => Some(ClassKey { stage, entered_year: year(row, 3)?, class_no: number(row, 4)? }),
    };
    let grade = class.and_then(|class| class.grade_on(day));
    Ok(ChildCard { id: row.id(0)?, name: row.text(1)?, class, grade })
}

fn year(row: &Row, column: usize) -> Result<i16> {
    let year = row.int(column)?;
    i16::try_from(year).map_err(|_| Error::Column { column, found: year.to_string() })
}

fn number(row: &Row, column: usize) -> Result<u8> {
    let number = row.int(column)?;
    u8::try_from(number).map_err(|_| Error::Column { column, found: number.to_string() })
}

pub(super) fn read_placed(row: &Row, day: Date) -> Result<Placed> {
    Ok(Placed {
        child: read_card(row, day)?,
        session: row.id(5)?,
        group: row.text(6)?,
        slot: String::new(),
        venue: row.text(7)?,
        starts_at: row.at(8)?,
        ends_at: row.at(9)?,
        teacher: row.maybe_text(10)?,
        teacher_phone: None,
    })
}

/// Every child who is expected on the day, once for each session, by class and name.
pub(in crate::dismissal) fn placed_on(tx: &mut SchoolTx, day: Date) -> Result<Vec<Placed>> {
    let sql = sql!(
        "select s.id, s.name, c.stage, c.entered_year, c.class_no,
                se.id, g.name, se.venue, se.starts_at, se.ends_at, t.name
         from custody_fact f
           join student s on s.school_id = f.school_id and s.id = f.student_id
           join session se on se.school_id = f.school_id and se.id = f.session_id
           join teaching_group g on g.school_id = f.school_id and g.id = se.group_id
           left join class_stay cs on cs.school_id = f.school_id and cs.student_id = f.student_id
             and cs.from_on <= f.day and (cs.to_on is null or cs.to_on >= f.day)
           left join home_class c on c.school_id = f.school_id and c.id = cs.class_id
           left join staff t on t.school_id = f.school_id and t.id = se.teacher_id
         where f.school_id = $1 and f.day = $2 and f.kind = 'expected' and se.status <> 'cancelled'
         order by c.stage desc, c.entered_year desc, c.class_no, s.name, s.id, se.starts_at limit 20000"
    );
    tx.all(sql, &[day.into()], |row| read_placed(row, day))
}

/// The sessions of one child on the day.
pub(in crate::dismissal) fn placed_child(
    tx: &mut SchoolTx,
    student: StudentId,
    day: Date,
) -> Result<Vec<Placed>> {
    let sql = sql!(
        "select s.id, s.name, c.stage, c.entered_year, c.class_no,
                se.id, g.name, se.venue, se.starts_at, se.ends_at, t.name
         from custody_fact f
           join student s on s.school_id = f.school_id and s.id = f.student_id
           join session se on se.school_id = f.school_id and se.id = f.session_id
           join teaching_group g on g.school_id = f.school_id and g.id = se.group_id
           left join class_stay cs on cs.school_id = f.school_id and cs.student_id = f.student_id
             and cs.from_on <= f.day and (cs.to_on is null or cs.to_on >= f.day)
           left join home_class c on c.school_id = f.school_id and c.id = cs.class_id
           left join staff t on t.school_id = f.school_id and t.id = se.teacher_id
         where f.school_id = $1 and f.day = $2 and f.student_id = $3 and f.kind = 'expected'
           and se.status <> 'cancelled'
         order by se.starts_at limit 20"
    );
    tx.all(sql, &[day.into(), student.into()], |row| read_placed(row, day))
}

/// The child's name and class today.
pub(in crate::dismissal) fn child_card(tx: &mut SchoolTx, student: StudentId) -> Result<ChildCard> {
    let sql = sql!(
        "select s.id, s.name, c.stage, c.entered_year, c.class_no from student s
           left join class_stay cs on cs.school_id = s.school_id and cs.student_id = s.id
             and cs.from_on <= $3 and (cs.to_on is null or cs.to_on >= $3)
           left join home_class c on c.school_id = s.school_id and c.id = cs.class_id
         where s.school_id = $1 and s.id = $2"
    );
    let today = tx.today();
    tx.one(sql, &[student.into(), today.into()], |row| read_card(row, today))
}

/// The child's guardians of today, with what is needed to call them.
pub(in crate::dismissal) fn guardians(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<GuardianCard>> {
    let sql = sql!(
        "select g.id, g.name, gs.relation, g.phone_sealed, g.account_id from guardianship gs
           join guardian g on g.school_id = gs.school_id and g.id = gs.guardian_id
         where gs.school_id = $1 and gs.student_id = $2 and gs.from_on <= $3
           and (gs.to_on is null or gs.to_on >= $3)
         order by gs.from_on, g.id limit 10"
    );
    let today = tx.today();
    let read = |row: &Row| {
        Ok(GuardianCard {
            id: row.id(0)?,
            name: row.text(1)?,
            relation: row.text(2)?,
            phone: row.maybe_text(3)?,
            account: row.maybe_id(4)?,
        })
    };
    let mut guardians = tx.all(sql, &[student.into(), today.into()], read)?;
    for guardian in &mut guardians {
        guardian.phone = guardian.phone.take().map(|sealed| tx.unseal(&sealed)).transpose()?;
    }
    Ok(guardians)
}

/// What the list at the gate says of a child's way home.
pub(in crate::dismissal) enum Way {
    /// Somebody named for the day, with the name of the guardian who named them.
    Delegate(Delegate, String),
    /// A consent that holds today.
    Consent(ReleaseMode),
    /// Somebody must not collect the child.
    Restricted(Restriction),
}

/// The delegates, consents and restrictions of the day's children, in one statement.
pub(in crate::dismissal) fn ways_on(tx: &mut SchoolTx, day: Date) -> Result<Vec<(StudentId, Way)>> {
    let sql = sql!(
        "select d.student_id, 'delegate', d.name, d.relation, d.id, d.named_by, g.name from pickup_delegate d
           join guardian g on g.school_id = d.school_id and g.id = d.named_by
           where d.school_id = $1 and d.from_on <= $2 and d.to_on >= $2
             and exists (select 1 from guardianship gs where gs.school_id = d.school_id
               and gs.student_id = d.student_id and gs.guardian_id = d.named_by and gs.from_on <= $2
               and (gs.to_on is null or gs.to_on >= $2))
         union all
         select c.student_id, 'consent', c.mode, '', c.id, null, '' from release_consent c
           where c.school_id = $1 and c.withdrawn_at is null and c.from_on <= $2
             and (c.to_on is null or c.to_on >= $2)
         union all
         select r.student_id, 'restricted', r.name, '', r.id, r.guardian_id, '' from pickup_restriction r
           where r.school_id = $1 and r.lifted_at is null and r.from_on <= $2
             and (r.to_on is null or r.to_on >= $2)
         order by 5 limit 60000"
    );
    tx.all(sql, &[day.into()], |row| Ok((row.id(0)?, read_way(row, day)?)))
}

fn read_way(row: &Row, day: Date) -> Result<Way> {
    Ok(match row.text(1)?.as_str() {
        "delegate" => {
            let delegate = Delegate {
                id: row.id(4)?,
                name: row.text(2)?,
                relation: row.text(3)?,
                named_by: row.id(5)?,
                from_on: day,
                to_on: day,
            };
            Way::Delegate(delegate, row.text(6)?)
        }
        "consent" => Way::Consent(row.word(2, ReleaseMode::parse)?),
        _ => Way::Restricted(Restriction {
            id: row.id(4)?,
            name: row.text(2)?,
            guardian: row.maybe_id(5)?,
            from_on: day,
            to_on: Some(day),
        }),
    })
}

/// The name of somebody who was a guardian of this child once.
pub(in crate::dismissal) fn former_guardian(
    tx: &mut SchoolTx,
    student: StudentId,
    guardian: GuardianId,
) -> Result<String> {
    let sql = sql!(
        "select g.name from guardian g where g.school_id = $1 and g.id = $3
           and exists (select 1 from guardianship gs where gs.school_id = g.school_id and gs.guardian_id = g.id
             and gs.student_id = $2)"
    );
    tx.one(sql, &[student.into(), guardian.into()], |row| row.text(0))
}

/// The name of somebody who was named for this child once.
pub(in crate::dismissal) fn former_delegate(
    tx: &mut SchoolTx,
    student: StudentId,
    delegate: DelegateId,
) -> Result<String> {
    let sql = sql!("select name from pickup_delegate where school_id = $1 and student_id = $2 and id = $3");
    tx.one(sql, &[student.into(), delegate.into()], |row| row.text(0))
}

/// The children of one session, each with when its last session of the day begins that is held; where none is, as on a
/// day that was called off, when this one would.
pub(in crate::dismissal) fn placed_in(
    tx: &mut SchoolTx,
    session: SessionId,
    day: Date,
) -> Result<Vec<(Placed, Timestamp)>> {
    let sql = sql!(
        "select s.id, s.name, c.stage, c.entered_year, c.class_no,
                se.id, g.name, se.venue, se.starts_at, se.ends_at, t.name,
                coalesce((select max(other.starts_at) from custody_fact e
                   join session other on other.school_id = e.school_id and other.id = e.session_id
                   where e.school_id = f.school_id and e.day = f.day and e.student_id = f.student_id
                     and e.kind = 'expected' and other.status <> 'cancelled'), se.starts_at)
         from custody_fact f
           join student s on s.school_id = f.school_id and s.id = f.student_id
           join session se on se.school_id = f.school_id and se.id = f.session_id
           join teaching_group g on g.school_id = f.school_id and g.id = se.group_id
           left join class_stay cs on cs.school_id = f.school_id and cs.student_id = f.student_id
             and cs.from_on <= f.day and (cs.to_on is null or cs.to_on >= f.day)
           left join home_class c on c.school_id = f.school_id and c.id = cs.class_id
           left join staff t on t.school_id = f.school_id and t.id = se.teacher_id
         where f.school_id = $1 and f.session_id = $2 and f.kind = 'expected'
         order by s.seat_no, s.name, s.id limit 500"
    );
    tx.all(sql, &[session.into()], |row| Ok((read_placed(row, day)?, row.at(11)?)))
}

/// Those who lead the duty and have a telephone number, by name.
pub(in crate::dismissal) fn leaders(tx: &mut SchoolTx) -> Result<Vec<LeaderCard>> {
    let sql = sql!(
        "select s.name, s.phone_sealed from staff s
         join membership m on m.account_id = s.account_id and m.school = s.school_id and m.role = 'duty_leader'
           and m.ended_at is null
         where s.school_id = $1 and s.status = 'active' and s.phone_sealed is not null
         order by s.name, s.id limit 3"
    );
    let found = tx.all(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
    let card = |(name, sealed): (String, String)| Ok(LeaderCard { name, phone: tx.unseal(&sealed)? });
    found.into_iter().map(card).collect()
}
