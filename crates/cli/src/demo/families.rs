//! The families of a school, as its roster would list them.

use super::chance::Chance;
use super::district::DemoSchool;
use super::names;

/// A grown-up who answers for a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parent {
    pub(super) name: String,
    /// 父亲, 母亲, 奶奶 …
    pub(super) relation: &'static str,
    pub(super) phone: String,
}

/// A child on the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Child {
    pub(super) name: String,
    /// `男` or `女`
    pub(super) sex: &'static str,
    pub(super) grade: u8,
    pub(super) class: u8,
    pub(super) boards: bool,
    pub(super) parents: Vec<Parent>,
}

/// Of a hundred children, how many have an older brother or sister at the same school.
const SIBLINGS: usize = 6;

/// The children of a school, class by class. Phone numbers count on from `first_phone`.
pub(super) fn children(school: &DemoSchool, chance: &mut Chance, first_phone: usize) -> Vec<Child> {
    let mut children: Vec<Child> = Vec::new();
    for grade in school.grades.0..=school.grades.1 {
        for class in 1..=school.classes {
            let size = school.children - 2 + chance.below(4);
            for _ in 0..size {
                let phone = first_phone + 2 * children.len();
                let older = sibling(&children, grade, chance);
                children.push(child(school, (grade, class), chance, older, phone));
            }
        }
    }
    children
}

/// The roster as the workbook of a school would have it.
pub(super) fn roster(school: &DemoSchool, children: &[Child]) -> String {
    let mut roster = format!("{}学生名册,,,,,,,\n", school.name);
    roster.push_str(
        "序号,班级,姓名,性别,是否住宿,家长姓名,与学生关系,联系电话,家长2姓名,家长2关系,家长2电话\n",
    );
    for (number, child) in children.iter().enumerate() {
        let boards = if child.boards { "住宿" } else { "走读" };
        let class = format!("{}（{}）班", grade_name(child.grade), child.class);
        let mut line = format!("{},{class},{},{},{boards}", number + 1, child.name, child.sex);
        for at in 0..2 {
            let parent = child.parents.get(at);
            let cells = parent.map_or([String::new(), String::new(), String::new()], |parent| {
                [parent.name.clone(), parent.relation.to_owned(), parent.phone.clone()]
            });
            line.push(',');
            line.push_str(&cells.join(","));
        }
        roster.push_str(&line);
        roster.push('\n');
    }
    roster
}

/// 一, 二 … 九
pub(super) fn grade_name(grade: u8) -> char {
    "一二三四五六七八九".chars().nth(usize::from(grade) - 1).unwrap_or('一')
}

fn child(
    school: &DemoSchool,
    (grade, class): (u8, u8),
    chance: &mut Chance,
    older: Option<Vec<Parent>>,
    phone: usize,
) -> Child {
    let sex = if chance.percent(48) { 'F' } else { 'M' };
    let family = older
        .as_ref()
        .and_then(|parents| names::family_of(&parents[0].name))
        .unwrap_or_else(|| names::family(chance));
    Child {
        name: names::child(chance, family, sex),
        sex: if sex == 'F' { "女" } else { "男" },
        grade,
        class,
        boards: school.stage == "nine_year" && chance.percent(if grade < 7 { 20 } else { 60 }),
        parents: older.unwrap_or_else(|| parents(chance, family, phone)),
    }
}

/// The parents of an older child, for a younger one of the same family.
fn sibling(children: &[Child], grade: u8, chance: &mut Chance) -> Option<Vec<Parent>> {
    if children.is_empty() || !chance.percent(SIBLINGS) {
        return None;
    }
    let other = chance.pick(children);
    (other.grade != grade && other.parents[0].relation == "父亲").then(|| other.parents.clone())
}

fn parents(chance: &mut Chance, family: &'static str, phone: usize) -> Vec<Parent> {
    let father = Parent { name: names::man(chance, family), relation: "父亲", phone: names::phone(phone) };
    let mother_family = names::family(chance);
    let mother = Parent {
        name: names::woman(chance, mother_family),
        relation: "母亲",
        phone: names::phone(phone + 1),
    };
    match chance.below(10) {
        0..=4 => vec![mother],
        5..=6 => vec![father],
        7..=8 => vec![father, mother],
        _ => vec![Parent { relation: "奶奶", ..mother }],
    }
}

#[cfg(test)]
mod tests {
    use super::super::chance::Chance;
    use super::super::district::SCHOOLS;
    use super::{children, grade_name, roster};

    #[test]
    fn the_full_schools_are_full() {
        let sizes = [0, 6].map(|at: usize| children(&SCHOOLS[at], &mut Chance::seeded(1), 1).len());
        assert!((1150..=1250).contains(&sizes[0]), "{}", sizes[0]);
        assert!((850..=950).contains(&sizes[1]), "{}", sizes[1]);
    }

    #[test]
    fn a_roster_has_a_line_for_each_child() {
        let children = children(&SCHOOLS[1], &mut Chance::seeded(1), 1);
        assert_eq!(roster(&SCHOOLS[1], &children).lines().count(), 2 + children.len());
    }

    #[test]
    fn grades_are_named_as_on_the_door() {
        assert_eq!((grade_name(1), grade_name(9)), ('一', '九'));
    }
}
