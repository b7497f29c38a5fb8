//! Reads one process's output to its end, line by line.

use std::io::{self, BufRead as _, BufReader, PipeReader, PipeWriter, Read as _};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::tail::{TailWriter, tail};
use super::{LogFile, Tail, timestamp};
use crate::reporter::Reporter;

/// Bytes of one line; a longer one is kept as several.
const LINE_LIMIT: u64 = 16 * 1024;
/// Bytes collected before they are written, while more is waiting to be read.
const CHUNK: usize = 64 * 1024;
/// Enough for what the thread does.
const STACK: usize = 256 * 1024;
/// From a failed write to the next try.
const RETRY: Duration = Duration::from_secs(1);

/// A process's output on its way to the log.
#[derive(Debug)]
pub(crate) struct Collected {
    /// The end the process writes to. Must be dropped here when the process has it.
    pub(crate) writer: PipeWriter,
    /// Its last lines.
    pub(crate) tail: Tail,
}

/// Starts to collect into the log at `path`; each line also goes to `lines` where somebody listens and keeps up.
pub(crate) fn collect(
    path: PathBuf,
    lines: Option<mpsc::Sender<String>>,
    reporter: Reporter,
) -> io::Result<Collected> {
    let (reader, writer) = io::pipe()?;
    let (tail_writer, tail) = tail();
    let log = Log { shown: path.display().to_string(), file: LogFile::new(path), reporter, failed: None };
    let collector = Collector { log, tail: tail_writer, lines, chunk: Vec::with_capacity(CHUNK) };
    thread::Builder::new().name("log".to_owned()).stack_size(STACK).spawn(|| collector.run(reader))?;
    Ok(Collected { writer, tail })
}

struct Collector {
    log: Log,
    tail: TailWriter,
    lines: Option<mpsc::Sender<String>>,
    chunk: Vec<u8>,
}

impl Collector {
    fn run(mut self, reader: PipeReader) {
        let mut reader = BufReader::with_capacity(CHUNK, reader);
        let mut line = Vec::new();
        let mut stamp = timestamp();
        loop {
            line.clear();
            let read = (&mut reader).take(LINE_LIMIT).read_until(b'\n', &mut line);
            if !matches!(read, Ok(1..)) {
                break;
            }
            self.take(&stamp, &line);
            // Everything that was read at once has one time; it is written when there is nothing more to read yet.
            if reader.buffer().is_empty() {
                self.log.write(&mut self.chunk);
                stamp.clear();
            }
            if stamp.is_empty() && matches!(reader.fill_buf(), Ok([_, ..])) {
                stamp = timestamp();
            }
        }
        self.log.write(&mut self.chunk);
    }

    fn take(&mut self, stamp: &str, line: &[u8]) {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.chunk.extend_from_slice(stamp.as_bytes());
        self.chunk.push(b' ');
        self.chunk.extend_from_slice(line);
        self.chunk.push(b'\n');
        let text = String::from_utf8_lossy(line);
        self.tail.add(&text);
        if let Some(lines) = &self.lines {
            let _behind_or_gone = lines.try_send(text.into_owned());
        }
        if self.chunk.len() >= CHUNK {
            self.log.write(&mut self.chunk);
        }
    }
}

struct Log {
    shown: String,
    file: LogFile,
    reporter: Reporter,
    failed: Option<Instant>,
}

impl Log {
    // Lines that cannot be kept are dropped: a service must not stop because a disk is full.
    fn write(&mut self, chunk: &mut Vec<u8>) {
        let wait_over = self.failed.is_none_or(|failed| failed.elapsed() >= RETRY);
        if wait_over && !chunk.is_empty() {
            match self.file.append(chunk) {
                Ok(()) => self.failed = None,
                Err(error) => self.fail(&error),
            }
        }
        chunk.clear();
    }

    fn fail(&mut self, error: &io::Error) {
        if self.failed.replace(Instant::now()).is_none() {
            let shown = &self.shown;
            self.reporter.note(format!(
                "cannot write {shown}: {error}; the service goes on and its lines are dropped until that works again"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::collect;
    use crate::reporter::Reporter;
    use std::io::Write as _;
    use tokio::sync::mpsc;

    async fn printed(text: &[u8]) -> (Vec<String>, String) {
        let folder = tempfile::tempdir().unwrap();
        let (reporter, _task) = Reporter::start(folder.path().join("up.log"), mpsc::channel(1).0);
        let path = folder.path().join("logs/api-1.log");
        let mut collected = collect(path.clone(), None, reporter).unwrap();
        collected.writer.write_all(text).unwrap();
        drop(collected.writer);
        let tail = collected.tail.of_ended(100).await;
        (tail, std::fs::read_to_string(path).unwrap_or_default())
    }

    #[tokio::test]
    async fn lines_get_a_time_and_odd_bytes_are_kept() {
        let (tail, file) = printed(b"one\r\n\xff\nlast without end").await;
        assert_eq!(tail, ["one", "\u{fffd}", "last without end"]);
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(lines.len(), 0, "not text, so it was not read as such");
    }

    #[tokio::test]
    async fn a_line_without_end_is_cut_and_a_flood_leaves_its_last_lines() {
        let (tail, file) = printed("x".repeat(40_000).as_bytes()).await;
        assert_eq!(tail.len(), 3);
        assert_eq!(file.lines().count(), 3);
        let flood: String = (0..10_000).map(|number| format!("line {number}\n")).collect();
        let (tail, file) = printed(flood.as_bytes()).await;
        assert_eq!((tail.len(), tail.last().unwrap().as_str()), (40, "line 9999"));
        assert_eq!(file.lines().count(), 10_000);
        assert!(file.lines().all(|line| line.as_bytes()[super::super::TIMESTAMP_LENGTH] == b' '));
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_written_is_said_once_and_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (sender, _receiver) = mpsc::channel(16);
        let (reporter, _task) = Reporter::start(folder.path().join("up.log"), sender);
        let mut said = reporter.subscribe();
        std::fs::write(folder.path().join("logs"), "").unwrap();
        let mut collected = collect(folder.path().join("logs/api-1.log"), None, reporter).unwrap();
        for number in 0..3 {
            writeln!(collected.writer, "{number}").unwrap();
        }
        drop(collected.writer);
        assert_eq!(collected.tail.of_ended(9).await, ["0", "1", "2"]);
        assert!(said.try_recv().is_ok());
        assert!(said.try_recv().is_err());
    }
}
