//! What a guardian reads for one's own child (D10).

use kehou_db::{Result, Tx};
use kehou_domain::access::ReadCatalogue;
use kehou_domain::ids::StudentId;
use kehou_domain::people::Sex;

use super::{Catalogue, Status, catalogue, rows};
use crate::people;

/// The catalogue as one child's family reads it.
#[derive(Debug, Clone)]
pub struct ForChild {
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub name: String,
    /// The child's sex, as the roster has it.
    pub sex: Sex,
    /// The child's grade in the term; nothing without a class.
    pub grade: Option<u8>,
    /// The published offerings; nothing before the school has a term.
    pub catalogue: Option<Catalogue>,
}

/// The published offerings for one's own child; somebody else's child is not there.
pub fn for_child(tx: &mut Tx<ReadCatalogue>, student: StudentId) -> Result<ForChild> {
    let own = people::own_child(tx, student)?;
    let catalogue = catalogue(tx, None, |status| status == Status::Published)?;
    let today = tx.today();
    let day = catalogue.as_ref().map_or(today, |catalogue| {
        today.clamp(catalogue.setting.term.starts_on, catalogue.setting.term.ends_on)
    });
    let (name, sex, class) = rows::child(tx, own.student(), today)?;
    let grade = class.and_then(|class| class.grade_on(day));
    Ok(ForChild { student, name, sex, grade, catalogue })
}
