//! Statements: literals that name their school, or the few global ones inside this crate.

/// One statement's text. Made by [`sql!`](crate::sql) only, or inside `db` for global tables.
#[derive(Debug, Clone, Copy)]
pub struct Sql(&'static str);

impl Sql {
    /// The text as written.
    pub const fn text(self) -> &'static str {
        self.0
    }

    /// What the macros call once the text was looked at.
    #[doc(hidden)]
    pub const fn looked_at(text: &'static str) -> Sql {
        Sql(text)
    }
}

/// A statement on a school's tables.
///
/// The text is a literal that carries `school_id = $1`, or inserts `(school_id, …` first; anything else does
/// not compile. The transaction binds `$1`; the caller's arguments begin at `$2`.
///
/// ```
/// let statement = kehou_db::sql!("select id from student where school_id = $1 and id = $2");
/// assert!(statement.text().starts_with("select"));
/// ```
///
/// ```compile_fail
/// let leak = kehou_db::sql!("select id from student where id = $2");
/// ```
#[macro_export]
macro_rules! sql {
    ($text:literal) => {{
        const STATEMENT: $crate::Sql = {
            assert!($crate::names_its_school($text), "the statement does not name its school");
            $crate::Sql::looked_at($text)
        };
        STATEMENT
    }};
}

/// A statement on global tables; for this crate alone.
macro_rules! global_sql {
    ($text:literal) => {{
        const STATEMENT: $crate::Sql = $crate::Sql::looked_at($text);
        STATEMENT
    }};
}
pub(crate) use global_sql;

/// Whether the text names its school: the predicate, or the first column of an insert.
#[doc(hidden)]
pub const fn names_its_school(text: &str) -> bool {
    contains(text, "school_id = $1") || (contains(text, "insert into") && contains(text, "(school_id,"))
}

const fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let mut start = 0;
    while start + part.len() <= text.len() {
        let mut matched = 0;
        while matched < part.len() && text[start + matched] == part[matched] {
            matched += 1;
        }
        if matched == part.len() {
            return true;
        }
        start += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::names_its_school;

    #[test]
    fn a_statement_must_name_its_school() {
        assert!(names_its_school("select 1 from student where school_id = $1"));
        assert!(names_its_school("insert into student (school_id, id) values ($1, $2)"));
        assert!(!names_its_school("select 1 from student where id = $2"));
        assert!(!names_its_school("insert into student (id) values ($2)"));
    }
}
