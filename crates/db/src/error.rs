//! What can go wrong below the rules.

/// A fault: not a refusal by a rule, but something missing, forbidden or broken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such row in this school, or no such membership: a stranger sees the same as nobody.
    #[error("not found")]
    NotFound,
    /// A member whose role may not do this.
    #[error("the role may not do this")]
    NotAllowed,
    /// The row is there already (SQLSTATE 23505, or a unique constraint of SQLite).
    #[error("already there")]
    Already,
    /// The row is still pointed at, or points at nothing.
    #[error("a row that something else needs, or that needs something missing")]
    Reference,
    /// The same idempotency key came with another request.
    #[error("this key was used for another request")]
    KeyReused,
    /// A row holds what no code knows: never skipped.
    #[error("column {column} holds what it may not: {found}")]
    Column {
        /// The column's place in the row, from 0.
        column: usize,
        /// What was expected there.
        found: String,
    },
    /// Sealed text that no key of the key file opens.
    #[error("sealed text cannot be opened")]
    Sealed,
    /// The commit's fate is not known: ask again with the same key.
    #[error("the connection was lost while committing")]
    Unknown,
    /// A use case panicked; its changes were rolled back.
    #[error("a use case failed unexpectedly")]
    Panicked,
    /// The store was made by a newer Kehou.
    #[error("the store is at migration {store}, this program knows up to {program}: use the newer program")]
    Newer {
        /// The store's newest migration.
        store: u32,
        /// The program's newest migration.
        program: u32,
    },
    /// The configuration cannot work; the text says what would.
    #[error("{0}")]
    Setup(String),
    /// The engine refused or is gone.
    #[error("the store failed: {0}")]
    Engine(String),
}

/// A result that can fail below the rules.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not happen: a rule said no, or something is broken.
#[derive(Debug)]
pub enum Failed<R> {
    /// A rule's answer, to be shown.
    Refused(R),
    /// A fault, handled in one place.
    Fault(Error),
}

impl<R> From<Error> for Failed<R> {
    fn from(fault: Error) -> Self {
        Failed::Fault(fault)
    }
}

impl<R> Failed<R> {
    /// The same failure with the refusal put otherwise, as a page does.
    pub fn map<S>(self, say: impl FnOnce(R) -> S) -> Failed<S> {
        match self {
            Failed::Refused(reason) => Failed::Refused(say(reason)),
            Failed::Fault(fault) => Failed::Fault(fault),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        if let rusqlite::Error::SqliteFailure(failure, _) = &error {
            match failure.extended_code {
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => return Error::Already,
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return Error::Reference,
                _ => {}
            }
        }
        Error::Engine(error.to_string())
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        match error.code().map(postgres::error::SqlState::code) {
            Some("23505") => Error::Already,
            Some("23503") => Error::Reference,
            _ => Error::Engine(chain(&error)),
        }
    }
}

/// The error with its causes: the driver's own text says only "db error".
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
