//! The flags that a reviewer was shown, as they are kept with the decision.

use kehou_domain::catalogue::{Concern, Flag, Part};
use serde_json::{Value, json};

/// The flags as JSON.
pub(super) fn written(flags: &[Flag]) -> String {
    let one = |flag: &Flag| match flag {
        Flag::Wording { concern, part, found, by_plan } => {
            json!({ "concern": concern.word(), "part": part.word(), "found": found, "by_plan": by_plan })
        }
        Flag::AboveMost(most) => json!({ "above": most }),
    };
    Value::Array(flags.iter().map(one).collect()).to_string()
}

/// The flags of such a text; nothing when it says what no code knows.
pub(super) fn read(text: &str) -> Option<Vec<Flag>> {
    let flags: Vec<Value> = serde_json::from_str(text).ok()?;
    flags.iter().map(flag).collect()
}

fn flag(value: &Value) -> Option<Flag> {
    if let Some(most) = value.get("above") {
        return Some(Flag::AboveMost(u16::try_from(most.as_u64()?).ok()?));
    }
    Some(Flag::Wording {
        concern: Concern::parse(value.get("concern")?.as_str()?)?,
        part: Part::parse(value.get("part")?.as_str()?)?,
        found: value.get("found")?.as_str()?.to_owned(),
        by_plan: value.get("by_plan")?.as_bool()?,
    })
}

#[cfg(test)]
mod tests {
    use kehou_domain::plan::Banned;

    use super::*;

    #[test]
    fn flags_read_back_as_they_were_shown() {
        let concern = Concern::Banned(Banned::ExamDrill);
        let flags = [
            Flag::Wording { concern, part: Part::Title, found: "刷题".to_owned(), by_plan: true },
            Flag::Wording {
                concern: Concern::Charge,
                part: Part::Materials,
                found: "押金".to_owned(),
                by_plan: true,
            },
            Flag::AboveMost(20),
        ];
        assert_eq!(read(&written(&flags)), Some(flags.to_vec()));
        assert_eq!(read("[]"), Some(Vec::new()));
        assert_eq!(read(r#"[{"concern":"unknown","part":"title","found":"x","by_plan":true}]"#), None);
        assert_eq!(read("{}"), None);
    }
}
