//! The `taxiway` command: arguments in, one of the crates' verbs, a report and an exit code out.
fn main() {}
