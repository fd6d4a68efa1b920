//! A bare loop that writes what a claim of a seat writes, and nothing else: the yardstick of `cargo xtask bench rush`.
//!
//! It takes a seat where one is free, and writes the child's row, the seat, the answer under the request's key and the
//! event, a thousand claims in a commit that is flushed to disk. It prints the claims a second.

#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use std::error::Error;
use std::time::Instant;

use rusqlite::{Connection, params};

/// Claims in all.
const CLAIMS: u32 = 40_000;
/// Claims in a commit.
const TOGETHER: u32 = 1_000;
/// Clubs, so that each has its share of claims.
const CLUBS: u32 = 40;
/// As long as the facts of a claim.
const FACTS: &str = r#"{"child":"01m4s8y5d6e7f8g9h0j1k2m3n4","offering":"01m4s8y5d6e7f8g9h0j1k2m3n4","held_until":"2026-11-26T07:35:00Z","before":null}"#;

const TABLES: &str = "
    pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -8000; pragma temp_store = memory;
    create table club (school_id integer, id text, capacity integer, taken integer, primary key (school_id, id));
    create table claimant (school_id integer, child text, version integer, primary key (school_id, child));
    create table seat (school_id integer, child text, weekday integer, club text, held_until integer,
      primary key (school_id, child, weekday));
    create table idem (school_id integer, account text, key text, hash text, answer text, at integer,
      primary key (school_id, account, key));
    create table event (school_id integer, id text, at integer, account text, action text, facts text, hash text,
      primary key (school_id, id));";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder for the file")?;
    let mut conn = Connection::open(std::path::Path::new(&folder).join("bare.sqlite"))?;
    conn.execute_batch(TABLES)?;
    for club in 0..CLUBS {
        conn.execute("insert into club values (1, ?1, ?2, 0)", params![id(club), CLAIMS])?;
    }
    let began = Instant::now();
    for first in (0..CLAIMS).step_by(TOGETHER as usize) {
        let tx = conn.transaction()?;
        for number in first..first + TOGETHER {
            claim(&tx, number)?;
        }
        tx.commit()?;
    }
    println!("{:.0}", f64::from(CLAIMS) / began.elapsed().as_secs_f64());
    Ok(())
}

fn claim(tx: &rusqlite::Transaction<'_>, number: u32) -> rusqlite::Result<()> {
    let (child, club) = (id(number), id(number % CLUBS));
    let mut take = tx.prepare_cached(
        "update club set taken = taken + 1 where school_id = 1 and id = ?1 and taken < capacity",
    )?;
    take.execute([&club])?;
    let mut claimant = tx.prepare_cached(
        "insert into claimant values (1, ?1, 1) on conflict do update set version = claimant.version + 1",
    )?;
    claimant.execute([&child])?;
    let mut seat = tx.prepare_cached("insert into seat values (1, ?1, 2, ?2, 1800000000000)")?;
    seat.execute([&child, &club])?;
    let mut idem =
        tx.prepare_cached("insert into idem values (1, ?1, ?2, ?3, '{\"ok\":null}', 1800000000000)")?;
    idem.execute([&child, &id(number + CLAIMS), &hash(number)])?;
    let mut event =
        tx.prepare_cached("insert into event values (1, ?1, 1800000000000, ?2, 'ClaimSeat', ?3, ?4)")?;
    event.execute([&id(number), &child, FACTS, &hash(number)])?;
    Ok(())
}

/// As long as an id.
fn id(number: u32) -> String {
    format!("{number:026}")
}

/// As long as a hash.
fn hash(number: u32) -> String {
    format!("{number:064}")
}
