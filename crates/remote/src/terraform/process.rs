//! One run of a program: its lines as they come, an end on time, and an interrupt it can act on.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::output::Output;
use super::{Limits, Stop, TerraformError, events, unsaved};
use crate::Variables;

/// Lines of a failed run that are shown with the failure.
const KEPT: usize = 60;
/// How often it is asked what it printed.
const LOOK: Duration = Duration::from_millis(40);

/// What to run.
pub(super) struct Command<'a> {
    /// Words before the program: one that ties its life to ours.
    pub(super) launcher: &'a [OsString],
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

/// Both of its outputs, and what is kept of them.
struct Heard<'a> {
    out: Output,
    errors: Output,
    printed: Printed,
    last: VecDeque<String>,
    /// Whether it said that it could not save its state.
    is_unsaved: bool,
    listen: &'a mut dyn FnMut(&str),
}

/// How a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Own,
    Interrupted(u32),
    TimedOut,
}

impl Command<'_> {
    /// Runs it to its end.
    pub(super) async fn run(
        &self,
        stop: &Stop,
        listen: &mut dyn FnMut(&str),
    ) -> Result<Printed, TerraformError> {
        if stop.is_asked() {
            return Err(self.interrupted(1));
        }
        unsaved::before(self.step, self.folder)?;
        let (mut child, mut heard) = self.start(listen).map_err(|reason| TerraformError::Start {
            program: self.program.to_owned(),
            folder: self.folder.to_owned(),
            reason,
        })?;
        let mut stop = stop.clone();
        stop.look_on();
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut end = End::Own;
        let mut deadline = Instant::now() + self.limits.step;
        let status = loop {
            tokio::select! {
                status = child.wait() => break status,
                _ = looks.tick() => heard.take(),
                () = stop.asked_again() => {
                    end = End::Interrupted(if let End::Interrupted(times) = end { times + 1 } else { 1 });
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
        heard.end();
        unsaved::after(self.step, self.folder, heard.is_unsaved)?;
        match (end, status) {
            (End::Interrupted(times), _) => Err(self.interrupted(times)),
            (End::TimedOut, _) => Err(self.timed_out()),
            (End::Own, Ok(status)) if status.success() => Ok(heard.printed),
            (End::Own, _) => Err(self.failed(&heard)),
        }
    }

    fn start<'l>(&self, listen: &'l mut dyn FnMut(&str)) -> io::Result<(Child, Heard<'l>)> {
        let mut words = self.launcher.iter().map(OsString::as_os_str).chain([self.program.as_os_str()]);
        let mut command = tokio::process::Command::new(words.next().unwrap_or_default());
        command.args(words).args(self.arguments).current_dir(self.folder).env_clear().envs(self.variables);
        let (out, errors) = (Output::new()?, Output::new()?);
        command.stdin(Stdio::null()).stdout(out.writer()?).stderr(errors.writer()?);
        // A Ctrl-C at the terminal reaches a whole group, and terraform takes a second interrupt as "at once".
        command.process_group(0);
        let child = command.spawn()?;
        Ok((
            child,
            Heard {
                out,
                errors,
                printed: Printed::default(),
                last: VecDeque::new(),
                is_unsaved: false,
                listen,
            },
        ))
    }

    fn interrupted(&self, times: u32) -> TerraformError {
        let folder = self.folder.to_owned();
        TerraformError::Interrupted { step: self.step, folder, at_once: times > 1 }
    }

    fn timed_out(&self) -> TerraformError {
        let limit = self.limits.step;
        TerraformError::TimedOut { step: self.step, folder: self.folder.to_owned(), limit }
    }

    fn failed(&self, heard: &Heard<'_>) -> TerraformError {
        let problems = events::problems(&heard.printed.out);
        let said = if problems.is_empty() {
            heard.last.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
        } else {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
        };
        TerraformError::Failed { step: self.step, folder: self.folder.to_owned(), said, problems }
    }
}

impl Heard<'_> {
    /// What was printed since the last time.
    fn take(&mut self) {
        let (out, errors) = (self.out.lines(), self.errors.lines());
        self.hear(out, errors);
    }

    /// What was printed until the end.
    fn end(&mut self) {
        self.take();
        let (out, errors) = (self.out.rest(), self.errors.rest());
        self.hear(out, errors);
    }

    fn hear(&mut self, out: impl IntoIterator<Item = String>, errors: impl IntoIterator<Item = String>) {
        for line in out {
            self.printed.out.push_str(&line);
            self.printed.out.push('\n');
            self.note(line);
        }
        for line in errors {
            self.note(line);
        }
    }

    fn note(&mut self, line: String) {
        (self.listen)(&line);
        self.is_unsaved |= unsaved::is_said_in(&line);
        self.last.push_back(line);
        if self.last.len() > KEPT {
            self.last.pop_front();
        }
    }
}

fn interrupt(child: &Child) {
    let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    let _gone = pid.map(|pid| kill_process(pid, Signal::INT));
}
