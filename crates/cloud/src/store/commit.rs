//! One transaction for all jobs that wait together, undone one by one or all at once.

use rusqlite::Connection;

use super::StoreError;
use super::job::{Changes, Job};

/// Runs the jobs in one transaction and answers their callers. After an error of the commit nothing of them is
/// left, and all are told so.
///
/// # Errors
/// What the commit failed with.
pub(super) fn commit(connection: &Connection, mut jobs: Vec<Job>) -> Result<(), StoreError> {
    let outcome = attempt(connection, &mut jobs);
    if let Err(error) = &outcome {
        tracing::warn!(%error, "a commit failed; nothing of it was kept");
        clear(connection);
    }
    for job in jobs {
        job.settle(outcome.clone());
    }
    outcome
}

fn attempt(connection: &Connection, jobs: &mut [Job]) -> Result<(), StoreError> {
    // A job that panicked may have left its transaction open.
    clear(connection);
    execute(connection, "BEGIN IMMEDIATE")?;
    let end = match jobs {
        [job] => run_alone(connection, job)?,
        jobs => run_together(connection, jobs)?,
    };
    execute(connection, end)
}

/// A job alone needs no savepoint: what undoes it undoes the transaction.
fn run_alone(connection: &Connection, job: &mut Job) -> Result<&'static str, StoreError> {
    let changes = job.run(connection);
    still_open(connection)?;
    Ok(match changes {
        Changes::Keep => "COMMIT",
        Changes::Undo => "ROLLBACK",
    })
}

fn run_together(connection: &Connection, jobs: &mut [Job]) -> Result<&'static str, StoreError> {
    for job in jobs {
        execute(connection, "SAVEPOINT job")?;
        let changes = job.run(connection);
        still_open(connection)?;
        if changes == Changes::Undo {
            execute(connection, "ROLLBACK TO job")?;
        }
        execute(connection, "RELEASE job")?;
    }
    Ok("COMMIT")
}

/// A full disk can take the whole transaction with it, and every job before this one.
fn still_open(connection: &Connection) -> Result<(), StoreError> {
    if connection.is_autocommit() { Err(StoreError::Full) } else { Ok(()) }
}

/// Ends a transaction that is still open. SQLite rolls back by itself after some failures.
fn clear(connection: &Connection) {
    if !connection.is_autocommit() {
        execute(connection, "ROLLBACK").ok();
    }
}

fn execute(connection: &Connection, statement: &str) -> Result<(), StoreError> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}
