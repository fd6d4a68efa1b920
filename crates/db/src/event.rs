//! The event log: every change writes who did what, in the same transaction.
//!
//! Each event carries its own hash; a sealer chains them per school a moment later, so that no transaction
//! waits for the head of the chain. Personal facts are sealed under a key per person: erasing a person destroys
//! the key, and the chain still holds because it covers the sealed text.

use kehou_domain::access::{Action, KeepOwnAccount};
use kehou_domain::ids::{AnyId, EntityId, EventId};
use kehou_domain::moment;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::keys::{hex, random, seal_with, unhex};
use crate::tx::SchoolTx;
use crate::{Arg, Error, Failed, Result, Scope, sql};

/// What happened, before it is written.
#[derive(Debug, Clone)]
pub struct Event {
    action: &'static str,
    subject: String,
    facts: Value,
    about: Option<(AnyId, Value)>,
}

impl Event {
    /// An event of this act upon this subject.
    pub fn new(action: &'static str, subject: impl std::fmt::Display) -> Event {
        Event { action, subject: subject.to_string(), facts: Value::Null, about: None }
    }

    /// An event of this act upon this subject, the act named by its type.
    pub fn of<A: Action>(subject: impl std::fmt::Display) -> Event {
        Event::new(A::NAME, subject)
    }

    /// Facts that name nobody: before, after, counts, ids.
    #[must_use]
    pub fn facts(self, facts: Value) -> Event {
        Event { facts, ..self }
    }

    /// Facts about a person, sealed under that person's own key.
    #[must_use]
    pub fn about(self, person: impl EntityId, personal: Value) -> Event {
        Event { about: Some((AnyId::from_bits(person.bits()), personal)), ..self }
    }
}

impl SchoolTx<'_> {
    /// Writes an event. Every changing use case does, once.
    pub fn event(&mut self, event: Event) -> Result<()> {
        let id: EventId = self.new_id();
        let facts = event.facts.to_string();
        let (person, personal) = match event.about {
            None => (None, None),
            Some((person, personal)) => {
                let key = self.person_key(person)?;
                (Some(person), Some(seal_with(&key, personal.to_string().as_bytes())))
            }
        };
        let at = self.at();
        let mut args = vec![
            id.into(),
            at.into(),
            self.account().into(),
            self.role().word().into(),
            event.action.into(),
            event.subject.into(),
            facts.into(),
            person.into(),
            personal.into(),
        ];
        args.push(hash_of(self.school().id.0, &args).into());
        let sql = sql!(
            "insert into event (school_id, id, at, account_id, role, action, subject, facts, person_id,
             personal_sealed, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        self.run(sql, &args).map(|_| ())
    }

    /// Destroys a person's key: what events say of the person can never be read again.
    pub fn erase_person(&mut self, person: impl EntityId) -> Result<()> {
        let sql = sql!("delete from person_key where school_id = $1 and person_id = $2");
        self.run(sql, &[AnyId::from_bits(person.bits()).into()])?;
        self.event(Event::new("ErasePerson", person))
    }

    /// The person's own key, made when first needed.
    fn person_key(&mut self, person: AnyId) -> Result<[u8; 32]> {
        let sql = sql!("select key_sealed from person_key where school_id = $1 and person_id = $2");
        if let Some(sealed) = self.maybe(sql, &[person.into()], |row| row.text(0))? {
            let opened = self.unseal(&sealed)?;
            return unhex(&opened).and_then(|bytes| bytes.try_into().ok()).ok_or(Error::Sealed);
        }
        let key: [u8; 32] = random()?;
        let sealed = self.seal(&hex(&key));
        let sql = sql!("insert into person_key (school_id, person_id, key_sealed) values ($1, $2, $3)");
        self.run(sql, &[person.into(), sealed.into()])?;
        Ok(key)
    }
}

/// The hash of an event's own columns, in their order, each with its length so that no two rows read alike.
pub(crate) fn hash_of(school: i64, columns: &[Arg]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(school.to_be_bytes());
    for column in columns {
        let text = match column {
            Arg::Int(value) => value.to_string(),
            Arg::Text(text) => text.clone(),
            Arg::NoInt | Arg::NoText => "\u{0}".to_owned(),
        };
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Writes down why a command or a job acts in a school.
pub(crate) async fn note_system(scope: &Scope, reason: &str) -> Result<()> {
    let reason = reason.to_owned();
    let noted = scope
        .act::<KeepOwnAccount, (), ()>(move |tx| {
            let event = Event::new("ActAsSystem", moment::millis(tx.at()));
            tx.event(event.facts(serde_json::json!({ "reason": reason }))).map_err(Failed::Fault)
        })
        .await?;
    noted.map_err(|()| Error::NotAllowed)
}
