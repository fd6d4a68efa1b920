//! Names shown in classes.

use kehou_db::{self as db, Row, SchoolTx, sql};
use kehou_domain::enrolment::objection::Finding;
use kehou_domain::ids::{AccountId, ApplicationId, ClassId, ObjectionId, PublicationId, StudentId, TermId};

use super::people::read_class;
use crate::enrolment::apply::Application;
use crate::enrolment::objection::{NewObjection, Objection};
use crate::enrolment::publication::{Publication, last_day};
use crate::enrolment::signup::SignUp;

/// Whether the application's present round stands on a list already.
pub(in super::super) fn is_shown(tx: &mut SchoolTx, application: &Application) -> db::Result<bool> {
    let sql = sql!(
        "select count(*) from class_publication_name
         where school_id = $1 and application_id = $2 and round = $3"
    );
    let count = tx.one(sql, &[application.id.into(), application.round.into()], |row| row.int(0))?;
    Ok(0 < count)
}

pub(in super::super) fn publications(tx: &mut SchoolTx, term: TermId) -> db::Result<Vec<Publication>> {
    let sql = sql!(
        "select p.id, c.id, c.stage, c.entered_year, c.class_no, t.school_year, p.opens_on, p.days, count(n.application_id),
                count(d.step)
         from class_publication p
         join home_class c on c.school_id = $1 and c.id = p.class_id
         join term t on t.school_id = $1 and t.id = p.term_id
         left join class_publication_name n on n.school_id = $1 and n.publication_id = p.id
         left join application_decision d on d.school_id = $1 and d.application_id = n.application_id
              and d.round = n.round and d.kind = 'publication'
         where p.school_id = $1 and p.term_id = $2
         group by p.id, c.id, c.stage, c.entered_year, c.class_no, t.school_year, p.opens_on, p.days
         order by p.opens_on desc, p.id desc limit 500"
    );
    let found = tx.all(sql, &[term.into()], |row| {
        let Some(class) = read_class(row, 1)? else { return Ok(None) };
        let (opens_on, days) = (row.day(6)?, row.int(7)?);
        let closes_on = last_day(opens_on, days);
        let (names, settled) = (row.count(8)?, row.count(9)?);
        Ok(Some(Publication { id: row.id(0)?, class, opens_on, closes_on, names, settled }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

pub(in super::super) fn add(
    tx: &mut SchoolTx,
    sign_up: &SignUp,
    class: ClassId,
    days: u8,
    names: &[Application],
) -> db::Result<PublicationId> {
    let id: PublicationId = tx.new_id();
    let sql = sql!(
        "insert into class_publication (school_id, id, term_id, class_id, opens_on, days, published_by,
                                        published_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let (today, account, at, days) = (tx.today(), tx.account(), tx.at(), i64::from(days.max(1)));
    let args =
        [id.into(), sign_up.term.into(), class.into(), today.into(), days.into(), account.into(), at.into()];
    tx.run(sql, &args)?;
    let sql = sql!(
        "insert into class_publication_name (school_id, publication_id, application_id, round)
         values ($1, $2, $3, $4)"
    );
    for application in names {
        tx.run(sql, &[id.into(), application.id.into(), application.round.into()])?;
    }
    Ok(id)
}

/// The children on a list, by name; one to whom an objection held stands there no more.
pub(in super::super) fn names(
    tx: &mut SchoolTx,
    id: PublicationId,
) -> db::Result<Vec<(ApplicationId, String)>> {
    let sql = sql!(
        "select n.application_id, s.name from class_publication_name n
         join application a on a.school_id = $1 and a.id = n.application_id
         join student s on s.school_id = $1 and s.id = a.student_id
         where n.school_id = $1 and n.publication_id = $2
           and not exists (select 1 from publication_objection o where o.school_id = $1
             and o.publication_id = n.publication_id and o.application_id = n.application_id
             and o.verdict = 'upheld')
         order by s.name, s.id limit 200"
    );
    tx.all(sql, &[id.into()], |row| Ok((row.id(0)?, row.text(1)?)))
}

/// An objection as it is held to be answered.
pub(in super::super) struct Held {
    pub(in super::super) publication: PublicationId,
    pub(in super::super) application: ApplicationId,
    pub(in super::super) said_by: AccountId,
    /// The objecting family's child; nobody's when staff wrote it down.
    pub(in super::super) student: Option<StudentId>,
    pub(in super::super) finding: Option<Finding>,
}

pub(in super::super) fn add_objection(
    tx: &mut SchoolTx,
    new: &NewObjection,
    student: Option<StudentId>,
) -> db::Result<ObjectionId> {
    let id: ObjectionId = tx.new_id();
    let sql = sql!(
        "insert into publication_objection (school_id, id, publication_id, application_id, student_id, what,
                                            said_by, said_at, answer)
         values ($1, $2, $3, $4, $5, $6, $7, $8, '')"
    );
    let args = [
        id.into(),
        new.publication.into(),
        new.application.into(),
        student.into(),
        new.what.trim().into(),
        tx.account().into(),
        tx.at().into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

/// Makes everyone else who objects to a name on this list wait until this transaction ends.
pub(in super::super) fn hold_list(tx: &mut SchoolTx, id: PublicationId) -> db::Result<()> {
    let sql = sql!("update class_publication set days = days where school_id = $1 and id = $2");
    tx.run(sql, &[id.into()]).map(|_| ())
}

/// How many objections a child's family has to the same name on the same list.
pub(in super::super) fn said_for(
    tx: &mut SchoolTx,
    new: &NewObjection,
    student: StudentId,
) -> db::Result<u32> {
    let sql = sql!(
        "select count(*) from publication_objection
         where school_id = $1 and publication_id = $2 and application_id = $3 and student_id = $4"
    );
    let args = [new.publication.into(), new.application.into(), student.into()];
    tx.one(sql, &args, |row| row.count(0))
}

/// The guardians' accounts of a class's children on a day who stand on no list, with the child.
pub(in super::super) fn families_beside(
    tx: &mut SchoolTx,
    (class, list): (ClassId, PublicationId),
) -> db::Result<Vec<(AccountId, StudentId, String)>> {
    let sql = sql!(
        "select distinct g.account_id, s.id, s.name from class_stay y
         join student s on s.school_id = $1 and s.id = y.student_id and s.status = 'enrolled'
         join guardianship m on m.school_id = $1 and m.student_id = s.id and m.from_on <= $4
           and (m.to_on is null or $4 <= m.to_on)
         join guardian g on g.school_id = $1 and g.id = m.guardian_id and g.account_id is not null
         where y.school_id = $1 and y.class_id = $2 and y.from_on <= $4 and (y.to_on is null or $4 <= y.to_on)
           and not exists (select 1 from class_publication_name n
             join application a on a.school_id = $1 and a.id = n.application_id
             where n.school_id = $1 and n.publication_id = $3 and a.student_id = s.id)
         order by s.id, g.account_id"
    );
    let today = tx.today();
    tx.all(sql, &[class.into(), list.into(), today.into()], |row| Ok((row.id(0)?, row.id(1)?, row.text(2)?)))
}

fn read_objection(row: &Row) -> db::Result<Objection> {
    Ok(Objection {
        id: row.id(0)?,
        name: row.text(1)?,
        what: row.text(2)?,
        said_at: row.at(3)?,
        finding: row.maybe_word(4, Finding::parse)?,
        answer: row.text(5)?,
    })
}

/// What was said against a list, those without an answer first.
pub(in super::super) fn objections(tx: &mut SchoolTx, list: PublicationId) -> db::Result<Vec<Objection>> {
    let sql = sql!(
        "select o.id, s.name, o.what, o.said_at, o.verdict, o.answer from publication_objection o
         join application a on a.school_id = $1 and a.id = o.application_id
         join student s on s.school_id = $1 and s.id = a.student_id
         where o.school_id = $1 and o.publication_id = $2
         order by case when o.verdict is null then 0 else 1 end, o.said_at, o.id limit 200"
    );
    tx.all(sql, &[list.into()], read_objection)
}

/// What the acting account said itself, the latest first.
pub(in super::super) fn own_objections(tx: &mut SchoolTx) -> db::Result<Vec<Objection>> {
    let sql = sql!(
        "select o.id, s.name, o.what, o.said_at, o.verdict, o.answer from publication_objection o
         join application a on a.school_id = $1 and a.id = o.application_id
         join student s on s.school_id = $1 and s.id = a.student_id
         where o.school_id = $1 and o.said_by = $2 order by o.said_at desc, o.id limit 20"
    );
    let account = tx.account();
    tx.all(sql, &[account.into()], read_objection)
}

/// What was found of every objection to one child on a list, with the answer.
pub(in super::super) fn objections_to(
    tx: &mut SchoolTx,
    list: PublicationId,
    application: ApplicationId,
) -> db::Result<Vec<(Option<Finding>, String)>> {
    let sql = sql!(
        "select verdict, answer from publication_objection
         where school_id = $1 and publication_id = $2 and application_id = $3 order by said_at, id limit 200"
    );
    tx.all(sql, &[list.into(), application.into()], |row| {
        Ok((row.maybe_word(0, Finding::parse)?, row.text(1)?))
    })
}

/// Holds an objection until this transaction ends, and reads it.
pub(in super::super) fn hold_objection(tx: &mut SchoolTx, id: ObjectionId) -> db::Result<Held> {
    let sql = sql!(
        "update publication_objection set version = version + 1 where school_id = $1 and id = $2
         returning publication_id, application_id, said_by, student_id, verdict"
    );
    tx.one(sql, &[id.into()], |row| {
        Ok(Held {
            publication: row.id(0)?,
            application: row.id(1)?,
            said_by: row.id(2)?,
            student: row.maybe_id(3)?,
            finding: row.maybe_word(4, Finding::parse)?,
        })
    })
}

pub(in super::super) fn answer_objection(
    tx: &mut SchoolTx,
    id: ObjectionId,
    finding: Finding,
    answer: &str,
) -> db::Result<()> {
    let sql = sql!(
        "update publication_objection set verdict = $3, answer = $4, answered_by = $5, answered_at = $6
         where school_id = $1 and id = $2"
    );
    let (account, at) = (tx.account(), tx.at());
    tx.run(sql, &[id.into(), finding.word().into(), answer.trim().into(), account.into(), at.into()])
        .map(|_| ())
}
