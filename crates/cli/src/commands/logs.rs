//! `taxiway logs`: what the services print.

use local::client::{LogLine, LogQuery};
use tokio::sync::mpsc;

use crate::arguments::Logs;
use crate::display::prefix::Prefix;
use crate::report::{self, Failure};
use crate::runtime;

/// Lines that may wait to be printed.
const WAITING: usize = 1024;

pub(crate) fn run(arguments: &Logs) -> Result<(), Failure> {
    let (dir, services) = arguments.services.split();
    let query = LogQuery { services: services.to_vec(), tail: arguments.tail, follow: arguments.follow };
    runtime::block_on(async {
        let (sender, lines) = mpsc::channel(WAITING);
        let (outcome, shown) =
            tokio::join!(local::client::logs(&dir, &query, sender), show(lines, arguments.json));
        outcome.map_err(Failure::from_error).and(shown)
    })?
}

async fn show(mut lines: mpsc::Receiver<LogLine>, json: bool) -> Result<(), Failure> {
    let mut prefix = Prefix::default();
    while let Some(line) = lines.recv().await {
        if json {
            report::json_line(&line)?;
        } else {
            report::line(format_args!("{}{}", prefix.of(&line.replica), line.text));
        }
    }
    Ok(())
}
