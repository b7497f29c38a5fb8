//! How many replicas, and what changes that.

use super::schedule::Schedule;
use crate::language::{At, Int, Lasting, List, shape};

shape! {
    /// How many replicas, and the targets that change it. The target that asks for most wins.
    Scale, "scale";
    /// Fewest replicas. 0 only where something can wake the service: `queue_delay`, `requests` or `schedule`.
    min: At<Int<0, 1000>> = "1" => "2";
    /// Most replicas.
    max: Option<At<Int<1, 1000>>> => "10", else "`min`, and at least 1";
    /// Target for the average share of the processor in use, percent.
    cpu_percentage: Option<At<Int<1, 100>>> => "70";
    /// Target for the average share of the memory in use, percent.
    memory_percentage: Option<At<Int<1, 100>>> => "80";
    /// Target for requests per replica and minute, as ALBRequestCountPerTarget counts them.
    requests: Option<At<Int<1, 1_000_000_000>>> => "1000";
    /// Target for the time a message waits in the queue that the service consumes.
    queue_delay: Option<At<QueueDelay>> => "{ acceptable_latency: 1m, msg_processing_time: 250ms }";
    /// New bounds by the clock.
    schedule: At<List<ScheduledScale>> = "[]" => "[{ at: \"0 8 * * 1-5\", min: 4 }]";
    /// How long after a change the next one must wait.
    cooldown: At<Cooldown> = "{}" => "{ in: 60s, out: 30s }";
}

shape! {
    /// How long messages may wait. Backlog per replica is the one divided by the other.
    QueueDelay, "queue delay";
    /// How long a message may wait.
    acceptable_latency: At<Lasting<100, 86_400_000>> => "1m";
    /// How long one replica works on one message.
    msg_processing_time: At<Lasting<1, 43_200_000>> => "250ms";
}

shape! {
    /// Waits after a change, by direction.
    Cooldown, "cooldown";
    /// After removing replicas.
    r#in: At<Lasting<0, 3_600_000>> = "120s" => "60s";
    /// After adding replicas.
    out: At<Lasting<0, 3_600_000>> = "60s" => "30s";
}

shape! {
    /// New bounds at a time.
    ScheduledScale, "scheduled change";
    /// When, in UTC.
    at: At<Schedule> => "\"0 8 * * 1-5\"";
    /// Fewest replicas from then on.
    min: Option<At<Int<0, 1000>>> => "4";
    /// Most replicas from then on.
    max: Option<At<Int<1, 1000>>> => "20";
}
