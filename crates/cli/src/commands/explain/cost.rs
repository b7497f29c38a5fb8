//! `taxiway explain cost`: what the system costs on AWS in a month, by approximate prices.

use model::System;
use targets::{Amount, Estimate, Line};

use crate::arguments::{Cost, Traffic};
use crate::display::table::Table;
use crate::environment;
use crate::manifest::{LOCAL, Source};
use crate::report::{self, Failure};

pub(super) fn run(arguments: &Cost) -> Result<(), Failure> {
    let system = system(arguments)?;
    let estimate = targets::cost(&system);
    if arguments.json {
        return report::json(&estimate);
    }
    report::line(format_args!("{}\n", heading(&system, &estimate)));
    report::line(table(&estimate, arguments.traffic));
    report::line("");
    for assumption in &estimate.assumptions {
        if shows(arguments.traffic, assumption.name) {
            report::line(assumed(assumption));
        }
    }
    report::line("Not in it: taxes, free tiers, discounts, and what people look at and keep by hand.");
    Ok(())
}

fn system(arguments: &Cost) -> Result<System, Failure> {
    let source = Source::open(&arguments.project.dir)?;
    let manifest = source.manifest(&environment::variables())?;
    let names: Vec<&str> = manifest.environments().filter(|name| *name != LOCAL).collect();
    if arguments.env.is_none() && !names.is_empty() {
        let names = names.join(", ");
        return Err(Failure::Sentence(format!(
            "{} has several environments, and each costs its own; name one of {names} with --env",
            source.file
        )));
    }
    model::resolve(&manifest, arguments.env.as_deref()).map_err(|problems| source.failure(&problems))
}

fn heading(system: &System, estimate: &Estimate) -> String {
    let environment = system.environment.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
    let Estimate { as_of, region, priced_in, .. } = estimate;
    let prices = if region == priced_in {
        format!("approximate prices of about {as_of} in {region}")
    } else {
        format!("approximate prices of about {as_of} in {priced_in}, since the table has none of {region}")
    };
    format!("An estimate of {}{environment} on AWS, US dollars a month: {prices}.", system.name)
}

fn table(estimate: &Estimate, traffic: Option<Traffic>) -> Table {
    let mut table = Table::new(["RESOURCE", "WHAT", "PRICE", "UNIT", "QUANTITY", "MONTH"]);
    let quantities = column(estimate.lines.iter().map(|line| shown(line.quantity, traffic)), "QUANTITY");
    let months = estimate.lines.iter().map(|line| month(line, traffic));
    let months = column(months.chain([shown(estimate.total, traffic)]), "MONTH");
    let prices = column(estimate.lines.iter().map(price), "PRICE");
    for (number, line) in estimate.lines.iter().enumerate() {
        let cell = |of: &[String]| of.get(number).cloned().unwrap_or_default();
        table.row([
            &line.resource,
            &line.what,
            &cell(&prices),
            line.unit,
            &cell(&quantities),
            &cell(&months),
        ]);
    }
    let total = months.last().map(String::as_str).unwrap_or_default();
    table.row(["total", "", "", "", "", total]);
    table
}

/// Cells as wide as the widest of them, numbers to the right.
fn column(cells: impl Iterator<Item = String>, heading: &str) -> Vec<String> {
    let cells: Vec<String> = cells.collect();
    let width = cells.iter().map(String::len).max().unwrap_or(0).max(heading.len());
    cells.into_iter().map(|cell| format!("{cell:>width$}")).collect()
}

fn price(line: &Line) -> String {
    line.price.map_or_else(String::new, |price| format!("{price:.6}"))
}

fn month(line: &Line, traffic: Option<Traffic>) -> String {
    line.month.map_or_else(|| "not in the table".to_owned(), |month| shown(month, traffic))
}

fn shown(amount: Amount, traffic: Option<Traffic>) -> String {
    match traffic {
        Some(Traffic::Low) => format!("{:.2}", amount.low),
        Some(Traffic::High) => format!("{:.2}", amount.high),
        None => format!("{:.2} {:>9}", amount.low, format!("{:.2}", amount.high)),
    }
}

fn shows(traffic: Option<Traffic>, name: &str) -> bool {
    match traffic {
        None => true,
        Some(Traffic::Low) => name == "low",
        Some(Traffic::High) => name == "high",
    }
}

fn assumed(traffic: &targets::Traffic) -> String {
    let targets::Traffic { name, million_requests, out_gb, million_messages, log_gb, .. } = traffic;
    let targets::Traffic { stored_gb, thousand_puts, database_gb, million_io, .. } = traffic;
    let replicas = if *name == "low" { "fewest" } else { "most" };
    format!(
        "{name:<4}  a month: {million_requests} million requests, {out_gb} GB out, every service at its {replicas} replicas; each queue \
         {million_messages} million messages, each service {log_gb} GB of logs, each bucket {stored_gb} GB and {thousand_puts} \
         thousand changes, each cluster database {database_gb} GB and {million_io} million I/O"
    )
}
