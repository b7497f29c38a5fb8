//! Reads one replica's log file as it grows, over its rotation.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::LogLine;
use crate::logs::{TIMESTAMP_LENGTH, older};

/// Lines read in one go: what a reader holds in memory is bounded, whatever a replica prints.
const BATCH: usize = 10_000;

/// Where to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// At so many lines before the end.
    Last(usize),
    /// At the first line.
    Start,
}

/// Reads one replica's log file as it grows.
#[derive(Debug)]
pub(super) struct Reader {
    service: String,
    replica: String,
    path: PathBuf,
    file: BufReader<File>,
    /// Lines from before, to be given first.
    waiting: VecDeque<LogLine>,
    /// The beginning of a line whose end is not there yet.
    partial: Vec<u8>,
}

impl Reader {
    pub(super) fn open(service: &str, path: &Path, from: From) -> io::Result<Self> {
        let replica = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let file = BufReader::new(File::open(path)?);
        let (service, path) = (service.to_owned(), path.to_owned());
        let mut reader = Self { service, replica, path, file, waiting: VecDeque::new(), partial: Vec::new() };
        if let From::Last(count) = from {
            reader.skip_to_last(count)?;
        }
        Ok(reader)
    }

    /// The lines that came since the last call, some of them where there are very many.
    pub(super) fn read(&mut self) -> io::Result<Vec<LogLine>> {
        let mut lines: Vec<LogLine> = self.waiting.drain(..).collect();
        self.read_to_end(&mut lines)?;
        if lines.len() < BATCH && self.was_replaced() {
            // What was written between the last read and the rotation is still in the file that is open.
            self.read_to_end(&mut lines)?;
            self.file = BufReader::new(File::open(&self.path)?);
            self.partial.clear();
            self.read_to_end(&mut lines)?;
        }
        Ok(lines)
    }

    fn read_to_end(&mut self, lines: &mut Vec<LogLine>) -> io::Result<()> {
        while lines.len() < BATCH && self.file.read_until(b'\n', &mut self.partial)? > 0 {
            if self.partial.ends_with(b"\n") {
                lines.push(self.line());
            }
        }
        Ok(())
    }

    fn line(&mut self) -> LogLine {
        let text = String::from_utf8_lossy(&self.partial);
        let text = text.trim_end_matches('\n');
        let (time, text) = text.split_at_checked(TIMESTAMP_LENGTH).unwrap_or(("", text));
        let line = LogLine {
            service: self.service.clone(),
            replica: self.replica.clone(),
            time: time.to_owned(),
            text: text.strip_prefix(' ').unwrap_or(text).to_owned(),
        };
        self.partial.clear();
        line
    }

    fn skip_to_last(&mut self, count: usize) -> io::Result<()> {
        if count == 0 {
            self.file.seek(io::SeekFrom::End(0))?;
            return Ok(());
        }
        // A log that was rotated a moment ago has its last lines in the older file.
        if let Ok(older) = File::open(older(&self.path, 1)) {
            let young = std::mem::replace(&mut self.file, BufReader::new(older));
            self.keep_last(count)?;
            self.file = young;
            self.partial.clear();
        }
        self.keep_last(count)
    }

    fn keep_last(&mut self, count: usize) -> io::Result<()> {
        loop {
            let mut lines = Vec::new();
            self.read_to_end(&mut lines)?;
            if lines.is_empty() {
                return Ok(());
            }
            self.waiting.extend(lines);
            let surplus = self.waiting.len().saturating_sub(count);
            self.waiting.drain(..surplus);
        }
    }

    fn was_replaced(&self) -> bool {
        let open = self.file.get_ref().metadata().map(|file| file.ino()).ok();
        let named = std::fs::metadata(&self.path).map(|file| file.ino()).ok();
        named.is_some() && named != open
    }
}

#[cfg(test)]
mod tests {
    use super::{From, Reader};
    use std::fs;
    use std::io::Write as _;
    use std::path::Path;

    fn append(path: &Path, text: &str) {
        let mut file = fs::File::options().append(true).create(true).open(path).unwrap();
        for line in text.split_inclusive('\n') {
            write!(file, "2026-01-31T12:00:00.000Z {line}").unwrap();
        }
    }

    fn texts(reader: &mut Reader) -> Vec<String> {
        reader.read().unwrap().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn the_last_lines_then_what_comes_over_a_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api-1.log");
        append(&folder.path().join("api-1.log.1"), "a\nb\n");
        append(&path, "c\nd\n");
        let mut reader = Reader::open("api", &path, From::Last(3)).unwrap();
        assert_eq!(texts(&mut reader), ["b", "c", "d"]);
        append(&path, "e\n");
        assert_eq!(texts(&mut reader), ["e"]);
        append(&path, "f\n");
        fs::rename(&path, folder.path().join("api-1.log.1")).unwrap();
        append(&path, "g\n");
        assert_eq!(texts(&mut reader), ["f", "g"]);
    }

    #[test]
    fn a_line_is_given_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api-1.log");
        append(&path, "half");
        let mut reader = Reader::open("api", &path, From::Start).unwrap();
        assert!(texts(&mut reader).is_empty());
        fs::File::options().append(true).open(&path).unwrap().write_all(b" and half\n").unwrap();
        assert_eq!(texts(&mut reader), ["half and half"]);
    }
}
