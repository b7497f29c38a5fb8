//! The init file as it was written: what a cloud has at its start.

use super::form;
use super::when;
use crate::language::{At, Fault, FromText, Int, Kind, Lasting, Map, Read, Reader, shape, words};
use crate::yaml::{Entry, Key, Node, Value};

shape! {
    /// What a local cloud has at its start. What is missing is made; what is there is kept.
    Init, "init file";
    /// Queues by name; also a list of names.
    queues: At<Named<QueueName, Queue>> = "{}" => "{ orders: { dead_letter: { tries: 5 } } }";
    /// Buckets by name; also a list of names.
    buckets: At<Named<BucketName, Bucket>> = "{}" => "{ uploads: { versioning: true } }";
    /// Parameters of the Parameter Store by name: a value, or a mapping.
    parameters: At<Map<ParameterName, Parameter>> = "{}" => "{ /app/colour: blue }";
    /// Secrets of Secrets Manager by name: a value, or a mapping.
    secrets: At<Map<SecretName, Secret>> = "{}" => "{ app/database: hunter2 }";
    /// Databases of the document service by name. They need not be made; who may log in has to be.
    databases: At<Map<DatabaseName, Database>> = "{}" => "{ shop: { users: { clerk: hunter2 } } }";
}

shape! {
    /// An SQS queue. A name that ends in `.fifo` is a FIFO queue's.
    Queue, "queue";
    /// How long a received message stays hidden from other receivers.
    visibility: Option<At<Lasting<0, 43_200_000>>> => "60s", else "30s";
    /// How long a message is kept.
    retention: Option<At<Lasting<60_000, 1_209_600_000>>> => "14d", else "4d";
    /// How long a new message stays hidden.
    delay: Option<At<Lasting<0, 900_000>>> => "5s", else "0s";
    /// How long a receive waits for a message when it does not say.
    wait: Option<At<Lasting<0, 20_000>>> => "20s", else "0s";
    /// Where a message goes that nobody manages to handle.
    dead_letter: Option<At<DeadLetter>> => "{ queue: orders-dlq, tries: 5 }";
    /// Takes a message's content for its deduplication id (FIFO queues).
    content_based_deduplication: Option<At<bool>> => "true", else "false";
    /// Any attribute by SQS's own name.
    attributes: At<Map<AttributeName, String>> = "{}" => "{ MaximumMessageSize: 2048 }";
    /// Tags.
    tags: At<Map<TagName, String>> = "{}" => "{ team: core }";
}

shape! {
    /// A dead-letter queue.
    DeadLetter, "dead-letter queue";
    /// Its name: another of these queues.
    queue: Option<At<QueueName>> => "orders-dlq", else "one that is made beside it: `<queue>-dlq`";
    /// Receives before a message is moved.
    tries: At<Int<1, 1000>> = "5" => "3";
}

shape! {
    /// An S3 bucket.
    Bucket, "bucket";
    /// Keeps earlier versions of objects.
    versioning: At<bool> = "false" => "true";
    /// Objects are removed after this long: whole days.
    expire: Option<At<Lasting<86_400_000, 315_360_000_000>>> => "30d", else "never";
}

shape! {
    /// A parameter.
    FullParameter, "parameter";
    /// Its value.
    value: At<Hidden> => "blue";
    /// `String`, `StringList` or `SecureString`.
    r#type: At<ParameterType> = "String" => "SecureString";
    /// What it is for.
    description: Option<At<String>> => "The colour of the door";
}

shape! {
    /// A secret.
    FullSecret, "secret";
    /// Its value, often a JSON text.
    value: At<Hidden> => "hunter2";
    /// What it is for.
    description: Option<At<String>> => "The database's password";
}

shape! {
    /// A database of documents.
    Database, "database";
    /// Passwords of its users by name.
    users: At<Map<UserName, Hidden>> = "{}" => "{ clerk: hunter2 }";
}

/// A value for a parameter, and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) value: Hidden,
    pub(crate) kind: ParameterType,
    pub(crate) description: Option<String>,
}

/// A value for a secret, and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub(crate) value: Hidden,
    pub(crate) description: Option<String>,
}

/// What kind of value a parameter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterType {
    String,
    StringList,
    SecureString,
}

words! {
    ParameterType, "parameter type";
    "String" => Self::String, "Text.";
    "StringList" => Self::StringList, "Texts with commas between them.";
    "SecureString" => Self::SecureString, "Text that is encrypted at rest.";
}

/// A text that no message and no drawing of a line shows.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hidden(pub(crate) String);

/// A mapping of names, or a list of them where nothing more is to be said.
#[derive(Debug, Clone)]
pub(crate) struct Named<K, T>(pub(crate) Map<K, T>);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Hidden")
    }
}

impl Read for Hidden {
    const KIND: &'static Kind = &Kind::Text(<String as FromText>::SYNTAX);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let scalar = reader.scalar(node, "a text")?;
        if scalar.text.is_empty() {
            let message = format!("{} must not be an empty text", reader.subject());
            reader.misfit(node.range, message, None);
            return None;
        }
        Some(Self(scalar.text.clone()))
    }
}

impl Read for Parameter {
    const KIND: &'static Kind = &Kind::Either(&[Hidden::KIND, FullParameter::KIND]);
    const NOUN: Option<&'static str> = FullParameter::NOUN;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            let value = Hidden::read(node, reader)?;
            return Some(Self { value, kind: ParameterType::String, description: None });
        }
        let full = FullParameter::read(node, reader)?;
        let description = full.description.map(|at| at.value);
        Some(Self { value: full.value.value, kind: full.r#type.value, description })
    }
}

impl Read for Secret {
    const KIND: &'static Kind = &Kind::Either(&[Hidden::KIND, FullSecret::KIND]);
    const NOUN: Option<&'static str> = FullSecret::NOUN;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            return Some(Self { value: Hidden::read(node, reader)?, description: None });
        }
        let full = FullSecret::read(node, reader)?;
        Some(Self { value: full.value.value, description: full.description.map(|at| at.value) })
    }
}

impl<K: FromText, T: Read> Read for Named<K, T> {
    const KIND: &'static Kind =
        &Kind::Either(&[<Map<K, T> as Read>::KIND, &Kind::List(<String as Read>::KIND)]);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::List(items) = &node.value else { return Map::read(node, reader).map(Self) };
        let entries = items.iter().filter_map(|item| entry(item, reader)).collect();
        Map::read(&Node { range: node.range, value: Value::Map(entries) }, reader).map(Self)
    }
}

/// A name in a list as the line of a mapping that says nothing more.
fn entry(item: &Node, reader: &mut Reader<'_>) -> Option<Entry> {
    let name = reader.scalar(item, "a name")?.text.clone();
    let key = Key { name, range: item.range };
    Some(Entry { key, value: Node::unwritten("{}", item.range) })
}

form! {
    /// Amazon SQS API Reference, CreateQueue.
    QueueName, "queue name", "at most 80 letters, digits, hyphens and underscores, `.fifo` at the end of a FIFO queue's",
    Some("^[A-Za-z0-9_-]{1,80}(\\.fifo)?$"), number false,
    |text| {
        let stem = text.strip_suffix(".fifo").unwrap_or(text);
        when(!stem.is_empty() && text.len() <= 80 && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
    }
}

form! {
    /// Amazon S3 User Guide, general purpose bucket naming rules.
    BucketName, "bucket name", "3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends",
    Some("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"), number false,
    |text| {
        let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let fits = (3..=63).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
            && edge(text.bytes().next())
            && edge(text.bytes().next_back());
        if fits {
            Ok(())
        } else {
            let better = text.to_ascii_lowercase().replace('_', "-");
            let is_better = better != text && (3..=63).contains(&better.len());
            Err(if is_better { Fault::hint(format!("perhaps `{better}`")) } else { Fault::default() })
        }
    }
}

form! {
    /// AWS Systems Manager API Reference, PutParameter.
    ParameterName, "parameter name", "letters, digits and `.`, `-`, `_`; with `/` between parts where it begins with one",
    Some("^[A-Za-z0-9._/-]+$"), number false,
    |text| {
        let fits = !text.is_empty()
            && text.len() <= 1011
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/'));
        if fits && text.contains('/') && !text.starts_with('/') {
            Err(Fault::hint(format!("write `/{text}`")))
        } else {
            when(fits)
        }
    }
}

form! {
    /// AWS Secrets Manager API Reference, CreateSecret.
    SecretName, "secret name", "at most 512 letters, digits and `/`, `_`, `+`, `=`, `.`, `@`, `-`",
    Some("^[A-Za-z0-9/_+=.@-]{1,512}$"), number false,
    |text| when(
        !text.is_empty()
            && text.len() <= 512
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte))
    )
}

form! {
    /// MongoDB Manual, Naming Restrictions.
    DatabaseName, "database name", "at most 63 bytes, without `/`, `\\`, `.`, `\"`, `$` or a space",
    Some("^[^/\\\\. \"$]{1,63}$"), number false,
    |text| when(!text.is_empty() && text.len() <= 63 && !text.contains(['/', '\\', '.', ' ', '"', '$', '\0']))
}

form! {
    /// A user of a database.
    UserName, "user name", "1 to 128 characters",
    Some("^.{1,128}$"), number true,
    |text| when((1..=128).contains(&text.chars().count()))
}

form! {
    /// An attribute of a queue by SQS's own name.
    AttributeName, "attribute name", "an attribute of SQS's such as `MaximumMessageSize`",
    Some("^[A-Z][A-Za-z]*$"), number false,
    |text| when(text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

form! {
    /// A tag's key.
    TagName, "tag name", "1 to 128 characters",
    Some("^.{1,128}$"), number true,
    |text| when((1..=128).contains(&text.chars().count()))
}
