//! One connection's share: its kind of work, again and again.

use std::rc::Rc;
use std::time::Instant;

use crate::call::Call;
use crate::connection::Connection;
use crate::cycle::Cycle;
use crate::failure::Failure;
use crate::fill::Fill;
use crate::object::{Get, List, Put};
use crate::plan::{Plan, Work};
use crate::tally::Tally;

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// Until the time is over.
    More,
    /// It was all; this time nothing was done.
    Nothing,
}

/// One kind of work on one connection.
pub(crate) trait Client {
    /// Does it once.
    async fn once(&mut self, connection: &mut Connection, tally: &mut Tally) -> Result<Left, Failure>;
}

/// Works on a connection of its own until the plan's time or the work is over.
pub(crate) async fn repeat(plan: Rc<Plan>, number: u16, started: Instant) -> Result<Tally, Failure> {
    match &plan.work {
        Work::Queue(load) => turn(&plan, Cycle::new(load, number), started).await,
        Work::Fill(load, left) => turn(&plan, Fill::new(load, Rc::clone(left)), started).await,
        Work::Put(load) => turn(&plan, Put::new(load, number), started).await,
        Work::Get(load) => turn(&plan, Get(load), started).await,
        Work::List(load) => turn(&plan, List(load), started).await,
        Work::Call(load) => turn(&plan, Call(load), started).await,
    }
}

async fn turn(plan: &Plan, mut client: impl Client, started: Instant) -> Result<Tally, Failure> {
    let mut connection = Connection::new(plan.address, plan.work.service());
    let mut tally = Tally::default();
    while plan.duration.is_none_or(|duration| started.elapsed() < duration) {
        let begun = Instant::now();
        if client.once(&mut connection, &mut tally).await? == Left::Nothing {
            break;
        }
        tally.cycle(begun.elapsed());
    }
    Ok(tally)
}
