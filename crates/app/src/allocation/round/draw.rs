//! Sealing the applications and holding the draw.

use std::collections::{BTreeMap, BTreeSet};

use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx, hex, unhex};
use kehou_domain::access::KeepRounds;
use kehou_domain::allocation::draw::{self, DrawRefused, Hash, Leaf, Reveal, Secret, Side, Tree};
use kehou_domain::allocation::round::{LONGEST_BEACON, Method, StepRefused, may_draw, may_seal};
use kehou_domain::allocation::{Beside, Reasons, Seed, Siblings, Tickets, beside};
use kehou_domain::ids::{OfferingId, RoundId, StudentId};
use kehou_domain::people::flag::Flag;
use kehou_domain::plan::PriorityGroup;
use kehou_domain::typed::is_longer;
use serde_json::json;

use super::answer::{Answer, AnswerCutoff};
use super::market::{self, Known};
use super::rows::{children, lists, offered, round as rows, seats};
use super::siblings::{self, Goes};
use super::{Drawn, Offered, Outcome, Round, held};
use crate::allocation::{Made, Mode, ResultFile, School, Setting, file};
use crate::catalogue;

/// What the office types for the draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// The public value that was named in advance.
    pub beacon: String,
    /// The secret, where the school kept it itself.
    pub secret: Option<Hash>,
}

/// Why the draw is not held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrawFailed {
    /// The step.
    Step(StepRefused),
    /// The draw itself.
    Draw(DrawRefused),
    /// The public value is longer than anybody can compare.
    BeaconTooLong,
}

/// Seals the applications: from now on nobody can change, add or take away one without being seen. The market is
/// written down as a file, its root and the number of applications are made known.
pub fn seal(tx: &mut Tx<KeepRounds>, id: RoundId) -> std::result::Result<(), Failed<StepRefused>> {
    let round = held(tx, id)?;
    may_seal(round.setup.way, round.stage(tx.at())).map_err(Failed::Refused)?;
    let offered = offered::of_round(tx, round.term, id)?;
    let lists = lists::of_round(tx, id)?;
    let known = known(tx, &round, &offered)?;

    let applications = market::applications(&round, &offered, &lists, &known);
    let salts: BTreeMap<StudentId, &str> = lists.iter().map(|one| (one.student, one.salt.as_str())).collect();
    let leaves: Vec<Leaf> = applications.iter().map(|(child, line)| leaf(salts[child], line)).collect();
    let tree = Tree::over(leaves.iter().copied());
    let sealed: Vec<lists::Sealed> = applications
        .iter()
        .zip(&leaves)
        .map(|((student, line), leaf)| {
            let proof = tree.proof(*leaf).map(|proof| way(&proof.path)).unwrap_or_default();
            lists::Sealed { student: *student, application: line.clone(), proof }
        })
        .collect();
    lists::seal(tx, id, &sealed)?;
    lists::record_market(tx, id, &market::file(&round, &offered, &applications))?;
    super::choose::count_now(tx, id)?;
    rows::seal(tx, id, tree.root(), tree.count())?;
    let facts = json!({ "root": hex(&tree.root()), "applications": tree.count() });
    tx.event(Event::new("SealRound", id).facts(facts))?;
    Ok(())
}

/// Seals every round whose window is over; says how many.
pub fn seal_due(tx: &mut Tx<KeepRounds>) -> std::result::Result<u32, Failed<StepRefused>> {
    let due = rows::to_seal(tx)?;
    let mut count = 0;
    for id in due {
        seal(tx, id)?;
        count += 1;
    }
    Ok(count)
}

/// What goes into the tree for an application: its line in the market's file, behind the salt of the receipt.
pub(super) fn leaf(salt: &str, line: &str) -> Leaf {
    let bytes = unhex(salt).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
    Leaf::of(bytes, line.as_bytes())
}

/// The way to the root: `l` or `r` for the neighbour's side, and its hash.
fn way(path: &[(Side, Hash)]) -> String {
    let step = |(side, hash): &(Side, Hash)| {
        let side = match side {
            Side::Left => 'l',
            Side::Right => 'r',
        };
        format!("{side}{}", hex(hash))
    };
    path.iter().map(step).collect::<Vec<_>>().join(" ")
}

fn known(tx: &mut SchoolTx, round: &Round, offered: &[Offered]) -> Result<Known> {
    let today = tx.today();
    let mut known = Known::default();
    for child in children::of_round(tx, round.id, today)? {
        let grade = child.class.and_then(|class| class.grade_on(today));
        known.children.insert(child.id, (child, grade));
    }
    for (student, weekday) in children::staying(tx, (round.term, &round.setup.slot), today)? {
        known.stays.entry(student).or_default().push(weekday);
    }
    let mut seated = BTreeSet::new();
    for seat in seats::of_slot(tx, round.term, &round.setup.slot)? {
        let title = offered.iter().find(|one| one.id == seat.offering);
        let title = title.map_or_else(String::new, |one| one.details.title.clone());
        known.has.entry(seat.student).or_default().push((seat.weekday, title));
        if seated.insert((seat.student, seat.offering)) {
            known.offerings.entry(seat.student).or_default().push(seat.offering);
            *known.already.entry(seat.student).or_default() += 1;
        }
    }
    if round.setup.favours.siblings == Siblings::Together || round.setup.favours.beside {
        known.guardians = children::guardians(tx, round.id)?;
    }
    if round.setup.favours.goes_on {
        for (student, title) in seats::titles_before(tx, round.term)? {
            known.before.entry(student).or_default().push(title);
        }
    }
    let first = priority_groups(tx, round)?;
    for (student, flag) in children::flags(tx)? {
        if first.contains(&flag) {
            known.first.entry(student).or_default().push(flag);
        }
    }
    Ok(known)
}

/// The groups that the plan of the term puts first (B4).
fn priority_groups(tx: &mut SchoolTx, round: &Round) -> Result<Vec<Flag>> {
    let setting = catalogue::setting(tx, Some(round.term))?.ok_or(Error::NotFound)?;
    let plan = setting.plan.ok_or(Error::NotFound)?;
    let flag = |group: &PriorityGroup| match group {
        PriorityGroup::LeftBehind => Flag::LeftBehind,
        PriorityGroup::MigrantWorkers => Flag::Migrant,
        PriorityGroup::Disabled => Flag::Disabled,
        PriorityGroup::Poor => Flag::Hardship,
    };
    Ok(plan.joining.priority.iter().map(flag).collect())
}

/// Holds the draw: the secret and the public value make the seed, the seed makes the tickets, the tickets make the
/// seats. Families are told by [`super::publish()`], once the office has looked at it.
pub fn draw(
    tx: &mut Tx<KeepRounds>,
    id: RoundId,
    typed: &Draw,
) -> std::result::Result<(), Failed<DrawFailed>> {
    let round = held(tx, id)?;
    may_draw(round.setup.way, round.stage(tx.at())).map_err(|why| Failed::Refused(DrawFailed::Step(why)))?;
    if is_longer(&typed.beacon, LONGEST_BEACON) {
        return Err(Failed::Refused(DrawFailed::BeaconTooLong));
    }
    let (seed, secret) = seed(tx, &round, typed)?;
    let offered = offered::of_round(tx, round.term, id)?;
    let (market, _) = lists::record(tx, id)?.ok_or(Error::NotFound)?;
    let school = market_of(&market)?;
    let setting = setting(&round, seed);
    let made = Made::of(&school, &setting);

    let numbers: BTreeMap<u64, StudentId> =
        lists::of_round(tx, id)?.into_iter().map(|one| (one.number, one.student)).collect();
    let given = seats_of(&made, &offered, &numbers);
    seats::give(tx, &round, &given)?;
    let going = if round.setup.favours.beside { going(&made, &setting, &numbers) } else { Vec::new() };
    lists::answer(tx, id, &answers(&made, &numbers, &going)?)?;
    let outcomes = outcomes(&made);
    offered::settle(tx, id, &outcomes)?;
    siblings::seat(tx, &round, &offered, &going)?;
    lists::record_result(tx, id, &result(&made, &setting)?)?;
    let drawn = Drawn { secret, beacon: typed.beacon.trim().to_owned(), seed: hex(setting.seed.bytes()) };
    rows::draw(tx, id, &drawn)?;
    tx.event(Event::new("DrawRound", id).facts(json!({
        "seed": drawn.seed, "beacon": drawn.beacon, "seats": outcomes.iter().map(|one| one.admitted).sum::<u32>(),
    })))?;
    Ok(())
}

fn seed(
    tx: &mut SchoolTx,
    round: &Round,
    typed: &Draw,
) -> std::result::Result<(Seed, Option<Hash>), Failed<DrawFailed>> {
    let (Some(commitment), Some((root, _))) = (round.commitment, round.sealed) else {
        return Err(Failed::Fault(Error::NotFound));
    };
    let kept = match rows::kept_secret(tx, round.id)? {
        Some(sealed) => hash(&tx.unseal(&sealed)?),
        None => None,
    };
    let secret = kept.or(typed.secret);
    let (term, id, code) = (round.term.to_string(), round.id.to_string(), tx.school().code.clone());
    let of = draw::Round {
        school: &code,
        term: &term,
        round: &id,
        commitment,
        root,
        closed_at: round.times.closes_at,
    };
    let (at, drawn) = (tx.at(), rows::drawn_with(tx, round.id)?);
    let reveal = secret.map(|secret| Reveal { secret: Secret(secret), at });
    let seed = draw::seed(&of, reveal, typed.beacon.trim(), &drawn, at)
        .map_err(|why| Failed::Refused(DrawFailed::Draw(why)))?;
    let in_time = at <= round.times.reveal_until();
    Ok((seed, secret.filter(|_| in_time)))
}

/// 32 bytes written in hexadecimal.
pub fn hash(text: &str) -> Option<Hash> {
    unhex(text)?.try_into().ok()
}

/// The market of a record; the service wrote it itself.
pub(super) fn market_of(text: &str) -> Result<School> {
    let schools = file::read(text.as_bytes());
    let broken = |why: String| Error::Engine(format!("the record of a round cannot be read: {why}"));
    let schools = schools.map_err(|problems| broken(format!("{problems:?}")))?;
    schools.into_iter().next().ok_or_else(|| broken("it has no school".to_owned()))
}

pub(super) fn setting(round: &Round, seed: Seed) -> Setting {
    let mode = match round.setup.method {
        Method::Deferred => Mode::Deferred,
        Method::MostSeats => Mode::MostSeats,
    };
    let tickets = Tickets { scheme: round.setup.scheme, siblings: round.setup.favours.siblings };
    Setting { mode, seed, tickets, rules: round.setup.rules }
}

/// A seat for each day of what a child was given.
fn seats_of(
    made: &Made<'_>,
    offered: &[Offered],
    numbers: &BTreeMap<u64, StudentId>,
) -> Vec<(StudentId, i8, OfferingId)> {
    let market = &made.school.market;
    let mut seats = Vec::new();
    for (at, applicant) in market.applicants().iter().enumerate() {
        for wish in market.wishes_of(at).filter(|wish| made.allocation.has()[*wish]) {
            let one = &offered[market.wishes()[wish].offering as usize];
            let days = one.listed.days.iter().map(u8::cast_signed);
            seats.extend(days.map(|day| (numbers[&applicant.number], day, one.id)));
        }
    }
    seats
}

/// Who goes where a sibling is.
fn going(made: &Made<'_>, setting: &Setting, numbers: &BTreeMap<u64, StudentId>) -> Vec<Goes> {
    let market = &made.school.market;
    let goes = |one: Beside| Goes {
        student: numbers[&market.applicants()[one.applicant].number],
        from: one.from,
        to: one.to,
    };
    beside(market, setting.rules, &made.allocation).into_iter().map(goes).collect()
}

fn answers(
    made: &Made<'_>,
    numbers: &BTreeMap<u64, StudentId>,
    going: &[Goes],
) -> Result<Vec<(StudentId, String)>> {
    let market = &made.school.market;
    let reasons = Reasons::of(market, &made.lots, made.titles, &made.allocation);
    let mut answers = Vec::with_capacity(market.applicants().len());
    for (at, applicant) in market.applicants().iter().enumerate() {
        let mut own = Vec::new();
        reasons.tell(at, |explained| own.push(Answer::of(&explained)));
        let student = numbers[&applicant.number];
        going.iter().filter(|one| one.student == student).for_each(|one| siblings::answer(&mut own, *one));
        let text = serde_json::to_string(&own).map_err(|why| Error::Engine(why.to_string()))?;
        answers.push((student, text));
    }
    Ok(answers)
}

fn outcomes(made: &Made<'_>) -> Vec<Outcome> {
    let closed = made.allocation.closed();
    let outcome = |(offering, standing): (u32, &kehou_domain::allocation::Standing)| Outcome {
        admitted: standing.admitted,
        cutoff: AnswerCutoff::of(standing.cutoff),
        closed: (1..)
            .zip(closed)
            .find(|(_, one)| one.offering == offering)
            .map(|(order, one)| (order, one.children)),
    };
    (0..).zip(made.allocation.standings()).map(outcome).collect()
}

/// The result as a file.
fn result(made: &Made<'_>, setting: &Setting) -> Result<String> {
    let mut bytes = Vec::new();
    let mut file = ResultFile::begin(&mut bytes, setting, 1);
    let written = file.add(made).and_then(|()| file.finish());
    written.map_err(|why| Error::Engine(why.to_string()))?;
    String::from_utf8(bytes).map_err(|why| Error::Engine(why.to_string()))
}
