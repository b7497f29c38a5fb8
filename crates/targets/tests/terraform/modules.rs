//! Every module passes its own tests, with a provider that is only played.

use std::fs;
use std::path::{Path, PathBuf};

use crate::runner::Terraform;

fn modules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/terraform/modules")
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(modules())
        .expect("there are modules")
        .map(|entry| {
            entry.expect("the folder can be read").file_name().into_string().expect("names are UTF-8")
        })
        .collect();
    names.sort();
    names
}

#[test]
fn every_module_has_what_a_module_has() {
    for name in names() {
        let module = modules().join(&name);
        for file in ["main.tf", "variables.tf", "outputs.tf", "versions.tf"] {
            assert!(module.join(file).is_file(), "modules/{name} has no {file}");
        }
        assert!(module.join(format!("tests/{name}.tftest.hcl")).is_file(), "modules/{name} has no tests");
        let main = fs::read_to_string(module.join("main.tf")).expect("main.tf is text");
        assert!(main.starts_with("# "), "modules/{name}/main.tf does not say what it is for");
    }
}

/// Runs the tests of every `of`th module from the `from`th on: so that several run beside each other.
fn check(from: usize, of: usize) {
    let Some(terraform) = Terraform::find() else { return };
    for name in names().iter().skip(from).step_by(of) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(&modules().join(name), folder.path());
        terraform.run(folder.path(), &["fmt", "-check", "-diff", "-recursive"]);
        terraform.run(folder.path(), &["init", "-no-color", "-backend=false"]);
        let said = terraform.run(folder.path(), &["test", "-no-color"]);
        assert!(said.contains(" passed, 0 failed"), "{name}: {said}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folders can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let path = entry.expect("a folder can be read").path();
        let target = to.join(path.file_name().expect("a file has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("files can be copied");
        }
    }
}

#[test]
fn modules_pass_their_tests_1() {
    check(0, 4);
}

#[test]
fn modules_pass_their_tests_2() {
    check(1, 4);
}

#[test]
fn modules_pass_their_tests_3() {
    check(2, 4);
}

#[test]
fn modules_pass_their_tests_4() {
    check(3, 4);
}

/// What runs inside of AWS has tests of its own.
#[test]
fn programs_of_modules_pass_their_tests() {
    let python = std::env::var("TAXIWAY_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for name in names() {
        let module = modules().join(&name);
        if !module.join(format!("tests/test_{name}.py")).is_file() {
            continue;
        }
        let run = std::process::Command::new(&python)
            .args(["-B", "-m", "unittest", "discover", "-s", "tests"])
            .current_dir(&module)
            .output();
        let Ok(output) = run else {
            println!("skipped: python3: it is not installed");
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("\nOK"), "{name}: {said}");
    }
}
