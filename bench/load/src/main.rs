//! Loads an AWS-compatible server over HTTP: each connection does one kind of work again and again, and every answer
//! is looked at.
//! One thread, so that it takes at most one core from the server; the same program drives every server.

mod answer;
mod call;
mod connection;
mod cycle;
mod failure;
mod fill;
mod object;
mod plan;
mod tally;
mod work;

use std::io::Write;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

use tokio::task::LocalSet;

use crate::failure::Failure;
use crate::plan::Plan;
use crate::tally::Tally;

fn main() -> ExitCode {
    match Plan::read(std::env::args().skip(1))
        .map_err(|error| error.to_string())
        .and_then(|plan| measure(plan).map_err(|error| error.to_string()))
    {
        Ok(report) => print(&report),
        Err(sentence) => {
            let _ = writeln!(std::io::stderr(), "{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn measure(plan: Plan) -> Result<serde_json::Value, Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::Runtime)?;
    LocalSet::new().block_on(&runtime, run(Rc::new(plan)))
}

/// All connections at once, until the time or the work is over and each has ended what it began.
async fn run(plan: Rc<Plan>) -> Result<serde_json::Value, Failure> {
    let started = Instant::now();
    let clients: Vec<_> = (0..plan.connections)
        .map(|number| tokio::task::spawn_local(work::repeat(Rc::clone(&plan), number, started)))
        .collect();
    let mut tally = Tally::default();
    for client in clients {
        tally.add(client.await.map_err(|_| Failure::Lost)??);
    }
    Ok(tally.report(started.elapsed()))
}

fn print(report: &serde_json::Value) -> ExitCode {
    match writeln!(std::io::stdout(), "{report}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
