//! The folder of one PostgreSQL: made once by `initdb`, aside, and put in its place when it is whole.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{USER, USERS, find};
use crate::databases::folder::{Folder, remove};
use crate::databases::program::words;
use crate::databases::{DatabaseError, Program, Workplace};
use crate::logs;
use crate::once::{Failure, Once};
use crate::process::StopSignal;
use crate::project::ProjectError;
use crate::secret::SecretValue;
use crate::shim::FOLDER;
use crate::spawn::Manner;

/// Lines of its output that a failure shows.
const SHOWN_LINES: usize = 10;
/// What is made, before it is whole.
const UNFINISHED: &str = "data.new";
/// The password on its way to `initdb`, which its user must be able to read.
const HANDED: &str = "password.initdb";

/// The version that made the data in `folder`, where there is some.
pub(super) fn major(folder: &Path) -> Option<u32> {
    find::major(&fs::read_to_string(folder.join("data/PG_VERSION")).ok()?)
}

/// The folder and the password of the database; both are made where there is no data yet.
pub(super) async fn open(
    program: &Program,
    workplace: &Workplace<'_>,
) -> Result<(Folder, SecretValue), DatabaseError> {
    let folder = Folder::open(&program.folder, USERS)?;
    let (resource, shown) = (program.name(), folder.path.display().to_string());
    if major(&folder.path).is_some() {
        if !folder.path.join("password").exists() {
            return Err(DatabaseError::PasswordLost { resource: resource.to_owned(), folder: shown });
        }
        forget_the_dead(&folder.path.join("data/postmaster.pid"))?;
        return Ok((folder.clone(), folder.password(resource)?));
    }
    let password = folder.password(resource)?;
    make(program, &folder, &password, workplace).await?;
    Ok((folder, password))
}

async fn make(
    program: &Program,
    folder: &Folder,
    password: &SecretValue,
    workplace: &Workplace<'_>,
) -> Result<(), DatabaseError> {
    let unfinished = folder.path.join(UNFINISHED);
    let failed = |source| ProjectError::write(&unfinished, source);
    clear(&unfinished).map_err(failed)?;
    let _removed_at_the_end = Handed(folder.write(HANDED, password.reveal())?);
    let made = initdb(program, folder, workplace).await;
    if made.is_err() {
        let _said_already = clear(&unfinished);
    }
    made?;
    fs::rename(&unfinished, folder.path.join("data")).map_err(failed)?;
    let synced = File::open(&folder.path).and_then(|folder| folder.sync_all());
    Ok(synced.map_err(failed)?)
}

async fn initdb(program: &Program, folder: &Folder, workplace: &Workplace<'_>) -> Result<(), DatabaseError> {
    let name = program.name();
    let line = format!("initdb for {name}");
    let once = Once {
        name: line.clone(),
        purpose: "initdb",
        line,
        needed_by: vec![name.to_owned()],
        command: command(&program.path.with_file_name("initdb")),
        manner: Manner {
            account: folder.account,
            folder: Some(folder.path.clone()),
            stop_signal: StopSignal::Term,
        },
        is_shown: false,
        last_lines: SHOWN_LINES,
    };
    workplace.workbench.run(once).await.map_err(|failure| not_made(name, failure))
}

// Text is sorted by code point, the same on every machine.
fn command(initdb: &Path) -> Vec<String> {
    let mut command = vec![initdb.display().to_string()];
    command.extend([format!("--pgdata={FOLDER}/{UNFINISHED}"), format!("--pwfile={FOLDER}/{HANDED}")]);
    command.push(format!("--username={USER}"));
    command.extend(words(&[
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-instructions",
    ]));
    command
}

fn not_made(resource: &str, failure: Failure) -> DatabaseError {
    let (reason, log) = match failure {
        Failure::NotStarted(reason) => (reason.to_string(), Vec::new()),
        Failure::Ended(outcome, log) => (format!("initdb ended with {outcome}"), log),
    };
    let is_full = log.iter().any(|line| line.contains("No space left on device"));
    let reason = if is_full { "the disk is full; free some space and try again".to_owned() } else { reason };
    DatabaseError::NotMade { resource: resource.to_owned(), reason, log: logs::quoted(&log) }
}

// Nobody but us starts a program on this folder, and what an earlier run left has been ended. A number that another
// process has by now would keep PostgreSQL from starting; one that a `postgres` has is left for it to judge.
fn forget_the_dead(lock: &Path) -> Result<(), ProjectError> {
    let text = fs::read_to_string(lock).unwrap_or_default();
    let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
    if pid.and_then(crate::processes::name).is_some_and(|name| name.starts_with("postgres")) {
        return Ok(());
    }
    remove(lock).map_err(|source| ProjectError::write(lock, source))
}

fn clear(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A file that goes when this does.
struct Handed(PathBuf);

impl Drop for Handed {
    fn drop(&mut self) {
        let _removed_by_the_next = remove(&self.0);
    }
}
