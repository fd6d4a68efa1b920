//! The office declares of which offerings no child has both, and takes it back: only while no round on its way offers one
//! of them, so that the rules of a round stay what families read.

use std::collections::BTreeSet;

use kehou_db::{Error, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::KeepOfferings;
use kehou_domain::allocation::round::{ApartRefused, Declared, may_keep_apart, may_let_together};
use kehou_domain::ids::{OfferingId, RoundId};

use super::rows::{offered, round as rows};
use crate::catalogue::{self, Offering};

/// Two offerings of a term.
type Pair = (OfferingId, OfferingId);

/// From now on no child has both. Who has both already keeps them.
pub fn keep_apart(
    tx: &mut Tx<KeepOfferings>,
    (one, other): Pair,
) -> std::result::Result<(), Failed<ApartRefused>> {
    let (one, other) = (catalogue::held(tx, one)?, catalogue::held(tx, other)?);
    if one.term != other.term {
        return Err(Failed::Fault(Error::NotFound));
    }
    let rounds = choosing(tx, (one.id, other.id))?;
    may_keep_apart(declared(&one), declared(&other), rounds).map_err(Failed::Refused)?;

    Ok(catalogue::keep_apart(tx, (one.id, other.id))?)
}

/// A child may have both again.
pub fn let_together(tx: &mut Tx<KeepOfferings>, pair: Pair) -> std::result::Result<(), Failed<ApartRefused>> {
    let one = catalogue::held(tx, pair.0)?;
    if !one.apart.contains(&pair.1) {
        return Err(Failed::Fault(Error::NotFound));
    }
    may_let_together(choosing(tx, pair)?).map_err(Failed::Refused)?;

    Ok(catalogue::let_together(tx, pair)?)
}

fn declared(one: &Offering) -> Declared<'_> {
    Declared { id: one.id, status: one.status, details: &one.details }
}

/// How many rounds on their way offer one of the two.
fn choosing(tx: &mut SchoolTx, (one, other): Pair) -> Result<usize> {
    let mut rounds: BTreeSet<RoundId> = BTreeSet::new();
    for id in [one, other] {
        rounds.extend(offered::rounds_with(tx, id)?.into_iter().map(|(round, _)| round));
    }
    let mut count = 0;
    for id in rounds {
        count += usize::from(rows::one(tx, id)?.stage(tx.at()).gives_seats());
    }
    Ok(count)
}
