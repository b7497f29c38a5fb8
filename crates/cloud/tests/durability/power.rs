//! Where a server's data is in a test: in a folder, or on a disk of its own whose power can be cut. Then the disk has what
//! was synced, and what it happened to take before; the rest of what was written is gone, as with a machine's power.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use http::Request;
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use crate::kills::{Level, start};
use crate::queue::Queue;
use crate::server::{python_with, send};

/// Shuts a mounted ext4 down at once and without its journal: `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`, as
/// filesystems are tested themselves (`linux/ext4.h`, xfstests' `godown`).
const CUT: &str = "import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";

/// The disk's size in bytes. Only what is written takes room.
const SIZE: u64 = 512 << 20;

/// Where data is.
#[derive(Debug)]
pub(crate) enum Place {
    Folder(TempDir),
    Disk(Disk),
}

/// An ext4 in a file, mounted. Dropped, it is gone.
#[derive(Debug)]
pub(crate) struct Disk {
    /// Holds the file and the mount point.
    folder: TempDir,
    python: PathBuf,
}

impl Place {
    pub(crate) fn data(&self) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.path().to_owned(),
            Self::Disk(disk) => disk.data(),
        }
    }

    /// To be called when a server was killed: on a disk, the power goes with it and comes back.
    pub(crate) fn lose_power(&self) {
        if let Self::Disk(disk) = self {
            disk.cut();
        }
    }
}

impl Disk {
    /// Makes and mounts one; says so and gives nothing where that can't be.
    pub(crate) fn mount() -> Option<Self> {
        let python = python_with("fcntl")?;
        let disk = Self { folder: tempfile::tempdir().unwrap(), python };
        let image = OpenOptions::new().write(true).create_new(true).open(disk.image()).unwrap();
        image.set_len(SIZE).unwrap();
        std::fs::create_dir(disk.root()).unwrap();
        if done(Command::new("mke2fs").args(["-q", "-t", "ext4"]).arg(disk.image())) && disk.attach() {
            return Some(disk);
        }
        println!(
            "skipped: there is no mke2fs or mounting is not permitted, so there is no disk to cut the power of"
        );
        None
    }

    fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    fn cut(&self) {
        assert!(done(Command::new(&self.python).args(["-c", CUT]).arg(self.root())), "the power stays on");
        assert!(done(Command::new("umount").arg(self.root())), "something uses the disk");
        assert!(self.attach(), "the disk is not sound");
        // As after a start of the machine: what was noted, where that came to the disk, is the number of another.
        let note = self.data().join("lock");
        if std::fs::read(&note).is_ok_and(|noted| !noted.is_empty()) {
            std::fs::write(&note, "an earlier start").unwrap();
        }
    }

    /// The journal is written when somebody syncs, and else not for as long as a test takes.
    fn attach(&self) -> bool {
        let mut mount = Command::new("mount");
        done(mount.args(["-t", "ext4", "-o", "loop,commit=900"]).arg(self.image()).arg(self.root()))
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.root()).stderr(Stdio::null()).status().ok();
    }
}

fn done(command: &mut Command) -> bool {
    command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[test]
fn the_disk_of_these_tests_forgets_what_was_not_synced() {
    let Some(disk) = Disk::mount() else { return };
    let write = |name: &str| {
        let path = disk.root().join(name);
        std::fs::write(&path, name).unwrap();
        path
    };
    let kept = write("kept");
    std::fs::File::open(&kept).unwrap().sync_all().unwrap();
    let lost = write("lost");
    disk.cut();
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "kept");
    assert!(!lost.exists());
}

/// The last may be gone, but it starts, and what is there makes sense.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_power_does_no_harm_at_process_crash() {
    let Some(disk) = Disk::mount() else { return };
    for round in 0..8 {
        let process = start(&disk.data(), Level::ProcessCrash);
        let queue = Queue::create(process.address, "q", json!({})).await;
        let shelf = send(process.address, Request::put("/shelf"), "").await.unwrap();
        assert!([200, 409].contains(&shelf.status), "{}", shelf.text());
        for number in 0..40 {
            queue.send(&"x".repeat(1 + 100 * number)).await.unwrap();
            let key = format!("/shelf/{round}-{number}");
            send(process.address, Request::put(key), vec![7; 1000 * number]).await.unwrap();
            // Some of it reaches the disk, as it does by and by.
            if number == 10 {
                assert!(done(Command::new("sync").arg("-f").arg(disk.root())));
            }
        }
        process.kill();
        disk.cut();
        assert_eq!(integrity(&disk.data()), "ok");
    }
}

fn integrity(data: &Path) -> String {
    let db = Connection::open(data.join("cloud.db")).unwrap();
    db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}
