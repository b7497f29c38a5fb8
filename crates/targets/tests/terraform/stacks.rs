//! Every system in every environment: formatted as Terraform formats, valid, and planned without a call to anybody.

use targets::Target;

use crate::runner::{self, Terraform};
use crate::{boundary, systems};

const STACKS: [&str; 3] = ["bootstrap", "data", "compute"];

fn check(system: &str) {
    let Some(terraform) = Terraform::find() else { return };
    let text = systems::text(system);
    for environment in systems::environments(&text) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let compiled = targets::compile(&systems::resolve(&text, &environment), Target::Aws);
        runner::write(&compiled.files, folder.path());
        terraform.run(folder.path(), &["fmt", "-check", "-diff", "-recursive"]);
        let mut plans = Vec::new();
        for stack in STACKS {
            let plan = terraform.plan(&folder.path().join(&environment).join(stack));
            let changes = plan["resource_changes"].as_array().expect("a plan has changes");
            assert!(!changes.is_empty(), "{system} {environment} {stack} makes nothing");
            for change in changes {
                assert_eq!(
                    change["change"]["actions"],
                    serde_json::json!(["create"]),
                    "{}",
                    change["address"]
                );
                assert_eq!(change["mode"], "managed", "{} asks AWS for something", change["address"]);
            }
            plans.push(plan);
        }
        boundary::check(&format!("{system} {environment}"), &plans);
    }
}

#[test]
fn flights() {
    check("flights");
}

#[test]
fn bootstrap() {
    check("bootstrap");
}

#[test]
fn tracker() {
    check("tracker");
}

#[test]
fn knowledge() {
    check("knowledge");
}

#[test]
fn ingest() {
    check("ingest");
}
