//! Names shown in classes.

use kehou_db::{self as db, SchoolTx, sql};
use kehou_domain::ids::{ApplicationId, ClassId, PublicationId, TermId};

use super::people::read_class;
use crate::enrolment::apply::Application;
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

pub(in super::super) fn names(tx: &mut SchoolTx, id: PublicationId) -> db::Result<Vec<String>> {
    let sql = sql!(
        "select s.name from class_publication_name n
         join application a on a.school_id = $1 and a.id = n.application_id
         join student s on s.school_id = $1 and s.id = a.student_id
         where n.school_id = $1 and n.publication_id = $2 order by s.name, s.id limit 200"
    );
    tx.all(sql, &[id.into()], |row| row.text(0))
}

pub(in super::super) fn applications(tx: &mut SchoolTx, id: PublicationId) -> db::Result<Vec<ApplicationId>> {
    let sql = sql!(
        "select application_id from class_publication_name
         where school_id = $1 and publication_id = $2 order by application_id limit 200"
    );
    tx.all(sql, &[id.into()], |row| row.id(0))
}
