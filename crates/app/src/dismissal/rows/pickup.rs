//! Delegates, restrictions and consents.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Result, Row, SchoolTx, sql};
use kehou_domain::dismissal::{Consent, Delegate, NewDelegate, Restriction};
use kehou_domain::ids::{ConsentId, DelegateId, GuardianId, RestrictionId, StudentId};

use kehou_domain::plan::ReleaseMode;

use super::gate::read_card;
use crate::dismissal::{
    Agreement, ChildCard, GivenConsent, KeptRestriction, NewRestriction, Source, StopCard,
};

/// Makes everyone else who decides about this child wait until this transaction ends.
pub(in crate::dismissal) fn hold_child(tx: &mut SchoolTx, student: StudentId) -> Result<()> {
    let sql = sql!("update student set version = version + 1 where school_id = $1 and id = $2");
    match tx.run(sql, &[student.into()])? {
        0 => Err(kehou_db::Error::NotFound),
        _ => Ok(()),
    }
}

fn read_delegate(row: &Row) -> Result<Delegate> {
    Ok(Delegate {
        id: row.id(0)?,
        name: row.text(1)?,
        relation: row.text(2)?,
        named_by: row.id(3)?,
        from_on: row.day(4)?,
        to_on: row.day(5)?,
    })
}

/// Everyone named for the child whose last day is not before `since`, the latest first. A child who has left the
/// school takes every delegation along.
pub(in crate::dismissal) fn delegates(
    tx: &mut SchoolTx,
    student: StudentId,
    since: Date,
) -> Result<Vec<Delegate>> {
    let sql = sql!(
        "select d.id, d.name, d.relation, d.named_by, d.from_on,
           case when s.left_on < d.to_on then s.left_on else d.to_on end
         from pickup_delegate d join student s on s.school_id = d.school_id and s.id = d.student_id
         where d.school_id = $1 and d.student_id = $2 and d.to_on >= $3 and (s.left_on is null or s.left_on >= $3)
         order by d.to_on desc, d.id desc limit 400"
    );
    tx.all(sql, &[student.into(), since.into()], read_delegate)
}

pub(in crate::dismissal) fn save_delegate(
    tx: &mut SchoolTx,
    id: DelegateId,
    student: StudentId,
    new: &NewDelegate,
) -> Result<()> {
    let sql = sql!(
        "insert into pickup_delegate
           (school_id, id, student_id, name, relation, named_by, from_on, to_on, named_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let args = [
        id.into(),
        student.into(),
        new.name.trim().into(),
        new.relation.trim().into(),
        new.named_by.into(),
        new.from_on.into(),
        new.to_on.into(),
        tx.at().into(),
    ];
    tx.run(sql, &args).map(drop)
}

/// The person of a stop may come on its day, on the telephone's word of this guardian.
pub(in crate::dismissal) fn save_agreed(
    tx: &mut SchoolTx,
    id: DelegateId,
    stop: &StopCard,
    by: GuardianId,
) -> Result<()> {
    let sql = sql!(
        "insert into pickup_delegate
           (school_id, id, student_id, name, relation, named_by, from_on, to_on, named_at, stop_id)
         values ($1, $2, $3, $4, '', $5, $6, $6, $7, $8)"
    );
    let args = [
        id.into(),
        stop.student.into(),
        stop.collector.trim().into(),
        by.into(),
        stop.day.into(),
        tx.at().into(),
        stop.id.into(),
    ];
    tx.run(sql, &args).map(drop)
}

/// Which guardians are said to have agreed on the telephone to somebody taking the child on the day.
pub(in crate::dismissal) fn agreements(
    tx: &mut SchoolTx,
    student: StudentId,
    day: Date,
) -> Result<Vec<Agreement>> {
    let sql = sql!(
        "select d.stop_id, d.id, g.name,
           coalesce((select max(gs.relation) from guardianship gs where gs.school_id = d.school_id
             and gs.student_id = d.student_id and gs.guardian_id = d.named_by), ''),
           coalesce(t.name, ''), p.settled_at
         from pickup_delegate d
           join pickup_stop p on p.school_id = d.school_id and p.id = d.stop_id
           join guardian g on g.school_id = d.school_id and g.id = d.named_by
           left join staff t on t.school_id = p.school_id and t.account_id = p.settled_by
         where d.school_id = $1 and d.student_id = $2 and p.day = $3 order by d.id limit 40"
    );
    tx.all(sql, &[student.into(), day.into()], |row| {
        Ok(Agreement {
            stop: row.id(0)?,
            delegate: row.id(1)?,
            guardian: row.text(2)?,
            relation: row.text(3)?,
            noted_by: row.text(4)?,
            at: row.at(5)?,
        })
    })
}

/// Sets the delegation's last day to `last_on`, unless it ended before.
pub(in crate::dismissal) fn end_delegate(
    tx: &mut SchoolTx,
    student: StudentId,
    delegate: DelegateId,
    last_on: Date,
) -> Result<u64> {
    let sql = sql!(
        "update pickup_delegate set to_on = $4, ended_at = $5
         where school_id = $1 and id = $2 and student_id = $3 and to_on > $4"
    );
    let at = tx.at();
    tx.run(sql, &[delegate.into(), student.into(), last_on.into(), at.into()])
}

fn read_restriction(row: &Row) -> Result<Restriction> {
    Ok(Restriction {
        id: row.id(0)?,
        name: row.text(1)?,
        guardian: row.maybe_id(2)?,
        from_on: row.day(3)?,
        to_on: row.maybe_day(4)?,
    })
}

/// Who must not collect the child, without the note.
pub(in crate::dismissal) fn restrictions(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<Restriction>> {
    let sql = sql!(
        "select id, name, guardian_id, from_on, to_on from pickup_restriction
         where school_id = $1 and student_id = $2 and lifted_at is null order by id limit 40"
    );
    tx.all(sql, &[student.into()], read_restriction)
}

/// What stands against the guardian's collecting its children, with the guardian's name.
pub(in crate::dismissal) fn restrictions_near(
    tx: &mut SchoolTx,
    guardian: GuardianId,
) -> Result<Vec<(Restriction, StudentId, String)>> {
    let sql = sql!(
        "select r.id, r.name, r.guardian_id, r.from_on, r.to_on, r.student_id, g.name from guardianship own
           join guardian g on g.school_id = own.school_id and g.id = own.guardian_id
           join pickup_restriction r on r.school_id = own.school_id and r.student_id = own.student_id
         where own.school_id = $1 and own.guardian_id = $2 and r.lifted_at is null order by r.id limit 400"
    );
    tx.all(sql, &[guardian.into()], |row| Ok((read_restriction(row)?, row.id(5)?, row.text(6)?)))
}

/// The children of whom somebody must not collect, today or later, by name.
pub(in crate::dismissal) fn restricted_children(tx: &mut SchoolTx) -> Result<Vec<ChildCard>> {
    let sql = sql!(
        "select s.id, s.name, c.stage, c.entered_year, c.class_no from student s
           left join class_stay cs on cs.school_id = s.school_id and cs.student_id = s.id
             and cs.from_on <= $2 and (cs.to_on is null or cs.to_on >= $2)
           left join home_class c on c.school_id = s.school_id and c.id = cs.class_id
         where s.school_id = $1 and s.status = 'enrolled' and exists (select 1 from pickup_restriction r
           where r.school_id = s.school_id and r.student_id = s.id and r.lifted_at is null
             and (r.to_on is null or r.to_on >= $2))
         order by s.name, s.id limit 200"
    );
    let today = tx.today();
    tx.all(sql, &[today.into()], |row| read_card(row, today))
}

/// Who must not collect the child, with source and sealed note, for those who keep restrictions.
pub(in crate::dismissal) fn restrictions_kept(
    tx: &mut SchoolTx,
    student: StudentId,
) -> Result<Vec<KeptRestriction>> {
    let sql = sql!(
        "select id, name, guardian_id, from_on, to_on, source, note_sealed from pickup_restriction
         where school_id = $1 and student_id = $2 and lifted_at is null order by id limit 40"
    );
    let read = |row: &Row| {
        let source = row.word(5, Source::parse)?;
        Ok(KeptRestriction { restriction: read_restriction(row)?, source, note: row.text(6)? })
    };
    let mut kept = tx.all(sql, &[student.into()], read)?;
    for restriction in &mut kept {
        restriction.note = tx.unseal(&restriction.note)?;
    }
    Ok(kept)
}

pub(in crate::dismissal) fn save_restriction(
    tx: &mut SchoolTx,
    id: RestrictionId,
    student: StudentId,
    new: &NewRestriction,
) -> Result<()> {
    let sql = sql!(
        "insert into pickup_restriction
           (school_id, id, student_id, name, guardian_id, source, note_sealed, from_on, to_on, set_by, set_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let args = [
        id.into(),
        student.into(),
        new.name.trim().into(),
        new.guardian.into(),
        new.source.word().into(),
        tx.seal(new.note.trim()).into(),
        tx.today().into(),
        new.to_on.into(),
        tx.account().into(),
        tx.at().into(),
    ];
    tx.run(sql, &args).map(drop)
}

pub(in crate::dismissal) fn lift_restriction(
    tx: &mut SchoolTx,
    student: StudentId,
    restriction: RestrictionId,
) -> Result<u64> {
    let sql = sql!(
        "update pickup_restriction set lifted_by = $4, lifted_at = $5
         where school_id = $1 and id = $2 and student_id = $3 and lifted_at is null"
    );
    let args = [restriction.into(), student.into(), tx.account().into(), tx.at().into()];
    tx.run(sql, &args)
}

/// The consents in force for the child.
pub(in crate::dismissal) fn consents(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<GivenConsent>> {
    let sql = sql!(
        "select c.id, c.mode, c.from_on, c.to_on, c.given_at, g.name from release_consent c
           join guardian g on g.school_id = c.school_id and g.id = c.given_by
           join student s on s.school_id = c.school_id and s.id = c.student_id
         where c.school_id = $1 and c.student_id = $2 and c.withdrawn_at is null
           and (s.left_on is null or s.left_on >= $3) order by c.id limit 20"
    );
    let today = tx.today();
    tx.all(sql, &[student.into(), today.into()], read_consent)
}

/// A consent of the child, in force or not.
pub(in crate::dismissal) struct ConsentEver {
    pub(in crate::dismissal) given: GivenConsent,
    pub(in crate::dismissal) guardian: GuardianId,
    pub(in crate::dismissal) withdrawn_at: Option<Timestamp>,
}

/// Every consent that was ever given for the child, the earliest first.
pub(in crate::dismissal) fn consents_ever(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<ConsentEver>> {
    let sql = sql!(
        "select c.id, c.mode, c.from_on, c.to_on, c.given_at, g.name, c.given_by, c.withdrawn_at
         from release_consent c join guardian g on g.school_id = c.school_id and g.id = c.given_by
         where c.school_id = $1 and c.student_id = $2 order by c.id limit 400"
    );
    tx.all(sql, &[student.into()], |row| {
        Ok(ConsentEver { given: read_consent(row)?, guardian: row.id(6)?, withdrawn_at: row.maybe_at(7)? })
    })
}

fn read_consent(row: &Row) -> Result<GivenConsent> {
    let consent =
        Consent { mode: row.word(1, ReleaseMode::parse)?, from_on: row.day(2)?, to_on: row.maybe_day(3)? };
    Ok(GivenConsent { id: row.id(0)?, consent, given_at: row.at(4)?, given_by: row.text(5)? })
}

pub(in crate::dismissal) fn save_consent(
    tx: &mut SchoolTx,
    id: ConsentId,
    student: StudentId,
    mode: ReleaseMode,
    given_by: GuardianId,
) -> Result<()> {
    let sql = sql!(
        "insert into release_consent (school_id, id, student_id, mode, given_by, given_at, from_on)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    let args =
        [id.into(), student.into(), mode.word().into(), given_by.into(), tx.at().into(), tx.today().into()];
    tx.run(sql, &args).map(drop)
}

pub(in crate::dismissal) fn withdraw_consent(
    tx: &mut SchoolTx,
    student: StudentId,
    consent: ConsentId,
) -> Result<u64> {
    let sql = sql!(
        "update release_consent set withdrawn_at = $4
         where school_id = $1 and id = $2 and student_id = $3 and withdrawn_at is null"
    );
    let at = tx.at();
    tx.run(sql, &[consent.into(), student.into(), at.into()])
}
