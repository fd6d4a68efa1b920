//! How much people may type: enough for every real name and account, little enough for a list that is read at the gate.

/// The longest name of a person, in characters.
pub const LONGEST_NAME: usize = 40;

/// The longest word for what somebody is to a child (奶奶, 邻居), in characters.
pub const LONGEST_RELATION: usize = 20;

/// The longest name of a place (北门, 教学楼一楼大厅), in characters.
pub const LONGEST_PLACE: usize = 50;

/// The longest note of what happened or was agreed, in characters.
pub const LONGEST_NOTE: usize = 500;

/// The fewest letters of a reason that others have to go by.
const FEWEST_LETTERS: usize = 2;

/// Whether a text says something in words: signs, digits and pictures alone do not.
pub fn is_in_words(text: &str) -> bool {
    FEWEST_LETTERS <= text.chars().filter(|sign| sign.is_alphabetic()).count()
}

/// Whether a text has more characters than this, blanks around it aside.
pub fn is_longer(text: &str, most: usize) -> bool {
    most < text.trim().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_letters_or_characters_of_a_script() {
        for (text, expected) in [
            ("", false),
            ("😀", false),
            ("……！？ 123", false),
            ("好", false),
            ("都问", true),
            ("ok", true),
            ("家长都来过电话😀", true),
        ] {
            assert_eq!(is_in_words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_is_measured_in_characters_without_the_blanks_around_it() {
        for (text, most, expected) in
            [("", 0, false), ("奶奶", 2, false), ("老奶奶", 2, true), (" 奶奶 ", 2, false)]
        {
            assert_eq!(is_longer(text, most), expected, "{text}");
        }
    }
}
