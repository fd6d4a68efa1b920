//! What a school decides about the mechanism, announced before the wishes open.

/// The settings of one allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// Whether a child may have a title more than once a week.
    pub titles: Titles,
    /// What becomes of offerings below their minimum.
    pub closing: Closing,
}

/// Whether a child may have offerings of one title on several days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Titles {
    /// At most one offering of a title a week.
    #[default]
    Once,
    /// As often as it is offered. The mechanism is stable for certain only then.
    Repeat,
}

/// What becomes of offerings that too few children would come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Closing {
    /// Every offering opens, however few come.
    Never,
    /// They close one at a time, and stay closed.
    ForGood,
    /// They close one at a time; at the end each may open again once, if enough would come and nothing else closes.
    #[default]
    Reopening,
}
