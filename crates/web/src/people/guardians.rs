//! The guardians of a pupil: additions, corrections, the end of a guardianship.

use axum::extract::Path;
use axum::response::Response;
use kehou_app::people;
use kehou_db::{Error, Failed};
use kehou_domain::access::KeepRoster;
use kehou_domain::ids::{GuardianId, StudentId};

use super::id;
use super::students::{GuardianForm, NewForm, back, page, read_guardian, read_name};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

pub(super) async fn create(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<GuardianForm>,
) -> Result<Response, Fault> {
    let (student, lang): (StudentId, Lang) = (id(&student)?, seat.lang());
    let mut problems = Problems::none();
    let refused = |form, problems| {
        let typed = NewForm { guardian: form, ..NewForm::default() };
        page(&seat, student, Some(typed), problems)
    };
    let Some(new) = read_guardian(lang, &form, &mut problems) else {
        return seat.refused(&refused(form, problems).await?);
    };
    let added = seat
        .write::<KeepRoster, (), Refusal>(&key, move |tx| match people::add_guardian(tx, student, &new) {
            Ok(_) => Ok(()),
            Err(Error::Already) => {
                let words = lang.t("这个电话的家长已经在下面了");
                Err(Failed::Refused(Refusal::new("already", words).at("phone")))
            }
            Err(fault) => Err(Failed::Fault(fault)),
        })
        .await?;
    match added {
        Ok(()) => Ok(see_other(&seat.path(&format!("students/{student}")))),
        Err(refusal) => seat.refused(&refused(form, refusal.into()).await?),
    }
}

pub(super) async fn correct(
    seat: Seat,
    Path((_, student, guardian)): Path<(String, String, String)>,
    key: Key,
    Form(form): Form<GuardianForm>,
) -> Result<Response, Fault> {
    let (student, guardian): (StudentId, GuardianId) = (id(&student)?, id(&guardian)?);
    let mut problems = Problems::none();
    let Some(name) =
        read_name(seat.lang(), ("guardian_name", "家长姓名"), &form.guardian_name, &mut problems)
    else {
        let typed = NewForm { guardian: form, ..NewForm::default() };
        return seat.refused(&page(&seat, student, Some(typed), problems).await?);
    };
    let relation: String = form.relation.trim().chars().take(20).collect();
    let done = seat
        .write::<KeepRoster, (), ()>(&key, move |tx| {
            Ok(people::correct_guardian(tx, (student, guardian), &name, &relation)?)
        })
        .await?;
    back(&seat, student, done)
}

pub(super) async fn end(
    seat: Seat,
    Path((_, student, guardian)): Path<(String, String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let (student, guardian): (StudentId, GuardianId) = (id(&student)?, id(&guardian)?);
    let done = seat
        .write::<KeepRoster, (), ()>(&key, move |tx| Ok(people::end_guardianship(tx, student, guardian)?))
        .await?;
    back(&seat, student, done)
}
