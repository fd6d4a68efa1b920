//! What every request can reach: the store, the clock, the limits and the settings.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use kehou_db::{Clock, Db};

use crate::limits::Limits;

/// How the service is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transport {
    /// Over our own TLS: cookies are bound to it.
    Tls,
    /// Plain, behind the one proxy at this address, which ends TLS: cookies are bound to that.
    Proxy(IpAddr),
    /// Plain, on this machine only.
    #[default]
    Loopback,
}

impl Transport {
    /// Whether browsers reach the service over TLS.
    pub fn is_secure(self) -> bool {
        match self {
            Transport::Tls | Transport::Proxy(_) => true,
            Transport::Loopback => false,
        }
    }
}

/// What the operator decides for the pages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// How the service is reached.
    pub transport: Transport,
    /// Whether this is the demo: a movable clock, every message shown, sign-ins listed.
    pub demo: Option<Demo>,
    /// Who may read `/metrics` beside this machine.
    pub metrics_for: Vec<IpAddr>,
}

/// What the demo shows of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demo {
    /// One sign-in for each role and school.
    pub sign_ins: Vec<DemoSignIn>,
}

/// A sign-in of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSignIn {
    /// The school's name.
    pub school: String,
    /// The role.
    pub role: kehou_domain::access::Role,
    /// The person's name.
    pub name: String,
    /// The phone number.
    pub phone: String,
    /// The password.
    pub password: String,
    /// The second factor's secret in base 32, for roles that need one: the page shows the code of the moment.
    pub factor_secret: Option<String>,
}

/// The state of the service; cheap to copy.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    settings: Settings,
    limits: Limits,
}

impl Web {
    /// The state over a store and a clock.
    pub fn new(db: Db, clock: Clock, settings: Settings) -> Web {
        Web(Arc::new(Inner { db, clock, settings, limits: Limits::new() }))
    }

    /// The store.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The moment, as requests take it: once.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The operator's settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// How the service is reached.
    pub fn transport(&self) -> Transport {
        self.0.settings.transport
    }

    /// Whether this is the demo.
    pub fn is_demo(&self) -> bool {
        self.0.settings.demo.is_some()
    }

    /// The limits on guessing.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }
}
