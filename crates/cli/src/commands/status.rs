//! `taxiway status`: where everything is, for a person or a script.

use local::Status;

use crate::arguments::Printed;
use crate::display::table::Table;
use crate::report::{self, Failure};
use crate::{commands::ps, runtime};

pub(crate) fn run(arguments: &Printed) -> Result<(), Failure> {
    let status =
        runtime::block_on(local::client::status(&arguments.project.dir))?.map_err(Failure::from_error)?;
    if arguments.json {
        return report::json(&status);
    }
    places(&status);
    report::line("");
    report::line(ps::table(&status));
    if !status.resources.is_empty() {
        report::line("");
        report::line(resources(&status));
    }
    Ok(())
}

fn places(status: &Status) {
    let environment = status.environment.as_deref().map(|name| format!(" · {name}")).unwrap_or_default();
    report::line(format_args!("{}{environment} (pid {})", status.system, status.pid));
    for (what, url) in [("edge", &status.edge.url), ("cloud", &status.cloud.endpoint)] {
        if let Some(url) = url {
            report::line(format_args!("{what:<6} {url}"));
        }
    }
}

fn resources(status: &Status) -> Table {
    let mut table = Table::new(["RESOURCE", "TYPE", "VARIABLE", "VALUE"]);
    for (name, resource) in &status.resources {
        for (variable, value) in &resource.env {
            table.row([name, &resource.kind, variable, value]);
        }
    }
    table
}
