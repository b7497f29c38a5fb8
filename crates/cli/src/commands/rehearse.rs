//! `taxiway rehearse`: what would happen, before it happens to anybody.

use crate::arguments::Rehearse;
use crate::report::Failure;

mod infra;

pub(crate) fn run(verb: &Rehearse) -> Result<(), Failure> {
    match verb {
        Rehearse::Infra(arguments) => infra::run(arguments),
    }
}
