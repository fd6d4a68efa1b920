//! A school's accounts of staff: added, given roles, disabled, admitted again, opened by a new code.

use kehou_db::identity::Member;
use kehou_db::{Event, Failed, Result, Tx};
use kehou_domain::access::{ManageAccounts, Role};
use kehou_domain::identity;
use kehou_domain::ids::{AccountId, AnyId, EntityId};
use kehou_domain::people::cell::Cell;
use kehou_domain::people::name;
use kehou_domain::people::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{rows, slips};

/// Somebody to be given an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// The name.
    pub name: String,
    /// The phone number as typed.
    pub phone: String,
    /// What they are here.
    pub roles: Vec<Role>,
}

/// Why an account stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// No name was given.
    NoName,
    /// The name has digits, or signs that no name has.
    NoNameAtAll,
    /// The name is longer than lists have room for.
    NameTooLong,
    /// The phone number has another number of digits than eleven, or begins otherwise.
    Phone {
        /// How many digits it has.
        digits: usize,
    },
    /// No role was chosen.
    NoRole,
    /// It was not said how the person was verified.
    NotVerified,
    /// The account has no second factor.
    NoFactor,
    /// One's own account: somebody else does that.
    Oneself,
    /// The account has a seat in another school too: the operator resets it.
    SitsElsewhere,
    /// The phone number belongs to an account that is not known under this name. What it is called is not said.
    OtherName,
}

/// One account with the roles it holds or held here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Its phone number.
    pub phone: String,
    /// What they are here now; empty when disabled.
    pub roles: Vec<Role>,
    /// Whether a password was set.
    pub has_password: bool,
    /// Whether a second factor was set up.
    pub has_second_factor: bool,
}

/// A new one-time code, shown this once, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstCode {
    /// The account.
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// Eight digits; none when a password was set before, or another school gives the code.
    pub code: Option<String>,
}

/// Everybody of the staff who may or might sign in here, by name.
pub fn list(tx: &mut Tx<ManageAccounts>) -> Result<Vec<Account>> {
    let mut accounts: Vec<Account> = Vec::new();
    for member in tx.staff_members()? {
        match accounts.last_mut() {
            Some(last) if last.id == member.account => last.roles.extend(held(&member)),
            _ => accounts.push(account(&member)),
        }
    }
    Ok(accounts)
}

/// One account of this school's staff.
pub fn one(tx: &mut Tx<ManageAccounts>, id: AccountId) -> Result<Account> {
    let members: Vec<Member> =
        tx.roles_of(id)?.into_iter().filter(|member| member.role != Role::Guardian).collect();
    let mut found = members.first().map(account).ok_or(kehou_db::Error::NotFound)?;
    found.roles = members.iter().filter_map(held).collect();
    Ok(found)
}

fn held(member: &Member) -> Option<Role> {
    member.ended_at.is_none().then_some(member.role)
}

fn account(member: &Member) -> Account {
    Account {
        id: member.account,
        name: member.name.clone(),
        phone: member.phone.clone(),
        roles: held(member).into_iter().collect(),
        has_password: member.has_password,
        has_second_factor: member.has_second_factor,
    }
}

/// Gives somebody an account with roles, and a first code when they never signed in. A number that has an account
/// already is taken only with its name: a slip of the finger gives nobody's account a seat here, and shows nobody's
/// name. Not under a key: the answer holds the code, which is kept nowhere.
/// Everything that is wrong with what was typed is said at once.
pub fn add(
    tx: &mut Tx<ManageAccounts>,
    new: &NewStaff,
) -> std::result::Result<FirstCode, Failed<Vec<Refused>>> {
    let (_, phone, _) = read(new).map_err(Failed::Refused)?;
    if let Some((_, name)) = tx.known_phone(&phone)? {
        let mut known = rows::names_of_phone(tx, &phone)?;
        known.push(name);
        if !identity::is_called(&new.name, &known) {
            return Err(Failed::Refused(vec![Refused::OtherName]));
        }
    }
    add_as_operator(tx, new)
}

fn read(new: &NewStaff) -> std::result::Result<(String, String, Vec<Role>), Vec<Refused>> {
    let (name, roles) = (called(&new.name), staff_roles(&new.roles));
    let phone = identity::phone(&new.phone).map_err(|digits| Refused::Phone { digits });
    let none = roles.is_empty().then_some(Refused::NoRole);
    let wrong = [name.as_ref().err().copied(), phone.as_ref().err().copied(), none];
    let wrong: Vec<Refused> = wrong.into_iter().flatten().collect();
    let (Ok(name), Ok(phone), true) = (name, phone, wrong.is_empty()) else { return Err(wrong) };
    Ok((name, phone, roles))
}

/// The name as lists write it, by the rule that rosters keep.
fn called(name: &str) -> std::result::Result<String, Refused> {
    match name::name(&Cell::Text(name.to_owned())) {
        Ok(name) => name.ok_or(Refused::NoName),
        Err(Problem::NameTooLong) => Err(Refused::NameTooLong),
        Err(_) => Err(Refused::NoNameAtAll),
    }
}

/// Takes a lost second factor away, after saying how the person was verified; every sign-in ends, and the next one sets
/// up a new factor.
pub fn remove_factor(
    tx: &mut Tx<ManageAccounts>,
    id: AccountId,
    verified: &str,
) -> std::result::Result<(), Failed<Refused>> {
    if id == tx.account() {
        return Err(Failed::Refused(Refused::Oneself));
    }
    let account = one(tx, id)?;
    if tx.sits_elsewhere(id)? {
        return Err(Failed::Refused(Refused::SitsElsewhere));
    }
    if !account.has_second_factor {
        return Err(Failed::Refused(Refused::NoFactor));
    }
    forget_factor(tx, id, verified)
}

/// The same for the operator at the terminal, for accounts with seats in other schools too.
pub fn remove_factor_as_operator(
    tx: &mut Tx<ManageAccounts>,
    id: AccountId,
    verified: &str,
) -> std::result::Result<(), Failed<Refused>> {
    let members = tx.roles_of(id)?;
    let member = members.into_iter().find(|member| member.ended_at.is_none());
    if !member.ok_or(kehou_db::Error::NotFound)?.has_second_factor {
        return Err(Failed::Refused(Refused::NoFactor));
    }
    forget_factor(tx, id, verified)
}

fn forget_factor(
    tx: &mut Tx<ManageAccounts>,
    id: AccountId,
    verified: &str,
) -> std::result::Result<(), Failed<Refused>> {
    identity::may_remove_factor(verified)
        .map_err(|identity::NotVerified| Failed::Refused(Refused::NotVerified))?;
    tx.forget_factor(id)?;
    let how: String = verified.trim().chars().take(200).collect();
    Ok(tx
        .event(Event::new("RemoveSecondFactor", id).facts(json!({})).about(id, json!({ "verified": how })))?)
}

/// The same for the operator at the terminal, who answers for the whole installation: whatever the account is called.
pub fn add_as_operator(
    tx: &mut Tx<ManageAccounts>,
    new: &NewStaff,
) -> std::result::Result<FirstCode, Failed<Vec<Refused>>> {
    let (name, phone, roles) = read(new).map_err(Failed::Refused)?;

    let id = tx.account_for_phone(&phone, &name)?;
    let person = rows::staff_of_phone(tx, &phone, &name, id)?;
    for role in &roles {
        tx.admit(id, *role, person_for(*role, person))?;
    }
    // whoever holds the code holds the account: one that is trusted in another school gets none here
    let opens_elsewhere = tx.has_password(id)? || tx.sits_elsewhere(id)?;
    let code = if opens_elsewhere { None } else { Some(slips::new_code(tx, id)?) };
    tx.event(Event::of::<ManageAccounts>(id).facts(json!({ "added": words(&roles) })))?;
    Ok(FirstCode { account: id, name, code })
}

/// Roles that an office gives: guardians come from the roster, not from here.
fn staff_roles(roles: &[Role]) -> Vec<Role> {
    roles.iter().copied().filter(|role| *role != Role::Guardian).collect()
}

/// The bureau's officers and the parents' committee are nobody on the school's staff.
fn person_for(role: Role, staff: AnyId) -> Option<AnyId> {
    (!matches!(role, Role::BureauOfficer | Role::ParentCommittee)).then_some(staff)
}

/// Gives an account these roles and no others: none disables it, and its sign-ins here end at once.
pub fn set_roles(
    tx: &mut Tx<ManageAccounts>,
    id: AccountId,
    roles: &[Role],
) -> std::result::Result<(), Failed<Refused>> {
    if id == tx.account() {
        return Err(Failed::Refused(Refused::Oneself));
    }
    let before = one(tx, id)?;
    let person = rows::staff_of_phone(tx, &before.phone, &before.name, id)?;
    for role in before.roles.iter().filter(|role| !roles.contains(role)) {
        tx.release_member(id, *role)?;
    }
    let wanted = roles.iter().copied().filter(|role| *role != Role::Guardian);
    for role in wanted.filter(|role| !before.roles.contains(role)) {
        tx.admit(id, role, person_for(role, person))?;
    }
    let facts = json!({ "before": words(&before.roles), "after": words(roles) });
    tx.event(Event::of::<ManageAccounts>(id).facts(facts)).map_err(Failed::from)
}

/// Takes the password away and gives a new one-time code, for somebody who forgot it. A second factor stays.
/// Not under a key: the answer holds the code, which is kept nowhere.
pub fn reset(tx: &mut Tx<ManageAccounts>, id: AccountId) -> std::result::Result<FirstCode, Failed<Refused>> {
    if id == tx.account() {
        return Err(Failed::Refused(Refused::Oneself));
    }
    let account = one(tx, id)?;
    if tx.sits_elsewhere(id)? {
        return Err(Failed::Refused(Refused::SitsElsewhere));
    }
    forget(tx, id, account.name).map_err(Failed::from)
}

/// The same for the operator at the terminal, who answers for the whole installation: for families too, and for
/// accounts with seats in other schools.
pub fn reset_as_operator<R>(
    tx: &mut Tx<ManageAccounts>,
    id: AccountId,
) -> std::result::Result<FirstCode, Failed<R>> {
    let members = tx.roles_of(id)?;
    let member = members.into_iter().find(|member| member.ended_at.is_none());
    let name = member.ok_or(kehou_db::Error::NotFound)?.name;
    forget(tx, id, name).map_err(Failed::from)
}

fn forget(tx: &mut Tx<ManageAccounts>, id: AccountId, name: String) -> Result<FirstCode> {
    tx.forget_password(id)?;
    let code = slips::new_code(tx, id)?;
    tx.event(Event::of::<ManageAccounts>(id).facts(json!({ "reset": true })))?;
    Ok(FirstCode { account: id, name, code: Some(code) })
}

fn words(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.word()).collect()
}

/// The id of an account as it stands in an address.
pub fn parse(text: &str) -> Option<AccountId> {
    AccountId::parse(text)
}
