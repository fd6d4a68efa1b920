//! The guardians of a pupil: additions, corrections, the end of a guardianship.

use axum::extract::Path;
use axum::response::Response;
use kehou_app::dismissal::{self, EndedGuardian};
use kehou_app::identity::guardians::{Identity, Refused, new_code as new_code_for};
use kehou_app::people;
use kehou_db::{Error, Failed};
use kehou_domain::access::{KeepRoster, PrintSlips};
use kehou_domain::ids::{GuardianId, StudentId};
use serde::Deserialize;

use super::students::{GuardianForm, NewForm, back, page, read_guardian, read_name};
use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::form::Form;
use crate::identity::show_code;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A guardian on a pupil's page.
pub(super) struct GuardianRow {
    pub(super) id: GuardianId,
    pub(super) name: String,
    pub(super) relation: String,
    /// As it is kept, to be corrected.
    pub(super) relation_typed: String,
    pub(super) phone: String,
    pub(super) signs_in: bool,
}

pub(super) fn guardian_row(lang: Lang, guardian: &people::Guardian) -> GuardianRow {
    GuardianRow {
        id: guardian.id,
        name: guardian.name.clone(),
        relation: words::relation(lang, &guardian.relation),
        relation_typed: guardian.relation.clone(),
        phone: guardian.phone.clone().unwrap_or_default(),
        signs_in: guardian.account.is_some(),
    }
}

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
    Form(form): Form<Sure>,
) -> Result<Response, Fault> {
    let (student, guardian): (StudentId, GuardianId) = (id(&student)?, id(&guardian)?);
    let (lang, ended) = (seat.lang(), EndedGuardian { student, guardian, is_sure: !form.sure.is_empty() });
    let done = seat
        .write::<KeepRoster, (), Refusal>(&key, move |tx| {
            let ended = dismissal::end_guardianship(tx, ended);
            ended.map_err(|failed| failed.map(|refused| words::end_refused(lang, refused)))
        })
        .await?;
    match done {
        Ok(()) => Ok(see_other(&seat.path(&format!("students/{student}")))),
        Err(refusal) => seat.refused(&page(&seat, student, None, refusal.into()).await?.asking(guardian)),
    }
}

/// Whether it is meant.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Sure {
    #[serde(default)]
    sure: String,
}

/// What the office says of whoever stands there.
#[derive(Debug, Deserialize)]
pub(super) struct SeenForm {
    #[serde(default)]
    seen: String,
}

/// Takes a guardian's password away and shows a new code, this once.
pub(super) async fn new_code(
    seat: Seat,
    Path((_, student, guardian)): Path<(String, String, String)>,
    Form(form): Form<SeenForm>,
) -> Result<Response, Fault> {
    let (student, guardian): (StudentId, GuardianId) = (id(&student)?, id(&guardian)?);
    let identity = if form.seen == "yes" { Identity::Seen } else { Identity::NotSeen };
    let given = seat
        .scope()
        .act::<PrintSlips, _, _>(move |tx| new_code_for(tx, (student, guardian), identity))
        .await?;
    match given {
        Ok(first) => show_code(&seat, first, (seat.path(&format!("students/{student}")), "回学生页面")),
        Err(why) => {
            let problems = no_code(seat.lang(), guardian, why).into();
            seat.refused(&page(&seat, student, None, problems).await?)
        }
    }
}

/// Why a guardian gets no new code here.
fn no_code(lang: Lang, guardian: GuardianId, why: Refused) -> Refusal {
    match why {
        Refused::NotSeen => {
            Refusal::new("not_seen", lang.t("请先当面核对家长的身份，再勾选")).at(&format!("seen-{guardian}"))
        }
        Refused::NoPhone => Refusal::new("no_phone", lang.t("这位家长没有手机号，不能登录")),
        Refused::OfStaff => {
            Refusal::new("of_staff", lang.t("这位家长也是本校教职工，请系统管理员在“账号”里重发"))
        }
        Refused::SitsElsewhere => {
            Refusal::new("sits_elsewhere", lang.t("这个账号在别的学校也有身份，请系统运维人员重置"))
        }
    }
}
