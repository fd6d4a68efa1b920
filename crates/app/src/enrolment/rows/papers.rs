//! Forms on paper.

use kehou_db::{self as db, Row, SchoolTx, sql};
use kehou_domain::enrolment::apply::{Choice, Need};
use kehou_domain::enrolment::paper::{Confirmed, Paper, confirm};
use kehou_domain::ids::{AccountId, ApplicationId, PaperId, TermId};

use super::people::read_class;
use crate::enrolment::paper::{NewPaper, PaperOnList, PaperStatus};
use crate::enrolment::signup::SignUp;

fn write_choices(choices: &[Choice]) -> String {
    let each: Vec<String> = choices.iter().map(|c| format!("{}/{}", c.slot, c.weekday)).collect();
    each.join(" ")
}

fn read_choices(text: &str) -> Vec<Choice> {
    let one = |part: &str| {
        let (slot, weekday) = part.rsplit_once('/')?;
        Some(Choice { slot: slot.to_owned(), weekday: weekday.parse().ok()? })
    };
    text.split(' ').filter_map(one).collect()
}

fn read_paper(row: &Row, from: usize) -> db::Result<NewPaper> {
    Ok(NewPaper {
        student: row.id(from)?,
        guardian: row.id(from + 1)?,
        choices: read_choices(&row.text(from + 2)?),
        need: row.maybe_word(from + 3, Need::parse)?,
        remark: row.text(from + 4)?,
        covers_agreement: row.flag(from + 5)?,
        signed_on: row.day(from + 6)?,
        place: row.text(from + 7)?,
    })
}

/// Adds a paper; `signs` is the application whose signed agreement it is.
pub(in super::super) fn add(
    tx: &mut SchoolTx,
    sign_up: &SignUp,
    paper: &NewPaper,
    signs: Option<ApplicationId>,
) -> db::Result<PaperId> {
    let id: PaperId = tx.new_id();
    let sql = sql!(
        "insert into paper_record (school_id, id, term_id, student_id, guardian_id, choices, need, remark,
                                   covers_agreement, signed_on, place, status, entered_by, entered_at,
                                   application_id, kind)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'entered', $12, $13, $14, $15)"
    );
    let (account, at) = (tx.account(), tx.at());
    let args = [
        id.into(),
        sign_up.term.into(),
        paper.student.into(),
        paper.guardian.into(),
        write_choices(&paper.choices).into(),
        paper.need.map(Need::word).into(),
        paper.remark.trim().into(),
        paper.covers_agreement.into(),
        paper.signed_on.into(),
        paper.place.trim().into(),
        account.into(),
        at.into(),
        signs.into(),
        signs.map_or("application", |_| "agreement").into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

pub(in super::super) fn papers(tx: &mut SchoolTx, term: TermId) -> db::Result<Vec<PaperOnList>> {
    let sql = sql!(
        "select p.id, p.student_id, p.guardian_id, p.choices, p.need, p.remark, p.covers_agreement, p.signed_on,
                p.place, s.name, g.name, p.status, p.entered_by, p.entered_at, c.id, c.stage, c.entered_year,
                c.class_no, t.school_year,
                case when p.kind = 'agreement' then p.application_id end
         from paper_record p
         join student s on s.school_id = $1 and s.id = p.student_id
         join guardian g on g.school_id = $1 and g.id = p.guardian_id
         join term t on t.school_id = $1 and t.id = p.term_id
         left join class_stay y on y.school_id = $1 and y.student_id = p.student_id and y.from_on <= $3
              and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where p.school_id = $1 and p.term_id = $2
         order by case when p.status = 'entered' then 0 else 1 end, p.entered_at desc, p.id limit 1000"
    );
    let (today, acting) = (tx.today(), tx.account());
    tx.all(sql, &[term.into(), today.into()], |row| {
        Ok(PaperOnList {
            id: row.id(0)?,
            paper: read_paper(row, 1)?,
            choices: Vec::new(),
            signs: row.maybe_id(19)?,
            name: row.text(9)?,
            guardian_name: row.text(10)?,
            status: row.word(11, PaperStatus::parse)?,
            mine: row.id::<AccountId>(12)? == acting,
            entered_at: row.at(13)?,
            class: read_class(row, 14)?,
        })
    })
}

/// A paper, the application whose agreement it is, who entered it, and what has become of it.
type Held = (NewPaper, Option<ApplicationId>, AccountId, PaperStatus);

/// Holds a paper until this transaction ends, and reads it.
pub(in super::super) fn held(tx: &mut SchoolTx, id: PaperId) -> db::Result<Held> {
    let sql = sql!("update paper_record set version = version + 1 where school_id = $1 and id = $2");
    if tx.run(sql, &[id.into()])? == 0 {
        return Err(db::Error::NotFound);
    }
    let sql = sql!(
        "select student_id, guardian_id, choices, need, remark, covers_agreement, signed_on, place, entered_by,
                status, case when kind = 'agreement' then application_id end
         from paper_record where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], |row| {
        Ok((read_paper(row, 0)?, row.maybe_id(10)?, row.id(8)?, row.word(9, PaperStatus::parse)?))
    })
}

pub(in super::super) fn settle(
    tx: &mut SchoolTx,
    id: PaperId,
    status: &'static str,
    application: Option<ApplicationId>,
) -> db::Result<()> {
    let sql = sql!(
        "update paper_record set status = $3, settled_by = $4, settled_at = $5, application_id = $6
         where school_id = $1 and id = $2"
    );
    let (account, at) = (tx.account(), tx.at());
    tx.run(sql, &[id.into(), status.into(), account.into(), at.into(), application.into()]).map(|_| ())
}

/// The paper behind an application, as two people have seen it.
pub(in super::super) fn confirmed_for(
    tx: &mut SchoolTx,
    application: ApplicationId,
) -> db::Result<Option<Confirmed>> {
    let sql = sql!(
        "select entered_by, place, settled_by from paper_record
         where school_id = $1 and application_id = $2 and status = 'confirmed'
         order by settled_at desc, id desc limit 1"
    );
    let found = tx.maybe(sql, &[application.into()], |row| {
        Ok((Paper { entered_by: row.id(0)?, place: row.text(1)? }, row.id::<AccountId>(2)?))
    })?;
    Ok(found.and_then(|(paper, confirmed_by)| confirm(paper, confirmed_by).ok()))
}
