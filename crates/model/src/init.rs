//! What a local cloud has at its start: `taxiway cloud --init FILE`, from text to what is wanted.

use std::collections::BTreeMap;

use crate::language::{At, Mode, Read as _, Reader, duration_text, millis};
use crate::problem::{Document, Findings, Problems};
use crate::written::init as written;
use crate::yaml::{self, Node};

mod conceal;
mod queues;

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;

/// Everything the cloud is to have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// Queues, every dead-letter queue before those that name it.
    pub queues: Vec<Queue>,
    /// Buckets in order of name.
    pub buckets: Vec<Bucket>,
    /// Parameters in order of name.
    pub parameters: Vec<Parameter>,
    /// Secrets in order of name.
    pub secrets: Vec<Secret>,
    /// Users of databases, in order of database and name.
    pub users: Vec<User>,
}

/// A queue. What is absent has SQS's default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// Its name; one that ends in `.fifo` is a FIFO queue's.
    pub name: String,
    /// Its attributes by SQS's names, but for its dead-letter queue.
    pub attributes: BTreeMap<String, String>,
    /// Name of its dead-letter queue, and receives before a message is moved there.
    pub dead_letter: Option<(String, u32)>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Keeps earlier versions of objects.
    pub versioning: bool,
    /// Days after which objects are removed.
    pub expire_days: Option<u32>,
}

/// A parameter.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `String`, `StringList` or `SecureString`.
    pub kind: &'static str,
    /// Its value where it is new.
    pub value: String,
    /// What it is for.
    pub description: Option<String>,
}

/// A secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// Its value where it is new.
    pub value: String,
    /// What it is for.
    pub description: Option<String>,
}

/// A user of a database of documents.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The database.
    pub database: String,
    /// The name.
    pub name: String,
    /// The password where the user is new.
    pub password: String,
}

impl std::fmt::Debug for User {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Parameter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Parameter").field("name", &self.name).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Secret").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Reads an init file: YAML or JSON, with `${VAR}` filled in.
///
/// `file` is how it is named in messages; `variables` looks up a variable of the surroundings.
///
/// # Errors
/// Every problem, each at its place; none of them shows a value of a parameter or secret.
pub fn read_init(
    file: &str,
    text: &str,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<Contents, Problems> {
    let mut findings = Findings::of(Document::Init);
    let root = yaml::parse(text, variables, &mut findings);
    match &root {
        Some(root) => conceal::values(root, &mut findings),
        None => conceal::unread(text, &mut findings),
    }
    let contents = root.and_then(|root| meaning(&root, &mut findings));
    match contents {
        Some(contents) if !findings.has_errors() => Ok(contents),
        _ => {
            let labelled = findings.list.into_iter().map(|finding| (finding, Vec::new())).collect();
            Err(Problems::assemble(file, text, labelled, findings.concealed, findings.dropped))
        }
    }
}

fn meaning(root: &Node, findings: &mut Findings) -> Option<Contents> {
    let init = written::Init::read(root, &mut Reader::new(findings, Mode::Whole))?;
    let queues = queues::all(&init, findings);
    let buckets = init.buckets.0.iter().map(|(name, item)| bucket(name, &item.at, findings)).collect();
    let parameters = init.parameters.iter().map(|(name, item)| {
        let written = &item.at.value;
        let kind = match written.kind {
            written::ParameterType::String => "String",
            written::ParameterType::StringList => "StringList",
            written::ParameterType::SecureString => "SecureString",
        };
        let (value, description) = (written.value.0.clone(), written.description.clone());
        Parameter { name: name.clone(), kind, value, description }
    });
    let secrets = init.secrets.iter().map(|(name, item)| {
        let (value, description) = (item.at.value.value.0.clone(), item.at.value.description.clone());
        Secret { name: name.clone(), value, description }
    });
    let (parameters, secrets) = (parameters.collect(), secrets.collect());
    Some(Contents { queues, buckets, parameters, secrets, users: users(&init) })
}

fn users(init: &written::Init) -> Vec<User> {
    let of = |database: &String, written: &written::Database| -> Vec<User> {
        let users = written.users.value.iter();
        let user = |name: &String, password: &str| User {
            database: database.clone(),
            name: name.clone(),
            password: password.to_owned(),
        };
        users.map(|(name, item)| user(name, &item.at.value.0)).collect()
    };
    init.databases.value.iter().flat_map(|(name, item)| of(name, &item.at.value)).collect()
}

fn bucket(name: &str, at: &At<written::Bucket>, findings: &mut Findings) -> Bucket {
    let expire_days = at.value.expire.as_ref().and_then(|expire| {
        let millis = millis(expire.value.0);
        if !millis.is_multiple_of(DAY_MS) {
            let given = duration_text(millis);
            let message = format!("`expire` of bucket `{name}` must be in whole days, not {given}");
            findings.error(expire.range, message);
            return None;
        }
        u32::try_from(millis / DAY_MS).ok()
    });
    Bucket { name: name.to_owned(), versioning: at.value.versioning.value, expire_days }
}
