//! A cloud to test against, in this process or in one that can be killed, and clients to test it with.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bytes::Bytes;
use cloud::{Cloud, Data, Durability, Settings};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// Tells the test `serve_until_killed` that it is to be a server, and on which folder.
const FOLDER: &str = "TAXIWAY_TEST_SERVE";

/// Tells it which durability to have, where that is not the default.
pub(crate) const DURABILITY: &str = "TAXIWAY_TEST_DURABILITY";

/// A script may take this long.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server in this process. Dropped, it is gone.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) cloud: Cloud,
    shutdown: CancellationToken,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let cloud = Cloud::open(&settings).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
        let (serving, token) = (cloud.clone(), shutdown.clone());
        tokio::spawn(async move { serving.serve(listener, token).await });
        Self { address, cloud, shutdown }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// A server in a process of its own.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts this test binary again as a server on `folder`.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::run(Command::new(std::env::current_exe().unwrap()), folder)
    }

    /// As [`Process::start`], by a command that starts this test binary in its own way.
    pub(crate) fn run(command: Command, folder: &Path) -> Self {
        let mut child = as_server(command, folder).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address =
            lines.map_while(Result::ok).find_map(|line| line.split_once("listening on ")?.1.parse().ok());
        Self { child, address: address.unwrap() }
    }

    /// `kill -9`.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Makes a command that starts this test binary start a server on `folder`.
pub(crate) fn as_server(mut command: Command, folder: &Path) -> Command {
    command.args(["--exact", "server::serve_until_killed", "--nocapture"]);
    command.env(FOLDER, folder).stdout(Stdio::piped());
    command
}

/// Not a test by itself: what [`Process`] runs.
#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "the test binary is told by its environment that it is to be a server"
)]
async fn serve_until_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let durability = match std::env::var(DURABILITY).as_deref() {
        Ok("power-loss") => Durability::PowerLoss,
        _ => Durability::ProcessCrash,
    };
    let settings = Settings { data: Data::Directory(folder.into()), durability, ..Settings::default() };
    let server = Server::with(settings).await;
    println!("listening on {}", server.address);
    std::future::pending::<()>().await;
}

/// An answer read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Sends one request on a connection of its own; `None` when the server went away.
pub(crate) async fn send(
    address: SocketAddr,
    request: http::request::Builder,
    body: impl Into<Bytes>,
) -> Option<Answer> {
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let body = body.into();
    let mut request = request.header("host", address.to_string());
    // S3 wants the length said, even of nothing, unless a test is about just that.
    let chunked = request.headers_ref().is_some_and(|headers| headers.contains_key("transfer-encoding"));
    if !chunked {
        request = request.header("content-length", body.len());
    }
    let request = request.body(Full::new(body)).unwrap();
    let (parts, body) = sender.send_request(request).await.ok()?.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    Some(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
}

/// The interpreter for scripts that need `module`; says so and gives nothing where there is none.
pub(crate) fn python_with(module: &str) -> Option<PathBuf> {
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    let named = std::env::var_os("TAXIWAY_PYTHON").map(PathBuf::from);
    let python = named.or(venv.exists().then_some(venv)).unwrap_or_else(|| "python3".into());
    let import =
        Command::new(&python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    if import.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    println!("skipped: {module} is not installed for {}", python.display());
    None
}

/// Runs a client to its end and returns what it printed.
pub(crate) async fn run(command: &mut Command) -> String {
    let mut command = tokio::process::Command::from(std::mem::replace(command, Command::new("true")));
    command.kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output()).await.expect("in time").unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}
