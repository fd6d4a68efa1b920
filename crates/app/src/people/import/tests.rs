use std::io::{Cursor, Write};

use encoding_rs::GB18030;
use jiff::civil::date;
use kehou_domain::people::class::{ClassKey, Stage};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::*;

const READING: Reading = Reading::any(date(2026, 9, 7), Stage::Primary);

/// A workbook with one sheet, written by the closure.
fn workbook(write: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn rows(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) {
    for (row, cells) in (first..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            if !text.is_empty() {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
}

fn csv(text: &str) -> Sheet {
    read(text.as_bytes(), READING).unwrap().sheets.remove(0)
}

/// Name, class and phones of each pupil, as `张三 3.2 13900000001`.
fn pupils(sheet: &Sheet) -> Vec<String> {
    let phones = |student: &Student| {
        let all = student.guardians.iter().flat_map(|guardian| &guardian.phones);
        all.map(|phone| [" ", phone.digits()].concat()).collect::<Vec<_>>().concat()
    };
    let line = |student: &Student| {
        format!("{} {}.{}{}", student.name, student.grade, student.class.class_no, phones(student))
    };
    sheet.students.iter().map(line).collect()
}

fn guardians(sheet: &Sheet) -> Vec<String> {
    let one = |guardian: &Guardian| {
        let phones: Vec<_> = guardian.phones.iter().map(Phone::digits).collect();
        format!("{}/{}/{}", guardian.name, guardian.relation, phones.join("+"))
    };
    sheet.students.iter().flat_map(|student| &student.guardians).map(one).collect()
}

fn rejected(sheet: &Sheet) -> Vec<(u32, &str, &str, &str)> {
    let line = |cell: &'_ Rejected| (cell.row, cell.problem.code());
    let codes = sheet.rejected.iter().map(line);
    codes
        .zip(&sheet.rejected)
        .map(|((row, code), cell)| (row, cell.column.as_str(), cell.value.as_str(), code))
        .collect()
}

fn skipped(sheet: &Sheet) -> Vec<(u32, &str)> {
    sheet.skipped.iter().map(|skipped| (skipped.row, skipped.why.word())).collect()
}

#[test]
fn a_plain_table_is_read_with_its_titles_totals_and_notes_shown() {
    let bytes = workbook(|sheet| {
        sheet.merge_range(0, 0, 0, 5, "湖滨小学课后服务学生花名册", &Format::new()).unwrap();
        rows(
            sheet,
            1,
            &[
                &["2026年9月"],
                &["序号", "姓名", "性别", "班级", "家长姓名", "联系电话"],
                &["1", "孙　一诺", "女", "三（2）班", "孙建国", "１３９００００００１１"],
                &["2", "周子涵", "男", "302班", "周丽", "139-0000-0012"],
                &[],
                &["合计", "2人"],
                &["注：请于周五前交教务处"],
            ],
        );
    });
    let roster = read(&bytes, READING).unwrap();
    let sheet = &roster.sheets[0];
    assert_eq!(sheet.header_rows, [3]);
    assert_eq!(pupils(sheet), ["孙一诺 3.2 13900000011", "周子涵 3.2 13900000012"]);
    assert_eq!(skipped(sheet), [(1, "title"), (2, "title"), (6, "blank"), (7, "total"), (8, "note")]);
    assert_eq!(rejected(sheet), []);
    assert_eq!(sheet.students[0].sex, Sex::Female);
    let class = ClassKey { stage: Stage::Primary, entered_year: 2024, class_no: 2 };
    assert_eq!(sheet.students[0].class, class);
}

#[test]
fn merged_headings_and_merged_classes_are_followed() {
    let bytes = workbook(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 1, 0, "班级", &plain).unwrap();
        sheet.merge_range(0, 1, 1, 1, "姓名", &plain).unwrap();
        sheet.merge_range(0, 2, 0, 4, "监护人1", &plain).unwrap();
        sheet.merge_range(0, 5, 0, 7, "监护人2", &plain).unwrap();
        rows(sheet, 1, &[&["", "", "姓名", "关系", "电话", "姓名", "关系", "电话"]]);
        sheet.merge_range(2, 0, 3, 0, "一（1）班", &plain).unwrap();
        rows(
            sheet,
            2,
            &[
                &["", "孙一诺", "孙建国", "父亲", "13900000011", "李梅", "母亲", "13900000012"],
                &["", "吴迪", "吴强", "父亲", "13900000013"],
            ],
        );
        sheet.write_string(2, 0, "一（1）班").unwrap();
    });
    let roster = read(&bytes, READING).unwrap();
    let sheet = &roster.sheets[0];
    assert_eq!(sheet.header_rows, [1, 2]);
    assert_eq!(pupils(sheet), ["孙一诺 1.1 13900000011 13900000012", "吴迪 1.1 13900000013"]);
    let expected = ["孙建国/父亲/13900000011", "李梅/母亲/13900000012", "吴强/父亲/13900000013"];
    assert_eq!(guardians(sheet), expected);
}

#[test]
fn a_heading_may_say_twice_whose_it_is() {
    let bytes = workbook(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 1, "学生信息", &plain).unwrap();
        sheet.merge_range(0, 2, 0, 4, "家长信息", &plain).unwrap();
        rows(sheet, 1, &[&["班级", "姓名", "家长姓名", "与学生关系", "家长电话"]]);
        rows(sheet, 2, &[&["一（1）班", "孙一诺", "孙建国", "父亲", "13900000011"]]);
    });
    let roster = read(&bytes, READING).unwrap();
    assert_eq!(guardians(&roster.sheets[0]), ["孙建国/父亲/13900000011"]);
}

#[test]
fn a_pupil_over_two_rows_has_two_guardians() {
    let bytes = workbook(|sheet| {
        rows(sheet, 0, &[&["班级", "姓名", "家长", "关系", "电话"]]);
        sheet.merge_range(1, 0, 2, 0, "一（1）班", &Format::new()).unwrap();
        sheet.merge_range(1, 1, 2, 1, "孙一诺", &Format::new()).unwrap();
        rows(
            sheet,
            1,
            &[&["", "", "孙建国", "父亲", "13900000011"], &["", "", "李梅", "母亲", "13900000012"]],
        );
        sheet.write_string(1, 0, "一（1）班").unwrap();
        sheet.write_string(1, 1, "孙一诺").unwrap();
    });
    let roster = read(&bytes, READING).unwrap();
    assert_eq!(pupils(&roster.sheets[0]), ["孙一诺 1.1 13900000011 13900000012"]);
}

#[test]
fn columns_of_father_and_mother_are_two_guardians() {
    let sheet = csv("姓名,年级,班级,父亲姓名,父亲电话,母亲姓名,母亲手机,备用电话\n\
        孙一诺,三年级,2,孙建国,13900000011,李梅,13900000012,13900000013\n");
    assert_eq!(guardians(&sheet), ["孙建国/父亲/13900000011", "李梅/母亲/13900000012+13900000013"]);
    assert_eq!(sheet.students[0].grade, 3);
}

#[test]
fn a_phone_without_a_guardians_name_is_kept() {
    let sheet = csv("姓名,班级,父亲电话,母亲电话\n孙一诺,3.2,13900000011,13900000012\n");
    assert_eq!(guardians(&sheet), ["/父亲/13900000011", "/母亲/13900000012"]);
}

#[test]
fn a_second_column_of_names_is_the_guardians() {
    let sheet = csv("序号,姓名,性别,班级,姓名,关系,电话\n1,孙一诺,女,3.2,孙建国,父亲,13900000011\n");
    assert_eq!(pupils(&sheet), ["孙一诺 3.2 13900000011"]);
    assert_eq!(guardians(&sheet), ["孙建国/父亲/13900000011"]);
}

#[test]
fn tables_side_by_side_are_both_read() {
    let sheet = csv("三（2）班名单,,,,,\n序号,姓名,电话,序号,姓名,电话\n\
        1,孙一诺,13900000011,3,吴迪,13900000013\n2,周子涵,13900000012,4,,\n");
    let expected = ["孙一诺 3.2 13900000011", "吴迪 3.2 13900000013", "周子涵 3.2 13900000012"];
    assert_eq!(pupils(&sheet), expected);
}

#[test]
fn a_sheet_of_one_class_takes_it_from_its_title_or_name() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("四（3）班").unwrap();
    rows(sheet, 0, &[&["姓名", "电话"], &["孙一诺", "13900000011"]]);
    let roster = read(&book.save_to_buffer().unwrap(), READING).unwrap();
    assert_eq!(pupils(&roster.sheets[0]), ["孙一诺 4.3 13900000011"]);
}

#[test]
fn the_headings_of_the_next_page_are_no_pupil() {
    let sheet = csv("姓名,班级,电话\n孙一诺,3.2,13900000011\n姓名,班级,电话\n吴迪,3.2,13900000013\n");
    assert_eq!(skipped(&sheet), [(3, "header")]);
    assert_eq!(sheet.students.len(), 2);
}

#[test]
fn cells_that_cannot_be_read_are_refused_with_their_reason() {
    let sheet = csv("姓名,性别,班级,家长,电话,身份证号\n\
        孙一诺,女,3.2,孙建国,1.39E+10,\n\
        吴迪,?,3.2,吴强,13900000013,3.20583E+17\n\
        ,男,3.2,周丽,13900000012,\n\
        郑好,男,大班,郑军,13900000014,\n");
    let expected = [
        (2, "电话", "1.39E+10", "number_ruined"),
        (3, "性别", "?", "sex_unreadable"),
        (3, "身份证号", "3.2058…", "number_ruined"),
        (4, "姓名", "", "name_missing"),
        (5, "班级", "大班", "class_unreadable"),
    ];
    assert_eq!(rejected(&sheet), expected);
    assert_eq!(pupils(&sheet), ["孙一诺 3.2", "吴迪 3.2 13900000013"]);
    let codes: Vec<_> = sheet.students[0].problems.iter().map(|found| found.problem.code()).collect();
    assert_eq!(codes, ["number_ruined", "nobody_to_call"]);
    assert_eq!(sheet.columns_left, ["身份证号"]);
}

#[test]
fn a_date_and_a_shortened_class_number_are_refused() {
    let bytes = workbook(|sheet| {
        rows(sheet, 0, &[&["姓名", "班级", "电话"]]);
        for (row, name) in (1..).zip(["孙一诺", "吴迪", "周子涵"]) {
            sheet.write_string(row, 0, name).unwrap();
            sheet.write_string(row, 2, format!("1390000001{row}")).unwrap();
        }
        let day = ExcelDateTime::from_ymd(2026, 3, 2).unwrap();
        let format = Format::new().set_num_format("m-d");
        sheet.write_datetime_with_format(1, 1, day, &format).unwrap();
        sheet.write_number(2, 1, 3.1).unwrap();
        sheet.write_number(3, 1, 3.12).unwrap();
    });
    let roster = read(&bytes, READING).unwrap();
    let sheet = &roster.sheets[0];
    assert_eq!(
        rejected(sheet),
        [(2, "班级", "2026-03-02", "class_is_date"), (3, "班级", "吴迪", "class_ruined")]
    );
    assert_eq!(pupils(sheet), ["周子涵 3.12 13900000013"]);
}

#[test]
fn long_numbers_kept_as_floats_are_refused_and_the_pupil_stands() {
    let bytes = workbook(|sheet| {
        rows(sheet, 0, &[&["姓名", "班级", "电话", "身份证号"], &["孙一诺", "3.2", "", ""]]);
        sheet.write_number(1, 2, 13_900_000_011.0).unwrap();
        sheet.write_number(1, 3, 320_583_201_801_010_000.0).unwrap();
    });
    let sheet = read(&bytes, READING).unwrap().sheets.remove(0);
    assert_eq!(rejected(&sheet), [(2, "身份证号", "320583…", "number_ruined")]);
    assert_eq!(pupils(&sheet), ["孙一诺 3.2 13900000011"]);
}

#[test]
fn a_pupil_who_stands_twice_is_taken_once_and_namesakes_are_kept() {
    let sheet = csv("姓名,班级,家长,电话\n\
        孙一诺,3.2,孙建国,13900000011\n\
        孙一诺,三（2）班,孙建国,13900000011\n\
        孙一诺,3.2,孙大海,13900000015\n\
        孙一诺,3.3,孙小海,13900000016\n");
    assert_eq!(rejected(&sheet), [(3, "", "孙一诺", "duplicate")]);
    assert_eq!(sheet.students.len(), 3);
    let named: Vec<_> = sheet.students.iter().map(|student| student.problems.len()).collect();
    assert_eq!(named, [0, 1, 0]);
}

#[test]
fn g1_no_guardian_of_a_second_line_is_lost_without_a_word() {
    let of = |lines: &str| read(format!("姓名,班级,家长,电话\n{lines}").as_bytes(), READING).unwrap();
    let known = of("上官婉,3.2,上官仪,13900000011\n上官婉,3.2,上官仪,\n");
    assert_eq!(rejected(&known.sheets[0]), [(3, "", "上官婉", "duplicate")]);
    let mother = of("上官婉,3.2,上官仪,13900000011\n上官婉,3.2,郑氏(母亲),\n");
    assert_eq!(rejected(&mother.sheets[0]), []);
    assert_eq!(mother.namesakes.len(), 1, "the page asks whether it is one child");
    let first_without = of("上官婉,3.2,,\n上官婉,3.2,郑氏,13900000015\n");
    assert_eq!((rejected(&first_without.sheets[0]).len(), first_without.namesakes.len()), (0, 1));
    let more = "上官婉,3.2,上官仪,13900000011\n上官婉,3.2,上官仪,13900000011；13900000015\n";
    assert_eq!(rejected(&of(more).sheets[0]), [(3, "", "上官婉", "duplicate_states_more")]);
}

#[test]
fn two_columns_of_one_heading_are_named() {
    let sheet = csv("姓名,班级,姓名,电话,班级\n孙一诺,3.2,孙建国,13900000011,3.3\n");
    assert_eq!(sheet.columns_twice, ["班级"]);
    assert_eq!(sheet.columns_of_guardians, ["姓名"]);
    assert_eq!(pupils(&sheet), ["孙一诺 3.2 13900000011"]);
}

#[test]
fn namesakes_of_one_class_are_asked_about_unless_they_differ_in_themselves() {
    let pairs = |lines: &str| {
        let text = format!("姓名,性别,班级,座号,家长,电话\n{lines}");
        read(text.as_bytes(), READING).unwrap().namesakes
    };
    let asked = pairs("孙一诺,女,3.2,,孙建国,13900000011\n孙一诺,女,3.2,,李梅,13900000015\n");
    assert_eq!(asked, [Namesakes { first: (0, 0), second: (0, 1), is_one: false }]);
    assert_eq!(pairs("孙一诺,女,3.2,,孙建国,13900000011\n孙一诺,男,3.2,,李梅,13900000015\n"), []);
    assert_eq!(pairs("孙一诺,女,3.2,1,孙建国,13900000011\n孙一诺,女,3.2,2,李梅,13900000015\n"), []);
    assert_eq!(pairs("孙一诺,女,3.2,,孙建国,13900000011\n孙一诺,女,3.3,,李梅,13900000015\n"), []);
}

#[test]
fn a_grade_that_the_school_does_not_teach_is_a_fault() {
    let text = "姓名,班级,电话\n孙一诺,3.2,13900000011\n吴迪,九(1)班,13900000013\n";
    let of = |kind: &str| {
        read(text.as_bytes(), Reading::of_school(date(2026, 9, 7), kind)).unwrap().sheets.remove(0)
    };
    assert_eq!(rejected(&of("primary")), [(3, "班级", "九(1)班", "grade_elsewhere")]);
    assert_eq!(rejected(&of("junior")), [(2, "班级", "3.2", "grade_elsewhere")]);
    assert_eq!(rejected(&of("nine_year")), []);
}

#[test]
fn siblings_share_a_guardian_and_a_phone_of_two_names_is_asked_about() {
    let roster = read(
        "姓名,班级,家长,电话\n\
         孙一诺,3.2,孙建国,13900000011\n\
         孙一鸣,1.1,孙建国,13900000011\n\
         吴迪,1.1,吴强,13900000011\n"
            .as_bytes(),
        READING,
    )
    .unwrap();
    assert_eq!(roster.siblings.len(), 1);
    assert_eq!(roster.siblings[0].rows, [(0, 2), (0, 3)]);
    assert_eq!(roster.siblings_of(0, 2).collect::<Vec<_>>(), [(0, 3)]);
    assert_eq!(roster.sheets[0].students[2].problems[0].problem, Problem::PhoneShared { row: 2 });
}

/// The text in each encoding that schools use.
fn encoded(text: &str) -> [Vec<u8>; 4] {
    let utf16 = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = format!("\u{feff}{text}").into_bytes();
    [text.as_bytes().to_vec(), marked, GB18030.encode(text).0.into_owned(), utf16]
}

#[test]
fn text_is_read_in_every_encoding_and_with_every_line_end() {
    for title in ["", "湖滨小学花名册,,\n"] {
        for end in ["\n", "\r\n", "\r"] {
            let lines = format!("{title}姓名,班级,电话\n孙一诺,3.2,13900000011\n吴迪,3.2,13900000013\n");
            for bytes in encoded(&lines.replace('\n', end)) {
                let roster = read(&bytes, READING).unwrap();
                let sheet = &roster.sheets[0];
                assert_eq!(pupils(sheet), ["孙一诺 3.2 13900000011", "吴迪 3.2 13900000013"]);
                let head = if title.is_empty() { 1 } else { 2 };
                assert_eq!(sheet.header_rows, [head]);
                let rows: Vec<u32> = sheet.students.iter().map(|student| student.row).collect();
                assert_eq!(rows, [head + 1, head + 2]);
            }
        }
    }
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let lines =
        "\n姓名,班级,家长,电话\n\n孙一诺,3.2,\"孙\n建国\",13900000011\n\n\n吴迪,3.2,吴强,13900000013\n";
    for end in ["\n", "\r\n"] {
        let sheet = csv(&lines.replace('\n', end));
        assert_eq!(sheet.header_rows, [2]);
        assert_eq!(sheet.students.iter().map(|student| student.row).collect::<Vec<_>>(), [4, 7]);
    }
}

#[test]
fn guards_and_tabs_are_no_part_of_a_value() {
    let sheet = csv("姓名\t班级\t电话\n孙一诺\t3.2\t=\"13900000011\"\n吴迪\t'3.2\t'13900000012\n");
    assert_eq!(pupils(&sheet), ["孙一诺 3.2 13900000011", "吴迪 3.2 13900000012"]);
}

#[test]
fn a_web_table_named_xls_is_read() {
    let page = "<html><head><meta charset=gb2312></head><body><table>\
        <tr><td colspan=4>三（2）班学生名单</td></tr>\
        <tr><th rowspan=2>姓名</th><th rowspan=2>性别</th><th colspan=2>家长</th></tr>\
        <tr><th>姓名</th><th>电话</th></tr>\
        <tr><td>孙一诺</td><td>女</td><td>孙建国</td><td>13900000011</td></tr></table></body></html>";
    let roster = read(&GB18030.encode(page).0, READING).unwrap();
    assert_eq!(roster.sheets[0].header_rows, [2, 3]);
    assert_eq!(pupils(&roster.sheets[0]), ["孙一诺 3.2 13900000011"]);
    assert_eq!(guardians(&roster.sheets[0]), ["孙建国//13900000011"]);
}

#[test]
fn the_older_workbook_is_read() {
    let roster = read(include_bytes!("../../../tests/fixtures/roster_biff8.xls"), READING).unwrap();
    let sheet = &roster.sheets[0];
    assert_eq!(sheet.header_rows, [2, 3]);
    let expected = ["孙一诺 3.2 13900000001", "周子涵 3.2 13900000002", "吴迪 3.2 13900000003"];
    assert_eq!(pupils(sheet), expected);
    assert_eq!(skipped(sheet), [(1, "title"), (7, "total")]);
}

#[test]
fn a_hidden_sheet_is_named_and_not_read() {
    let mut book = Workbook::new();
    rows(book.add_worksheet(), 0, &[&["姓名", "班级"], &["孙一诺", "3.2"]]);
    let hidden = book.add_worksheet();
    rows(hidden, 0, &[&["姓名", "班级"], &["吴迪", "3.2"]]);
    hidden.set_hidden(true);
    let roster = read(&book.save_to_buffer().unwrap(), READING).unwrap();
    let seen: Vec<_> = roster.sheets.iter().map(|sheet| (sheet.hidden, sheet.students.len())).collect();
    assert_eq!(seen, [(false, 1), (true, 0)]);
}

/// A package of the given parts.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_a_macro_workbook_and_other_packages_are_refused() {
    let noughts = vec![b'0'; 9 * 1024 * 1024];
    let bomb = package(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &noughts)]);
    assert_eq!(read(&bomb, READING), Err(Refused::Bomb));
    let macros = package(&[("xl/workbook.xml", b"<workbook/>"), ("xl/vbaProject.bin", b"x")]);
    assert_eq!(read(&macros, READING), Err(Refused::Macros));
    let letter = package(&[("word/document.xml", b"<w/>")]);
    assert_eq!(read(&letter, READING), Err(Refused::Unknown));
}

#[test]
fn a_huge_file_and_endless_rows_are_refused() {
    let bytes = LARGEST_FILE + 1;
    assert_eq!(read(&vec![b'a'; bytes], READING), Err(Refused::TooLarge { bytes }));
    let mut endless = String::from("姓名,班级\n");
    for number in 0..MOST_ROWS {
        endless.push_str(if number % 2 == 0 { "孙一诺,3.2\n" } else { "吴迪,3.2\n" });
    }
    assert_eq!(read(endless.as_bytes(), READING), Err(Refused::TooManyRows));
    let far = workbook(|sheet| {
        rows(sheet, 0, &[&["姓名", "班级"], &["孙一诺", "3.2"]]);
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
        sheet.write_string(1_048_574, 0, "x").unwrap();
    });
    assert_eq!(read(&far, READING), Err(Refused::TooManyRows));
}

#[test]
fn a_quotation_mark_that_swallows_rows_is_refused_with_its_line() {
    let head = "姓名,性别,班级,家长,电话\n孙一诺,女,三(2)班,孙建国,13900000011\n";
    let never = format!("{head}\"李四,女,三(2)班,李父,13900000012\n王五,男,三(2)班,王父,13900000013\n");
    assert_eq!(read(never.as_bytes(), READING), Err(Refused::OpenQuote { line: 3 }));
    let late = format!("{head}李四,女,三(2)班,\"李父,13900000012\n王五,男,三(2)班,\"王父,13900000013\n");
    assert_eq!(read(late.as_bytes(), READING), Err(Refused::OpenQuote { line: 3 }));
    let fine =
        format!("{head}李四,女,三(2)班,\"李\"\"父\n\",13900000012\n\"王五\",男,三(2)班,王父,13900000013\n");
    assert_eq!(read(fine.as_bytes(), READING).unwrap().sheets[0].students.len(), 3);
}

#[test]
fn a_pupil_whose_name_begins_like_a_total_or_a_note_is_a_pupil() {
    let rows =
        "姓名,性别,班级,家长,电话\n合计明,男,三(2)班,合父,13900000011\n说明明,女,三(2)班,说父,13900000012\n";
    let roster = read(format!("{rows}合计,2人,,,\n说明,请核对,,,\n").as_bytes(), READING).unwrap();
    assert_eq!(roster.sheets[0].students.len(), 2);
    assert_eq!(skipped(&roster.sheets[0]), [(4, "total"), (5, "note")]);
}

#[test]
fn what_is_no_workbook_is_refused() {
    assert_eq!(read(b"%PDF-1.7", READING), Err(Refused::Unknown));
    assert_eq!(read(&[0, 1, 2, 3, 255], READING), Err(Refused::Unknown));
    assert_eq!(read(b"", READING), Err(Refused::NoHead));
    assert_eq!(read("今天天气好".as_bytes(), READING), Err(Refused::PlainText));
    assert_eq!(read("张三\n李四\n".as_bytes(), READING), Err(Refused::PlainText));
    assert_eq!(read("张三,女\n李四,男\n".as_bytes(), READING), Err(Refused::NoHead));
    assert_eq!(read("姓名,班级,家长,电话\n".as_bytes(), READING), Err(Refused::OnlyHead));
    assert_eq!(read(b"PK\x03\x04broken", READING), Err(Refused::Damaged));
    assert_eq!(read(b"<html><p>no table</p></html>", READING), Err(Refused::Unknown));
    let old = b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>";
    assert_eq!(read(old, READING), Err(Refused::OldXml));
    let sealed: Vec<u8> = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
        .into_iter()
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(read(&sealed, READING), Err(Refused::Password));
}
