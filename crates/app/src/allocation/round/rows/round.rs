//! Rounds.

use jiff::SignedDuration;
use kehou_db::{Arg, Error, Result, Row, SchoolTx, hex, sql};
use kehou_domain::allocation::draw::Hash;
use kehou_domain::allocation::round::{Favours, Method, Setup, Times, Way};
use kehou_domain::allocation::{Closing, Rules, Scheme, Siblings, Titles};
use kehou_domain::ids::{RoundId, TermId};
use kehou_domain::plan::SlotId;

use crate::allocation::result::{closing_word, scheme_word, siblings_word, titles_word};
use crate::allocation::round::{Drawn, Round};

/// Makes everyone else who changes the round wait until this transaction ends.
pub(in super::super) fn hold(tx: &mut SchoolTx, id: RoundId) -> Result<()> {
    let sql = sql!("update choice_round set version = version + 1 where school_id = $1 and id = $2");
    match tx.run(sql, &[id.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub(in super::super) fn one(tx: &mut SchoolTx, id: RoundId) -> Result<Round> {
    let sql = sql!(
        "select id, term_id, slot_id, name, way, method, scheme, closing, titles, weekly_limit, hold_minutes,
           opens_at, closes_at, beacon, commitment, announced_at, root, applications, sealed_at, beacon_value, seed,
           drawn_at, published_at, called_off_at, called_off_why, counted_at, version, secret, revealed_at,
           siblings, goes_on, priority_percent, office_seats, beside_siblings
         from choice_round where school_id = $1 and id = $2"
    );
    let (mut round, sealed) = tx.one(sql, &[id.into()], read)?;
    reveal(tx, &mut round, sealed)?;
    Ok(round)
}

/// The rounds of a term, the newest first.
pub(in super::super) fn of_term(tx: &mut SchoolTx, term: TermId) -> Result<Vec<Round>> {
    let sql = sql!(
        "select id, term_id, slot_id, name, way, method, scheme, closing, titles, weekly_limit, hold_minutes,
           opens_at, closes_at, beacon, commitment, announced_at, root, applications, sealed_at, beacon_value, seed,
           drawn_at, published_at, called_off_at, called_off_why, counted_at, version, secret, revealed_at,
           siblings, goes_on, priority_percent, office_seats, beside_siblings
         from choice_round where school_id = $1 and term_id = $2 order by opens_at desc, id desc limit 100"
    );
    let found = tx.all(sql, &[term.into()], read)?;
    let mut rounds = Vec::with_capacity(found.len());
    for (mut round, sealed) in found {
        reveal(tx, &mut round, sealed)?;
        rounds.push(round);
    }
    Ok(rounds)
}

/// The rounds whose window is over and whose applications are not sealed.
pub(in super::super) fn to_seal(tx: &mut SchoolTx) -> Result<Vec<RoundId>> {
    let sql = sql!(
        "select id from choice_round where school_id = $1 and way = 'ranked' and announced_at is not null
           and closes_at <= $2 and sealed_at is null and called_off_at is null order by closes_at limit 50"
    );
    let at = tx.at();
    tx.all(sql, &[at.into()], |row| row.id(0))
}

/// The rounds of terms that are not over and that were not given up, those of one slot together.
pub(in super::super) fn running(tx: &mut SchoolTx) -> Result<Vec<RoundId>> {
    let sql = sql!(
        "select r.id from choice_round r join term t on t.school_id = $1 and t.id = r.term_id and $2 <= t.ends_on
         where r.school_id = $1 and r.called_off_at is null order by r.term_id, r.slot_id, r.id limit 200"
    );
    let today = tx.today();
    tx.all(sql, &[today.into()], |row| row.id(0))
}

fn reveal(tx: &SchoolTx, round: &mut Round, sealed: Option<String>) -> Result<()> {
    let (Some(drawn), Some(sealed)) = (&mut round.drawn, sealed) else { return Ok(()) };
    drawn.secret = Some(bytes(&tx.unseal(&sealed)?, 27)?);
    Ok(())
}

fn read(row: &Row) -> Result<(Round, Option<String>)> {
    let narrow = |column: usize| -> Result<u8> {
        let found = row.count(column)?;
        u8::try_from(found).map_err(|_| Error::Column { column, found: found.to_string() })
    };
    let setup = Setup {
        name: row.text(3)?,
        way: row.word(4, Way::parse)?,
        slot: SlotId(row.text(2)?),
        weekly_limit: narrow(9)?,
        method: row.word(5, Method::parse)?,
        scheme: row.word(6, |word| {
            [Scheme::PerDay, Scheme::One].into_iter().find(|one| scheme_word(*one) == word)
        })?,
        rules: Rules {
            titles: row.word(8, |word| {
                [Titles::Once, Titles::Repeat].into_iter().find(|one| titles_word(*one) == word)
            })?,
            closing: row.word(7, |word| {
                let all = [Closing::Never, Closing::ForGood, Closing::Reopening];
                all.into_iter().find(|one| closing_word(*one) == word)
            })?,
        },
        favours: favours(row)?,
        opens_at: row.at(11)?,
        closes_at: row.at(12)?,
        beacon: row.text(13)?,
        hold: SignedDuration::from_mins(row.int(10)?),
    };
    let times = Times {
        opens_at: setup.opens_at,
        closes_at: setup.closes_at,
        announced_at: row.maybe_at(15)?,
        sealed_at: row.maybe_at(18)?,
        drawn_at: row.maybe_at(21)?,
        published_at: row.maybe_at(22)?,
        called_off_at: row.maybe_at(23)?,
    };
    let sealed = match row.maybe_text(16)? {
        Some(root) => Some((bytes(&root, 16)?, row.count(17)?)),
        None => None,
    };
    let drawn = match (row.maybe_text(20)?, row.maybe_text(19)?) {
        (Some(seed), Some(beacon)) => Some(Drawn { secret: None, beacon, seed }),
        _ => None,
    };
    // the secret is read out once it was revealed; until then it stays sealed
    let secret = if row.maybe_at(28)?.is_some() { row.maybe_text(27)? } else { None };
    let round = Round {
        id: row.id(0)?,
        term: row.id(1)?,
        setup,
        times,
        commitment: row.maybe_text(14)?.map(|text| bytes(&text, 14)).transpose()?,
        sealed,
        drawn,
        called_off_why: row.maybe_text(24)?,
        counted_at: row.maybe_at(25)?,
        version: row.count(26)?,
    };
    Ok((round, secret))
}

fn favours(row: &Row) -> Result<Favours> {
    let wrong = |column: usize, found: i64| Error::Column { column, found: found.to_string() };
    let percent = row.maybe_int(31)?;
    let percent = percent.map(|found| u8::try_from(found).map_err(|_| wrong(31, found))).transpose()?;
    let office = row.int(32)?;
    Ok(Favours {
        siblings: row.word(29, |word| {
            [Siblings::Apart, Siblings::Together].into_iter().find(|one| siblings_word(*one) == word)
        })?,
        goes_on: row.flag(30)?,
        priority_percent: percent,
        office_seats: u16::try_from(office).map_err(|_| wrong(32, office))?,
        beside: row.flag(33)?,
    })
}

/// 32 bytes written in hexadecimal.
fn bytes(text: &str, column: usize) -> Result<Hash> {
    crate::allocation::round::draw::hash(text).ok_or(Error::Column { column, found: text.to_owned() })
}

pub(in super::super) fn add(tx: &mut SchoolTx, id: RoundId, term: TermId, setup: &Setup) -> Result<()> {
    let sql = sql!(
        "insert into choice_round (school_id, id, slot_id, name, way, method, scheme, closing, titles, weekly_limit,
           hold_minutes, opens_at, closes_at, beacon, siblings, goes_on, priority_percent, office_seats,
           beside_siblings, term_id, made_by, made_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
           1)"
    );
    let mut args = columns(id, setup);
    args.extend([term.into(), tx.account().into(), tx.at().into()]);
    tx.run(sql, &args).map(drop)
}

pub(in super::super) fn change(tx: &mut SchoolTx, id: RoundId, setup: &Setup) -> Result<()> {
    let sql = sql!(
        "update choice_round set slot_id = $3, name = $4, way = $5, method = $6, scheme = $7, closing = $8,
           titles = $9, weekly_limit = $10, hold_minutes = $11, opens_at = $12, closes_at = $13, beacon = $14,
           siblings = $15, goes_on = $16, priority_percent = $17, office_seats = $18, beside_siblings = $19
         where school_id = $1 and id = $2"
    );
    tx.run(sql, &columns(id, setup)).map(drop)
}

/// The columns from `$2` on that a draft and its changes share.
fn columns(id: RoundId, setup: &Setup) -> Vec<Arg> {
    vec![
        id.into(),
        setup.slot.as_str().into(),
        setup.name.trim().into(),
        setup.way.word().into(),
        setup.method.word().into(),
        scheme_word(setup.scheme).into(),
        closing_word(setup.rules.closing).into(),
        titles_word(setup.rules.titles).into(),
        u32::from(setup.weekly_limit).into(),
        setup.hold.as_mins().max(1).into(),
        setup.opens_at.into(),
        setup.closes_at.into(),
        setup.beacon.trim().into(),
        siblings_word(setup.favours.siblings).into(),
        i64::from(setup.favours.goes_on).into(),
        setup.favours.priority_percent.map(i64::from).into(),
        u32::from(setup.favours.office_seats).into(),
        setup.favours.beside.into(),
    ]
}

pub(in super::super) fn is_committed(tx: &mut SchoolTx, hash: Hash) -> Result<bool> {
    let sql = sql!("select id from choice_round where school_id = $1 and commitment = $2");
    let found = tx.maybe(sql, &[hex(&hash).into()], |row| row.id::<RoundId>(0))?;
    Ok(found.is_some())
}

/// What other rounds committed to and drew with.
pub(in super::super) fn drawn_with(tx: &mut SchoolTx, id: RoundId) -> Result<Vec<Hash>> {
    let sql = sql!(
        "select commitment from choice_round
         where school_id = $1 and drawn_at is not null and id <> $2 and commitment is not null limit 1000"
    );
    tx.all(sql, &[id.into()], |row| bytes(&row.text(0)?, 0))
}

pub(in super::super) fn announce(
    tx: &mut SchoolTx,
    id: RoundId,
    hash: Hash,
    secret: Option<&str>,
) -> Result<()> {
    let sql = sql!(
        "update choice_round set commitment = $3, secret = $4, announced_at = $5 where school_id = $1 and id = $2"
    );
    let at = tx.at();
    tx.run(sql, &[id.into(), hex(&hash).into(), secret.into(), at.into()]).map(drop)
}

/// The secret as it is kept, sealed; nothing where the school keeps it itself.
pub(in super::super) fn kept_secret(tx: &mut SchoolTx, id: RoundId) -> Result<Option<String>> {
    let sql = sql!("select secret from choice_round where school_id = $1 and id = $2");
    tx.one(sql, &[id.into()], |row| row.maybe_text(0))
}

pub(in super::super) fn seal(tx: &mut SchoolTx, id: RoundId, root: Hash, count: usize) -> Result<()> {
    let sql = sql!(
        "update choice_round set root = $3, applications = $4, sealed_at = $5 where school_id = $1 and id = $2"
    );
    let (at, count) = (tx.at(), i64::try_from(count).unwrap_or(i64::MAX));
    tx.run(sql, &[id.into(), hex(&root).into(), count.into(), at.into()]).map(drop)
}

/// What the draw made known; the secret is kept sealed, and read out from now on where it was revealed in time.
pub(in super::super) fn draw(tx: &mut SchoolTx, id: RoundId, drawn: &Drawn) -> Result<()> {
    let sql = sql!(
        "update choice_round set secret = $3, revealed_at = $4, beacon_value = $5, seed = $6, drawn_at = $7
         where school_id = $1 and id = $2"
    );
    let at = tx.at();
    let secret = drawn.secret.map(|secret| tx.seal(&hex(&secret)));
    let revealed = secret.as_ref().map(|_| at);
    let args = [
        id.into(),
        secret.into(),
        revealed.into(),
        drawn.beacon.trim().into(),
        drawn.seed.as_str().into(),
        at.into(),
    ];
    tx.run(sql, &args).map(drop)
}

pub(in super::super) fn publish(tx: &mut SchoolTx, id: RoundId) -> Result<()> {
    let sql = sql!("update choice_round set published_at = $3 where school_id = $1 and id = $2");
    let at = tx.at();
    tx.run(sql, &[id.into(), at.into()]).map(drop)
}

pub(in super::super) fn call_off(tx: &mut SchoolTx, id: RoundId, why: &str) -> Result<()> {
    let sql = sql!(
        "update choice_round set called_off_at = $3, called_off_why = $4 where school_id = $1 and id = $2"
    );
    let at = tx.at();
    tx.run(sql, &[id.into(), at.into(), why.into()])?;
    tx.run(sql!("delete from seat where school_id = $1 and round_id = $2"), &[id.into()]).map(drop)
}

pub(in super::super) fn count(tx: &mut SchoolTx, id: RoundId) -> Result<()> {
    let sql = sql!("update choice_round set counted_at = $3 where school_id = $1 and id = $2");
    let at = tx.at();
    tx.run(sql, &[id.into(), at.into()]).map(drop)
}
