//! Invented families: a child each, with one guardian and one phone.

/// Signs that make up names; every child of a school has another name.
const SIGNS: [char; 16] =
    ['安', '博', '晨', '丹', '恩', '菲', '果', '涵', '嘉', '可', '乐', '明', '宁', '佩', '琪', '然'];
/// Family names.
const FAMILIES: [char; 8] = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄'];
/// Children in a class.
const CLASS: usize = 45;
/// The grades that choose.
const GRADES: [usize; 4] = [3, 4, 5, 6];

/// The name of the child with this number, below 32,768.
pub(super) fn name(number: usize) -> String {
    let sign = |rest: usize| SIGNS[rest % SIGNS.len()];
    let (first, second, third) = (number, number / 16, number / 256);
    [FAMILIES[number / 4096 % FAMILIES.len()], sign(third), sign(second), sign(first)].iter().collect()
}

/// The phone of the guardian of this child in this school.
pub(super) fn phone(school: usize, number: usize) -> String {
    format!("199{:08}", school * 10_000 + number)
}

/// The roster of a school with so many children, as its workbook would have it.
pub(super) fn roster(school: usize, children: usize) -> String {
    let mut text = "姓名,性别,班级,家长,关系,电话\n".to_owned();
    for number in 0..children {
        let class = number / CLASS;
        let (grade, class_no) = (GRADES[class % GRADES.len()], class / GRADES.len() + 1);
        let sex = if number % 2 == 0 { "女" } else { "男" };
        let (child, phone) = (name(number), phone(school, number));
        let guardian: String = child.chars().take(1).chain("家长".chars()).collect();
        let line = format!("{child},{sex},{grade}.{class_no},{guardian},母亲,{phone}\n");
        text.push_str(&line);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{name, roster};

    #[test]
    fn no_two_children_of_a_school_share_a_name() {
        assert_eq!((0..2000).map(name).collect::<BTreeSet<_>>().len(), 2000);
    }

    #[test]
    fn a_roster_has_a_line_for_each_child() {
        assert_eq!(roster(1, 100).lines().count(), 101);
    }
}
