//! A new first code for one guardian who forgot the password, given by the office to somebody who stands there.

use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{PrintSlips, Role};
use kehou_domain::ids::{AccountId, EntityId, GuardianId, StudentId};
use serde_json::json;

use super::accounts::FirstCode;
use super::{rows, slips};

/// Why a guardian gets no new code here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Nobody said that the guardian's identity was checked in person.
    NotSeen,
    /// The school has no number to sign in with.
    NoPhone,
    /// The account is one of the school's staff too: whoever manages accounts resets it.
    OfStaff,
    /// The account has a seat in another school too: the operator resets it.
    SitsElsewhere,
}

/// Whether the guardian stood there and showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// Checked in person.
    Seen,
    /// Nobody said so.
    NotSeen,
}

/// Takes the password of a child's guardian away, ends every sign-in of theirs and gives a new one-time code. Not under
/// a key: the answer holds the code, which is kept nowhere.
pub fn new_code(
    tx: &mut Tx<PrintSlips>,
    (student, guardian): (StudentId, GuardianId),
    identity: Identity,
) -> std::result::Result<FirstCode, Failed<Refused>> {
    let (name, phone) = rows::guardian_of(tx, student, guardian)?.ok_or(Error::NotFound)?;
    if identity == Identity::NotSeen {
        return Err(Failed::Refused(Refused::NotSeen));
    }
    let phone = phone.ok_or(Failed::Refused(Refused::NoPhone))?;
    let account = account_of(tx, guardian, (&phone, &name))?;
    if let Some(why) = somebody_elses(tx, account)? {
        return Err(Failed::Refused(why));
    }
    tx.forget_password(account)?;
    let code = slips::new_code(tx, account)?;
    let facts = json!({ "student": student.to_string(), "account": account.to_string() });
    tx.event(Event::new("ResetGuardian", guardian).facts(facts))?;
    Ok(FirstCode { account, name, code: Some(code) })
}

fn account_of(tx: &mut SchoolTx, guardian: GuardianId, (phone, name): (&str, &str)) -> Result<AccountId> {
    let account = tx.account_for_phone(phone, name)?;
    rows::link_guardian(tx, guardian, account)?;
    tx.admit(account, Role::Guardian, Some(EntityId::from_bits(guardian.bits())))?;
    Ok(account)
}

/// Who else answers for the account, so that the office of this school does not open it alone.
fn somebody_elses(tx: &mut SchoolTx, account: AccountId) -> Result<Option<Refused>> {
    let works_here =
        tx.roles_of(account)?.iter().any(|member| member.role != Role::Guardian && member.ended_at.is_none());
    if works_here {
        return Ok(Some(Refused::OfStaff));
    }
    Ok(tx.sits_elsewhere(account)?.then_some(Refused::SitsElsewhere))
}
