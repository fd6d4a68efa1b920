//! The school chooses for families who cannot do so themselves: without a phone, or with a slip of paper in hand (F11).

use std::collections::BTreeMap;

use kehou_db::{Result, SchoolTx, Tx};
use kehou_domain::access::EnterWishes;
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::Stage;
use kehou_domain::ids::{ClassId, RoundId, StudentId};
use kehou_domain::people::class::ClassKey;

use super::choose::in_sight;
use super::family::one;
use super::rows::{children, lists, round as rows};
use super::{ChildRound, Round, Rounds, known};
use crate::catalogue::{self, Setting};
use crate::people;

/// A round with the children for whom the acting member may choose.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The round.
    pub round: Round,
    /// Its term, with the plan.
    pub setting: Setting,
    /// Where it stands.
    pub stage: Stage,
    /// The children who stay in the slot, class by class, then by name.
    pub children: Vec<DeskChild>,
}

/// A child for whom wishes can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskChild {
    /// The child.
    pub student: StudentId,
    /// Its name.
    pub name: String,
    /// Its class: id, year of entry and number.
    pub class: Option<(ClassId, ClassKey)>,
    /// How many wishes stand, and whether the school wrote them; nothing before the first.
    pub wishes: Option<(usize, bool)>,
}

/// One child's round, with the name and the plan.
#[derive(Debug, Clone)]
pub struct ForDesk {
    /// The child's name.
    pub name: String,
    /// The term with the plan.
    pub setting: Setting,
    /// The round before the child; what the draw made of its wishes is for the family.
    pub one: ChildRound,
}

/// The rounds of the term that were made known; nothing before the school has a term.
pub fn at_desk_of(tx: &mut Tx<EnterWishes>) -> Result<Option<Rounds>> {
    let Some(setting) = catalogue::setting(tx, None)? else { return Ok(None) };
    let mut rounds = rows::of_term(tx, setting.term.id)?;
    rounds.retain(|round| round.times.announced_at.is_some());
    Ok(Some(Rounds { setting, rounds }))
}

/// The children of a round: a homeroom teacher's own class, or every class.
pub fn at_desk(tx: &mut Tx<EnterWishes>, id: RoundId) -> Result<Desk> {
    let round = known(tx, id)?;
    let bound = people::bound_classes(tx)?;
    let today = tx.today();
    let mut found = children::in_slot(tx, (round.term, &round.setup.slot), today)?;
    found.retain(|(_, class)| {
        bound.as_ref().is_none_or(|own| class.is_some_and(|class| own.contains(&class)))
    });
    let written: BTreeMap<StudentId, (usize, bool)> = lists::of_round(tx, id)?
        .into_iter()
        .map(|stored| (stored.student, (stored.list.count(), stored.is_by_office)))
        .collect();
    let mut children: Vec<DeskChild> = found
        .into_iter()
        .map(|(child, class)| DeskChild {
            student: child.id,
            wishes: written.get(&child.id).copied(),
            name: child.name,
            class: class.zip(child.class),
        })
        .collect();
    children.sort_by(|one, other| order(one).cmp(&order(other)));
    Ok(Desk { setting: setting(tx, &round)?, stage: round.stage(tx.at()), children, round })
}

/// Younger classes first, as a school lists them.
fn order(child: &DeskChild) -> (std::cmp::Reverse<i16>, u8, &str, StudentId) {
    let (year, number) = child.class.map_or((i16::MIN, 0), |(_, key)| (key.entered_year, key.class_no));
    (std::cmp::Reverse(year), number, &child.name, child.student)
}

/// One child before the round; somebody else's child is not there.
pub fn for_desk(tx: &mut Tx<EnterWishes>, (id, student): (RoundId, StudentId)) -> Result<ForDesk> {
    in_sight(tx, student)?;
    let round = known(tx, id)?;
    let (setting, today) = (setting(tx, &round)?, tx.today());
    let name = children::one(tx, student, today)?.name;
    let found = one(tx, round, student)?;
    let one = ChildRound { answers: Vec::new(), receipt: None, by: Channel::Office, ..found };
    Ok(ForDesk { name, setting, one })
}

fn setting(tx: &mut SchoolTx, round: &Round) -> Result<Setting> {
    catalogue::setting(tx, Some(round.term))?.ok_or(kehou_db::Error::NotFound)
}
