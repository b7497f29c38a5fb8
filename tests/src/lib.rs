//! What the whole-product tests share: a running project, free ports, conditions with deadlines, real clients.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

pub use self::project::{Project, kill};

pub mod cloud;
mod project;

/// The workspace's folder.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand inside the workspace")
}

/// A binary of this build, beside the test that asks.
///
/// # Panics
/// When it is not there: `tests/run` builds every binary before the tests.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let profile = test.parent().and_then(Path::parent).expect("target/<profile>/deps/<test>");
    let path = profile.join(name);
    assert!(path.exists(), "{} is not built; run `cargo build --release --workspace --bins`", path.display());
    path
}

/// A port nobody listens on at this moment.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Waits until a condition gives a value.
///
/// # Panics
/// When it has not after `limit`; the message says what was waited for.
pub fn eventually<T>(limit: Duration, what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(Instant::now() < deadline, "after {limit:?} still waiting for {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// Runs a command to its end.
///
/// # Panics
/// When the program cannot be started.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}

/// Standard output as text, and standard error where the command failed.
///
/// # Panics
/// When the command failed.
pub fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} ended with {}:\n{errors}", output.status);
    String::from_utf8(output.stdout).expect("text on standard output")
}

/// The Python with the real clients, or `None` where a module is missing, which is said.
#[must_use]
pub fn python(modules: &[&str]) -> Option<PathBuf> {
    let python = workspace().join(".venv/bin/python");
    let imports = format!("import {}", modules.join(", "));
    let there =
        Command::new(&python).args(["-c", &imports]).output().is_ok_and(|output| output.status.success());
    if !there {
        println!("skipped: Python with {} is not in .venv; tests/run installs it", modules.join(", "));
    }
    there.then_some(python)
}

/// An answer over HTTP/1.1.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header lines as they came.
    pub headers: Vec<String>,
    /// The body as text.
    pub body: String,
}

/// One request on a connection of its own.
///
/// # Errors
/// When there is no whole answer within ten seconds.
pub fn request(address: SocketAddr, method: &str, path: &str, body: Option<&str>) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let body = body.unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    read_answer(&mut BufReader::new(stream))
}

fn read_answer(reader: &mut BufReader<TcpStream>) -> std::io::Result<Answer> {
    let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split_whitespace().nth(1).and_then(|code| code.parse().ok()).ok_or_else(cut)?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(cut());
        }
        match line.trim_end() {
            "" => break,
            header => headers.push(header.to_ascii_lowercase()),
        }
    }
    let mut body = Vec::new();
    reader.read_to_end(&mut body)?;
    let length =
        headers.iter().find_map(|header| header.strip_prefix("content-length: ")?.parse::<usize>().ok());
    if length.is_some_and(|length| length != body.len()) {
        return Err(cut());
    }
    Ok(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}
