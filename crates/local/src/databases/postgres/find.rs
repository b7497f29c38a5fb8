//! Which PostgreSQL of those that are installed.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::databases::find::{folders, has};

/// Where Debian has each version's programs, outside of the PATH: `<version>/bin`.
pub(super) const DEBIAN: &str = "/usr/lib/postgresql";
/// What a database needs.
const PROGRAMS: &[&str] = &["postgres", "initdb"];
/// How long a program may take to say its version.
const PATIENCE: Duration = Duration::from_secs(10);

/// An installed PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) major: u32,
    /// Where its programs are.
    pub(super) folder: PathBuf,
}

/// What decides between several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// The version that made the data, where there is some: no other can read it.
    pub(super) data: Option<u32>,
    /// The manifest's.
    pub(super) wanted: Option<u32>,
}

impl Found {
    /// Those on `path`, then Debian's.
    pub(super) async fn all(path: Option<&String>, debian: &Path) -> Vec<Self> {
        let mut found = Vec::new();
        for folder in folders(path, PROGRAMS).into_iter().chain(versions(debian)) {
            if let Some(major) = version(&folder.join("postgres")).await {
                found.push(Self { major, folder });
            }
        }
        found
    }
}

impl Choice {
    /// The data's version, else the manifest's, else the newest; of equal ones the first.
    pub(super) fn of(self, found: &[Found]) -> Option<&Found> {
        if let Some(data) = self.data {
            return found.iter().find(|found| found.major == data);
        }
        let exact = found.iter().find(|found| Some(found.major) == self.wanted);
        exact.or_else(|| found.iter().min_by_key(|found| Reverse(found.major)))
    }
}

/// The first number of a version: what must be the same for data to be read since PostgreSQL 10 (PostgreSQL's
/// versioning policy).
pub(super) fn major(version: &str) -> Option<u32> {
    version.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok()
}

fn versions(debian: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(debian).into_iter().flatten().filter_map(Result::ok);
    let folders = entries.map(|entry| entry.path().join("bin")).filter(|folder| has(folder, PROGRAMS));
    let mut folders: Vec<PathBuf> = folders.collect();
    folders.sort();
    folders
}

// `postgres (PostgreSQL) 15.6 (Debian 15.6-0+deb12u1)`
async fn version(program: &Path) -> Option<u32> {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).env_clear().kill_on_drop(true);
    let output = timeout(PATIENCE, command.output()).await.ok()?.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    major(text.split_once("(PostgreSQL)")?.1)
}

#[cfg(test)]
mod tests {
    use super::{Choice, Found, major};

    fn chosen(installed: &[u32], data: Option<u32>, wanted: u32) -> Option<u32> {
        let found: Vec<Found> = installed
            .iter()
            .map(|major| Found { major: *major, folder: format!("/{major}").into() })
            .collect();
        Choice { data, wanted: Some(wanted) }.of(&found).map(|found| found.major)
    }

    #[test]
    fn the_datas_version_then_the_manifests_then_the_newest() {
        assert_eq!(chosen(&[14, 15, 16], Some(14), 16), Some(14));
        assert_eq!(chosen(&[15, 16], Some(14), 16), None);
        assert_eq!(chosen(&[14, 15, 16], None, 15), Some(15));
        assert_eq!(chosen(&[14, 17, 16], None, 15), Some(17));
        assert_eq!(chosen(&[13, 14], None, 15), Some(14));
        assert_eq!(chosen(&[], None, 15), None);
    }

    #[test]
    fn a_version_is_its_first_number() {
        assert_eq!(major("15"), Some(15));
        assert_eq!(major(" 15.6 (Debian 15.6-0+deb12u1)"), Some(15));
        assert_eq!(major(" 17beta1"), Some(17));
        assert_eq!(major("latest"), None);
    }

    #[tokio::test]
    async fn nothing_installed_is_nothing_found() {
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(Found::all(Some(&empty.path().display().to_string()), empty.path()).await, []);
        assert_eq!(Found::all(None, &empty.path().join("none")).await, []);
    }
}
