//! Holds the house to its plan: the allowed arrows between crates, and ARCHITECTURE.md against what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Crate folder → crate folders it may depend on. A crate that is not listed may not exist.
const ALLOWED: &[(&str, &[&str])] = &[
    ("crates/model", &[]),
    ("crates/control", &[]),
    ("crates/edge", &[]),
    ("crates/cloud", &[]),
    ("crates/local", &["crates/model", "crates/control", "crates/edge", "crates/cloud"]),
    ("crates/targets", &["crates/model"]),
    // It runs the stacks that `targets` makes, so their names and order are one type.
    ("crates/remote", &["crates/model", "crates/targets"]),
    (
        "crates/cli",
        &[
            "crates/model",
            "crates/control",
            "crates/edge",
            "crates/cloud",
            "crates/local",
            "crates/targets",
            "crates/remote",
        ],
    ),
    ("systems/kit", &[]),
    ("systems/bootstrap", &["systems/kit"]),
    ("systems/flights", &["systems/kit"]),
    ("systems/ingest", &["systems/kit", "tests"]),
    ("systems/knowledge", &["systems/kit", "tests"]),
    ("tests", &[]),
];

/// Crates that compute and nothing else, and what would make them do more.
const PURE: &[&str] = &["crates/model", "crates/control", "crates/targets"];
const IMPURE: &[&str] =
    &["tokio", "async-std", "smol", "hyper", "reqwest", "rusqlite", "rustix", "nix", "mio"];

#[test]
fn every_arrow_between_crates_is_allowed() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ALLOWED.iter().map(|(from, to)| (*from, to.iter().copied().collect())).collect();
    for package in packages() {
        let targets = allowed.get(package.folder.as_str()).unwrap_or_else(|| {
            panic!("{} is not in the plan; add it to ARCHITECTURE.md and here", package.folder)
        });
        for to in package.ours() {
            assert!(targets.contains(to), "{} must not depend on {to}", package.folder);
        }
    }
}

#[test]
fn pure_crates_have_no_way_to_the_outside() {
    for package in packages().into_iter().filter(|package| PURE.contains(&package.folder.as_str())) {
        for name in &package.outside {
            assert!(
                !IMPURE.contains(&name.as_str()),
                "{} is pure and must not depend on {name}",
                package.folder
            );
        }
    }
}

#[test]
fn architecture_names_every_crate_and_no_other() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    assert!(
        text.lines().count() <= 150,
        "ARCHITECTURE.md has {} lines; 150 are allowed",
        text.lines().count()
    );
    let there: BTreeSet<String> = packages().into_iter().map(|package| package.folder).collect();
    let named: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(folder, _)| folder.to_owned()))
        .filter(|folder| root().join(folder).join("Cargo.toml").exists() || folder.starts_with("crates/"))
        .collect();
    assert_eq!(
        named, there,
        "the table of crates in ARCHITECTURE.md (left) and the workspace (right) differ"
    );
}

#[test]
fn every_path_that_architecture_names_exists() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let missing: Vec<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| {
            code.contains('/') && (code.ends_with(".rs") || code.ends_with(".toml") || code.ends_with('/'))
        })
        .filter(|path| !path.starts_with('.') && !path.contains(['*', '{', '<', ' ']))
        .filter(|path| !root().join(path).exists())
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    let files = Command::new("git").args(["ls-files", "*.rs"]).current_dir(root()).output().expect("git");
    let silent: Vec<String> = String::from_utf8(files.stdout)
        .expect("paths are text")
        .lines()
        .filter(|file| root().join(file).exists())
        .filter(|file| {
            let text = std::fs::read_to_string(root().join(file)).expect("a tracked file");
            !text.starts_with("//!")
        })
        .map(str::to_owned)
        .collect();
    assert!(silent.is_empty(), "no `//!` first line in {silent:?}");
}

/// Without `--package`, cargo looks for a program among the default members alone.
#[test]
fn every_prepare_of_a_system_finds_its_program() {
    let members = metadata()["workspace_default_members"].to_string();
    for entry in std::fs::read_dir(root().join("systems")).expect("the systems").flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path().join("taxiway.yaml")) else { continue };
        for program in text.lines().filter_map(|line| line.split_once("--bin ").map(|(_, name)| name.trim()))
        {
            assert!(
                members.contains(&format!("systems/{program}#")),
                "systems/{program} is no default member: build it by `--package {program}`"
            );
        }
    }
}

/// A workspace member: where it stands, and what it needs.
struct Package {
    folder: String,
    inside: Vec<String>,
    outside: Vec<String>,
}

impl Package {
    fn ours(&self) -> impl Iterator<Item = &str> {
        self.inside.iter().map(String::as_str)
    }
}

fn packages() -> Vec<Package> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    packages.iter().map(package).collect()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

fn package(value: &Value) -> Package {
    let manifest = PathBuf::from(value["manifest_path"].as_str().expect("manifest_path"));
    let dependencies = value["dependencies"].as_array().expect("dependencies");
    // Development dependencies included: a test that crosses an arrow is a crossed arrow.
    let (inside, outside): (Vec<_>, Vec<_>) =
        dependencies.iter().partition(|entry| entry["path"].is_string());
    Package {
        folder: relative(manifest.parent().expect("a folder")),
        inside: inside
            .iter()
            .map(|entry| relative(Path::new(entry["path"].as_str().expect("path"))))
            .collect(),
        outside: outside
            .iter()
            .filter(|entry| entry["kind"] != "dev")
            .map(|entry| entry["name"].as_str().expect("name").to_owned())
            .collect(),
    }
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).expect("inside the workspace").to_string_lossy().into_owned()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}
