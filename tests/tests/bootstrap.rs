//! The bootstrap service: beside the same on FastAPI, its migrations on both engines, its hooks, and as a whole system.

#[path = "bootstrap/hooks.rs"]
mod hooks;
#[path = "bootstrap/migrations.rs"]
mod migrations;

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Output};

use harness::{Project, binary, free_port, python, request, run, schemathesis, succeed, workspace};

fn bootstrap() -> Project {
    Project::system("bootstrap")
}

/// The same on FastAPI.
fn fastapi(python: &Path) -> Project {
    let folder = workspace().join("bench/peers/bootstrap_fastapi");
    let command = format!(
        "cd {} && exec {} -B -m uvicorn --log-level warning --port $PORT main:app",
        folder.display(),
        python.display()
    );
    Project::new(&format!(
        "name: peer\nservices:\n  api:\n    type: web\n    run: sh -c '{command}'\n    env: {{ ENVIRONMENT: development }}\n    \
         http: {{ path: /, healthcheck: {{ path: /health }} }}\n"
    ))
}

/// Where the one replica of a project that runs listens, past the edge.
fn replica(project: &Project) -> SocketAddr {
    let status = project.status().expect("it runs");
    let port = status["services"]["api"]["replicas"][0]["port"].as_u64().expect("a port");
    SocketAddr::from(([127, 0, 0, 1], u16::try_from(port).expect("a port")))
}

/// The program with these variables alone, where no `.env` is.
fn program(variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(binary("bootstrap"));
    run(command.args(arguments).env_clear().envs(variables.iter().copied()).current_dir("/"))
}

/// How it ended, and what it said to the person who started it.
fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn answers_are_fastapis() {
    let Some(python) = python(&["fastapi", "uvicorn"]) else { return };
    let (ours, theirs) = (bootstrap(), fastapi(&python));
    ours.start();
    theirs.start();
    let urls = [&ours, &theirs].map(|project| format!("http://{}", replica(project)));
    let script = workspace().join("tests/clients/bootstrap.py");
    succeed(Command::new(&python).arg("-B").arg(script).args(urls));
}

#[test]
fn the_system_runs_here_and_says_how_it_is() {
    let project = bootstrap();
    project.start();
    let ask = |address, path| request(address, "GET", path, None).expect("an answer");
    assert_eq!(ask(project.edge(), "/api/v1/").body, r#"{"version":"v1","message":"Welcome to API v1"}"#);
    let service = replica(&project);
    assert_eq!(
        ask(service, "/").body,
        r#"{"app":"FastAPI Bootstrap","version":"1.0.0","environment":"development"}"#
    );
    let metrics = ask(service, "/metrics").body;
    assert!(metrics.lines().any(|line| line == "schema_version 1"), "{metrics}");
    for path in ["/", "/health", "/api/v1/"] {
        assert!(ask(service, "/openapi.json").body.contains(&format!(r#""{path}":{{"get""#)), "{path}");
    }
    assert!(ask(service, "/docs").body.contains("swagger"));

    let check = |port: u16| program(&[("PORT", &port.to_string())], &["--check"]);
    assert_eq!(told(&check(service.port())), (Some(0), String::new()));
    let (code, told) = told(&check(free_port()));
    assert!(code == Some(1) && told.contains("/health of 127.0.0.1"), "{code:?} {told}");
}

#[test]
fn every_answer_is_as_described() {
    let project = bootstrap();
    project.start();
    schemathesis::hold(replica(&project), &[], "");
}
