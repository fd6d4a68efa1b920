//! The words that a school starts from: a default agreement, a default pledge and a default letter.
//!
//! They say in Kehou's own words what the sources' papers say (F7, F8, D10, M1, M4). A school edits them and
//! keeps its own versions; families are shown the school's words unchanged.

use kehou_domain::enrolment::agreement::{Clause, Kind, Side, Wording};
use kehou_domain::enrolment::notice::Item;

use super::letters::{Draft, LetterKind};

/// The language of a default text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    Chinese,
    /// English, for schools that want a second text beside the Chinese one.
    English,
}

/// Head, words in Chinese, head and words in English, and whom the clause binds.
type Bilingual = (&'static str, &'static str, &'static str, &'static str, Side);

/// F7: the school's six duties. F8: the family's six duties and rights.
const AGREEMENT: [Bilingual; 12] = [
    (
        "提供服务",
        "学校为自愿参加的学生提供课后服务，并负责服务期间的组织和管理。",
        "Service",
        "The school provides the after-school service to children who join of their own will, and runs and supervises it.",
        Side::School,
    ),
    (
        "设施安全",
        "学校保证服务所用的教室、场地、设施和器材安全。",
        "Safe places",
        "The school keeps the rooms, grounds and equipment in use safe.",
        Side::School,
    ),
    (
        "告知风险",
        "学校把课后服务可能带来的风险事先讲清楚，并作提示和警示。",
        "Risks told",
        "The school explains the risks of the service beforehand, points them out and warns of them.",
        Side::School,
    ),
    (
        "不上新课",
        "学校不把课后服务变成集体教学或补课，不组织有较大安全风险的活动。",
        "No lessons",
        "The school gives no class teaching or remedial lessons in the service and runs no risky activities.",
        Side::School,
    ),
    (
        "培训人员",
        "学校对参与服务的人员进行培训和管理。",
        "Trained staff",
        "The school trains and supervises everyone who serves.",
        Side::School,
    ),
    (
        "可以解除",
        "家长或学生不履行本协议的，学校说明理由并提前通知后，可以解除服务。",
        "School may end",
        "If the agreement is not kept, the school may end the service, with a reason and with notice.",
        Side::School,
    ),
    (
        "自愿同意",
        "家长同意，学生也愿意参加课后服务。",
        "Own will",
        "The guardian agrees and the child wants to take part.",
        Side::Family,
    ),
    (
        "遵守协议",
        "家长履行本协议的各项约定。",
        "Keep it",
        "The guardian keeps what is agreed here.",
        Side::Family,
    ),
    (
        "接送安全",
        "接送途中的安全由家长负责。",
        "The way",
        "The guardian is responsible for safety on the way to and from school.",
        Side::Family,
    ),
    (
        "教育孩子",
        "家长教育孩子听从学校的管理。",
        "Teach the child",
        "The guardian teaches the child to follow the school's rules.",
        Side::Family,
    ),
    (
        "支持配合",
        "家长支持、配合学校开展课后服务活动。",
        "Support",
        "The guardian supports the school in running the service.",
        Side::Family,
    ),
    (
        "随时退出",
        "家长对服务不满意的，随时可以退出，不需要学校同意。",
        "Free to leave",
        "A guardian who is not content may leave at any time; the school need not agree.",
        Side::Family,
    ),
];

/// S0's seven promises: D10 in the second, F8a's punctual collecting in the fifth, H11 in the sixth.
const PLEDGE: [Bilingual; 7] = [
    (
        "自愿参加",
        "本人和孩子都是自愿参加学校的课后服务。",
        "Own will",
        "The child and I join the school's after-school service of our own will.",
        Side::Family,
    ),
    (
        "了解安排",
        "时间、课程、人员、学生、接送这五项安排，本人和孩子都已了解并同意。",
        "Arrangements",
        "The child and I know and accept the five arrangements: time, courses, staff, pupils and pick-up.",
        Side::Family,
    ),
    (
        "遵守纪律",
        "服务期间遵守管理要求、纪律和安全规定，不影响他人的秩序和安全。",
        "Discipline",
        "We follow the rules of order and safety during the service and disturb nobody's.",
        Side::Family,
    ),
    (
        "不来先说",
        "当天不参加的，事先书面告诉班主任；在本系统请假就是书面。",
        "Tell first",
        "If the child does not come on a day, I tell the homeroom teacher in writing beforehand; leave asked for in this system is in writing.",
        Side::Family,
    ),
    (
        "按时来接",
        "本人，或本人委托的有完全民事行为能力的固定亲属，当天按时到校接孩子，不提前也不推迟；没有做到的，后果由本人承担。",
        "On time",
        "I, or a fixed adult relative whom I name, collect the child on time that day, neither early nor late; if not, I bear the consequences.",
        Side::Family,
    ),
    (
        "配合保安",
        "接送时听从安排，配合保安人员的工作。",
        "At the gate",
        "At the gate we follow the arrangements and help the guards do their work.",
        Side::Family,
    ),
    (
        "离校之后",
        "服务结束、孩子离校以后，孩子的安全由法定监护人负责。",
        "After leaving",
        "Once the service has ended and the child has left the school, the legal guardian is responsible for the child's safety.",
        Side::Family,
    ),
];

/// The default words of a paper.
pub fn wording(kind: Kind, language: Language) -> Wording {
    let (clauses, texts): (&[Bilingual], [&str; 4]) = match kind {
        Kind::ServiceAgreement => (
            &AGREEMENT,
            [
                "课后服务委托协议",
                "Agreement on the after-school service",
                "家长自愿把孩子委托给学校参加课后服务。双方约定如下：",
                "The guardian entrusts the child to the school's after-school service. Both sides agree:",
            ],
        ),
        Kind::SafetyPledge => (
            &PLEDGE,
            [
                "课后服务安全承诺书",
                "Safety pledge for the after-school service",
                "本人已了解并同意学校课后服务的项目和要求，承诺如下：",
                "I know and accept what the service offers and asks, and promise:",
            ],
        ),
    };
    let [title, title_en, preamble, preamble_en] = texts;
    let in_chinese = language == Language::Chinese;
    let pick = |chinese: &str, english: &str| if in_chinese { chinese } else { english }.to_owned();
    let clause = |clause: &Bilingual| {
        let (head, text, head_en, text_en, side) = *clause;
        Clause { head: pick(head, head_en), text: pick(text, text_en), side }
    };
    Wording {
        kind,
        version: 0,
        title: pick(title, title_en),
        preamble: pick(preamble, preamble_en),
        clauses: clauses.iter().map(clause).collect(),
    }
}

/// The default letter to families (M1, M4); the office fills in what only the school knows.
pub fn letter() -> Draft {
    let told = |item: Item| {
        let text = match item {
            Item::Time => "各年级的服务时间和放学时间见学校方案，按作息季节执行；节假日和寒暑假不开展。",
            Item::Content => "自主作业、课外阅读、体育锻炼、兴趣活动、劳动实践等，不上新课，不集体补课。",
            Item::Manner => "家长自愿申请，学校按方案审核后统筹安排；愿意参加的都能参加，随时可以退出。",
            Item::Arrangement => "由本校教师带班，值班领导巡查；学生名单和分组在开始前告诉家长。",
            Item::Safety => "点名、交接、门卫登记逐项留痕；没到的孩子立刻联系家长；有应急预案。",
            Item::Fee => "按省、市文件执行；没有公示的一律不收。",
            Item::Spending => "经费专款专用，收支定期公开。",
            Item::Risk => {
                "活动中可能有磕碰、摔倒等意外；接送途中有交通风险。请提醒孩子听从老师安排，按时接送；\
                 有过敏或特殊情况，请事先告诉班主任。"
            }
        };
        (item, text.to_owned())
    };
    Draft {
        kind: LetterKind::Letter,
        title: "课后服务致家长的一封信".to_owned(),
        opening:
            "尊敬的家长：为帮助按时接孩子有困难的家庭，学校开展课后服务。请先读完下面各项，再决定是否申请。"
                .to_owned(),
        items: Item::ALL.into_iter().map(told).collect(),
        closing: "参加与否完全自愿，不参加不影响孩子在校的任何事情。".to_owned(),
    }
}
