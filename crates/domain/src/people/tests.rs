use jiff::civil::date;
use rstest::rstest;

use super::cell::{self, Cell};
use super::class::{self, ClassKey, Stage, school_year};
use super::phone::{self, Phone};
use super::problem::Problem;
use super::{Boarding, Sex, name};

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// The grade and number of a class name in the school year 2026, primary unless the name says otherwise.
fn grade_and_no(cell: &Cell) -> Result<(u8, u8), Problem> {
    let key = class::class(cell)?.ok_or(Problem::ClassMissing)?.key(2026, Stage::Primary)?;
    Ok((key.grade_in(2026).unwrap(), key.class_no))
}

#[rstest]
#[case("三（2）班", 3, 2)]
#[case("三(2)班", 3, 2)]
#[case("三 (2) 班", 3, 2)]
#[case("三〔2〕班", 3, 2)]
#[case("三（2）", 3, 2)]
#[case("三（十一）班", 3, 11)]
#[case("３（２）班", 3, 2)]
#[case("3.2", 3, 2)]
#[case("3-2", 3, 2)]
#[case("3.12班", 3, 12)]
#[case("302班", 3, 2)]
#[case("302", 3, 2)]
#[case("612班", 6, 12)]
#[case("三年级2班", 3, 2)]
#[case("三年级（2）班", 3, 2)]
#[case("三年级二班", 3, 2)]
#[case("3年级2班", 3, 2)]
#[case("三年2班", 3, 2)]
#[case("三2班", 3, 2)]
#[case("三二班", 3, 2)]
#[case("2024级2班", 3, 2)]
#[case("2024级（2）班", 3, 2)]
#[case("24级2班", 3, 2)]
#[case("七（1）班", 7, 1)]
#[case("初一（1）班", 7, 1)]
#[case("初二3班", 8, 3)]
#[case("901班", 9, 1)]
#[case("'302", 3, 2)]
fn a_class_is_known_however_it_is_written(#[case] written: &str, #[case] grade: u8, #[case] no: u8) {
    assert_eq!(grade_and_no(&text(written)), Ok((grade, no)));
}

#[rstest]
#[case("32班", Problem::ClassUnreadable)]
#[case("三班", Problem::ClassUnreadable)]
#[case("高一（1）班", Problem::ClassUnreadable)]
#[case("十（1）班", Problem::ClassUnreadable)]
#[case("三（0）班", Problem::ClassUnreadable)]
#[case("三（99）班", Problem::ClassUnreadable)]
#[case("大一班", Problem::ClassUnreadable)]
#[case("3.2.1", Problem::ClassUnreadable)]
#[case("2019级2班", Problem::ClassOutOfRange)]
#[case("2027级2班", Problem::ClassOutOfRange)]
#[case("", Problem::ClassMissing)]
fn what_is_no_class_is_refused(#[case] written: &str, #[case] problem: Problem) {
    assert_eq!(grade_and_no(&text(written)), Err(problem));
}

#[test]
fn a_class_kept_as_a_number_or_turned_into_a_date() {
    assert_eq!(grade_and_no(&Cell::Number(3.2)), Ok((3, 2)));
    assert_eq!(grade_and_no(&Cell::Number(302.0)), Ok((3, 2)));
    assert_eq!(grade_and_no(&Cell::Date("2026-03-02".into())), Err(Problem::ClassIsDate));
}

#[rstest]
#[case("三年级", "2班", 3, 2)]
#[case("三", "2", 3, 2)]
#[case("3", "（2）班", 3, 2)]
#[case("三年级", "三（2）班", 3, 2)]
#[case("2024级", "2", 3, 2)]
#[case("初一", "02", 7, 2)]
#[case("", "三（2）班", 3, 2)]
fn grade_and_class_may_stand_in_two_columns(
    #[case] grade: &str,
    #[case] no: &str,
    #[case] expected_grade: u8,
    #[case] expected_no: u8,
) {
    let name = class::class_in_two(&text(grade), &text(no)).unwrap().unwrap();
    let key = name.key(2026, Stage::Primary).unwrap();
    assert_eq!((key.grade_in(2026), key.class_no), (Some(expected_grade), expected_no));
}

#[rstest]
#[case("湖滨小学2026年秋三（2）班学生花名册", Some((Some(3), 2)))]
#[case("三2班", Some((Some(3), 2)))]
#[case("花名册", None)]
#[case("2026级新生分班名单", None)]
fn a_class_is_found_in_a_title(#[case] title: &str, #[case] expected: Option<(Option<u8>, u8)>) {
    assert_eq!(class::class_within(title).map(class::ClassName::stated), expected);
}

#[test]
fn a_class_grows_older_with_the_school_year_and_keeps_its_key() {
    let primary = ClassKey { stage: Stage::Primary, entered_year: 2024, class_no: 2 };
    assert_eq!(primary.grade_on(date(2026, 7, 31)), Some(2));
    assert_eq!(primary.grade_on(date(2026, 8, 1)), Some(3));
    assert_eq!(primary.grade_on(date(2030, 9, 1)), None, "it has left");
    assert_eq!(primary.grade_on(date(2024, 7, 1)), None, "it has not entered");
    let junior = ClassKey { stage: Stage::Junior, entered_year: 2024, class_no: 1 };
    assert_eq!(junior.grade_on(date(2026, 9, 1)), Some(9));
    assert_eq!(school_year(date(2027, 1, 4)), 2026);
}

#[rstest]
#[case("张三", "张三")]
#[case("张　三", "张三")]
#[case(" 张 三\n", "张三")]
#[case("张\u{200b}三", "张三")]
#[case("'张三", "张三")]
#[case("阿依古丽·买买提", "阿依古丽·买买提")]
#[case("阿依古丽•买买提", "阿依古丽·买买提")]
#[case("王\u{2ccac}", "王\u{2ccac}")]
#[case("周父", "周父")]
#[case("成母", "成母")]
#[case("Anna  Li", "Anna Li")]
fn a_name_loses_its_gaps_and_nothing_else(#[case] written: &str, #[case] expected: &str) {
    assert_eq!(name::name(&text(written)), Ok(Some(expected.to_owned())));
}

#[test]
fn what_is_no_name_is_refused() {
    assert_eq!(name::name(&text("13800138000")), Err(Problem::NameHasDigits));
    assert_eq!(name::name(&text("周父２")), Err(Problem::NameHasDigits));
    assert_eq!(name::name(&Cell::Number(3.0)), Err(Problem::NameHasDigits));
    assert_eq!(name::name(&text(&"长".repeat(41))), Err(Problem::NameTooLong));
    assert_eq!(name::name(&text("周父?")), Err(Problem::NameUnreadable));
    assert_eq!(name::name(&Cell::Error("#REF!".into())), Err(Problem::ErrorCell));
    assert_eq!(name::name(&text(" 　")), Ok(None));
}

#[test]
fn a_guardian_may_carry_the_relation_in_brackets() {
    let read = |written| name::guardian(&text(written)).unwrap();
    assert_eq!(read("张大（父亲）"), Some(("张大".into(), Some("父亲".into()))));
    assert_eq!(read("张大"), Some(("张大".into(), None)));
}

fn digits(cell: &Cell) -> Result<Vec<String>, Problem> {
    phone::phones(cell).map(|found| found.iter().map(|phone| phone.digits().to_owned()).collect())
}

#[rstest]
#[case("13800138000", &["13800138000"])]
#[case("１３８００１３８０００", &["13800138000"])]
#[case("138 0013 8000", &["13800138000"])]
#[case("138-0013-8000", &["13800138000"])]
#[case("+86 13800138000", &["13800138000"])]
#[case("8613800138000", &["13800138000"])]
#[case("0519-88120000", &["051988120000"])]
#[case("13800138000/13900139000", &["13800138000", "13900139000"])]
#[case("13800138000、13900139000", &["13800138000", "13900139000"])]
#[case("13800138000 13900139000", &["13800138000", "13900139000"])]
#[case("", &[])]
fn a_phone_is_read_however_it_is_grouped(#[case] written: &str, #[case] expected: &[&str]) {
    assert_eq!(digits(&text(written)), Ok(expected.iter().map(ToString::to_string).collect()));
}

#[rstest]
#[case(text("1.38E+10"), Problem::NumberRuined)]
#[case(text("1380013800"), Problem::PhoneUnreadable)]
#[case(text("88120000"), Problem::PhoneUnreadable)]
#[case(text("12800138000"), Problem::PhoneUnreadable)]
#[case(text("张大13800138000"), Problem::PhoneUnreadable)]
#[case(Cell::Number(3.2e17), Problem::NumberRuined)]
#[case(Cell::Number(1.38e10), Problem::NumberRuined)]
#[case(Cell::Number(1_380_013_800.5), Problem::PhoneUnreadable)]
fn what_is_no_phone_is_refused(#[case] cell: Cell, #[case] problem: Problem) {
    assert_eq!(digits(&cell), Err(problem));
}

#[test]
fn a_mobile_kept_as_a_number_is_whole() {
    assert_eq!(digits(&Cell::Number(13_800_138_000.0)), Ok(vec!["13800138000".into()]));
}

#[test]
fn a_phone_in_a_list_hides_its_middle() {
    assert_eq!(Phone::parse("13800138000").unwrap().masked(), "138****8000");
}

#[rstest]
#[case(Cell::Number(3.205_831_990_010_1e17), Err(Problem::NumberRuined))]
#[case(text("3.20583E+17"), Err(Problem::NumberRuined))]
#[case(text("320583199001011000"), Err(Problem::NumberRuined))]
#[case(text("G320583201801010018"), Ok(()))]
#[case(text("32058320180101001X"), Ok(()))]
#[case(Cell::Number(20_180_101.0), Ok(()))]
fn a_long_number_that_was_shortened_is_refused(#[case] cell: Cell, #[case] expected: Result<(), Problem>) {
    assert_eq!(cell::long_number(&cell), expected);
}

#[test]
fn sex_boarding_and_seat_are_read_by_habit() {
    assert_eq!(cell::sex(&text("男")), Ok(Sex::Male));
    assert_eq!(cell::sex(&text("女 ")), Ok(Sex::Female));
    assert_eq!(cell::sex(&Cell::Empty), Ok(Sex::Unstated));
    assert_eq!(cell::sex(&text("三")), Err(Problem::SexUnreadable));
    assert_eq!(cell::boarding(&text("是")), Ok(Boarding::Boarder));
    assert_eq!(cell::boarding(&text("走读")), Ok(Boarding::Day));
    assert_eq!(cell::boarding(&text("有时")), Err(Problem::BoardingUnreadable));
    assert_eq!(cell::seat(&text("12号")), Ok(Some(12)));
    assert_eq!(cell::seat(&Cell::Number(12.0)), Ok(Some(12)));
    assert_eq!(cell::seat(&text("十二")), Err(Problem::SeatUnreadable));
}

#[test]
fn h3_two_spellings_are_one_person() {
    for (one, other) in [
        ("王芳", "王 芳"),
        ("王芳", "　王\u{200b}芳 "),
        ("王芳", "王芳（姑姑）"),
        ("王芳（姑妈）", "姑姑王芳"),
        ("王芳", "王芳阿姨"),
        ("Ｌｉ　Ｍｅｉ", "li mei"),
        ("买买提·艾力", "买买提•艾力"),
    ] {
        assert!(name::is_same(one, other), "{one} {other}");
    }
    for (one, other) in
        [("王芳", "王方"), ("王阿姨", "王"), ("", "王芳"), ("奶奶", "外婆"), ("（姑姑）", "王芳")]
    {
        assert!(!name::is_same(one, other), "{one} {other}");
    }
}
