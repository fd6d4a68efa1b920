//! What SQLite's planner is told about the size of the tables.
//!
//! Without figures it takes ten rows for each school, and a join over a school's children then walks all of them for
//! each one. Figures measured on a store would change its plans from day to day and from school to school; these are
//! the same everywhere, so a statement that is quick in a test is quick in a district.

use rusqlite::Connection;

use crate::Result;

/// Rows of a table in a large store.
const TABLE: u32 = 200_000;
/// Rows of a table for one school.
const SCHOOL: u32 = 20_000;
/// Rows that share one value of the first columns of an index: of none but the school, of one more, and so on.
const OF_SCHOOL: [u32; 4] = [SCHOOL, 50, 10, 5];
/// The same for a table that belongs to no school.
const OF_ALL: [u32; 3] = [50, 10, 5];
/// Columns of which a school has few values, so that each of them is shared by a great part of its rows.
const COARSE: [&str; 9] =
    ["day", "from_on", "held_on", "kind", "opens_on", "slot_id", "status", "term_id", "to_on"];
/// Of the rows that a coarse column is asked of, one in so many has its value.
const COARSE_VALUES: u32 = 10;

/// An index by its table and columns.
struct Index {
    table: String,
    name: String,
    unique: bool,
    columns: Vec<String>,
}

/// Writes the figures for every index there is, in place of those that were there.
pub(crate) fn tell(conn: &Connection) -> Result<()> {
    conn.execute_batch("analyze sqlite_schema; delete from sqlite_stat1;")?;
    for index in indexes(conn)? {
        conn.execute(
            "insert into sqlite_stat1 (tbl, idx, stat) values (?1, ?2, ?3)",
            (&index.table, &index.name, index.figures()),
        )?;
    }
    Ok(())
}

fn indexes(conn: &Connection) -> Result<Vec<Index>> {
    let mut listed = conn.prepare(
        "select t.name, i.name, i.\"unique\" from sqlite_schema t join pragma_index_list(t.name) i
         where t.type = 'table' and t.name not like 'sqlite_%' order by t.name, i.name",
    )?;
    let mut columns = conn.prepare("select coalesce(name, '') from pragma_index_info(?1) order by seqno")?;
    let rows = listed.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?)))?;
    rows.map(|row| {
        let (table, name, unique) = row?;
        let columns = columns.query_map([&name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Index { table, name, unique, columns })
    })
    .collect()
}

impl Index {
    /// Rows of the table, then rows for one value of the first column, of the first two, and so on.
    fn figures(&self) -> String {
        let of_school =
            self.columns.first().is_some_and(|column| column == "school_id" || column == "school");
        let steps: &[u32] = if of_school { &OF_SCHOOL } else { &OF_ALL };
        let (mut rows, mut figures) = (TABLE, vec![TABLE]);
        for (place, column) in self.columns.iter().enumerate() {
            let few = steps[place.min(steps.len() - 1)];
            rows = match column.as_str() {
                _ if self.unique && place + 1 == self.columns.len() => 1,
                coarse if COARSE.contains(&coarse) => (rows / COARSE_VALUES).max(few),
                _ => rows.min(few),
            };
            figures.push(rows);
        }
        let figures: Vec<String> = figures.iter().map(u32::to_string).collect();
        figures.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_key_names_one_row_and_a_school_many() {
        let index = |unique, columns: &[&str]| Index {
            table: String::new(),
            name: String::new(),
            unique,
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
        };
        assert_eq!(index(true, &["school_id", "id"]).figures(), "200000 20000 1");
        assert_eq!(index(false, &["school_id", "a", "b", "c", "d"]).figures(), "200000 20000 50 10 5 5");
        assert_eq!(index(true, &["account_id", "key"]).figures(), "200000 50 1");
    }

    #[test]
    fn a_day_is_shared_by_many_rows_and_a_child_by_few() {
        let columns = ["school_id", "day", "student_id"].map(str::to_owned).to_vec();
        let index = Index { table: String::new(), name: String::new(), unique: false, columns };
        assert_eq!(index.figures(), "200000 20000 2000 10");
    }
}
