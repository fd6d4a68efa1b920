//! Consent per purpose, apart from the service agreement.

/// What a child's or guardian's data is used for; each is asked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// 组织课后服务: roster, roll call, groups, hand-over. The service can't be given without it.
    RunService,
    /// 紧急联系: calling the guardian when a child is missing or hurt. The service can't be given without it.
    UrgentContact,
    /// 健康提示: allergies and the like, told to the carers.
    HealthNotes,
    /// 门口照片: the child's picture on the gate's screen.
    GatePicture,
    /// 活动照片: pictures and works shown inside the school.
    WorksAndPictures,
}

impl Purpose {
    /// Every purpose, required ones first.
    pub const ALL: [Purpose; 5] = [
        Purpose::RunService,
        Purpose::UrgentContact,
        Purpose::HealthNotes,
        Purpose::GatePicture,
        Purpose::WorksAndPictures,
    ];

    /// The purpose's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Purpose::RunService => "run_service",
            Purpose::UrgentContact => "urgent_contact",
            Purpose::HealthNotes => "health_notes",
            Purpose::GatePicture => "gate_picture",
            Purpose::WorksAndPictures => "works_and_pictures",
        }
    }

    /// The purpose of this word.
    pub fn parse(word: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.word() == word)
    }

    /// Whether the service can't be given without it.
    pub const fn is_required(self) -> bool {
        match self {
            Purpose::RunService | Purpose::UrgentContact => true,
            Purpose::HealthNotes | Purpose::GatePicture | Purpose::WorksAndPictures => false,
        }
    }
}

/// A guardian's latest answer to one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// What it is about.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// The version of the privacy notice that the guardian had before them.
    pub notice_version: i64,
}

/// The first required purpose without a yes, given the earliest notice version whose answers still hold.
///
/// Optional purposes are never looked at: refusing one blocks nothing.
pub fn missing(answers: &[Answer], valid_since_version: i64) -> Option<Purpose> {
    Purpose::ALL.into_iter().filter(|purpose| purpose.is_required()).find(|purpose| {
        !answers.iter().any(|answer| {
            answer.purpose == *purpose && answer.given && valid_since_version <= answer.notice_version
        })
    })
}
