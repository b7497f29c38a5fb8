//! Who waits to be written, in order of arrival, and who does the writing at this moment.
//!
//! Whoever comes while nobody writes may do it on the spot, for itself and for all who come meanwhile: that spares
//! a lone caller the wait for another thread to wake up. Everything else is the writer thread's.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::StoreError;
use super::job::Job;

/// Jobs that share a commit at most.
const SHARED: usize = 256;

/// Jobs that may wait before a caller has to wait for a place in the line.
const PLACES: usize = 1024;

/// The jobs that wait.
pub(super) struct Line {
    state: Mutex<State>,
    places: Semaphore,
    /// Told when it is another thread's turn.
    turned: Condvar,
    callers: Callers,
}

#[derive(Default)]
struct State {
    quick: VecDeque<Job>,
    long: VecDeque<Job>,
    writing: Writing,
    pause: Wanted,
    /// Nobody can join any more.
    closed: bool,
    /// The thread has written the last job.
    ended: bool,
}

/// How long a job may take, which says where it may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Some hundred microseconds: also on a thread of the runtime.
    Quick,
    /// More: on the writer's thread only, and at most one in a commit.
    Long,
}

/// Whether those who bring a job may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callers {
    Write,
    /// A commit waits for the disk, and no thread of the runtime may.
    Wait,
}

/// Who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Writing {
    #[default]
    Nobody,
    /// One of the callers, and the quick jobs only.
    Caller,
    /// The writer's thread, until nothing waits.
    Thread,
    /// Nobody may, until the pause ends.
    Pause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Wanted {
    #[default]
    No,
    Yes,
}

/// What the caller of [`Line::join`] has to do.
pub(super) enum Turn<'a> {
    /// Nothing: somebody writes it.
    Wait,
    /// Write what waits.
    Write(Lead<'a>),
}

/// A caller's turn. When it ends, also by being dropped, the thread goes on with whatever is left.
pub(super) struct Lead<'a>(&'a Line);

/// A time in which nobody writes. It ends by being dropped.
pub(super) struct Pause<'a>(&'a Line);

impl Line {
    pub(super) fn new(callers: Callers) -> Self {
        Self { state: Mutex::default(), places: Semaphore::new(PLACES), turned: Condvar::new(), callers }
    }

    /// Takes a place in the line, as soon as there is one.
    pub(super) async fn join(&self, job: Job, pace: Pace) -> Result<Turn<'_>, StoreError> {
        self.places.acquire().await.map_err(|_| StoreError::Closed)?.forget();
        let mut state = self.state();
        if state.closed {
            return Err(StoreError::Closed);
        }
        state.push(job, pace);
        match state.writing {
            Writing::Caller | Writing::Thread | Writing::Pause => Ok(Turn::Wait),
            Writing::Nobody if self.callers == Callers::Write && pace == Pace::Quick => {
                state.writing = Writing::Caller;
                Ok(Turn::Write(Lead(self)))
            }
            Writing::Nobody => {
                self.hand_over(&mut state);
                Ok(Turn::Wait)
            }
        }
    }

    /// What the thread has to write next, once there is something; nothing when the line is closed and empty.
    pub(super) fn wait(&self) -> Option<Vec<Job>> {
        let mut state = self.state();
        loop {
            if state.writing == Writing::Thread {
                if state.pause == Wanted::No && !state.is_empty() {
                    let mut batch = state.take_quick();
                    batch.extend(state.long.pop_front());
                    self.places.add_permits(batch.len());
                    return Some(batch);
                }
                if state.pause == Wanted::No && state.closed {
                    state.ended = true;
                    return None;
                }
                self.pass_on(&mut state);
            }
            state = self.turn(state);
        }
    }

    /// Waits until nobody writes, and keeps it so. Nothing when the line has ended.
    pub(super) fn pause(&self) -> Option<Pause<'_>> {
        let mut state = self.state();
        match state.writing {
            Writing::Nobody => state.writing = Writing::Pause,
            _ => state.pause = Wanted::Yes,
        }
        while state.writing != Writing::Pause {
            if state.ended {
                return None;
            }
            state = self.turn(state);
        }
        Some(Pause(self))
    }

    /// Refuses all who come from now on; the thread ends when it has written those who wait.
    pub(super) fn close(&self) {
        self.places.close();
        let mut state = self.state();
        state.closed = true;
        if state.writing == Writing::Nobody {
            self.hand_over(&mut state);
        }
    }

    /// Ends a turn: a pause that is wanted comes first, then what waits.
    fn pass_on(&self, state: &mut State) {
        if state.pause == Wanted::Yes {
            state.pause = Wanted::No;
            state.writing = Writing::Pause;
            self.turned.notify_all();
        } else if state.is_empty() && !state.closed {
            state.writing = Writing::Nobody;
        } else {
            self.hand_over(state);
        }
    }

    fn hand_over(&self, state: &mut State) {
        state.writing = Writing::Thread;
        self.turned.notify_all();
    }

    fn turn<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.turned.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lead<'_> {
    /// The quick jobs that wait.
    pub(super) fn take(&self) -> Vec<Job> {
        let batch = self.0.state().take_quick();
        self.0.places.add_permits(batch.len());
        batch
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        self.0.pass_on(&mut self.0.state());
    }
}

impl Drop for Pause<'_> {
    fn drop(&mut self) {
        self.0.pass_on(&mut self.0.state());
    }
}

impl State {
    fn push(&mut self, job: Job, pace: Pace) {
        match pace {
            Pace::Quick => self.quick.push_back(job),
            Pace::Long => self.long.push_back(job),
        }
    }

    fn take_quick(&mut self) -> Vec<Job> {
        let count = self.quick.len().min(SHARED);
        self.quick.drain(..count).collect()
    }

    fn is_empty(&self) -> bool {
        self.quick.is_empty() && self.long.is_empty()
    }
}
