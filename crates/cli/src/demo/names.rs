//! Invented people: names put together by chance, phone numbers from a block that nobody uses.

use super::chance::Chance;

/// Family names, frequent ones more than once.
const FAMILIES: [&str; 60] = [
    "王", "王", "王", "李", "李", "李", "张", "张", "张", "刘", "刘", "陈", "陈", "陈", "杨", "杨", "赵",
    "赵", "黄", "黄", "周", "周", "周", "吴", "吴", "徐", "徐", "孙", "孙", "朱", "马", "胡", "郭", "林",
    "何", "高", "梁", "郑", "罗", "宋", "谢", "唐", "韩", "曹", "许", "邓", "冯", "曾", "程", "蔡", "彭",
    "潘", "袁", "于", "董", "余", "苏", "叶", "蒋", "欧阳",
];
const GIRLS: &str = "欣怡梓涵诗雨思彤佳琪梦瑶若曦语桐可馨静雯雅婷芷晴书瑶沐婉依诺米朵宁悦";
const BOYS: &str = "浩宇子轩俊杰博文一鸣嘉睿天佑承泽明哲昊然奕辰皓铭启航景行弘毅知远家乐凯";
const WOMEN: &str = "红梅丽娟秀英玉兰桂芳静慧燕霞琴莉洁敏华萍";
const MEN: &str = "建国志强伟民海峰军勇明刚永康文平立新东辉";
const GROWN: &str = "建国红梅志强丽娟海燕伟民秀英晓东玉兰国华雪峰桂芳永康文静卫平春生立新敏慧";

/// A child's name that fits its sex, `F` or `M`.
pub(super) fn child(chance: &mut Chance, family: &str, sex: char) -> String {
    let letters = if sex == 'F' { GIRLS } else { BOYS };
    given(chance, family, letters, 80)
}

/// A grown-up's name with this family name.
pub(super) fn grown(chance: &mut Chance, family: &str) -> String {
    given(chance, family, GROWN, 65)
}

/// A mother's or a grandmother's name with this family name.
pub(super) fn woman(chance: &mut Chance, family: &str) -> String {
    given(chance, family, WOMEN, 65)
}

/// A father's name with this family name.
pub(super) fn man(chance: &mut Chance, family: &str) -> String {
    given(chance, family, MEN, 65)
}

/// A family name.
pub(super) fn family(chance: &mut Chance) -> &'static str {
    chance.pick::<&'static str>(&FAMILIES)
}

/// The family name of somebody who was named here.
pub(super) fn family_of(name: &str) -> Option<&'static str> {
    FAMILIES.into_iter().find(|family| name.starts_with(family))
}

/// The phone number of the n-th grown-up of the district: 11 digits of a block without subscribers.
pub(super) fn phone(number: usize) -> String {
    format!("1990{number:07}")
}

fn given(chance: &mut Chance, family: &str, letters: &str, two_of_hundred: usize) -> String {
    let mut name = String::from(family);
    name.push(chance.letter(letters));
    if chance.percent(two_of_hundred) {
        name.push(chance.letter(letters));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::phone;

    #[test]
    fn phones_have_eleven_digits_and_differ() {
        assert_eq!(phone(1), "19900000001");
        assert_eq!(phone(1_234_567).len(), 11);
        assert_ne!(phone(1), phone(2));
    }
}
