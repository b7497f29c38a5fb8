//! A project in a temporary folder, an `up` of it in this process, and waits with deadlines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use local::{Event, Interrupt, Options, ReplicaState, Shim, Status, Stopped, UpError};
use model::System;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

pub(crate) use self::http::{ask, get};
pub(crate) use self::processes::{eventually, gone, is_alive, kill, pid_in};

mod http;
mod processes;

/// The small program; `$CHILD` in a manifest.
pub(crate) const CHILD: &str = env!("CARGO_BIN_EXE_taxiway-local-child");
/// Longer than anything here takes on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
/// Between two looks at a condition.
const POLL: Duration = Duration::from_millis(5);

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

    /// An `up` that is ready.
    pub(crate) async fn started(&self) -> Running {
        let mut up = self.up();
        up.ready().await;
        up
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

    /// What a service finds in its environment.
    pub(crate) async fn variables(&self, service: &str) -> BTreeMap<String, String> {
        local::client::exec_environment(self.path(), service).await.unwrap()
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
            sleep(POLL).await;
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

pub(crate) fn healthy(status: &Status, service: &str) -> usize {
    let replicas = &status.services.get(service).unwrap().replicas;
    replicas.iter().filter(|replica| replica.state == ReplicaState::Healthy).count()
}
