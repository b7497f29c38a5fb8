//! `taxiway queue purge`: deletes every message, after a person has said so.

use serde_json::json;

use super::{find, messages, on, split};
use crate::arguments::queue::Purge;
use crate::reach;
use crate::report::{self, Failure};

pub(super) async fn run(arguments: &Purge) -> Result<(), Failure> {
    let (dir, words) = split(&arguments.words);
    let [name] = words else {
        return Err(Failure::Sentence("name one queue: `taxiway queue purge orders`".to_owned()));
    };
    let client = reach::find(dir, &arguments.reach).await?;
    let queue = find(&client, name).await?;
    let count = queue.messages();
    if !arguments.yes {
        let what = format!("This deletes {} of {} for good.", messages(count), queue.name);
        report::confirm(&what, &queue.name)?;
    }
    on(&client, &queue, "PurgeQueue", json!({})).await?;
    if arguments.reach.json {
        return report::json(&json!({ "queue": queue.name, "messages": count }));
    }
    report::done(format_args!("{} is empty; {} gone", queue.name, messages(count)));
    Ok(())
}
