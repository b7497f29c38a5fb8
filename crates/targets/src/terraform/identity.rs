//! What a service may do, from `uses` and nothing else: exact actions on exact resources.

use std::collections::BTreeSet;

use model::System;
use model::system::{Access, Key, ResourceKind, Service, Use};

use super::exports::heard;
use super::hcl::{Expression, Part};

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    sid: String,
    actions: Vec<&'static str>,
    resources: Vec<Expression>,
    conditions: Vec<Condition>,
}

/// What a request must be besides: a condition operator, a condition key, and the values it may have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) operator: &'static str,
    pub(super) key: &'static str,
    pub(super) values: Vec<Expression>,
}

impl Statement {
    pub(super) fn new(sid: &str, actions: &[&'static str], resources: Vec<Expression>) -> Self {
        Self { sid: sid.to_owned(), actions: actions.to_vec(), resources, conditions: Vec::new() }
    }

    pub(super) fn when(mut self, conditions: Vec<Condition>) -> Self {
        self.conditions = conditions;
        self
    }

    /// Whether another one says the same of other resources.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.sid == other.sid && self.actions == other.actions && self.conditions == other.conditions
    }

    /// Whether it names a resource.
    pub(super) fn is_of_something(&self) -> bool {
        !self.resources.is_empty()
    }

    /// Holds for the resources of another one too.
    pub(super) fn widen(&mut self, other: Self) {
        let new = other.resources.into_iter().filter(|resource| !self.resources.contains(resource));
        self.resources.extend(new.collect::<Vec<_>>());
    }
}

/// By operator, then by key, as a policy has them.
fn conditions(conditions: &[Condition]) -> Expression {
    let operators: BTreeSet<&str> = conditions.iter().map(|condition| condition.operator).collect();
    Expression::object(operators.into_iter().map(|operator| {
        let keys = conditions.iter().filter(|condition| condition.operator == operator);
        let keys = keys.map(|condition| (condition.key, Expression::List(condition.values.clone())));
        (operator, Expression::object(keys))
    }))
}

impl From<Statement> for Expression {
    fn from(statement: Statement) -> Self {
        let Statement { sid, actions, resources, conditions } = statement;
        let mut entries = vec![
            ("sid", Self::Text(sid)),
            ("actions", Self::list(actions)),
            ("resources", Self::List(resources)),
        ];
        if !conditions.is_empty() {
            entries.push(("conditions", self::conditions(&conditions)));
        }
        Self::object(entries)
    }
}

/// Everything `service` may do, in the order of what it uses.
pub(super) fn statements(system: &System, service: &Service) -> Vec<Statement> {
    let used = service.uses.iter().filter_map(|(name, of)| Some((name, of, system.resources.get(name)?)));
    used.flat_map(|(name, of, resource)| of_resource(name, of, &resource.kind)).collect()
}

fn of_resource(name: &str, of: &Use, kind: &ResourceKind) -> Vec<Statement> {
    let access = of.access;
    let arn = |group: &str| Expression::reference(heard(&[group, name, "arn"]));
    match kind {
        ResourceKind::Queue(_) => vec![statement(name, access, queue(access), vec![arn("queues")])],
        ResourceKind::Bucket(_) => bucket(name, access, of.prefix.as_deref()),
        ResourceKind::Parameter(_) => {
            vec![statement(name, access, parameter(access), vec![arn("parameters")])]
        }
        ResourceKind::Secret(secret) => {
            let of_secret = statement(name, access, self::secret(access), vec![arn("secrets")]);
            let key = (secret.key != Key::Managed).then(|| {
                let key = Expression::reference(heard(&["secrets", name, "key_arn"]));
                statement(&format!("{name}-key"), access, key_actions(access), vec![key])
            });
            std::iter::once(of_secret).chain(key).collect()
        }
        // The network lets them in, and the execution role hands them the credentials.
        ResourceKind::Postgres(_) | ResourceKind::Mongodb(_) | ResourceKind::Redis(_) => Vec::new(),
    }
}

fn statement(
    name: &str,
    access: Access,
    actions: Vec<&'static str>,
    resources: Vec<Expression>,
) -> Statement {
    Statement::new(&sid(name, access), &actions, resources)
}

/// Amazon SQS Developer Guide, "Amazon SQS API permissions: Actions and resource reference".
fn queue(access: Access) -> Vec<&'static str> {
    const CONSUME: [&str; 4] =
        ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
    match access {
        Access::Send | Access::Write => vec!["sqs:SendMessage"],
        Access::Consume | Access::Read => CONSUME.to_vec(),
        Access::Manage | Access::ReadWrite => CONSUME
            .into_iter()
            .chain(["sqs:GetQueueUrl", "sqs:PurgeQueue", "sqs:SendMessage", "sqs:SetQueueAttributes"])
            .collect(),
    }
}

/// Amazon S3 User Guide, "Required permissions for Amazon S3 API operations". A listing is limited to a prefix by a
/// condition (the same guide, "Bucket policy examples using condition keys").
fn bucket(name: &str, access: Access, prefix: Option<&str>) -> Vec<Statement> {
    let arn = heard(&["buckets", name, "arn"]);
    let below = format!("/{}*", prefix.unwrap_or_default());
    let objects = Expression::Template(vec![Part::Reference(arn.clone()), Part::Text(below)]);
    let on_objects = match access {
        Access::Read | Access::Consume => vec!["s3:GetObject"],
        Access::Write | Access::Send => vec!["s3:PutObject"],
        Access::ReadWrite | Access::Manage => vec!["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    };
    let mut statements = vec![statement(name, access, on_objects, vec![objects])];
    if !matches!(access, Access::Write | Access::Send) {
        let list = statement(
            &format!("{name}-list"),
            access,
            vec!["s3:ListBucket"],
            vec![Expression::reference(arn)],
        );
        statements.push(list.when(prefix.map(listed).into_iter().collect()));
    }
    statements
}

fn listed(prefix: &str) -> Condition {
    let below = Expression::from(format!("{prefix}*"));
    Condition { operator: "StringLike", key: "s3:prefix", values: vec![below] }
}

fn parameter(access: Access) -> Vec<&'static str> {
    match access {
        Access::Write | Access::Send => vec!["ssm:PutParameter"],
        Access::Read | Access::Consume => vec!["ssm:GetParameter"],
        Access::ReadWrite | Access::Manage => vec!["ssm:GetParameter", "ssm:PutParameter"],
    }
}

fn secret(access: Access) -> Vec<&'static str> {
    match access {
        Access::Write | Access::Send => vec!["secretsmanager:PutSecretValue"],
        Access::Read | Access::Consume => vec!["secretsmanager:GetSecretValue"],
        Access::ReadWrite | Access::Manage => {
            vec!["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]
        }
    }
}

/// AWS Secrets Manager User Guide, "Secret encryption and decryption".
fn key_actions(access: Access) -> Vec<&'static str> {
    match access {
        Access::Read | Access::Consume => vec!["kms:Decrypt"],
        Access::Write | Access::Send | Access::ReadWrite | Access::Manage => {
            vec!["kms:Decrypt", "kms:GenerateDataKey"]
        }
    }
}

/// Letters and digits only (IAM User Guide, "IAM JSON policy elements: Sid"): `EmailsSend`.
fn sid(name: &str, access: Access) -> String {
    let how = match access {
        Access::Send => "send",
        Access::Consume => "consume",
        Access::Manage => "manage",
        Access::Read => "read",
        Access::Write => "write",
        Access::ReadWrite => "read-write",
    };
    camel(&format!("{name}-{how}"))
}

/// `emails-send`: `EmailsSend`.
pub(super) fn camel(name: &str) -> String {
    name.split(['-', '_', '.'])
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}
