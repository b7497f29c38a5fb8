//! `depends_on`: known services, conditions that can come true, no cycle.

use std::collections::BTreeMap;

use super::Scene;
use crate::problem::{Findings, TextRange};
use crate::system::Condition;
use crate::written::Service;
use crate::written::service::{Dependencies, TypeWord};

/// Service → what it waits for.
type Graph<'a> = BTreeMap<&'a str, Vec<(&'a str, TextRange)>>;

/// Checks what services wait for.
pub(super) fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let mut graph = Graph::new();
    for (name, item) in scene.services().iter() {
        let Some(dependencies) = &item.at.depends_on else { continue };
        let Dependencies(pairs) = &dependencies.value;
        let edges = graph.entry(name).or_default();
        for (on, condition) in pairs {
            let subject = format!("service `{name}` depends on");
            if let Some(other) = scene.service(&on.value, on.range, &subject, findings) {
                possible(&on.value, &other.at, *condition, on.range, findings);
                edges.push((on.value.as_str(), on.range));
            }
        }
    }
    cycles(&graph, findings);
}

/// Whether the condition can come true.
fn possible(name: &str, other: &Service, condition: Condition, range: TextRange, findings: &mut Findings) {
    let kind = *other.r#type;
    match condition {
        Condition::Healthy if kind != TypeWord::Web => {
            findings
                .error(
                    range,
                    format!("`{name}` never becomes healthy: only a web service has a health check"),
                )
                .hint(format!("wait for `{name}: started`"));
        }
        Condition::Completed if kind != TypeWord::Job => {
            findings
                .error(range, format!("`{name}` never completes: only a job runs to its end"))
                .hint(format!("wait for `{name}: started`"));
        }
        _ => {}
    }
}

/// Says each cycle once, at the first of its services.
fn cycles(graph: &Graph<'_>, findings: &mut Findings) {
    let mut done: Vec<&str> = Vec::new();
    for start in graph.keys() {
        let mut trail = vec![(*start, TextRange::default())];
        walk(graph, &mut trail, &mut done, findings);
    }
}

/// Goes along every edge once, depth first, without recursion on the length of the chain.
fn walk<'a>(
    graph: &Graph<'a>,
    trail: &mut Vec<(&'a str, TextRange)>,
    done: &mut Vec<&'a str>,
    findings: &mut Findings,
) {
    let mut next: Vec<usize> = vec![0];
    while let (Some((name, _)), Some(at)) = (trail.last().copied(), next.last_mut()) {
        let edge = if done.contains(&name) { None } else { graph.get(name).and_then(|edges| edges.get(*at)) };
        *at += 1;
        let Some((to, range)) = edge.copied() else {
            if !done.contains(&name) {
                done.push(name);
            }
            trail.pop();
            next.pop();
            continue;
        };
        match trail.iter().position(|(name, _)| *name == to) {
            Some(from) => say(trail.get(from..).unwrap_or_default(), to, range, findings),
            None => {
                trail.push((to, range));
                next.push(0);
            }
        }
    }
}

fn say(cycle: &[(&str, TextRange)], back: &str, range: TextRange, findings: &mut Findings) {
    if cycle.len() == 1 {
        findings.error(range, format!("service `{back}` depends on itself")).hint("remove the line");
        return;
    }
    let names: Vec<String> = cycle.iter().map(|(name, _)| format!("`{name}`")).collect();
    findings
        .error(range, format!("services wait for each other: {} → `{back}`", names.join(" → ")))
        .hint("remove one of these dependencies; a service can also retry until the other is there");
}
