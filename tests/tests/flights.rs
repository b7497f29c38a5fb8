//! The flights service beside the same service on FastAPI, on the cloud's document store and on an independent one.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use harness::cloud::Cloud;
use harness::{Program, binary, eventually, free_port, python, request, run, succeed, workspace};
use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(60);

fn silent(command: &mut Command) -> Program {
    Program::start(command.stdout(Stdio::null()).stderr(Stdio::null()))
}

fn here(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn environment(uri: &str, database: &str) -> [(&'static str, String); 3] {
    [("MONGO_URI", uri.to_owned()), ("MONGO_DB_NAME", database.to_owned()), ("HOST", "127.0.0.1".to_owned())]
}

/// Our service, as soon as it serves. It finds no `.env` in `/`.
fn flights(uri: &str) -> (Program, SocketAddr) {
    let port = free_port();
    let mut command = Command::new(binary("flights"));
    command.envs(environment(uri, "ours")).env("PORT", port.to_string()).current_dir("/");
    serving(command, port)
}

fn fastapi(python: &Path, uri: &str) -> (Program, SocketAddr) {
    let port = free_port();
    let mut command = Command::new(python);
    command.args(["-B", "-m", "uvicorn", "--log-level", "warning", "--port", &port.to_string(), "main:app"]);
    command.envs(environment(uri, "theirs")).current_dir(workspace().join("bench/peers/flights_fastapi"));
    serving(command, port)
}

fn serving(mut command: Command, port: u16) -> (Program, SocketAddr) {
    let program = silent(&mut command);
    eventually(PATIENCE, "an answer", || {
        request(here(port), "GET", "/", None).ok().filter(|answer| answer.status == 204)
    });
    (program, here(port))
}

fn cloud_uri(cloud: &Cloud) -> String {
    format!("{}/?directConnection=true", cloud.endpoint().replace("http://", "mongodb://"))
}

fn alike(python: &Path, uri: &str) {
    let (_ours, ours) = flights(uri);
    let (_theirs, theirs) = fastapi(python, uri);
    let script = workspace().join("tests/clients/flights.py");
    let urls = [ours, theirs].map(|address| format!("http://{address}"));
    succeed(Command::new(python).arg("-B").arg(script).args(urls));
}

#[test]
fn answers_are_fastapis_on_the_clouds_store() {
    let Some(python) = python(&["fastapi", "uvicorn", "pymongo"]) else { return };
    let cloud = Cloud::ephemeral();
    alike(&python, &cloud_uri(&cloud));
}

#[test]
fn answers_are_fastapis_on_an_independent_store() {
    let Some(python) = python(&["fastapi", "uvicorn", "pymongo", "secantus"]) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let program: PathBuf = python.with_file_name("secantusd-py");
    let _store = silent(
        Command::new(program)
            .args(["--host", "127.0.0.1", "--log-level", "ERROR", "--port", &port.to_string()])
            .arg("--storage-path")
            .arg(folder.path()),
    );
    eventually(PATIENCE, "the store", || std::net::TcpStream::connect(here(port)).ok());
    alike(&python, &format!("mongodb://127.0.0.1:{port}/?directConnection=true"));
}

#[test]
fn a_store_that_is_away_is_told_and_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port().to_string();
    let data = folder.path().to_string_lossy().into_owned();
    let start = || Cloud::start(&["--port", &port, "--data", &data]);
    let cloud = start();
    let uri = cloud_uri(&cloud);
    let (_service, service) = flights(&uri);
    let ask = |method, path: &str, body| request(service, method, path, body).expect("an answer");
    let made = ask("POST", "/flights", Some(r#"{"status":"scheduled"}"#));
    assert_eq!(made.status, 200, "{}", made.body);

    cloud.kill();
    for (method, path, body) in
        [("GET", "/flights", None), ("POST", "/flights", Some(r#"{"status":"scheduled"}"#))]
    {
        let answer = ask(method, path, body);
        assert_eq!((answer.status, answer.body.as_str()), (503, r#"{"detail":"Database unavailable"}"#));
    }
    assert_eq!(ask("GET", "/", None).status, 204, "it lives without its store");

    let _cloud = start();
    let listed = eventually(PATIENCE, "the store to be found", || {
        Some(ask("GET", "/flights", None)).filter(|answer| answer.status == 200)
    });
    assert!(listed.body.contains(&made.body), "{} is not in {}", made.body, listed.body);
}

/// Adds a flight; `None` where the store is away, which is said as the contract has it.
fn added(service: SocketAddr) -> Option<String> {
    let answer = request(service, "POST", "/flights", Some(r#"{"status":"cancelled"}"#)).expect("an answer");
    if answer.status == 503 {
        assert_eq!(answer.body, r#"{"detail":"Database unavailable"}"#);
        return None;
    }
    assert_eq!(answer.status, 200, "{}", answer.body);
    Some(identifier(&answer.body))
}

fn identifier(flight: &str) -> String {
    let flight: Value = serde_json::from_str(flight).expect("a flight");
    flight["id"].as_str().expect("an identifier").to_owned()
}

/// Every flight, page by page.
fn all(service: SocketAddr) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    loop {
        let after = all.last().map(|last| format!("&after={last}")).unwrap_or_default();
        let path = format!("/flights?limit=50{after}");
        let answer = request(service, "GET", &path, None).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.body);
        let page: Vec<Value> = serde_json::from_str(&answer.body).expect("flights");
        if page.is_empty() {
            return all;
        }
        all.extend(page.iter().map(|flight| identifier(&flight.to_string())));
    }
}

#[test]
fn a_store_that_is_killed_under_load_keeps_what_was_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port().to_string();
    let data = folder.path().to_string_lossy().into_owned();
    let start = || Cloud::start(&["--port", &port, "--data", &data]);
    let mut cloud = start();
    let (_service, service) = flights(&cloud_uri(&cloud));

    let (over, acknowledged) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let deadline = Instant::now() + 2 * PATIENCE;
    let count = || acknowledged.lock().expect("no client failed").len();
    let _cloud = std::thread::scope(|scope| {
        for _client in 0..4 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) && Instant::now() < deadline {
                    let added = added(service);
                    acknowledged.lock().expect("no client failed").extend(added);
                }
            });
        }
        for round in 1..=3 {
            eventually(PATIENCE, "flights", || (count() >= round * 40).then_some(()));
            cloud.kill();
            eventually(PATIENCE, "the loss to be told", || added(service).is_none().then_some(()));
            cloud = start();
        }
        let before = count();
        eventually(PATIENCE, "the store to be found again", || (count() > before).then_some(()));
        over.store(true, Ordering::Relaxed);
        cloud
    });
    let kept = all(service);
    assert!(kept.is_sorted(), "{kept:?}");
    let acknowledged = acknowledged.into_inner().expect("no client failed");
    let lost: Vec<&String> = acknowledged.iter().filter(|id| kept.binary_search(id).is_err()).collect();
    assert!(lost.is_empty(), "of {}, these were acknowledged and are lost: {lost:?}", acknowledged.len());
}

#[test]
fn it_stops_when_told_and_does_not_start_without_its_settings() {
    let cloud = Cloud::ephemeral();
    let (mut service, _) = flights(&cloud_uri(&cloud));
    assert!(service.stop().success());

    let refused = run(Command::new(binary("flights")).env_clear().current_dir("/"));
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&refused.stderr),
        "MONGO_URI is required and not set; put it into the environment\n\
         MONGO_DB_NAME is required and not set; put it into the environment\n"
    );
    let mut command = Command::new(binary("flights"));
    let refused = run(command.envs(environment("mongodb://user:s3cret@[", "x")).current_dir("/"));
    let told = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1));
    assert!(told.starts_with("MONGO_URI can't be used: ") && !told.contains("s3cret"), "{told}");
}

#[test]
fn every_answer_is_as_described() {
    let cloud = Cloud::ephemeral();
    let (_service, service) = flights(&cloud_uri(&cloud));
    harness::schemathesis::hold(service, &[], "");
}
