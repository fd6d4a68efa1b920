//! Words in an offering that a reviewer must look at: the prohibitions in the texts, marked where they stand (D8, R2,
//! R3, R4, R9, R11). A flag never decides.

use super::{Details, charges, most};
use crate::plan::{Banned, Plan};

/// What a word may point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Concern {
    /// A kind that plans and notices forbid.
    Banned(Banned),
    /// A charge where the plan lets nothing be charged (R4).
    Charge,
}

/// The text in which a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The title.
    Title,
    /// The description.
    Description,
    /// What to bring.
    Materials,
}

/// Something for the reviewer to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flag {
    /// A word of the prohibitions.
    Wording {
        /// What it may point at.
        concern: Concern,
        /// Where it stands.
        part: Part,
        /// The very words, as they stand there.
        found: String,
        /// Whether this school's plan forbids it by name, and not the notices alone.
        by_plan: bool,
    },
    /// More seats than the plan lets such a group have in principle (E4).
    AboveMost(u16),
}

/// A piece of a text: with a concern when the words point at one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The words as they stand.
    pub text: &'a str,
    /// What they may point at.
    pub concern: Option<Concern>,
}

/// What each prohibition sounds like. Kept short and literal: the reviewer reads the text, the list only points.
const WORDS: &[(Concern, &[&str])] = &[
    (
        Concern::Banned(Banned::GroupTeaching),
        &["集体教学", "学科教学", "学科类", "语文课", "数学课", "英语课", "物理课", "化学课", "集体辅导"],
    ),
    (
        Concern::Banned(Banned::NewLessons),
        &["新课", "授新", "讲授", "预习", "超前", "提前学", "教学进度", "同步教学", "同步课"],
    ),
    (
        Concern::Banned(Banned::RemedialClass),
        &["补课", "补习", "培优", "提优", "补差", "辅导班", "提高班", "尖子班", "衔接班", "cram"],
    ),
    (
        Concern::Banned(Banned::ExamDrill),
        &[
            "刷题",
            "真题",
            "试卷",
            "模拟考",
            "模拟卷",
            "应试",
            "考试",
            "押题",
            "中考",
            "高考",
            "小升初",
            "月考",
            "题海",
            "测验",
            "考点",
            "exam",
        ],
    ),
    (
        Concern::Banned(Banned::CompetitionTraining),
        &["奥数", "奥赛", "奥林匹克", "竞赛", "杯赛", "集训", "培训", "考级", "olympiad", "competition"],
    ),
    (Concern::Banned(Banned::InterestClass), &["兴趣班"]),
    (
        Concern::Banned(Banned::ExtraHomework),
        &["书面作业", "额外作业", "加作业", "布置作业", "家庭作业", "课后练习", "练习册"],
    ),
    (
        Concern::Banned(Banned::HighRisk),
        &[
            "游泳", "攀岩", "滑冰", "滑雪", "轮滑", "滑板", "蹦床", "射箭", "骑马", "马术", "拳击", "散打",
            "跑酷", "野外", "露营", "漂流", "烟花", "明火", "电焊",
        ],
    ),
    (
        Concern::Banned(Banned::Commerce),
        &["广告", "推销", "代购", "售卖", "购买", "会员", "优惠", "折扣", "试听", "体验课", "加盟", "机构"],
    ),
    (Concern::Charge, &["收费", "缴费", "交费", "自费", "押金", "报名费", "材料费", "元/"]),
];

impl Concern {
    /// The concern's word in the store and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Concern::Banned(banned) => banned.word(),
            Concern::Charge => "charge",
        }
    }

    /// The concern of this word.
    pub fn parse(word: &str) -> Option<Concern> {
        match word {
            "charge" => Some(Concern::Charge),
            other => Banned::parse(other).map(Concern::Banned),
        }
    }

    /// Whether it concerns this plan: an interest class is forbidden only where a plan says so (R11), a charge only
    /// where nothing may be charged (R4), all else everywhere.
    fn holds(self, plan: &Plan) -> bool {
        match self {
            Concern::Banned(Banned::InterestClass) => self.is_by_plan(plan),
            Concern::Charge => !charges(plan),
            Concern::Banned(_) => true,
        }
    }

    /// Whether the plan itself forbids it.
    fn is_by_plan(self, plan: &Plan) -> bool {
        match self {
            Concern::Banned(banned) => plan.banned.contains(&banned),
            Concern::Charge => true,
        }
    }
}

impl Part {
    /// Every text that is read.
    pub const ALL: [Part; 3] = [Part::Title, Part::Description, Part::Materials];

    /// The part's word in the store and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Part::Title => "title",
            Part::Description => "description",
            Part::Materials => "materials",
        }
    }

    /// The part of this word.
    pub fn parse(word: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.word() == word)
    }

    /// Its text.
    pub fn of(self, details: &Details) -> &str {
        match self {
            Part::Title => &details.title,
            Part::Description => &details.description,
            Part::Materials => &details.materials,
        }
    }
}

/// What the reviewer is shown: every word once for each text, then the size.
pub fn flags(plan: &Plan, details: &Details) -> Vec<Flag> {
    let mut flags = Vec::new();
    for part in Part::ALL {
        for piece in mark(plan, part.of(details)) {
            let Some(concern) = piece.concern else { continue };
            let (found, by_plan) = (piece.text.to_owned(), concern.is_by_plan(plan));
            let flag = Flag::Wording { concern, part, found, by_plan };
            if !flags.contains(&flag) {
                flags.push(flag);
            }
        }
    }
    let most = most(plan, details.kind, &details.meetings);
    let above = most.filter(|(most, in_principle)| *in_principle && *most < details.capacity);
    flags.extend(above.map(|(most, _)| Flag::AboveMost(most)));
    flags
}

/// The text in pieces, marked where words of the prohibitions stand. Blanks between the letters hide nothing.
pub fn mark<'a>(plan: &Plan, text: &'a str) -> Vec<Piece<'a>> {
    let letters: Vec<(usize, char)> =
        text.char_indices().filter(|(_, letter)| !letter.is_whitespace()).collect();
    let (mut pieces, mut done, mut at) = (Vec::new(), 0, 0);
    while at < letters.len() {
        let Some((concern, long)) = longest_at(plan, &letters[at..]) else {
            at += 1;
            continue;
        };
        let (from, (last, letter)) = (letters[at].0, letters[at + long - 1]);
        let to = last + letter.len_utf8();
        if done < from {
            pieces.push(Piece { text: &text[done..from], concern: None });
        }
        pieces.push(Piece { text: &text[from..to], concern: Some(concern) });
        (done, at) = (to, at + long);
    }
    if done < text.len() {
        pieces.push(Piece { text: &text[done..], concern: None });
    }
    pieces
}

/// The longest word that begins here, and how many letters it has.
fn longest_at(plan: &Plan, letters: &[(usize, char)]) -> Option<(Concern, usize)> {
    let held = WORDS.iter().filter(|(concern, _)| concern.holds(plan));
    let words = held.flat_map(|(concern, words)| words.iter().map(|word| (*concern, *word)));
    let here = words.filter(|(_, word)| begins_with(letters, word));
    here.map(|(concern, word)| (concern, word.chars().count())).max_by_key(|(_, long)| *long)
}

fn begins_with(letters: &[(usize, char)], word: &str) -> bool {
    let mut letters = letters.iter().map(|(_, letter)| letter.to_ascii_lowercase());
    word.chars().all(|wanted| letters.next() == Some(wanted))
}
