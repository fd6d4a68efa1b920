//! Sign-ups and the answers to their surveys.

use kehou_db::{self as db, Row, SchoolTx, sql};
use kehou_domain::enrolment::apply::Window;
use kehou_domain::ids::{GuardianId, SignUpId, StudentId};

use super::people::read_class;
use crate::enrolment::signup::{Intention, SignUp, SignUpDraft, SurveyLine, TermChoice, Wish};

/// The sign-up of the first term that has not ended and has one.
pub(in super::super) fn current(tx: &mut SchoolTx) -> db::Result<Option<SignUp>> {
    let sql = sql!(
        "select u.id, t.id, t.name, t.service_from, u.notice_id, u.survey_opens_on, u.survey_closes_on,
                u.opens_on, u.closes_on, u.review_days
         from sign_up u join term t on t.school_id = $1 and t.id = u.term_id
         where u.school_id = $1 and $2 <= t.ends_on order by t.starts_on limit 1"
    );
    let today = tx.today();
    tx.maybe(sql, &[today.into()], read_sign_up)
}

fn read_sign_up(row: &Row) -> db::Result<SignUp> {
    Ok(SignUp {
        id: row.id(0)?,
        term: row.id(1)?,
        term_name: row.text(2)?,
        service_from: row.day(3)?,
        notice: row.id(4)?,
        survey: (row.day(5)?, row.day(6)?),
        window: Window { opens_on: row.day(7)?, closes_on: row.maybe_day(8)? },
        review_days: u8::try_from(row.int(9)?).unwrap_or(u8::MAX),
    })
}

pub(in super::super) fn terms(tx: &mut SchoolTx) -> db::Result<Vec<TermChoice>> {
    let sql =
        sql!("select id, name from term where school_id = $1 and $2 <= ends_on order by starts_on limit 10");
    let today = tx.today();
    tx.all(sql, &[today.into()], |row| Ok(TermChoice { id: row.id(0)?, name: row.text(1)? }))
}

pub(in super::super) fn save(tx: &mut SchoolTx, draft: &SignUpDraft) -> db::Result<SignUpId> {
    let id: SignUpId = tx.new_id();
    let sql = sql!(
        "insert into sign_up (school_id, id, term_id, notice_id, survey_opens_on, survey_closes_on, opens_on,
                              closes_on, review_days)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (school_id, term_id) do update set notice_id = excluded.notice_id,
            survey_opens_on = excluded.survey_opens_on, survey_closes_on = excluded.survey_closes_on,
            opens_on = excluded.opens_on, closes_on = excluded.closes_on, review_days = excluded.review_days,
            version = sign_up.version + 1
         returning id"
    );
    let (survey, window) = (draft.survey, draft.window);
    let args = [
        id.into(),
        draft.term.into(),
        draft.notice.into(),
        survey.0.into(),
        survey.1.into(),
        window.opens_on.into(),
        window.closes_on.into(),
        i64::from(draft.review_days).into(),
    ];
    tx.one(sql, &args, |row| row.id(0))
}

pub(in super::super) fn save_intention(
    tx: &mut SchoolTx,
    sign_up: SignUpId,
    student: StudentId,
    guardian: GuardianId,
    intention: &Intention,
) -> db::Result<()> {
    let sql = sql!(
        "insert into intention (school_id, sign_up_id, student_id, guardian_id, wish, weekdays, remark,
                                answered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (school_id, sign_up_id, student_id) do update set guardian_id = excluded.guardian_id,
            wish = excluded.wish, weekdays = excluded.weekdays, remark = excluded.remark,
            answered_at = excluded.answered_at"
    );
    let weekdays: String = intention.weekdays.iter().map(ToString::to_string).collect();
    let at = tx.at();
    let args = [
        sign_up.into(),
        student.into(),
        guardian.into(),
        intention.wish.word().into(),
        weekdays.into(),
        intention.remark.trim().into(),
        at.into(),
    ];
    tx.run(sql, &args).map(|_| ())
}

pub(in super::super) fn intention(
    tx: &mut SchoolTx,
    sign_up: SignUpId,
    student: StudentId,
) -> db::Result<Option<Intention>> {
    let sql = sql!(
        "select wish, weekdays, remark from intention
         where school_id = $1 and sign_up_id = $2 and student_id = $3"
    );
    tx.maybe(sql, &[sign_up.into(), student.into()], |row| {
        let weekdays = row.text(1)?.bytes().filter_map(|digit| i8::try_from(digit - b'0').ok()).collect();
        Ok(Intention { wish: row.word(0, Wish::parse)?, weekdays, remark: row.text(2)? })
    })
}

pub(in super::super) fn survey(tx: &mut SchoolTx, sign_up: &SignUp) -> db::Result<Vec<SurveyLine>> {
    let sql = sql!(
        "select c.id, c.stage, c.entered_year, c.class_no, t.school_year, count(s.id),
                count(case when i.wish = 'yes' then 1 end), count(case when i.wish = 'no' then 1 end),
                count(case when i.wish = 'unsure' then 1 end)
         from class_stay y
         join student s on s.school_id = $1 and s.id = y.student_id and s.status = 'enrolled'
         join home_class c on c.school_id = $1 and c.id = y.class_id
         join term t on t.school_id = $1 and t.id = $3
         left join intention i on i.school_id = $1 and i.sign_up_id = $2 and i.student_id = s.id
         where y.school_id = $1 and y.from_on <= $4 and (y.to_on is null or $4 <= y.to_on)
         group by c.id, c.stage, c.entered_year, c.class_no, t.school_year
         order by c.stage desc, c.entered_year desc, c.class_no limit 500"
    );
    let today = tx.today();
    let lines = tx.all(sql, &[sign_up.id.into(), sign_up.term.into(), today.into()], |row| {
        let Some(class) = read_class(row, 0)? else { return Ok(None) };
        let (children, yes) = (row.count(5)?, row.count(6)?);
        Ok(Some(SurveyLine { class, children, yes, no: row.count(7)?, unsure: row.count(8)? }))
    })?;
    Ok(lines.into_iter().flatten().collect())
}
