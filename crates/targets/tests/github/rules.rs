//! What must hold of every workflow of every system.

use serde_json::Value;

use crate::outside::{read, read_or_skip};
use crate::{SYSTEMS, pipelines, workflows};

#[test]
fn two_compilations_are_the_same_bytes() {
    for system in SYSTEMS {
        let made = pipelines(system);
        assert!(!made.files.is_empty(), "{system}");
        assert_eq!(made, pipelines(system), "{system}");
    }
}

#[test]
fn actions_are_pinned_by_commit() {
    for system in SYSTEMS {
        for (path, text) in workflows(&pipelines(system)) {
            for line in text.lines().filter(|line| line.contains("uses: ")) {
                let used = line.split_once("uses: ").expect("found above").1;
                if used.starts_with("./.github/workflows/") {
                    continue;
                }
                let (commit, version) =
                    used.split_once('@').and_then(|(_, at)| at.split_once(" # ")).expect(line);
                assert!(
                    commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
                    "{path}: {line}"
                );
                assert!(version.starts_with('v'), "{path}: {line}");
            }
        }
    }
}

/// Each job, by its name.
fn jobs(workflow: &Value) -> Vec<(&String, &Value)> {
    workflow["jobs"].as_object().expect("a workflow has jobs").iter().collect()
}

#[test]
fn jobs_say_what_they_may_do_and_for_how_long() {
    for system in SYSTEMS {
        for (path, text) in workflows(&pipelines(system)).filter(|(path, _)| path.contains("/workflows/")) {
            let Some(workflow) = read_or_skip(&text) else { return };
            assert_eq!(workflow["permissions"], serde_json::json!({}), "{path}");
            assert!(workflow["on"].is_object(), "{path}: `on` is not a key of text");
            for (name, job) in jobs(&workflow) {
                let permissions = job["permissions"].as_object().expect("permissions");
                assert_eq!(permissions["contents"], "read", "{path} {name}");
                let signs_in = text_of(job).contains("configure-aws-credentials");
                assert_eq!(permissions.contains_key("id-token"), signs_in, "{path} {name}");
                assert!(job["uses"].is_string() || job["timeout-minutes"].is_u64(), "{path} {name}");
            }
        }
    }
}

#[test]
fn no_script_holds_an_expression() {
    for system in SYSTEMS {
        let made = pipelines(system);
        for (path, script) in made.files.iter().filter(|(path, _)| path.ends_with(".sh")) {
            assert!(!String::from_utf8_lossy(script).contains("${{"), "{path}");
        }
        for (path, text) in workflows(&made).filter(|(path, _)| path.contains("/workflows/")) {
            let Some(workflow) = read_or_skip(&text) else { return };
            for (name, job) in jobs(&workflow) {
                for step in job["steps"].as_array().into_iter().flatten() {
                    let run = step["run"].as_str().unwrap_or_default();
                    assert!(!run.contains("${{"), "{path} {name}: {run}");
                    if let Some((_, script)) = run.split_once(".github/delivery/") {
                        assert!(made.files.contains_key(&format!(".github/delivery/{script}")), "{run}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_a_job_needs_is_there() {
    for system in SYSTEMS {
        for (path, text) in workflows(&pipelines(system)).filter(|(path, _)| path.contains("/workflows/")) {
            let Some(workflow) = read_or_skip(&text) else { return };
            for (name, job) in jobs(&workflow) {
                for needed in job["needs"].as_array().into_iter().flatten() {
                    let needed = needed.as_str().expect("a name");
                    assert!(workflow["jobs"][needed].is_object(), "{path} {name} needs {needed}");
                }
            }
        }
    }
}

/// No stored key, and the roles of the environment that is delivered to.
#[test]
fn identity_comes_by_token_only() {
    for system in SYSTEMS {
        for (path, text) in workflows(&pipelines(system)) {
            assert!(!text.contains("${{ secrets"), "{path}");
            assert!(!text.contains("aws-access-key-id"), "{path}");
        }
    }
}

fn text_of(job: &Value) -> String {
    job.to_string()
}

#[test]
fn other_files_are_yaml_too() {
    let text = crate::systems::text("ingest");
    let made = crate::of(&text, "");
    let dependabot = String::from_utf8_lossy(&made.files[".github/dependabot.yml"]).into_owned();
    let Some(dependabot) = read(&dependabot) else {
        println!("skipped: PyYAML: there is none");
        return;
    };
    let kinds: Vec<_> = dependabot["updates"]
        .as_array()
        .expect("updates")
        .iter()
        .map(|one| &one["package-ecosystem"])
        .collect();
    assert_eq!(kinds, ["github-actions", "docker", "terraform"]);
}
