//! What of each service is here: every operation of AWS's published models, and what differs from AWS's.
//!
//! The dispatch takes the names of operations for the metrics from here, docs/cloud-coverage.md is written from here,
//! and a test calls every operation of the models against a running cloud and compares.

pub use self::document::document;

mod document;
mod kms;
mod mongodb;
mod s3;
mod secretsmanager;
mod sqs;
mod ssm;
mod sts;

/// Every service, in the order of the document.
const SERVICES: [&Service; 6] =
    [&sqs::SERVICE, &s3::SERVICE, &ssm::SERVICE, &secretsmanager::SERVICE, &kms::SERVICE, &sts::SERVICE];

/// A service and its operations.
#[derive(Debug)]
pub struct Service {
    /// Its name in a signature's scope and in AWS's model: `sqs`.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What holds for the service as a whole.
    pub about: &'static str,
    /// Every operation, in order of name.
    pub operations: &'static [Operation],
}

/// An operation and how much of it is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Its name in AWS's model.
    pub name: &'static str,
    /// How much of it is here.
    pub extent: Extent,
}

/// How much of an operation is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// It does what AWS documents.
    Full,
    /// It does, but for this difference.
    Partial(&'static str),
    /// It is refused as an operation the service does not know, or does not implement.
    Absent,
}

/// Every service and its operations.
#[must_use]
pub fn tables() -> &'static [&'static Service] {
    &SERVICES
}

/// The commands of the document service, in order of name.
#[must_use]
pub fn commands() -> &'static [Operation] {
    mongodb::COMMANDS
}

/// The services of which anything is here, but for the document service.
pub(crate) fn services() -> impl Iterator<Item = &'static str> {
    let here =
        |service: &&&Service| service.operations.iter().any(|operation| operation.extent != Extent::Absent);
    SERVICES.iter().filter(here).map(|service| service.id)
}

/// The table's own text of an operation's name: bounded, where what a client asks for is not.
pub(crate) fn name(service: &str, operation: &str) -> &'static str {
    find(service, operation).map_or("other", |known| known.name)
}

/// The table's own text of a command's name, by whatever name it is called.
pub(crate) fn command(name: &str) -> &'static str {
    let own = match name {
        "ismaster" => "isMaster",
        "findandmodify" => "findAndModify",
        other => other,
    };
    let at = mongodb::COMMANDS.binary_search_by(|known| known.name.cmp(own)).ok();
    at.and_then(|at| mongodb::COMMANDS.get(at)).map_or("other", |known| known.name)
}

/// Whether AWS's model of a service has the operation, here or not.
pub(crate) fn has(service: &str, operation: &str) -> bool {
    find(service, operation).is_some()
}

fn find(service: &str, operation: &str) -> Option<&'static Operation> {
    let operations = SERVICES.iter().find(|known| known.id == service)?.operations;
    let at = operations.binary_search_by(|known| known.name.cmp(operation)).ok()?;
    operations.get(at)
}

const fn full(name: &'static str) -> Operation {
    Operation { name, extent: Extent::Full }
}

const fn partial(name: &'static str, difference: &'static str) -> Operation {
    Operation { name, extent: Extent::Partial(difference) }
}

const fn absent(name: &'static str) -> Operation {
    Operation { name, extent: Extent::Absent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_in_order() {
        for service in SERVICES {
            let names: Vec<&str> = service.operations.iter().map(|operation| operation.name).collect();
            assert!(names.is_sorted_by(|one, next| one < next), "{}", service.id);
        }
        assert!(commands().is_sorted_by(|one, next| one.name < next.name));
    }

    #[test]
    fn a_name_nobody_knows_is_another() {
        assert_eq!(name("sqs", "SendMessage"), "SendMessage");
        assert_eq!(name("sqs", "Sendmessage"), "other");
        assert_eq!(name("dynamodb", "ListTables"), "other");
        assert_eq!((command("findandmodify"), command("nonsense")), ("findAndModify", "other"));
    }
}
