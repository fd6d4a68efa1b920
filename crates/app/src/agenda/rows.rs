//! Counts over the tables of the other slices.

use jiff::civil::Date;
use kehou_db::{Arg, Result, SchoolTx, sql};
use kehou_domain::agenda::{FirstStep, Matter, Waiting};
use kehou_domain::ids::{ClassId, StaffId};

/// The matters of [`counts`], in the order of its columns.
const COUNTED: [Matter; 21] = [
    Matter::ChildrenMissing,
    Matter::OwnChildrenMissing,
    Matter::StopsOpen,
    Matter::EarlyLeaves,
    Matter::RollsUncalled,
    Matter::Objections,
    Matter::PlansToApprove,
    Matter::PlansToFile,
    Matter::PlansToPutInForce,
    Matter::PlanDrafts,
    Matter::OfferingsToReview,
    Matter::OfferingsReturned,
    Matter::PapersToConfirm,
    Matter::SignedPapersToConfirm,
    Matter::FilingsToReceive,
    Matter::Corrections,
    Matter::ClassesWithoutTeacher,
    Matter::GroupsWithoutTeacher,
    Matter::MonthUnclosed,
    Matter::StaffWithoutAccount,
    Matter::GuardiansWithoutCode,
];

/// First and last day of the month before this day's.
fn last_month(today: Date) -> (Date, Date) {
    let last = today.first_of_month().yesterday().unwrap_or(today);
    (last.first_of_month(), last)
}

/// What [`counts`] asks for: the day, the moment, the teacher or nothing, the account, last month.
fn asked(tx: &SchoolTx, own: Option<StaffId>) -> [Arg; 7] {
    let (today, at, account) = (tx.today(), tx.at(), tx.account());
    let (first, last) = last_month(today);
    let own = own.map_or_else(String::new, |staff| staff.to_string());
    let month = format!("{:04}-{:02}", first.year(), first.month());
    [
        today.into(),
        at.into(),
        own.as_str().into(),
        account.into(),
        first.into(),
        last.into(),
        month.as_str().into(),
    ]
}

/// How many of each matter are open; a roll is due as the board has it (`SessionCard::is_uncalled` of dismissal); for a teacher, of the own sessions and the own class.
pub(super) fn counts(tx: &mut SchoolTx, own: Option<StaffId>) -> Result<Vec<Waiting>> {
    let sql = sql!(
        "select
           (select count(*) from absence_case where school_id = $1 and status = 'open' and day <= $2),
           (select count(*) from absence_case k where k.school_id = $1 and k.status = 'open' and k.day <= $2
              and (exists (select 1 from session s where s.school_id = $1 and s.id = k.session_id
                  and s.teacher_id = $4)
                or exists (select 1 from class_stay y
                  join homeroom h on h.school_id = y.school_id and h.class_id = y.class_id and h.staff_id = $4
                    and h.from_on <= $2 and (h.to_on is null or $2 <= h.to_on)
                  where y.school_id = $1 and y.student_id = k.student_id and y.from_on <= $2
                    and (y.to_on is null or $2 <= y.to_on)))),
           (select count(*) from pickup_stop where school_id = $1 and day = $2 and needs_duty_leader = 1
              and settled_at is null),
           (select count(*) from early_leave where school_id = $1 and day = $2
              and status in ('reported', 'passed_on')),
           (select count(*) from session where school_id = $1 and held_on = $2 and status = 'planned'
              and starts_at <= $3 and ($4 = '' or teacher_id = $4)),
           (select count(*) from publication_objection o join class_publication p on p.school_id = $1
                and p.id = o.publication_id where o.school_id = $1 and o.verdict is null
              and ($4 = '' or exists (select 1 from homeroom h where h.school_id = $1 and h.class_id = p.class_id
                and h.staff_id = $4 and h.from_on <= $2 and (h.to_on is null or $2 <= h.to_on)))),
           (select count(*) from plan_version where school_id = $1 and status = 'checked'),
           (select count(*) from plan_version where school_id = $1 and status = 'approved'),
           (select count(*) from plan_version v where v.school_id = $1 and v.status = 'filed'
              and v.in_force_from is null and not exists (select 1 from plan_version n
                where n.school_id = $1 and v.number < n.number and n.in_force_from is not null)),
           (select count(*) from plan_version v where v.school_id = $1 and v.status = 'draft'
              and not exists (select 1 from plan_version n where n.school_id = $1 and v.number < n.number)),
           (select count(*) from offering o join term t on t.school_id = o.school_id and t.id = o.term_id
              where o.school_id = $1 and o.status = 'in_review' and $2 <= t.ends_on
                and $5 not in (o.made_by, o.written_by, coalesce(o.handed_in_by, ''))),
           (select count(*) from offering o join term t on t.school_id = o.school_id and t.id = o.term_id
              where o.school_id = $1 and o.status = 'returned' and $2 <= t.ends_on),
           (select count(*) from paper_record p where p.school_id = $1 and p.status = 'entered'
              and p.entered_by <> $5 and ($4 = '' or exists (select 1 from class_stay y
                join homeroom h on h.school_id = y.school_id and h.class_id = y.class_id and h.staff_id = $4
                  and h.from_on <= $2 and (h.to_on is null or $2 <= h.to_on)
                where y.school_id = $1 and y.student_id = p.student_id and y.from_on <= $2
                  and (y.to_on is null or $2 <= y.to_on)))),
           (select count(*) from signed_paper p where p.school_id = $1 and p.status = 'entered'
              and p.entered_by <> $5 and ($4 = '' or exists (select 1 from class_stay y
                join homeroom h on h.school_id = y.school_id and h.class_id = y.class_id and h.staff_id = $4
                  and h.from_on <= $2 and (h.to_on is null or $2 <= h.to_on)
                where y.school_id = $1 and y.student_id = p.student_id and y.from_on <= $2
                  and (y.to_on is null or $2 <= y.to_on)))),
           (select count(*) from filing where school_id = $1 and received_at is null),
           (select count(*) from correction_request where school_id = $1 and status = 'open'),
           (select count(*) from home_class c where c.school_id = $1 and (c.closed_on is null or $2 < c.closed_on)
              and not exists (select 1 from homeroom h where h.school_id = $1 and h.class_id = c.id
                and h.from_on <= $2 and (h.to_on is null or $2 <= h.to_on))),
           (select count(*) from teaching_group g join term t on t.school_id = g.school_id and t.id = g.term_id
              where g.school_id = $1 and g.teacher_id is null and (g.closed_on is null or $2 < g.closed_on)
                and $2 <= t.ends_on),
           (select cast(case when exists (select 1 from session where school_id = $1 and status <> 'cancelled'
                  and $6 <= held_on and held_on <= $7)
                and not exists (select 1 from attendance_month where school_id = $1 and month = $8)
              then 1 else 0 end as bigint)),
           (select count(*) from staff where school_id = $1 and status = 'active' and account_id is null),
           (select count(*) from guardian g left join account a on a.id = g.account_id
              where g.school_id = $1 and g.phone_mac is not null and a.password_hash is null
                and exists (select 1 from guardianship s where s.school_id = $1 and s.guardian_id = g.id
                  and s.from_on <= $2 and (s.to_on is null or $2 <= s.to_on))
                and not exists (select 1 from first_code f where f.account_id = g.account_id
                  and f.used_at is null and $3 < f.expires_at))"
    );
    tx.one(sql, &asked(tx, own), |row| {
        let waiting = |(at, matter): (usize, Matter)| Ok(Waiting { matter, count: row.int(at)? });
        COUNTED.into_iter().enumerate().map(waiting).collect()
    })
}

/// Of every class: how many of its children are being looked for, and how many want to leave early today.
pub(super) fn by_class(tx: &mut SchoolTx) -> Result<Vec<(ClassId, i64, i64)>> {
    let sql = sql!(
        "select y.class_id, sum(w.missing), sum(w.early) from (
           select student_id, 1 as missing, 0 as early from absence_case
             where school_id = $1 and status = 'open' and day <= $2
           union all
           select student_id, 0, 1 from early_leave
             where school_id = $1 and day = $2 and status in ('reported', 'passed_on')) w
         join class_stay y on y.school_id = $1 and y.student_id = w.student_id and y.from_on <= $2
           and (y.to_on is null or $2 <= y.to_on)
         group by y.class_id order by y.class_id"
    );
    let today = tx.today();
    tx.all(sql, &[today.into()], |row| Ok((row.id(0)?, row.int(1)?, row.int(2)?)))
}

/// The steps of [`steps`], in the order of its columns.
const STEPS: [FirstStep; 8] = [
    FirstStep::Plan,
    FirstStep::Term,
    FirstStep::Roster,
    FirstStep::Teachers,
    FirstStep::Letter,
    FirstStep::PrivacyNotice,
    FirstStep::SignUp,
    FirstStep::Slips,
];

/// The first steps that are done, but for the clauses, and how many kinds of paper have clauses in use.
pub(super) fn steps(tx: &mut SchoolTx) -> Result<(Vec<FirstStep>, i64)> {
    let sql = sql!(
        "select
           (select count(*) from plan_version where school_id = $1 and in_force_from is not null),
           (select count(*) from term where school_id = $1 and status = 'open' and $2 <= ends_on),
           (select count(*) from student where school_id = $1 and status = 'enrolled'),
           (select cast(case when exists (select 1 from home_class where school_id = $1
                  and (closed_on is null or $2 < closed_on))
                and not exists (select 1 from home_class c where c.school_id = $1
                  and (c.closed_on is null or $2 < c.closed_on)
                  and not exists (select 1 from homeroom h where h.school_id = $1 and h.class_id = c.id
                    and h.from_on <= $2 and (h.to_on is null or $2 <= h.to_on)))
              then 1 else 0 end as bigint)),
           (select count(*) from notice where school_id = $1 and kind = 'letter' and status = 'published'),
           (select count(*) from privacy_notice where school_id = $1),
           (select count(*) from sign_up u join term t on t.school_id = u.school_id and t.id = u.term_id
              where u.school_id = $1 and $2 <= t.ends_on),
           (select count(*) from guardian where school_id = $1 and account_id is not null),
           (select count(distinct kind) from clause_set where school_id = $1 and status = 'in_use')"
    );
    let today = tx.today();
    tx.one(sql, &[today.into()], |row| {
        let mut done = Vec::new();
        for (at, step) in STEPS.into_iter().enumerate() {
            if 0 < row.int(at)? {
                done.push(step);
            }
        }
        Ok((done, row.int(STEPS.len())?))
    })
}
