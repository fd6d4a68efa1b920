//! What a letter to families must tell before anybody signs up (M1).

/// One thing that families must be told before sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// 服务时间.
    Time,
    /// 服务内容.
    Content,
    /// 服务方式.
    Manner,
    /// 安全措施.
    Safety,
    /// 收费.
    Fee,
    /// 人员与学生活动安排 (S3).
    Arrangement,
    /// 经费使用 (S1e).
    Spending,
    /// 风险提示 (M4): told to each family.
    Risk,
}

impl Item {
    /// Every item, in the order of the letter.
    pub const ALL: [Item; 8] = [
        Item::Time,
        Item::Content,
        Item::Manner,
        Item::Arrangement,
        Item::Safety,
        Item::Fee,
        Item::Spending,
        Item::Risk,
    ];

    /// The item's word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Item::Time => "time",
            Item::Content => "content",
            Item::Manner => "manner",
            Item::Safety => "safety",
            Item::Fee => "fee",
            Item::Arrangement => "arrangement",
            Item::Spending => "spending",
            Item::Risk => "risk",
        }
    }

    /// The item of this word.
    pub fn parse(word: &str) -> Option<Item> {
        Item::ALL.into_iter().find(|item| item.word() == word)
    }

    /// Whether every letter tells it: the five of M1 and the risk notice of M4. A plan may add the others.
    pub const fn is_required(self) -> bool {
        match self {
            Item::Time | Item::Content | Item::Manner | Item::Safety | Item::Fee | Item::Risk => true,
            Item::Arrangement | Item::Spending => false,
        }
    }
}

/// The items among `required` that a letter leaves blank, in their order; none when it may be published.
pub fn blank_items(required: &[Item], told: &[(Item, String)]) -> Vec<Item> {
    let is_told = |item: &Item| told.iter().any(|(known, text)| known == item && !text.trim().is_empty());
    required.iter().copied().filter(|item| !is_told(item)).collect()
}
