//! What can be wrong with the writing of a TOML file, before anything in it has a meaning.

/// What is wrong with how a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// A bracket or quote has no partner.
    NotClosed,
    /// A key stands twice in a table.
    KeyTwice,
    /// A date or time that does not exist.
    Date,
    /// A number that is none.
    Number,
    /// A text that is not rightly quoted.
    Text,
    /// A key that is not rightly written.
    Key,
    /// A line without its equals sign.
    NoEquals,
    /// Nothing after the equals sign.
    NoValue,
    /// A list with a comma too many or too few.
    List,
    /// Anything else.
    Other,
}

/// What the reader of TOML says, told by a part of its sentence; the first that fits counts.
const SAID: &[(&str, Syntax)] = &[
    ("duplicate key", Syntax::KeyTwice),
    ("invalid date", Syntax::Date),
    ("invalid time", Syntax::Date),
    ("invalid offset", Syntax::Date),
    ("unclosed", Syntax::NotClosed),
    ("key with no value", Syntax::NoEquals),
    ("missing assignment", Syntax::NoEquals),
    ("missing value", Syntax::NoValue),
    ("key or value", Syntax::Other),
    ("key-value pair", Syntax::Other),
    ("key", Syntax::Key),
    ("string", Syntax::Text),
    ("quote", Syntax::Text),
    ("escape", Syntax::Text),
    ("unicode", Syntax::Text),
    ("digit", Syntax::Number),
    ("integer", Syntax::Number),
    ("number", Syntax::Number),
    ("float", Syntax::Number),
    ("mantissa", Syntax::Number),
    ("fraction", Syntax::Number),
    ("exponent", Syntax::Number),
    ("leading zero", Syntax::Number),
    ("sign", Syntax::Number),
    ("radix", Syntax::Number),
    ("comma", Syntax::List),
    ("array", Syntax::List),
];

impl Syntax {
    /// The kind of what the reader of TOML says of this piece of the text.
    pub(super) fn of(message: &str, piece: &str) -> Syntax {
        // where no value stands, the reader misses its quotes
        if message.contains("must be quoted") && piece.trim().is_empty() {
            return Syntax::NoValue;
        }
        SAID.iter().find(|(part, _)| message.contains(part)).map_or(Syntax::Other, |(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    /// The kind of the first thing that is wrong with the text.
    fn first(text: &str) -> Option<Syntax> {
        let (_, errors) = DeTable::parse_recoverable(text);
        let of = |error: &toml::de::Error| {
            let piece = error.span().and_then(|span| text.get(span)).unwrap_or_default();
            Syntax::of(error.message(), piece)
        };
        errors.first().map(of)
    }

    #[test]
    fn each_slip_of_the_pen_has_its_kind() {
        for (text, kind) in [
            ("[slots", Syntax::NotClosed),
            ("a = [1, 2", Syntax::NotClosed),
            ("a = 1\na = 2", Syntax::KeyTwice),
            ("a = 2026-02-30", Syntax::Date),
            ("a = 2026-13-01", Syntax::Date),
            ("a = 012", Syntax::Number),
            ("a = 1_", Syntax::Number),
            ("a = \"b", Syntax::Text),
            ("a = b", Syntax::Text),
            ("a = \"\\q\"", Syntax::Text),
            ("年 = 1", Syntax::Key),
            ("a", Syntax::NoEquals),
            ("a =", Syntax::NoValue),
            ("a = [1,, 2]", Syntax::List),
            ("a = 1 b = 2", Syntax::Other),
        ] {
            assert_eq!(first(text), Some(kind), "{text}");
        }
    }
}
