//! The documents say what is true: their commands run, their manifests hold, and CI runs the README's own test command.

use std::path::PathBuf;
use std::process::Command;

use harness::{Project, binary, eventually, python, succeed, workspace};

#[test]
fn the_two_commands_are_there_and_ci_runs_the_second() {
    let readme = read("README.md");
    let commands = blocks(&readme, "sh");
    assert_eq!(commands.first().map(String::as_str), Some("cargo run --release -- up systems/ingest\n"));
    assert_eq!(commands.last().map(String::as_str), Some("tests/run\n"));
    assert!(read(".ci/run").ends_with("exec tests/run\n"));
}

#[test]
fn what_a_newcomer_types_next_works() {
    let Some(python) = python(&["awscli", "boto3"]) else { return };
    let project = Project::ingest();
    project.start();
    let readme = read("README.md");
    let block = blocks(&readme, "sh").into_iter().nth(1).expect("the commands for the second terminal");
    let script = block
        .replace("localhost:8000", &project.edge().to_string())
        .replace("http://127.0.0.1:4566", &project.cloud())
        .replace("target/release/taxiway", &binary("taxiway").display().to_string())
        .replace("systems/ingest", &project.path().display().to_string())
        .replace("aws s3", &format!("{} s3", python.with_file_name("aws").display()));
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &script]);
    let said = eventually(std::time::Duration::from_secs(30), "an object in the list", || {
        let said = succeed(&mut shell);
        said.contains("emails/v1/local/").then_some(said)
    });
    assert!(said.contains(r#"{"status":"accepted""#), "{said}");
    assert!(said.contains("api-2") && said.contains("healthy"), "{said}");
}

#[test]
fn every_manifest_in_the_documents_holds() {
    let mut checked = 0;
    for document in ["README.md", "docs/local.md", "docs/manifest.md", "examples/fastapi/README.md"] {
        for block in blocks(&read(document), "yaml").iter().filter(|block| block.starts_with("name:")) {
            let project = Project::new(block);
            succeed(&mut project.taxiway("check"));
            checked += 1;
        }
    }
    assert!(checked > 0, "no manifest found");
}

#[test]
fn every_manifest_of_the_repository_holds() {
    for folder in ["systems/bootstrap", "systems/ingest", "examples/fastapi"] {
        succeed(Command::new(binary("taxiway")).args(["check"]).arg(workspace().join(folder)));
    }
}

#[test]
fn every_link_leads_somewhere() {
    for document in
        ["README.md", "ARCHITECTURE.md", "docs/local.md", "docs/cloud.md", "systems/ingest/README.md"]
    {
        let folder = workspace().join(document).parent().map(PathBuf::from).expect("a folder");
        let text = read(document);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http") && !link.starts_with('#')) {
            assert!(folder.join(link).exists(), "{document} links to {link}, which is not there");
        }
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of one language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}
