//! The pipelines of the systems in this repository: what must hold of every workflow, read by another reader of YAML, and
//! by programs that know GitHub's workflows and shells. What is missing is said, not passed over.

#![expect(clippy::disallowed_methods, reason = "a test is at the rim")]
#![expect(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

mod outside;
mod rules;
mod scripts;
mod shape;
#[path = "../terraform/systems.rs"]
mod systems;

use targets::Pipelines;

const SYSTEMS: [&str; 5] = ["bootstrap", "flights", "ingest", "knowledge", "tracker"];

/// The pipeline of one of the repository's systems.
fn pipelines(system: &str) -> Pipelines {
    of(&systems::text(system), &format!("systems/{system}"))
}

fn of(text: &str, folder: &str) -> Pipelines {
    let environments = systems::environments(text);
    let systems: Vec<_> =
        environments.iter().map(|environment| systems::resolve(text, environment)).collect();
    targets::pipelines(&systems, folder)
}

/// Every workflow, with its path.
fn workflows(pipelines: &Pipelines) -> impl Iterator<Item = (&String, String)> {
    let all = pipelines.files.iter().chain(&pipelines.starters).filter(|(path, _)| path.ends_with(".yml"));
    all.map(|(path, content)| (path, String::from_utf8(content.clone()).expect("UTF-8")))
}
