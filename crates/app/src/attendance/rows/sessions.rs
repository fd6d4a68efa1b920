//! Sessions, who is expected in them, and the day they are made for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Arg, Result, Row, SchoolTx, sql};
use kehou_domain::attendance::Due;
use kehou_domain::ids::{EntityId, GroupId, SessionId, StaffId, StudentId};
use kehou_domain::plan::SlotId;

use crate::attendance::session::{Pupil, Session, Status};
use crate::people::read_class;

/// Makes everyone else who makes the sessions of this day wait until this transaction ends.
pub(crate) fn hold_day(tx: &mut SchoolTx, day: Date) -> Result<()> {
    let sql = sql!(
        "insert into attendance_day (school_id, day, prepared_at, version) values ($1, $2, $3, 1)
         on conflict (school_id, day) do update set prepared_at = excluded.prepared_at,
           version = attendance_day.version + 1"
    );
    let at = tx.at();
    tx.run(sql, &[day.into(), at.into()]).map(|_| ())
}

/// Whether the sessions of the day were made.
pub(crate) fn is_prepared(tx: &mut SchoolTx, day: Date) -> Result<bool> {
    let sql = sql!("select 1 from attendance_day where school_id = $1 and day = $2");
    Ok(tx.maybe(sql, &[day.into()], |_| Ok(()))?.is_some())
}

/// What is needed of a session before its roll changes: held, so that two devices change it one after the other.
pub(crate) struct Held {
    pub(crate) day: Date,
    pub(crate) group: GroupId,
    pub(crate) teacher: Option<StaffId>,
    pub(crate) starts_at: Timestamp,
    pub(crate) status: Status,
    /// The version before this hold: what a page that was opened before shows.
    pub(crate) version: u32,
}

/// Makes everyone else who changes this session wait until this transaction ends.
pub(crate) fn hold(tx: &mut SchoolTx, id: SessionId) -> Result<Held> {
    let sql = sql!(
        "update session set version = version + 1 where school_id = $1 and id = $2
         returning held_on, group_id, teacher_id, starts_at, status, version"
    );
    tx.one(sql, &[id.into()], |row| {
        Ok(Held {
            day: row.day(0)?,
            group: row.id(1)?,
            teacher: row.maybe_id(2)?,
            starts_at: row.at(3)?,
            status: row.word(4, Status::parse)?,
            version: row.count(5)?.saturating_sub(1),
        })
    })
}

/// Whether this teacher is the homeroom teacher of the group's class on the day.
pub(crate) fn is_homeroom(tx: &mut SchoolTx, group: GroupId, staff: StaffId, day: Date) -> Result<bool> {
    let sql = sql!(
        "select 1 from teaching_group g join homeroom h on h.school_id = g.school_id and h.class_id = g.class_id
           and h.from_on <= $4 and (h.to_on is null or $4 <= h.to_on)
         where g.school_id = $1 and g.id = $2 and h.staff_id = $3"
    );
    Ok(tx.maybe(sql, &[group.into(), staff.into(), day.into()], |_| Ok(()))?.is_some())
}

pub(crate) fn session(tx: &mut SchoolTx, id: SessionId) -> Result<Session> {
    let sql = sql!(
        "select s.id, s.group_id, g.name, s.slot_id, s.slot_name, s.held_on, s.starts_at, s.ends_at, s.teacher_id,
           coalesce(t.name, ''), s.venue, s.status, s.called_at, s.head_count, s.counted_at, s.version,
           (select h.staff_id from homeroom h where h.school_id = g.school_id and h.class_id = g.class_id
             and h.from_on <= s.held_on and (h.to_on is null or s.held_on <= h.to_on) limit 1), g.class_id
         from session s
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         left join staff t on t.school_id = s.school_id and t.id = s.teacher_id
         where s.school_id = $1 and s.id = $2"
    );
    tx.one(sql, &[id.into()], read_session)
}

/// Whether any club meets on the day.
pub(crate) fn has_clubs(tx: &mut SchoolTx, day: Date) -> Result<bool> {
    let sql = sql!(
        "select 1 from session o join club_group k on k.school_id = o.school_id and k.group_id = o.group_id
         where o.school_id = $1 and o.held_on = $2 and o.status <> 'cancelled' limit 1"
    );
    Ok(tx.maybe(sql, &[day.into()], |_| Ok(()))?.is_some())
}

/// Whether a club is to meet on the day that is not offered any more, or that nobody of the staff leads.
pub(crate) fn has_club_astray(tx: &mut SchoolTx, day: Date) -> Result<bool> {
    let sql = sql!(
        "select 1 from session o join club_group k on k.school_id = o.school_id and k.group_id = o.group_id
         join offering f on f.school_id = k.school_id and f.id = k.offering_id
         left join staff t on t.school_id = o.school_id and t.id = o.teacher_id and t.status = 'active'
         where o.school_id = $1 and o.held_on = $2 and o.status = 'planned'
           and (f.status <> 'published' or t.id is null) limit 1"
    );
    Ok(tx.maybe(sql, &[day.into()], |_| Ok(()))?.is_some())
}

/// The sessions of the day, in the order in which they begin.
pub(crate) fn sessions(tx: &mut SchoolTx, day: Date) -> Result<Vec<Session>> {
    between(tx, day, day)
}

/// The sessions of a span, in the order in which they begin.
pub(crate) fn between(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Vec<Session>> {
    let sql = sql!(
        "select s.id, s.group_id, g.name, s.slot_id, s.slot_name, s.held_on, s.starts_at, s.ends_at, s.teacher_id,
           coalesce(t.name, ''), s.venue, s.status, s.called_at, s.head_count, s.counted_at, s.version,
           (select h.staff_id from homeroom h where h.school_id = g.school_id and h.class_id = g.class_id
             and h.from_on <= s.held_on and (h.to_on is null or s.held_on <= h.to_on) limit 1), g.class_id
         from session s
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         left join staff t on t.school_id = s.school_id and t.id = s.teacher_id
         left join home_class c on c.school_id = g.school_id and c.id = g.class_id
         where s.school_id = $1 and $2 <= s.held_on and s.held_on <= $3
         order by s.starts_at, case when g.class_id is null then 1 else 0 end, c.stage desc, c.entered_year desc,
           c.class_no, g.name, s.id"
    );
    tx.all(sql, &[from.into(), to.into()], read_session)
}

/// The children of the session's list, by class, seat number and name.
pub(crate) fn pupils(tx: &mut SchoolTx, id: SessionId) -> Result<Vec<Pupil>> {
    let sql = sql!(
        "select distinct s.id, s.name, s.seat_no, c.stage, c.entered_year, c.class_no,
           case when c.id is null then 1 else 0 end, case when s.seat_no is null then 1 else 0 end
         from custody_fact f join student s on s.school_id = f.school_id and s.id = f.student_id
         left join class_stay y on y.school_id = f.school_id and y.student_id = f.student_id
           and y.from_on <= f.day and (y.to_on is null or f.day <= y.to_on)
         left join home_class c on c.school_id = y.school_id and c.id = y.class_id
         where f.school_id = $1 and f.session_id = $2 and f.kind = 'expected'
         order by 7, c.stage desc, c.entered_year desc, c.class_no, 8, s.seat_no, s.name, s.id"
    );
    tx.all(sql, &[id.into()], |row| {
        let seat_no = row.maybe_int(2)?.and_then(|number| u32::try_from(number).ok());
        let class = if row.maybe_text(3)?.is_some() { Some(read_class(row, 3)?) } else { None };
        Ok(Pupil { id: row.id(0)?, name: row.text(1)?, seat_no, class })
    })
}

/// Makes the sessions that are not there yet, with the group's teacher and room.
pub(crate) fn open(tx: &mut SchoolTx, day: Date, due: &[Due]) -> Result<()> {
    let arranged = arranged(tx, day)?;
    let mut lists = Vec::new();
    for session in due {
        let Some(group) = arranged.get(&session.group) else { continue };
        let id: SessionId = tx.new_id();
        let columns: Vec<Arg> = vec![
            id.into(),
            session.group.into(),
            session.slot.as_str().into(),
            group.slot_name.as_str().into(),
            day.into(),
            session.starts_at.into(),
            session.ends_at.into(),
            group.teacher.into(),
            group.venue.as_str().into(),
        ];
        lists.push(columns);
    }
    let sql = sql!(
        "insert into session (school_id, id, group_id, slot_id, slot_name, held_on, starts_at, ends_at, teacher_id,
           venue, status, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'planned', 0)"
    );
    tx.run_each(sql, &lists).map(|_| ())
}

/// What a group hands on to its session.
struct Arranged {
    teacher: Option<StaffId>,
    venue: String,
    slot_name: String,
}

/// The groups that have no session on the day yet.
fn arranged(tx: &mut SchoolTx, day: Date) -> Result<BTreeMap<GroupId, Arranged>> {
    let sql = sql!(
        "select g.id, g.teacher_id, g.venue, g.slot_name from teaching_group g
         where g.school_id = $1 and g.closed_on is null and not exists
           (select 1 from session s where s.school_id = g.school_id and s.held_on = $2 and s.group_id = g.id)"
    );
    let found = tx.all(sql, &[day.into()], |row| {
        let group = Arranged { teacher: row.maybe_id(1)?, venue: row.text(2)?, slot_name: row.text(3)? };
        Ok((row.id(0)?, group))
    })?;
    Ok(found.into_iter().collect())
}

/// Which children of a base-care group sit elsewhere in its slot of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwayChild {
    pub(crate) base: GroupId,
    pub(crate) slot: SlotId,
    pub(crate) club: String,
    pub(crate) name: String,
}

/// The children of the day who sit in a club, club by club.
pub(crate) fn away(tx: &mut SchoolTx, day: Date) -> Result<Vec<AwayChild>> {
    let sql = sql!(
        "select distinct m.group_id, o.slot_id, c.name, s.name, s.id from session o
         join club_group k on k.school_id = o.school_id and k.group_id = o.group_id
         join teaching_group c on c.school_id = o.school_id and c.id = o.group_id
         join custody_fact f on f.school_id = o.school_id and f.day = $2 and f.session_id = o.id
           and f.kind = 'expected'
         join student s on s.school_id = f.school_id and s.id = f.student_id
         join group_member m on m.school_id = f.school_id and m.student_id = f.student_id
           and m.from_on <= $2 and (m.to_on is null or $2 <= m.to_on)
         join teaching_group b on b.school_id = m.school_id and b.id = m.group_id and b.slot_id = o.slot_id
         where o.school_id = $1 and o.held_on = $2 and o.status <> 'cancelled'
           and not exists (select 1 from custody_fact u where u.school_id = f.school_id and u.day = f.day
             and u.student_id = f.student_id and u.corrects = f.id and u.kind = 'undone')
         order by c.name, s.name, s.id limit 5000"
    );
    tx.all(sql, &[day.into()], read_away)
}

/// The same of one class's group: from its members, whose facts of the day are few.
pub(crate) fn away_of(tx: &mut SchoolTx, day: Date, base: GroupId) -> Result<Vec<AwayChild>> {
    let sql = sql!(
        "select distinct m.group_id, o.slot_id, c.name, s.name, s.id from group_member m
         join teaching_group b on b.school_id = $1 and b.id = m.group_id
         join custody_fact f on f.school_id = $1 and f.day = $2 and f.student_id = m.student_id
           and f.kind = 'expected'
         join session o on o.school_id = $1 and o.id = f.session_id and o.slot_id = b.slot_id
           and o.status <> 'cancelled'
         join club_group k on k.school_id = $1 and k.group_id = o.group_id
         join teaching_group c on c.school_id = $1 and c.id = o.group_id
         join student s on s.school_id = $1 and s.id = m.student_id
         where m.school_id = $1 and m.group_id = $3 and m.from_on <= $2 and (m.to_on is null or $2 <= m.to_on)
           and not exists (select 1 from custody_fact u where u.school_id = $1 and u.day = $2
             and u.student_id = m.student_id and u.corrects = f.id and u.kind = 'undone')
         order by c.name, s.name, s.id limit 200"
    );
    tx.all(sql, &[day.into(), base.into()], read_away)
}

fn read_away(row: &Row) -> Result<AwayChild> {
    Ok(AwayChild { base: row.id(0)?, slot: SlotId(row.text(1)?), club: row.text(2)?, name: row.text(3)? })
}

/// Cancels these sessions.
pub(crate) fn call_off(tx: &mut SchoolTx, sessions: &BTreeSet<SessionId>) -> Result<()> {
    let sql = sql!(
        "update session set status = 'cancelled', version = version + 1 where school_id = $1 and id = $2"
    );
    sessions.iter().try_for_each(|id| tx.run(sql, &[(*id).into()]).map(drop))
}

/// Holds cancelled sessions of the day that are due again, with the hours of the plan.
pub(crate) fn open_again(tx: &mut SchoolTx, day: Date, due: &[Due]) -> Result<()> {
    let any =
        sql!("select 1 from session where school_id = $1 and held_on = $2 and status = 'cancelled' limit 1");
    if tx.maybe(any, &[day.into()], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    let sql = sql!(
        "update session set status = 'planned', starts_at = $5, ends_at = $6, version = version + 1
         where school_id = $1 and held_on = $2 and group_id = $3 and slot_id = $4 and status = 'cancelled'"
    );
    due.iter().try_for_each(|due| {
        let args = [
            day.into(),
            due.group.into(),
            due.slot.as_str().into(),
            due.starts_at.into(),
            due.ends_at.into(),
        ];
        tx.run(sql, &args).map(drop)
    })
}

/// Gives clubs that nobody has called, and whose teacher works here no more, the one whom the catalogue names now.
pub(crate) fn lead_clubs_again(tx: &mut SchoolTx, day: Date) -> Result<()> {
    let sql = sql!(
        "update session set teacher_id = (select g.teacher_id from teaching_group g
             where g.school_id = session.school_id and g.id = session.group_id)
         where school_id = $1 and held_on = $2 and status = 'planned'
           and exists (select 1 from club_group k where k.school_id = session.school_id
             and k.group_id = session.group_id)
           and not exists (select 1 from staff t where t.school_id = session.school_id
             and t.id = session.teacher_id and t.status = 'active')"
    );
    tx.run(sql, &[day.into()]).map(drop)
}

/// The days of a span whose sessions were made, the oldest first.
pub(crate) fn days_made(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Vec<Date>> {
    let sql =
        sql!("select day from attendance_day where school_id = $1 and $2 <= day and day <= $3 order by day");
    tx.all(sql, &[from.into(), to.into()], |row| row.day(0))
}

/// Notes how far the roll is: called when nobody is unmarked any more; the head count no longer holds.
pub(crate) fn set_called(tx: &mut SchoolTx, id: SessionId, called: bool) -> Result<()> {
    let sql = sql!(
        "update session set status = $3, called_at = coalesce(called_at, $4), head_count = null, counted_at = null,
           counted_by = null where school_id = $1 and id = $2"
    );
    let status = if called { Status::Called } else { Status::Planned };
    let called_at = called.then(|| tx.at());
    tx.run(sql, &[id.into(), status.word().into(), called_at.into()]).map(|_| ())
}

pub(crate) fn set_counted(tx: &mut SchoolTx, id: SessionId, heads: u32) -> Result<()> {
    let sql = sql!(
        "update session set status = 'confirmed', head_count = $3, counted_at = $4, counted_by = $5
         where school_id = $1 and id = $2"
    );
    let (at, account) = (tx.at(), tx.account());
    tx.run(sql, &[id.into(), heads.into(), at.into(), account.into()]).map(|_| ())
}

pub(crate) fn set_teacher(tx: &mut SchoolTx, id: SessionId, teacher: StaffId) -> Result<()> {
    let sql = sql!("update session set teacher_id = $3 where school_id = $1 and id = $2");
    tx.run(sql, &[id.into(), teacher.into()]).map(|_| ())
}

/// The accounts of the guardians of these children on the day, each with the child.
pub(crate) fn guardian_accounts(
    tx: &mut SchoolTx,
    student: StudentId,
    day: Date,
) -> Result<Vec<kehou_domain::ids::AccountId>> {
    let sql = sql!(
        "select g.account_id from guardianship p
         join guardian g on g.school_id = p.school_id and g.id = p.guardian_id
         where p.school_id = $1 and p.student_id = $2 and p.from_on <= $3 and (p.to_on is null or $3 <= p.to_on)
           and g.account_id is not null order by g.account_id"
    );
    tx.all(sql, &[student.into(), day.into()], |row| row.id(0))
}

/// The accounts of the child's homeroom teacher, of the teachers of its groups, and of the day's clubs.
pub(crate) fn teacher_accounts(
    tx: &mut SchoolTx,
    student: StudentId,
    day: Date,
) -> Result<Vec<kehou_domain::ids::AccountId>> {
    let sql = sql!(
        "select t.account_id from class_stay c
         join homeroom h on h.school_id = c.school_id and h.class_id = c.class_id
           and h.from_on <= $3 and (h.to_on is null or $3 <= h.to_on)
         join staff t on t.school_id = h.school_id and t.id = h.staff_id
         where c.school_id = $1 and c.student_id = $2 and c.from_on <= $3 and (c.to_on is null or $3 <= c.to_on)
           and t.account_id is not null
         union
         select t.account_id from group_member m
         join teaching_group g on g.school_id = m.school_id and g.id = m.group_id
         join staff t on t.school_id = g.school_id and t.id = g.teacher_id
         where m.school_id = $1 and m.student_id = $2 and m.from_on <= $3 and (m.to_on is null or $3 <= m.to_on)
           and t.account_id is not null
         union
         select t.account_id from custody_fact f
         join session s on s.school_id = f.school_id and s.id = f.session_id and s.status <> 'cancelled'
         join club_group k on k.school_id = s.school_id and k.group_id = s.group_id
         join staff t on t.school_id = s.school_id and t.id = s.teacher_id
         where f.school_id = $1 and f.student_id = $2 and f.day = $3 and f.kind = 'expected'
           and t.account_id is not null
         order by 1"
    );
    tx.all(sql, &[student.into(), day.into()], |row| row.id(0))
}

/// Whether the staff member is the child's homeroom teacher or leads one of its groups or today's sessions.
pub(crate) fn teaches(tx: &mut SchoolTx, staff: StaffId, student: StudentId, day: Date) -> Result<bool> {
    let sql = sql!(
        "select 1 from class_stay c
         join homeroom h on h.school_id = c.school_id and h.class_id = c.class_id
           and h.from_on <= $4 and (h.to_on is null or $4 <= h.to_on)
         where c.school_id = $1 and h.staff_id = $2 and c.student_id = $3
           and c.from_on <= $4 and (c.to_on is null or $4 <= c.to_on)
         union
         select 1 from group_member m
         join teaching_group g on g.school_id = m.school_id and g.id = m.group_id
         where m.school_id = $1 and g.teacher_id = $2 and m.student_id = $3
           and m.from_on <= $4 and (m.to_on is null or $4 <= m.to_on)
         union
         select 1 from custody_fact f
         join session s on s.school_id = f.school_id and s.id = f.session_id
         where f.school_id = $1 and s.teacher_id = $2 and f.student_id = $3 and f.day = $4"
    );
    Ok(tx.maybe(sql, &[staff.into(), student.into(), day.into()], |_| Ok(()))?.is_some())
}

pub(crate) fn student_name(tx: &mut SchoolTx, student: StudentId) -> Result<String> {
    let sql = sql!("select name from student where school_id = $1 and id = $2");
    tx.one(sql, &[student.into()], |row| row.text(0))
}

/// The first session of each slot that the child has on the day, from the day's list.
pub(crate) fn first_session(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<Option<Timestamp>> {
    let sql = sql!(
        "select min(s.starts_at) from custody_fact f
         join session s on s.school_id = f.school_id and s.id = f.session_id
         where f.school_id = $1 and f.student_id = $2 and f.day = $3 and f.kind = 'expected'
           and s.status <> 'cancelled'"
    );
    tx.one(sql, &[student.into(), day.into()], |row| row.maybe_at(0))
}

/// The slots of the child's sessions of the day.
pub(crate) fn sessions_of(
    tx: &mut SchoolTx,
    student: StudentId,
    day: Date,
) -> Result<Vec<(SessionId, SlotId, GroupId)>> {
    let sql = sql!(
        "select distinct s.id, s.slot_id, s.group_id from custody_fact f
         join session s on s.school_id = f.school_id and s.id = f.session_id
         where f.school_id = $1 and f.student_id = $2 and f.day = $3 and f.kind = 'expected'
           and s.status <> 'cancelled'"
    );
    tx.all(sql, &[student.into(), day.into()], |row| Ok((row.id(0)?, SlotId(row.text(1)?), row.id(2)?)))
}

fn read_session(row: &Row) -> Result<Session> {
    let teacher: Option<StaffId> = row.maybe_id(8)?;
    Ok(Session {
        id: row.id(0)?,
        group: row.id(1)?,
        group_name: row.text(2)?,
        slot: SlotId(row.text(3)?),
        slot_name: row.text(4)?,
        day: row.day(5)?,
        starts_at: row.at(6)?,
        ends_at: row.at(7)?,
        teacher,
        teacher_name: row.text(9)?,
        venue: row.text(10)?,
        status: row.word(11, Status::parse)?,
        called_at: row.maybe_at(12)?,
        head_count: row.maybe_int(13)?.and_then(|heads| u32::try_from(heads).ok()),
        counted_at: row.maybe_at(14)?,
        version: row.count(15)?,
        homeroom: row.maybe_id(16)?,
        class: row.maybe_id(17)?,
    })
}

/// The acting member of staff, when the account is one.
pub(crate) fn acting_staff(tx: &SchoolTx) -> Option<StaffId> {
    tx.person().map(|person| StaffId::from_bits(person.bits()))
}
