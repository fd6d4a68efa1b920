//! Everything that this slice and the roster hold about a child and its acting guardian, to take away.

use kehou_db::{self as db, SchoolTx, Tx};
use kehou_domain::access::ReadOwnEnrolment;
use kehou_domain::ids::{GuardianId, StudentId};
use serde_json::{Value, json};

use super::apply::Application;
use super::rows::{agreements, applications, people, places, privacy};
use super::setting::{guardian, own_pupil};

/// What is held, as one JSON document. Other guardians' phone numbers are theirs and stay out.
pub fn takeout(tx: &mut Tx<ReadOwnEnrolment>, student: StudentId) -> db::Result<Value> {
    let guardian = guardian(tx)?;
    let pupil = own_pupil(tx, student)?;
    let mut held = Vec::new();
    for application in applications::all_of_child(tx, student)? {
        held.push(one_application(tx, &application)?);
    }
    let today = tx.today();
    let keepers = people::keepers(tx, student, today)?;
    let consents = privacy::history(tx, student)?;
    Ok(json!({
        "school": tx.school().name,
        "made_at": tx.at().to_string(),
        "child": {
            "id": student.to_string(),
            "name": pupil.name,
            "grade": pupil.class.map(|class| class.grade),
            "class": pupil.class.map(|class| class.number),
        },
        "guardian": own_data(tx, guardian)?,
        "guardians": keepers.iter().map(|k| json!({ "name": k.name, "relation": k.relation })).collect::<Vec<_>>(),
        "applications": held,
        "agreements": signed(tx, student)?,
        "consents": consents.iter().map(|(answer, at)| json!({
            "purpose": answer.purpose.word(),
            "given": answer.given,
            "notice": answer.notice_version,
            "at": at.to_string(),
        })).collect::<Vec<_>>(),
        "places": stays(tx, student)?,
        "corrections": asked(tx, student)?,
    }))
}

fn own_data(tx: &mut SchoolTx, guardian: GuardianId) -> db::Result<Value> {
    let (name, sealed) = people::own_data(tx, guardian)?;
    let phone = sealed.map(|sealed| tx.unseal(&sealed)).transpose()?;
    Ok(json!({ "name": name, "phone": phone }))
}

fn one_application(tx: &mut SchoolTx, application: &Application) -> db::Result<Value> {
    let choices = applications::choices(tx, application)?;
    let decisions = applications::decisions(tx, application.id)?;
    Ok(json!({
        "id": application.id.to_string(),
        "round": application.round,
        "status": application.status.word(),
        "source": application.source.word(),
        "handed_in_at": application.handed_in_at.to_string(),
        "need": application.need.map(kehou_domain::enrolment::apply::Need::word),
        "remark": application.remark,
        "choices": choices.iter().map(|c| json!({ "slot": c.slot, "weekday": c.weekday })).collect::<Vec<_>>(),
        "decisions": decisions.iter().map(|d| json!({
            "round": d.round,
            "step": d.step,
            "verdict": d.verdict.word(),
            "role": d.role.word(),
            "ground": d.ground.as_ref().map(kehou_domain::enrolment::review::Ground::word),
            "note": d.note,
            "need_seen": d.need_seen,
            "at": d.at.to_string(),
        })).collect::<Vec<_>>(),
    }))
}

fn signed(tx: &mut SchoolTx, student: StudentId) -> db::Result<Vec<Value>> {
    let copies = agreements::of_child(tx, student)?;
    let one = |copy: super::agreement::Copy| {
        json!({
            "paper": copy.kind.word(),
            "text": copy.text,
            "hash": copy.hash,
            "mark": copy.mark,
            "path": copy.path,
            "signer": copy.signer,
            "signed_at": copy.signed_at.to_string(),
            "seal": copy.seal,
        })
    };
    Ok(copies.into_iter().map(one).collect())
}

fn stays(tx: &mut SchoolTx, student: StudentId) -> db::Result<Vec<Value>> {
    let places = places::all_of_child(tx, student)?;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let one = |place: super::places::Place| json!({ "from_on": place.stay.from_on.to_string(), "to_on": day(place.stay.to_on) });
    Ok(places.into_iter().map(one).collect())
}

fn asked(tx: &mut SchoolTx, student: StudentId) -> db::Result<Vec<Value>> {
    let requests = privacy::corrections(tx, Some(student))?;
    let one = |request: super::corrections::Correction| json!({ "what": request.what, "status": request.status.word(), "answer": request.answer });
    Ok(requests.into_iter().map(one).collect())
}
