//! Taking over a class's signed papers from before the school began to use Kehou (R1, F4).

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use kehou_app::enrolment::{self, CannotTakeOver, Offered, TakenOver, ToTakeOver};
use kehou_domain::access::TakeOverPapers;
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::ids::{ClassId, EntityId, StudentId};
use serde::Deserialize;

use super::{class, words};
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "enrolment/take_over.html")]
struct TakeOverPage {
    lang: Lang,
    base: String,
    places: String,
    classes: Vec<(String, String)>,
    to_take: Option<ToTakeOver>,
    form: TakeOverForm,
    problems: Problems,
}

/// Which class, and what the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct TakeOverForm {
    #[serde(default)]
    class: String,
    #[serde(default)]
    student: Vec<String>,
    #[serde(default)]
    choice: Vec<String>,
    #[serde(default)]
    from_on: String,
    #[serde(default)]
    place: String,
}

/// Which class.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    class: String,
}

pub(super) async fn show(seat: Seat, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let form = TakeOverForm { class: wanted.class, ..TakeOverForm::default() };
    let page = page(&seat, form, Problems::none()).await?;
    seat.page(&page)
}

async fn to_take(seat: &Seat, form: &TakeOverForm) -> Result<Option<ToTakeOver>, Fault> {
    let class = ClassId::parse(&form.class);
    seat.read::<TakeOverPapers, _>(move |tx| enrolment::to_take_over(tx, class)).await
}

async fn page(seat: &Seat, mut form: TakeOverForm, problems: Problems) -> Result<TakeOverPage, Fault> {
    let lang = seat.lang();
    let to_take = to_take(seat, &form).await?;
    let classes = to_take.iter().flat_map(|one| &one.classes);
    let classes = classes.map(|one| (one.id.to_string(), class(lang, Some(*one)))).collect();
    if let Some(one) = to_take.as_ref().filter(|_| form.from_on.is_empty()) {
        form.from_on = one.sign_up.service_from.max(seat.today()).to_string();
    }
    let (base, places) = (seat.path("take-over"), seat.path("places"));
    Ok(TakeOverPage { lang, base, places, classes, to_take, form, problems })
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<TakeOverForm>) -> Result<Response, Fault> {
    let names = to_take(&seat, &form).await?.map(|one| one.children).unwrap_or_default();
    match take(&seat, &key, children(&form), (&form.from_on, &form.place), names).await? {
        Ok(_) => Ok(see_other(&seat.path("places"))),
        Err(problems) => {
            let page = page(&seat, form, problems).await?;
            seat.refused(&page)
        }
    }
}

/// Takes children over, from a page or from a program: how many, or why not; `names` are said in the reason.
pub(super) async fn take(
    seat: &Seat,
    key: &Key,
    children: Vec<TakenOver>,
    (from_on, place): (&str, &str),
    names: Vec<(StudentId, String)>,
) -> Result<Result<usize, Problems>, Fault> {
    let lang = seat.lang();
    let said = |why: &CannotTakeOver| refused(lang, why, &names);
    let Some(from_on) = dates::typed(from_on) else {
        let mut wrong = Problems::none();
        wrong.add_named("from_on", lang.t("从哪一天"), lang.t("请填日期，例如 2026-11-27"));
        wrong.and(enrolment::form_of_take_over(&children, place).iter().map(said));
        return Ok(Err(wrong));
    };
    let place: String = place.chars().take(100).collect();
    let taken = seat.write::<TakeOverPapers, usize, Vec<Refusal>>(key, move |tx| {
        let taken = enrolment::take_over(tx, &children, from_on, &place);
        taken.map_err(|failed| failed.map(|why| why.iter().map(|why| refused(lang, why, &names)).collect()))
    });
    Ok(taken.await?.map_err(Problems::from))
}

/// Every ticked child with the ticked slots.
fn children(form: &TakeOverForm) -> Vec<TakenOver> {
    let choice = |value: &String| {
        let (slot, weekday) = value.rsplit_once('/')?;
        Some(Choice { slot: slot.to_owned(), weekday: weekday.parse().ok()? })
    };
    let choices: Vec<Choice> = form.choice.iter().filter_map(choice).collect();
    let students = form.student.iter().filter_map(|text| StudentId::parse(text));
    students.map(|student| TakenOver { student, choices: choices.clone() }).collect()
}

fn refused(lang: Lang, why: &CannotTakeOver, names: &[(StudentId, String)]) -> Refusal {
    let of = match why {
        CannotTakeOver::NotServed(id) | CannotTakeOver::NotOffered(id) | CannotTakeOver::HasPlace(id) => {
            names.iter().find(|(known, _)| known == id)
        }
        CannotTakeOver::PlaceMissing | CannotTakeOver::NobodyTicked | CannotTakeOver::TooEarly { .. } => None,
    };
    cannot_take_over(lang, why, of.map_or(lang.t("这名学生"), |(_, name)| name))
}

/// What a tick sends.
fn value(offered: &Offered) -> String {
    format!("{}/{}", offered.choice.slot, offered.choice.weekday)
}

impl TakeOverPage {
    fn takes(&self, student: &StudentId) -> bool {
        self.form.student.contains(&student.to_string())
    }

    fn ticked(&self, offered: &Offered) -> bool {
        self.form.choice.contains(&value(offered))
    }

    fn said(&self, offered: &Offered) -> String {
        format!("{} {}", offered.name, words::weekday(self.lang, offered.choice.weekday))
    }
}

/// Why nothing was taken over; `name` is the child's that the reason speaks of.
fn cannot_take_over(lang: Lang, why: &CannotTakeOver, name: &str) -> Refusal {
    let of_child = |text: &str| lang.fill(text, &[("name", name)]);
    match why {
        CannotTakeOver::PlaceMissing => {
            Refusal::new("place_missing", lang.t("请写纸质表放在哪里，以后好找")).at("place")
        }
        CannotTakeOver::NobodyTicked => Refusal::new("nobody", lang.t("请勾选学生")).at("student"),
        CannotTakeOver::TooEarly { service_from } => {
            let day = dates::day(lang, *service_from);
            Refusal::new("too_early", lang.fill("本学期课后服务{day}才开始", &[("day", &day)])).at("from_on")
        }
        CannotTakeOver::NotServed(_) => {
            Refusal::new("not_served", of_child("{name} 不在册，或年级不在服务范围")).at("student")
        }
        CannotTakeOver::NotOffered(_) => {
            Refusal::new("not_offered", of_child("{name} 不能选这些时段，请重选")).at("choice")
        }
        CannotTakeOver::HasPlace(_) => {
            Refusal::new("has_place", of_child("{name} 已经参加，请去掉")).at("student")
        }
    }
}
