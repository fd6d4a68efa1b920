//! The office's groups: who leads which class in which slot, and where.

mod merging;
pub mod words;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::grouping::{self, ArrangeRefused, GroupCard, LONGEST_VENUE, Member};
use kehou_domain::access::{ArrangeGroups, ReadGroups};
use kehou_domain::ids::{EntityId, GroupId, StaffId};
use kehou_domain::people::class::school_year;
use serde::Deserialize;

use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people;
use crate::refusal::{Problems, Refusal};
use crate::routes::Routes;
use crate::seat::Seat;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get::<ReadGroups, _>("/schools/{school}/groups", index)
        .get::<ReadGroups, _>("/schools/{school}/groups/merging", merging::show)
        .post::<ArrangeGroups, _>("/schools/{school}/groups/merging", merging::merge)
        .get::<ReadGroups, _>("/schools/{school}/groups/{group}", show)
        .post::<ArrangeGroups, _>("/schools/{school}/groups/{group}", arrange)
}

#[derive(Template)]
#[template(path = "grouping/index.html")]
struct GroupsPage {
    school: String,
    groups: Vec<GroupCard>,
    without_teacher: usize,
    without_venue: usize,
}

#[derive(Template)]
#[template(path = "grouping/show.html")]
struct GroupPage {
    school: String,
    group: GroupCard,
    members: Vec<Line>,
    staff: Vec<(String, String)>,
    form: ArrangeForm,
    may_arrange: bool,
    problems: Problems,
}

/// A child of the group; with its class where the group has children of several.
struct Line {
    seat_no: Option<u32>,
    name: String,
    class: String,
}

/// Teacher and room as typed.
#[derive(Debug, Clone, Default, Deserialize)]
struct ArrangeForm {
    #[serde(default)]
    teacher: String,
    #[serde(default)]
    venue: String,
}

async fn index(seat: Seat) -> Result<Response, Fault> {
    let groups = seat.read::<ReadGroups, _>(grouping::current).await?;
    seat.page(&GroupsPage {
        school: seat.school().code.clone(),
        without_teacher: groups.iter().filter(|group| group.teacher.is_none()).count(),
        without_venue: groups.iter().filter(|group| group.venue.is_empty()).count(),
        groups,
    })
}

async fn show(seat: Seat, Path((_, group)): Path<(String, String)>) -> Result<Response, Fault> {
    let group = read(&seat, &group).await?;
    let teacher = group.teacher.map(|teacher| teacher.to_string()).unwrap_or_default();
    let form = ArrangeForm { teacher, venue: group.venue.clone() };
    let page = page(&seat, group, (form, Problems::none())).await?;
    seat.page(&page)
}

async fn arrange(
    seat: Seat,
    key: Key,
    Path((_, group)): Path<(String, String)>,
    Form(form): Form<ArrangeForm>,
) -> Result<Response, Fault> {
    let id = GroupId::parse(&group).ok_or(Fault::NotFound)?;
    let teacher = match form.teacher.as_str() {
        "" => None,
        text => Some(StaffId::parse(text).ok_or(Fault::NotFound)?),
    };
    let (lang, venue) = (seat.lang(), form.venue.clone());
    let arranged = seat.write::<ArrangeGroups, (), Refusal>(&key, move |tx| {
        grouping::arrange(tx, id, teacher, &venue).map_err(|why| why.map(|why| refused(lang, why)))
    });
    match arranged.await? {
        Ok(()) => Ok(see_other(&seat.path("groups"))),
        Err(refusal) => {
            let group = read(&seat, &group).await?;
            let page = page(&seat, group, (form, refusal.into())).await?;
            seat.refused(&page)
        }
    }
}

async fn read(seat: &Seat, group: &str) -> Result<GroupCard, Fault> {
    let id = GroupId::parse(group).ok_or(Fault::NotFound)?;
    seat.read::<ReadGroups, _>(move |tx| grouping::group(tx, id)).await
}

async fn page(
    seat: &Seat,
    group: GroupCard,
    (form, problems): (ArrangeForm, Problems),
) -> Result<GroupPage, Fault> {
    let id = group.id;
    let (teachers, members) = seat
        .read::<ReadGroups, _>(move |tx| Ok((grouping::teachers(tx)?, grouping::members(tx, id)?)))
        .await?;
    let mut staff = vec![(String::new(), seat.lang().t("还没有老师").to_owned())];
    staff.extend(teachers.into_iter().map(|teacher| (teacher.id.to_string(), teacher.name)));
    let may_arrange = seat.may::<ArrangeGroups>() && group.offering.is_none();
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    let class = |member: &Member| member.class.map(|key| people::words::class(lang, key, year));
    let line = |member: Member| Line {
        class: class(&member).unwrap_or_default(),
        seat_no: member.seat_no,
        name: member.name,
    };
    let members = members.into_iter().map(line).collect();
    let school = seat.school().code.clone();
    Ok(GroupPage { school, group, members, staff, form, may_arrange, problems })
}

fn refused(lang: Lang, why: ArrangeRefused) -> Refusal {
    match why {
        ArrangeRefused::TeacherTaken => {
            Refusal::new("teacher_taken", lang.t("这位老师在同一时段已经带了别的班")).at("teacher")
        }
        ArrangeRefused::VenueTaken => {
            Refusal::new("venue_taken", lang.t("这个地方在同一时段已经有别的班")).at("venue")
        }
        ArrangeRefused::TeacherInOffering => {
            let words = lang.t("这位老师同一时间带着一门已发布的课程");
            Refusal::new("teacher_in_offering", words).at("teacher")
        }
        ArrangeRefused::VenueInOffering => {
            let words = lang.t("同一时间有一门已发布的课程在这个地方");
            Refusal::new("venue_in_offering", words).at("venue")
        }
        ArrangeRefused::Club => Refusal::new("club", lang.t("社团的老师和地方在选课目录里改")).at("teacher"),
        ArrangeRefused::VenueTooLong => {
            let most = LONGEST_VENUE.to_string();
            Refusal::new("venue_too_long", lang.fill("地方最多写 {n} 个字", &[("n", &most)])).at("venue")
        }
    }
}
