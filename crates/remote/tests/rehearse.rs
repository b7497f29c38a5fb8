//! A whole rehearsal: real terraform, the real provider, the simulated AWS; three small stacks.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use remote::rehearsal::{Event, Rehearsal, Report, Step, Verdict, run};
use remote::{Files, Limits, Stop, Variables};

const PROVIDERS: &str = r#"terraform {
  required_version = ">= 1.6"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}
"#;

const BOOTSTRAP: &str = r#"resource "aws_ssm_parameter" "this" {
  name  = "/post/state"
  type  = "String"
  value = "there"
}
"#;

const DATA: &str = r#"resource "aws_sqs_queue" "this" {
  name                       = "post-letters"
  visibility_timeout_seconds = 60
}

output "compute" {
  description = "What the compute stack needs to know."
  value       = { data = { url = aws_sqs_queue.this.url } }
}
"#;

const COMPUTE: &str = r#"variable "data" {
  description = "What the data stack made."
  type        = object({ url = string })
}

resource "aws_ssm_parameter" "this" {
  name  = "/post/url"
  type  = "String"
  value = var.data.url
}
"#;

fn files() -> Files {
    let stacks = [
        ("bootstrap", BOOTSTRAP, "# nothing\n"),
        ("data", DATA, "# nothing\n"),
        ("compute", COMPUTE, "data = { url = \"https://example.com/letters\" }\n"),
    ];
    let mut files = Files::new();
    for (name, main, values) in stacks {
        for (file, text) in
            [("providers.tf", PROVIDERS), ("main.tf", main), ("terraform.tfvars.example", values)]
        {
            files.insert(format!("prod/{name}/{file}"), text.as_bytes().to_vec());
        }
    }
    files
}

/// The files with one text in a stack's `main.tf` replaced by another.
fn with(stack: &str, before: &str, after: &str) -> Files {
    let mut files = files();
    let main = files.get_mut(&format!("prod/{stack}/main.tf")).expect("a file");
    *main = String::from_utf8_lossy(main).replace(before, after).into_bytes();
    files
}

/// The environment, with a Python that has moto, where terraform, its provider and moto are there.
fn variables() -> Option<Variables> {
    let mut variables: Variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    if std::process::Command::new("terraform").arg("version").output().is_err() {
        println!("skipped: rehearsal: terraform is not installed");
        return None;
    }
    if !variables.contains_key("TAXIWAY_TERRAFORM_MIRROR") {
        println!(
            "skipped: rehearsal: TAXIWAY_TERRAFORM_MIRROR names no mirror of providers, and none is downloaded"
        );
        return None;
    }
    variables.remove("TF_CLI_CONFIG_FILE");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pythons = [variables.get("TAXIWAY_PYTHON").map(PathBuf::from), Some(root.join(".venv/bin/python"))];
    let has_moto = |python: &PathBuf| {
        let asked = std::process::Command::new(python).args(["-c", "import moto.server"]).output();
        asked.is_ok_and(|output| output.status.success())
    };
    let Some(python) = pythons.into_iter().flatten().find(has_moto) else {
        println!("skipped: rehearsal: no Python here has moto");
        return None;
    };
    variables.insert("TAXIWAY_PYTHON".to_owned(), python.display().to_string());
    Some(variables)
}

fn rehearse(files: Files, changed: Files, variables: Variables) -> Report {
    let rehearsal = Rehearsal {
        system: "post".to_owned(),
        environment: "prod".to_owned(),
        files,
        changed: ("visibility: 60s → 61s".to_owned(), changed),
        released: None,
        endpoint: None,
        variables,
        limits: Limits::default(),
        launcher: Vec::new(),
    };
    let (_asks, stop) = Stop::new();
    let mut tell = |event: Event<'_>| {
        if let Event::Ends(stack, step, seconds, _) = event {
            println!("{stack}: {} {seconds:.1} s", step.name());
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(&rehearsal, &stop, &mut tell)).expect("a rehearsal that takes place")
}

#[test]
fn a_small_system_holds_and_shows_its_smallest_difference() {
    let Some(variables) = variables() else { return };
    let report = rehearse(files(), with("data", "= 60", "= 61"), variables);
    assert_eq!(report.verdict, Verdict::Holds, "{report:#?}");
    let moved: BTreeMap<&str, &Vec<String>> = report
        .stacks
        .iter()
        .filter_map(|stack| Some((stack.stack.name(), &stack.change.as_ref()?.lines)))
        .collect();
    let line = "~ aws_sqs_queue.this: visibility_timeout_seconds: 60 → 61".to_owned();
    assert_eq!(moved, BTreeMap::from([("data", &vec![line])]));
    for stack in &report.stacks {
        assert_eq!(stack.resources, 1);
        assert!(stack.seconds(Step::Destroy).is_some());
    }
}

#[test]
fn what_terraform_refuses_is_said_with_the_stack_and_the_step() {
    let Some(variables) = variables() else { return };
    let files = with("bootstrap", "  name  = \"/post/state\"", "  name = \"/post/state\"");
    let report = rehearse(files.clone(), files, variables);
    let told = match &report.verdict {
        Verdict::Fails(told) => told.as_str(),
        Verdict::Holds => "it holds",
    };
    assert!(told.starts_with("bootstrap: fmt failed after "), "{told}");
    let reason = report.stacks.first().and_then(|stack| stack.failure.as_ref()).map(|failed| &failed.reason);
    assert!(reason.is_some_and(|reason| reason.contains("main.tf")), "{reason:?}");
}
