//! A report as Markdown, and as rows for a terminal. Pure.

use std::fmt::Write as _;

use super::{Report, StackReport, Step, Verdict};

impl Report {
    /// The headings of its table.
    #[must_use]
    pub fn headings(&self) -> Vec<String> {
        let steps = self.steps().into_iter().map(|step| format!("{} s", step.name()));
        ["stack".to_owned(), "resources".to_owned()]
            .into_iter()
            .chain(steps)
            .chain(["verdict".to_owned()])
            .collect()
    }

    /// A row for each stack.
    #[must_use]
    pub fn rows(&self) -> Vec<Vec<String>> {
        let steps = self.steps();
        self.stacks.iter().map(|stack| row(stack, &steps)).collect()
    }

    /// The one line that says it all.
    #[must_use]
    pub fn line(&self) -> String {
        let resources: usize = self.stacks.iter().map(|stack| stack.resources).sum();
        let (system, environment, stacks) = (&self.system, &self.environment, self.stacks.len());
        match &self.verdict {
            Verdict::Holds => format!(
                "{system} {environment} holds: {resources} resources in {stacks} stacks, applied, planned again without a \
                 difference, and destroyed in {:.0} s",
                self.seconds
            ),
            Verdict::Fails(reason) => format!("{system} {environment} does not hold: {reason}"),
        }
    }

    /// What is worth a line below the table: what failed, what drifts, what the change moves.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for stack in &self.stacks {
            let name = stack.stack;
            if let Some(failed) = &stack.failure {
                lines.push(format!("{name}: {}: {}", failed.step.name(), failed.reason));
            }
            lines.extend(stack.again.iter().map(|line| format!("{name}: planned again: {line}")));
            let moved = stack.change.iter().flat_map(|change| &change.lines);
            lines.extend(moved.map(|line| format!("{name}: {}: {line}", self.changed)));
        }
        lines
    }

    /// Steps that any stack took.
    fn steps(&self) -> Vec<Step> {
        let failed_at = |stack: &StackReport| stack.failure.as_ref().map(|failed| failed.step);
        let taken = |step: &Step| {
            self.stacks.iter().any(|stack| stack.seconds(*step).is_some() || failed_at(stack) == Some(*step))
        };
        Step::ORDER.into_iter().filter(taken).collect()
    }
}

/// The report as Markdown: for a pull request, or beside a result.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut text =
        format!("# Rehearsal of {} {}\n\n{}.\n\n", report.system, report.environment, report.line());
    let headings = report.headings();
    let _infallible = writeln!(text, "| {} |", headings.join(" | "));
    let _infallible = writeln!(text, "|{}", "---|".repeat(headings.len()));
    for row in report.rows() {
        let _infallible = writeln!(text, "| {} |", row.join(" | "));
    }
    let _infallible =
        writeln!(text, "\nTerraform {}. The changed setting: `{}`.", report.terraform, report.changed);
    let details = report.details();
    if !details.is_empty() {
        let _infallible = writeln!(text, "\n```text\n{}\n```", details.join("\n"));
    }
    let _infallible = writeln!(text, "\n## Resource types\n");
    let list = |names: &mut dyn Iterator<Item = &String>| {
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let _infallible = writeln!(text, "- On the plain simulator: {}", list(&mut report.types.plain.iter()));
    for patch in &report.types.patched {
        let types = list(&mut patch.types.iter());
        let _infallible = writeln!(text, "- With the patch {}: {types}: {}", patch.name, patch.why);
    }
    let _infallible = writeln!(text, "- Left out: {}", list(&mut report.types.left_out.iter()));
    text
}

fn row(stack: &StackReport, steps: &[Step]) -> Vec<String> {
    let seconds = |step: &Step| match (&stack.failure, stack.seconds(*step)) {
        (Some(failed), _) if failed.step == *step => format!("{:.1} ✗", failed.seconds),
        (_, Some(seconds)) => format!("{seconds:.1}"),
        (_, None) => "–".to_owned(),
    };
    let verdict = match stack.verdict() {
        Verdict::Holds => "holds".to_owned(),
        Verdict::Fails(reason) => {
            reason.strip_prefix(&format!("{}: ", stack.stack)).unwrap_or(&reason).to_owned()
        }
    };
    [stack.stack.to_string(), stack.resources.to_string()]
        .into_iter()
        .chain(steps.iter().map(seconds))
        .chain([verdict])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::good;
    use super::super::{Report, Types, Verdict};
    use super::markdown;
    use crate::Stack;

    fn report() -> Report {
        let mut stacks = vec![good(Stack::Data, &["aws_sqs_queue"]), good(Stack::Compute, &["aws_lb"])];
        if let Some(compute) = stacks.last_mut() {
            compute.again = vec!["~ aws_lb.a: name: 1 → 2".to_owned()];
        }
        Report {
            system: "post".to_owned(),
            environment: "prod".to_owned(),
            terraform: "1.11".to_owned(),
            changed: "resources.a.visibility: 60s → 61s".to_owned(),
            types: Types::of(&stacks, &[]),
            seconds: 20.0,
            verdict: Verdict::of(&stacks),
            stacks,
        }
    }

    #[test]
    fn has_a_column_for_each_step_that_was_taken() {
        let report = report();
        assert_eq!(report.headings().len(), 11, "every step but release");
        for row in report.rows() {
            assert_eq!(row.len(), 11);
        }
        assert_eq!(report.rows()[0].last().map(String::as_str), Some("holds"));
        assert_eq!(
            report.rows()[1].last().map(String::as_str),
            Some("the second plan is not empty: 1 differences")
        );
    }

    #[test]
    fn markdown_has_the_same_facts() {
        let text = markdown(&report());
        for fact in [
            "post prod does not hold: compute: the second plan is not empty",
            "| data | 1 | 1.2",
            "compute: planned again: ~ aws_lb.a: name: 1 → 2",
            "visibility_timeout_seconds: 60 → 61",
            "plain simulator: `aws_lb`, `aws_sqs_queue`",
            "Left out: none",
        ] {
            assert!(text.contains(fact), "{fact}:\n{text}");
        }
    }
}
