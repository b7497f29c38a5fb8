//! docs/cloud-coverage.md, written from the tables.

use std::fmt::Write as _;

use super::{Extent, Operation, SERVICES, Service, mongodb};

const HEAD: &str = "# What the local cloud covers

Generated from the code that answers, and held to it by a test that calls every operation of AWS's published models.
*Full*: it does what AWS documents, with AWS's errors. *Partial*: but for what the table says. Absent operations are
refused by name, never half done. [The guide](cloud.md) says what differs from AWS as a whole.
";

/// The whole document.
#[must_use]
pub fn document() -> String {
    let mut text = HEAD.to_owned();
    for service in SERVICES {
        section(&mut text, service);
    }
    text.push_str(&mongodb::sections());
    text
}

fn section(text: &mut String, service: &Service) {
    let (title, about) = (service.title, service.about);
    let _infallible = write!(text, "\n## {title}\n\n{about}\n\n");
    rows(text, "operation", service.operations);
}

/// The table of operations, or of what another protocol calls them.
pub(super) fn rows(text: &mut String, word: &str, operations: &[Operation]) {
    let count =
        |wanted: fn(&Extent) -> bool| operations.iter().filter(|operation| wanted(&operation.extent)).count();
    let (full, absent) = (count(|it| *it == Extent::Full), count(|it| *it == Extent::Absent));
    let partial = operations.len() - full - absent;
    let _infallible = write!(
        text,
        "{full} full, {partial} partial, {absent} absent.\n\n| {word} | here | difference |\n|---|---|---|\n"
    );
    for operation in operations {
        row(text, operation);
    }
}

fn row(text: &mut String, operation: &Operation) {
    let (here, difference) = match operation.extent {
        Extent::Full => ("full", ""),
        Extent::Partial(difference) => ("partial", difference),
        Extent::Absent => ("absent", ""),
    };
    let _infallible = writeln!(text, "| {} | {here} | {difference} |", operation.name);
}
