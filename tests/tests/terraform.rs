//! `taxiway apply` and `destroy` through terraform and the real provider, on a simulated AWS.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use harness::{Program, Project, binary, run, workspace};
use serde_json::Value;

/// As few resources as a system has.
const MANIFEST: &str = "name: post
services:
  sorter: { type: worker, image: example.com/sorter:1, uses: { letters: consume } }
resources:
  letters: { type: queue }
aws: { region: us-east-1, availability_zones: 2 }
environments:
  dev: {}
  prod: { protect: true }
";

/// `taxiway rehearse aws`. It ends with the value, and what it started ends when its input closes.
struct Simulated {
    _program: Program,
    endpoint: String,
}

impl Simulated {
    /// Starts one where terraform, its provider and moto are there.
    fn start() -> Option<Self> {
        if Command::new("terraform").arg("version").output().is_err() {
            println!("skipped: apply and destroy: terraform is not installed");
            return None;
        }
        if std::env::var_os("TAXIWAY_TERRAFORM_MIRROR").is_none() {
            println!("skipped: apply and destroy: TAXIWAY_TERRAFORM_MIRROR names no mirror of providers");
            return None;
        }
        let mut command = Command::new(binary("taxiway"));
        command.args(["rehearse", "aws", "--port", "0", "--json"]);
        if std::env::var_os("TAXIWAY_PYTHON").is_none() {
            command.env("TAXIWAY_PYTHON", workspace().join(".venv/bin/python"));
        }
        let mut program = Program::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut line = String::new();
        BufReader::new(program.output()).read_line(&mut line).expect("a line");
        let endpoint = serde_json::from_str::<Value>(&line)
            .ok()
            .and_then(|start| start["endpoint"].as_str().map(str::to_owned));
        let simulated = Self { _program: program, endpoint: endpoint.clone().unwrap_or_default() };
        if endpoint.is_none() {
            println!("skipped: apply and destroy: no Python here has moto");
            return None;
        }
        Some(simulated)
    }
}

/// What a verb did to each stack, in its order: name, resources that came and went.
fn done(project: &Project, verb: &str, simulated: &Simulated, more: &[&str]) -> Vec<(String, u64, u64)> {
    let mut command = project.taxiway(verb);
    command.args(["--env", "dev", "--json", "--yes", "--endpoint", &simulated.endpoint]).args(more);
    command.env_remove("TF_CLI_CONFIG_FILE");
    let output = run(&mut command);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{verb}: {said}");
    let outcomes: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let count = |outcome: &Value, what: &str| outcome["counts"][what].as_u64().expect("a count");
    let outcomes = outcomes.as_array().expect("stacks").iter();
    outcomes
        .map(|outcome| {
            let stack = outcome["stack"].as_str().expect("a name").to_owned();
            (stack, count(outcome, "add"), count(outcome, "destroy"))
        })
        .collect()
}

fn names(outcomes: &[(String, u64, u64)]) -> Vec<&str> {
    outcomes.iter().map(|(name, ..)| name.as_str()).collect()
}

#[test]
fn a_system_is_applied_in_order_and_destroyed_in_reverse() {
    let Some(simulated) = Simulated::start() else { return };
    let project = Project::new(MANIFEST);

    let applied = done(&project, "apply", &simulated, &[]);
    assert_eq!(names(&applied), ["bootstrap", "data", "compute"]);
    assert!(applied.iter().all(|(_, add, destroy)| *add > 0 && *destroy == 0), "{applied:?}");
    let place = simulated.endpoint.trim_start_matches("http://").replace(':', "-");
    let copy = project.path().join(".taxiway/simulated").join(place).join("dev");
    let heard = std::fs::read_to_string(copy.join("compute/data.auto.tfvars.json")).expect("a hand-over");
    assert!(heard.contains("letters"), "{heard}");
    assert!(copy.join("bootstrap/backend.tf").is_file(), "bootstrap's state is in the bucket it made");
    assert!(!project.path().join("deploy").exists(), "a person's folder is left alone");

    let again = done(&project, "apply", &simulated, &["--stack", "data"]);
    assert_eq!(again, [("data".to_owned(), 0, 0)], "a second apply changes nothing");

    let destroyed = done(&project, "destroy", &simulated, &[]);
    assert_eq!(names(&destroyed), ["compute", "data", "bootstrap"]);
    let (before, after): (u64, u64) =
        (applied.iter().map(|(_, add, _)| add).sum(), destroyed.iter().map(|(.., gone)| gone).sum());
    assert_eq!(before, after, "everything that came went");
}

#[test]
fn a_protected_environment_wants_a_word_and_nobody_can_type_it_here() {
    let project = Project::new(MANIFEST);
    let output = run(project.taxiway("apply").args(["--env", "prod", "--endpoint", "http://127.0.0.1:1"]));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no terminal to ask; add --yes; nothing was changed"), "{said}");
}
