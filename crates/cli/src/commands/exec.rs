//! `taxiway exec`: runs a command with a service's environment.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};

use crate::arguments::Exec;
use crate::report::Failure;
use crate::runtime;

/// The shell's code for a command that is not there.
const NOT_FOUND: u8 = 127;

pub(crate) fn run(arguments: &Exec) -> Result<(), Failure> {
    let (dir, services) = arguments.services.split();
    let ([service], [program, rest @ ..]) = (services, arguments.command.as_slice()) else {
        return Err(Failure::Sentence(
            "name one service, then the command: `taxiway exec api -- env`".to_owned(),
        ));
    };
    let environment =
        runtime::block_on(local::client::exec_environment(&dir, service))?.map_err(Failure::from_error)?;
    match Command::new(program).args(rest).env_clear().envs(environment).current_dir(&dir).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Child(code(status))),
        Err(error) => {
            crate::report::note(format_args!("`{program}` does not start: {error}"));
            Err(Failure::Child(NOT_FOUND))
        }
    }
}

/// The code a shell gives: the program's own, or 128 and the signal.
fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}
