//! The school's accounts of staff: list, add, roles, disable, new code.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::identity::accounts::{self, Account, FirstCode, NewStaff, Refused};
use kehou_db::Failed;
use kehou_domain::access::{ManageAccounts, Role};
use kehou_domain::ids::AccountId;
use serde::Deserialize;

use super::words;
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::Problems;
use crate::seat::Seat;

/// A role to tick: its word, its name, and whether it is ticked.
type Tick = (&'static str, &'static str, bool);

/// Roles that an office gives, in the order of the list.
fn ticks(held: &[Role]) -> Vec<Tick> {
    let given = Role::ALL.into_iter().filter(|role| *role != Role::Guardian);
    given.map(|role| (role.word(), super::role(role), held.contains(&role))).collect()
}

fn roles(words: &[String]) -> Vec<Role> {
    words.iter().filter_map(|word| Role::parse(word)).collect()
}

#[derive(Template)]
#[template(path = "identity/accounts.html")]
struct AccountsPage {
    school: String,
    accounts: Vec<Account>,
    name: String,
    phone: String,
    ticks: Vec<Tick>,
    problems: Problems,
}

impl AccountsPage {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        clippy::unused_self,
        reason = "templates hand in what they iterate over"
    )]
    fn role(&self, role: &Role) -> &'static str {
        super::role(*role)
    }

    fn path(&self, account: &Account) -> String {
        format!("/schools/{}/accounts/{}", self.school, account.id)
    }
}

/// What the page for a new account sends.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct NewForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    roles: Vec<String>,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let form = NewForm { name: String::new(), phone: String::new(), roles: Vec::new() };
    seat.page(&page(&seat, &form, Problems::none()).await?)
}

async fn page(seat: &Seat, form: &NewForm, problems: Problems) -> Result<AccountsPage, Fault> {
    let accounts = seat.read::<ManageAccounts, _>(accounts::list).await?;
    Ok(AccountsPage {
        school: seat.school().code.clone(),
        accounts,
        name: form.name.clone(),
        phone: form.phone.clone(),
        ticks: ticks(&roles(&form.roles)),
        problems,
    })
}

#[derive(Template)]
#[template(path = "identity/first_code.html")]
struct FirstCodePage {
    name: String,
    code: Option<String>,
    back: String,
    back_words: &'static str,
}

/// Adds an account and shows its first code, this once.
pub(super) async fn create(seat: Seat, Form(form): Form<NewForm>) -> Result<Response, Fault> {
    let new = NewStaff { name: form.name.clone(), phone: form.phone.clone(), roles: roles(&form.roles) };
    match seat.scope().act::<ManageAccounts, _, _>(move |tx| accounts::add(tx, &new)).await? {
        Ok(added) => first_code(&seat, added),
        Err(refused) => {
            let problems = refused.into_iter().map(|why| words::account(seat.lang(), why)).collect();
            seat.refused(&page(&seat, &form, problems).await?)
        }
    }
}

fn first_code(seat: &Seat, first: FirstCode) -> Result<Response, Fault> {
    show_code(seat, first, (seat.path("accounts"), "回账号列表"))
}

/// Shows a code this once, with the way back.
pub(crate) fn show_code(
    seat: &Seat,
    first: FirstCode,
    (back, back_words): (String, &'static str),
) -> Result<Response, Fault> {
    let code = first.code.map(|code| super::slips::grouped(&code));
    seat.page(&FirstCodePage { name: first.name, code, back, back_words })
}

#[derive(Template)]
#[template(path = "identity/account_of_staff.html")]
struct StaffPage {
    school: String,
    account: Account,
    ticks: Vec<Tick>,
    is_own: bool,
    verified: String,
    problems: Problems,
}

fn id(text: &str) -> Result<AccountId, Fault> {
    accounts::parse(text).ok_or(Fault::NotFound)
}

pub(super) async fn show(seat: Seat, Path((_, account)): Path<(String, String)>) -> Result<Response, Fault> {
    seat.page(&staff_page(&seat, id(&account)?, None).await?)
}

async fn staff_page(seat: &Seat, id: AccountId, refused: Option<Refused>) -> Result<StaffPage, Fault> {
    let account = seat.read::<ManageAccounts, _>(move |tx| accounts::one(tx, id)).await?;
    let problems = refused.map(|refused| words::account(seat.lang(), refused)).into_iter().collect();
    let (ticks, is_own) = (ticks(&account.roles), id == seat.account());
    Ok(StaffPage {
        school: seat.school().code.clone(),
        account,
        ticks,
        is_own,
        verified: String::new(),
        problems,
    })
}

/// The roles that stay ticked; none disables the account here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RolesForm {
    #[serde(default)]
    roles: Vec<String>,
}

pub(super) async fn update(
    seat: Seat,
    key: Key,
    Path((_, account)): Path<(String, String)>,
    Form(form): Form<RolesForm>,
) -> Result<Response, Fault> {
    let (id, roles) = (id(&account)?, roles(&form.roles));
    let done = seat.write::<ManageAccounts, (), Refused>(&key, move |tx| -> Result<(), Failed<Refused>> {
        accounts::set_roles(tx, id, &roles)
    });
    match done.await? {
        Ok(()) => Ok(see_other(&seat.path("accounts"))),
        Err(refused) => seat.refused(&staff_page(&seat, id, Some(refused)).await?),
    }
}

/// Takes the password away and shows a new code, this once.
pub(super) async fn reset(seat: Seat, Path((_, account)): Path<(String, String)>) -> Result<Response, Fault> {
    let id = id(&account)?;
    match seat.scope().act::<ManageAccounts, _, _>(move |tx| accounts::reset(tx, id)).await? {
        Ok(first) => first_code(&seat, first),
        Err(refused) => seat.refused(&staff_page(&seat, id, Some(refused)).await?),
    }
}

/// How the person was verified whose second factor is taken away.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RemovalForm {
    #[serde(default)]
    verified: String,
}

/// Takes a lost second factor away.
pub(super) async fn remove_factor(
    seat: Seat,
    key: Key,
    Path((_, account)): Path<(String, String)>,
    Form(form): Form<RemovalForm>,
) -> Result<Response, Fault> {
    let (id, verified) = (id(&account)?, form.verified.clone());
    let done =
        seat.write::<ManageAccounts, (), Refused>(&key, move |tx| accounts::remove_factor(tx, id, &verified));
    match done.await? {
        Ok(()) => Ok(see_other(&seat.path(&format!("accounts/{id}")))),
        Err(refused) => {
            let page = staff_page(&seat, id, Some(refused)).await?;
            seat.refused(&StaffPage { verified: form.verified, ..page })
        }
    }
}
