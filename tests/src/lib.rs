//! What the tests of built binaries share, the product's and each system's: a running project or service, HTTP, free
//! ports, conditions with deadlines, real clients.

use std::hash::{BuildHasher as _, RandomState};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

pub use self::http::request;
pub use self::program::Program;
pub use self::project::{Project, kill};

pub mod cloud;
pub mod http;
mod program;
mod project;
pub mod schemathesis;
pub mod service;

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

/// A port nobody listens on at this moment, and that nobody is given by chance before it is used: it is below those that
/// the system hands out by itself, which begin at 32768 (`ip_local_port_range` in `man 7 ip`).
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_port() -> u16 {
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let by_chance =
        || 10_240 + u16::try_from(RandomState::new().hash_one(()) % 22_000).expect("a small number");
    std::iter::repeat_with(by_chance).take(1000).find(is_free).expect("loopback has a free port")
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
