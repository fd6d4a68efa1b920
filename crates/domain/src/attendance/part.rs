//! How much of a roll a grade head sees (G1): of a group of several classes the children of the own grades.

/// How much of a roll is in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Every child on it.
    Whole,
    /// The children of the own grades alone.
    OwnGrades,
    /// Nobody: the roll is not there.
    Nothing,
}

/// What of a roll of several classes is in the sight of whoever has these grades; a child without a class is in nobody's.
pub fn part(children: &[Option<u8>], own: &[u8]) -> Part {
    let is_own = |grade: &Option<u8>| grade.is_some_and(|grade| own.contains(&grade));
    match children.iter().filter(|grade| is_own(grade)).count() {
        0 => Part::Nothing,
        seen if seen == children.len() => Part::Whole,
        _ => Part::OwnGrades,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g1_a_grade_head_sees_the_children_of_the_own_grades_and_no_others() {
        let check = |children: &[Option<u8>], own: &[u8], expected| {
            assert_eq!(part(children, own), expected, "{children:?} {own:?}");
        };
        check(&[Some(3), Some(3)], &[3], Part::Whole);
        check(&[Some(3), Some(4)], &[3, 4], Part::Whole);
        check(&[Some(3), Some(4)], &[3], Part::OwnGrades);
        check(&[Some(3), None], &[3], Part::OwnGrades);
        check(&[Some(4), Some(5)], &[3], Part::Nothing);
        check(&[Some(3)], &[], Part::Nothing);
        check(&[], &[3], Part::Nothing);
    }
}
