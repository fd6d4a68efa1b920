//! A fact's particulars as the store keeps them.

use kehou_domain::custody::{Check, Found, Handing, Kind, Receiver, What};
use kehou_domain::ids::EntityId;
use serde_json::{Value, json};

/// The particulars of a fact as JSON text; `{}` when there are none.
pub(super) fn particulars(what: &What) -> String {
    match what {
        What::OnLeave(Some(leave)) => json!({ "leave": leave.to_string() }).to_string(),
        What::EarlyLeaveApproved(leave) | What::LeftEarly(leave) => {
            json!({ "leave": leave.to_string() }).to_string()
        }
        What::Found(found) => json!({ "where": found.word() }).to_string(),
        What::HandedOver(handing) | What::LetThrough(handing) => handed(handing).to_string(),
        What::Expected
        | What::OnLeave(None)
        | What::Present
        | What::Late
        | What::Absent
        | What::WentAlone
        | What::TookBus
        | What::StayedLate
        | What::Returned
        | What::NotComing
        | What::SickRoom
        | What::Undone => "{}".to_owned(),
    }
}

fn handed(handing: &Handing) -> Value {
    let (to, id) = match handing.to {
        Receiver::Guardian(guardian) => ("guardian", guardian.to_string()),
        Receiver::Delegate(delegate) => ("delegate", delegate.to_string()),
        Receiver::Unlisted => ("unlisted", String::new()),
        Receiver::Colleague => ("colleague", String::new()),
    };
    json!({ "to": to, "id": id, "checked": handing.checked.word(), "place": handing.place })
}

/// The fact of this kind with these particulars; nothing when they do not belong together.
pub(super) fn what(kind: &str, particulars: &str) -> Option<What> {
    Some(match Kind::parse(kind)? {
        Kind::Expected => What::Expected,
        Kind::OnLeave => What::OnLeave(leave(particulars)),
        Kind::Present => What::Present,
        Kind::Late => What::Late,
        Kind::Absent => What::Absent,
        Kind::Found => What::Found(Found::parse(value(particulars)?["where"].as_str()?)?),
        Kind::EarlyLeaveApproved => What::EarlyLeaveApproved(leave(particulars)?),
        Kind::LeftEarly => What::LeftEarly(leave(particulars)?),
        Kind::HandedOver => What::HandedOver(handing(particulars)?),
        Kind::LetThrough => What::LetThrough(handing(particulars)?),
        Kind::WentAlone => What::WentAlone,
        Kind::TookBus => What::TookBus,
        Kind::StayedLate => What::StayedLate,
        Kind::Returned => What::Returned,
        Kind::NotComing => What::NotComing,
        Kind::SickRoom => What::SickRoom,
        Kind::Undone => What::Undone,
    })
}

fn value(particulars: &str) -> Option<Value> {
    serde_json::from_str(particulars).ok()
}

fn leave<I: EntityId>(particulars: &str) -> Option<I> {
    if particulars == "{}" {
        return None;
    }
    I::parse(value(particulars)?["leave"].as_str()?)
}

fn handing(particulars: &str) -> Option<Handing> {
    let value = value(particulars)?;
    let id = value["id"].as_str()?;
    let to = match value["to"].as_str()? {
        "guardian" => Receiver::Guardian(EntityId::parse(id)?),
        "delegate" => Receiver::Delegate(EntityId::parse(id)?),
        "unlisted" => Receiver::Unlisted,
        "colleague" => Receiver::Colleague,
        _ => return None,
    };
    Some(Handing {
        to,
        checked: Check::parse(value["checked"].as_str()?)?,
        place: value["place"].as_str()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use kehou_domain::ids::{DelegateId, EarlyLeaveId, GuardianId, LeaveId};

    use super::*;

    #[test]
    fn every_fact_reads_back_as_written() {
        let handing = |to| Handing { to, checked: Check::PaperSeen, place: "北门".into() };
        let whats = [
            What::Expected,
            What::OnLeave(None),
            What::OnLeave(Some(LeaveId::from_bits(7))),
            What::Found(Found::WithFamily),
            What::EarlyLeaveApproved(EarlyLeaveId::from_bits(8)),
            What::LeftEarly(EarlyLeaveId::from_bits(8)),
            What::HandedOver(handing(Receiver::Guardian(GuardianId::from_bits(9)))),
            What::LetThrough(handing(Receiver::Delegate(DelegateId::from_bits(9)))),
            What::HandedOver(handing(Receiver::Colleague)),
            What::LetThrough(handing(Receiver::Unlisted)),
            What::Undone,
        ];
        for fact in whats {
            assert_eq!(what(fact.kind().word(), &particulars(&fact)), Some(fact));
        }
    }

    #[test]
    fn particulars_that_do_not_belong_are_not_read() {
        assert_eq!(what("found", "{}"), None);
        assert_eq!(what("left_early", "{}"), None);
        assert_eq!(what("handed_over", r#"{"to":"nobody","id":"","checked":"known","place":""}"#), None);
        assert_eq!(what("nothing", "{}"), None);
    }
}
