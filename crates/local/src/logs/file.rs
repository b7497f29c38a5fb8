//! A log file that never grows past a bound: full, it becomes `.1`, and `.1` becomes `.2`.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::project::make_private;

/// Bytes of one file.
const LIMIT: u64 = 10 * 1024 * 1024;
/// Older files kept beside it.
const OLDER: u32 = 2;

/// A rotating log file, opened when first written to and again after an error.
#[derive(Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
    limit: u64,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    size: u64,
}

impl LogFile {
    /// The log at `path`; what is there is kept.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, limit: LIMIT, open: None }
    }

    /// Appends whole lines, rotating first where they would not fit.
    pub(crate) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self.try_append(lines);
        if written.is_err() {
            self.open = None;
        }
        written
    }

    fn try_append(&mut self, lines: &[u8]) -> io::Result<()> {
        let length = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        if self.open()?.size.saturating_add(length) > self.limit {
            self.rotate()?;
        }
        let open = self.open()?;
        open.file.write_all(lines)?;
        open.size += length;
        Ok(())
    }

    fn open(&mut self) -> io::Result<&mut Open> {
        match &mut self.open {
            Some(open) => Ok(open),
            closed => Ok(closed.insert(Open::at(&self.path)?)),
        }
    }

    fn rotate(&mut self) -> io::Result<()> {
        if self.open.take().is_none_or(|open| open.size == 0) {
            return Ok(());
        }
        for number in (1..OLDER).rev() {
            move_if_there(&older(&self.path, number), &older(&self.path, number + 1))?;
        }
        move_if_there(&self.path, &older(&self.path, 1))
    }
}

impl Open {
    fn at(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            make_private(folder)?;
        }
        let file = File::options().append(true).create(true).open(path)?;
        let size = file.metadata()?.len();
        Ok(Self { file, size })
    }
}

/// The `number`-th older file of a log, 1 the youngest.
pub(crate) fn older(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        moved => moved,
    }
}

#[cfg(test)]
mod tests {
    use super::{LogFile, older};
    use std::fs;

    #[test]
    fn three_files_of_bounded_size_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api/api-1.log");
        let mut log = LogFile { limit: 10, ..LogFile::new(path.clone()) };
        for line in ["one 45678\n", "two 45678\n", "three 678\n", "four 5678\n", "5\n", "6\n"] {
            log.append(line.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "5\n6\n");
        assert_eq!(fs::read_to_string(older(&path, 1)).unwrap(), "four 5678\n");
        assert_eq!(fs::read_to_string(older(&path, 2)).unwrap(), "three 678\n");
        assert!(!older(&path, 3).exists());
    }

    #[test]
    fn an_earlier_run_is_appended_to_and_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api-1.log");
        LogFile::new(path.clone()).append(b"earlier\n").unwrap();
        let mut log = LogFile { limit: 10, ..LogFile::new(path.clone()) };
        log.append(b"later\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "later\n");
        assert_eq!(fs::read_to_string(older(&path, 1)).unwrap(), "earlier\n");
    }

    #[test]
    fn a_log_that_could_not_be_written_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join("api");
        fs::write(&in_the_way, "").unwrap();
        let mut log = LogFile::new(in_the_way.join("api-1.log"));
        assert!(log.append(b"lost\n").is_err());
        fs::remove_file(&in_the_way).unwrap();
        log.append(b"kept\n").unwrap();
        assert_eq!(fs::read_to_string(in_the_way.join("api-1.log")).unwrap(), "kept\n");
    }
}
