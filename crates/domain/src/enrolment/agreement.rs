//! The agreement: numbered clauses in versions, one canonical text, one hash (F4, F6, F7, F8).

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Which paper it is (F2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 课后服务委托协议: rights and duties of both sides.
    ServiceAgreement,
    /// 安全承诺书: what the guardian promises (D10).
    SafetyPledge,
}

/// Who a clause binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// 学校 (F7).
    School,
    /// 家长 (F8).
    Family,
    /// Both.
    Both,
}

/// One numbered clause, as the school worded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// A short head, one line.
    pub head: String,
    /// The wording.
    pub text: String,
    /// Whom it binds.
    pub side: Side,
}

/// One version of a paper's wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Which paper.
    pub kind: Kind,
    /// Counted from 1 within the kind.
    pub version: i64,
    /// The title.
    pub title: String,
    /// What stands before the clauses.
    pub preamble: String,
    /// The clauses, numbered by their place from 1.
    pub clauses: Vec<Clause>,
}

/// Between whom and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parties {
    /// The school's name.
    pub school: String,
    /// The child's name.
    pub student: String,
    /// The child's class in words.
    pub class: String,
    /// The guardian's name.
    pub guardian: String,
    /// The guardian's relation to the child.
    pub relation: String,
    /// The term's name.
    pub term: String,
    /// What was agreed: slots and weekdays, one line each.
    pub choices: Vec<String>,
}

/// What is wrong with a wording. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// No title.
    TitleMissing,
    /// No clause at all.
    NoClauses,
    /// More than `MOST_CLAUSES`.
    TooManyClauses,
    /// The clause with this number has no head, a head of more than one line, or one that is too long.
    HeadWrong {
        /// The clause's number, from 1.
        number: usize,
    },
    /// The clause with this number says nothing or too much.
    TextWrong {
        /// The clause's number, from 1.
        number: usize,
    },
}

/// How many clauses one paper may have.
pub const MOST_CLAUSES: usize = 60;
/// How many characters a clause's head may have.
pub const LONGEST_HEAD: usize = 16;
/// How many characters a clause may have.
pub const LONGEST_CLAUSE: usize = 1_000;

impl Kind {
    /// Both kinds, in the order in which families sign them.
    pub const ALL: [Kind; 2] = [Kind::ServiceAgreement, Kind::SafetyPledge];

    /// The kind's word in the store and in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::ServiceAgreement => "service_agreement",
            Kind::SafetyPledge => "safety_pledge",
        }
    }

    /// The kind of this word.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Side {
    /// Every side, in the order of the editor.
    pub const ALL: [Side; 3] = [Side::School, Side::Family, Side::Both];

    /// The side's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Side::School => "school",
            Side::Family => "family",
            Side::Both => "both",
        }
    }

    /// The side of this word.
    pub fn parse(word: &str) -> Option<Side> {
        Side::ALL.into_iter().find(|side| side.word() == word)
    }
}

/// Whether the wording may be put to families.
pub fn usable(wording: &Wording) -> Result<(), Vec<Unusable>> {
    let title = wording.title.trim().is_empty().then_some(Unusable::TitleMissing);
    let count = match wording.clauses.len() {
        0 => Some(Unusable::NoClauses),
        count => (MOST_CLAUSES < count).then_some(Unusable::TooManyClauses),
    };
    let clauses = (1..).zip(&wording.clauses).flat_map(|(number, clause)| wrong_clause(number, clause));
    let wrong: Vec<Unusable> = title.into_iter().chain(count).chain(clauses).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn wrong_clause(number: usize, clause: &Clause) -> Vec<Unusable> {
    let (head, text) = (clause.head.trim(), &clause.text);
    let head_wrong = head.is_empty() || head.contains(['\n', '\r']) || LONGEST_HEAD < head.chars().count();
    let text_wrong = text.trim().is_empty() || LONGEST_CLAUSE < text.chars().count();
    let head = head_wrong.then_some(Unusable::HeadWrong { number });
    head.into_iter().chain(text_wrong.then_some(Unusable::TextWrong { number })).collect()
}

/// The one text that both sides sign: every word that the family is shown, in a fixed order.
pub fn canonical(wording: &Wording, parties: &Parties) -> String {
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        writeln!(text, "{label}: {}", one_line(value)).expect("writing to a text does not fail");
    };
    line("kehou", "1");
    line("kind", wording.kind.word());
    line("version", &wording.version.to_string());
    line("school", &parties.school);
    line("student", &parties.student);
    line("class", &parties.class);
    line("guardian", &parties.guardian);
    line("relation", &parties.relation);
    line("term", &parties.term);
    for choice in &parties.choices {
        line("choice", choice);
    }
    line("title", &wording.title);
    line("preamble", &wording.preamble);
    for (place, clause) in wording.clauses.iter().enumerate() {
        line(&format!("{} {} {}", place + 1, clause.side.word(), clause.head.trim()), &clause.text);
    }
    text
}

/// A value on one line: line breaks become `\n`, a backslash becomes two, so that no text can pose as another.
fn one_line(value: &str) -> String {
    value.trim().replace("\r\n", "\n").replace('\\', "\\\\").replace(['\n', '\r'], "\\n")
}

/// SHA-256 of a text, as 64 hexadecimal characters.
pub fn fingerprint(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        write!(hex, "{byte:02x}").expect("writing to a text does not fail");
    }
    hex
}
