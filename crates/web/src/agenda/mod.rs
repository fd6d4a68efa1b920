//! The first page of every role of a school: what waits, most pressing first, and the first steps (A6, A9, F1, H9).

mod words;

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::agenda;
use kehou_domain::access::SeeOpenWork;
use kehou_domain::agenda::{StepTaken, Waiting};

use crate::fault::Fault;
use crate::filters;
use crate::lang::Lang;
use crate::routes::Routes;
use crate::seat::Seat;

pub(crate) fn routes() -> Routes {
    Routes::new().get::<SeeOpenWork, _>("/schools/{school}", show)
}

/// A line of open work.
struct Line {
    words: String,
    icon: &'static str,
    path: String,
    /// Whether a child may be in danger.
    urgent: bool,
    /// Whether the reader may do something about it.
    acts: bool,
}

/// A first step.
struct Step {
    words: &'static str,
    path: String,
    done: bool,
}

#[derive(Template)]
#[template(path = "agenda/show.html")]
struct AgendaPage {
    school: String,
    role: &'static str,
    name: String,
    lines: Vec<Line>,
    steps: Vec<Step>,
    left: usize,
    waits_for_grades: bool,
}

impl AgendaPage {
    /// Whether anything waits for the reader's own hand.
    fn acts(&self) -> bool {
        self.lines.iter().any(|line| line.acts)
    }
}

async fn show(seat: Seat) -> Result<Response, Fault> {
    let agenda = seat.read::<SeeOpenWork, _>(agenda::agenda).await?;
    let lines = agenda.waiting.iter().map(|waiting| line(&seat, *waiting, agenda.unclosed)).collect();
    let steps: Vec<Step> = agenda.steps.iter().map(|step| step_of(&seat, *step)).collect();
    seat.page(&AgendaPage {
        school: seat.school().name.clone(),
        role: crate::identity::role(seat.role()),
        name: seat.sign_in().signed_in.name.clone(),
        lines,
        left: steps.iter().filter(|step| !step.done).count(),
        steps,
        waits_for_grades: agenda.waits_for_grades,
    })
}

fn line(seat: &Seat, waiting: Waiting, unclosed: Option<Date>) -> Line {
    let said = words::matter(waiting.matter);
    let mut path = seat.path(said.path);
    if let (true, Some(day)) = (said.of_earlier_day, unclosed) {
        path = format!("{path}?day={day}");
    }
    Line {
        words: counted(seat.lang(), said.words, waiting.count),
        icon: said.icon,
        path,
        urgent: said.urgent,
        acts: waiting.matter.is_for(seat.role()),
    }
}

fn counted(lang: Lang, words: &'static str, count: i64) -> String {
    lang.fill(words, &[("n", &count.to_string())])
}

fn step_of(seat: &Seat, taken: StepTaken) -> Step {
    let (words, path) = words::step(taken.step);
    Step { words, path: seat.path(path), done: taken.done }
}
