//! Places for every child: what a school makes known before it takes families, and the papers that it takes over.

use anyhow::Result;
use jiff::civil::Date;
use kehou_app::enrolment::{self, SignUpDraft, TakenOver, defaults};
use kehou_db::Scope;
use kehou_domain::access::{KeepClauses, KeepNotices, KeepSignUps, TakeOverPapers};
use kehou_domain::enrolment::agreement::Kind;
use kehou_domain::enrolment::apply::{Choice, Window};
use kehou_domain::ids::{StudentId, TermId};

use super::school::{DAYS, SLOT, act};

/// Opens the sign-up of the term and gives every child a place on every day of the slot.
pub(super) async fn stay(system: &Scope, children: &[StudentId], (term, from): (TermId, Date)) -> Result<()> {
    open(system, term, from).await?;
    let choices = DAYS.map(|weekday| Choice { slot: SLOT.to_owned(), weekday }).to_vec();
    let papers: Vec<TakenOver> =
        children.iter().map(|student| TakenOver { student: *student, choices: choices.clone() }).collect();
    act::<TakeOverPapers, _, _>(system, move |tx| enrolment::take_over(tx, &papers, from, "1"))
        .await
        .map(drop)
}

async fn open(system: &Scope, term: TermId, from: Date) -> Result<()> {
    let notice = act::<KeepNotices, _, _>(system, |tx| {
        let id = enrolment::write_letter(tx, None, &defaults::letter())?;
        enrolment::publish_letter(tx, id)?;
        Ok(id)
    })
    .await?;
    act::<KeepClauses, _, _>(system, |tx| {
        for kind in Kind::ALL {
            let set = enrolment::save_clauses(tx, &defaults::wording(kind, defaults::Language::Chinese))?;
            enrolment::use_clauses(tx, set)?;
        }
        Ok(())
    })
    .await?;
    let draft = SignUpDraft {
        term,
        notice,
        survey: (from, from),
        window: Window { opens_on: from, closes_on: None },
        review_days: 5,
    };
    act::<KeepSignUps, _, _>(system, move |tx| enrolment::open_sign_up(tx, &draft)).await.map(drop)
}
