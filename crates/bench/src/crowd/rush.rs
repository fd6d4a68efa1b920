//! First come under fire: 40 clubs of 20 seats, 50 children for each, every child from two devices at once.

use std::time::{Duration, Instant};

use anyhow::Result;
use kehou_domain::allocation::round::Way;

use super::drive::{self, Landed, Shot};
use super::school::{CLUBS, SEATS};
use super::served::Service;
use super::town::{Has, Town};
use crate::hello;

/// Children who want the same club.
const FOR_EACH: usize = 50;
/// Devices of each child.
const DEVICES: usize = 2;
/// Connections that are open at the same time.
const CONNECTIONS: usize = 256;
/// The number of the first school, away from those of a demo.
const FIRST: usize = 900;

/// In which order families come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Everybody as it happens.
    Mixed,
    /// Those who want one club together.
    Waves,
}

/// What the store holds afterwards, and what families were told.
struct Verdict {
    seats: usize,
    over: usize,
    doubles: usize,
    dishonest: usize,
    unheard: usize,
}

pub(super) fn bench(engine: &str, database: Option<&str>) -> Result<()> {
    let ceiling = ceiling()?;
    println!("| hello, {CONNECTIONS} connections | {ceiling:.0} a second | the ceiling of the same stack |");
    for (number, order) in [Order::Mixed, Order::Waves].into_iter().enumerate() {
        let town = Town::build(database, (FIRST + number, 1), (CLUBS * FOR_EACH, Way::FirstCome))?;
        let shots = shots(&town, order);
        let service = Service::start(&town)?;
        let (began, before) = (Instant::now(), service.running.cpu()?);
        let landed = drive::fire(&service.host, CONNECTIONS, &shots);
        let (wall, cpu) = (began.elapsed(), service.running.cpu()?.saturating_sub(before));
        drop(service);
        let count = u32::try_from(landed.len())?;
        let rate = f64::from(count) / wall.as_secs_f64();
        let answered: Vec<Duration> = landed.iter().map(|one| one.answered).collect();
        println!(
            "| rush, {order:?} ({engine}) | {rate:.0} claims a second, {:.1} % of hello; {} µs CPU each; p99 {} ms | ≥ 20 % of hello, p99 ≤ 20 ms |",
            100.0 * rate / ceiling,
            (cpu / count).as_micros(),
            drive::percentile(&answered, 99).as_millis(),
        );
        println!("| | {} | 800 seats, 0 over, 0 doubles, every refusal honest |", verdict(&town, &landed)?);
    }
    Ok(())
}

/// Answers a second of an empty handler to the same driver.
fn ceiling() -> Result<f64> {
    let (_running, host) = hello::start()?;
    let one = Shot { at: Duration::ZERO, token: String::new(), path: "/".to_owned(), fields: Vec::new() };
    let shots = vec![one; CLUBS * FOR_EACH * DEVICES];
    let began = Instant::now();
    drive::fire(&host, CONNECTIONS, &shots);
    Ok(f64::from(u32::try_from(shots.len())?) / began.elapsed().as_secs_f64())
}

/// Both devices of a child one after the other, so that they are under way at the same time.
fn shots(town: &Town, order: Order) -> Vec<Shot> {
    let mut children: Vec<usize> = (0..town.families.len()).collect();
    match order {
        // a step that shares no factor with the number of children visits each of them once
        Order::Mixed => {
            children = children.iter().map(|number| number * 1_009 % town.families.len()).collect();
        }
        Order::Waves => children.sort_by_key(|number| number % CLUBS),
    }
    let mut shots = Vec::new();
    for number in children {
        let family = &town.families[number];
        let school = &town.schools[family.school];
        let (place, weekday) = school.clubs[number % CLUBS];
        for device in 0..DEVICES {
            let fields = [
                ("key", format!("{number}.{device}")),
                ("day", weekday.to_string()),
                ("claim", place.to_string()),
            ];
            shots.push(Shot {
                at: Duration::ZERO,
                token: family.token.clone(),
                path: format!("/children/{}/choices/{}", family.child, school.round),
                fields: fields.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            });
        }
    }
    shots
}

/// Compares what families were told with what the store holds.
fn verdict(town: &Town, landed: &[Landed]) -> Result<Verdict> {
    let (taken, held) = (town.taken()?.concat(), town.held()?);
    let is_full = |number: usize| taken[number % CLUBS] == SEATS;
    let has_one = |has: &&Has| has.seats + has.lines == 1;
    let waits_in_vain = held.iter().enumerate().filter(|(number, has)| 0 < has.lines && !is_full(*number));
    let heard = |status| landed.iter().filter(|one| one.status == Some(status)).count();
    Ok(Verdict {
        seats: held.iter().map(|has| has.seats).sum(),
        over: taken.iter().filter(|taken| SEATS < **taken).count(),
        doubles: held.len() - held.iter().filter(has_one).count(),
        dishonest: waits_in_vain.count() + heard(303).abs_diff(held.len()) + heard(422).abs_diff(held.len()),
        unheard: landed.len() - heard(303) - heard(422),
    })
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Verdict { seats, over, doubles, dishonest, unheard } = self;
        write!(f, "{seats} seats taken, {over} clubs over, {doubles} children with two or none, ")?;
        write!(f, "{dishonest} answers that the store does not bear out, {unheard} without an answer")
    }
}
