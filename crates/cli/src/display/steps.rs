//! Steps that take minutes: one line with a clock and a count while one runs, and a line that stays when it ends.

use std::collections::BTreeSet;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use remote::Stack;
use remote::rehearsal::{Event, Step};
use remote::terraform::Happened;

use crate::report;

/// From one look at the clock to the next.
const TICK: Duration = Duration::from_millis(200);

/// What is shown of steps as they happen. Where nobody watches, only the lines that stay are printed.
#[derive(Debug)]
pub(crate) struct Steps {
    bar: ProgressBar,
    /// Before each line: the environment, where there are several.
    prefix: String,
    counter: Counter,
}

/// How far a step is.
#[derive(Debug, Default)]
struct Counter {
    refreshed: usize,
    planned: usize,
    /// How many resources it works on, where a plan said so.
    total: Option<usize>,
    done: usize,
    working: BTreeSet<String>,
}

impl Steps {
    /// Nothing has happened yet. `prefix` stands before each line.
    pub(crate) fn new(prefix: String) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Self { bar, prefix, counter: Counter::default() }
    }

    /// Shows what happens.
    pub(crate) fn on(&mut self, event: Event<'_>) {
        match event {
            Event::Opens => self.begin("the simulated AWS starts"),
            Event::Starts(stack, step) => self.begin(&format!("{stack}: {}", step.name())),
            Event::Said(_) => {}
            Event::Happened(happened) => {
                self.counter.on(happened);
                self.bar.set_message(self.counter.line());
            }
            Event::Ends(stack, step, seconds, is_well) => self.end(stack, step, seconds, is_well),
        }
    }

    /// Takes the moving line away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn begin(&mut self, what: &str) {
        // An apply begins with its plan, whose total holds for what follows.
        self.counter = Counter::default();
        self.bar.reset_elapsed();
        self.bar.set_prefix(format!("{}{what}", self.prefix));
        self.bar.set_message("");
        if !self.bar.is_hidden() {
            self.bar.enable_steady_tick(TICK);
        }
    }

    fn end(&self, stack: Stack, step: Step, seconds: f64, is_well: bool) {
        let how = if is_well { "" } else { ", failed" };
        let count = match self.counter.done {
            0 => String::new(),
            1 => ", 1 resource".to_owned(),
            count => format!(", {count} resources"),
        };
        let (prefix, step) = (&self.prefix, step.name());
        self.bar.suspend(|| report::note(format_args!("{prefix}{stack}: {step} {seconds:.1} s{count}{how}")));
    }
}

impl Counter {
    fn on(&mut self, happened: &Happened) {
        match happened {
            Happened::Refreshed(_) => self.refreshed += 1,
            Happened::Planned(_) => self.planned += 1,
            Happened::Total(total) => self.total = self.total.or(Some(*total)),
            Happened::Began(address) => {
                self.working.insert(address.clone());
            }
            Happened::Done(address) => {
                self.done += 1;
                self.working.remove(address);
            }
            Happened::Failed(address) => {
                self.working.remove(address);
            }
        }
    }

    fn line(&self) -> String {
        if self.done == 0 && self.working.is_empty() {
            return match (self.planned, self.refreshed) {
                (0, 0) => String::new(),
                (0, looked) => format!("{looked} looked at"),
                (planned, _) => format!("{planned} planned"),
            };
        }
        let total = self.total.map(|total| format!("/{total}")).unwrap_or_default();
        let mut line = format!("{}{total} resources", self.done);
        if let Some(first) = self.working.first() {
            line.push_str(": ");
            line.push_str(first);
        }
        if self.working.len() > 1 {
            line.push_str(&format!(" and {} more", self.working.len() - 1));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use remote::terraform::Happened;

    use super::Counter;

    #[test]
    fn counts_what_is_planned_and_then_what_is_done() {
        let mut counter = Counter::default();
        let mut line = |happened| {
            counter.on(&happened);
            counter.line()
        };
        assert_eq!(line(Happened::Refreshed("aws_lb.a".into())), "1 looked at");
        assert_eq!(line(Happened::Planned("aws_lb.a".into())), "1 planned");
        line(Happened::Total(2));
        assert_eq!(line(Happened::Began("aws_lb.a".into())), "0/2 resources: aws_lb.a");
        assert_eq!(line(Happened::Began("aws_vpc.a".into())), "0/2 resources: aws_lb.a and 1 more");
        assert_eq!(line(Happened::Done("aws_lb.a".into())), "1/2 resources: aws_vpc.a");
        assert_eq!(line(Happened::Done("aws_vpc.a".into())), "2/2 resources");
    }
}
