//! Who stands at the gate, as forms and addresses say it.

use kehou_domain::dismissal::Collector;
use kehou_domain::ids::{DelegateId, EntityId, GuardianId};

/// The word of a collector: `guardian:ID`, `delegate:ID`, `alone`, `bus`. Someone on no list has none, so that no
/// name stands in an address.
pub(super) fn word(collector: &Collector) -> String {
    match collector {
        Collector::Guardian(id) => format!("guardian:{id}"),
        Collector::Delegate(id) => format!("delegate:{id}"),
        Collector::Alone => "alone".to_owned(),
        Collector::Bus => "bus".to_owned(),
        Collector::Unnamed(_) => "other".to_owned(),
    }
}

/// The collector of a word; `other` takes the name that was typed beside it.
pub(super) fn parse(word: &str, name: &str) -> Option<Collector> {
    match word.split_once(':') {
        Some(("guardian", id)) => GuardianId::parse(id).map(Collector::Guardian),
        Some(("delegate", id)) => DelegateId::parse(id).map(Collector::Delegate),
        Some(_) => None,
        None => match word {
            "alone" => Some(Collector::Alone),
            "bus" => Some(Collector::Bus),
            "other" => Collector::unnamed(name).ok(),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_reads_back_as_written() {
        let known = [
            Collector::Guardian(GuardianId::from_bits(7)),
            Collector::Delegate(DelegateId::from_bits(8)),
            Collector::Alone,
            Collector::Bus,
        ];
        for collector in known {
            assert_eq!(parse(&word(&collector), ""), Some(collector));
        }
        assert_eq!(parse("other", " 刘强 "), Some(Collector::Unnamed("刘强".to_owned())));
    }

    #[test]
    fn what_is_no_collector_is_refused() {
        for (word, name) in [("other", " "), ("guardian:x", ""), ("stranger", ""), ("", "刘强"), ("x:1", "")]
        {
            assert_eq!(parse(word, name), None, "{word}");
        }
    }
}
