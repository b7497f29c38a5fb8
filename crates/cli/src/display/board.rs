//! What a start looks like at one moment, as lines of text: a pure function of the events so far.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::{AnsiColor, Style};
use local::Event;
use model::System;
use model::system::ServiceKind;

const GOOD: Style = AnsiColor::Green.on_default();
const BUSY: Style = AnsiColor::Cyan.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const DIM: Style = Style::new().dimmed();
const SPINNER: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// The state of a start.
#[derive(Debug)]
pub(crate) struct Board {
    title: String,
    cloud: Option<String>,
    resources: BTreeSet<String>,
    resources_wanted: usize,
    edge: Option<String>,
    edge_wanted: bool,
    builds: BTreeMap<String, Build>,
    services: BTreeMap<String, Row>,
}

#[derive(Debug, Default)]
struct Build {
    line: String,
    took_ms: Option<u64>,
}

/// A service's line.
#[derive(Debug, Default)]
struct Row {
    wanted: usize,
    ready: BTreeSet<String>,
    remark: String,
    failing: bool,
}

impl Board {
    /// A board with every service of the system still to come.
    pub(crate) fn new(system: &System) -> Self {
        let environment = system.environment.as_deref().map(|name| format!(" · {name}")).unwrap_or_default();
        let rows = system.services.iter().map(|(name, service)| {
            let wanted = usize::try_from(service.scale.min.max(1)).unwrap_or(1);
            (name.clone(), Row { wanted, ..Row::default() })
        });
        Self {
            title: format!("{}{environment}", system.name),
            cloud: None,
            resources: BTreeSet::new(),
            resources_wanted: local::embedded_resources(system),
            edge: None,
            edge_wanted: system.services.values().any(|service| matches!(service.kind, ServiceKind::Web(_))),
            builds: BTreeMap::new(),
            services: rows.collect(),
        }
    }

    /// Takes note of an event.
    pub(crate) fn on(&mut self, event: &Event) {
        match event {
            Event::CloudListening { url } => self.cloud = Some(url.clone()),
            // These have a line of their own.
            Event::ResourceReady { kind, .. } if matches!(kind.as_str(), "postgres" | "redis") => {}
            Event::ResourceReady { resource, .. } => drop(self.resources.insert(resource.clone())),
            Event::EdgeListening { service: None, url } => self.edge = Some(url.clone()),
            Event::Preparing { command, .. } => drop(self.builds.insert(command.clone(), Build::default())),
            Event::PreparingLine { command, line } => self.build(command).line.clone_from(line),
            Event::Prepared { command, elapsed_ms } => self.build(command).took_ms = Some(*elapsed_ms),
            _ => self.on_service(event),
        }
    }

    fn on_service(&mut self, event: &Event) {
        match event {
            Event::Waiting { service, condition } => {
                self.row(service).remark = format!("waits for {condition}");
            }
            Event::ReplicaStarted { service, pid, .. } => {
                self.row(service).remark = format!("started, pid {pid}");
            }
            Event::ReplicaReady { service, replica, .. } => self.row(service).is_ready(replica),
            Event::ReplicaExited { service, replica, outcome, .. } => {
                self.row(service).is_down(replica, format!("{replica} ended: {outcome}"));
            }
            Event::ReplicaUnhealthy { service, replica, reason } => {
                self.row(service).is_down(replica, format!("{replica}: {reason}"));
            }
            Event::CrashLoop { service, replica, outcome, .. } => {
                self.row(service).is_down(replica, format!("{replica} ends again and again: {outcome}"));
            }
            _ => {}
        }
    }

    fn build(&mut self, command: &str) -> &mut Build {
        self.builds.entry(command.to_owned()).or_default()
    }

    fn row(&mut self, service: &str) -> &mut Row {
        // A database's program, which is one.
        self.services.entry(service.to_owned()).or_insert_with(|| Row { wanted: 1, ..Row::default() })
    }

    /// The board as text, one line per thing, none wider than `width` columns; `tick` turns the spinners.
    pub(crate) fn lines(&self, tick: usize, width: usize) -> Vec<String> {
        let busy = SPINNER.iter().cycle().nth(tick % SPINNER.len()).copied().unwrap_or(' ');
        let mut lines = vec![self.title.clone()];
        lines.extend(self.builds.iter().map(|(command, build)| {
            let text = match build.took_ms {
                Some(took) => (mark(GOOD, '✓'), format!("{:.1} s", seconds(took))),
                None => (mark(BUSY, busy), build.line.clone()),
            };
            row(&text.0, "build", &format!("{command}  "), &text.1, width)
        }));
        if self.resources_wanted > 0 {
            let resources = format!("{} of {} resources", self.resources.len(), self.resources_wanted);
            lines.push(self.place("cloud", self.cloud.as_ref(), &resources, busy, width));
        }
        if self.edge_wanted {
            lines.push(self.place("edge", self.edge.as_ref(), "", busy, width));
        }
        lines.extend(self.services.iter().map(|(name, service)| service.line(name, busy, width)));
        lines
    }

    fn place(&self, name: &str, url: Option<&String>, remark: &str, busy: char, width: usize) -> String {
        match url {
            Some(url) => row(&mark(GOOD, '✓'), name, &format!("{url}  "), remark, width),
            None => row(&mark(BUSY, busy), name, "", "", width),
        }
    }
}

impl Row {
    fn is_ready(&mut self, replica: &str) {
        self.ready.insert(replica.to_owned());
        self.remark.clear();
        self.failing = false;
    }

    fn is_down(&mut self, replica: &str, remark: String) {
        self.ready.remove(replica);
        self.remark = remark;
        self.failing = true;
    }

    fn line(&self, name: &str, busy: char, width: usize) -> String {
        let wanted = self.wanted.max(self.ready.len());
        let mark = match (self.failing, self.ready.len() == wanted) {
            (true, _) => mark(BAD, '✗'),
            (false, true) => mark(GOOD, '✓'),
            (false, false) => mark(BUSY, busy),
        };
        row(&mark, name, &format!("{} of {wanted} ready  ", self.ready.len()), &self.remark, width)
    }
}

fn mark(style: Style, sign: char) -> String {
    format!("{style}{sign}{style:#}")
}

/// `  ✓ name      text  remark`, the remark dimmed and cut so that the line stays within `width` columns.
fn row(mark: &str, name: &str, text: &str, remark: &str, width: usize) -> String {
    const BEFORE: usize = 4;
    let head = format!("{name:<12} ");
    let room = width.saturating_sub(BEFORE + head.chars().count() + 1);
    let text: String = text.chars().take(room).collect();
    let remark: String =
        remark.chars().filter(|c| !c.is_control()).take(room - text.chars().count()).collect();
    format!("  {mark} {head}{text}{DIM}{remark}{DIM:#}")
}

#[expect(clippy::cast_precision_loss, reason = "a duration for a person, not for arithmetic")]
pub(crate) fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}

#[cfg(test)]
mod tests;
