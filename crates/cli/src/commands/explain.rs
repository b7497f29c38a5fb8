//! `taxiway explain`: what a field of the manifest is for, and what the system costs.

use crate::arguments::{Explain, Whole};
use crate::report::{self, Failure};

mod cost;

pub(crate) fn run(arguments: &Explain) -> Result<(), Failure> {
    if let Some(Whole::Cost(arguments)) = &arguments.whole {
        return cost::run(arguments);
    }
    let explanation = model::explain(&arguments.field).map_err(Failure::from_error)?;
    if arguments.json {
        return report::json(&explanation);
    }
    report::line(explanation);
    Ok(())
}
