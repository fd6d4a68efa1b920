//! Laying a roster workbook beside the pupils on roll: who is new, who changed, who is missing.

use std::collections::{BTreeSet, HashMap};

use super::class::ClassKey;
use super::contact::{Contact, NameChange, Numbers};
use super::{Boarding, Sex};

/// A pupil, from the roll or from a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// The sex.
    pub sex: Sex,
    /// The home class.
    pub class: ClassKey,
    /// The number in the class.
    pub seat: Option<u32>,
    /// Day pupil or boarder; a sheet without such a column says nothing.
    pub boarding: Option<Boarding>,
    /// The guardians.
    pub guardians: Vec<Contact>,
}

impl Entry {
    fn shares_phone(&self, other: &Entry) -> bool {
        self.phones().any(|phone| other.phones().any(|own| own == phone))
    }

    /// Whether the row's guardians are this pupil's: by a phone, or by their names where the row has no phone at all.
    fn has_guardians_of(&self, row: &Entry) -> bool {
        let named =
            || !row.guardians.is_empty() && row.guardians.iter().all(|guardian| knows(self, guardian));
        self.shares_phone(row) || (row.phones().next().is_none() && self.class == row.class && named())
    }

    fn phones(&self) -> impl Iterator<Item = &String> {
        self.guardians.iter().filter_map(|guardian| guardian.phone.as_ref())
    }
}

/// What is different about a pupil who is on roll already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// The row states another sex.
    Sex,
    /// Another class: the pupil moves.
    Class,
    /// Another number in the class.
    Seat,
    /// Day pupil or boarder.
    Boarding,
    /// A guardian or a phone that was not there.
    Guardian,
    /// Another name of a guardian whose number is known.
    GuardianName,
}

impl Difference {
    /// Whether it is about what the school keeps of the pupil beside class and guardians.
    pub const fn is_of_the_pupil(self) -> bool {
        match self {
            Difference::Sex | Difference::Seat | Difference::Boarding => true,
            Difference::Class | Difference::Guardian | Difference::GuardianName => false,
        }
    }
}

/// What a row means for the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A pupil who is not on roll.
    Added,
    /// A pupil on roll (by place in the list) with what is different; nothing when all is alike.
    Known {
        /// The pupil's place among those on roll.
        place: usize,
        /// What is different.
        differences: Vec<Difference>,
    },
}

/// The comparison of a workbook with the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// One meaning for each row.
    pub rows: Vec<Meaning>,
    /// For each row, the names that differ from those on file beside the same number.
    pub names: Vec<Vec<NameChange>>,
    /// Places of pupils on roll, in classes that the workbook covers, whom no row names.
    pub missing: Vec<usize>,
}

/// Compares rows with the roll (B1, G1).
///
/// A row is the pupil of the same name who shares a guardian's phone; failing that, the only one of that name in
/// the class. Nothing else is guessed: a namesake elsewhere is somebody else. `on_file` are all guardians that the school
/// knows by a number, as phone and name, be their children on roll or not.
pub fn compare<'a>(
    on_roll: &'a [Entry],
    rows: &'a [Entry],
    on_file: impl Iterator<Item = (&'a str, &'a str)>,
) -> Comparison {
    let found = found(on_roll, rows);
    let numbers = Numbers::of(on_file, rows.iter().flat_map(|row| &row.guardians));
    let names: Vec<Vec<NameChange>> = found
        .iter()
        .zip(rows)
        .map(|(place, row)| {
            let own = place.map_or(&[][..], |place| &on_roll[place].guardians);
            row.guardians.iter().filter_map(|contact| numbers.change(own, contact)).collect()
        })
        .collect();
    let taken: BTreeSet<usize> = found.iter().flatten().copied().collect();
    let covered: BTreeSet<ClassKey> = rows.iter().map(|row| row.class).collect();
    let is_missing = |place: &usize| !taken.contains(place) && covered.contains(&on_roll[*place].class);
    let pairs = found.iter().zip(rows).zip(&names);
    Comparison {
        missing: (0..on_roll.len()).filter(is_missing).collect(),
        rows: pairs.map(|((place, row), names)| meaning(on_roll, *place, (row, names))).collect(),
        names,
    }
}

/// For each row, the place of its pupil among those on roll.
fn found(on_roll: &[Entry], rows: &[Entry]) -> Vec<Option<usize>> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, entry) in on_roll.iter().enumerate() {
        by_name.entry(&entry.name).or_default().push(place);
    }
    let mut found: Vec<Option<usize>> = vec![None; rows.len()];
    let mut taken = BTreeSet::new();
    for by_phone in [true, false] {
        for (at, row) in
            rows.iter().enumerate().filter(|(at, _)| found_is_open(&found, *at)).collect::<Vec<_>>()
        {
            let namesakes = by_name.get(row.name.as_str()).map_or(&[][..], Vec::as_slice);
            let fits = |place: &&usize| {
                let entry = &on_roll[**place];
                let same = if by_phone { entry.shares_phone(row) } else { entry.class == row.class };
                same && !taken.contains(*place)
            };
            let mut fitting = namesakes.iter().filter(fits);
            if let (Some(place), None) = (fitting.next(), fitting.next()) {
                taken.insert(*place);
                found[at] = Some(*place);
            }
        }
    }
    found
}

/// What two rows of one name and one class say of the pupil beside the guardians.
pub type Pupil = (Sex, Option<u8>);

/// Whether two rows of one name and one class, with different guardians, may be one pupil: a list with a line for each
/// guardian looks like that, and so do two children of one name. Only somebody who knows them can say (G1); another sex
/// or another seat number says that they are two.
pub fn may_be_one(first: Pupil, second: Pupil) -> bool {
    let sexes = first.0 == second.0 || first.0 == Sex::Unstated || second.0 == Sex::Unstated;
    let seats = first.1.zip(second.1).is_none_or(|(first, second)| first == second);
    sexes && seats
}

/// Whether the roll knows two rows of one name as one pupil: a phone of each is a guardian's of the same child, or a row
/// without a phone names guardians whom the child of its class has.
pub fn known_as_one(on_roll: &[Entry], first: &Entry, second: &Entry) -> bool {
    let is_both = |entry: &Entry| {
        entry.name == first.name && entry.has_guardians_of(first) && entry.has_guardians_of(second)
    };
    first.name == second.name && on_roll.iter().any(is_both)
}

fn found_is_open(found: &[Option<usize>], at: usize) -> bool {
    found[at].is_none()
}

fn meaning(on_roll: &[Entry], place: Option<usize>, row: (&Entry, &[NameChange])) -> Meaning {
    match place {
        None => Meaning::Added,
        Some(place) => Meaning::Known { place, differences: differences(&on_roll[place], row) },
    }
}

/// What the row states otherwise; what it leaves empty changes nothing.
fn differences(entry: &Entry, (row, names): (&Entry, &[NameChange])) -> Vec<Difference> {
    let pairs = [
        (Difference::Sex, row.sex != Sex::Unstated && row.sex != entry.sex),
        (Difference::Class, row.class != entry.class),
        (Difference::Seat, row.seat.is_some() && row.seat != entry.seat),
        (Difference::Boarding, row.boarding.is_some() && row.boarding != entry.boarding),
        (Difference::Guardian, row.guardians.iter().any(|guardian| !knows(entry, guardian))),
        (Difference::GuardianName, names.iter().any(|change| change.kept.is_none())),
    ];
    pairs.into_iter().filter(|(_, differs)| *differs).map(|(difference, _)| difference).collect()
}

/// Whether the pupil already has this guardian: by phone, or by name where there is none.
pub fn knows(entry: &Entry, guardian: &Contact) -> bool {
    entry.guardians.iter().any(|known| match &guardian.phone {
        Some(_) => known.phone == guardian.phone,
        None => known.name == guardian.name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::class::Stage;

    fn class(class_no: u8) -> ClassKey {
        ClassKey { stage: Stage::Primary, entered_year: 2024, class_no }
    }

    fn contact(name: &str, phone: &str) -> Contact {
        Contact { name: name.into(), relation: String::new(), phone: Some(phone.into()) }
    }

    /// A pupil as `name class phone`, the phone may be missing.
    fn entry(text: &str) -> Entry {
        let mut words = text.split(' ');
        let name = words.next().unwrap().to_owned();
        let no = words.next().unwrap().parse().unwrap();
        let guardians = words.map(|phone| contact("王", phone)).collect();
        Entry { name, sex: Sex::Unstated, class: class(no), seat: None, boarding: None, guardians }
    }

    fn entries(texts: &[&str]) -> Vec<Entry> {
        texts.iter().map(|text| entry(text)).collect()
    }

    #[track_caller]
    fn check(on_roll: &[&str], rows: &[&str], expected: &[Meaning], missing: &[usize]) {
        let comparison = compare(&entries(on_roll), &entries(rows), std::iter::empty());
        assert_eq!(comparison.rows, expected);
        assert_eq!(comparison.missing, missing);
    }

    fn known(place: usize, differences: &[Difference]) -> Meaning {
        Meaning::Known { place, differences: differences.to_vec() }
    }

    #[test]
    fn the_same_workbook_twice_changes_nothing() {
        check(&["an 1 138", "bo 1 139"], &["bo 1 139", "an 1 138"], &[known(1, &[]), known(0, &[])], &[]);
    }

    #[test]
    fn a_pupil_with_the_same_phone_in_another_class_moves() {
        check(&["an 1 138"], &["an 2 138"], &[known(0, &[Difference::Class])], &[]);
    }

    #[test]
    fn a_new_phone_in_the_same_class_is_the_same_pupil() {
        check(&["an 1 138"], &["an 1 150"], &[known(0, &[Difference::Guardian])], &[]);
    }

    #[test]
    fn g1_another_name_on_a_known_phone_is_a_change_unless_it_may_be_another_person() {
        let row = |name: &str| Entry { guardians: vec![contact(name, "138")], ..entry("an 1") };
        let compared =
            |rows: &[Entry]| compare(&entries(&["an 1 138", "bo 1 139"]), rows, std::iter::empty()).rows;
        assert_eq!(compared(&[row("黄")]), [known(0, &[Difference::GuardianName])]);
        let of_bo = Entry { guardians: vec![contact("王", "138")], ..entry("bo 1") };
        assert_eq!(compared(&[row("黄"), of_bo])[0], known(0, &[]));
    }

    #[test]
    fn a_namesake_in_another_class_is_somebody_else() {
        check(&["an 1 138"], &["an 2 150"], &[Meaning::Added], &[]);
    }

    #[test]
    fn namesakes_in_one_class_are_told_apart_by_phone() {
        check(&["an 1 138", "an 1 139"], &["an 1 139", "an 1 138"], &[known(1, &[]), known(0, &[])], &[]);
        check(&["an 1 138", "an 1 139"], &["an 1 150"], &[Meaning::Added], &[0, 1]);
    }

    #[test]
    fn g1_two_rows_of_one_name_may_be_one_pupil_unless_they_differ_in_themselves() {
        let pupil = |sex, seat| (sex, seat);
        let girl = pupil(Sex::Female, None);
        assert!(may_be_one(girl, girl));
        assert!(may_be_one(girl, pupil(Sex::Unstated, Some(3))));
        assert!(!may_be_one(girl, pupil(Sex::Male, None)));
        assert!(!may_be_one(pupil(Sex::Female, Some(3)), pupil(Sex::Female, Some(4))));
    }

    #[test]
    fn g1_the_roll_knows_two_rows_as_one_pupil_by_both_phones() {
        let known = |roll: &[&str]| known_as_one(&entries(roll), &entry("an 1 138"), &entry("an 1 139"));
        assert!(known(&["an 1 138 139"]));
        assert!(!known(&["an 1 138", "an 1 139"]));
        assert!(!known(&["bo 1 138 139"]));
    }

    #[test]
    fn g1_the_roll_knows_a_row_without_a_phone_by_the_guardians_name() {
        let named = |name: &str| Contact { name: name.into(), relation: String::new(), phone: None };
        let row = |name: &str| Entry { guardians: vec![named(name)], ..entry("an 1") };
        let known = |roll: &[Entry], name| known_as_one(roll, &entry("an 1 138"), &row(name));
        let both = Entry { guardians: vec![contact("王", "138"), named("郑")], ..entry("an 1") };
        assert!(known(std::slice::from_ref(&both), "郑"));
        assert!(!known(&[both], "李"));
        assert!(!known(&entries(&["an 1 138"]), "郑"));
    }

    #[test]
    fn only_classes_in_the_workbook_can_miss_somebody() {
        check(&["an 1 138", "bo 2 139"], &["cy 1 150"], &[Meaning::Added], &[0]);
    }

    #[test]
    fn what_a_row_leaves_empty_changes_nothing() {
        let on_roll =
            Entry { sex: Sex::Female, seat: Some(3), boarding: Some(Boarding::Day), ..entry("an 1 138") };
        let comparison = compare(&[on_roll], &entries(&["an 1"]), std::iter::empty());
        assert_eq!(comparison.rows, [known(0, &[])]);
    }
}
