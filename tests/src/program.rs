//! A program that ends with the value.

use std::process::{Child, ChildStdout, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a program that was asked to end may take before it is killed.
const FAREWELL: Duration = Duration::from_secs(10);

/// A child that is asked to end when the value goes, so that it removes what it made, and killed where it does not.
#[derive(Debug)]
pub struct Program(Child);

impl Program {
    /// Starts it.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().expect("the program starts"))
    }

    /// What it prints, where its command has a pipe for that.
    ///
    /// # Panics
    /// When there is no pipe, or it was taken already.
    #[must_use]
    pub fn output(&mut self) -> ChildStdout {
        self.0.stdout.take().expect("its output")
    }

    /// Ends it as a crash does: it can do nothing about it.
    pub fn kill(mut self) {
        let _gone = self.0.kill();
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn stop(&mut self) -> ExitStatus {
        kill_process(Pid::from_child(&self.0), Signal::TERM).expect("it runs");
        self.0.wait().expect("it ended")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended has given its number away.
        if matches!(self.0.try_wait(), Ok(None)) {
            let _asked = kill_process(Pid::from_child(&self.0), Signal::TERM);
        }
        let deadline = Instant::now() + FAREWELL;
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let _gone = self.0.kill();
        let _status = self.0.wait();
    }
}
