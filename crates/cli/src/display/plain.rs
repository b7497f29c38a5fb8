//! Events as sentences, a line each: for pipes, and for what happens after the start.

use local::Event;

use super::board::seconds;
use crate::report;

/// Prints an event, where it is one a person should read.
pub(crate) fn print(event: &Event) {
    if let Some(sentence) = sentence(event) {
        report::line(sentence);
    }
}

/// An event as a sentence, or `None` where it says nothing that another does not.
pub(crate) fn sentence(event: &Event) -> Option<String> {
    Some(match event {
        Event::OrphansEnded { processes } => format!("ended {processes} processes that an earlier run left"),
        Event::Note { message } => format!("note: {message}"),
        Event::Preparing { services, command } => format!("{}: {command}", services.join(", ")),
        Event::PreparingLine { line, .. } => format!("  {line}"),
        Event::Prepared { command, elapsed_ms } => {
            format!("{command}: done in {:.1} s", seconds(*elapsed_ms))
        }
        Event::CloudListening { url } => format!("cloud: listens on {url}"),
        Event::ResourceReady { resource, kind } => format!("{resource}: {kind} is ready"),
        Event::EdgeListening { service: None, url } => format!("edge: listens on {url}"),
        Event::EdgeListening { service: Some(service), url } => format!("{service}: reached through {url}"),
        Event::Ready { url, elapsed_ms } => ready(url.as_deref(), *elapsed_ms),
        Event::Failed { .. } => return None,
        Event::Stopping => "stopping; Ctrl-C again stops at once".to_owned(),
        Event::Stopped { elapsed_ms } => format!("stopped in {:.1} s", seconds(*elapsed_ms)),
        Event::JobStarted { service, attempt } => format!("{service}: run begins (try {attempt})"),
        Event::JobEnded { service, attempt, outcome } => {
            format!("{service}: run ended with {outcome} (try {attempt})")
        }
        _ => return replica(event),
    })
}

/// What is said when everything is healthy.
pub(crate) fn ready(url: Option<&str>, elapsed_ms: u64) -> String {
    let place = url.map(|url| format!(" on {url}")).unwrap_or_default();
    format!("ready{place} in {:.2} s", seconds(elapsed_ms))
}

fn replica(event: &Event) -> Option<String> {
    Some(match event {
        Event::Waiting { service, condition } => format!("{service}: waits for {condition}"),
        Event::ReplicaStarted { replica, pid, port, .. } => {
            let port = port.map(|port| format!(", port {port}")).unwrap_or_default();
            format!("{replica}: started, pid {pid}{port}")
        }
        Event::ReplicaReady { replica, elapsed_ms, .. } => {
            format!("{replica}: ready after {:.2} s", seconds(*elapsed_ms))
        }
        Event::ReplicaUnhealthy { replica, reason, .. } => format!("{replica}: unhealthy: {reason}"),
        Event::ReplicaExited { replica, outcome, restart_in_ms, .. } => match restart_in_ms {
            Some(wait) => format!("{replica}: ended with {outcome}; starts again in {:.1} s", seconds(*wait)),
            None => format!("{replica}: ended with {outcome}"),
        },
        Event::ReplicaStopped { replica, outcome, .. } => format!("{replica}: stopped ({outcome})"),
        Event::CrashLoop { service, replica, exits, outcome, log } => {
            let last = log.iter().map(|line| format!("\n  {line}")).collect::<String>();
            format!("{service}: {replica} ended {exits} times in a row, the last time with {outcome}{last}")
        }
        _ => return None,
    })
}
