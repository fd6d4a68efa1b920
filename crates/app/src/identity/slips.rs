//! First codes on paper: a slip for each guardian of a class, who signs in with it once and sets a password.

use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{PrintSlips, Role};
use kehou_domain::identity;
use kehou_domain::ids::{AccountId, ClassId, EntityId};
use kehou_domain::people::class::ClassKey;
use serde_json::json;

use super::factor;
use super::rows::{self, ClassGuardian};

/// A class whose slips can be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassLine {
    /// The class.
    pub class: ClassId,
    /// Stage, year of entry and number, as the store keeps them.
    pub key: ClassKey,
    /// Guardians of its pupils.
    pub guardians: i64,
    /// Those of them who have set a password, and need no slip.
    pub ready: i64,
}

/// One slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The guardian's name.
    pub guardian: String,
    /// The children's names.
    pub children: Vec<String>,
    /// The last four digits of the phone number that signs in.
    pub phone_end: String,
    /// Eight digits, shown this once.
    pub code: String,
}

/// The slips of a class, and who gets none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slips {
    /// The slips.
    pub slips: Vec<Slip>,
    /// Guardians who signed in before and have a password.
    pub ready: usize,
    /// Names of guardians without a phone number.
    pub no_phone: Vec<String>,
    /// Guardians whose slip goes home with a younger child, with that child's class.
    pub elsewhere: Vec<(String, ClassKey)>,
}

/// The classes of today, the youngest first.
pub fn class_lines(tx: &mut Tx<PrintSlips>) -> Result<Vec<ClassLine>> {
    let today = tx.today();
    rows::class_lines(tx, today)
}

/// Makes new codes for the guardians of a class who have no password yet. Codes of earlier slips are worth nothing
/// from then on, so a family with children in several classes gets its one slip in the youngest child's. Not to be called under a key: the answer holds the codes, which are kept nowhere.
pub fn print<R>(tx: &mut Tx<PrintSlips>, class: ClassId) -> std::result::Result<Slips, Failed<R>> {
    let today = tx.today();
    let mut made = Slips::default();
    for guardian in rows::guardians_in_class(tx, class, today)? {
        let Some(phone) = guardian.phone.clone() else {
            made.no_phone.push(guardian.name);
            continue;
        };
        let account = tx.account_for_phone(&phone, &guardian.name)?;
        rows::link_guardian(tx, guardian.id, account)?;
        tx.admit(account, Role::Guardian, Some(EntityId::from_bits(guardian.id.bits())))?;
        let (youngest_in, key) = guardian.youngest_in;
        if tx.has_password(account)? {
            made.ready += 1;
        } else if youngest_in != class {
            made.elsewhere.push((guardian.name, key));
        } else {
            let code = new_code(tx, account)?;
            made.slips.push(slip(guardian, &phone, code));
        }
    }
    let facts = json!({ "slips": made.slips.len(), "ready": made.ready, "elsewhere": made.elsewhere.len() });
    tx.event(Event::of::<PrintSlips>(class).facts(facts))?;
    Ok(made)
}

fn slip(guardian: ClassGuardian, phone: &str, code: String) -> Slip {
    let phone_end = phone.chars().skip(phone.chars().count().saturating_sub(4)).collect();
    Slip { guardian: guardian.name, children: guardian.children, phone_end, code }
}

/// A new one-time code for an account: eight digits.
pub(super) fn new_code(tx: &mut SchoolTx, account: AccountId) -> Result<String> {
    let number = u64::from_be_bytes(factor::random::<8>()?) % 100_000_000;
    let code = format!("{number:08}");
    let expires_at =
        tx.at().checked_add(identity::FIRST_CODE_HOLDS).map_err(|why| Error::Engine(why.to_string()))?;
    tx.keep_code(account, &code, expires_at)?;
    Ok(code)
}
