//! First codes on paper: a slip for each guardian of a class, who signs in with it once and sets a password.

use std::collections::BTreeSet;

use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{PrintSlips, Role};
use kehou_domain::identity::{self, Earlier, Printed};
use kehou_domain::ids::{AccountId, ClassId, EntityId};
use kehou_domain::moment;
use kehou_domain::people::class::ClassKey;
use serde::{Deserialize, Serialize};
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
    /// Guardians whose code from an earlier slip of this class still holds.
    pub holding: usize,
}

/// One slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// The account that it opens.
    account: String,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slips {
    /// When they were made, in milliseconds since 1970.
    pub made_at: i64,
    /// The slips.
    pub slips: Vec<Slip>,
    /// Guardians who signed in before and have a password.
    pub ready: usize,
    /// Their names.
    #[serde(default)]
    pub ready_names: Vec<String>,
    /// Guardians whose earlier slip holds still.
    pub kept: usize,
    /// Slips that were made and hold no more: used since, or replaced.
    pub over: usize,
    /// Names of guardians without a phone number.
    pub no_phone: Vec<String>,
    /// Guardians whose slip goes home with a younger child.
    pub elsewhere: Vec<Elsewhere>,
}

/// A guardian whose slip lies in another class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The guardian's name.
    pub guardian: String,
    class: String,
}

impl Elsewhere {
    /// The class of the youngest child, where the slip is printed.
    pub fn class(&self) -> Option<ClassId> {
        ClassId::parse(&self.class)
    }
}

/// No new slip was made: those of so many guardians hold still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AllHold(pub usize);

/// The classes of today, the youngest first.
pub fn class_lines(tx: &mut Tx<PrintSlips>) -> Result<Vec<ClassLine>> {
    let (today, at) = (tx.today(), tx.at());
    let mut lines = rows::class_lines(tx, today)?;
    for (class, _) in rows::codes_that_hold(tx, today, at)? {
        lines.iter_mut().filter(|line| line.class == class).for_each(|line| line.holding += 1);
    }
    Ok(lines)
}

/// Makes new codes for the guardians of a class who have no password yet; a family with children in several classes
/// gets its one slip in the youngest child's. Codes of earlier slips hold, unless they are to end.
///
/// The answer is sealed, so that the same request sent twice shows the same slips and no code can be read in the store.
pub fn print(
    tx: &mut Tx<PrintSlips>,
    class: ClassId,
    earlier: Earlier,
) -> std::result::Result<String, Failed<AllHold>> {
    let made = new_slips(tx, class, earlier)?;
    if made.slips.is_empty() && 0 < made.kept {
        return Err(Failed::Refused(AllHold(made.kept)));
    }
    let facts = json!({
        "slips": made.slips.len(), "ready": made.ready, "kept": made.kept, "elsewhere": made.elsewhere.len()
    });
    tx.event(Event::of::<PrintSlips>(class).facts(facts))?;
    let text = serde_json::to_string(&made).map_err(|why| Error::Engine(why.to_string()))?;
    Ok(tx.seal(&text))
}

/// The slips that were sealed, without those that hold no more: nobody prints dead paper.
pub fn open(tx: &mut Tx<PrintSlips>, sealed: &str) -> Result<Slips> {
    let text = tx.unseal(sealed)?;
    let mut made: Slips = serde_json::from_str(&text).map_err(|why| Error::Engine(why.to_string()))?;
    let held: BTreeSet<AccountId> = rows::codes_made_at(tx, made.made_at)?.into_iter().collect();
    let count = made.slips.len();
    made.slips.retain(|slip| AccountId::parse(&slip.account).is_some_and(|account| held.contains(&account)));
    made.over = count - made.slips.len();
    Ok(made)
}

fn new_slips(tx: &mut SchoolTx, class: ClassId, earlier: Earlier) -> Result<Slips> {
    let (today, at) = (tx.today(), tx.at());
    let mut made = Slips { made_at: moment::millis(at), ..Slips::default() };
    let held = rows::codes_that_hold(tx, today, at)?;
    for guardian in rows::guardians_in_class(tx, class, today)? {
        let Some(phone) = guardian.phone.clone() else {
            made.no_phone.push(guardian.name);
            continue;
        };
        let account = tx.account_for_phone(&phone, &guardian.name)?;
        rows::link_guardian(tx, guardian.id, account)?;
        tx.admit(account, Role::Guardian, Some(EntityId::from_bits(guardian.id.bits())))?;
        let has_code = held.iter().any(|(_, holder)| *holder == account);
        if tx.has_password(account)? {
            made.ready += 1;
            made.ready_names.push(guardian.name);
        } else if guardian.youngest_in != class {
            let class = guardian.youngest_in.to_string();
            made.elsewhere.push(Elsewhere { guardian: guardian.name, class });
        } else if identity::slip_for(has_code, earlier) == Printed::Kept {
            made.kept += 1;
        } else {
            let code = new_code(tx, account)?;
            made.slips.push(slip(guardian, account, &phone, code));
        }
    }
    Ok(made)
}

fn slip(guardian: ClassGuardian, account: AccountId, phone: &str, code: String) -> Slip {
    let phone_end = phone.chars().skip(phone.chars().count().saturating_sub(4)).collect();
    let account = account.to_string();
    Slip { account, guardian: guardian.name, children: guardian.children, phone_end, code }
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
