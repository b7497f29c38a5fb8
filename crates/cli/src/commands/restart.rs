//! `taxiway restart`: replaces a service's replicas one after another.

use tokio::sync::mpsc;

use crate::arguments::Restart;
use crate::display::plain;
use crate::report::{self, Failure};
use crate::runtime;

/// Events that may wait to be shown.
const WAITING: usize = 256;

pub(crate) fn run(arguments: &Restart) -> Result<(), Failure> {
    let (dir, services) = arguments.services.split();
    if services.is_empty() {
        return Err(Failure::Sentence("name the services to restart; `taxiway ps` lists them".to_owned()));
    }
    runtime::block_on(async {
        for service in services {
            let (sender, mut events) = mpsc::channel(WAITING);
            let restart = local::client::restart(&dir, service, sender);
            let show = async {
                while let Some(event) = events.recv().await {
                    plain::print(&event);
                }
            };
            let (outcome, ()) = tokio::join!(restart, show);
            outcome.map_err(Failure::from_error)?;
            report::done(format_args!("{service} is restarted"));
        }
        Ok(())
    })?
}
