//! Choosing for families who cannot do so themselves: which round, which child, then the family's own page (F11).

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use kehou_app::allocation::round::{self, Desk, DeskChild, ForDesk};
use kehou_domain::access::EnterWishes;
use kehou_domain::allocation::round::Way;
use kehou_domain::ids::{RoundId, StudentId};
use serde::Deserialize;

use super::choices::{Around, ChoicesPage, Meant, OfDay, Tap};
use super::family::said_of;
use super::{id, rounds, said};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people::words as people_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// Colour, icon and word of a tag.
type Tag = (&'static str, &'static str, String);

#[derive(Template)]
#[template(path = "allocation/desk_rounds.html")]
struct RoundsPage {
    base: String,
    rows: Vec<rounds::Row>,
}

#[derive(Template)]
#[template(path = "allocation/desk.html")]
struct DeskPage {
    base: String,
    id: RoundId,
    name: String,
    stage: (&'static str, &'static str, &'static str),
    when: String,
    /// Id, name and whether shown.
    classes: Vec<(String, String, bool)>,
    class: String,
    children: Vec<(StudentId, String, Option<Tag>)>,
}

/// Which class is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfClass {
    class: String,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let found = seat.read::<EnterWishes, _>(round::at_desk_of).await?;
    let (lang, at) = (seat.lang(), seat.at());
    let rows = found.map_or_else(Vec::new, |found| {
        let plan = found.setting.plan.as_deref();
        found.rounds.iter().map(|one| rounds::row(lang, plan, one, at)).collect()
    });
    seat.page(&RoundsPage { base: seat.path("round-entries"), rows })
}

pub(super) async fn show(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    Query(asked): Query<OfClass>,
) -> Result<Response, Fault> {
    let wanted: RoundId = id(&wanted)?;
    let found = seat.read::<EnterWishes, _>(move |tx| round::at_desk(tx, wanted)).await?;
    let lang = seat.lang();
    let class = asked_class(&found, &asked.class);
    let shown = found.children.iter().filter(|child| class_id(child) == class);
    seat.page(&DeskPage {
        base: seat.path("round-entries"),
        id: wanted,
        name: found.round.setup.name.clone(),
        stage: said::stage(found.stage),
        when: rounds::window(lang, &found.round.setup),
        classes: classes(lang, &found, &class),
        class: class_name(lang, &found, found.children.iter().find(|child| class_id(child) == class)),
        children: shown
            .map(|child| (child.student, child.name.clone(), tag(lang, found.round.setup.way, child)))
            .collect(),
    })
}

/// The class that is asked for, or the first that has somebody.
fn asked_class(found: &Desk, asked: &str) -> String {
    let is_there = found.children.iter().any(|child| class_id(child) == asked);
    if is_there { asked.to_owned() } else { found.children.first().map_or_else(String::new, class_id) }
}

fn class_id(child: &DeskChild) -> String {
    child.class.map_or_else(String::new, |(id, _)| id.to_string())
}

fn class_name(lang: Lang, found: &Desk, child: Option<&DeskChild>) -> String {
    let year = found.setting.term.school_year;
    match child.and_then(|child| child.class) {
        Some((_, key)) => people_words::class(lang, key, year),
        None => lang.t("不在班里的孩子").to_owned(),
    }
}

fn classes(lang: Lang, found: &Desk, shown: &str) -> Vec<(String, String, bool)> {
    let mut classes: Vec<(String, String, bool)> = Vec::new();
    for child in &found.children {
        let id = class_id(child);
        if classes.last().is_none_or(|(last, _, _)| *last != id) {
            let name = class_name(lang, found, Some(child));
            classes.push((id.clone(), name, id == shown));
        }
    }
    classes
}

/// How far a child's list is; in a round of first come the page of the child says it.
fn tag(lang: Lang, way: Way, child: &DeskChild) -> Option<Tag> {
    if way == Way::FirstCome {
        return None;
    }
    Some(match child.wishes {
        None | Some((0, _)) => ("late", "clock", lang.t("还没填").to_owned()),
        Some((n, false)) => ("present", "check", lang.fill("填了 {n} 个志愿", &[("n", &n.to_string())])),
        Some((n, true)) => ("leave", "pen", lang.fill("学校代填 {n} 个", &[("n", &n.to_string())])),
    })
}

pub(super) async fn child(
    seat: Seat,
    Path((_, wanted, student)): Path<(String, String, String)>,
    Query(asked): Query<OfDay>,
) -> Result<Response, Fault> {
    let page = page(&seat, (id(&wanted)?, id(&student)?), &asked.day, Problems::none()).await?;
    seat.page(&page)
}

async fn page(
    seat: &Seat,
    (wanted, student): (RoundId, StudentId),
    day: &str,
    problems: Problems,
) -> Result<ChoicesPage, Fault> {
    let read = move |tx: &mut kehou_db::Tx<EnterWishes>| round::for_desk(tx, (wanted, student));
    let ForDesk { name, setting, one } = seat.read::<EnterWishes, _>(read).await?;
    let back = seat.path(&format!("round-entries/{wanted}"));
    let around = Around {
        here: format!("{back}/{student}"),
        back,
        public: seat.path(&format!("rounds/{wanted}/open")),
        name,
    };
    Ok(ChoicesPage::new((seat.lang(), seat.at()), around, (&one, setting.plan.as_deref()), (day, problems)))
}

pub(super) async fn tap(
    seat: Seat,
    Path((_, wanted, student)): Path<(String, String, String)>,
    key: Key,
    Form(form): Form<Tap>,
) -> Result<Response, Fault> {
    let (lang, of): (Lang, (RoundId, StudentId)) = (seat.lang(), (id(&wanted)?, id(&student)?));
    let done = match form.meant() {
        None => Err(vec![Refusal::new("tap", lang.t("没看懂点的是哪一个，请再点一次"))]),
        Some(meant) => {
            seat.write::<EnterWishes, (), Vec<Refusal>>(&key, move |tx| {
                let written = match &meant {
                    Meant::Wish(step) => round::change_wishes_for(tx, of, *step),
                    Meant::Wishes(list) => round::write_wishes_for(tx, of, list),
                    Meant::Seat(step) => {
                        let done = round::change_seat_for(tx, of, *step);
                        return said_of(done, |why| {
                            Ok(vec![said::not_seated(lang, *why, || round::offered_at_desk(tx, of.0))?])
                        });
                    }
                };
                said_of(written, |why| Ok(said::not_written(lang, why, &round::offered_at_desk(tx, of.0)?)))
            })
            .await?
        }
    };
    match done {
        Ok(()) => {
            let here = format!("round-entries/{}/{}?day={}", of.0, of.1, form.day);
            Ok(see_other(&seat.path(&here)))
        }
        Err(refusals) => {
            let page = page(&seat, of, &form.day, said::problems(refusals)).await?;
            seat.refused(&page)
        }
    }
}
