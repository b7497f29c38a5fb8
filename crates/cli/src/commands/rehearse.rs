//! `taxiway rehearse`: what would happen, before it happens to anybody.

use crate::arguments::Rehearse;
use crate::report::Failure;

mod aws;
mod infra;

pub(crate) fn run(verb: &Rehearse) -> Result<(), Failure> {
    match verb {
        Rehearse::Infra(arguments) => infra::run(arguments),
        Rehearse::Aws(arguments) => aws::run(arguments),
    }
}
