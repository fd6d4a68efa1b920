//! The turn of the school year: who graduates, which classes open, merge and split. History stays as it was.

use super::class::ClassKey;
use crate::ids::{ClassId, StudentId};

/// A class with its pupils, in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its id.
    pub id: ClassId,
    /// Stage, year of entry, number.
    pub key: ClassKey,
    /// Its pupils.
    pub students: Vec<StudentId>,
}

/// What is to become of a class that does not graduate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It goes on, one grade higher.
    Keep,
    /// Its pupils join another class of the same year, and it closes.
    MergeInto(ClassId),
    /// Every second pupil moves to a new class of this number in the same year.
    SplitOff(u8),
}

/// Where a pupil goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A class that is there.
    Class(ClassId),
    /// A class that opens with the turn.
    New(ClassKey),
}

/// Everything that the turn does; it is shown before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turn {
    /// Classes that finish their last grade: they close, their pupils leave.
    pub graduates: Vec<ClassId>,
    /// Classes that close because their pupils join another.
    pub closes: Vec<ClassId>,
    /// Classes that open.
    pub opens: Vec<ClassKey>,
    /// Pupils who change class.
    pub moves: Vec<(StudentId, Target)>,
}

/// Why a turn cannot be done so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnRefused {
    /// A choice names a class that is not open, or two choices name the same.
    UnknownClass,
    /// Only classes of the same stage and year of entry can merge.
    OtherYear,
    /// A class cannot merge into itself or into one that closes.
    IntoClosing,
    /// A class of this number is there already, or opens twice.
    Taken {
        /// The class.
        class: ClassKey,
    },
    /// A class can only open in a grade that the school year has.
    NoGrade {
        /// The class.
        class: ClassKey,
    },
    /// A graduating class has no other choice.
    Graduates,
}

/// A fault of a turn, and whose choice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// The class that was chosen for; nothing for the classes that open in the first grade.
    pub class: Option<ClassId>,
    /// What is wrong.
    pub why: TurnRefused,
}

/// Works out the turn to the school year that begins in autumn of `school_year`, or everything that is wrong with it.
pub fn turn(
    classes: &[Class],
    choices: &[(ClassId, Choice)],
    opens: &[ClassKey],
    school_year: i16,
) -> Result<Turn, Vec<Wrong>> {
    let graduates: Vec<ClassId> =
        classes.iter().filter(|class| has_finished(class.key, school_year)).map(|class| class.id).collect();
    let mut turn = Turn { graduates, opens: opens.to_vec(), ..Turn::default() };
    let mut wrong = Vec::new();
    for (place, (id, choice)) in choices.iter().enumerate() {
        let first = choices[..place].iter().all(|(earlier, _)| earlier != id);
        let class = classes.iter().find(|class| first && class.id == *id).ok_or(TurnRefused::UnknownClass);
        let applied = class.and_then(|class| apply(&mut turn, classes, class, *choice));
        wrong.extend(applied.err().map(|why| Wrong { class: Some(*id), why }));
    }
    wrong.extend(into_closing(&turn, choices));
    wrong.extend(wrong_opens(opens, choices, classes, school_year));
    if wrong.is_empty() { Ok(turn) } else { Err(wrong) }
}

/// Whether the school has turned to this school year already: no class has finished, and the first grade is there.
pub fn is_running(classes: &[Class], school_year: i16) -> bool {
    let finished = classes.iter().any(|class| has_finished(class.key, school_year));
    !finished && classes.iter().any(|class| class.key.entered_year == school_year)
}

/// Whether the class has no grade left in this school year.
pub fn has_finished(class: ClassKey, school_year: i16) -> bool {
    class.entered_year <= school_year && class.grade_in(school_year).is_none()
}

fn apply(turn: &mut Turn, classes: &[Class], class: &Class, choice: Choice) -> Result<(), TurnRefused> {
    if choice != Choice::Keep && turn.graduates.contains(&class.id) {
        return Err(TurnRefused::Graduates);
    }
    match choice {
        Choice::Keep => {}
        Choice::MergeInto(into) => {
            let target = classes.iter().find(|class| class.id == into).ok_or(TurnRefused::UnknownClass)?;
            let same_year =
                (target.key.stage, target.key.entered_year) == (class.key.stage, class.key.entered_year);
            if !same_year {
                return Err(TurnRefused::OtherYear);
            }
            turn.closes.push(class.id);
            turn.moves.extend(class.students.iter().map(|student| (*student, Target::Class(into))));
        }
        Choice::SplitOff(class_no) => {
            let new = ClassKey { class_no, ..class.key };
            turn.opens.push(new);
            let second = class.students.iter().skip(1).step_by(2);
            turn.moves.extend(second.map(|student| (*student, Target::New(new))));
        }
    }
    Ok(())
}

/// Choices that lead into a class that closes.
fn into_closing(turn: &Turn, choices: &[(ClassId, Choice)]) -> Vec<Wrong> {
    let is_closing = |class: &ClassId| turn.closes.contains(class) || turn.graduates.contains(class);
    let leads = |(id, choice): &(ClassId, Choice)| match choice {
        // only a choice that was taken has closed its own class
        Choice::MergeInto(into) if turn.closes.contains(id) && is_closing(into) => Some(*id),
        Choice::MergeInto(_) | Choice::Keep | Choice::SplitOff(_) => None,
    };
    let classes = choices.iter().filter_map(leads);
    classes.map(|class| Wrong { class: Some(class), why: TurnRefused::IntoClosing }).collect()
}

/// Classes that cannot open: those of the first grade, and those that others are split into.
fn wrong_opens(
    opens: &[ClassKey],
    choices: &[(ClassId, Choice)],
    classes: &[Class],
    school_year: i16,
) -> Vec<Wrong> {
    let split = |(id, choice): &(ClassId, Choice)| match choice {
        Choice::SplitOff(class_no) => {
            let class = classes.iter().find(|class| class.id == *id && !has_finished(class.key, school_year));
            class.map(|class| (Some(*id), ClassKey { class_no: *class_no, ..class.key }))
        }
        Choice::Keep | Choice::MergeInto(_) => None,
    };
    let all: Vec<(Option<ClassId>, ClassKey)> =
        opens.iter().map(|key| (None, *key)).chain(choices.iter().filter_map(split)).collect();
    let refused = |place: usize, key: ClassKey| {
        let twice = all[..place].iter().any(|(_, earlier)| *earlier == key);
        if twice || classes.iter().any(|open| open.key == key) {
            return Some(TurnRefused::Taken { class: key });
        }
        key.grade_in(school_year).is_none().then_some(TurnRefused::NoGrade { class: key })
    };
    let each = all.iter().enumerate();
    each.filter_map(|(place, (class, key))| Some(Wrong { class: *class, why: refused(place, *key)? }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EntityId;
    use crate::people::class::Stage;

    const YEAR: i16 = 2026;

    fn key(entered_year: i16, class_no: u8) -> ClassKey {
        ClassKey { stage: Stage::Primary, entered_year, class_no }
    }

    fn id(number: u128) -> ClassId {
        ClassId::from_bits(number)
    }

    /// 2020 class 1 finishes in 2026; 2024 has classes 1 and 2 of three pupils each.
    fn school() -> Vec<Class> {
        let class = |number: u128, key| Class {
            id: id(number),
            key,
            students: (1..=3).map(|pupil| StudentId::from_bits(number * 10 + pupil)).collect(),
        };
        vec![class(1, key(2020, 1)), class(2, key(2024, 1)), class(3, key(2024, 2))]
    }

    fn moved(turn: &Turn) -> Vec<(u128, Target)> {
        turn.moves.iter().map(|(student, target)| (student.bits(), *target)).collect()
    }

    #[test]
    fn a_year_runs_once_nobody_is_to_graduate_and_the_first_grade_is_there() {
        let mut classes = school();
        assert!(!is_running(&classes, YEAR), "2020 class 1 is to graduate");
        classes.remove(0);
        assert!(!is_running(&classes, YEAR), "no first grade yet");
        classes.push(Class { id: id(4), key: key(YEAR, 1), students: Vec::new() });
        assert!(is_running(&classes, YEAR));
    }

    #[test]
    fn the_last_grade_graduates_and_the_others_go_on() {
        let turned = turn(&school(), &[], &[key(2026, 1)], YEAR).unwrap();
        assert_eq!(turned.graduates, [id(1)]);
        assert_eq!(turned.opens, [key(2026, 1)]);
        assert_eq!(moved(&turned), []);
    }

    #[test]
    fn a_merged_class_closes_and_its_pupils_join_the_other() {
        let turned = turn(&school(), &[(id(3), Choice::MergeInto(id(2)))], &[], YEAR).unwrap();
        assert_eq!(turned.closes, [id(3)]);
        let into = Target::Class(id(2));
        assert_eq!(moved(&turned), [(31, into), (32, into), (33, into)]);
    }

    #[test]
    fn a_split_class_gives_every_second_pupil_to_the_new_one() {
        let turned = turn(&school(), &[(id(3), Choice::SplitOff(3))], &[], YEAR).unwrap();
        assert_eq!(turned.opens, [key(2024, 3)]);
        assert_eq!(moved(&turned), [(32, Target::New(key(2024, 3)))]);
    }

    /// The faults of these choices: each class by its number, 0 for those that open.
    #[track_caller]
    fn refused(choices: &[(ClassId, Choice)], opens: &[ClassKey], expected: &[(u128, TurnRefused)]) {
        let wrong = turn(&school(), choices, opens, YEAR).unwrap_err();
        let found = wrong.iter().map(|wrong| (wrong.class.map_or(0, ClassId::bits), wrong.why));
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let (keep, merge, split) = (Choice::Keep, |into| Choice::MergeInto(id(into)), Choice::SplitOff);
        refused(&[(id(9), keep)], &[], &[(9, TurnRefused::UnknownClass)]);
        refused(&[(id(2), keep), (id(2), keep)], &[], &[(2, TurnRefused::UnknownClass)]);
        refused(&[(id(2), merge(1))], &[], &[(2, TurnRefused::OtherYear)]);
        refused(&[(id(2), merge(2))], &[], &[(2, TurnRefused::IntoClosing)]);
        let swap = [(2, TurnRefused::IntoClosing), (3, TurnRefused::IntoClosing)];
        refused(&[(id(2), merge(3)), (id(3), merge(2))], &[], &swap);
        refused(&[(id(1), split(2))], &[], &[(1, TurnRefused::Graduates)]);
        refused(&[(id(2), split(2))], &[], &[(2, TurnRefused::Taken { class: key(2024, 2) })]);
        let twice = TurnRefused::Taken { class: key(2026, 1) };
        refused(&[], &[key(2026, 1), key(2026, 1)], &[(0, twice)]);
        refused(&[], &[key(2027, 1)], &[(0, TurnRefused::NoGrade { class: key(2027, 1) })]);
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_each_by_its_class() {
        let choices = [(id(2), Choice::MergeInto(id(1))), (id(3), Choice::SplitOff(1))];
        let expected = [
            (2, TurnRefused::OtherYear),
            (0, TurnRefused::NoGrade { class: key(2027, 1) }),
            (3, TurnRefused::Taken { class: key(2024, 1) }),
        ];
        refused(&choices, &[key(2027, 1)], &expected);
    }
}
