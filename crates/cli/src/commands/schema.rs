//! `taxiway schema`: the manifest's JSON Schema.

use crate::report::{self, Failure};

pub(crate) fn run() -> Result<(), Failure> {
    report::json(&model::schema())
}
