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
use kehou_domain::people::turn::{Choice, Class, Target, Turn, TurnRefused, Wrong, has_finished, is_running};
use serde::Deserialize;

use super::words;
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::{Form, number};
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

impl ClassRow {
    /// The id of its field.
    fn field(&self) -> String {
        format!("choice-{}", self.id)
    }
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

    /// What was decided, as far as it can be read, and what cannot.
    fn decisions(&self, lang: Lang, school_year: i16) -> (Decisions, Problems) {
        let (mut choices, mut problems) = (Vec::new(), Problems::none());
        for (class, choice) in self.class.iter().zip(&self.choice) {
            match ClassId::parse(class).zip(read_choice(choice)) {
                Some((_, Choice::Keep)) => {}
                Some(choice) => choices.push(choice),
                None => problems.and([gone(lang)]),
            }
        }
        let new = if self.new.trim().is_empty() { Some(0) } else { number(&self.new) };
        let new = new.filter(|new| *new <= MOST_NEW);
        if new.is_none() {
            problems.add("new", lang.t("新开班级数请填 0 到 40"));
        }
        let stage = Stage::parse(&self.stage).unwrap_or(Stage::Primary);
        let first = |class_no| ClassKey { stage, entered_year: school_year, class_no };
        let opens = (1..=new.unwrap_or(0)).map(first).collect();
        (Decisions { choices, opens }, problems)
    }

    /// The pairs that the confirmation sends again.
    fn pairs(&self) -> Vec<(&str, &str)> {
        self.class.iter().map(String::as_str).zip(self.choice.iter().map(String::as_str)).collect()
    }
}

/// That a class is not there any more, or that it is to become what no page offers.
fn gone(lang: Lang) -> Refusal {
    Refusal::new("turn", words::turn_refused(lang, TurnRefused::UnknownClass))
}

/// Everything for which the turn is not done, each by the class or the field that it is about.
fn refusals(lang: Lang, classes: &[Class], wrong: &[Wrong]) -> Vec<Refusal> {
    let year = |class: &Class| words::entered_class(lang, class.key);
    let refusal = |wrong: &Wrong| {
        let refusal = Refusal::new("turn", words::turn_refused(lang, wrong.why));
        let class = |id| classes.iter().find(|class: &&Class| class.id == id);
        match wrong.class {
            None => refusal.at("new"),
            Some(id) => match class(id) {
                Some(class) => refusal.at(&format!("choice-{id}")).named(&year(class)),
                None => refusal,
            },
        }
    };
    wrong.iter().map(refusal).collect()
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
    let (decisions, mut problems) = form.decisions(lang, year);
    let review = seat.read::<TurnYear, _>(move |tx| people::review_turn(tx, &decisions)).await?;
    match &review.turn {
        Ok(turn) if problems.is_empty() => seat.page(&review_page(&seat, form, &review, turn)),
        turn => {
            let wrong = turn.as_ref().err().map_or(&[][..], Vec::as_slice);
            problems.and(refusals(lang, &review.classes, wrong));
            seat.refused(&page(&seat, form, problems).await?)
        }
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
    let (decisions, problems) = form.decisions(lang, year);
    if !problems.is_empty() {
        return seat.refused(&page(&seat, form, problems).await?);
    }
    let turned = seat
        .write::<TurnYear, (), Vec<Refusal>>(&key, move |tx| match people::turn_year(tx, &decisions) {
            Ok(_) => Ok(()),
            Err(Failed::Fault(fault)) => Err(Failed::Fault(fault)),
            Err(Failed::Refused(why)) => {
                let review = people::review_turn(tx, &decisions)?;
                Err(Failed::Refused(refusals(lang, &review.classes, &why)))
            }
        })
        .await?;
    match turned {
        Ok(()) => Ok(see_other(&seat.path("classes"))),
        Err(refusals) => seat.refused(&page(&seat, form, refusals.into()).await?),
    }
}
