//! `taxiway queue redrive`: moves dead letters back, and shows how far that is.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::{Listed, find, list, messages, split};
use crate::arguments::queue::Redrive;
use crate::reach::{self, Client};
use crate::report::{self, Failure};

/// From one look at the move to the next.
const LOOK: Duration = Duration::from_millis(100);

/// How far a move is.
#[derive(Debug)]
struct Move {
    status: String,
    moved: u64,
    total: u64,
    reason: Option<String>,
}

pub(super) async fn run(arguments: &Redrive) -> Result<(), Failure> {
    let (dir, words) = split(&arguments.words);
    let [name] = words else {
        return Err(Failure::Sentence("name one queue: `taxiway queue redrive orders-dlq`".to_owned()));
    };
    let client = reach::find(dir, &arguments.reach).await?;
    let letters = dead_letters(&client, find(&client, name).await?).await?;
    let to = match &arguments.to {
        Some(name) => Some(find(&client, name).await?),
        None => None,
    };
    if letters.messages() == 0 {
        return ended(
            arguments,
            &letters,
            &Move { status: "COMPLETED".to_owned(), moved: 0, total: 0, reason: None },
        );
    }
    let mut input = json!({ "SourceArn": letters.arn });
    for (field, value) in [
        ("DestinationArn", to.map(|queue| json!(queue.arn))),
        ("MaxNumberOfMessagesPerSecond", arguments.rate.map(|rate| json!(rate))),
    ] {
        if let (Some(fields), Some(value)) = (input.as_object_mut(), value) {
            fields.insert(field.to_owned(), value);
        }
    }
    client.ask("AmazonSQS.StartMessageMoveTask", &input).await?;
    let end = watch(&client, &letters).await?;
    ended(arguments, &letters, &end)
}

/// The queue itself where others send their dead letters to it, else the one its own go to.
async fn dead_letters(client: &Client, queue: Listed) -> Result<Listed, Failure> {
    let queues = list(client).await?;
    let is_target = queues.iter().any(|other| other.dead_letter_queue.as_ref() == Some(&queue.name));
    let own = queue.dead_letter_queue.as_ref().filter(|_| !is_target);
    match own.and_then(|name| queues.iter().find(|other| other.name == *name)) {
        Some(letters) => Ok(letters.clone()),
        None if is_target => Ok(queue),
        None => Err(Failure::Sentence(format!(
            "`{}` is no queue's dead-letter queue and has none itself, so nothing in it can be moved back",
            queue.name
        ))),
    }
}

async fn watch(client: &Client, letters: &Listed) -> Result<Move, Failure> {
    let bar = ProgressBar::with_draw_target(Some(letters.messages()), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("moving {bar:30} {pos} of {len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    loop {
        let seen = look(client, letters).await?;
        bar.set_length(seen.total);
        bar.set_position(seen.moved);
        if !matches!(seen.status.as_str(), "RUNNING" | "CANCELLING") {
            bar.finish_and_clear();
            return Ok(seen);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The latest move out of the queue.
async fn look(client: &Client, letters: &Listed) -> Result<Move, Failure> {
    let input = json!({ "SourceArn": letters.arn, "MaxResults": 1 });
    let answer = client.ask("AmazonSQS.ListMessageMoveTasks", &input).await?;
    let task = answer.pointer("/Results/0").cloned().unwrap_or_default();
    let text = |name: &str| task.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| task.get(name).and_then(Value::as_u64);
    Ok(Move {
        status: text("Status").unwrap_or_else(|| "COMPLETED".to_owned()),
        moved: number("ApproximateNumberOfMessagesMoved").unwrap_or_default(),
        total: number("ApproximateNumberOfMessagesToMove").unwrap_or_default(),
        reason: text("FailureReason"),
    })
}

fn ended(arguments: &Redrive, letters: &Listed, end: &Move) -> Result<(), Failure> {
    let (queue, moved) = (&letters.name, end.moved);
    if arguments.reach.json {
        let total = end.total;
        report::json(&json!({ "queue": queue, "status": end.status, "moved": moved, "total": total }))?;
    }
    if end.status != "COMPLETED" {
        let reason = end.reason.clone().unwrap_or_else(|| end.status.to_lowercase());
        let sentence =
            format!("{moved} of {} moved out of {queue}, then it ended: {reason}", messages(end.total));
        return Err(Failure::Sentence(sentence));
    }
    if !arguments.reach.json {
        match moved {
            0 => report::line(format_args!("{queue} is empty; there is nothing to move")),
            _ => report::done(format_args!("moved {} out of {queue}", messages(moved))),
        }
    }
    Ok(())
}
