//! Every statement for school tables names the school for each of them.
//!
//! The macro `sql!` sees one `school_id = $1`; a join of two tables needs two, which only this test sees.

use std::collections::BTreeSet;

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::migrations::school_tables;
use crate::tree::{files_in, none};

/// A statement in the sources.
struct Statement {
    place: String,
    global: bool,
    sql: String,
}

#[test]
fn every_statement_can_be_read() {
    let findings: Vec<String> = statements()
        .iter()
        .filter_map(|found| {
            let fault = Parser::parse_sql(&PostgreSqlDialect {}, &found.sql).err()?;
            Some(format!("{}: {fault}", found.place))
        })
        .collect();
    none(&findings);
}

#[test]
fn every_school_table_is_tied_to_the_school() {
    let tables = school_tables();
    let findings: Vec<String> = statements()
        .iter()
        .filter(|found| !found.global)
        .flat_map(|found| {
            untied(&found.sql, &tables).into_iter().map(|name| format!("{}: {name}", found.place))
        })
        .collect();
    none(&findings);
}

/// The statements in the sources of `db` and `app`, tests left out.
fn statements() -> Vec<Statement> {
    let mut found = Vec::new();
    for file in ["crates/db/src", "crates/app/src"].iter().flat_map(|folder| files_in(folder, ".rs")) {
        let code: String = file.text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        for (at, name) in code.match_indices("sql!(") {
            let line = code[..at].lines().count();
            let begun = code[..at].lines().next_back().unwrap_or_default();
            let commented = begun.contains("//") || begun.contains('`');
            if let (false, Some(sql)) = (commented, literal(&code[at + name.len()..])) {
                let place = format!("{}:{line}", file.path);
                found.push(Statement { place, global: begun.ends_with("global_"), sql });
            }
        }
    }
    found
}

/// The string literal at the start of a text, with its escapes undone.
fn literal(text: &str) -> Option<String> {
    let mut letters = text.trim_start().strip_prefix('"')?.chars();
    let mut literal = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Some(literal),
            '\\' => {
                let escaped = letters.next()?;
                literal.push(if escaped == '\n' { ' ' } else { escaped });
            }
            other => literal.push(other),
        }
    }
    None
}

/// The school tables in a statement, by their name there, that no predicate ties to the school.
fn untied(sql: &str, tables: &BTreeSet<String>) -> Vec<String> {
    let words = words(sql);
    let mut unqualified = 0;
    let mut tied = BTreeSet::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| *word == "school_id") {
        let compared = words.get(at + 1).is_some_and(|next| next == "=" || next == ")" || next == ",");
        let compared = compared || at >= 1 && words[at - 1] == "=" || at >= 3 && words[at - 3] == "=";
        if at >= 2 && words[at - 1] == "." && compared {
            tied.insert(words[at - 2].clone());
        } else if compared && *word == "school_id" {
            unqualified += 1;
        }
    }
    let mut missing: Vec<String> =
        references(&words, tables).into_iter().filter(|name| !tied.contains(name)).collect();
    missing.drain(..usize::min(unqualified, missing.len()));
    missing
}

/// The school tables that a statement reads or writes, each by its alias if it has one.
fn references(words: &[String], tables: &BTreeSet<String>) -> Vec<String> {
    let openers = ["from", "join", "update", "into", "using", ","];
    let closers = [
        "where", "set", "on", "join", "left", "inner", "cross", "group", "order", "limit", "values",
        "select", "union",
    ];
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().skip(1).filter(|(_, word)| tables.contains(*word)) {
        if !openers.contains(&words[at - 1].as_str()) || words.get(at + 1).is_some_and(|next| next == ".") {
            continue;
        }
        let next = words.get(at + 1).map(String::as_str);
        let alias = if next == Some("as") { words.get(at + 2) } else { words.get(at + 1) };
        let alias = alias.filter(|alias| is_name(alias) && !closers.contains(&alias.as_str()));
        found.push(alias.unwrap_or(word).clone());
    }
    found
}

fn is_name(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// The words and signs of a statement, in lower case.
fn words(sql: &str) -> Vec<String> {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize().unwrap_or_default();
    let tokens = tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_)));
    tokens.map(|token| token.to_string().to_lowercase()).collect()
}

#[track_caller]
fn check(sql: &str, expected: &[&str]) {
    let tables = ["student", "enrolment"].map(str::to_owned).into();
    assert_eq!(untied(sql, &tables), expected);
}

#[test]
fn one_table_needs_one_predicate() {
    check("select id from student where school_id = $1", &[]);
    check("select id from student where id = $2", &["student"]);
    check("update student set name = $3 where school_id = $1 and id = $2", &[]);
    check("insert into student (school_id, id) values ($1, $2)", &[]);
}

#[test]
fn two_tables_need_two() {
    check("select 1 from student s join enrolment e on e.student_id = s.id where s.school_id = $1", &["e"]);
    let tied =
        "select 1 from student s join enrolment e on e.school_id = s.school_id and e.student_id = s.id";
    check(&format!("{tied} where s.school_id = $1"), &[]);
    let inner = "select 1 from student s where s.school_id = $1 and exists (select 1 from enrolment where student_id = s.id)";
    check(inner, &["enrolment"]);
}
