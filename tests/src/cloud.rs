//! The built `taxiway cloud`, alone, and gone with the value.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::{Program, binary};

/// A cloud of its own that keeps nothing unless its arguments say so.
pub struct Cloud {
    program: Program,
    /// What it printed when it was ready.
    pub started: Value,
}

impl Cloud {
    /// Starts one and waits until it is ready: on a free port, unless the arguments name one.
    ///
    /// # Panics
    /// When it does not start; what it says is on standard error.
    #[must_use]
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(binary("taxiway"));
        command.args(["cloud", "--json"]).args(arguments).stdout(Stdio::piped());
        if !arguments.contains(&"--port") {
            command.args(["--port", "0"]);
        }
        let mut program = Program::start(&mut command);
        let mut line = String::new();
        BufReader::new(program.output()).read_line(&mut line).expect("a line of text");
        let started = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self { program, started }
    }

    /// One that keeps nothing.
    #[must_use]
    pub fn ephemeral() -> Self {
        Self::start(&["--ephemeral"])
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Panics
    /// When it ends with an error.
    pub fn stop(mut self) {
        assert!(self.program.stop().success(), "it ended with an error");
    }

    /// Ends it as a crash does.
    pub fn kill(self) {
        self.program.kill();
    }

    /// Where it listens.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.started["endpoint"].as_str().expect("an endpoint")
    }

    /// `taxiway WORDS`, which finds this cloud by its environment, in `/`, where no project is.
    #[must_use]
    pub fn taxiway(&self, words: &[&str]) -> Command {
        let mut command = Command::new(binary("taxiway"));
        command.args(words).env("AWS_ENDPOINT_URL", self.endpoint()).current_dir("/").stdin(Stdio::null());
        command
    }

    /// An environment in which any AWS client finds this cloud.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT_URL", self.endpoint().to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ]
    }
}

/// Runs a command with this text on its standard input.
///
/// # Panics
/// When it does not start.
#[must_use]
pub fn pipe(command: &mut Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("its input");
    // A program that fails before it reads closes its end.
    let _closed = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// A file with this text.
///
/// # Panics
/// When the disk does not take it.
pub fn write(file: &Path, text: &str) {
    std::fs::write(file, text).expect("room for a file");
}
