//! Hardship and priority groups (B4): decided by the school, seen by the reviewing roles alone.

/// Why a child has priority or pays less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// 留守儿童: the parents work elsewhere.
    LeftBehind,
    /// 随迁子女: came along with parents who work here.
    Migrant,
    /// 残疾: child with a disability.
    Disabled,
    /// 建档立卡, 低保 or another recognised hardship.
    Hardship,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Flag; 4] = [Flag::LeftBehind, Flag::Migrant, Flag::Disabled, Flag::Hardship];

    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Flag::LeftBehind => "left_behind",
            Flag::Migrant => "migrant",
            Flag::Disabled => "disabled",
            Flag::Hardship => "hardship",
        }
    }

    /// The flag of this word.
    pub fn parse(word: &str) -> Option<Flag> {
        Flag::ALL.into_iter().find(|flag| flag.word() == word)
    }
}
