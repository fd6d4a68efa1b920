//! The tables: the school leads every key of a school's table, and columns are whole numbers or text.

use std::collections::BTreeSet;

use sqlparser::ast::{ColumnOption, CreateTable, DataType, IndexColumn, Statement, TableConstraint};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use crate::tree::{files_in, none};

const SCHOOL: &str = "school_id";

/// Tables that name a school without belonging to one: they are read before a school is known.
const ACROSS_SCHOOLS: &[&str] = &[];

/// The tables that belong to one school.
pub(crate) fn school_tables() -> BTreeSet<String> {
    tables()
        .into_iter()
        .map(|(_, table)| table)
        .filter(belongs_to_school)
        .map(|t| t.name.to_string())
        .collect()
}

#[test]
fn columns_are_whole_numbers_or_text() {
    let mut findings = Vec::new();
    for (path, table) in tables() {
        for column in &table.columns {
            if !matches!(column.data_type, DataType::BigInt(None) | DataType::Text) {
                findings.push(format!("{path}: {}.{} is {}", table.name, column.name, column.data_type));
            }
        }
    }
    none(&findings);
}

#[test]
fn the_school_comes_first_and_is_never_missing() {
    let mut findings = Vec::new();
    for (path, table) in school_only() {
        let first = &table.columns[0];
        let never_null = first.options.iter().any(|option| option.option == ColumnOption::NotNull);
        if first.name.value != SCHOOL || !never_null {
            findings.push(format!("{path}: {} must begin with {SCHOOL} bigint not null", table.name));
        }
    }
    none(&findings);
}

#[test]
fn the_school_leads_every_key() {
    let mut findings = Vec::new();
    for (path, table) in school_only() {
        let keys: Vec<String> = table.constraints.iter().filter_map(first_of_key).collect();
        let inline = table.columns.iter().flat_map(|column| &column.options);
        let alone = inline
            .filter(|option| matches!(option.option, ColumnOption::Unique(_) | ColumnOption::PrimaryKey(_)))
            .count();
        if alone > 0 || keys.is_empty() || keys.iter().any(|first| first != SCHOOL) {
            findings.push(format!("{path}: a key of {} does not begin with {SCHOOL}", table.name));
        }
    }
    none(&findings);
}

#[test]
fn no_row_points_into_another_school() {
    let mut findings = Vec::new();
    let schools = school_tables();
    for (path, table) in school_only() {
        for constraint in &table.constraints {
            let TableConstraint::ForeignKey(key) = constraint else { continue };
            let to = key.foreign_table.to_string();
            if schools.contains(&to) && key.columns.first().is_none_or(|column| column.value != SCHOOL) {
                findings.push(format!("{path}: {} points to {to} without {SCHOOL}", table.name));
            }
        }
        for option in table.columns.iter().flat_map(|column| &column.options) {
            let ColumnOption::ForeignKey(key) = &option.option else { continue };
            if schools.contains(&key.foreign_table.to_string()) {
                findings
                    .push(format!("{path}: {} points to {} by one column", table.name, key.foreign_table));
            }
        }
    }
    none(&findings);
}

#[test]
fn unique_indexes_of_a_school_begin_with_it() {
    let schools = school_tables();
    let mut findings = Vec::new();
    for (path, statement) in statements() {
        let Statement::CreateIndex(index) = statement else { continue };
        let first = index.columns.first().map(name_of);
        let table = index.table_name.to_string();
        if index.unique && schools.contains(&table) && first.as_deref() != Some(SCHOOL) {
            findings.push(format!("{path}: a unique index of {table} does not begin with {SCHOOL}"));
        }
    }
    none(&findings);
}

fn belongs_to_school(table: &CreateTable) -> bool {
    let named = table.columns.iter().any(|column| column.name.value == SCHOOL);
    named && !ACROSS_SCHOOLS.contains(&table.name.to_string().as_str())
}

fn school_only() -> Vec<(String, CreateTable)> {
    tables().into_iter().filter(|(_, table)| belongs_to_school(table)).collect()
}

fn tables() -> Vec<(String, CreateTable)> {
    let mut tables = Vec::new();
    for (path, statement) in statements() {
        if let Statement::CreateTable(table) = statement {
            tables.push((path, table));
        }
    }
    tables
}

/// The statements for both engines; `.pg.sql` files hold what only PostgreSQL has.
fn statements() -> Vec<(String, Statement)> {
    let files = files_in("crates/db/migrations", ".sql").into_iter();
    files
        .filter(|file| !file.path.ends_with(".pg.sql"))
        .flat_map(|file| {
            let read = Parser::parse_sql(&PostgreSqlDialect {}, &file.text);
            let read = read.unwrap_or_else(|fault| panic!("{}: {fault}", file.path));
            read.into_iter().map(move |statement| (file.path.clone(), statement))
        })
        .collect()
}

/// The first column of a primary or unique key.
fn first_of_key(constraint: &TableConstraint) -> Option<String> {
    let columns = if let TableConstraint::PrimaryKey(key) = constraint {
        &key.columns
    } else if let TableConstraint::Unique(key) = constraint {
        &key.columns
    } else {
        return None;
    };
    columns.first().map(name_of)
}

fn name_of(column: &IndexColumn) -> String {
    column.column.expr.to_string()
}
