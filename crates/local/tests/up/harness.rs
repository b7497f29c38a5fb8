//! A project in a temporary folder, an `up` of it in this process, and waits with deadlines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use local::{Event, Interrupt, Options, ReplicaState, Shim, Status, Stopped, UpError};
use model::System;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// The small program; `$CHILD` in a manifest.
pub(crate) const CHILD: &str = env!("CARGO_BIN_EXE_taxiway-local-child");
/// Longer than anything here takes on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// One healthy web service of two replicas.
pub(crate) const WEB: &str = "
name: shop
services:
  api:
    type: web
    run: $CHILD serve
    env: { LEVEL: info }
    scale: { min: 2, max: 2 }
    http: { deregistration_delay: 5s }
    stop_timeout: 5s
";

/// A project in a temporary folder.
pub(crate) struct Project {
    folder: Folder,
    manifest: String,
    pub(crate) timeout: Option<Duration>,
    pub(crate) port: u16,
    pub(crate) environment: BTreeMap<String, String>,
}

enum Folder {
    Own(TempDir),
    Given(PathBuf),
}

/// An `up` in this process.
pub(crate) struct Running {
    events: mpsc::Receiver<Event>,
    pub(crate) seen: Vec<Event>,
    interrupts: mpsc::Sender<Interrupt>,
    task: JoinHandle<Result<Stopped, UpError>>,
}

impl Project {
    pub(crate) fn new(manifest: &str) -> Self {
        Self::in_folder(manifest, Folder::Own(tempfile::tempdir().unwrap()))
    }

    fn in_folder(manifest: &str, folder: Folder) -> Self {
        let manifest = manifest.replace("$CHILD", CHILD);
        std::fs::write(folder.path().join("taxiway.yaml"), &manifest).unwrap();
        let path = std::env::vars_os().find(|(name, _)| name == "PATH").unwrap().1.into_string().unwrap();
        let environment = [("PATH".to_owned(), path)].into();
        Self { folder, manifest, timeout: None, port: 0, environment }
    }

    /// A worker that runs `script`, which needs none of the manifest's own meaning of `$`. `more` are its other fields.
    pub(crate) fn of_script(script: &str, more: &str) -> Self {
        let project = Self::new(&format!(
            "name: shop\nservices: {{ worker: {{ type: worker, run: sh script.sh{more} }} }}"
        ));
        std::fs::write(project.file("script.sh"), script).unwrap();
        project
    }

    /// The same manifest in another folder.
    pub(crate) fn moved_to(self, folder: &Path) -> Self {
        Self::in_folder(&self.manifest, Folder::Given(folder.to_owned()))
    }

    /// Another manifest in the same folder.
    pub(crate) fn with(&self, manifest: &str) -> Self {
        Self::in_folder(manifest, Folder::Given(self.path().to_owned()))
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn up(&self) -> Running {
        self.up_changed(|_| {})
    }

    /// An `up` of what the manifest says, changed beyond what a manifest may say.
    pub(crate) fn up_changed(&self, change: impl FnOnce(&mut System)) -> Running {
        let manifest = model::read("taxiway.yaml", &self.manifest, &|_| None).unwrap();
        let mut system = model::resolve(&manifest, None).unwrap();
        change(&mut system);
        let options = Options {
            directory: self.path().to_owned(),
            system,
            port: self.port,
            cloud_port: None,
            reset: cloud::Reset::Refused,
            timeout: self.timeout,
            profiles: Vec::new(),
            environment: self.environment.clone(),
            shim: Shim { program: CHILD.into() },
        };
        let (sender, events) = mpsc::channel(1024);
        let (interrupts, received) = mpsc::channel(2);
        let task = tokio::spawn(local::up(options, sender, received));
        Running { events, seen: Vec::new(), interrupts, task }
    }

    pub(crate) async fn status(&self) -> Status {
        local::client::status(self.path()).await.unwrap()
    }

    /// Waits until the status is as `is_it` wants.
    pub(crate) async fn until(&self, what: &str, is_it: impl Fn(&Status) -> bool) -> Status {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let status = self.status().await;
            if is_it(&status) {
                return status;
            }
            assert!(Instant::now() < deadline, "never {what}: {status:#?}");
            sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Own(folder) => folder.path(),
            Self::Given(folder) => folder,
        }
    }
}

impl Running {
    /// Waits for an event that `is_it` wants.
    pub(crate) async fn until(&mut self, what: &str, is_it: impl Fn(&Event) -> bool) -> Event {
        let found = timeout(DEADLINE, async {
            loop {
                let event = self.events.recv().await?;
                self.seen.push(event.clone());
                if is_it(&event) {
                    return Some(event);
                }
            }
        });
        match found.await {
            Ok(Some(event)) => event,
            _ => panic!("never {what}: {:#?}", self.seen),
        }
    }

    pub(crate) async fn ready(&mut self) {
        self.until("ready", |event| matches!(event, Event::Ready { .. })).await;
    }

    pub(crate) async fn interrupt(&self, how: Interrupt) {
        self.interrupts.send(how).await.unwrap();
    }

    pub(crate) async fn stop(self) -> Stopped {
        self.interrupt(Interrupt::Graceful).await;
        self.ended().await.unwrap()
    }

    /// Waits until `up` returns.
    pub(crate) async fn ended(mut self) -> Result<Stopped, UpError> {
        let drain = async { while self.events.recv().await.is_some() {} };
        let (outcome, ()) =
            timeout(DEADLINE, async { tokio::join!(self.task, drain) }).await.expect("never ended");
        outcome.unwrap()
    }

    /// Waits until `up` returns the reason why it did not start.
    pub(crate) async fn failure(self) -> String {
        self.ended().await.unwrap_err().to_string()
    }
}

/// The body and status of a GET.
pub(crate) async fn get(url: &str, path: &str) -> std::io::Result<(u16, String)> {
    exchange(url, &format!("GET {path}"), "", "").await
}

/// The body and status of an operation of one of the JSON services: `secretsmanager.GetSecretValue`.
pub(crate) async fn ask(url: &str, target: &str, body: &str) -> std::io::Result<(u16, String)> {
    let headers = format!("X-Amz-Target: {target}\r\nContent-Length: {}\r\n", body.len());
    exchange(url, "POST /", &headers, body).await
}

async fn exchange(url: &str, line: &str, headers: &str, body: &str) -> std::io::Result<(u16, String)> {
    let authority = url.trim_start_matches("http://").replace("localhost", "127.0.0.1");
    let mut stream = TcpStream::connect(&authority).await?;
    let request = format!("{line} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n{headers}\r\n{body}");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Ok((status, answer.split_once("\r\n\r\n").map(|(_, body)| body.trim().to_owned()).unwrap_or_default()))
}

/// Whether a process runs (a zombie does not).
pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')')
        .is_some_and(|(_, rest)| !matches!(rest.trim_start().chars().next(), Some('Z' | 'X')))
}

/// Waits until a process is gone.
pub(crate) async fn gone(pid: u32) {
    eventually(&format!("process {pid} gone"), || !is_alive(pid)).await;
}

/// Waits until `is_it` holds.
pub(crate) async fn eventually(what: &str, is_it: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_it() {
        assert!(Instant::now() < deadline, "never {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// Waits for a process id that a script wrote into a file.
pub(crate) async fn pid_in(file: &Path) -> u32 {
    let read = || std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok());
    eventually(&format!("pid in {}", file.display()), || read().is_some()).await;
    read().unwrap()
}

pub(crate) fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

pub(crate) fn healthy(status: &Status, service: &str) -> usize {
    let replicas = &status.services.get(service).unwrap().replicas;
    replicas.iter().filter(|replica| replica.state == ReplicaState::Healthy).count()
}
