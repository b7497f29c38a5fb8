//! `taxiway queue peek`: the messages in front, which stay as they are.

use serde_json::{Value, json};

use super::message::Message;
use super::{find, split};
use crate::arguments::queue::Peek;
use crate::reach;
use crate::report::{self, Failure};

pub(super) async fn run(arguments: &Peek) -> Result<(), Failure> {
    let (dir, words) = split(&arguments.words);
    let [name] = words else {
        return Err(Failure::Sentence("name one queue: `taxiway queue peek orders`".to_owned()));
    };
    let client = reach::find(dir, &arguments.reach).await?;
    let queue = find(&client, name).await?;
    let path = format!("/_taxiway/queues/{}/messages?max={}", queue.name, arguments.max);
    let mut answer = client.get(&path).await?;
    let messages = answer.get_mut("messages").map(Value::take).unwrap_or_default();
    if arguments.reach.json {
        return report::json(&json!({ "queue": queue.name, "messages": messages }));
    }
    let messages: Vec<Message> = serde_json::from_value(messages).map_err(Failure::from_error)?;
    let total = queue.messages().max(messages.len() as u64);
    for message in &messages {
        report::line(format_args!("{message}\n"));
    }
    report::note(match (total, messages.len()) {
        (0, _) => format!("{} is empty", queue.name),
        (total, shown) => format!("{shown} of {total} in {}; nothing was received", queue.name),
    });
    Ok(())
}
