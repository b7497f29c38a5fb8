//! The worker's sign of life: a file with the moment of its last step, and the check that reads it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use std::{fs, io};

use kit::Environment;
use kit::program::say;
use time::OffsetDateTime;

/// A heartbeat older than this means that the worker hangs.
const UNHEALTHY_AFTER: Duration = Duration::from_secs(90);

/// The file is written at most this often.
const EVERY: Duration = Duration::from_secs(5);

/// Writes the file. Beats come from the worker's own steps, never from a timer beside them.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    file: PathBuf,
    last: AtomicU64,
}

impl Heartbeat {
    /// A heartbeat into this file.
    pub(crate) fn new(file: PathBuf) -> Self {
        Self { file, last: AtomicU64::new(0) }
    }

    /// Notes that the worker made a step. A file that can't be written is told in the log; it is no reason to stop.
    pub(crate) fn beat(&self) {
        let now = now();
        let last = self.last.swap(now, Ordering::Relaxed);
        if now.saturating_sub(last) < EVERY.as_secs() {
            self.last.store(last, Ordering::Relaxed);
        } else if let Err(error) = self.write(now) {
            tracing::warn!(%error, file = %self.file.display(), "the heartbeat can't be written; set HEARTBEAT_FILE");
        }
    }

    /// Beside, then over: a reader never sees half a number, also when two workers share the file.
    fn write(&self, now: u64) -> io::Result<()> {
        let beside = self.file.with_extension(format!("{}.new", std::process::id()));
        fs::write(&beside, now.to_string())?;
        fs::rename(&beside, &self.file)
    }
}

/// The file: `HEARTBEAT_FILE`, else one in the folder for temporary files, which in a container with a read-only root is
/// its tmpfs. Workers that share a machine share it too, unless each is given its own.
pub(crate) fn file(environment: &Environment) -> PathBuf {
    match environment.optional("HEARTBEAT_FILE") {
        Some(named) => PathBuf::from(named),
        None => std::env::temp_dir().join("ingest-worker.heartbeat"),
    }
}

/// `ingest worker --check-heartbeat`: 0 when the worker made a step in the last 90 s, else 1 and a sentence.
pub(crate) fn check(environment: &Environment) -> ExitCode {
    match judge(&file(environment), now()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => say(&sentence, ExitCode::FAILURE),
    }
}

fn judge(file: &std::path::Path, now: u64) -> Result<(), String> {
    let shown = file.display();
    let text = fs::read_to_string(file)
        .map_err(|error| format!("no heartbeat in {shown}: {error}; does the worker run?"))?;
    let beat: u64 =
        text.trim().parse().map_err(|_| format!("{shown} holds no heartbeat; HEARTBEAT_FILE names it"))?;
    match now.saturating_sub(beat) {
        age if age > UNHEALTHY_AFTER.as_secs() => {
            Err(format!("the worker's last step was {age} s ago, by {shown}"))
        }
        _ => Ok(()),
    }
}

fn now() -> u64 {
    u64::try_from(OffsetDateTime::now_utc().unix_timestamp()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_is_healthy_for_ninety_seconds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("beat");
        assert!(judge(&file, now()).unwrap_err().starts_with("no heartbeat in "));
        Heartbeat::new(file.clone()).beat();
        let beat: u64 = fs::read_to_string(&file).unwrap().parse().unwrap();
        assert_eq!(judge(&file, beat + 90), Ok(()));
        assert!(judge(&file, beat + 91).unwrap_err().starts_with("the worker's last step was 91 s ago"));
        fs::write(&file, "x").unwrap();
        assert!(judge(&file, beat).unwrap_err().contains("holds no heartbeat"));
    }

    #[test]
    fn beats_in_a_row_write_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("beat");
        let heartbeat = Heartbeat::new(file.clone());
        heartbeat.beat();
        fs::remove_file(&file).unwrap();
        heartbeat.beat();
        assert!(!file.exists());
    }
}
