//! Seals every personal column again with the current key, after the key was rotated.
//!
//! Every column whose name ends in `_sealed` is under a field key, except the personal facts of events, which
//! are under the keys of persons. Interrupted, it can be run again: what is sealed anew is left alone.

use crate::engine::{lite, pg};
use crate::{Keys, PgConfig, Place, Result};

/// Seals again what an older key sealed, and says how many values that were.
pub fn reseal(place: &Place, keys: &Keys) -> Result<u64> {
    match place {
        Place::File(path) => reseal_lite(&mut lite::connect(path)?, keys),
        Place::Postgres(config) => reseal_pg(config, keys),
    }
}

/// The value sealed anew, or nothing when the current key sealed it.
fn anew(keys: &Keys, sealed: &str) -> Result<Option<String>> {
    if sealed.starts_with(&format!("{}:", keys.current())) {
        return Ok(None);
    }
    keys.unseal(sealed).map(|plain| Some(keys.seal(&plain)))
}

fn reseal_lite(conn: &mut rusqlite::Connection, keys: &Keys) -> Result<u64> {
    let tx = conn.transaction()?;
    let mut touched = 0;
    let sql = "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c
               where t.type = 'table' and c.name like '%\\_sealed' escape '\\' and t.name <> 'event'";
    let columns: Vec<(String, String)> = tx
        .prepare(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (table, column) in columns {
        let sql = format!("select rowid, {column} from {table} where {column} is not null");
        let rows: Vec<(i64, String)> = tx
            .prepare(&sql)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (row, sealed) in rows {
            if let Some(anew) = anew(keys, &sealed)? {
                touched +=
                    tx.execute(&format!("update {table} set {column} = ?2 where rowid = ?1"), (row, anew))?;
            }
        }
    }
    tx.commit()?;
    Ok(touched as u64)
}

fn reseal_pg(config: &PgConfig, keys: &Keys) -> Result<u64> {
    let mut client = pg::client(config)?;
    let sql = "select c.table_name, c.column_name,
                 exists (select 1 from information_schema.columns s where s.table_schema = 'public'
                         and s.table_name = c.table_name and s.column_name = 'school_id')
               from information_schema.columns c
               where c.table_schema = 'public' and c.column_name like '%\\_sealed' and c.table_name <> 'event'";
    let columns = client.query(sql, &[])?;
    let schools = client.query("select id from school order by id", &[])?;
    let mut touched = 0;
    for column in &columns {
        let (table, name): (String, String) = (column.get(0), column.get(1));
        if column.get(2) {
            for school in &schools {
                touched += reseal_column(&mut client, keys, (&table, &name), Some(school.get(0)))?;
            }
        } else {
            touched += reseal_column(&mut client, keys, (&table, &name), None)?;
        }
    }
    Ok(touched)
}

/// One column of one school, in one transaction.
fn reseal_column(
    client: &mut postgres::Client,
    keys: &Keys,
    at: (&str, &str),
    school: Option<i64>,
) -> Result<u64> {
    let (table, column) = at;
    let mut tx = client.transaction()?;
    let mut of_school = String::new();
    if let Some(school) = school {
        tx.batch_execute(&format!("select set_config('app.school', '{school}', true)"))?;
        of_school = format!("and school_id = {school}");
    }
    let sql =
        format!("select ctid::text, {column} from {table} where {column} is not null {of_school} for update");
    let rows = tx.query(&sql, &[])?;
    let update = tx.prepare_typed(
        &format!("update {table} set {column} = $2 where ctid = ($1::text)::tid {of_school}"),
        &[postgres::types::Type::TEXT, postgres::types::Type::TEXT],
    )?;
    let mut touched = 0;
    for row in &rows {
        let (place, sealed): (String, String) = (row.get(0), row.get(1));
        if let Some(anew) = anew(keys, &sealed)? {
            touched += tx.execute(&update, &[&place, &anew])?;
        }
    }
    tx.commit()?;
    Ok(touched)
}
