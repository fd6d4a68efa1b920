//! One connection inside one transaction, of either engine.

use crate::engine::pg::PgConn;
use crate::row::{Engine, Row};
use crate::{Arg, Error, Result, Sql};

/// What a unit of work runs on.
pub(crate) enum Conn<'a> {
    Lite(&'a rusqlite::Connection),
    Pg(&'a mut PgConn),
}

/// `$1` to `$32`, since SQLite knows these as names.
const PLACES: [&str; 33] = [
    "$0", "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
    "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28", "$29", "$30",
    "$31", "$32",
];

impl Conn<'_> {
    /// Every row of the answer.
    pub(crate) fn all<T>(
        &mut self,
        sql: Sql,
        args: &[Arg],
        read: &mut dyn FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self {
            Conn::Lite(conn) => lite_all(conn, sql, args, read),
            Conn::Pg(conn) => {
                let rows = conn.query(sql, args)?;
                rows.iter().map(|row| read(&Row(Engine::Pg(row)))).collect()
            }
        }
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) fn run(&mut self, sql: Sql, args: &[Arg]) -> Result<u64> {
        match self {
            Conn::Lite(conn) => {
                let mut statement = conn.prepare_cached(sql.text())?;
                bind(&mut statement, args)?;
                Ok(statement.raw_execute()? as u64)
            }
            Conn::Pg(conn) => conn.execute(sql, args),
        }
    }

    /// Runs a statement once for each list of arguments, all after the shared first one.
    pub(crate) fn run_each(&mut self, sql: Sql, first: &Arg, lists: &[Vec<Arg>]) -> Result<u64> {
        if let Conn::Pg(conn) = self
            && let Some(touched) = conn.insert_many(sql, first, lists)?
        {
            return Ok(touched);
        }
        let mut touched = 0;
        for list in lists {
            let mut args = vec![first.clone()];
            args.extend_from_slice(list);
            touched += self.run(sql, &args)?;
        }
        Ok(touched)
    }

    /// The same connection for a borrower that gives it back.
    pub(crate) fn again(&mut self) -> Conn<'_> {
        match self {
            Conn::Lite(conn) => Conn::Lite(conn),
            Conn::Pg(conn) => Conn::Pg(conn),
        }
    }

    /// Asks PostgreSQL's worker to run the whole transaction again; SQLite's one writer never needs it.
    pub(crate) fn ask_again(&mut self, fault: Error) -> Error {
        if let Conn::Pg(conn) = self {
            conn.again = true;
        }
        fault
    }

    /// Runs words that move the transaction, such as a savepoint.
    pub(crate) fn control(&mut self, words: &str) -> Result<()> {
        match self {
            Conn::Lite(conn) => conn.execute_batch(words).map_err(Error::from),
            Conn::Pg(conn) => conn.batch(words),
        }
    }
}

fn lite_all<T>(
    conn: &rusqlite::Connection,
    sql: Sql,
    args: &[Arg],
    read: &mut dyn FnMut(&Row) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = conn.prepare_cached(sql.text())?;
    bind(&mut statement, args)?;
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(&Row(Engine::Lite(row)))?);
    }
    Ok(found)
}

/// Binds by name, because SQLite numbers `$n` in the order it meets them.
fn bind(statement: &mut rusqlite::CachedStatement<'_>, args: &[Arg]) -> Result<()> {
    for (place, arg) in args.iter().enumerate() {
        let name = PLACES.get(place + 1).ok_or_else(|| Error::Engine("too many arguments".to_owned()))?;
        let index = statement
            .parameter_index(name)?
            .ok_or_else(|| Error::Engine(format!("the statement has no {name}")))?;
        match arg {
            Arg::Int(value) => statement.raw_bind_parameter(index, value)?,
            Arg::Text(text) => statement.raw_bind_parameter(index, text)?,
            Arg::NoInt | Arg::NoText => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
        }
    }
    Ok(())
}
