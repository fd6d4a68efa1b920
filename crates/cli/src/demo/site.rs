//! One school of the demo while it is being filled.

use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use jiff::civil::{Date, Time, date};
use kehou_db::{Db, Failed, Scope, Tx};
use kehou_domain::access::Action;
use kehou_domain::moment;

use super::district::DemoSchool;

/// The first day of the running term.
pub(super) const TERM_FROM: Date = date(2026, 9, 1);
/// The last day of the running term.
pub(super) const TERM_TO: Date = date(2027, 1, 22);
/// The first day of the service in the running term: a Monday.
pub(super) const SERVICE_FROM: Date = date(2026, 9, 7);
/// When the school's office set everything up.
pub(super) const SET_UP_ON: Date = date(2026, 9, 1);

/// A school, and the right to act in it at any moment.
pub(super) struct Site {
    pub(super) db: Db,
    pub(super) school: DemoSchool,
    system: Scope,
}

impl Site {
    /// Adds the school to the directory.
    pub(super) async fn found(db: &Db, school: DemoSchool) -> anyhow::Result<Site> {
        let at = morning(SET_UP_ON);
        let entry = kehou_db::School {
            id: kehou_domain::ids::SchoolId(school.id),
            code: school.code.to_owned(),
            name: school.name.to_owned(),
            stage: school.stage.to_owned(),
        };
        db.add_school(entry, at).await?;
        let system = db.system(school.code, "the demo is built", at).await?;
        Ok(Site { db: db.clone(), school, system })
    }

    /// Acts as the system at this moment. A refusal is a mistake of the demo and ends it.
    pub(super) async fn act<A, T, R>(
        &self,
        at: Timestamp,
        f: impl Fn(&mut Tx<A>) -> Result<T, Failed<R>> + Send + Sync + 'static,
    ) -> anyhow::Result<T>
    where
        A: Action,
        T: Send + 'static,
        R: std::fmt::Debug + Send + 'static,
    {
        act(&self.system.at_moment(at), f).await.with_context(|| format!("in school {}", self.school.code))
    }
}

/// Acts in a scope. A refusal is a mistake of the demo and ends it.
pub(super) async fn act<A, T, R>(
    scope: &Scope,
    f: impl Fn(&mut Tx<A>) -> Result<T, Failed<R>> + Send + Sync + 'static,
) -> anyhow::Result<T>
where
    A: Action,
    T: Send + 'static,
    R: std::fmt::Debug + Send + 'static,
{
    let done = scope.act::<A, T, R>(f).await.with_context(|| A::NAME)?;
    done.map_err(|refused| anyhow!("{}: {refused:?}", A::NAME))
}

/// Eight o'clock on this day.
pub(super) fn morning(day: Date) -> Timestamp {
    at(day, 8, 0)
}

/// This time of this day.
pub(super) fn at(day: Date, hour: i8, minute: i8) -> Timestamp {
    moment::instant(day, Time::constant(hour, minute, 0, 0))
}
