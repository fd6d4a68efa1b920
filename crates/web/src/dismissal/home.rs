//! The guardian's home: where each child is now; and one day of one child.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::dismissal::{self, ChildDay, ChildToday, StepState, StopCard};
use kehou_domain::access::SeeOwnChildren;
use kehou_domain::custody::{Ending, Whereabouts};
use kehou_domain::dismissal::Outlook;
use kehou_domain::ids::StudentId;
use serde::Deserialize;

use super::{id, words};
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::lang::Lang;
use crate::people::words as people_words;

/// One child with the name of the school.
pub(super) struct AtSchool {
    pub(super) school: String,
    pub(super) today: ChildToday,
}

/// Every child of the guardian, in every school.
pub(super) async fn children(family: &Family) -> Result<Vec<AtSchool>, Fault> {
    let mut children = Vec::new();
    for scope in family.scopes() {
        let school = scope.school().name.clone();
        let here = scope.read::<SeeOwnChildren, _>(dismissal::today).await?;
        children.extend(here.into_iter().map(|today| AtSchool { school: school.clone(), today }));
    }
    Ok(children)
}

/// Which child is shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    child: String,
}

/// A child's chip.
struct Chip {
    id: String,
    name: String,
    class: String,
    here: bool,
}

/// A step of the day, in words.
struct Step {
    class: &'static str,
    done: bool,
    now: bool,
    time: jiff::Timestamp,
    words: String,
}

/// The today card of one child.
struct Card {
    id: String,
    live: String,
    live_icon: &'static str,
    live_at: Option<jiff::Timestamp>,
    heading: String,
    sub: String,
    steps: Vec<Step>,
    phone: Option<String>,
    /// Whether the child has a place in the service.
    in_service: bool,
    day: Date,
    /// An earlier day that ended without the school's word where the child went.
    unended: Option<Date>,
    to_do: Option<(&'static str, String)>,
    /// Who asked for the child at the gate: when and by which name.
    asked: Vec<StopCard>,
    /// The child's last day in the school, once it is over.
    left_on: Option<Date>,
}

impl Card {
    /// Whether the line above the heading says more than the heading.
    fn has_live(&self) -> bool {
        self.live_at.is_some() || self.live != self.heading
    }
}

#[derive(Template)]
#[template(path = "dismissal/home.html")]
struct HomePage {
    school: String,
    chips: Vec<Chip>,
    card: Option<Card>,
}

pub(super) async fn show(family: Family, Query(which): Query<Which>) -> Result<Response, Fault> {
    let children = children(&family).await?;
    let lang = family.lang();
    let chosen =
        children.iter().position(|child| child.today.child.id.to_string() == which.child).unwrap_or(0);
    let chips = children.iter().enumerate().map(|(place, child)| Chip {
        id: child.today.child.id.to_string(),
        name: child.today.child.name.clone(),
        class: words::class(lang, &child.today.child),
        here: place == chosen,
    });
    let chips = chips.collect();
    let school =
        children.get(chosen).map_or_else(|| family.scope().school().name.clone(), |one| one.school.clone());
    let card = children.get(chosen).map(|child| card(lang, &child.today));
    family.page(&HomePage { school, chips, card })
}

fn card(lang: Lang, today: &ChildToday) -> Card {
    let place = today.state.whereabouts();
    let live = words::now(lang, today);
    let stays_away = matches!(place, Whereabouts::Ended(Ending::OnLeave | Ending::NotComing));
    let session = today.session.as_ref();
    let going_on = today.steps.iter().any(|step| step.state == StepState::Now);
    let heading = match (place, session) {
        (Whereabouts::Here, Some(session)) if going_on => {
            lang.fill("正在{group}", &[("group", &people_words::group(lang, &session.name))])
        }
        _ => live.clone(),
    };
    Card {
        id: today.child.id.to_string(),
        live_icon: words::place(place).2,
        live_at: today.state.learnt_from().map(|sight| sight.at),
        sub: if stays_away { String::new() } else { sub(lang, today) },
        steps: today.steps.iter().filter(|_| !stays_away).map(|one| step(lang, one)).collect(),
        phone: session.and_then(|session| session.teacher_phone.clone()),
        in_service: today.outlook != Outlook::NotInService,
        day: today.day,
        unended: today.unended,
        left_on: today.left_on,
        to_do: today.to_do.map(|to_do| words::to_do(lang, to_do)),
        asked: today.asked.clone(),
        live,
        heading,
    }
}

/// The room, the teacher and when the child goes: 302 · 周敏老师 · 17:20 放学.
fn sub(lang: Lang, today: &ChildToday) -> String {
    let Some(session) = &today.session else {
        return words::why_no_service(lang, &today.outlook).unwrap_or_default();
    };
    let mut parts = vec![session.venue.clone()];
    parts.extend(session.teacher.clone());
    parts.extend(today.wave_at.map(|at| {
        let at = crate::dates::time(kehou_domain::moment::wall_clock(at).time());
        lang.fill("{time} 放学", &[("time", &at)])
    }));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

fn step(lang: Lang, step: &dismissal::Step) -> Step {
    let class = match step.state {
        StepState::Done => "done",
        StepState::Now => "now",
        StepState::Coming => "",
    };
    Step {
        class,
        done: step.state == StepState::Done,
        now: step.state == StepState::Now,
        time: step.at,
        words: words::step(lang, &step.what),
    }
}

/// One fact in words.
struct Line {
    at: jiff::Timestamp,
    /// The day, when it was noted on another one.
    on: Option<Date>,
    words: &'static str,
    who: String,
    noted_by: String,
}

#[derive(Template)]
#[template(path = "dismissal/child_day.html")]
struct DayPage {
    name: String,
    class: String,
    day: Date,
    place: (&'static str, &'static str, &'static str),
    lines: Vec<Line>,
    before: String,
    after: Option<String>,
    back: String,
}

pub(super) async fn day(
    family: Family,
    Path((student, day)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let day: Date = day.parse().map_err(|_| Fault::NotFound)?;
    let shown = of_family(&family, student, day).await?;
    let lang = family.lang();
    let lines = shown.facts.iter().map(|one| Line {
        at: one.fact.at,
        on: Some(kehou_domain::moment::day_of(one.fact.at)).filter(|on| *on != day),
        words: words::fact(lang, &one.fact.what),
        who: one
            .taken_by
            .as_ref()
            .map(|(name, relation)| words::called(lang, name, relation))
            .unwrap_or_default(),
        noted_by: one.noted_by.clone().unwrap_or_default(),
    });
    let path = |day: Date| format!("/children/{student}/days/{day}");
    let before = day.yesterday().map_err(|_| Fault::NotFound)?;
    let after = day.tomorrow().ok().filter(|next| *next <= family.today());
    family.page(&DayPage {
        lines: lines.collect(),
        class: words::class(lang, &shown.child),
        place: words::place(shown.state.whereabouts()),
        before: path(before),
        after: after.map(path),
        back: format!("/home?child={student}"),
        name: shown.child.name,
        day,
    })
}

/// The child's day, from the school where the child is one's own.
async fn of_family(family: &Family, student: StudentId, day: Date) -> Result<ChildDay, Fault> {
    for scope in family.scopes() {
        match scope.read::<SeeOwnChildren, _>(move |tx| dismissal::child_day(tx, student, day)).await {
            Err(kehou_db::Error::NotFound) => {}
            answer => return Ok(answer?),
        }
    }
    Err(Fault::NotFound)
}
