//! Logs of SQLite's own, changed and cut off everywhere.

use std::io::Cursor;

use super::*;

const FRAME: usize = FRAME_HEADER + 4096;

/// A log with some transactions of one frame, and in the end one of several.
fn log() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cloud.db");
    let db = Connection::open(&file).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.execute_batch("CREATE TABLE t (x)").unwrap();
    for _ in 0..6 {
        db.execute("INSERT INTO t VALUES (randomblob(3000))", []).unwrap();
    }
    db.execute("INSERT INTO t VALUES (randomblob(16000))", []).unwrap();
    std::fs::read(file.with_extension("db-wal")).unwrap()
}

/// As far as SQLite would read: to the last commit before the first frame that is not right.
fn right(log: &[u8]) -> u64 {
    let (mut cursor, mut right) = (Cursor::new(log), 0);
    let Ok(Some(header)) = read(&mut cursor) else { return 0 };
    let Some(format) = Format::read(&header) else { return 0 };
    let mut sum = format.sum;
    for number in 1.. {
        let Ok(Some(frame)) = format.frame(&mut cursor) else { break };
        sum = format.sum_of(sum, &frame);
        if frame.salts != format.salts || frame.said != sum {
            break;
        }
        if frame.commits {
            right = number;
        }
    }
    right
}

fn fault_in(log: &[u8]) -> Option<Fault> {
    fault(&mut Cursor::new(log), right(log)).unwrap()
}

fn with_changed(log: &[u8], at: usize) -> Vec<u8> {
    let mut changed = log.to_vec();
    changed[at] ^= 0x10;
    changed
}

/// The number of the frame at a byte, from 1.
fn number(at: usize) -> u64 {
    u64::try_from((at - HEADER) / FRAME + 1).unwrap()
}

#[test]
fn a_sound_log_and_one_that_was_cut_off_anywhere_are_fine() {
    let log = log();
    for length in (0..log.len()).step_by(97).chain([log.len()]) {
        assert_eq!(fault_in(&log[..length]), None, "{length}");
    }
    assert_eq!(fault_in(&[0; 8192]), None);
}

#[test]
fn one_changed_bit_is_found_wherever_frames_follow_it() {
    let log = log();
    for at in 0..HEADER {
        assert_eq!(fault_in(&with_changed(&log, at)), Some(Fault::Header), "{at}");
    }
    for at in (HEADER..log.len() - FRAME).step_by(13) {
        let found = fault_in(&with_changed(&log, at));
        assert!(matches!(found, Some(Fault::Frame(frame, _)) if frame == number(at)), "{at}: {found:?}");
    }
}

#[test]
fn a_block_of_a_disk_is_found_though_it_spoils_two_frames() {
    let log = log();
    let mut changed = log.clone();
    changed[HEADER + FRAME * 3 - 2048..][..4096].fill(0);
    assert_eq!(fault_in(&changed), Some(Fault::Frame(3, Behind::Another)));
}

#[test]
fn a_transaction_the_disk_took_in_part_is_told_from_one_that_others_follow() {
    let log = log();
    let frames = (log.len() - HEADER) / FRAME;
    let torn = with_changed(&log, HEADER + FRAME * (frames - 3) + 100);
    let Some(Fault::Frame(_, behind)) = fault_in(&torn) else { panic!("nothing found") };
    assert_eq!(behind, Behind::TheSame);
    for (past, durability, may_be) in [
        (Past::SameMachine, Durability::ProcessCrash, false),
        (Past::SameMachine, Durability::PowerLoss, false),
        (Past::Restarted, Durability::ProcessCrash, true),
        (Past::Restarted, Durability::PowerLoss, true),
    ] {
        assert_eq!(may_be_power(past, durability, behind), may_be, "{past:?} {durability:?}");
    }
    let damaged = with_changed(&log, HEADER + FRAME * 3 + 100);
    let Some(Fault::Frame(_, behind)) = fault_in(&damaged) else { panic!("nothing found") };
    assert!(!may_be_power(Past::Restarted, Durability::PowerLoss, behind));
    assert!(may_be_power(Past::Restarted, Durability::ProcessCrash, behind));
}

#[test]
fn an_end_that_a_crash_tore_is_the_end() {
    let log = log();
    for at in (log.len() - FRAME..log.len()).step_by(13) {
        assert_eq!(fault_in(&with_changed(&log, at)), None, "{at}");
    }
    // The old frames of a log that has begun anew carry other salts.
    let mut older = log.clone();
    let second = HEADER + FRAME;
    for frame in older[second..].chunks_mut(FRAME) {
        frame[8] ^= 1;
    }
    assert_eq!(fault_in(&older), None);
}

/// What a kill leaves of a transaction that did not fit into memory, with the beginning written over by the next one.
#[test]
fn what_is_left_of_a_transaction_that_was_cut_off_is_no_damage() {
    let (folder, later) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = folder.path().join("cloud.db");
    let db = Connection::open(&file).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.execute_batch("CREATE TABLE t (x); PRAGMA cache_size = 2; BEGIN").unwrap();
    for _ in 0..20 {
        db.execute("INSERT INTO t VALUES (randomblob(16000))", []).unwrap();
    }
    for name in ["cloud.db", "cloud.db-wal"] {
        std::fs::copy(folder.path().join(name), later.path().join(name)).unwrap();
    }
    let file = later.path().join("cloud.db");
    let db = Connection::open(&file).unwrap();
    let cut_off = std::fs::read(file.with_extension("db-wal")).unwrap();
    assert_eq!(fault_in(&cut_off), None);
    db.execute("INSERT INTO t VALUES (1)", []).unwrap();
    let written_over = std::fs::read(file.with_extension("db-wal")).unwrap();
    assert_eq!(written_over.len(), cut_off.len());
    assert!(right(&written_over) > right(&cut_off));
    assert_eq!(fault_in(&written_over), None);
}

/// A log that counts what is read of it.
struct Counted<'a>(Cursor<&'a [u8]>, usize);

impl Read for Counted<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(bytes)?;
        self.1 += read;
        Ok(read)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn of_a_sound_log_only_the_last_frame_is_read() {
    let log = log();
    let mut counted = Counted(Cursor::new(&log), 0);
    assert_eq!(fault(&mut counted, right(&log)).unwrap(), None);
    assert_eq!(counted.1, HEADER + FRAME);
}
