//! Classes, pupils and staff for programs.

use axum::extract::Path;
use kehou_app::people;
use kehou_domain::access::{ReadRoster, ReadStaff};
use kehou_domain::ids::ClassId;
use serde::Serialize;
use utoipa::ToSchema;

use super::id;
use crate::fault::Fault;
use crate::form::Json;
use crate::seat::Seat;

/// A home class.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct HomeClass {
    id: String,
    /// 1 to 9; nothing before it enters.
    grade: Option<u8>,
    class_no: u8,
    entered_year: i16,
    teacher: Option<String>,
    students: u32,
}

/// A pupil of a class.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Student {
    id: String,
    name: String,
    /// `M`, `F` or empty.
    sex: String,
    seat_no: Option<u32>,
    /// `day` or `boarder`.
    boarding: String,
}

/// A member of staff.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Member {
    id: String,
    name: String,
    active: bool,
    /// The ids of the classes led today.
    classes: Vec<String>,
}

pub(super) async fn classes(seat: Seat) -> Result<Json<Vec<HomeClass>>, Fault> {
    let cards = seat.read::<ReadRoster, _>(people::class_cards).await?;
    let class = |card: people::ClassCard| HomeClass {
        id: card.class.id.to_string(),
        grade: card.grade,
        class_no: card.class.key.class_no,
        entered_year: card.class.key.entered_year,
        teacher: card.teacher,
        students: card.students,
    };
    Ok(Json(cards.into_iter().map(class).collect()))
}

pub(super) async fn students(
    seat: Seat,
    Path((_, class)): Path<(String, String)>,
) -> Result<Json<Vec<Student>>, Fault> {
    let class: ClassId = id(&class)?;
    let page = seat.read::<ReadRoster, _>(move |tx| people::class_page(tx, class)).await?;
    let student = |student: people::Student| Student {
        id: student.id.to_string(),
        name: student.name,
        sex: student.sex.word().to_owned(),
        seat_no: student.seat_no,
        boarding: student.boarding.word().to_owned(),
    };
    Ok(Json(page.students.into_iter().map(student).collect()))
}

pub(super) async fn staff(seat: Seat) -> Result<Json<Vec<Member>>, Fault> {
    let cards = seat.read::<ReadStaff, _>(people::staff_list).await?;
    let member = |card: people::StaffCard| Member {
        id: card.staff.id.to_string(),
        name: card.staff.name,
        active: card.staff.active,
        classes: card.classes.iter().map(|(class, _)| class.to_string()).collect(),
    };
    Ok(Json(cards.into_iter().map(member).collect()))
}
