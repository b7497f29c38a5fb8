//! What checkov says of the systems of this repository, in every environment: nothing but what is listed with its reason,
//! and everything that is listed. checkov missing is said, not passed over.

#![expect(clippy::disallowed_methods, reason = "a test is at the rim")]
#![expect(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

#[path = "../terraform/runner.rs"]
mod runner;
#[path = "../terraform/systems.rs"]
mod systems;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use targets::Target;

use self::runner::Terraform;

const SYSTEMS: [&str; 5] = ["bootstrap", "flights", "ingest", "knowledge", "tracker"];
const STACKS: [&str; 3] = ["bootstrap", "data", "compute"];

/// The program, from PyPI's package `checkov`.
const CHECKOV: &str = "TAXIWAY_CHECKOV";

/// checkov's configuration, among what is compiled.
const CONFIGURATION: &str = ".checkov.yaml";

#[test]
fn what_fails_is_what_is_listed_with_its_reason() {
    let Some(program) = std::env::var_os(CHECKOV) else {
        println!("skipped: checkov: {CHECKOV} names no program; `pip install checkov` has it");
        return;
    };
    let program = Path::new(&program);
    let Some(terraform) = Terraform::find() else { return };
    let mut failing = BTreeSet::new();
    let mut listed = BTreeSet::new();
    for system in SYSTEMS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = systems::text(system);
        let environments = systems::environments(&text);
        for environment in &environments {
            let compiled = targets::compile(&systems::resolve(&text, environment), Target::Aws);
            runner::write(&compiled.files, folder.path());
        }
        let source = ["--framework", "terraform", "-d", "."].map(str::to_owned);
        assert_eq!(failed(program, folder.path(), &source), BTreeSet::new(), "{system}");
        listed = ids(&folder.path().join(CONFIGURATION));
        std::fs::remove_file(folder.path().join(CONFIGURATION)).expect("it is compiled");
        failing.extend(failed(program, folder.path(), &source));
        failing.extend(failed(program, folder.path(), &plans(&terraform, folder.path(), &environments)));
    }
    let neither = Vec::<&String>::new();
    assert_eq!(failing.difference(&listed).collect::<Vec<_>>(), neither, "these are not listed");
    assert_eq!(listed.difference(&failing).collect::<Vec<_>>(), neither, "these do not fail any more");
}

/// Plans every stack offline, and gives checkov's arguments that name the plans.
fn plans(terraform: &Terraform, folder: &Path, environments: &[String]) -> Vec<String> {
    let mut arguments = vec!["--framework".to_owned(), "terraform_plan".to_owned()];
    for environment in environments {
        for stack in STACKS {
            let plan = terraform.plan(&folder.join(environment).join(stack));
            let file = format!("{environment}-{stack}.json");
            std::fs::write(folder.join(&file), plan.to_string())
                .expect("the temporary folder can be written");
            arguments.extend(["-f".to_owned(), file]);
        }
    }
    arguments
}

/// The checks that fail, under the configuration that is in the folder.
fn failed(program: &Path, folder: &Path, what: &[String]) -> BTreeSet<String> {
    let output = Command::new(program)
        .current_dir(folder)
        .args(["--output", "json", "--quiet", "--compact", "--soft-fail", "--skip-download"])
        .args(what)
        .output()
        .unwrap_or_else(|error| panic!("{CHECKOV} names no program: {error}"));
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert!(report["summary"]["passed"].as_u64() > Some(0), "checkov looked at nothing: {report}");
    let failed = report["results"]["failed_checks"].as_array().expect("a report lists what failed");
    failed.iter().map(|check| check["check_id"].as_str().expect("a check has an id").to_owned()).collect()
}

/// The checks that a configuration skips.
fn ids(configuration: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(configuration).expect("it is compiled");
    text.lines().filter_map(|line| line.strip_prefix("  - ")).map(str::to_owned).collect()
}
