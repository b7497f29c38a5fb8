//! What a cloud is to have at its start: made where it is missing, so that a second start changes nothing.
//!
//! Everything is asked of the services as a client would ask, so that the same rules and the same sentences hold. An
//! init file's contents and the resources of a system come this way.

use std::collections::BTreeMap;

use crate::cloud::Cloud;
use crate::mongo::Ensured;

mod bucket;
mod queue;
mod value;

/// Everything a cloud is to have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// Queues, every dead-letter queue before those that name it.
    pub queues: Vec<Queue>,
    /// Buckets.
    pub buckets: Vec<Bucket>,
    /// Parameters.
    pub parameters: Vec<Value>,
    /// Secrets.
    pub secrets: Vec<Value>,
    /// Users of databases.
    pub users: Vec<User>,
}

/// A queue. One that is there gets these attributes and keeps the rest, its messages included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Its attributes by SQS's names; of `RedrivePolicy` only that there is to be none, which is the empty text.
    pub attributes: BTreeMap<String, String>,
    /// Name of its dead-letter queue, and receives before a message is moved there.
    pub dead_letter: Option<(String, u32)>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Keeps earlier versions of objects.
    pub versioning: bool,
    /// Days after which objects are removed.
    pub expire_days: Option<u32>,
}

/// A parameter or secret. One that is there keeps its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    /// Its name.
    pub name: String,
    /// `String`, `StringList` or `SecureString`; of no meaning for a secret.
    pub kind: &'static str,
    /// The value it gets where it is new.
    pub value: String,
    /// What it is for.
    pub description: Option<String>,
}

/// Who may log in to a database of the document service. One who is there keeps the password.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The database, which is where drivers are told to look (`authSource`).
    pub database: String,
    /// The name.
    pub name: String,
    /// The password, where the user is new.
    pub password: String,
}

/// How much was made, and how much was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Provided {
    /// Things that were missing.
    pub made: usize,
    /// Things that were there.
    pub there: usize,
}

/// What could not be made, and why. No message has a value in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} `{name}` cannot be made: {reason}")]
pub struct InitError {
    /// `queue`, `bucket`, `parameter`, `secret` or `user`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What the service said.
    pub reason: String,
}

/// Whether something was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Made,
    There,
}

impl std::fmt::Debug for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Value").field("name", &self.name).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Cloud {
    /// Makes what is missing.
    ///
    /// # Errors
    /// Everything that could not be made; the rest is there.
    pub async fn provide(&self, contents: &Contents) -> Result<Provided, Vec<InitError>> {
        let services = self.services();
        let mut tally = Tally::default();
        for queue in &contents.queues {
            tally.count("queue", &queue.name, queue::provide(services, queue).await);
        }
        for bucket in &contents.buckets {
            tally.count("bucket", &bucket.name, bucket::provide(services, bucket).await);
        }
        for parameter in &contents.parameters {
            tally.count("parameter", &parameter.name, value::parameter(services, parameter).await);
        }
        for secret in &contents.secrets {
            tally.count("secret", &secret.name, value::secret(services, secret).await);
        }
        for user in &contents.users {
            let User { database, name, password } = user;
            let made = services.mongo.ensure_user(database, name, password).await;
            tally.count("user", &format!("{database}.{name}"), made.map(Outcome::from));
        }
        if tally.failed.is_empty() { Ok(tally.provided) } else { Err(tally.failed) }
    }
}

impl From<Ensured> for Outcome {
    fn from(ensured: Ensured) -> Self {
        match ensured {
            Ensured::Made => Self::Made,
            Ensured::There => Self::There,
        }
    }
}

#[derive(Debug, Default)]
struct Tally {
    provided: Provided,
    failed: Vec<InitError>,
}

impl Tally {
    fn count(&mut self, kind: &'static str, name: &str, outcome: Result<Outcome, String>) {
        match outcome {
            Ok(Outcome::Made) => self.provided.made += 1,
            Ok(Outcome::There) => self.provided.there += 1,
            Err(reason) => self.failed.push(InitError { kind, name: name.to_owned(), reason }),
        }
    }
}

#[cfg(test)]
mod tests;
