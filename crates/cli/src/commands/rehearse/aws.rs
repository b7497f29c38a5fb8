//! `taxiway rehearse aws`: the simulated AWS of the rehearsals, for a person's own tries.

use remote::simulator::{Simulator, python};
use serde::Serialize;

use crate::arguments::RehearseAws;
use crate::report::{self, Failure};
use crate::{environment, runtime, signals};

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Start<'a> {
    endpoint: &'a str,
}

pub(crate) fn run(arguments: &RehearseAws) -> Result<(), Failure> {
    let variables = environment::variables();
    let python = python(&variables).map_err(Failure::from_error)?;
    let folder = tempfile::tempdir().map_err(|error| {
        Failure::Sentence(format!("a temporary folder cannot be made: {error}; see TMPDIR"))
    })?;
    runtime::block_on(async {
        let alone = remote::alone(&variables);
        let started = Simulator::start(&python, folder.path(), &alone, arguments.port).await;
        let mut simulator = started.map_err(Failure::from_error)?;
        tell(arguments, simulator.endpoint())?;
        tokio::select! {
            () = signals::asked_to_end() => Ok(()),
            () = simulator.ended() => Err(Failure::Sentence(
                "the simulated AWS ended by itself; start it again".to_owned(),
            )),
        }
    })?
}

fn tell(arguments: &RehearseAws, endpoint: &str) -> Result<(), Failure> {
    if arguments.json {
        return report::json_line(&Start { endpoint });
    }
    report::done(format_args!("a simulated AWS listens on {endpoint}, and forgets everything at Ctrl-C"));
    Ok(())
}
