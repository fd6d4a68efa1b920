//! Home classes: the list, one class with its pupils, its teacher.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::people::{self, ClassCard};
use kehou_domain::access::{ImportRoster, KeepRoster, KeepStaff, ReadRoster, ReadStaff, TurnYear};
use kehou_domain::ids::{ClassId, StaffId};
use kehou_domain::people::class::school_year;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "people/classes.html")]
struct IndexPage {
    base: String,
    may_import: bool,
    may_turn: bool,
    classes: Vec<ClassRow>,
    total: u32,
    waits_for_grades: bool,
}

struct ClassRow {
    id: ClassId,
    name: String,
    teacher: String,
    students: u32,
}

#[derive(Template)]
#[template(path = "people/class.html")]
struct ShowPage {
    base: String,
    class: ClassRow,
    students: Vec<StudentRow>,
    may_keep: bool,
    /// The staff to choose a teacher from; nothing when the reader may not.
    staff: Option<Vec<(String, String)>>,
    teacher: String,
}

struct StudentRow {
    id: String,
    seat: String,
    name: String,
    sex: &'static str,
    boarding: &'static str,
}

/// The teacher chosen for a class; empty for none.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct TeacherForm {
    #[serde(default)]
    teacher: String,
}

fn class_row(lang: Lang, card: &ClassCard, year: i16) -> ClassRow {
    ClassRow {
        id: card.class.id,
        name: words::class(lang, card.class.key, year),
        teacher: card.teacher.clone().unwrap_or_default(),
        students: card.students,
    }
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let (cards, waits_for_grades) = seat
        .read::<ReadRoster, _>(|tx| Ok((people::class_cards(tx)?, people::waits_for_grades(tx)?)))
        .await?;
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    seat.page(&IndexPage {
        base: seat.path(""),
        may_import: seat.may::<ImportRoster>(),
        may_turn: seat.may::<TurnYear>(),
        waits_for_grades,
        total: cards.iter().map(|card| card.students).sum(),
        classes: cards.iter().map(|card| class_row(lang, card, year)).collect(),
    })
}

pub(super) async fn show(seat: Seat, Path((_, class)): Path<(String, String)>) -> Result<Response, Fault> {
    let class: ClassId = id(&class)?;
    let page = seat.read::<ReadRoster, _>(move |tx| people::class_page(tx, class)).await?;
    let (staff, teacher) = staff_choice(&seat, class).await?;
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    let student = |student: &people::Student| StudentRow {
        id: student.id.to_string(),
        seat: student.seat_no.map(|seat| seat.to_string()).unwrap_or_default(),
        name: student.name.clone(),
        sex: words::sex(lang, student.sex),
        boarding: words::boarding(lang, student.boarding),
    };
    seat.page(&ShowPage {
        base: seat.path(""),
        class: class_row(lang, &page.card, year),
        students: page.students.iter().map(student).collect(),
        may_keep: seat.may::<KeepRoster>(),
        staff,
        teacher,
    })
}

type Choice = (Option<Vec<(String, String)>>, String);

/// The active staff to choose from, and who leads the class now.
async fn staff_choice(seat: &Seat, class: ClassId) -> Result<Choice, Fault> {
    if !(seat.may::<KeepStaff>() && seat.may::<ReadStaff>()) {
        return Ok((None, String::new()));
    }
    let cards = seat.read::<ReadStaff, _>(people::staff_list).await?;
    let leads = |card: &&people::StaffCard| card.classes.iter().any(|(led, _)| *led == class);
    let teacher = cards.iter().find(leads).map(|card| card.staff.id.to_string()).unwrap_or_default();
    let none = (String::new(), seat.lang().t("没有班主任").to_owned());
    let active = cards.into_iter().filter(|card| card.staff.active);
    let choices = active.map(|card| (card.staff.id.to_string(), card.staff.name));
    Ok((Some(std::iter::once(none).chain(choices).collect()), teacher))
}

pub(super) async fn set_teacher(
    seat: Seat,
    Path((_, class)): Path<(String, String)>,
    key: Key,
    Form(form): Form<TeacherForm>,
) -> Result<Response, Fault> {
    let class: ClassId = id(&class)?;
    let teacher = (!form.teacher.is_empty()).then(|| id::<StaffId>(&form.teacher)).transpose()?;
    let done = seat
        .write::<KeepStaff, (), ()>(&key, move |tx| Ok(people::assign_homeroom(tx, class, teacher)?))
        .await?;
    done.map_err(|()| Fault::NotFound)?;
    Ok(see_other(&seat.path(&format!("classes/{class}"))))
}
