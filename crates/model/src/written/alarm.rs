//! Conditions that roll a release back or call somebody.

use crate::language::{At, Lasting, Name, Number, shape, words};
use crate::system::Metric;

shape! {
    /// A condition on a metric that holds for some time.
    Alarm, "alarm";
    /// The service that is measured.
    service: Option<At<Name>> => "api";
    /// The resource that is measured.
    resource: Option<At<Name>> => "orders";
    /// What is measured.
    metric: At<Metric> => "http_5xx_percentage";
    /// Bad above this. One of `above` and `below`.
    above: Option<At<Number>> => "1";
    /// Bad below this.
    below: Option<At<Number>> => "2";
    /// How long it must hold.
    r#for: At<Lasting<10_000, 86_400_000>> = "5m" => "3m";
}

words! { Metric, "metric";
    "http_5xx_percentage" => Self::Http5xxPercentage, "Share of answers that are 5xx, percent.";
    "http_4xx_percentage" => Self::Http4xxPercentage, "Share of answers that are 4xx, percent.";
    "latency_p99" => Self::LatencyP99, "99th percentile of the response time, milliseconds.";
    "latency_p50" => Self::LatencyP50, "Median of the response time, milliseconds.";
    "requests" => Self::Requests, "Requests per minute.";
    "cpu_percentage" => Self::CpuPercentage, "Average processor use of a service or database, percent.";
    "memory_percentage" => Self::MemoryPercentage, "Average memory use of a service, percent.";
    "healthy_replicas" => Self::HealthyReplicas, "Healthy replicas of a web service.";
    "restarts" => Self::Restarts, "Restarts within the period.";
    "queue_depth" => Self::QueueDepth, "Messages that wait in a queue.";
    "queue_age" => Self::QueueAge, "Age of the oldest message of a queue, seconds.";
    "dead_letters" => Self::DeadLetters, "Messages in a queue's dead-letter queue.";
    "free_storage" => Self::FreeStorage, "Free disk of a database, MiB.";
}
