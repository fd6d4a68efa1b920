//! The log of sign-ins: who, what, when, from which kind of device, under which request.

use jiff::Timestamp;
use kehou_domain::ids::{AccountId, AnyId};

use crate::sql::global_sql;
use crate::tx::new_id;
use crate::{Db, Result};

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// Signed in with a password.
    SignedIn,
    /// Signed in with a one-time code.
    SignedInByCode,
    /// A wrong password or code, or an account that waits.
    Refused,
    /// A second factor was shown.
    FactorShown,
    /// A recovery code stood in for the second factor.
    RecoveryUsed,
    /// A wrong second factor.
    FactorRefused,
    /// A second factor was set up.
    FactorSet,
    /// A password was set.
    PasswordSet,
    /// Another seat was taken.
    SeatTaken,
    /// Signed out.
    SignedOut,
    /// A sign-in on another device was ended.
    EndedElsewhere,
}

impl Happened {
    const ALL: [Happened; 11] = [
        Happened::SignedIn,
        Happened::SignedInByCode,
        Happened::Refused,
        Happened::FactorShown,
        Happened::RecoveryUsed,
        Happened::FactorRefused,
        Happened::FactorSet,
        Happened::PasswordSet,
        Happened::SeatTaken,
        Happened::SignedOut,
        Happened::EndedElsewhere,
    ];

    const fn word(self) -> &'static str {
        match self {
            Happened::SignedIn => "signed_in",
            Happened::SignedInByCode => "signed_in_by_code",
            Happened::Refused => "refused",
            Happened::FactorShown => "factor_shown",
            Happened::RecoveryUsed => "recovery_used",
            Happened::FactorRefused => "factor_refused",
            Happened::FactorSet => "factor_set",
            Happened::PasswordSet => "password_set",
            Happened::SeatTaken => "seat_taken",
            Happened::SignedOut => "signed_out",
            Happened::EndedElsewhere => "ended_elsewhere",
        }
    }

    fn parse(word: &str) -> Option<Happened> {
        Happened::ALL.into_iter().find(|happened| happened.word() == word)
    }
}

/// From where a request came, as far as the log keeps it: no address of the network, no name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct From {
    /// What the browser says it is, cut to a short line.
    pub device: String,
    /// The request's id.
    pub request: String,
}

/// One line of the log, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// What.
    pub happened: Happened,
    /// On which device.
    pub device: String,
}

impl Db {
    /// Writes a line; an unknown phone number leaves one without an account.
    pub async fn note(
        &self,
        account: Option<AccountId>,
        what: Happened,
        from: From,
        at: Timestamp,
    ) -> Result<()> {
        let sql = global_sql!(
            "insert into identity_event (id, at, account_id, kind, device, request) values ($1, $2, $3, $4, $5, $6)"
        );
        let id: AnyId = new_id(at);
        let From { device, request } = from;
        let args = [id.into(), at.into(), account.into(), what.word().into(), device.into(), request.into()];
        self.global_write(at, move |tx| tx.run(sql, &args).map(|_| ())).await
    }

    /// The newest lines of an account, at most twenty.
    pub async fn identity_log(&self, account: AccountId, at: Timestamp) -> Result<Vec<Line>> {
        let sql = global_sql!(
            "select at, kind, device from identity_event where account_id = $1 order by id desc limit 20"
        );
        self.global_read(at, move |tx| {
            tx.all(sql, &[account.into()], |row| {
                Ok(Line { at: row.at(0)?, happened: row.word(1, Happened::parse)?, device: row.text(2)? })
            })
        })
        .await
    }
}
