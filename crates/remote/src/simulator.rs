//! The simulated AWS: moto's server with the patches it needs, as a process that lives no longer than we do.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

use crate::Variables;

/// The program: it prints a line of JSON with its port when it is ready, and ends when its input closes.
const PROGRAM: &str = include_str!("simulator/simulator.py");

/// The variable that names the Python to take.
pub const PYTHON: &str = "TAXIWAY_PYTHON";

/// How long moto may take to load.
const READY: Duration = Duration::from_secs(60);

/// A simulated AWS that runs. It ends when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    endpoint: String,
    process: Child,
    /// It ends when this closes.
    _input: Option<ChildStdin>,
}

/// Where the plain simulator differs from AWS, and what is done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// What it is called.
    pub name: String,
    /// The resource types that need it.
    pub types: Vec<String>,
    /// What AWS does and the plain simulator does not.
    pub why: String,
}

/// Why there is no simulated AWS.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// No Python.
    #[error(
        "there is no python3 on PATH, which the simulated AWS runs on; install one, or name it in {PYTHON}"
    )]
    NoPython,
    /// No moto.
    #[error(
        "{} has no moto, which simulates AWS; `pip install 'moto[all,server]'` in a virtual environment, and name its python in \
         {PYTHON}, or give the URL of another simulated AWS by --endpoint",
        .0.display()
    )]
    NoMoto(PathBuf),
    /// It did not come up.
    #[error("the simulated AWS did not start: {0}")]
    Start(String),
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
}

impl Simulator {
    /// Starts one on `port` (0: a free one), with its program in `folder`, and waits until it is ready.
    ///
    /// # Errors
    /// Where Python or moto are missing, or it does not come up in a minute.
    pub async fn start(
        python: &Path,
        folder: &Path,
        variables: &Variables,
        port: u16,
    ) -> Result<Self, SimulatorError> {
        let mut child = command(python, folder, variables, &["--port", &port.to_string()])?
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|_| SimulatorError::NoPython)?;
        let Some(out) = child.stdout.take() else {
            return Err(SimulatorError::Start("it has no output".to_owned()));
        };
        let mut lines = BufReader::new(out).lines();
        let first = timeout(READY, lines.next_line()).await;
        let ready = first.ok().and_then(Result::ok).flatten();
        let Some(ready) = ready.and_then(|line| serde_json::from_str::<Ready>(&line).ok()) else {
            let _gone = child.start_kill();
            return Err(explain(python, child).await);
        };
        // Nobody reads what else it prints; a full pipe would make it wait.
        tokio::spawn(async move { while lines.next_line().await.is_ok_and(|line| line.is_some()) {} });
        if let Some(mut errors) = child.stderr.take() {
            tokio::spawn(async move { tokio::io::copy(&mut errors, &mut tokio::io::sink()).await });
        }
        let endpoint = format!("http://127.0.0.1:{}", ready.port);
        Ok(Self { endpoint, _input: child.stdin.take(), process: child })
    }

    /// Where it listens.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Waits until it ends by itself, which it should not.
    pub async fn ended(&mut self) {
        let _how = self.process.wait().await;
    }
}

/// The patches it runs with.
///
/// # Errors
/// Where Python is missing or the program does not say.
pub async fn patches(
    python: &Path,
    folder: &Path,
    variables: &Variables,
) -> Result<Vec<Patch>, SimulatorError> {
    let child = command(python, folder, variables, &["--list"])?.stdin(Stdio::null()).spawn();
    let mut child = child.map_err(|_| SimulatorError::NoPython)?;
    let mut text = String::new();
    if let Some(out) = child.stdout.as_mut() {
        let _gone = timeout(READY, out.read_to_string(&mut text)).await;
    }
    match serde_json::from_str(&text) {
        Ok(patches) => Ok(patches),
        Err(_) => Err(explain(python, child).await),
    }
}

/// The Python to run it with: the one that `TAXIWAY_PYTHON` names, else `python3`.
///
/// # Errors
/// Where there is none.
pub fn python(variables: &Variables) -> Result<PathBuf, SimulatorError> {
    let named = variables.get(PYTHON).map(PathBuf::from);
    named.or_else(|| on_path(variables, "python3")).ok_or(SimulatorError::NoPython)
}

/// A program's file on the `PATH` of `variables`.
pub(crate) fn on_path(variables: &Variables, name: &str) -> Option<PathBuf> {
    let path = variables.get("PATH")?;
    path.split(':').map(|folder| Path::new(folder).join(name)).find(|file| file.is_file())
}

fn command(
    python: &Path,
    folder: &Path,
    variables: &Variables,
    words: &[&str],
) -> Result<Command, SimulatorError> {
    let file = folder.join("simulator.py");
    std::fs::write(&file, PROGRAM)
        .map_err(|reason| SimulatorError::Start(format!("{} cannot be written: {reason}", file.display())))?;
    let mut command = Command::new(python);
    command.arg(file).args(words).env_clear().envs(variables);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).process_group(0);
    Ok(command)
}

/// What a program that did not come up said last.
async fn explain(python: &Path, mut child: Child) -> SimulatorError {
    let mut said = String::new();
    if let Some(errors) = child.stderr.as_mut() {
        let _gone = timeout(Duration::from_secs(5), errors.read_to_string(&mut said)).await;
    }
    if said.contains("ModuleNotFoundError") {
        return SimulatorError::NoMoto(python.to_owned());
    }
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    SimulatorError::Start(last.unwrap_or("it printed nothing").to_owned())
}
