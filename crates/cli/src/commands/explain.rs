//! `taxiway explain`: what a field of the manifest is for.

use crate::arguments::Explain;
use crate::report::{self, Failure};

pub(crate) fn run(arguments: &Explain) -> Result<(), Failure> {
    let explanation = model::explain(&arguments.field).map_err(Failure::from_error)?;
    if arguments.json {
        return report::json(&explanation);
    }
    report::line(explanation);
    Ok(())
}
