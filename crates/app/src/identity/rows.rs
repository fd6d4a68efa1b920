//! What identity reads and links of people: guardians of a class, members of staff by phone.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Result, Row, SchoolTx, sql};
use kehou_domain::ids::{AccountId, AnyId, ClassId, EntityId, GuardianId, StaffId, StudentId};

use super::slips::ClassLine;
use crate::people::read_class;

/// A guardian of a class, with their children in it, and the class of their youngest child.
pub(super) struct ClassGuardian {
    pub(super) id: GuardianId,
    pub(super) name: String,
    pub(super) phone: Option<String>,
    pub(super) children: Vec<String>,
    pub(super) youngest_in: ClassId,
}

/// The classes of a day, the youngest first, with how many of their guardians have an account with a password.
pub(super) fn class_lines(tx: &mut SchoolTx, on: Date) -> Result<Vec<ClassLine>> {
    let sql = sql!(
        "select c.id, c.stage, c.entered_year, c.class_no, count(distinct gs.guardian_id),
                count(distinct case when a.password_hash is not null then gs.guardian_id end)
         from home_class c
         left join class_stay cs on cs.school_id = c.school_id and cs.class_id = c.id and cs.from_on <= $2
              and (cs.to_on is null or $2 <= cs.to_on)
         left join guardianship gs on gs.school_id = cs.school_id and gs.student_id = cs.student_id
              and gs.from_on <= $2 and (gs.to_on is null or $2 <= gs.to_on)
         left join guardian g on g.school_id = gs.school_id and g.id = gs.guardian_id
         left join account a on a.id = g.account_id
         where c.school_id = $1 and (c.closed_on is null or $2 < c.closed_on)
         group by c.id, c.stage, c.entered_year, c.class_no
         order by c.stage desc, c.entered_year desc, c.class_no"
    );
    tx.all(sql, &[on.into()], |row| {
        Ok(ClassLine {
            class: row.id(0)?,
            key: read_class(row, 1)?,
            guardians: row.int(4)?,
            ready: row.int(5)?,
            holding: 0,
        })
    })
}

/// The accounts of guardians whose first code holds at the moment, each with the class of their youngest child.
pub(super) fn codes_that_hold(
    tx: &mut SchoolTx,
    on: Date,
    at: Timestamp,
) -> Result<Vec<(ClassId, AccountId)>> {
    let sql = sql!(
        "select y.id, g.account_id
         from guardian g
         join first_code f on f.account_id = g.account_id and f.used_at is null and $3 < f.expires_at
         join home_class y on y.school_id = g.school_id and y.id = (
              select c.id from guardianship o
              join class_stay os on os.school_id = o.school_id and os.student_id = o.student_id
                   and os.from_on <= $2 and (os.to_on is null or $2 <= os.to_on)
              join home_class c on c.school_id = os.school_id and c.id = os.class_id
              where o.school_id = $1 and o.guardian_id = g.id and o.from_on <= $2
                    and (o.to_on is null or $2 <= o.to_on)
              order by c.stage desc, c.entered_year desc, c.class_no limit 1)
         where g.school_id = $1"
    );
    tx.all(sql, &[on.into(), at.into()], |row| Ok((row.id(0)?, row.id(1)?)))
}

/// The accounts of guardians whose first code was made at this moment and is neither used nor replaced.
pub(super) fn codes_made_at(tx: &mut SchoolTx, made_at: i64) -> Result<Vec<AccountId>> {
    let sql = sql!(
        "select g.account_id from guardian g join first_code f on f.account_id = g.account_id
         where g.school_id = $1 and f.made_at = $2 and f.used_at is null"
    );
    tx.all(sql, &[made_at.into()], |row| row.id(0))
}

/// The guardians of a class on a day, by child; one who has several children in it comes once.
pub(super) fn guardians_in_class(tx: &mut SchoolTx, class: ClassId, on: Date) -> Result<Vec<ClassGuardian>> {
    let sql = sql!(
        "select g.id, g.name, g.phone_sealed, s.name, y.id
         from class_stay cs
         join student s on s.school_id = cs.school_id and s.id = cs.student_id
         join guardianship gs on gs.school_id = cs.school_id and gs.student_id = cs.student_id
              and gs.from_on <= $3 and (gs.to_on is null or $3 <= gs.to_on)
         join guardian g on g.school_id = gs.school_id and g.id = gs.guardian_id
         join home_class y on y.school_id = g.school_id and y.id = (
              select c.id from guardianship o
              join class_stay os on os.school_id = o.school_id and os.student_id = o.student_id
                   and os.from_on <= $3 and (os.to_on is null or $3 <= os.to_on)
              join home_class c on c.school_id = os.school_id and c.id = os.class_id
              where o.school_id = $1 and o.guardian_id = g.id and o.from_on <= $3
                    and (o.to_on is null or $3 <= o.to_on)
              order by c.stage desc, c.entered_year desc, c.class_no limit 1)
         where cs.school_id = $1 and cs.class_id = $2 and cs.from_on <= $3 and (cs.to_on is null or $3 <= cs.to_on)
         order by s.seat_no, s.name, g.name limit 500"
    );
    let lines = tx.all(sql, &[class.into(), on.into()], read_line)?;
    let mut guardians: Vec<ClassGuardian> = Vec::new();
    for Line { id, name, sealed, child, youngest_in } in lines {
        if let Some(known) = guardians.iter_mut().find(|known| known.id == id) {
            known.children.push(child);
            continue;
        }
        let phone = sealed.map(|sealed| tx.unseal(&sealed)).transpose()?;
        guardians.push(ClassGuardian { id, name, phone, children: vec![child], youngest_in });
    }
    Ok(guardians)
}

/// A guardian beside one of their children.
struct Line {
    id: GuardianId,
    name: String,
    sealed: Option<String>,
    child: String,
    youngest_in: ClassId,
}

fn read_line(row: &Row) -> Result<Line> {
    Ok(Line {
        id: row.id(0)?,
        name: row.text(1)?,
        sealed: row.maybe_text(2)?,
        child: row.text(3)?,
        youngest_in: row.id(4)?,
    })
}

/// The name and the phone number of somebody who is this child's guardian today.
pub(super) fn guardian_of(
    tx: &mut SchoolTx,
    student: StudentId,
    guardian: GuardianId,
) -> Result<Option<(String, Option<String>)>> {
    let sql = sql!(
        "select g.name, g.phone_sealed from guardianship gs
         join guardian g on g.school_id = gs.school_id and g.id = gs.guardian_id
         where gs.school_id = $1 and gs.student_id = $2 and gs.guardian_id = $3 and gs.from_on <= $4
           and (gs.to_on is null or $4 <= gs.to_on)"
    );
    let today = tx.today();
    let args = [student.into(), guardian.into(), today.into()];
    let found = tx.maybe(sql, &args, |row| Ok((row.text(0)?, row.maybe_text(1)?)))?;
    let Some((name, sealed)) = found else { return Ok(None) };
    Ok(Some((name, sealed.map(|sealed| tx.unseal(&sealed)).transpose()?)))
}

/// Notes which account a guardian signs in with.
pub(super) fn link_guardian(tx: &mut SchoolTx, guardian: GuardianId, account: AccountId) -> Result<()> {
    let sql = sql!("update guardian set account_id = $3 where school_id = $1 and id = $2");
    tx.run(sql, &[guardian.into(), account.into()]).map(|_| ())
}

/// The names under which this school itself has this phone number, on its staff and among its guardians.
pub(super) fn names_of_phone(tx: &mut SchoolTx, phone: &str) -> Result<Vec<String>> {
    let sql = sql!(
        "select name from staff where school_id = $1 and phone_mac = $2
         union select name from guardian where school_id = $1 and phone_mac = $2"
    );
    let mac = tx.mac(phone);
    tx.all(sql, &[mac.into()], |row| row.text(0))
}

/// The member of staff with this phone number, entered on the staff when there is none, with the account noted.
pub(super) fn staff_of_phone(
    tx: &mut SchoolTx,
    phone: &str,
    name: &str,
    account: AccountId,
) -> Result<AnyId> {
    let (mac, sealed) = (tx.mac(phone), tx.seal(phone));
    let id: StaffId = tx.new_id();
    let sql = sql!(
        "insert into staff (school_id, id, account_id, name, phone_mac, phone_sealed) values ($1, $2, $3, $4, $5, $6)
         on conflict (school_id, phone_mac) do update set account_id = excluded.account_id, status = 'active'
         returning id"
    );
    let args = [id.into(), account.into(), name.into(), mac.into(), sealed.into()];
    let staff: StaffId = tx.one(sql, &args, |row| row.id(0))?;
    Ok(AnyId::from_bits(staff.bits()))
}
