//! What families say on paper.

use jiff::civil::Date;
use kehou_db::{Error, Result, Row, SchoolTx, sql};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::ids::{AccountId, ClassId, EntityId, SignedPaperId};
use kehou_domain::plan::ReleaseMode;
use serde_json::{Value, json};

use super::gate::read_card;
use crate::dismissal::{Naming, PaperKind, Says, SignedPaper, WrittenPaper};
use crate::enrolment::PaperStatus;

fn write_says(says: &Says) -> Value {
    match says {
        Says::Delegate(naming) => json!({
            "name": naming.name, "relation": naming.relation, "from_on": naming.from_on.to_string(),
            "to_on": naming.to_on.to_string(), "capable": naming.declared_capable,
        }),
        Says::DelegateEnds(id, name) => json!({ "delegate": id.to_string(), "name": name }),
        Says::WayHome(mode) => json!({ "mode": mode.word() }),
        Says::WayHomeEnds(id, mode) => json!({ "consent": id.to_string(), "mode": mode.word() }),
        Says::Purposes(answers) => {
            let answers = answers.iter().map(|(purpose, given)| (purpose.word().to_owned(), json!(given)));
            Value::Object(answers.collect())
        }
        Says::Withdrawal(last_day, reason) => json!({ "last_day": last_day.to_string(), "reason": reason }),
    }
}

fn read_says(kind: PaperKind, says: &Value) -> Option<Says> {
    let text = |field: &str| says[field].as_str().map(str::to_owned);
    let day = |field: &str| says[field].as_str()?.parse::<Date>().ok();
    let mode = || ReleaseMode::parse(says["mode"].as_str()?);
    Some(match kind {
        PaperKind::Delegate => Says::Delegate(Naming {
            name: text("name")?,
            relation: text("relation")?,
            from_on: day("from_on")?,
            to_on: day("to_on")?,
            declared_capable: says["capable"].as_bool()?,
        }),
        PaperKind::DelegateEnds => {
            Says::DelegateEnds(EntityId::parse(says["delegate"].as_str()?)?, text("name")?)
        }
        PaperKind::WayHome => Says::WayHome(mode()?),
        PaperKind::WayHomeEnds => Says::WayHomeEnds(EntityId::parse(says["consent"].as_str()?)?, mode()?),
        PaperKind::Purposes => {
            let answer = |(word, given): (&String, &Value)| Some((Purpose::parse(word)?, given.as_bool()?));
            Says::Purposes(says.as_object()?.iter().map(answer).collect::<Option<_>>()?)
        }
        PaperKind::Withdrawal => Says::Withdrawal(day("last_day")?, text("reason")?),
    })
}

/// Reads child, guardian, kind, what it says, day of signature and place, from this column on.
fn read_written(row: &Row, from: usize) -> Result<WrittenPaper> {
    let kind = row.word(from + 2, PaperKind::parse)?;
    let text = row.text(from + 3)?;
    let says = serde_json::from_str(&text).ok().and_then(|says| read_says(kind, &says));
    Ok(WrittenPaper {
        student: row.id(from)?,
        guardian: row.id(from + 1)?,
        says: says.ok_or(Error::Column { column: from + 3, found: text })?,
        signed_on: row.day(from + 4)?,
        place: row.text(from + 5)?,
    })
}

pub(in crate::dismissal) fn add_signed_paper(
    tx: &mut SchoolTx,
    id: SignedPaperId,
    paper: &WrittenPaper,
) -> Result<()> {
    let sql = sql!(
        "insert into signed_paper (school_id, id, student_id, guardian_id, kind, says, signed_on, place, status,
           entered_by, entered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 'entered', $9, $10)"
    );
    let args = [
        id.into(),
        paper.student.into(),
        paper.guardian.into(),
        paper.says.kind().word().into(),
        write_says(&paper.says).to_string().into(),
        paper.signed_on.into(),
        paper.place.trim().into(),
        tx.account().into(),
        tx.at().into(),
    ];
    tx.run(sql, &args).map(drop)
}

/// The papers with the child's class of today, those that wait first.
pub(in crate::dismissal) fn signed_papers(tx: &mut SchoolTx) -> Result<Vec<(SignedPaper, Option<ClassId>)>> {
    let sql = sql!(
        "select s.id, s.name, c.stage, c.entered_year, c.class_no, c.id, p.id, p.student_id, p.guardian_id, p.kind,
           p.says, p.signed_on, p.place, g.name, p.status, p.entered_by, p.entered_at
         from signed_paper p
         join student s on s.school_id = p.school_id and s.id = p.student_id
         join guardian g on g.school_id = p.school_id and g.id = p.guardian_id
         left join class_stay cs on cs.school_id = p.school_id and cs.student_id = p.student_id
           and cs.from_on <= $2 and (cs.to_on is null or $2 <= cs.to_on)
         left join home_class c on c.school_id = p.school_id and c.id = cs.class_id
         where p.school_id = $1
         order by case when p.status = 'entered' then 0 else 1 end, p.entered_at desc, p.id limit 500"
    );
    let (today, acting) = (tx.today(), tx.account());
    tx.all(sql, &[today.into()], |row| {
        let paper = SignedPaper {
            id: row.id(6)?,
            paper: read_written(row, 7)?,
            child: read_card(row, today)?,
            guardian_name: row.text(13)?,
            status: row.word(14, PaperStatus::parse)?,
            mine: row.id::<AccountId>(15)? == acting,
            entered_at: row.at(16)?,
        };
        Ok((paper, row.maybe_id(5)?))
    })
}

/// Holds a paper until this transaction ends, and reads it with who entered it.
pub(in crate::dismissal) fn hold_signed_paper(
    tx: &mut SchoolTx,
    id: SignedPaperId,
) -> Result<(WrittenPaper, AccountId, PaperStatus)> {
    let sql = sql!("update signed_paper set version = version + 1 where school_id = $1 and id = $2");
    if tx.run(sql, &[id.into()])? == 0 {
        return Err(Error::NotFound);
    }
    let sql = sql!(
        "select student_id, guardian_id, kind, says, signed_on, place, entered_by, status from signed_paper
         where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], |row| Ok((read_written(row, 0)?, row.id(6)?, row.word(7, PaperStatus::parse)?)))
}

pub(in crate::dismissal) fn settle_signed_paper(
    tx: &mut SchoolTx,
    id: SignedPaperId,
    status: &'static str,
) -> Result<()> {
    let sql = sql!(
        "update signed_paper set status = $3, settled_by = $4, settled_at = $5 where school_id = $1 and id = $2"
    );
    let args = [id.into(), status.into(), tx.account().into(), tx.at().into()];
    tx.run(sql, &args).map(drop)
}
