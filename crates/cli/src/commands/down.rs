//! `taxiway down`: stops what runs and ends what a crash left.

use local::Down;

use crate::arguments::Project;
use crate::report::{self, Failure};
use crate::runtime;

pub(crate) fn run(arguments: &Project) -> Result<(), Failure> {
    let folder = arguments.dir.display();
    match runtime::block_on(local::down(&arguments.dir))?.map_err(Failure::from_error)? {
        Down::Stopped => report::done(format_args!("{folder} is stopped")),
        Down::Orphans(count) => {
            report::done(format_args!("ended {count} processes that an earlier run left in {folder}"));
        }
        Down::Nothing => report::line(format_args!("nothing runs in {folder}")),
    }
    Ok(())
}
