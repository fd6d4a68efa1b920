//! A guardian in a workbook beside the one whom the school knows by the same number (G1).

use std::collections::{BTreeSet, HashMap};

/// A guardian as far as a comparison needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contact {
    /// The name; may be empty.
    pub name: String,
    /// The relation to the pupil, in the school's word; may be empty.
    pub relation: String,
    /// The phone, or the look-up value that stands for it; alike on both sides.
    pub phone: Option<String>,
}

/// Another name beside a number that the school knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameChange {
    /// The number, as the contacts hold it.
    pub phone: String,
    /// The name on file.
    pub old: String,
    /// The name in the row.
    pub new: String,
    /// Why the name on file is kept; nothing when the row's name takes its place.
    pub kept: Option<WhyKept>,
}

/// Why a name on file is kept although a workbook has another: the number may be another person's now, and a number is
/// the way to sign in and to collect the child (H1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyKept {
    /// The workbook itself has the number beside several names.
    TwoNames,
    /// The school knows the number as a guardian's of other children only.
    OtherChild,
    /// The relation is another one as well.
    OtherRelation,
}

/// Numbers with the names that the school and a workbook have for them.
#[derive(Debug, Default)]
pub struct Numbers<'a> {
    on_file: HashMap<&'a str, &'a str>,
    in_rows: HashMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Numbers<'a> {
    /// The school's guardians as phone and name, beside those of a workbook's rows.
    pub fn of(
        on_file: impl Iterator<Item = (&'a str, &'a str)>,
        in_rows: impl Iterator<Item = &'a Contact>,
    ) -> Numbers<'a> {
        let mut numbers = Numbers { on_file: on_file.collect(), ..Numbers::default() };
        for contact in in_rows.filter(|contact| !contact.name.is_empty()) {
            if let Some(phone) = &contact.phone {
                numbers.in_rows.entry(phone).or_default().insert(&contact.name);
            }
        }
        numbers
    }

    /// What the row's name means for the guardian of its number; `own` are the guardians that the pupil has.
    pub fn change(&self, own: &[Contact], row: &Contact) -> Option<NameChange> {
        let phone = row.phone.as_deref().filter(|_| !row.name.is_empty())?;
        let known = own.iter().find(|known| known.phone.as_deref() == Some(phone));
        let old = known.map(|known| known.name.as_str()).or_else(|| self.on_file.get(phone).copied())?;
        let kept = match known {
            _ if self.in_rows.get(phone).is_some_and(|names| 1 < names.len()) => Some(WhyKept::TwoNames),
            None => Some(WhyKept::OtherChild),
            Some(known) if !may_be_one(&known.relation, &row.relation) => Some(WhyKept::OtherRelation),
            Some(_) => None,
        };
        let change = NameChange { phone: phone.to_owned(), old: old.to_owned(), new: row.name.clone(), kept };
        (old != row.name).then_some(change)
    }
}

/// Whether two words for a relation may stand for one person; no word says nothing.
fn may_be_one(known: &str, row: &str) -> bool {
    let plain = |word: &str| match word {
        "爸爸" | "爸" | "父" => "父亲".to_owned(),
        "妈妈" | "妈" | "母" => "母亲".to_owned(),
        other => other.to_owned(),
    };
    known.is_empty() || row.is_empty() || plain(known) == plain(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A contact as `name relation phone`; `-` is nothing.
    fn contact(text: &str) -> Contact {
        let words: Vec<&str> = text.split(' ').map(|word| if word == "-" { "" } else { word }).collect();
        Contact { name: words[0].into(), relation: words[1].into(), phone: Some(words[2].into()) }
    }

    /// The change of the first row's name, by why the name on file is kept; none when the names are alike.
    #[track_caller]
    fn check(own: &str, rows: &[&str], expected: &[Option<WhyKept>]) {
        let (own, rows) = (contact(own), rows.iter().map(|row| contact(row)).collect::<Vec<_>>());
        let file = [("138", "王强"), ("150", "周丽")];
        let numbers = Numbers::of(file.into_iter(), rows.iter());
        let change = numbers.change(&[own], &rows[0]);
        assert_eq!(change.iter().map(|change| change.kept).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn g1_another_name_on_a_known_number_is_a_change() {
        check("王强 父亲 138", &["王强 父亲 138"], &[]);
        check("王强 父亲 138", &["- 父亲 138"], &[]);
        check("王强 父亲 138", &["王大强 父亲 138"], &[None]);
        check("王强 父亲 138", &["王大强 爸爸 138"], &[None]);
        check("王强 - 138", &["王大强 父亲 138"], &[None]);
    }

    #[test]
    fn g1_a_name_that_may_be_another_persons_is_kept_with_the_reason() {
        check("王强 父亲 138", &["李梅 母亲 138"], &[Some(WhyKept::OtherRelation)]);
        check("王强 父亲 138", &["李梅 母亲 150"], &[Some(WhyKept::OtherChild)]);
        check("王强 父亲 138", &["王大强 父亲 138", "王强 父亲 138"], &[Some(WhyKept::TwoNames)]);
    }

    #[test]
    fn g1_a_number_that_nobody_knows_has_no_name_to_change() {
        check("王强 父亲 138", &["李梅 母亲 199"], &[]);
    }
}
