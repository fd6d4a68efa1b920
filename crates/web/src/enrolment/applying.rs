//! Applying for one child, or for siblings in the same school at once.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::enrolment::{self, ChildWish, NoApplication, Service, Source};
use kehou_db::Scope;
use kehou_domain::access::{ApplyForService, ReadOwnEnrolment};
use kehou_domain::enrolment::apply::{CannotApply, Choice, Need};
use kehou_domain::ids::{EntityId, StudentId};
use serde::Deserialize;

use super::{own_child, words};
use crate::answer::see_other;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};

#[derive(Template)]
#[template(path = "enrolment/application.html")]
struct ApplicationPage {
    child: Service,
    children: Vec<ChildForm>,
    need_checked: bool,
    form: ApplicationForm,
    hindrance: Option<String>,
    problems: Problems,
}

/// One child's part of the form.
struct ChildForm {
    id: StudentId,
    name: String,
    class: String,
    ticked: bool,
    slots: Vec<SlotForm>,
}

/// One slot's weekdays.
struct SlotForm {
    name: String,
    days: Vec<DayForm>,
}

/// One weekday of a slot.
struct DayForm {
    value: String,
    said: &'static str,
    ticked: bool,
}

/// What the form sends: children, and `child/slot/weekday` for each tick.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ApplicationForm {
    #[serde(default)]
    child: Vec<String>,
    #[serde(default)]
    choice: Vec<String>,
    #[serde(default)]
    need: String,
    #[serde(default)]
    remark: String,
}

/// The children of the same school who can be signed up together with this one, this one first.
async fn together(scope: &Scope, child: &Service) -> Result<Vec<Service>, Fault> {
    let mut found = scope.read::<ReadOwnEnrolment, _>(enrolment::children).await?;
    let free = |one: &Service| {
        one.hindrance.is_none()
            && one.application.as_ref().is_none_or(|application| application.status.is_over())
    };
    found.retain(|one| one.student == child.student || free(one));
    found.sort_by_key(|one| one.student != child.student);
    Ok(found)
}

fn page(
    lang: Lang,
    child: Service,
    together: &[Service],
    form: ApplicationForm,
    problems: Problems,
) -> ApplicationPage {
    let hindrance = child.hindrance.as_ref().map(|why| words::cannot_apply(lang, why).message);
    let children = together.iter().map(|one| child_form(lang, one, &form)).collect();
    ApplicationPage { need_checked: child.need_checked, child, children, form, hindrance, problems }
}

fn child_form(lang: Lang, child: &Service, form: &ApplicationForm) -> ChildForm {
    let id = child.student.to_string();
    let mut slots: Vec<SlotForm> = Vec::new();
    for offered in &child.offered {
        let value = format!("{id}/{}/{}", offered.choice.slot, offered.choice.weekday);
        let said = words::weekday(lang, offered.choice.weekday);
        let day = DayForm { ticked: form.choice.contains(&value), value, said };
        match slots.iter_mut().find(|slot| slot.name == offered.name) {
            Some(slot) => slot.days.push(day),
            None => slots.push(SlotForm { name: offered.name.clone(), days: vec![day] }),
        }
    }
    let class = words::class(lang, child.class);
    ChildForm { id: child.student, name: child.name.clone(), class, ticked: form.child.contains(&id), slots }
}

/// What was handed in before, or an empty form with this child ticked.
fn before(child: &Service) -> ApplicationForm {
    let id = child.student.to_string();
    let mut form = ApplicationForm { child: vec![id.clone()], ..ApplicationForm::default() };
    if let Some(application) = &child.application {
        form.choice = application
            .choices
            .iter()
            .map(|offered| format!("{id}/{}/{}", offered.choice.slot, offered.choice.weekday))
            .collect();
        application.need.map(Need::word).unwrap_or_default().clone_into(&mut form.need);
        form.remark.clone_from(&application.remark);
    }
    form
}

pub(super) async fn show(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    if child.sign_up.is_none() {
        return Err(Fault::NotFound);
    }
    let together = together(&scope, &child).await?;
    let form = before(&child);
    family.page(&page(family.lang(), child, &together, form, Problems::none()))
}

/// The wishes of a form: one for each ticked child.
fn wishes(form: &ApplicationForm) -> Vec<ChildWish> {
    let need = Need::parse(&form.need);
    let remark: String = form.remark.chars().take(500).collect();
    let mut wishes = Vec::new();
    for id in &form.child {
        let Some(student) = StudentId::parse(id) else { continue };
        let choices = form.choice.iter().filter_map(|value| choice_of(id, value)).collect();
        wishes.push(ChildWish { student, choices, need, remark: remark.clone() });
    }
    wishes
}

fn choice_of(id: &str, value: &str) -> Option<Choice> {
    let rest = value.strip_prefix(id)?.strip_prefix('/')?;
    let (slot, weekday) = rest.rsplit_once('/')?;
    Some(Choice { slot: slot.to_owned(), weekday: weekday.parse().ok()? })
}

pub(super) async fn create(
    family: Family,
    key: Key,
    Path(student): Path<String>,
    Form(form): Form<ApplicationForm>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let (lang, wishes) = (family.lang(), wishes(&form));
    if wishes.is_empty() {
        let no_child = Refusal::new("no_child", lang.t("请勾选要报名的孩子")).at("child");
        let no_need = child.need_checked && Need::parse(&form.need).is_none();
        let no_need = no_need.then(|| words::cannot_apply(lang, &CannotApply::NeedMissing));
        let problems = [no_child].into_iter().chain(no_need).collect();
        let together = together(&scope, &child).await?;
        return family.refused(&page(lang, child, &together, form, problems));
    }
    let names: Vec<(StudentId, String)> =
        together(&scope, &child).await?.into_iter().map(|one| (one.student, one.name)).collect();
    let several = 1 < wishes.len();
    let applied = scope
        .write::<ApplyForService, Vec<String>, Vec<Refusal>>(&key.0, move |tx| {
            let made = enrolment::apply(tx, &wishes);
            let made = made.map_err(|failed| failed.map(|why| refusals(lang, &names, several, &why)))?;
            Ok(made.iter().map(ToString::to_string).collect())
        })
        .await?;
    match applied {
        Ok(_) => Ok(see_other(&format!("/children/{}/service", child.student))),
        Err(refusals) => {
            let together = together(&scope, &child).await?;
            family.refused(&page(lang, child, &together, form, refusals.into()))
        }
    }
}

/// Every refusal, with the child's name where several were handed in and the reason is the child's own.
fn refusals(
    lang: Lang,
    names: &[(StudentId, String)],
    several: bool,
    reasons: &[NoApplication],
) -> Vec<Refusal> {
    let mut said: Vec<Refusal> = Vec::new();
    for NoApplication { student, why } in reasons {
        let refusal = words::cannot_apply(lang, why);
        let name = names.iter().find(|(known, _)| known == student).map(|(_, name)| name);
        let refusal = match (refusal.field.as_deref(), name) {
            (Some("choice"), Some(name)) if several => refusal.at(&choice_of_child(*student)).named(name),
            (Some("choice"), _) => refusal.at(&choice_of_child(*student)),
            (None, Some(name)) if several => refusal.named(name),
            _ => refusal,
        };
        if !said.contains(&refusal) {
            said.push(refusal);
        }
    }
    said
}

/// The field of a child's choices.
fn choice_of_child(student: StudentId) -> String {
    format!("choice-{student}")
}

impl ApplicationPage {
    fn on_paper(&self) -> bool {
        self.child.application.as_ref().is_some_and(|one| one.source == Source::Paper)
    }

    /// What is wrong with a child's choices.
    fn wrong_choice(&self, student: &StudentId) -> Option<&str> {
        self.problems.of(&choice_of_child(*student))
    }

    fn running(&self) -> bool {
        self.child.application.as_ref().is_some_and(|one| !one.status.is_over())
    }
}
