//! The pick-up list: delegates with dates, consent to how the child goes home. Changed only soon after signing in.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::dismissal::{self, Agreement, GivenConsent, Naming, PickupList, StopCard};
use kehou_db::identity::password;
use kehou_db::{Failed, Scope};
use kehou_domain::access::KeepPickupList;
use kehou_domain::dismissal::Delegate;
use kehou_domain::dismissal::{NamingRefused, person_wrong};
use kehou_domain::ids::{ConsentId, DelegateId, StudentId};
use kehou_domain::plan::ReleaseMode;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::dates;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};

/// How many seconds after signing in the list may be changed without signing in again.
const RECENT: i64 = 30 * 60;

/// What was typed to name a delegate.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    relation: String,
    #[serde(default)]
    from_on: String,
    #[serde(default)]
    to_on: String,
    #[serde(default)]
    capable: String,
    #[serde(default)]
    password: String,
}

/// A mode that needs a consent.
struct ModeLine {
    word: &'static str,
    words: &'static str,
    given: Option<GivenConsent>,
}

/// Somebody who may come.
struct Named {
    delegate: Delegate,
    /// On whose word on the telephone, and who wrote it down.
    agreed: Option<String>,
}

#[expect(clippy::struct_excessive_bools, reason = "what a page shows or not")]
#[derive(Template)]
#[template(path = "dismissal/pickup.html")]
struct PickupPage {
    name: String,
    class: String,
    delegates: Vec<Named>,
    asked: Vec<StopCard>,
    barred: bool,
    modes: Vec<ModeLine>,
    only_collected: bool,
    typed: Typed,
    problems: Problems,
    recent: bool,
    has_password: bool,
    path: String,
    back: String,
    today: Date,
}

impl PickupPage {
    /// Whether somebody may come on a guardian's word on the telephone.
    fn is_agreed_to(&self) -> bool {
        self.delegates.iter().any(|one| one.agreed.is_some())
    }
}

pub(super) async fn show(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (_, list) = own(&family, id(&student)?).await?;
    let today = family.today().to_string();
    let typed = Typed { from_on: today.clone(), to_on: today, ..Typed::default() };
    family.page(&page(&family, list, typed, Problems::none()))
}

/// The school where the child is one's own, with the child's list.
async fn own(family: &Family, student: StudentId) -> Result<(Scope, PickupList), Fault> {
    for scope in family.scopes() {
        match scope.read::<KeepPickupList, _>(move |tx| dismissal::pickup_list(tx, student)).await {
            Err(kehou_db::Error::NotFound) => {}
            answer => return Ok((scope.clone(), answer?)),
        }
    }
    Err(Fault::NotFound)
}

fn page(family: &Family, list: PickupList, typed: Typed, problems: Problems) -> PickupPage {
    let given = |mode: ReleaseMode| list.consents.iter().find(|given| given.consent.mode == mode).cloned();
    let modes: Vec<ModeLine> = [ReleaseMode::Alone, ReleaseMode::Bus]
        .into_iter()
        .filter(|mode| list.offered.contains(mode) || given(*mode).is_some())
        .map(|mode| ModeLine { word: mode.word(), words: words::mode(mode), given: given(mode) })
        .collect();
    PickupPage {
        class: words::class(family.lang(), &list.child),
        path: format!("/children/{}", list.child.id),
        back: format!("/home?child={}", list.child.id),
        name: list.child.name,
        delegates: list
            .delegates
            .into_iter()
            .map(|one| named(family.lang(), one, &list.agreements))
            .collect(),
        asked: list.asked,
        barred: list.barred,
        only_collected: modes.is_empty(),
        modes,
        typed,
        problems,
        recent: is_recent(family),
        has_password: family.sign_in().signed_in.has_password,
        today: family.today(),
    }
}

fn named(lang: Lang, delegate: Delegate, agreements: &[Agreement]) -> Named {
    let agreed = agreements.iter().find(|agreement| agreement.delegate == delegate.id);
    Named { agreed: agreed.map(|agreement| words::agreed(lang, agreement)), delegate }
}

/// Whether the guardian signed in just now, so that a phone left lying about changes nothing.
fn is_recent(family: &Family) -> bool {
    let since = family.at().duration_since(family.sign_in().signed_in.signed_in_at);
    since.as_secs() <= RECENT
}

/// Whether the guardian may change the list: signed in just now, or the password given again.
async fn confirmed(family: &Family, password: &str) -> Result<Result<(), Refusal>, Fault> {
    let lang = family.lang();
    if is_recent(family) {
        return Ok(Ok(()));
    }
    let kept = family.web().db().credentials_of(family.account(), family.at()).await?;
    let is_locked = kept.locked_until.is_some_and(|until| family.at() < until);
    if kept.password_hash.is_none() || is_locked {
        let words = lang.t("为了孩子安全，改接送人前请重新登录一次");
        return Ok(Err(Refusal::new("sign_in_again", words)));
    }
    if password.is_empty() {
        let words = lang.t("请输入密码，确认是您本人");
        return Ok(Err(Refusal::new("password_missing", words).at("password")));
    }
    if password::is_right(password.to_owned(), kept.password_hash).await? {
        return Ok(Ok(()));
    }
    family.web().db().note_failure(family.account(), family.at()).await?;
    Ok(Err(Refusal::new("password_wrong", lang.t("密码不对，请再试一次")).at("password")))
}

async fn refused(
    family: &Family,
    student: StudentId,
    typed: Typed,
    problems: Problems,
) -> Result<Response, Fault> {
    let (_, list) = own(family, student).await?;
    family.refused(&page(family, list, typed, problems))
}

pub(super) async fn name(
    family: Family,
    Path(student): Path<String>,
    key: Key,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let (scope, _) = own(&family, student).await?;
    let naming = match (read(&family, &typed), confirmed(&family, &typed.password).await?) {
        (Ok(naming), Ok(())) => naming,
        (read, confirmed) => {
            let mut problems = read.err().unwrap_or_default();
            problems.and(confirmed.err());
            return refused(&family, student, typed, problems).await;
        }
    };
    let lang = family.lang();
    let written = scope
        .write::<KeepPickupList, (), Vec<Refusal>>(&key.0, move |tx| {
            let named = dismissal::name_delegate(tx, student, &naming);
            named
                .map(drop)
                .map_err(|failed: Failed<_>| failed.map(|refused| words::not_named(lang, &refused)))
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&format!("/children/{student}/pickup"))),
        Err(refusals) => refused(&family, student, typed, refusals.into()).await,
    }
}

fn read(family: &Family, typed: &Typed) -> Result<Naming, Problems> {
    let lang = family.lang();
    let mut problems = Problems::none();
    let mut day = |field: &str, label: &str, text: &str| {
        let day = dates::typed(text);
        if day.is_none() {
            problems.add_named(field, lang.t(label), lang.t("请填日期，例如 2026-11-27"));
        }
        day
    };
    let span = (day("from_on", "从哪一天", &typed.from_on), day("to_on", "到哪一天", &typed.to_on));
    let (Some(from_on), Some(to_on)) = span else {
        problems.and(words::not_named(lang, &person_wrong(&typed.name, &typed.relation)));
        let undeclared = (typed.capable != "yes").then_some(NamingRefused::NotCapable);
        problems.and(undeclared.map(|why| words::naming(lang, why)));
        return Err(problems);
    };
    let (name, relation) = (typed.name.clone(), typed.relation.clone());
    Ok(Naming { name, relation, from_on, to_on, declared_capable: typed.capable == "yes" })
}

/// Nothing but the key.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn end(
    family: Family,
    Path((student, delegate)): Path<(String, String)>,
    key: Key,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Fault> {
    let (student, delegate): (StudentId, DelegateId) = (id(&student)?, id(&delegate)?);
    let (scope, _) = own(&family, student).await?;
    let written = scope
        .write::<KeepPickupList, (), ()>(&key.0, move |tx| {
            Ok(dismissal::end_delegate(tx, student, delegate)?)
        })
        .await?;
    written.map_err(|()| Fault::Conflict)?;
    Ok(see_other(&format!("/children/{student}/pickup")))
}

/// Which mode.
#[derive(Debug, Deserialize)]
pub(super) struct Consented {
    #[serde(default)]
    mode: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn consent(
    family: Family,
    Path(student): Path<String>,
    key: Key,
    Form(form): Form<Consented>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let mode = ReleaseMode::parse(&form.mode).ok_or(Fault::NotFound)?;
    let (scope, _) = own(&family, student).await?;
    if let Err(refusal) = confirmed(&family, &form.password).await? {
        return refused(&family, student, Typed::default(), refusal.into()).await;
    }
    let lang = family.lang();
    let written = scope
        .write::<KeepPickupList, (), Refusal>(&key.0, move |tx| {
            let given = dismissal::consent(tx, student, mode);
            given.map(drop).map_err(|failed: Failed<_>| failed.map(|refused| words::consent(lang, refused)))
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&format!("/children/{student}/pickup"))),
        Err(refusal) => refused(&family, student, Typed::default(), refusal.into()).await,
    }
}

pub(super) async fn withdraw(
    family: Family,
    Path((student, consent)): Path<(String, String)>,
    key: Key,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Fault> {
    let (student, consent): (StudentId, ConsentId) = (id(&student)?, id(&consent)?);
    let (scope, _) = own(&family, student).await?;
    let written = scope
        .write::<KeepPickupList, (), ()>(&key.0, move |tx| {
            Ok(dismissal::withdraw_consent(tx, student, consent)?)
        })
        .await?;
    written.map_err(|()| Fault::Conflict)?;
    Ok(see_other(&format!("/children/{student}/pickup")))
}
