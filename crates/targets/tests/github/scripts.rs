//! What workflows run, run here: against a command line of AWS that answers what a test says.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::systems;

/// What a script did.
struct Ran {
    is_done: bool,
    /// What it printed, and what it handed on.
    said: String,
    output: String,
    asked: Vec<Vec<String>>,
}

/// Runs a script with answers and variables; `None` where what it takes is missing.
fn run(script: &str, answers: &Value, variables: &[(&str, &str)]) -> Option<Ran> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run_in(folder.path(), folder.path(), script, answers, variables)
}

fn run_in(
    folder: &Path,
    work: &Path,
    script: &str,
    answers: &Value,
    variables: &[(&str, &str)],
) -> Option<Ran> {
    let Some(python) = std::env::var_os("TAXIWAY_PYTHON").map(PathBuf::from) else {
        println!("skipped: {script}: TAXIWAY_PYTHON names no Python with jmespath");
        return None;
    };
    if Command::new("jq").arg("--version").output().is_err() {
        println!("skipped: {script}: jq is not installed");
        return None;
    }
    let tests = systems::root().join("crates/targets/tests/github/aws.py");
    let program = folder.join("aws");
    let text = format!("#!/bin/sh\nexec '{}' '{}' \"$@\"\n", python.display(), tests.display());
    fs::write(&program, text).expect("the temporary folder can be written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("its files can be made programs");
    fs::write(folder.join("answers"), answers.to_string()).expect("the temporary folder can be written");
    let path = std::env::var("PATH").unwrap_or_default();
    let scripts = systems::root().join("crates/targets/src/github/scripts");
    let output = Command::new("bash")
        .arg(scripts.join(format!("{script}.sh")))
        .current_dir(work)
        .env("PATH", format!("{}:{path}", folder.display()))
        .env("STUB_ANSWERS", folder.join("answers"))
        .env("STUB_LOG", folder.join("asked"))
        .env("GITHUB_OUTPUT", folder.join("output"))
        .env("GITHUB_STEP_SUMMARY", folder.join("summary"))
        .env("CLUSTER", "shop-prod")
        .env("SERVICE", "shop-prod-api")
        .env("DEFINITION", "arn:2")
        .envs(variables.iter().copied())
        .output()
        .expect("bash runs");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let asked = read("asked").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some(Ran { is_done: output.status.success(), said, output: read("output"), asked })
}

impl Ran {
    /// What was asked of an operation, in the words of the command line.
    fn asked_of(&self, operation: &str) -> Vec<String> {
        let asked = self.asked.iter().map(|words| words.join(" "));
        asked.filter(|words| words.starts_with(operation)).collect()
    }
}

fn rolling(state: &str, serving: &str) -> Value {
    json!({
        "ecs update-service": { "service": { "deployments": [{ "id": "d2", "status": "PRIMARY", "taskDefinition": "arn:2" }] } },
        "ecs wait": {},
        "ecs describe-services": { "services": [{ "events": [], "deployments": [
            { "id": "d2", "status": "ACTIVE", "rolloutState": state, "rolloutStateReason": "its tasks did not start" },
            { "id": "d1", "status": "PRIMARY", "taskDefinition": serving },
        ] }] },
    })
}

#[test]
fn a_rolling_release_that_was_rolled_back_fails() {
    let Some(failed) = run("roll", &rolling("FAILED", "arn:1"), &[]) else { return };
    assert!(!failed.is_done && failed.said.contains("its tasks did not start"), "{}", failed.said);
    let Some(back) = run("roll", &rolling("COMPLETED", "arn:1"), &[]) else { return };
    assert!(!back.is_done && back.said.contains("it was rolled back"), "{}", back.said);
    let Some(done) = run("roll", &rolling("COMPLETED", "arn:2"), &[]) else { return };
    assert!(done.is_done, "{}", done.said);
}

#[test]
fn a_deployment_says_why_it_was_rolled_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let spec = folder.path().join("api.json");
    fs::write(&spec, r#"{"version": 0.0, "TaskDefinition": "<TASK_DEFINITION>"}"#).expect("a file");
    let variables = [("APPSPEC", spec.to_str().expect("UTF-8"))];
    let answers = |status: &str| {
        json!({
            "deploy create-deployment": { "deploymentId": "d-1" },
            "deploy get-deployment": { "deploymentInfo": { "status": status, "errorInformation": { "message": "an alarm fired" } } },
            "ecs describe-services": { "services": [{ "taskSets": [{ "status": "PRIMARY", "taskDefinition": "arn:2" }] }] },
        })
    };
    let Some(stopped) = run("shift", &answers("Stopped"), &variables) else { return };
    assert!(!stopped.is_done && stopped.said.contains("an alarm fired"), "{}", stopped.said);
    let Some(done) = run("shift", &answers("Succeeded"), &variables) else { return };
    assert!(done.is_done, "{}", done.said);
    let asked = done.asked_of("deploy create-deployment").concat();
    assert!(asked.contains(r#"{\"version\": 0.0, \"TaskDefinition\": \"arn:2\"}"#), "{asked}");
}

#[test]
fn a_failed_migration_stops_the_release() {
    let answers = |code: u8| {
        json!({
            "ecs describe-services": { "services": [{ "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["a"] } } }] },
            "ecs describe-task-definition": { "taskDefinition": { "containerDefinitions": [{ "name": "api" }] } },
            "ecs run-task": { "tasks": [{ "taskArn": "task" }] },
            "ecs describe-tasks": { "tasks": [{ "lastStatus": "STOPPED", "stoppedReason": "ended", "containers": [{ "exitCode": code }] }] },
        })
    };
    let variables = [("COMMAND", r#"["./migrate","up"]"#)];
    let Some(failed) = run("migrate", &answers(3), &variables) else { return };
    assert!(!failed.is_done && failed.said.contains("exit code 3"), "{}", failed.said);
    let Some(done) = run("migrate", &answers(0), &variables) else { return };
    assert!(done.is_done, "{}", done.said);
    assert!(done.asked_of("ecs run-task").concat().contains(r#""command":["./migrate","up"]"#));
}

#[test]
fn a_task_definition_is_the_newest_with_the_image() {
    let answers = json!({
        "ecs describe-task-definition": { "taskDefinition": { "taskDefinitionArn": "arn:1", "revision": 1, "cpu": "256",
            "containerDefinitions": [{ "name": "api", "image": "registry/shop-prod-api:sha-1111111" }] } },
        "ecs describe-services": { "services": [{ "taskDefinition": "arn:1" }] },
        "ecr describe-images": {},
        "ecs register-task-definition": { "taskDefinition": { "taskDefinitionArn": "arn:2" } },
    });
    let variables = |changed| {
        [("REPOSITORY", "shop-prod-api"), ("TAG", "sha-2222222"), ("CHANGED", changed), ("AGAIN", "false")]
    };
    let Some(changed) = run("register", &answers, &variables("true")) else { return };
    assert_eq!(changed.output, "arn=arn:2\nneeded=true\n", "{}", changed.said);
    let registered = changed.asked_of("ecs register-task-definition").concat();
    assert!(
        registered.contains("registry/shop-prod-api:sha-2222222") && registered.contains("256"),
        "{registered}"
    );
    assert!(!registered.contains("revision"), "{registered}");
    let Some(same) = run("register", &answers, &variables("false")) else { return };
    assert_eq!(same.output, "arn=arn:1\nneeded=false\n", "{}", same.said);
    assert!(same.asked_of("ecs register-task-definition").is_empty());
}

#[test]
fn critical_findings_stop_a_release() {
    let answers = |severity: &str| {
        json!({ "ecr describe-image-scan-findings": {
            "imageScanStatus": { "status": "COMPLETE" }, "imageScanFindings": { "findingSeverityCounts": { severity: 2 } } } })
    };
    let variables = [("REPOSITORY", "shop-prod-api"), ("TAG", "sha-2222222")];
    let Some(critical) = run("scan", &answers("CRITICAL"), &variables) else { return };
    assert!(!critical.is_done && critical.said.contains("2 critical findings"), "{}", critical.said);
    assert!(run("scan", &answers("HIGH"), &variables).is_some_and(|high| high.is_done));
}

#[test]
fn the_gates_value_goes_to_terraform_and_not_into_the_log() {
    const VALUE: &str = "0123456789abcdef0123456789abcdef";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let stacks = folder.path().join("stacks");
    for stack in ["data", "compute"] {
        fs::create_dir_all(stacks.join(stack)).expect("folders");
        fs::write(stacks.join(stack).join("backend.hcl"), "").expect("a file");
    }
    let terraform = folder.path().join("terraform");
    let seen = folder.path().join("seen");
    let gate = stacks.join("compute/gate.auto.tfvars.json");
    let copy = format!("#!/bin/sh\ncat '{}' >'{}' 2>&1 || true\n", gate.display(), seen.display());
    fs::write(&terraform, copy).expect("a file");
    fs::set_permissions(&terraform, fs::Permissions::from_mode(0o755)).expect("a program");
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let (stacks, temporary) = (text(&stacks), text(folder.path()));
    let mut variables = vec![
        ("STACKS", stacks.as_str()),
        ("STACK", "compute"),
        ("MODE", "plan"),
        ("RUNNER_TEMP", &temporary),
    ];
    let answers = json!({ "secretsmanager get-secret-value": { "SecretString": VALUE } });
    let Some(without) = run_in(folder.path(), folder.path(), "terraform", &answers, &variables) else {
        return;
    };
    assert!(without.is_done && without.asked.is_empty(), "{}", without.said);
    variables.push(("GATE", "shop/prod/gate"));
    let Some(ran) = run_in(folder.path(), folder.path(), "terraform", &answers, &variables) else { return };
    assert!(ran.is_done, "{}", ran.said);
    let given = fs::read_to_string(&seen).expect("terraform ran");
    assert!(given.contains(&format!("\"origin_gate\": \"{VALUE}\"")), "{given}");
    assert!(!gate.exists(), "it stays behind");
    assert_eq!(ran.said.matches(VALUE).count(), 1, "{}", ran.said);
    assert!(ran.said.contains(&format!("::add-mask::{VALUE}")), "{}", ran.said);
}

/// A new queue is in the compute stack's variables before the data stack has made it.
#[test]
fn a_plan_waits_for_what_the_data_stack_will_tell() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let stacks = folder.path().join("stacks");
    for stack in ["data", "compute"] {
        fs::create_dir_all(stacks.join(stack)).expect("folders");
        fs::write(stacks.join(stack).join("backend.hcl"), "").expect("a file");
    }
    fs::write(folder.path().join("data.tfplan"), "").expect("a file");
    let terraform = folder.path().join("terraform");
    let (stacks, temporary) = (stacks.display().to_string(), folder.path().display().to_string());
    let variables =
        [("STACKS", stacks.as_str()), ("STACK", "compute"), ("MODE", "plan"), ("RUNNER_TEMP", &temporary)];
    for (action, planned) in [("no-op", true), ("update", false), ("create", false)] {
        let shown = json!({ "output_changes": { "compute": { "actions": [action] } } });
        let text = format!(
            "#!/bin/sh\ncase \"$*\" in\n*'show -json'*) echo '{shown}' ;;\n*' plan '*) echo planned >>'{temporary}/{action}' ;;\nesac\n"
        );
        fs::write(&terraform, text).expect("a file");
        fs::set_permissions(&terraform, fs::Permissions::from_mode(0o755)).expect("a program");
        let Some(ran) = run_in(folder.path(), folder.path(), "terraform", &json!({}), &variables) else {
            return;
        };
        assert!(ran.is_done, "{}", ran.said);
        assert_eq!(folder.path().join(action).exists(), planned, "{action}: {}", ran.said);
        assert_eq!(ran.said.contains("Plan: waits"), !planned, "{action}: {}", ran.said);
    }
}

#[test]
fn latest_moves_only_where_it_is_to() {
    let answers = json!({
        "sts get-caller-identity": { "Account": "123456789012" },
        "ecr describe-images": { "imageDetails": [{}] },
        "ecr batch-get-image": { "images": [{ "imageManifest": "{}" }] },
        "ecr batch-delete-image": {},
        "ecr put-image": {},
    });
    let mut variables = vec![
        ("REPOSITORY", "shop-prod-api"),
        ("TAG", "sha-1111111"),
        ("AWS_REGION", "us-east-1"),
        ("CONTEXT", "."),
        ("DOCKERFILE", "Dockerfile"),
        ("STAGE", ""),
        ("ARGUMENTS", "[]"),
        ("LATEST", "false"),
    ];
    let Some(stays) = run("build", &answers, &variables) else { return };
    assert!(stays.is_done && stays.asked_of("ecr put-image").is_empty(), "{}", stays.said);
    variables.push(("LATEST", "true"));
    let Some(moves) = run("build", &answers, &variables) else { return };
    assert!(moves.is_done, "{}", moves.said);
    assert!(moves.asked_of("ecr batch-delete-image").concat().contains("imageTag=latest"));
    assert!(moves.asked_of("ecr put-image").concat().contains("--image-tag latest"));
}

#[test]
fn a_rollback_is_confirmed_by_its_word() {
    let typed = |typed, tag| run("confirm", &json!({}), &[("TYPED", typed), ("TAG", tag)]);
    let Some(wrong) = typed("rollback", "sha-1111111") else { return };
    assert!(!wrong.is_done && wrong.said.contains("nothing was done"));
    assert!(typed("ROLLBACK", "a;b").is_some_and(|strange| !strange.is_done));
    assert!(typed("ROLLBACK", "sha-1111111").is_some_and(|right| right.is_done));
}

#[test]
fn only_what_differs_from_what_runs_has_changed() {
    let (folder, repository) =
        (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
        let output = command.args(arguments).current_dir(repository.path()).output().expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let write = |name: &str, text: &str| {
        let file = repository.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    };
    git(&["init", "-q"]);
    for name in ["api/file", "worker/file", "taxiway.yaml"] {
        write(name, "1");
    }
    git(&["add", "-A"]);
    git(&["commit", "-qm", "first"]);
    let first = git(&["rev-parse", "--short=12", "HEAD"]);
    write("api/file", "2");
    write("api/notes/one", "1");
    git(&["add", "-A"]);
    git(&["commit", "-qm", "second"]);
    let second = git(&["rev-parse", "--short=12", "HEAD"]);
    write("api/notes/one", "2");
    git(&["commit", "-qam", "third"]);
    let image = |tag: &str| {
        json!({
            "ecs describe-services": { "services": [{ "taskDefinition": "arn:1" }] },
            "ecs describe-task-definition": { "taskDefinition": { "containerDefinitions": [{ "image": format!("registry/x:{tag}") }] } },
        })
    };
    let units = r#"[{"service":"api","physical":"x-api","paths":["api",":(exclude)api/notes"]},{"service":"worker","physical":"x-worker","paths":["worker"]}]"#;
    let variables = [("UNITS", units), ("MANIFEST", "taxiway.yaml"), ("FORCED", "false")];
    for (tag, expected) in [
        (format!("sha-{first}"), r#"names=["api"]"#),
        (format!("sha-{second}"), "names=[]"),
        ("initial".to_owned(), r#"names=["api","worker"]"#),
    ] {
        fs::remove_file(folder.path().join("output")).ok();
        let Some(ran) = run_in(folder.path(), repository.path(), "changes", &image(&tag), &variables) else {
            return;
        };
        assert!(
            ran.is_done && ran.output.lines().any(|line| line == expected),
            "{} {}",
            ran.said,
            ran.output
        );
    }
}
