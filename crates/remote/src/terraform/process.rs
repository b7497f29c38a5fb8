//! One run of a program: its lines as they come, an end on time, and an interrupt it can act on.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Child;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::{Limits, TerraformError};
use crate::Variables;

/// Lines of a failed run that are shown with the failure.
const KEPT: usize = 60;

/// How often a person asked for the end. Terraform gets an interrupt for each: after the first it finishes what it began
/// and lets go of its lock, after the second it ends at once.
#[derive(Debug, Clone)]
pub struct Stop {
    asked: watch::Receiver<u32>,
    before: u32,
}

/// The side that asks.
#[derive(Debug)]
pub struct StopSender(watch::Sender<u32>);

/// What to run.
pub(super) struct Command<'a> {
    pub(super) program: &'a Path,
    pub(super) arguments: &'a [OsString],
    pub(super) variables: &'a Variables,
    pub(super) folder: &'a Path,
    pub(super) step: &'static str,
    pub(super) limits: Limits,
}

/// What it printed to its standard output.
#[derive(Debug, Default)]
pub(super) struct Printed {
    pub(super) out: String,
}

enum Line {
    Out(String),
    Error(String),
}

/// How a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Own,
    Interrupted,
    TimedOut,
}

impl Stop {
    /// A stop that nobody has asked for yet, and the side that asks.
    #[must_use]
    pub fn new() -> (StopSender, Self) {
        let (sender, asked) = watch::channel(0);
        (StopSender(sender), Self { asked, before: 0 })
    }

    /// Whether the end was asked for.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.asked.borrow() > self.before
    }

    /// One that counts from now on: for what cleans up after an end that was asked for.
    #[must_use]
    pub fn from_now(&self) -> Self {
        Self { before: *self.asked.borrow(), asked: self.asked.clone() }
    }

    /// Waits until the end is asked for, or asked for again.
    async fn asked_again(&mut self) {
        if self.asked.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl StopSender {
    /// Asks for the end.
    pub fn ask(&self) {
        self.0.send_modify(|times| *times += 1);
    }
}

impl Command<'_> {
    /// Runs it to its end.
    pub(super) async fn run(
        &self,
        stop: &Stop,
        listen: &mut dyn FnMut(&str),
    ) -> Result<Printed, TerraformError> {
        if stop.is_asked() {
            return Err(self.interrupted());
        }
        let mut child = self.start()?;
        let mut stop = stop.clone();
        stop.asked.mark_unchanged();
        let (sender, mut lines) = mpsc::channel(64);
        tokio::spawn(read(child.stdout.take(), Line::Out, sender.clone()));
        tokio::spawn(read(child.stderr.take(), Line::Error, sender));
        let mut printed = Printed::default();
        let mut last = VecDeque::new();
        let mut end = End::Own;
        let mut deadline = Instant::now() + self.limits.step;
        let mut are_open = true;
        let status = loop {
            tokio::select! {
                line = lines.recv(), if are_open => match line {
                    Some(line) => hear(line, &mut printed, &mut last, listen),
                    None => are_open = false,
                },
                status = child.wait(), if !are_open => break status,
                () = stop.asked_again() => {
                    end = End::Interrupted;
                    interrupt(&child);
                }
                () = sleep_until(deadline) => {
                    // Twice beyond its time: it does not hear, and no lock is worth a wait without end.
                    if end == End::TimedOut {
                        let _gone = child.start_kill();
                    } else {
                        end = End::TimedOut;
                        interrupt(&child);
                    }
                    deadline = Instant::now() + self.limits.grace.max(Duration::from_secs(1));
                }
            }
        };
        match (end, status) {
            (End::Interrupted, _) => Err(self.interrupted()),
            (End::TimedOut, _) => Err(self.timed_out()),
            (End::Own, Ok(status)) if status.success() => Ok(printed),
            (End::Own, _) => Err(self.failed(&last)),
        }
    }

    fn start(&self) -> Result<Child, TerraformError> {
        let mut command = tokio::process::Command::new(self.program);
        command.args(self.arguments).current_dir(self.folder).env_clear().envs(self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A Ctrl-C at the terminal reaches a whole group, and terraform takes a second interrupt as "at once".
        command.process_group(0);
        command.spawn().map_err(|reason| TerraformError::Start {
            program: self.program.to_owned(),
            folder: self.folder.to_owned(),
            reason,
        })
    }

    fn interrupted(&self) -> TerraformError {
        TerraformError::Interrupted { step: self.step, folder: self.folder.to_owned() }
    }

    fn timed_out(&self) -> TerraformError {
        let limit = self.limits.step;
        TerraformError::TimedOut { step: self.step, folder: self.folder.to_owned(), limit }
    }

    fn failed(&self, last: &VecDeque<String>) -> TerraformError {
        let said = last.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        TerraformError::Failed { step: self.step, folder: self.folder.to_owned(), said }
    }
}

async fn read(from: Option<impl AsyncRead + Unpin>, as_line: fn(String) -> Line, lines: mpsc::Sender<Line>) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut bytes = Vec::new();
    while from.read_until(b'\n', &mut bytes).await.is_ok_and(|read| read > 0) {
        let text = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
        bytes.clear();
        if lines.send(as_line(text)).await.is_err() {
            return;
        }
    }
}

fn hear(line: Line, printed: &mut Printed, last: &mut VecDeque<String>, listen: &mut dyn FnMut(&str)) {
    let text = match line {
        Line::Out(text) => {
            printed.out.push_str(&text);
            printed.out.push('\n');
            text
        }
        Line::Error(text) => text,
    };
    listen(&text);
    last.push_back(text);
    if last.len() > KEPT {
        last.pop_front();
    }
}

fn interrupt(child: &Child) {
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    let _gone = pid.map(|pid| kill_process(pid, Signal::INT));
}
