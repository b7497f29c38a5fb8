//! Commits, undoing, and files that are not what they should be.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Store, StoreError};
use crate::settings::{Data, Durability};

const LEVELS: [Durability; 2] = [Durability::ProcessCrash, Durability::PowerLoss];

fn open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(&Data::Directory(folder.to_owned()), Durability::ProcessCrash)
}

async fn count(store: &Store) -> i64 {
    let query = "SELECT count(*) FROM sqs_queue";
    store.read(move |db| Ok::<_, StoreError>(db.query_row(query, [], |row| row.get(0))?)).await.unwrap()
}

fn insert(db: &rusqlite::Connection, name: &str) -> Result<(), StoreError> {
    db.execute("INSERT INTO sqs_queue VALUES (NULL, ?1, '{}', '{}', 0, 0)", [name])?;
    Ok(())
}

#[tokio::test]
async fn a_job_that_fails_undoes_itself_alone() {
    for durability in LEVELS {
        half_of_the_jobs_fail(durability).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn jobs_from_many_threads_are_undone_one_by_one_too() {
    for durability in LEVELS {
        half_of_the_jobs_fail(durability).await;
    }
}

async fn half_of_the_jobs_fail(durability: Durability) {
    let store = Store::open(&Data::Ephemeral, durability).unwrap();
    let committed = Arc::new(AtomicU32::new(0));
    let mut jobs = Vec::new();
    for number in 0..50 {
        let (store, committed) = (store.clone(), Arc::clone(&committed));
        jobs.push(tokio::spawn(async move {
            let job = move |db: &rusqlite::Connection| {
                insert(db, &format!("q{number}"))?;
                if number % 2 == 0 { Ok(()) } else { Err(StoreError::Closed) }
            };
            let count = move |(): &()| {
                committed.fetch_add(1, Ordering::Relaxed);
            };
            store.write_then(job, count).await
        }));
    }
    for (number, job) in jobs.into_iter().enumerate() {
        assert_eq!(job.await.unwrap().is_ok(), number % 2 == 0);
    }
    assert_eq!((count(&store).await, committed.load(Ordering::Relaxed)), (25, 25));
    store.close().await;
}

#[tokio::test]
async fn a_job_runs_even_when_its_caller_has_gone() {
    let store = Store::open(&Data::Ephemeral, Durability::ProcessCrash).unwrap();
    for number in 0..20 {
        let job = store.write(move |db| insert(db, &format!("q{number}")));
        // Handed over at the first poll, and then let go.
        tokio::select! { biased; _ = job => {}, () = std::future::ready(()) => {} }
    }
    store.write(|db| insert(db, "last")).await.unwrap();
    assert_eq!(count(&store).await, 21);
    store.close().await;
}

#[tokio::test]
async fn a_job_that_panics_leaves_nothing_and_does_no_harm() {
    for durability in LEVELS {
        let store = Store::open(&Data::Ephemeral, durability).unwrap();
        let hopeless = store.clone();
        let job = |db: &rusqlite::Connection| -> Result<(), StoreError> {
            insert(db, "half done")?;
            panic!("as this test wants it");
        };
        let caller = tokio::spawn(async move { hopeless.write(job).await });
        assert!(!matches!(caller.await, Ok(Ok(()))));
        store.write(|db| insert(db, "next")).await.unwrap();
        assert_eq!(count(&store).await, 1);
        store.close().await;
    }
}

#[tokio::test]
async fn long_jobs_and_quick_ones_are_all_done_before_the_end() {
    let store = Store::open(&Data::Ephemeral, Durability::ProcessCrash).unwrap();
    let mut jobs = tokio::task::JoinSet::new();
    for number in 0..40 {
        let store = store.clone();
        let job = move |db: &rusqlite::Connection| insert(db, &format!("q{number}"));
        jobs.spawn(async move {
            if number % 2 == 0 { store.write(job).await } else { store.write_long(job, |()| ()).await }
        });
    }
    while let Some(job) = jobs.join_next().await {
        job.unwrap().unwrap();
    }
    assert_eq!(count(&store).await, 40);
    store.close().await;
}

/// How often the log has begun anew, from its header (SQLite file format, section 4.1).
fn log_number(store: &Store) -> u32 {
    let mut header = [0; 16];
    let mut log = std::fs::File::open(store.file().with_extension("db-wal")).unwrap();
    log.read_exact(&mut header).unwrap();
    u32::from_be_bytes(header[12..].try_into().unwrap())
}

#[tokio::test]
async fn a_new_file_and_one_that_is_there_are_as_durable_as_they_have_to_be() {
    for (durability, synchronous) in [(Durability::ProcessCrash, 1), (Durability::PowerLoss, 2)] {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let store = Store::open(&Data::Directory(folder.path().to_owned()), durability).unwrap();
            let level = |db: &rusqlite::Connection| {
                Ok::<i64, StoreError>(db.pragma_query_value(None, "synchronous", |row| row.get(0))?)
            };
            assert_eq!(store.write(level).await, Ok(synchronous), "{durability:?}");
            store.close().await;
        }
    }
}

#[tokio::test]
async fn the_log_is_folded_in_and_begins_anew_while_others_write() {
    let store = Store::open(&Data::Ephemeral, Durability::ProcessCrash).unwrap();
    store.write(|db| insert(db, "q")).await.unwrap();
    let first = log_number(&store);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    // Other letters each time: what is not changed is not written.
    for letter in ["x", "y"].into_iter().cycle() {
        if log_number(&store) >= first + 2 {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "the log only grows");
        let tags = letter.repeat(1_000_000);
        let update = "UPDATE sqs_queue SET tags = ?1";
        store.write(move |db| Ok::<_, StoreError>(db.execute(update, [tags]).map(drop)?)).await.unwrap();
    }
    let longest = store.file().with_extension("db-wal").metadata().unwrap().len();
    assert!(longest < 160 << 20, "{longest} bytes of log");
    store.close().await;
}

#[tokio::test]
async fn a_closed_store_says_so_and_a_temporary_folder_is_gone() {
    let store = Store::open(&Data::Ephemeral, Durability::ProcessCrash).unwrap();
    let folder = store.path().to_owned();
    store.write(|db| insert(db, "q")).await.unwrap();
    store.close().await;
    assert_eq!(store.write(|db| insert(db, "r")).await, Err(StoreError::Closed));
    assert!(!folder.exists());
}

#[tokio::test]
async fn a_newer_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    store.write(|db| Ok::<_, StoreError>(db.pragma_update(None, "user_version", 999)?)).await.unwrap();
    store.close().await;
    drop(store);
    let refusal = open(folder.path()).unwrap_err();
    assert!(matches!(refusal, StoreError::Newer { found: 999, .. }), "{refusal}");
}

#[tokio::test]
async fn a_damaged_file_is_said_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    store.write(|db| insert(db, "q")).await.unwrap();
    let file = store.file();
    store.close().await;
    drop(store);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[100..4096].fill(0xAA);
    std::fs::write(&file, &bytes).unwrap();
    let refusal = open(folder.path()).unwrap_err();
    assert!(matches!(refusal, StoreError::Damaged { .. }), "{refusal}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
}

#[test]
fn a_folder_that_cannot_be_is_said() {
    let refusal = open(Path::new("/proc/none/data")).unwrap_err();
    assert!(
        refusal.to_string().starts_with("the data folder `/proc/none/data` can't be used: "),
        "{refusal}"
    );
}
