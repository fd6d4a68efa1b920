//! Ranked wishes of 40,000 families in ten minutes, 24,000 of them in the first, with a power cut in the middle.

use std::time::Duration;

use anyhow::{Context as _, Result};
use kehou_domain::allocation::round::Way;

use super::drive::{self, Landed, Shot};
use super::school::CLUBS;
use super::served::Service;
use super::town::Town;

/// Schools of the town.
const SCHOOLS: usize = 40;
/// Families of a school.
const FAMILIES: usize = 1_000;
/// The whole time.
const SPAN: Duration = Duration::from_mins(10);
/// How many families come in the first minute.
const EARLY: usize = 24_000;
/// Every so manieth family changes its wishes later on.
const CHANGES: usize = 4;
/// When the service is killed.
const CUT: Duration = Duration::from_mins(5);
/// Connections that are open at the same time.
const CONNECTIONS: usize = 128;
/// The number of the first school, away from those of a demo.
const FIRST: usize = 1_000;

/// A form of a family.
struct Sent {
    /// Which family.
    family: usize,
    shot: Shot,
}

pub(super) fn bench(engine: &str, database: Option<&str>) -> Result<()> {
    let town = Town::build(database, (FIRST, SCHOOLS), (FAMILIES, Way::Ranked))?;
    let sent = plan(&town);
    let shots: Vec<Shot> = sent.iter().map(|one| one.shot.clone()).collect();
    let mut service = Service::start(&town)?;
    let before = service.running.cpu()?;
    let host = service.host.clone();
    let (landed, cpu) = std::thread::scope(|scope| {
        let driven = scope.spawn(|| drive::fire(&host, CONNECTIONS, &shots));
        std::thread::sleep(CUT);
        let cpu = service.running.cpu()?.saturating_sub(before);
        service.cut_short(&town)?;
        let landed = driven.join().ok().context("the driver fell over")?;
        anyhow::Ok((landed, cpu))
    })?;
    drop(service);
    let until_cut = shots.iter().filter(|shot| shot.at < CUT).count();
    println!(
        "| wishes ({engine}) | {} forms of {} families, {} µs CPU each until the cut | 40,000 families in ten minutes |",
        shots.len(),
        town.families.len(),
        (cpu / u32::try_from(until_cut)?).as_micros()
    );
    let minute = Duration::from_mins(1);
    let p99 = |from: Duration, to: Duration| {
        let of = shots.iter().zip(&landed).filter(|(shot, _)| (from..to).contains(&shot.at));
        drive::percentile(&of.map(|(_, one)| one.took).collect::<Vec<_>>(), 99).as_millis()
    };
    println!("| p99 of the first minute | {} ms | ≤ 1 s |", p99(Duration::ZERO, minute));
    println!("| p99 after it, power cut included | {} ms | ≤ 200 ms |", p99(minute, SPAN));
    println!("| | {} | none refused, none lost |", kept(&town, &sent, &landed)?);
    Ok(())
}

/// Who sends what, in the order of time: the first wish of every family, and for some a second one later.
fn plan(town: &Town) -> Vec<Sent> {
    let count = town.families.len();
    let mut sent = Vec::new();
    for turn in 0..count {
        // a step that shares no factor with the number of families visits each of them once
        let family = turn * 7_919 % count;
        let first = arrival(turn, count);
        sent.push(form(town, (family, 0), first));
        if turn % CHANGES == 0 {
            let later = first + SPAN.saturating_sub(first) * u32::try_from(turn % 97 + 1).unwrap_or(1) / 100;
            sent.push(form(town, (family, 1), later));
        }
    }
    sent.sort_by_key(|one| one.shot.at);
    sent
}

/// When the family of this turn comes: evenly within the first minute, and evenly within the rest.
fn arrival(turn: usize, count: usize) -> Duration {
    let minute = Duration::from_mins(1);
    let part = |span: Duration, at: usize, of: usize| span.mul_f64(ratio(at, of));
    if turn < EARLY {
        part(minute, turn, EARLY)
    } else {
        minute + part(SPAN.saturating_sub(minute), turn - EARLY, count - EARLY)
    }
}

fn ratio(at: usize, of: usize) -> f64 {
    f64::from(u32::try_from(at).unwrap_or(u32::MAX)) / f64::from(u32::try_from(of.max(1)).unwrap_or(u32::MAX))
}

/// The form with which a family adds a club to its wishes: another one the second time.
fn form(town: &Town, (number, time): (usize, usize), at: Duration) -> Sent {
    let family = &town.families[number];
    let school = &town.schools[family.school];
    let (place, weekday) = school.clubs[wanted(number, time)];
    let fields =
        [("key", format!("{number}.{time}")), ("day", weekday.to_string()), ("add", place.to_string())];
    let shot = Shot {
        at,
        token: family.token.clone(),
        path: format!("/children/{}/choices/{}", family.child, school.round),
        fields: fields.map(|(name, value)| (name.to_owned(), value)).to_vec(),
    };
    Sent { family: number, shot }
}

/// Which club of the list.
fn wanted(number: usize, time: usize) -> usize {
    (number + time * CLUBS / 2) % CLUBS
}

/// Compares what was acknowledged with what the store holds.
fn kept(town: &Town, sent: &[Sent], landed: &[Landed]) -> Result<String> {
    let mut wishes = vec![0_usize; town.families.len()];
    let (mut refused, mut again) = (0, 0);
    for (one, landed) in sent.iter().zip(landed) {
        match landed.status {
            Some(303) => wishes[one.family] += 1,
            _ => refused += 1,
        }
        again += usize::from(1 < landed.sent);
    }
    let held = town.held()?;
    let lost = held.iter().zip(&wishes).filter(|(has, wishes)| has.wishes != **wishes).count();
    let acknowledged: usize = wishes.iter().sum();
    Ok(format!(
        "{acknowledged} acknowledged, {refused} not, {again} sent again after the cut; {lost} families whose wishes differ from what they were told"
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{EARLY, SPAN, arrival};

    #[test]
    fn most_families_come_in_the_first_minute_and_all_in_time() {
        let count = 40_000;
        let times: Vec<Duration> = (0..count).map(|turn| arrival(turn, count)).collect();
        assert!(times.is_sorted());
        assert_eq!(times.iter().filter(|at| **at < Duration::from_mins(1)).count(), EARLY);
        assert!(times[count - 1] < SPAN);
    }
}
