//! Money: whole fen, and lesson hours as integer hundredths.

/// An amount in fen (1 yuan = 100 fen). Never negative: a refund is its own kind of line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub u64);

/// Lesson hours (课时) in hundredths: 150 is one and a half.
///
/// Requirements J1 and J3: a lesson hour is what the plan's table says of a slot, not minutes over a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LessonHours(pub u32);

impl LessonHours {
    /// The decimal text of the hours without needless zeros: `2`, `1.5`, `0.25`.
    pub fn decimal(self) -> String {
        decimal(u64::from(self.0))
    }
}

impl Fen {
    /// The amount in yuan with two decimals: `3.50`.
    pub fn yuan(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

fn decimal(hundredths: u64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_written_without_needless_zeros() {
        for (hundredths, text) in [(200, "2"), (150, "1.5"), (25, "0.25"), (5, "0.05"), (0, "0")] {
            assert_eq!(LessonHours(hundredths).decimal(), text);
        }
    }

    #[test]
    fn yuan_have_two_decimals() {
        assert_eq!(Fen(350).yuan(), "3.50");
        assert_eq!(Fen(5).yuan(), "0.05");
    }
}
