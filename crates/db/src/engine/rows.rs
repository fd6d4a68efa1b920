//! Many rows in one statement, for PostgreSQL, where every statement is a trip to the server.

use std::fmt::Write as _;

/// The insert of `rows` rows that the insert of one row means, or nothing when the statement is no plain insert.
///
/// `$1`, the school, is shared; each further row takes the next places.
pub(crate) fn of_many(text: &str, width: usize, rows: usize) -> Option<String> {
    let open = text.find("values (")? + "values ".len();
    let close = open + text[open..].find(')')?;
    let row = &text[open..=close];
    if text[close..].contains('$') || !row.contains("$1") {
        return None;
    }
    let mut many = String::from(&text[..open]);
    for number in 0..rows {
        if 0 < number {
            many.push_str(", ");
        }
        write_row(&mut many, row, number * width);
    }
    many.push_str(&text[close + 1..]);
    Some(many)
}

/// One row with its places moved by `shift`; `$1` stays.
fn write_row(out: &mut String, row: &str, shift: usize) {
    let mut parts = row.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let place: usize = part[..digits].parse().unwrap_or(1);
        let place = if place == 1 { 1 } else { place + shift };
        write!(out, "${place}{}", &part[digits..]).expect("writing to a string");
    }
}

#[cfg(test)]
mod tests {
    use super::of_many;

    #[test]
    fn rows_share_the_school_and_take_the_next_places() {
        let one = "insert into t (school_id, a, b) values ($1, $2, $3) on conflict (school_id, a) do nothing";
        let two = "insert into t (school_id, a, b) values ($1, $2, $3), ($1, $4, $5) \
                   on conflict (school_id, a) do nothing";
        assert_eq!(of_many(one, 2, 2).as_deref(), Some(two));
    }

    #[test]
    fn constants_stay_in_every_row() {
        let one = "insert into t (school_id, a, n) values ($1, $2, 0)";
        let two = "insert into t (school_id, a, n) values ($1, $2, 0), ($1, $3, 0)";
        assert_eq!(of_many(one, 1, 2).as_deref(), Some(two));
    }

    #[test]
    fn other_statements_run_row_by_row() {
        assert_eq!(of_many("update t set a = $2 where school_id = $1", 1, 2), None);
        let upsert =
            "insert into t (school_id, a) values ($1, $2) on conflict (school_id) do update set a = $2";
        assert_eq!(of_many(upsert, 1, 2), None);
    }
}
