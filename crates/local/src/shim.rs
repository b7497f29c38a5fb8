//! What a replica is before it becomes the service's program: a child that dies with `up`.
//!
//! `up` starts its own program with a hidden first argument. That process becomes another user where it is told to,
//! asks the kernel for its stop signal at its parent's death (prctl(2), `PR_SET_PDEATHSIG`; kept across exec, cleared
//! by a change of user), makes sure that the parent still lives, and replaces itself by the service's program. The
//! signal follows the *thread* that started the child, so one long-lived thread starts them all.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsRawFd as _, IntoRawFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, getppid, set_parent_process_death_signal};
use rustix::thread::{set_thread_gid, set_thread_groups, set_thread_res_uid};

use crate::account::Account;
use crate::process::StopSignal;

/// The hidden first argument.
const ARGUMENT: &str = "__taxiway_replica";
/// Stands in a command for the folder the process works on.
pub(crate) const FOLDER: &str = "{folder}";

/// The shell's code for a command that is not there.
const NOT_FOUND: u8 = 127;
/// The code for a child that may not become the user it is to run as.
const NOT_ALLOWED: u8 = 126;
/// The code for a child whose parent was gone before it began.
const PARENT_GONE: u8 = 143;

/// What a child is told before its command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Orders {
    /// Process id of who started it.
    pub(crate) parent: u32,
    /// What it gets when that one dies.
    pub(crate) stop_signal: StopSignal,
    /// As whom it runs, where not as who started it.
    pub(crate) account: Option<Account>,
    /// What [`FOLDER`] in its command stands for.
    pub(crate) folder: Option<PathBuf>,
}

impl Orders {
    /// As the arguments that [`run_if_asked`] takes, before the command.
    pub(crate) fn to_arguments(&self) -> Vec<OsString> {
        let signal = match self.stop_signal {
            StopSignal::Term => "term",
            StopSignal::Int => "int",
        };
        let account = self.account.map(|account| format!("{}:{}", account.uid, account.gid));
        let folder = self.folder.clone().map(PathBuf::into_os_string);
        vec![
            ARGUMENT.into(),
            self.parent.to_string().into(),
            signal.into(),
            account.unwrap_or_default().into(),
            folder.unwrap_or_default(),
        ]
    }

    fn parse(arguments: &mut impl Iterator<Item = OsString>) -> Option<Self> {
        let mut text = || arguments.next()?.into_string().ok();
        let parent = text()?.parse().ok()?;
        let stop_signal = if text()? == "int" { StopSignal::Int } else { StopSignal::Term };
        let account = match text()?.split_once(':') {
            Some((uid, gid)) => Some(Account { uid: uid.parse().ok()?, gid: gid.parse().ok()? }),
            None => None,
        };
        let folder = arguments.next().filter(|folder| !folder.is_empty()).map(PathBuf::from);
        Some(Self { parent, stop_signal, account, folder })
    }
}

/// Becomes the service's program when the arguments ask for that; `None` when they do not.
///
/// `arguments` are the program's own, its name first. A program that gives [`crate::Shim`] must call this before
/// anything else in `main`. Returns only when it was not asked, or when the program could not be started.
pub fn run_if_asked(arguments: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut arguments = arguments.into_iter().skip(1);
    if arguments.next()? != ARGUMENT {
        return None;
    }
    let orders = Orders::parse(&mut arguments);
    Some(ExitCode::from(orders.map_or(NOT_FOUND, |orders| become_program(&orders, arguments.collect()))))
}

fn become_program(orders: &Orders, mut command: Vec<OsString>) -> u8 {
    if let Err(error) = enter(orders, &mut command) {
        report(&format!("taxiway could not enter the folder or become the user of this program: {error}\n"));
        return NOT_ALLOWED;
    }
    if set_parent_process_death_signal(Some(orders.stop_signal.into())).is_err() || !is_parent(orders.parent)
    {
        return PARENT_GONE;
    }
    let Some((program, arguments)) = command.split_first() else { return NOT_FOUND };
    let error = Command::new(program).args(arguments).exec();
    report(&format!("taxiway could not start `{}`: {error}\n", program.display()));
    NOT_FOUND
}

// Another user may not be able to walk to the folder (one below /root, for one). It is opened before the change of
// user, and named by its descriptor: /proc/self/fd/N leads there without the way (proc(5)).
fn enter(orders: &Orders, command: &mut [OsString]) -> io::Result<()> {
    if let Some(folder) = &orders.folder {
        let shown = if orders.account.is_some() {
            let kept_open_by_the_program = open(folder)?.into_raw_fd();
            PathBuf::from(format!("/proc/self/fd/{kept_open_by_the_program}"))
        } else {
            folder.clone()
        };
        command.iter_mut().for_each(|word| name_folder(word, &shown));
    }
    orders.account.map_or(Ok(()), become_user)
}

fn name_folder(word: &mut OsString, folder: &Path) {
    let Some((before, after)) = word.to_str().and_then(|word| word.split_once(FOLDER)) else { return };
    let mut named = OsString::from(before);
    named.push(folder);
    named.push(after);
    *word = named;
}

fn open(folder: &Path) -> io::Result<OwnedFd> {
    // Not closed on exec: that is the point.
    let opened = rustix::fs::open(folder, OFlags::PATH | OFlags::DIRECTORY, Mode::empty())?;
    debug_assert!(opened.as_raw_fd() > 2, "standard streams are open");
    Ok(opened)
}

// This process has one thread, so what is a thread's is the process's. Groups first: they need the old user's right.
fn become_user(account: Account) -> io::Result<()> {
    let (uid, gid) = (account.user(), account.group());
    set_thread_groups(&[])?;
    set_thread_gid(gid)?;
    set_thread_res_uid(uid, uid, uid)?;
    Ok(())
}

// The parent may have died between fork and prctl; then the signal would never come.
fn is_parent(expected: u32) -> bool {
    let expected = i32::try_from(expected).ok().and_then(Pid::from_raw);
    expected.is_some() && getppid() == expected
}

// Standard error is the replica's log here, not a terminal.
fn report(text: &str) {
    use std::io::Write as _;
    let _nobody_reads = std::io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{Account, Orders, StopSignal, enter};
    use std::ffi::OsString;

    #[test]
    fn what_is_ordered_is_understood() {
        let plain = Orders { parent: 7, stop_signal: StopSignal::Term, account: None, folder: None };
        let account = Some(Account { uid: 101, gid: 104 });
        let folder = Some("/a folder".into());
        for orders in [plain, Orders { parent: 8, stop_signal: StopSignal::Int, account, folder }] {
            let arguments = orders.to_arguments();
            assert_eq!(Orders::parse(&mut arguments.into_iter().skip(1)), Some(orders));
        }
    }

    #[test]
    fn a_folder_is_named_only_where_there_is_one() {
        let entered = |folder: Option<&str>| {
            let folder = folder.map(Into::into);
            let orders = Orders { parent: 7, stop_signal: StopSignal::Term, account: None, folder };
            let mut command = ["serve", "--data={folder}/data"].map(OsString::from);
            enter(&orders, &mut command).unwrap();
            command
        };
        assert_eq!(entered(Some("/a folder"))[1], "--data=/a folder/data");
        assert_eq!(entered(None)[1], "--data={folder}/data", "a service's own braces stay");
    }
}
