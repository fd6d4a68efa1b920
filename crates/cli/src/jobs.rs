//! The jobs that run beside the service: sealing the event log, forgetting old idempotency keys, making the day's
//! sessions, closing class lists whose days are over, sealing rounds whose window is over, passing seats on and letting
//! go of what children had who have left.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;
use kehou_app::allocation::round;
use kehou_app::attendance::{self, NoPlan, Prepared};
use kehou_app::enrolment;
use kehou_db::{Clock, Db};
use kehou_domain::access::{KeepRounds, PrepareDay, PublishClass};
use kehou_domain::allocation::round::{PASSED_ON_FROM_HOUR, StepRefused};
use kehou_domain::moment::{day_of, wall_clock};

/// How often the jobs look for work.
const EVERY: Duration = Duration::from_secs(5);

/// Starts the jobs; they end with the service.
#[expect(clippy::disallowed_methods, reason = "the jobs live as long as the service")]
pub(crate) fn start(db: &Db, clock: &Clock) {
    let (db, clock) = (db.clone(), clock.clone());
    tokio::spawn(async move {
        let mut made = Made::default();
        loop {
            if let Err(error) = once(&db, &clock, &mut made).await {
                tracing::error!(%error, "a job failed; it will be tried again");
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

/// What was done for each school on which day.
#[derive(Default)]
pub(crate) struct Made {
    /// The day that its sessions were last made for.
    days: BTreeMap<String, Date>,
    /// The day on whose morning it last let go of what leavers had.
    mornings: BTreeMap<String, Date>,
}

/// Every job once.
pub(crate) async fn once(db: &Db, clock: &Clock, made: &mut Made) -> kehou_db::Result<()> {
    let at = clock.now();
    begin_day(db, clock, made).await?;
    let_leavers_go(db, clock, made).await?;
    keep_rounds(db, clock).await?;
    let sealed = db.seal_events(at).await?;
    let forgotten = db.forget_old_keys(at).await?;
    if 0 < sealed + forgotten {
        tracing::debug!(sealed, forgotten, "jobs done");
    }
    Ok(())
}

/// Makes the sessions of each school's day and closes the class lists whose days are over (F10), once a day: a school
/// whose teachers come first has its sessions made by the page.
async fn begin_day(db: &Db, clock: &Clock, made: &mut Made) -> kehou_db::Result<()> {
    let at = clock.now();
    let today = day_of(at);
    for school in db.schools(at).await? {
        if made.days.get(&school.code) == Some(&today) {
            continue;
        }
        let scope = db.system(&school.code, "begin the day", at).await?;
        let prepared =
            scope.act::<PrepareDay, Prepared, NoPlan>(move |tx| attendance::prepare_day(tx, today)).await?;
        tracing::debug!(school = school.code, ?prepared, "the day's sessions are made");
        let closed = scope.act::<PublishClass, u32, ()>(|tx| Ok(enrolment::close_publications(tx)?)).await?;
        tracing::debug!(school = school.code, ?closed, "the class lists whose days are over are closed");
        made.days.insert(school.code, today);
    }
    Ok(())
}

/// Passes on what children had in rounds whose place has ended (B6), once a day: in the morning, when those are awake who
/// are offered it.
async fn let_leavers_go(db: &Db, clock: &Clock, made: &mut Made) -> kehou_db::Result<()> {
    let at = clock.now();
    let today = day_of(at);
    if wall_clock(at).hour() < PASSED_ON_FROM_HOUR {
        return Ok(());
    }
    for school in db.schools(at).await? {
        if made.mornings.get(&school.code) == Some(&today) {
            continue;
        }
        let scope = db.system(&school.code, "pass on the seats of those who left", at).await?;
        let let_go = scope.act::<KeepRounds, u32, ()>(round::let_leavers_go).await?;
        tracing::debug!(school = school.code, ?let_go, "the seats of those who left are passed on");
        made.mornings.insert(school.code, today);
    }
    Ok(())
}

/// Seals the rounds whose window is over, and passes seats on that nobody confirmed.
async fn keep_rounds(db: &Db, clock: &Clock) -> kehou_db::Result<()> {
    let at = clock.now();
    for school in db.schools(at).await? {
        let why = ("keep the rounds of choosing", at);
        let Some(scope) = db.system_when::<KeepRounds>(&school, why, round::is_due).await? else { continue };
        let sealed = scope.act::<KeepRounds, u32, StepRefused>(round::seal_due).await?;
        let passed_on = scope.act::<KeepRounds, u32, ()>(round::sweep).await?;
        tracing::debug!(school = school.code, ?sealed, ?passed_on, "rounds are sealed and seats passed on");
    }
    Ok(())
}
