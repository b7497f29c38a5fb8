//! The ingest system end to end: every accepted message becomes one object, whatever is killed on the way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use harness::{Project, binary, eventually, kill, python, request, succeed};

const TOKEN: &str = "local-dev-token";
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn answers_as_the_contract_says() {
    let project = Project::ingest();
    project.start();
    let edge = project.edge();
    let good =
        r#"{"email_subject":"s","email_sender":"a","email_timestream":"1693561101","email_content":"c"}"#;
    let late = good.replace("\"1693561101\"", "\"tomorrow\"");
    let missing = r#"{"email_subject":"s","email_sender":"a","email_content":"c"}"#;
    let cases = [
        ("GET", "/healthz", None, 200, r#"{"status":"ok"}"#),
        ("GET", "/nowhere", None, 404, r#"{"detail":"Not Found"}"#),
        ("DELETE", "/ingest", None, 405, r#"{"detail":"Method Not Allowed"}"#),
        ("POST", "/ingest", Some(format!(r#"{{"data":{good}}}"#)), 401, r#"{"detail":"Token is required"}"#),
        (
            "POST",
            "/ingest",
            Some(format!(r#"{{"data":{good},"token":"no"}}"#)),
            403,
            r#"{"detail":"Invalid token"}"#,
        ),
        (
            "POST",
            "/ingest",
            Some(format!(r#"{{"data":{late},"token":"{TOKEN}"}}"#)),
            400,
            r#"{"detail":"email_timestream must be a unix timestamp"}"#,
        ),
        (
            "POST",
            "/ingest",
            Some(format!(r#"{{"data":{missing},"token":"{TOKEN}"}}"#)),
            422,
            r#"{"detail":[{"loc":["body","data","email_timestream"],"msg":"field required","type":"value_error.missing"}]}"#,
        ),
    ];
    for (method, path, body, status, expected) in cases {
        let answer = request(edge, method, path, body.as_deref()).expect("an answer");
        assert_eq!((answer.status, answer.body.as_str()), (status, expected), "{method} {path} {body:?}");
    }
    let body = format!(r#"{{"data":{good},"token":"{TOKEN}"}}"#);
    let answer = request(edge, "POST", "/ingest", Some(&body)).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.starts_with(r#"{"status":"accepted","message_id":""#), "{}", answer.body);
}

#[test]
fn keeps_every_message() {
    let Some(python) = python(&["boto3"]) else { return };
    let project = Project::ingest();
    project.start();
    let accepted = Bulk::start(&project, 10_000).end();
    assert_eq!(accepted.len(), 10_000);
    assert_eq!(objects(&python, &project, &accepted), accepted);
}

#[test]
fn keeps_every_message_when_the_worker_is_killed() {
    let Some(python) = python(&["boto3"]) else { return };
    let project = Project::ingest();
    project.start();
    let bulk = Bulk::start(&project, 10_000);
    for _ in 0..5 {
        let worker = eventually(PATIENCE, "the worker to run", || project.pids("worker").first().copied());
        kill(worker);
        eventually(PATIENCE, "another worker", || (project.pids("worker").first()? != &worker).then_some(()));
    }
    let accepted = bulk.end();
    assert_eq!(accepted.len(), 10_000);
    assert_eq!(objects(&python, &project, &accepted), accepted);
}

#[test]
fn keeps_every_accepted_message_when_everything_is_killed() {
    let Some(python) = python(&["boto3"]) else { return };
    let project = Project::ingest();
    project.start();
    let bulk = Bulk::start(&project, 10_000);
    eventually(PATIENCE, "messages on their way", || (bulk.written().len() > 1_000).then_some(()));
    kill(project.owner().expect("a running project"));
    project.start();
    let accepted = bulk.end();
    // A request whose answer the kill cut off may have been kept all the same, so there may be a few objects more.
    let kept = objects(&python, &project, &accepted);
    assert!(kept.len() - accepted.len() <= 64, "{} objects of {} messages", kept.len(), accepted.len());
    project.stop();
    let left = project.processes();
    assert!(left.is_empty(), "processes {left:?} are left");
}

/// The bulk client at work.
struct Bulk {
    process: Child,
    accepted: PathBuf,
}

impl Bulk {
    fn start(project: &Project, count: u32) -> Self {
        let accepted = project.file("accepted.txt");
        let url = format!("http://{}/ingest", project.edge());
        let process = Command::new(binary("ingest"))
            .args(["bulk", "--url", &url, "--count", &count.to_string(), "--concurrency", "32", "--bad", "5"])
            .args(["--retry-for", "60", "--accepted"])
            .arg(&accepted)
            .env("TOKEN", TOKEN)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the bulk client starts");
        Self { process, accepted }
    }

    /// Message ids accepted so far.
    fn written(&self) -> BTreeSet<String> {
        lines(&std::fs::read_to_string(&self.accepted).unwrap_or_default())
    }

    /// Waits for its end and gives the message ids that were accepted.
    fn end(mut self) -> BTreeSet<String> {
        eventually(PATIENCE, "the bulk client to end", || self.process.try_wait().expect("its own child"));
        self.written()
    }
}

/// Message ids in the bucket, once all of these are there.
fn objects(python: &Path, project: &Project, accepted: &BTreeSet<String>) -> BTreeSet<String> {
    let script = harness::workspace().join("tests/clients/objects.py");
    let mut command = Command::new(python);
    let status = project.status().expect("a running project");
    let bucket = status["resources"]["payloads"]["env"]["S3_BUCKET"].as_str().expect("a bucket").to_owned();
    command.arg(script).args([project.cloud(), bucket]);
    eventually(PATIENCE, "an object of every accepted message", || {
        let ids = succeed(&mut command);
        let distinct = lines(&ids);
        assert_eq!(distinct.len(), ids.lines().count(), "a message has two objects");
        distinct.is_superset(accepted).then_some(distinct)
    })
}

fn lines(text: &str) -> BTreeSet<String> {
    text.lines().map(str::to_owned).collect()
}
