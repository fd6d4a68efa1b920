use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::plan::GroupKind;

const NOON: (u16, u16) = (40, 40);

fn rule((keep, cap): (u16, u16)) -> Rule {
    Rule::new(keep, cap).unwrap()
}

/// Grades 1, 2, … with the applicants of classes 1, 2, …
fn school(grades: &[&[u16]]) -> Vec<HomeClass> {
    let mut classes = Vec::new();
    for (grade, sizes) in (1..).zip(grades) {
        let of = |(no, applicants)| HomeClass {
            class: ClassNo { grade, no },
            applicants,
            roll: applicants,
            running: None,
        };
        classes.extend((1..).zip(sizes.iter().copied()).map(of));
    }
    classes
}

/// `1.2 1.3=17`: a group by its classes, with the children of a class when it is divided.
fn shown(formation: &Formation, classes: &[HomeClass]) -> Vec<String> {
    let part = |part: &Part| {
        let whole =
            classes.iter().any(|class| class.class == part.class && class.applicants == part.children);
        let children = if whole { String::new() } else { format!("={}", part.children) };
        format!("{}.{}{children}", part.class.grade, part.class.no)
    };
    let group = |group: &Formed| group.parts.iter().map(part).collect::<Vec<_>>().join(" ");
    formation.groups.iter().map(group).collect()
}

#[track_caller]
fn check(grades: &[&[u16]], in_words: &[&str], fewest: &[&str]) {
    let classes = school(grades);
    let groups = literal(&classes, rule(NOON)).unwrap();
    assert_eq!(shown(&groups, &classes), in_words, "literally");
    let groups = exact(&classes, rule(NOON)).unwrap();
    assert_eq!(shown(&groups.formation, &classes), fewest, "exactly");
    assert!(groups.proved);
}

#[test]
fn a_class_of_forty_stays_by_itself() {
    check(&[&[40, 39, 41]], &["1.1", "1.2", "1.3"], &["1.1", "1.2", "1.3"]);
}

#[test]
fn the_smallest_takes_in_the_next_smallest_while_there_is_room() {
    check(&[&[30, 10, 25, 14]], &["1.1", "1.2 1.4", "1.3"], &["1.1 1.2", "1.3 1.4"]);
}

#[test]
fn of_two_alike_the_lower_number_comes_first() {
    check(&[&[15, 15, 15]], &["1.1 1.2", "1.3"], &["1.1", "1.2 1.3"]);
}

#[test]
fn a_grade_below_forty_joins_the_smallest_group_beside_it() {
    check(
        &[&[20, 21], &[9, 10], &[30, 25]],
        &["1.1 2.1 2.2", "1.2", "3.1", "3.2"],
        &["1.1 2.1 2.2", "1.2", "3.1", "3.2"],
    );
}

#[test]
fn nobody_sits_across_three_grades() {
    check(&[&[10], &[10], &[10]], &["1.1 2.1", "3.1"], &["1.1", "2.1 3.1"]);
    check(&[&[], &[10], &[], &[10]], &["2.1", "4.1"], &["2.1", "4.1"]);
}

#[test]
fn as_few_as_possible_sit_across_grades() {
    // grade 2 fits beside 30 or beside 25 children of the same grade
    check(&[&[30, 25], &[10]], &["1.1", "1.2 2.1"], &["1.1", "1.2 2.1"]);
    // the smallest pair leaves a grade alone, the right pairs need one group less
    check(&[&[21], &[19], &[11], &[29]], &["1.1", "2.1 3.1", "4.1"], &["1.1 2.1", "3.1 4.1"]);
}

#[test]
fn classes_that_nobody_stays_from_need_no_group() {
    check(&[&[0, 12, 0]], &["1.2"], &["1.2"]);
    check(&[], &[], &[]);
}

#[test]
fn the_fewest_leave_their_running_group() {
    let mut classes = school(&[&[12, 12, 12, 12, 12, 12]]);
    // odd numbers sit together since the term began
    for class in &mut classes {
        class.running = Some(class.class.no % 2);
    }
    let groups = exact(&classes, rule(NOON)).unwrap();
    assert_eq!(shown(&groups.formation, &classes), ["1.1 1.3 1.5", "1.2 1.4 1.6"]);
    assert_eq!(groups.moved, 0);
    classes[0].applicants = 17;
    let groups = exact(&classes, rule(NOON)).unwrap();
    assert_eq!((groups.formation.groups.len(), groups.moved), (3, 12));
}

#[test]
fn a_class_is_divided_only_when_asked() {
    let classes = school(&[&[30, 30, 30, 30]]);
    let divided = exact(&classes, rule(NOON).splitting(Splitting::Evenly)).unwrap();
    assert_eq!(shown(&divided.formation, &classes), ["1.1 1.2=10", "1.2=20 1.3=20", "1.3=10 1.4"]);
    assert_eq!(exact(&classes, rule(NOON)).unwrap().formation.groups.len(), 4);
}

#[test]
fn a_large_class_is_divided_only_when_asked() {
    let classes = school(&[&[47, 50]]);
    let groups = literal(&classes, rule(NOON).dividing_above(48)).unwrap();
    assert_eq!(shown(&groups, &classes), ["1.1", "1.2=25", "1.2=25"]);
    assert_eq!(groups.count(Kind::Own), 3);
}

#[test]
fn a_school_may_count_the_roll() {
    let mut classes = school(&[&[12, 12]]);
    classes[0].roll = 40;
    let groups = literal(&classes, rule(NOON).counting(Counted::Roll)).unwrap();
    assert_eq!(shown(&groups, &classes), ["1.1", "1.2"]);
    assert_eq!(groups.count(Kind::Own), 1);
}

#[test]
fn a_plan_says_what_is_counted() {
    let check = |grouping, counted, expected: Option<Counted>| {
        let group = GroupRule {
            kind: GroupKind::HomeClass,
            grouping,
            slots: Vec::new(),
            min: Some(40),
            max: None,
            in_principle: true,
            counted,
        };
        let found = Rule::of(&group).map(|rule| rule.unwrap().counted());
        assert_eq!(found, expected, "{grouping:?} {counted:?}");
    };
    check(Grouping::MergeBelowMin, Counted::Staying, Some(Counted::Staying));
    check(Grouping::MergeBelowMin, Counted::Roll, Some(Counted::Roll));
    check(Grouping::KeepClass, Counted::Roll, None);
}

#[test]
fn numbers_that_contradict_each_other_are_refused() {
    assert_eq!(Rule::new(42, 40), Err(Refused::KeepAboveCap));
    assert_eq!(Rule::new(41, 40).map(Rule::keep), Ok(41));
    assert_eq!(Rule::new(0, 0), Err(Refused::NoCap));
    let twice = [school(&[&[1]]), school(&[&[2]])].concat();
    assert_eq!(exact(&twice, rule(NOON)), Err(Refused::Twice(ClassNo { grade: 1, no: 1 })));
    let many = vec![1; MOST_CLASSES + 1];
    assert_eq!(literal(&school(&[&many]), rule(NOON)), Err(Refused::TooMany(1)));
}

/// Up to three grades of up to four classes, perhaps with groups that run already.
fn any_school() -> impl Strategy<Value = Vec<HomeClass>> {
    let class = (0_u16..26, prop::option::of(0_u32..3));
    let grades = prop::collection::vec(prop::collection::vec(class, 0..=4), 0..=3);
    grades.prop_map(|grades| {
        let mut classes = Vec::new();
        for (grade, in_grade) in (1..).zip(grades) {
            for (no, (applicants, running)) in (1..).zip(in_grade) {
                let class = ClassNo { grade, no };
                classes.push(HomeClass { class, applicants, roll: applicants, running });
            }
        }
        classes
    })
}

/// Nobody is lost or doubled, no limit is broken, no class is divided unless it may be.
fn sound(classes: &[HomeClass], formation: &Formation, rule: Rule) -> Result<(), TestCaseError> {
    let mut seated: BTreeMap<ClassNo, u32> = BTreeMap::new();
    for group in &formation.groups {
        for part in &group.parts {
            *seated.entry(part.class).or_default() += u32::from(part.children);
        }
        let grades: Vec<u8> = group.parts.iter().map(|part| part.class.grade).collect();
        prop_assert!(grades[grades.len() - 1] - grades[0] <= 1);
        match group.kind {
            Kind::Own => prop_assert!(u32::from(rule.keep()) <= group.children() && group.parts.len() == 1),
            Kind::Merged | Kind::Across => prop_assert!(group.children() <= u32::from(rule.cap())),
        }
    }
    let stay = classes.iter().filter(|class| 0 < class.applicants);
    prop_assert_eq!(seated, stay.map(|class| (class.class, u32::from(class.applicants))).collect());
    Ok(())
}

/// How many are in each group, most first.
fn sizes(formation: &Formation) -> Vec<u32> {
    let mut sizes: Vec<u32> = formation.groups.iter().map(Formed::children).collect();
    sizes.sort_unstable();
    sizes
}

/// Groups, children across grades, children who moved, sum of squares.
type Worth = (usize, u32, u32, u64);

fn worth(groups: &Exact) -> Worth {
    let squares = sizes(&groups.formation).into_iter().map(|size| u64::from(size).pow(2)).sum();
    (groups.formation.groups.len(), groups.formation.children(Kind::Across), groups.moved, squares)
}

proptest! {
    #[test]
    fn exact_is_the_best_of_all_ways(classes in any_school(), numbers in prop::sample::select(vec![(20, 20), (25, 40), (12, 30)])) {
        let rule = rule(numbers);
        let groups = exact(&classes, rule).unwrap();
        sound(&classes, &groups.formation, rule)?;
        prop_assert_eq!(worth(&groups), every_way::best(&classes, rule));
        prop_assert!(groups.proved);
    }

    #[test]
    fn exact_needs_no_more_than_literal_and_no_fewer_than_seats_allow(classes in any_school()) {
        let rule = rule((20, 20));
        let in_words = literal(&classes, rule).unwrap();
        sound(&classes, &in_words, rule)?;
        let fewest = exact(&classes, rule).unwrap().formation;
        prop_assert!(fewest.groups.len() <= in_words.groups.len());
        prop_assert!(fewest.within_grades <= in_words.within_grades);
        let small = fewest.children(Kind::Merged) + fewest.children(Kind::Across);
        let own = fewest.count(Kind::Own);
        prop_assert!(small.div_ceil(20) as usize <= fewest.groups.len() - own);
    }

    #[test]
    fn dividing_fills_every_group_of_a_grade(sizes in prop::collection::vec(0_u16..20, 0..9)) {
        let rule = rule((20, 20)).splitting(Splitting::Evenly);
        let classes = school(&[&sizes]);
        let divided = exact(&classes, rule).unwrap().formation;
        sound(&classes, &divided, rule)?;
        prop_assert_eq!(divided.groups.len(), usize::from(sizes.iter().sum::<u16>().div_ceil(20)));
    }

    #[test]
    fn divided_grades_need_no_more_groups(classes in any_school()) {
        let whole = rule((20, 20));
        let divided = exact(&classes, whole.splitting(Splitting::Evenly)).unwrap().formation;
        sound(&classes, &divided, whole)?;
        prop_assert!(divided.groups.len() <= exact(&classes, whole).unwrap().formation.groups.len());
    }

    #[test]
    fn other_numbers_of_the_classes_change_only_names(classes in any_school()) {
        let rule = rule((20, 20));
        // backwards within each grade
        let mut renamed = classes.clone();
        for class in &mut renamed {
            class.class.no = 9 - class.class.no;
        }
        let (one, other) = (literal(&classes, rule).unwrap(), literal(&renamed, rule).unwrap());
        prop_assert_eq!(sizes(&one), sizes(&other));
        let (one, other) = (exact(&classes, rule).unwrap(), exact(&renamed, rule).unwrap());
        prop_assert_eq!(worth(&one), worth(&other));
    }

    #[test]
    fn the_order_of_the_file_does_not_matter(
        (classes, shuffled) in any_school().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let rule = rule((20, 20));
        prop_assert_eq!(literal(&classes, rule), literal(&shuffled, rule));
        prop_assert_eq!(exact(&classes, rule), exact(&shuffled, rule));
    }
}

/// The best grouping by trying every one: slow, and written apart from the search.
mod every_way {
    use super::*;

    /// A class that stays by itself, a small class, or a grade that is one group.
    #[derive(Clone)]
    struct Unit {
        grade: u8,
        is_grade: bool,
        own: bool,
        classes: Vec<HomeClass>,
    }

    pub(super) fn best(classes: &[HomeClass], rule: Rule) -> Worth {
        let mut units: Vec<Unit> = Vec::new();
        for grade in 1..=3 {
            let here: Vec<HomeClass> = classes
                .iter()
                .filter(|class| class.class.grade == grade && 0 < class.applicants)
                .copied()
                .collect();
            let sum: u16 = here.iter().map(|class| class.applicants).sum();
            if sum < rule.keep() {
                units.extend((!here.is_empty()).then_some(Unit {
                    grade,
                    is_grade: true,
                    own: false,
                    classes: here,
                }));
                continue;
            }
            for class in here {
                let own = rule.keep() <= class.applicants;
                units.push(Unit { grade, is_grade: false, own, classes: vec![class] });
            }
        }
        let mut best = (usize::MAX, 0, 0, 0);
        place(&units, &mut Vec::new(), rule, &mut best);
        best
    }

    fn place(left: &[Unit], groups: &mut Vec<Vec<Unit>>, rule: Rule, best: &mut Worth) {
        let Some((unit, left)) = left.split_first() else {
            *best = (*best).min(cost(groups));
            return;
        };
        for at in 0..groups.len() {
            groups[at].push(unit.clone());
            if allowed(&groups[at], rule) {
                place(left, groups, rule, best);
            }
            groups[at].pop();
        }
        groups.push(vec![unit.clone()]);
        place(left, groups, rule, best);
        groups.pop();
    }

    fn children(group: &[Unit]) -> u32 {
        group.iter().flat_map(|unit| &unit.classes).map(|class| u32::from(class.applicants)).sum()
    }

    fn grades(group: &[Unit]) -> (u8, u8) {
        let grades = group.iter().map(|unit| unit.grade);
        (grades.clone().min().unwrap(), grades.max().unwrap())
    }

    fn allowed(group: &[Unit], rule: Rule) -> bool {
        let (low, high) = grades(group);
        let whole = low == high || group.iter().any(|unit| unit.is_grade);
        group.iter().all(|unit| !unit.own)
            && children(group) <= u32::from(rule.cap())
            && high - low <= 1
            && whole
    }

    fn cost(groups: &[Vec<Unit>]) -> Worth {
        let across = groups.iter().filter(|group| grades(group).0 != grades(group).1);
        let squares = groups.iter().map(|group| u64::from(children(group)).pow(2)).sum();
        let moved = (1..=3).map(|host| {
            let hosted: Vec<&Vec<Unit>> = groups.iter().filter(|group| self::host(group) == host).collect();
            fewest_moved(&hosted, &mut Vec::new())
        });
        (groups.len(), across.map(|group| children(group)).sum(), moved.sum(), squares)
    }

    /// The grade whose group it is: the one that is no single group, or else the lower.
    fn host(group: &[Unit]) -> u8 {
        group.iter().find(|unit| !unit.is_grade).map_or(grades(group).0, |unit| unit.grade)
    }

    fn fewest_moved(groups: &[&Vec<Unit>], taken: &mut Vec<u32>) -> u32 {
        let Some((group, left)) = groups.split_first() else { return 0 };
        let inside = || group.iter().flat_map(|unit| &unit.classes).filter(|class| class.running.is_some());
        let all: u32 = inside().map(|class| u32::from(class.applicants)).sum();
        let mut fewest = all + fewest_moved(left, taken);
        for label in (0..3).filter(|label| !taken.contains(label)).collect::<Vec<_>>() {
            let stay: u32 = inside()
                .filter(|class| class.running == Some(label))
                .map(|class| u32::from(class.applicants))
                .sum();
            taken.push(label);
            fewest = fewest.min(all - stay + fewest_moved(left, taken));
            taken.pop();
        }
        fewest
    }
}
