//! Staff: the list, additions, names, leaving.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::attendance;
use kehou_app::people::{self, NewStaff, StaffCard, staff_role};
use kehou_db::{Error, Failed};
use kehou_domain::access::{KeepStaff, ReadStaff, Role};
use kehou_domain::ids::StaffId;
use kehou_domain::people::class::school_year;
use kehou_domain::people::phone::Phone;
use kehou_domain::people::problem::Problem;
use kehou_domain::plan::Grades;
use serde::Deserialize;

use super::students::read_name;
use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::identity;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A grade, in words, and whether it is theirs.
type GradeTick = (u8, String, bool);

#[derive(Template)]
#[template(path = "people/staff.html")]
struct IndexPage {
    base: String,
    may_keep: bool,
    staff: Vec<StaffRow>,
    form: StaffForm,
    /// Role words, what they are called, whether ticked.
    roles: Vec<(&'static str, &'static str, bool)>,
    problems: Problems,
}

struct StaffRow {
    id: StaffId,
    name: String,
    phone: String,
    classes: String,
    active: bool,
    /// The grades of a grade head, in words, and every grade of the school with whether it is theirs.
    grades: Option<(String, Vec<GradeTick>)>,
}

/// A member as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct StaffForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    role: Vec<String>,
    #[serde(default)]
    grade: Vec<String>,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let page = page(&seat, StaffForm::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn page(seat: &Seat, form: StaffForm, problems: Problems) -> Result<IndexPage, Fault> {
    let (cards, school) =
        seat.read::<ReadStaff, _>(|tx| Ok((people::staff_list(tx)?, people::school_grades(tx)?))).await?;
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    let roles = Role::ALL.into_iter().filter(|role| staff_role(*role));
    let ticked = |role: Role| form.role.iter().any(|word| word == role.word());
    Ok(IndexPage {
        base: seat.path(""),
        may_keep: seat.may::<KeepStaff>(),
        staff: cards.iter().map(|card| row(lang, card, (year, school))).collect(),
        roles: roles.map(|role| (role.word(), lang.t(identity::role(role)), ticked(role))).collect(),
        form,
        problems,
    })
}

/// The grades that a grade head answers for, and what may be chosen.
fn grades(lang: Lang, own: &[u8], school: Grades) -> (String, Vec<(u8, String, bool)>) {
    let name = |grades: Grades| crate::plan::words::grades(lang, grades);
    let mine = Grades::of(own.iter().copied());
    let said = if mine.is_empty() { String::new() } else { name(mine) };
    let choice = |grade: u8| (grade, name(Grades::of([grade])), own.contains(&grade));
    (said, school.or(mine).iter().map(choice).collect())
}

fn row(lang: Lang, card: &StaffCard, (year, school): (i16, Grades)) -> StaffRow {
    let classes: Vec<String> = card.classes.iter().map(|(_, key)| words::class(lang, *key, year)).collect();
    StaffRow {
        id: card.staff.id,
        name: card.staff.name.clone(),
        phone: card.phone.as_deref().and_then(Phone::parse).map(|phone| phone.masked()).unwrap_or_default(),
        classes: classes.join("、"),
        active: card.staff.active,
        grades: card.grades.as_deref().map(|own| grades(lang, own, school)),
    }
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<StaffForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let mut problems = Problems::none();
    let Some(new) = read(lang, &form, &mut problems) else {
        return seat.refused(&page(&seat, form, problems).await?);
    };
    let added = seat
        .write::<KeepStaff, (), Refusal>(&key, move |tx| match people::add_staff(tx, &new) {
            Ok(_) => Ok(()),
            Err(Error::Already) => {
                let words = lang.t("这个手机号的教职工已经在名单里了");
                Err(Failed::Refused(Refusal::new("already", words).at("phone")))
            }
            Err(fault) => Err(Failed::Fault(fault)),
        })
        .await?;
    match added {
        Ok(()) => Ok(see_other(&seat.path("staff"))),
        Err(refusal) => seat.refused(&page(&seat, form, refusal.into()).await?),
    }
}

fn read(lang: Lang, form: &StaffForm, problems: &mut Problems) -> Option<NewStaff> {
    let name = read_name(lang, ("name", "姓名"), &form.name, problems);
    let phone = Phone::parse(&form.phone).filter(Phone::is_mobile);
    if phone.is_none() {
        problems.add("phone", words::problem(lang, Problem::PhoneUnreadable));
    }
    let roles = form.role.iter().filter_map(|word| Role::parse(word)).filter(|role| staff_role(*role));
    Some(NewStaff { name: name?, phone: phone?, roles: roles.collect() })
}

pub(super) async fn rename(
    seat: Seat,
    Path((_, member)): Path<(String, String)>,
    key: Key,
    Form(form): Form<StaffForm>,
) -> Result<Response, Fault> {
    let member: StaffId = id(&member)?;
    let mut problems = Problems::none();
    let Some(name) = read_name(seat.lang(), ("name", "姓名"), &form.name, &mut problems) else {
        return seat.refused(&page(&seat, form, problems).await?);
    };
    let done =
        seat.write::<KeepStaff, (), ()>(&key, move |tx| Ok(people::rename_staff(tx, member, &name)?)).await?;
    done.map_err(|()| Fault::NotFound)?;
    Ok(see_other(&seat.path("staff")))
}

/// Says which grades a grade head answers for; none ticked: nobody is in sight.
pub(super) async fn set_grades(
    seat: Seat,
    Path((_, member)): Path<(String, String)>,
    key: Key,
    Form(form): Form<StaffForm>,
) -> Result<Response, Fault> {
    let member: StaffId = id(&member)?;
    let known = form.grade.iter().filter_map(|grade| grade.parse::<u8>().ok());
    let grades = Grades::of(known.filter(|grade| (1..=Grades::HIGHEST).contains(grade)));
    let done = seat
        .write::<KeepStaff, (), ()>(&key, move |tx| Ok(people::assign_grades(tx, member, grades)?))
        .await?;
    done.map_err(|()| Fault::NotFound)?;
    Ok(see_other(&seat.path("staff")))
}

pub(super) async fn leave(
    seat: Seat,
    Path((_, member)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let member: StaffId = id(&member)?;
    let done = seat
        .write::<KeepStaff, (), ()>(&key, move |tx| Ok(attendance::note_staff_leaving(tx, member)?))
        .await?;
    done.map_err(|()| Fault::NotFound)?;
    Ok(see_other(&seat.path("staff")))
}
