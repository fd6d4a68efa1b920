//! Messages to people: facts written in the same transaction, put into words by `web` when they are read or
//! delivered.

use jiff::Timestamp;
use kehou_domain::access::Role;
use kehou_domain::ids::{AccountId, MessageId};
use serde_json::Value;

use crate::row::Row;
use crate::sql::global_sql;
use crate::tx::SchoolTx;
use crate::{Error, Result, sql};

/// One message as it lies in the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// For whom.
    pub account: AccountId,
    /// What it tells, such as `child_missing`; `web` has the words.
    pub kind: String,
    /// The facts that fill the words.
    pub facts: Value,
    /// When it was written.
    pub created_at: Timestamp,
    /// When its reader opened it.
    pub read_at: Option<Timestamp>,
}

impl SchoolTx<'_> {
    /// Tells somebody something, once this transaction commits.
    pub fn tell(&mut self, to: AccountId, kind: &'static str, facts: &Value) -> Result<()> {
        let id: MessageId = self.new_id();
        let at = self.at();
        let sql = sql!(
            "insert into message (school_id, id, account_id, kind, facts, created_at) values ($1, $2, $3, $4, $5, $6)"
        );
        self.run(sql, &[id.into(), to.into(), kind.into(), facts.to_string().into(), at.into()]).map(|_| ())
    }

    /// Tells each of these accounts something, in a fixed number of statements however many they are.
    pub fn tell_each(&mut self, kind: &'static str, told: &[(AccountId, Value)]) -> Result<()> {
        let at = self.at();
        let sql = sql!(
            "insert into message (school_id, id, account_id, kind, facts, created_at) values ($1, $2, $3, $4, $5, $6)"
        );
        let mut lists = Vec::with_capacity(told.len());
        for (account, facts) in told {
            let id: MessageId = self.new_id();
            lists.push(vec![id.into(), (*account).into(), kind.into(), facts.to_string().into(), at.into()]);
        }
        self.run_each(sql, &lists).map(|_| ())
    }

    /// Tells everyone who holds this role in the school.
    pub fn tell_role(&mut self, role: Role, kind: &'static str, facts: &Value) -> Result<()> {
        let holders = global_sql!(
            "select account_id from membership where school = $1 and role = $2 and ended_at is null order by account_id"
        );
        let school = self.school().id.0;
        let accounts = self.global(holders, &[school.into(), role.word().into()], |row| row.id(0))?;
        accounts.into_iter().try_for_each(|account| self.tell(account, kind, facts))
    }

    /// The newest messages of the acting account in this school, at most 50.
    pub fn inbox(&mut self) -> Result<Vec<Message>> {
        let sql = sql!(
            "select id, account_id, kind, facts, created_at, read_at from message
             where school_id = $1 and account_id = $2 order by id desc limit 50"
        );
        let account = self.account();
        self.all(sql, &[account.into()], read_message)
    }

    /// The newest messages of the whole school with the name of whom they are for, at most 200: for the demo's page.
    pub fn every_message(&mut self) -> Result<Vec<(String, Message)>> {
        let sql = sql!(
            "select m.id, m.account_id, m.kind, m.facts, m.created_at, m.read_at, a.name
             from message m join account a on a.id = m.account_id
             where m.school_id = $1 order by m.id desc limit 200"
        );
        self.all(sql, &[], |row| Ok((row.text(6)?, read_message(row)?)))
    }

    /// How many messages of the acting account in this school were not read yet.
    pub fn unread(&mut self) -> Result<i64> {
        let sql =
            sql!("select count(*) from message where school_id = $1 and account_id = $2 and read_at is null");
        let account = self.account();
        self.one(sql, &[account.into()], |row| row.int(0))
    }

    /// Marks the acting account's messages as read.
    pub fn mark_inbox_read(&mut self) -> Result<u64> {
        let (account, at) = (self.account(), self.at());
        let sql = sql!(
            "update message set read_at = $3 where school_id = $1 and account_id = $2 and read_at is null"
        );
        self.run(sql, &[account.into(), at.into()])
    }
}

fn read_message(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.id(0)?,
        account: row.id(1)?,
        kind: row.text(2)?,
        facts: serde_json::from_str(&row.text(3)?)
            .map_err(|error| Error::Column { column: 3, found: error.to_string() })?,
        created_at: row.at(4)?,
        read_at: row.maybe_at(5)?,
    })
}
