//! What goes wrong on a person's machine: one clear sentence, a non-zero exit, nothing left behind.

use std::net::TcpListener;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use harness::{Project, eventually, kill, python, run};

/// `up -d` of a project that cannot start: its exit code and what it said.
fn fails(project: &Project, command: &mut Command) -> String {
    let started = Instant::now();
    let Output { status, stdout, stderr } = run(command);
    let said = String::from_utf8_lossy(&stderr).into_owned() + &String::from_utf8_lossy(&stdout);
    assert!(!status.success(), "it should have failed, but said:\n{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(started.elapsed() < Duration::from_secs(30), "it took {:?}:\n{said}", started.elapsed());
    let left = project.processes();
    assert!(left.is_empty(), "processes {left:?} are left");
    said
}

fn worker(run: &str) -> Project {
    Project::new(&format!(
        "name: shop\nservices:\n  clerk:\n    type: worker\n    stop_timeout: 2s\n    run: {run}\n"
    ))
}

#[test]
fn a_bad_manifest_is_shown_with_every_problem_and_exit_code_two() {
    let project = Project::new(
        "name: shop\nservices:\n  api:\n    type: web\n    prot: 80\n    run: true\n    cpu: many\n",
    );
    let output = run(&mut project.up());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("taxiway.yaml:5:5") && said.contains("did you mean `port`"), "{said}");
    assert!(said.contains("taxiway.yaml:7:10"), "{said}");
}

#[test]
fn a_folder_without_a_manifest_says_what_to_write() {
    let project = Project::new("");
    std::fs::remove_file(project.file("taxiway.yaml")).expect("it was there");
    let said = fails(&project, &mut project.up());
    assert!(said.contains("there is no") && said.contains("taxiway.yaml"), "{said}");
}

#[test]
fn a_port_in_use_is_named() {
    let Some(python) = python(&["http.server"]) else { return };
    let project = Project::new(&format!(
        "name: shop\nservices:\n  api:\n    type: web\n    run: sh -c 'exec {} -m http.server $PORT --bind 127.0.0.1'\n",
        python.display()
    ));
    let _holder = TcpListener::bind(project.edge()).expect("a free port");
    let said = fails(&project, project.up().arg("--detach"));
    assert!(said.contains(&project.port.to_string()) && said.contains("in use"), "{said}");
}

#[test]
fn a_missing_program_is_named() {
    let project = worker("./no-such-program --now");
    let said = fails(&project, project.up().arg("--detach"));
    assert!(said.contains("clerk") && said.contains("./no-such-program"), "{said}");
}

#[test]
fn a_service_that_exits_at_once_is_shown_with_its_last_words() {
    let project = worker("sh -c 'echo the till is locked >&2; exit 3'");
    let said = fails(&project, project.up().arg("--detach"));
    assert!(said.contains("clerk") && said.contains("the till is locked") && said.contains('3'), "{said}");
}

#[test]
fn a_service_that_never_gets_healthy_is_shown_with_the_reason() {
    let project = Project::new("name: shop\nservices:\n  api:\n    type: web\n    run: sleep 600\n");
    let said = fails(&project, project.up().args(["--detach", "--timeout", "3"]));
    assert!(said.contains("api") && said.contains("healthy"), "{said}");
}

#[test]
fn a_second_up_says_who_runs() {
    let project = worker("sleep 600");
    project.start();
    let output = run(project.up().arg("--detach"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("already"), "{said}");
    assert_eq!(project.pids("clerk").len(), 1, "the first still runs");
}

#[test]
fn a_killed_up_leaves_nothing_that_the_next_does_not_end() {
    let project = worker("sh -c 'trap \"\" TERM; sleep 600 & wait; sleep 600'");
    let mut owner = project.start_in_foreground();
    let before = project.processes();
    assert!(!before.is_empty());
    owner.kill().expect("it runs");
    owner.wait().expect("its own child");
    project.start();
    let old = |pid: &i32| before.contains(pid);
    assert!(!project.processes().iter().any(old), "old processes still run");
    project.stop();
    assert!(project.processes().is_empty(), "nothing is left");
}

#[test]
fn a_killed_replica_is_started_again() {
    let project = worker("sleep 600");
    project.start();
    let first = project.pids("clerk");
    kill(first[0]);
    eventually(Duration::from_secs(20), "a new replica", || {
        let now = project.pids("clerk");
        (!now.is_empty() && now != first).then_some(())
    });
}

#[test]
fn a_corrupt_state_is_said_and_not_overwritten() {
    let project = worker("sleep 600");
    project.start();
    project.stop();
    let state = project.file(".taxiway/state.json");
    std::fs::write(&state, "{ half").expect("room");
    let said = fails(&project, project.up().arg("--detach"));
    assert!(said.contains("state.json"), "{said}");
    assert_eq!(std::fs::read_to_string(&state).expect("still there"), "{ half");
}
