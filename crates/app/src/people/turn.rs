//! The turn of the school year as one reviewed step; past days stay as they were.

use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::TurnYear;
use kehou_domain::ids::{ClassId, StudentId};
use kehou_domain::people::LeftWhy;
use kehou_domain::people::class::{ClassKey, school_year};
use kehou_domain::people::turn::{self, Choice, Class, Target, Turn, Wrong};
use serde_json::json;

use super::admission::depart;
use super::rows::{self, change};

/// What the reviewing person has decided.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decisions {
    /// A choice for each class that does not simply go on.
    pub choices: Vec<(ClassId, Choice)>,
    /// New classes, as those of the first grade.
    pub opens: Vec<ClassKey>,
}

/// The turn as it would be done, beside the classes of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The school year that begins, by its autumn.
    pub school_year: i16,
    /// The classes of today with their pupils.
    pub classes: Vec<Class>,
    /// What would happen, or everything for which it cannot.
    pub turn: std::result::Result<Turn, Vec<Wrong>>,
}

/// Shows the turn to the school year of today; nothing is changed.
pub fn review_turn(tx: &mut Tx<TurnYear>, decisions: &Decisions) -> Result<Review> {
    let school_year = school_year(tx.today());
    let classes = classes(tx)?;
    let turn = turn::turn(&classes, &decisions.choices, &decisions.opens, school_year);
    Ok(Review { school_year, classes, turn })
}

/// Does the turn: graduates leave, classes open, close, merge and split from today on.
pub fn turn_year(
    tx: &mut Tx<TurnYear>,
    decisions: &Decisions,
) -> std::result::Result<Turn, Failed<Vec<Wrong>>> {
    change::hold(tx)?;
    let (today, year) = (tx.today(), school_year(tx.today()));
    let classes = classes(tx)?;
    let turn = turn::turn(&classes, &decisions.choices, &decisions.opens, year).map_err(Failed::Refused)?;

    for key in &turn.opens {
        change::open_class(tx, *key)?;
    }
    for (student, target) in &turn.moves {
        let class = match target {
            Target::Class(class) => *class,
            Target::New(key) => change::open_class(tx, *key)?,
        };
        change::move_student(tx, *student, class, today)?;
    }
    let yesterday = today.yesterday().map_err(|_| kehou_db::Error::NotFound)?;
    let graduates: Vec<StudentId> = classes
        .iter()
        .filter(|class| turn.graduates.contains(&class.id))
        .flat_map(|class| class.students.clone())
        .collect();
    depart(tx, &graduates, yesterday, LeftWhy::Graduated)?;
    for class in turn.graduates.iter().chain(&turn.closes) {
        change::close_class(tx, *class, today)?;
    }
    let facts = json!({"school_year": year, "graduated_classes": turn.graduates.len(),
        "graduates": graduates.len(), "opened": turn.opens.len(), "closed": turn.closes.len(),
        "moved": turn.moves.len()});
    tx.event(Event::of::<TurnYear>(year).facts(facts))?;
    Ok(turn)
}

fn classes(tx: &mut SchoolTx) -> Result<Vec<Class>> {
    let today = tx.today();
    let roll = change::roll(tx)?;
    let class = |class: super::HomeClass| {
        let mut pupils: Vec<_> = roll.iter().filter(|pupil| pupil.class == class.id).collect();
        pupils
            .sort_by_key(|pupil| (pupil.entry.seat.unwrap_or(u32::MAX), pupil.entry.name.clone(), pupil.id));
        Class { id: class.id, key: class.key, students: pupils.iter().map(|pupil| pupil.id).collect() }
    };
    Ok(rows::classes(tx, today)?.into_iter().map(class).collect())
}
