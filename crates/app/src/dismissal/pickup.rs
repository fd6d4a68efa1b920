//! The pick-up list of one child: whom the guardian names, and how the child may go home (H1).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::KeepPickupList;
use kehou_domain::dismissal::{self, Consent, ConsentRefused, Delegate, NamingRefused, NewDelegate};
use kehou_domain::ids::{ConsentId, DelegateId, GuardianId, StudentId};
use kehou_domain::plan::ReleaseMode;
use serde_json::json;

use super::restriction::{barred_from, restrictions_of};
use super::{Agreement, ChildCard, StopCard, rows};
use crate::{custody, people};

/// What a guardian sees and keeps of one child's way home.
#[derive(Debug, Clone)]
pub struct PickupList {
    /// The child.
    pub child: ChildCard,
    /// Those named, today's and coming ones.
    pub delegates: Vec<Delegate>,
    /// The consents in force.
    pub consents: Vec<GivenConsent>,
    /// The modes that the child's grade may have.
    pub offered: Vec<ReleaseMode>,
    /// Who asked for the child today and was on no list.
    pub asked: Vec<StopCard>,
    /// On whose word on the telephone somebody may come today.
    pub agreements: Vec<Agreement>,
    /// Whether the guardian must not collect the child, and so sees nothing but its own naming (H3).
    pub barred: bool,
}

/// A consent with who gave it and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenConsent {
    /// Which consent.
    pub id: ConsentId,
    /// What was agreed to and for which days.
    pub consent: Consent,
    /// When it was given.
    pub given_at: Timestamp,
    /// The guardian's name.
    pub given_by: String,
}

/// What a guardian types to name a delegate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The delegate's name.
    pub name: String,
    /// What they are to the child.
    pub relation: String,
    /// The first day.
    pub from_on: Date,
    /// The last day.
    pub to_on: Date,
    /// Whether the guardian declares an adult with full legal capacity.
    pub declared_capable: bool,
}

/// H1: one's own child's delegates and consents.
pub fn pickup_list(tx: &mut Tx<KeepPickupList>, student: StudentId) -> Result<PickupList> {
    people::own_child(tx, student)?;
    let (today, guardian) = (tx.today(), people::acting_guardian(tx)?);
    let barred = barred_from(tx, guardian)?.contains(&student);
    let child = rows::child_card(tx, student)?;
    let mut list = PickupList {
        delegates: rows::delegates(tx, student, today)?,
        consents: rows::consents(tx, student)?,
        offered: super::modes_of(tx, child.grade)?,
        asked: asked_for(tx, student, today)?,
        agreements: rows::agreements(tx, student, today)?,
        barred,
        child,
    };
    if barred {
        list.delegates.retain(|delegate| delegate.named_by == guardian);
        list.consents.clear();
        list.asked.clear();
    }
    Ok(list)
}

/// Who asked for the child on the day, is on no list, and may still be named.
fn asked_for(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<Vec<StopCard>> {
    let mut stops = rows::stops_of(tx, student, day)?;
    let place = custody::state_of(tx, student, day)?.whereabouts();
    stops.retain(|stop| stop.is_for_the_family() && stop.as_stop().waits(place));
    Ok(stops)
}

/// H1: a guardian names someone who may collect the child between two days.
pub fn name_delegate(
    tx: &mut Tx<KeepPickupList>,
    student: StudentId,
    naming: &Naming,
) -> std::result::Result<DelegateId, Failed<Vec<NamingRefused>>> {
    people::own_child(tx, student)?;
    rows::hold_child(tx, student)?;
    let guardian = people::acting_guardian(tx)?;
    let new = may_name(tx, (student, guardian), naming)?;
    let id = save_naming(tx, student, &new)?;
    tell_others(tx, (student, guardian), "delegate_named", (&new.name, new.from_on))?;
    Ok(id)
}

/// Tells the child's other guardians of what one of them did about a delegate: who takes the child is theirs to know as
/// well, unless they are barred from it themselves.
fn tell_others(
    tx: &mut SchoolTx,
    (student, acting): (StudentId, GuardianId),
    kind: &'static str,
    (delegate, day): (&str, Date),
) -> Result<()> {
    let child = rows::child_card(tx, student)?;
    let guardians = rows::guardians(tx, student)?;
    let signer = guardians.iter().find(|guardian| guardian.id == acting);
    let facts = json!({
        "child": child.name, "student": student.to_string(), "what": delegate, "day": day.to_string(),
        "signer": signer.map(|guardian| guardian.name.as_str()).unwrap_or_default(),
    });
    for other in guardians.iter().filter(|guardian| guardian.id != acting) {
        let Some(account) = other.account else { continue };
        if !barred_from(tx, other.id)?.contains(&student) {
            tx.tell(account, kind, &facts)?;
        }
    }
    Ok(())
}

/// Whether this guardian may name this delegate for the child now.
pub(super) fn may_name(
    tx: &mut SchoolTx,
    (student, named_by): (StudentId, GuardianId),
    naming: &Naming,
) -> std::result::Result<NewDelegate, Failed<Vec<NamingRefused>>> {
    let today = tx.today();
    let named = rows::delegates(tx, student, today)?;
    let guardians = rows::guardians(tx, student)?;
    let restrictions = restrictions_of(tx, student, &guardians)?;
    let new = NewDelegate {
        name: naming.name.clone(),
        relation: naming.relation.clone(),
        named_by,
        from_on: naming.from_on,
        to_on: naming.to_on,
        declared_capable: naming.declared_capable,
    };

    dismissal::name_delegate(&new, &named, &restrictions, today).map_err(Failed::Refused)?;
    Ok(new)
}

pub(super) fn save_naming(tx: &mut SchoolTx, student: StudentId, new: &NewDelegate) -> Result<DelegateId> {
    let id = tx.new_id();
    rows::save_delegate(tx, id, student, new)?;
    let personal = json!({ "name": new.name, "relation": new.relation });
    let facts = json!({ "student": student.to_string(), "from_on": new.from_on.to_string(), "to_on": new.to_on.to_string() });
    tx.event(Event::new("NameDelegate", id).facts(facts).about(student, personal))?;
    Ok(id)
}

/// H1: a guardian ends a delegation; from now on that person is stopped.
pub fn end_delegate(tx: &mut Tx<KeepPickupList>, student: StudentId, delegate: DelegateId) -> Result<()> {
    people::own_child(tx, student)?;
    let (guardian, today) = (people::acting_guardian(tx)?, tx.today());
    let named = rows::delegates(tx, student, today)?;
    save_end(tx, student, delegate)?;
    let ended = named.iter().find(|one| one.id == delegate);
    ended.map_or(Ok(()), |one| {
        tell_others(tx, (student, guardian), "delegate_ended", (one.name.as_str(), today))
    })
}

/// Ends a delegation that has not ended; nothing else is there.
pub(super) fn save_end(tx: &mut SchoolTx, student: StudentId, delegate: DelegateId) -> Result<()> {
    rows::hold_child(tx, student)?;
    let yesterday = super::day_before(tx.today());
    match rows::end_delegate(tx, student, delegate, yesterday)? {
        0 => Err(kehou_db::Error::NotFound),
        _ => tx.event(Event::new("EndDelegate", delegate).facts(json!({ "student": student.to_string() }))),
    }
}

/// H1, art. 31: a guardian consents in writing to the child going alone or by bus.
pub fn consent(
    tx: &mut Tx<KeepPickupList>,
    student: StudentId,
    mode: ReleaseMode,
) -> std::result::Result<ConsentId, Failed<ConsentRefused>> {
    people::own_child(tx, student)?;
    rows::hold_child(tx, student)?;
    let guardian = people::acting_guardian(tx)?;
    may_consent(tx, student, mode)?;
    Ok(save_consent(tx, (student, guardian), mode)?)
}

/// Whether a guardian may consent to this mode for the child now.
pub(super) fn may_consent(
    tx: &mut SchoolTx,
    student: StudentId,
    mode: ReleaseMode,
) -> std::result::Result<(), Failed<ConsentRefused>> {
    let child = rows::child_card(tx, student)?;
    let offered = super::modes_of(tx, child.grade)?;
    let given = rows::consents(tx, student)?;

    let given: Vec<Consent> = given.into_iter().map(|given| given.consent).collect();

    dismissal::may_consent(mode, &offered, &given, tx.today()).map_err(Failed::Refused)
}

pub(super) fn save_consent(
    tx: &mut SchoolTx,
    (student, guardian): (StudentId, GuardianId),
    mode: ReleaseMode,
) -> Result<ConsentId> {
    let id = tx.new_id();
    rows::save_consent(tx, id, student, mode, guardian)?;
    let facts = json!({ "student": student.to_string(), "mode": mode.word() });
    tx.event(Event::new("ConsentToMode", id).facts(facts))?;
    Ok(id)
}

/// H1: a guardian takes a consent back; from now on the child is collected.
pub fn withdraw_consent(tx: &mut Tx<KeepPickupList>, student: StudentId, consent: ConsentId) -> Result<()> {
    people::own_child(tx, student)?;
    save_withdrawal(tx, student, consent)
}

/// Takes back a consent that is in force; nothing else is there.
pub(super) fn save_withdrawal(tx: &mut SchoolTx, student: StudentId, consent: ConsentId) -> Result<()> {
    match rows::withdraw_consent(tx, student, consent)? {
        0 => Err(kehou_db::Error::NotFound),
        _ => {
            tx.event(Event::new("WithdrawConsent", consent).facts(json!({ "student": student.to_string() })))
        }
    }
}
