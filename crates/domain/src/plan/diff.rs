//! What changed between two versions of a plan: their lines, side by side.

/// One value of a plan file, with the way to it: `fee`, `rates`, `1`, `yuan`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The keys from the top; a list's members go by their short name, or else by their place from 1.
    pub path: Vec<String>,
    /// The value as text.
    pub value: String,
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The way to the value.
    pub path: Vec<String>,
    /// What it was; nothing when it is new.
    pub before: Option<String>,
    /// What it is; nothing when it was taken out.
    pub after: Option<String>,
}

/// What differs, in the order of the new version, and then what was taken out.
pub fn diff(before: &[Entry], after: &[Entry]) -> Vec<Change> {
    let value = |entries: &[Entry], path: &[String]| {
        entries.iter().find(|entry| entry.path == path).map(|entry| entry.value.clone())
    };
    let new = after.iter().map(|entry| Change {
        path: entry.path.clone(),
        before: value(before, &entry.path),
        after: Some(entry.value.clone()),
    });
    let gone = before.iter().filter(|entry| value(after, &entry.path).is_none()).map(|entry| Change {
        path: entry.path.clone(),
        before: Some(entry.value.clone()),
        after: None,
    });
    new.chain(gone).filter(|change| change.before != change.after).collect()
}
