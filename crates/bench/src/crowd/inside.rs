//! Claims without HTTP: through the use case in this process, beside what the engine itself can do with such rows.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use kehou_app::allocation::round::{self, SeatRefused};
use kehou_db::{Key, Scope};
use kehou_domain::access::{ChooseOfferings, Role};
use kehou_domain::allocation::round::Way;
use kehou_domain::ids::{RoundId, StudentId};

use super::school::CLUBS;
use super::town::Town;

/// Children who claim.
const CHILDREN: usize = 2_000;
/// Claims that are under way at the same time.
const AT_ONCE: usize = 256;
/// How long the database's own tool runs, in seconds.
const PGBENCH_SECONDS: &str = "5";

/// Every child claims once: the clubs in turn on SQLite, all of them one club on PostgreSQL, where a hot row is what hurts.
pub(super) fn bench(engine: &str, database: Option<&str>, number: usize) -> Result<()> {
    let town = Town::build(database, (number, 1), (CHILDREN, Way::FirstCome))?;
    let clubs = if database.is_none() { CLUBS } else { 1 };
    let rate = town.runtime_claims(clubs)?;
    match database {
        None => {
            let bare = bare(&town)?;
            println!(
                "| rush in process ({engine}) | {rate:.0} claims a second, {:.0} % of a bare loop ({bare:.0}) | ≥ 35 % of a bare loop |",
                100.0 * rate / bare
            );
        }
        Some(address) => match pgbench(address) {
            Ok(bare) => println!(
                "| rush in process, one hot club ({engine}) | {rate:.0} claims a second, {:.1} × pgbench's single statement ({bare:.0}) | ≥ 5 × |",
                rate / bare
            ),
            Err(why) => println!(
                "| rush in process, one hot club ({engine}) | {rate:.0} claims a second; pgbench is not compared: {why:#} | ≥ 5 × pgbench's single statement |"
            ),
        },
    }
    Ok(())
}

/// One claim of a family.
struct Claim {
    scope: Scope,
    of: (RoundId, StudentId),
    place: u32,
}

impl Town {
    /// Claims a second, each under a key of its own.
    fn runtime_claims(&self, clubs: usize) -> Result<f64> {
        let db = self.open()?;
        super::town::runtime()?.block_on(async {
            let mut claims = Vec::with_capacity(self.families.len());
            for (number, family) in self.families.iter().enumerate() {
                let (school, at) = (&self.schools[family.school], super::now());
                let account = db.account_of_phone(&family.phone, at).await?.context("an account")?;
                let scope = db.enter(account, &school.code, Role::Guardian, at).await?;
                let (place, _) = school.clubs[number % clubs];
                claims.push(Claim { scope, of: (school.round, family.child), place });
            }
            let (claims, next) = (Arc::new(claims), Arc::new(AtomicUsize::new(0)));
            let began = Instant::now();
            let mut open = tokio::task::JoinSet::new();
            for _ in 0..AT_ONCE {
                let (claims, next) = (Arc::clone(&claims), Arc::clone(&next));
                open.spawn(async move {
                    while let Some((number, one)) = taken(&claims, &next) {
                        claim(one, number).await?;
                    }
                    anyhow::Ok(())
                });
            }
            while let Some(done) = open.join_next().await {
                done??;
            }
            Ok(f64::from(u32::try_from(claims.len())?) / began.elapsed().as_secs_f64())
        })
    }
}

fn taken<'a>(claims: &'a [Claim], next: &AtomicUsize) -> Option<(usize, &'a Claim)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    claims.get(number).map(|one| (number, one))
}

async fn claim(one: &Claim, number: usize) -> Result<()> {
    let (of, place) = (one.of, one.place);
    let key = Key { key: format!("inside.{number}"), request_hash: format!("{number:064}") };
    let act = move |tx: &mut kehou_db::Tx<ChooseOfferings>| {
        round::change_seat(tx, of, round::SeatStep::Claim(place)).map_err(|why| why.map(said))
    };
    let done = one.scope.write::<ChooseOfferings, (), String>(&key, act).await?;
    done.map_err(anyhow::Error::msg)
}

fn said(why: SeatRefused) -> String {
    format!("{why:?}")
}

/// Claims a second of a bare loop over the same file system.
fn bare(town: &Town) -> Result<f64> {
    let program = std::env::current_exe()?.with_file_name("examples").join("bare_claims");
    let output = Command::new(&program).arg(&town.folder).output();
    let output = output.with_context(|| format!("{} cannot be started", program.display()))?;
    let text = String::from_utf8(output.stdout)?;
    text.trim().parse().with_context(|| format!("the bare loop said {text:?}"))
}

/// Statements a second of the database's own tool: one conditional update of one row.
fn pgbench(address: &str) -> Result<f64> {
    let folder = std::env::temp_dir();
    let (script, table) = (folder.join(format!("kehou-hot-{}.sql", std::process::id())), "kehou_hot_row");
    std::fs::write(
        &script,
        format!("update {table} set taken = taken + 1 where id = 1 and taken < 1000000000;\n"),
    )?;
    let made = psql(
        address,
        &format!(
            "drop table if exists {table}; create table {table} (id int primary key, taken bigint); insert into {table} values (1, 0)"
        ),
    );
    let ran = made.and_then(|()| {
        let clients = AT_ONCE.min(64).to_string();
        let arguments = ["-n", "-M", "prepared", "-c", &clients, "-j", "2", "-T", PGBENCH_SECONDS, "-f"];
        let output = Command::new("pgbench").args(arguments).arg(&script).arg(address).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        tps.with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
    });
    let _ = (std::fs::remove_file(&script), psql(address, &format!("drop table if exists {table}")));
    ran
}

fn psql(address: &str, text: &str) -> Result<()> {
    let output = Command::new("psql").args(["-q", "-d", address, "-c", text]).output()?;
    if output.status.success() {
        return Ok(());
    }
    bail!("{}", String::from_utf8_lossy(&output.stderr).trim())
}
