//! What policy checkers ask of the files and they deliberately do not do: one table, which becomes the configuration that
//! checkov reads beside them, and a page of the documentation.

use std::iter;
use std::sync::LazyLock;

use crate::yaml::{Document, Map, Yaml};

mod skipped;
#[cfg(test)]
mod tests;

/// The name that checkov looks for in the folder it is shown (checkov's CLI reference, "Configuration using a config
/// file").
pub(super) const FILE: &str = ".checkov.yaml";

const HEADING: &str = "\
What checkov asks of these files and they do not do: what the check wants, why it is not so here, and how that is changed.
`checkov -d .` in this folder reads it; `checkov --config-file .checkov.yaml -f PLAN.json --framework terraform_plan` checks a plan. \
It is the same for every system, so a check may be listed whose resource is not here.
A patch is a file in the folder that the manifest's `patches` names, such as `prod/data/keys_override.tf`; Terraform merges \
it into the call of the module: `module \"queue_jobs\" { kms_key_arn = \"arn:aws:kms:…\" }`.";

const OTHERS: &str = "\
Rules of AWS Security Hub and of Trivy (AVD-…) that are the same as one of checkov's stand beside it. These \
have no counterpart in checkov:";

/// A check that does not hold, with its reasons.
#[derive(Debug, Clone, Copy)]
struct Skipped {
    /// checkov's identifier, or that of the one who has the check.
    id: &'static str,
    /// The same rule elsewhere: a control of AWS Security Hub ("AWS Foundational Security Best Practices") or a check of
    /// Trivy (`AVD-…`).
    also: &'static [&'static str],
    /// What the check wants.
    wants: &'static str,
    /// Why it is not so here.
    reason: &'static str,
    /// How to have it all the same.
    change: &'static str,
}

/// Checks that are about the same thing.
#[derive(Debug, Clone, Copy)]
struct Topic {
    title: &'static str,
    skipped: &'static [Skipped],
}

impl Skipped {
    fn sentence(&self) -> String {
        let also = match self.also {
            [] => String::new(),
            also => format!(" ({})", also.join(", ")),
        };
        format!("{}{also}: {}; {}.", self.wants, self.reason, self.change)
    }
}

impl Topic {
    /// Its checks, the first below the topic's title.
    fn items(&self) -> impl Iterator<Item = Yaml> {
        let titles = iter::once(format!("{}\n\n", self.title)).chain(iter::repeat(String::new()));
        let titled = titles.zip(self.skipped);
        titled.map(|(title, skipped)| Yaml::noted(&(title + &skipped.sentence()), skipped.id))
    }
}

/// checkov's configuration: the same for every system, and so made once.
pub(super) fn file() -> &'static str {
    static FILE: LazyLock<String> = LazyLock::new(made);
    &FILE
}

fn made() -> String {
    let elsewhere =
        skipped::ELSEWHERE.iter().map(|skipped| format!("{}: {}", skipped.id, skipped.sentence()));
    let heading =
        iter::once(format!("{HEADING}\n\n{OTHERS}")).chain(elsewhere).collect::<Vec<_>>().join("\n");
    let list = skipped::TOPICS.iter().flat_map(Topic::items).collect();
    Document { heading, root: Map::from([("skip-check", Yaml::List(list))]) }.to_string()
}
