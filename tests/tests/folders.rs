//! A data folder that `taxiway cloud` can't use: one sentence that names it, exit code 1, and everything as it was.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use harness::cloud::Cloud;
use harness::{binary, run, succeed};

/// A folder with a queue and messages in it.
struct Folder(tempfile::TempDir);

/// How the cloud that filled it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Everything is in the log.
    Killed,
    /// Everything is in the database.
    Asked,
}

impl Folder {
    fn new(end: End) -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        let init = folder.0.path().join("init.yaml");
        harness::cloud::write(&init, "queues: [orders]\n");
        let data = folder.data();
        let text = |path: &Path| path.to_str().expect("text").to_owned();
        let cloud = Cloud::start(&["--data", &text(&data), "--init", &text(&init)]);
        for number in 0..20 {
            succeed(&mut cloud.taxiway(&["queue", "send", "orders", &format!("message {number}")]));
        }
        match end {
            End::Killed => cloud.kill(),
            End::Asked => cloud.stop(),
        }
        folder
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.data().join(name)
    }

    fn holds(&self, messages: usize) {
        let cloud = Cloud::start(&["--data", self.data().to_str().expect("text")]);
        let listed = succeed(&mut cloud.taxiway(&["queue", "peek", "orders", "--max", "100"]));
        assert_eq!(listed.matches("message ").count(), messages, "{listed}");
    }

    /// Changes a file: that is refused, and nothing of the folder is changed. Put back, everything is there.
    #[track_caller]
    fn refused_with(&self, name: &str, change: impl FnOnce(&mut Vec<u8>), said: &str) {
        let file = self.file(name);
        let sound = std::fs::read(&file).expect("it is there");
        let mut changed = sound.clone();
        change(&mut changed);
        std::fs::write(&file, &changed).expect("written");
        assert_eq!(refusal(&self.data()), format!("error: `{}` {said}\n", file.display()));
        assert_eq!(std::fs::read(&file).expect("it is there"), changed, "it was changed");
        std::fs::write(&file, sound).expect("written");
    }
}

/// What the cloud says of a folder it does not start on.
#[track_caller]
fn refusal(data: &Path) -> String {
    let mut command = Command::new(binary("taxiway"));
    let output = run(command.args(["cloud", "--port", "0", "--data"]).arg(data).stdin(Stdio::null()));
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty(), "it said it was ready");
    said
}

#[test]
fn a_damaged_database_is_named() {
    let folder = Folder::new(End::Asked);
    let damaged = "is damaged (database disk image is malformed); nothing was changed: restore a copy of it, or move the \
                   file away to start empty";
    folder.refused_with("cloud.db", |bytes| bytes.truncate(5000), damaged);
    folder.refused_with(
        "cloud.db",
        |bytes| bytes[..16].fill(b'x'),
        "is not a Taxiway database; nothing was changed: move the file away to start empty, or choose another folder",
    );
    folder.refused_with(
        "cloud.db",
        Vec::clear,
        "is damaged (it is empty, and something was kept in it); nothing was changed: restore a copy of it, or move the \
         file away to start empty",
    );
    // The version of the schema, which SQLite keeps there ("Database File Format", section 1.3).
    folder.refused_with(
        "cloud.db",
        |bytes| bytes[60..64].copy_from_slice(&99_u32.to_be_bytes()),
        "was written by a newer Taxiway (schema 99, this one knows up to 2); nothing was changed: use that version, or \
         choose another folder",
    );
    folder.holds(20);
}

#[test]
fn a_damaged_log_is_named() {
    let folder = Folder::new(End::Killed);
    folder.refused_with(
        "cloud.db-wal",
        |bytes| bytes[3] ^= 0xFF,
        "is damaged (its header is not right); nothing was changed: restore a copy of the data folder, or move the folder \
         away to start empty",
    );
    folder.refused_with(
        "cloud.db-wal",
        |bytes| bytes[32 + 4120 * 2 + 100] ^= 0xFF,
        "is damaged (frame 3 is not right, and others follow it); nothing was changed: restore a copy of the data folder, \
         or move the folder away to start empty",
    );
    folder.holds(20);
}

#[test]
fn a_folder_belongs_to_one_process() {
    let folder = Folder::new(End::Asked);
    let data = folder.data();
    let first = Cloud::start(&["--data", data.to_str().expect("text")]);
    let expected = format!(
        "error: the data folder `{}` is in use by another taxiway process; stop that one or choose another folder\n",
        data.display()
    );
    assert_eq!(refusal(&data), expected);
    succeed(&mut first.taxiway(&["queue", "send", "orders", "message more"]));
    drop(first);
    folder.holds(21);
}

/// A folder with something mounted on it, and gone from there in the end.
struct Mounted(PathBuf);

impl Mounted {
    /// Says so and gives nothing where that is not permitted.
    fn new(on: &Path, arguments: &[&str]) -> Option<Self> {
        let mut mount = Command::new("mount");
        if mount.args(arguments).arg(on).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
            return Some(Self(on.to_owned()));
        }
        println!("skipped: mount is not permitted, so there is no such disk");
        None
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = Folder::new(End::Killed);
    let data = folder.data();
    let from = data.to_str().expect("text");
    let Some(mounted) = Mounted::new(&data, &["--bind", "-o", "ro", from]) else { return };
    let expected = format!(
        "error: the data folder `{from}` can't be used: Read-only file system (os error 30); check its permissions or choose \
         another folder\n"
    );
    assert_eq!(refusal(&data), expected);
    drop(mounted);
    folder.holds(20);
}

#[test]
fn a_disk_without_room_to_begin_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(_mounted) = Mounted::new(folder.path(), &["-t", "tmpfs", "-o", "size=16k", "tmpfs"]) else {
        return;
    };
    let data = folder.path().join("data");
    let expected = format!(
        "error: the disk that holds the data folder `{}` is full; nothing was changed: free some space and start again\n",
        data.display()
    );
    assert_eq!(refusal(&data), expected);
}

#[test]
fn a_file_is_not_a_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "kept").expect("written");
    let said = refusal(&file);
    assert!(
        said.starts_with(&format!("error: the data folder `{}` can't be used: ", file.display())),
        "{said}"
    );
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "kept");
}
