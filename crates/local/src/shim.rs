//! What a replica is before it becomes the service's program: a child that dies with `up`.
//!
//! `up` starts its own program with a hidden first argument. That process asks the kernel for SIGTERM at its parent's
//! death (prctl(2), `PR_SET_PDEATHSIG`; kept across exec), makes sure that the parent still lives, and replaces itself
//! by the service's program. The signal follows the *thread* that started the child, so one long-lived thread starts
//! them all.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};

/// The hidden first argument.
pub(crate) const ARGUMENT: &str = "__taxiway_replica";

/// The shell's code for a command that is not there.
const NOT_FOUND: u8 = 127;
/// The code for a child whose parent was gone before it began.
const PARENT_GONE: u8 = 143;

/// Becomes the service's program when the arguments ask for that; `None` when they do not.
///
/// `arguments` are the program's own, its name first. A program that gives [`crate::Shim`] must call this before
/// anything else in `main`. Returns only when it was not asked, or when the program could not be started.
pub fn run_if_asked(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.into_iter().skip(1);
    if arguments.next()? != ARGUMENT {
        return None;
    }
    Some(ExitCode::from(become_program(arguments)))
}

fn become_program(mut arguments: impl Iterator<Item = OsString>) -> u8 {
    let (Some(parent), Some(program)) = (arguments.next(), arguments.next()) else { return NOT_FOUND };
    if set_parent_process_death_signal(Some(Signal::TERM)).is_err() || !is_parent(&parent) {
        return PARENT_GONE;
    }
    let error = Command::new(&program).args(arguments).exec();
    report(&format!("taxiway could not start `{}`: {error}\n", program.display()));
    NOT_FOUND
}

// The parent may have died between fork and prctl; then the signal would never come.
fn is_parent(expected: &OsString) -> bool {
    let expected = expected.to_str().and_then(|text| text.parse().ok()).and_then(Pid::from_raw);
    expected.is_some() && getppid() == expected
}

// Standard error is the replica's log here, not a terminal.
fn report(text: &str) {
    use std::io::Write as _;
    let _nobody_reads = std::io::stderr().write_all(text.as_bytes());
}
