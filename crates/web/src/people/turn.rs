//! The turn of the school year: choices, the review of everything it does, and the step itself.

use std::collections::HashMap;

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use kehou_app::people::{self, Decisions, Review};
use kehou_db::Failed;
use kehou_domain::access::TurnYear;
use kehou_domain::ids::{ClassId, EntityId};
use kehou_domain::people::class::{ClassKey, Stage};
use kehou_domain::people::turn::{Choice, Class, Target, Turn, has_finished, is_running};
use serde::Deserialize;

use super::words;
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// The most classes opened in one turn.
const MOST_NEW: u8 = 40;

#[derive(Template)]
#[template(path = "people/turn.html")]
struct TurnPage {
    base: String,
    year: String,
    running: bool,
    classes: Vec<ClassRow>,
    stages: Vec<(&'static str, &'static str)>,
    form: TurnForm,
    problems: Problems,
}

/// A class with what may become of it.
struct ClassRow {
    id: ClassId,
    name: String,
    students: usize,
    finished: bool,
    /// Words of choices, what they say, whether chosen.
    choices: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "people/turn_review.html")]
struct ReviewPage {
    base: String,
    year: String,
    form: TurnForm,
    graduates: Vec<(String, usize)>,
    opens: Vec<String>,
    closes: Vec<String>,
    moves: Vec<(String, String, usize)>,
}

/// Choices by class in the same order, and how many first-grade classes open.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct TurnForm {
    #[serde(default)]
    class: Vec<String>,
    #[serde(default)]
    choice: Vec<String>,
    #[serde(default)]
    new: String,
    #[serde(default)]
    stage: String,
}

impl TurnForm {
    /// The choice typed for a class.
    fn of(&self, class: ClassId) -> &str {
        let place = self.class.iter().position(|id| *id == class.to_string());
        place.and_then(|place| self.choice.get(place)).map_or("keep", String::as_str)
    }

    /// What was decided; nothing when the form holds what no page offers.
    fn decisions(&self, school_year: i16) -> Option<Decisions> {
        let mut choices = Vec::new();
        for (class, choice) in self.class.iter().zip(&self.choice) {
            let (class, choice) = (ClassId::parse(class)?, read_choice(choice)?);
            if choice != Choice::Keep {
                choices.push((class, choice));
            }
        }
        let new = if self.new.trim().is_empty() { 0 } else { self.new.trim().parse::<u8>().ok()? };
        let stage = Stage::parse(&self.stage).unwrap_or(Stage::Primary);
        let first = |class_no| ClassKey { stage, entered_year: school_year, class_no };
        (new <= MOST_NEW).then(|| Decisions { choices, opens: (1..=new).map(first).collect() })
    }

    /// The pairs that the confirmation sends again.
    fn pairs(&self) -> Vec<(&str, &str)> {
        self.class.iter().map(String::as_str).zip(self.choice.iter().map(String::as_str)).collect()
    }
}

fn read_choice(word: &str) -> Option<Choice> {
    match word.split_once(':') {
        None if word == "keep" => Some(Choice::Keep),
        Some(("merge", class)) => ClassId::parse(class).map(Choice::MergeInto),
        Some(("split", number)) => number.parse().ok().map(Choice::SplitOff),
        None | Some(_) => None,
    }
}

pub(super) async fn show(seat: Seat) -> Result<Response, Fault> {
    let stage = if seat.school().stage == "junior" { Stage::Junior } else { Stage::Primary };
    let form = TurnForm { stage: stage.word().to_owned(), ..TurnForm::default() };
    let page = page(&seat, form, Problems::none()).await?;
    seat.page(&page)
}

async fn page(seat: &Seat, form: TurnForm, problems: Problems) -> Result<TurnPage, Fault> {
    let review = seat.read::<TurnYear, _>(|tx| people::review_turn(tx, &Decisions::default())).await?;
    let (lang, year) = (seat.lang(), review.school_year);
    let rows = review.classes.iter().map(|class| class_row(lang, class, &review, &form)).collect();
    let stages = [(Stage::Primary, "小学一年级"), (Stage::Junior, "初中七年级")];
    Ok(TurnPage {
        base: seat.path(""),
        year: year_words(year),
        running: is_running(&review.classes, year),
        classes: rows,
        stages: stages.map(|(stage, words)| (stage.word(), lang.t(words))).to_vec(),
        form,
        problems,
    })
}

fn year_words(year: i16) -> String {
    format!("{year}–{}", year + 1)
}

fn class_row(lang: Lang, class: &Class, review: &Review, form: &TurnForm) -> ClassRow {
    let year = review.school_year;
    let same_year = |other: &&Class| {
        (other.key.stage, other.key.entered_year) == (class.key.stage, class.key.entered_year)
    };
    let beside: Vec<&Class> = review.classes.iter().filter(same_year).collect();
    let next = beside.iter().map(|other| other.key.class_no).max().unwrap_or(0) + 1;
    let typed = form.of(class.id);
    let mut choices = vec![("keep".to_owned(), lang.t("照旧").to_owned())];
    for other in beside.iter().filter(|other| other.id != class.id) {
        let name = words::class(lang, other.key, year);
        choices.push((format!("merge:{}", other.id), lang.fill("并入{class}", &[("class", &name)])));
    }
    let split = words::class(lang, ClassKey { class_no: next, ..class.key }, year);
    choices.push((format!("split:{next}"), lang.fill("分出{class}", &[("class", &split)])));
    ClassRow {
        id: class.id,
        name: words::class(lang, class.key, year),
        students: class.students.len(),
        finished: has_finished(class.key, year),
        choices: choices.into_iter().map(|(word, words)| (word.clone(), words, word == typed)).collect(),
    }
}

pub(super) async fn review(seat: Seat, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let form = read_query(&query.unwrap_or_default());
    let year = kehou_domain::people::class::school_year(seat.today());
    let lang = seat.lang();
    let Some(decisions) = form.decisions(year) else {
        let problems = Refusal::new("new", lang.t("新开班级数请填 0 到 40")).at("new").into();
        return seat.refused(&page(&seat, form, problems).await?);
    };
    let review = seat.read::<TurnYear, _>(move |tx| people::review_turn(tx, &decisions)).await?;
    match &review.turn {
        Err(refused) => {
            let problems = Refusal::new("turn", words::turn_refused(lang, *refused)).into();
            seat.refused(&page(&seat, form, problems).await?)
        }
        Ok(turn) => seat.page(&review_page(&seat, form, &review, turn)),
    }
}

/// The form as the address carries it: the same names, several times.
fn read_query(query: &str) -> TurnForm {
    let mut form = TurnForm::default();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let value = value.replace("%3A", ":").replace("%3a", ":");
        match name {
            "class" => form.class.push(value),
            "choice" => form.choice.push(value),
            "new" => form.new = value,
            "stage" => form.stage = value,
            _ => {}
        }
    }
    form
}

fn review_page(seat: &Seat, form: TurnForm, review: &Review, turn: &Turn) -> ReviewPage {
    let (lang, year) = (seat.lang(), review.school_year);
    let class = |id: &ClassId| review.classes.iter().find(|class| class.id == *id);
    let name = |id: &ClassId| class(id).map(|class| words::class(lang, class.key, year)).unwrap_or_default();
    let count = |id: &ClassId| class(id).map_or(0, |class| class.students.len());
    let mut moves: HashMap<(String, String), usize> = HashMap::new();
    for (student, target) in &turn.moves {
        let from = review.classes.iter().find(|class| class.students.contains(student));
        let from = from.map(|class| words::class(lang, class.key, year)).unwrap_or_default();
        let to = match target {
            Target::Class(id) => name(id),
            Target::New(key) => words::class(lang, *key, year),
        };
        *moves.entry((from, to)).or_default() += 1;
    }
    let mut moves: Vec<_> = moves.into_iter().map(|((from, to), count)| (from, to, count)).collect();
    moves.sort();
    ReviewPage {
        base: seat.path(""),
        year: year_words(year),
        graduates: turn.graduates.iter().map(|id| (name(id), count(id))).collect(),
        opens: turn.opens.iter().map(|key| words::class(lang, *key, year)).collect(),
        closes: turn.closes.iter().map(name).collect(),
        moves,
        form,
    }
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<TurnForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let year = kehou_domain::people::class::school_year(seat.today());
    let Some(decisions) = form.decisions(year) else {
        return Err(Fault::malformed(""));
    };
    let turned = seat
        .write::<TurnYear, (), Refusal>(&key, move |tx| match people::turn_year(tx, &decisions) {
            Ok(_) => Ok(()),
            Err(Failed::Fault(fault)) => Err(Failed::Fault(fault)),
            Err(Failed::Refused(why)) => {
                Err(Failed::Refused(Refusal::new("turn", words::turn_refused(lang, why))))
            }
        })
        .await?;
    match turned {
        Ok(()) => Ok(see_other(&seat.path("classes"))),
        Err(refusal) => seat.refused(&page(&seat, form, refusal.into()).await?),
    }
}
