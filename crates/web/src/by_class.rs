//! Long lists are read a class at a time: first every class with its counts, then the lines of one.

use serde::Deserialize;

/// Which class is asked for, by its name.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct OfClass {
    pub(crate) class: Option<String>,
}

/// The lines of each class, in the order in which the classes come.
pub(crate) fn by_class<T>(lines: Vec<T>, class: impl Fn(&T) -> &str) -> Vec<(String, Vec<T>)> {
    let mut classes: Vec<(String, Vec<T>)> = Vec::new();
    for line in lines {
        let name = class(&line).to_owned();
        match classes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, own)) => own.push(line),
            None => classes.push((name, vec![line])),
        }
    }
    classes
}

/// The class to show: the one asked for, or the only one there is. Otherwise the reader chooses.
pub(crate) fn chosen<T>(
    classes: &mut Vec<(String, Vec<T>)>,
    asked: Option<&str>,
) -> Option<(String, Vec<T>)> {
    let of_name = asked.and_then(|asked| classes.iter().position(|(name, _)| name == asked));
    let at = of_name.or_else(|| (classes.len() == 1).then_some(0))?;
    Some(classes.swap_remove(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(lines: &[(&'static str, u32)]) -> Vec<(String, Vec<(&'static str, u32)>)> {
        by_class(lines.to_vec(), |line| line.0)
    }

    #[test]
    fn lines_stand_with_their_class() {
        let found = classes(&[("3(1)", 1), ("3(2)", 2), ("3(1)", 3)]);
        let own = vec![("3(1)", 1), ("3(1)", 3)];
        assert_eq!(found, [("3(1)".to_owned(), own), ("3(2)".to_owned(), vec![("3(2)", 2)])]);
    }

    #[test]
    fn the_class_asked_for_is_shown_or_the_only_one() {
        let many = || classes(&[("3(1)", 1), ("3(2)", 2)]);
        let name = |chosen: Option<(String, Vec<_>)>| chosen.map(|(name, _)| name);
        assert_eq!(name(chosen(&mut many(), Some("3(2)"))), Some("3(2)".to_owned()));
        assert_eq!(name(chosen(&mut many(), Some("9(9)"))), None);
        assert_eq!(name(chosen(&mut many(), None)), None);
        assert_eq!(name(chosen(&mut classes(&[("3(1)", 1)]), None)), Some("3(1)".to_owned()));
    }
}
