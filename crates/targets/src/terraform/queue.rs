//! Queues and their dead-letter queues.

use model::system::{Queue, Span};

use super::Place;
use super::hcl::{Body, Expression};
use super::names::identifier;

const FILE: &str = "queues.tf";

pub(super) fn compose(place: &mut Place<'_>, name: &str, queue: &Queue) {
    let mut settings = Body::new();
    settings.set("name", place.names.of(name)).set("fifo", queue.fifo);
    settings
        .set("retention_seconds", seconds(queue.retention))
        .set("visibility_timeout_seconds", seconds(queue.visibility))
        .set("delay_seconds", seconds(queue.delay))
        .set("wait_seconds", seconds(queue.wait));
    settings.set_some(
        "dead_letter",
        queue.dead_letter.map(|dead| {
            Expression::object([
                ("tries", Expression::from(dead.tries)),
                ("retention_seconds", seconds(dead.retention)),
            ])
        }),
    );
    let module = format!("queue_{}", identifier(name));
    place.data.module(FILE, &module, "queue", settings);
    let told = Expression::reference(format!("module.{module}.url"));
    place.data.output(&format!("{module}_url"), &format!("The queue {name}."), told);
    let physical = physical(&place.names.of(name), queue);
    let arn = format!("arn:aws:sqs:{}:123456789012:{physical}", place.system.aws.region);
    let url = format!("https://sqs.{}.amazonaws.com/123456789012/{physical}", place.system.aws.region);
    place.exports.text(&["queues", name, "url"], format!("module.{module}.url"), url);
    place.exports.text(&["queues", name, "arn"], format!("module.{module}.arn"), arn);
    place.exports.text(&["queues", name, "name"], format!("module.{module}.name"), physical.as_str());
    if queue.dead_letter.is_some() {
        place.exports.text(
            &["queues", name, "dead_letter_name"],
            format!("module.{module}.dead_letter_name"),
            self::physical(&format!("{}-dlq", place.names.of(name)), queue),
        );
    }
}

fn physical(name: &str, queue: &Queue) -> String {
    if queue.fifo { format!("{name}.fifo") } else { name.to_owned() }
}

pub(super) fn seconds(span: Span) -> Expression {
    Expression::Number(span.as_secs_f64())
}
