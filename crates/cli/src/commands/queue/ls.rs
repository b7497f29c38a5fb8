//! `taxiway queue ls`: every queue in a line.

use serde_json::json;

use super::{Listed, list};
use crate::arguments::queue::Ls;
use crate::display::table::Table;
use crate::display::time::age;
use crate::reach;
use crate::report::{self, Failure};

pub(super) async fn run(arguments: &Ls) -> Result<(), Failure> {
    let client = reach::find(arguments.dir.as_deref(), &arguments.reach).await?;
    let queues = list(&client).await?;
    if arguments.reach.json {
        return report::json(&json!({ "endpoint": client.place.url, "queues": queues }));
    }
    if queues.is_empty() {
        report::line(format_args!("there is no queue at {}", client.place.url));
        return Ok(());
    }
    report::line(table(&queues));
    Ok(())
}

fn table(queues: &[Listed]) -> Table {
    let mut table = Table::new(["QUEUE", "VISIBLE", "IN FLIGHT", "DELAYED", "OLDEST", "DEAD LETTERS TO"]);
    for queue in queues {
        table.row([
            queue.name.clone(),
            queue.visible.to_string(),
            queue.in_flight.to_string(),
            queue.delayed.to_string(),
            queue.oldest_seconds.map_or_else(|| "-".to_owned(), age),
            queue.dead_letter_queue.clone().unwrap_or_else(|| "-".to_owned()),
        ]);
    }
    table
}
