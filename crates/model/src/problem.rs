//! What is wrong with a manifest: every problem at once, each at its place, in the words a person reads.

use std::fmt;

use serde::Serialize;

mod render;

/// Most problems shown at once; further ones are counted.
const SHOWN: usize = 100;
/// Most findings kept while looking; what comes after is counted.
const KEPT: usize = 1000;

/// A stretch of the manifest's text in bytes, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct TextRange {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Whether a problem stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is done until it is gone.
    Error,
    /// Worth a look; nothing stops.
    Warning,
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether it stands in the way.
    pub severity: Severity,
    /// The manifest, as it was named to `read`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The words of the manifest it is about.
    pub span: TextRange,
    /// The environments it occurs in; empty where it occurs in all of them. An empty name is the manifest
    /// without an environment.
    pub environments: Vec<String>,
}

/// Problems sorted by position: at most a hundred, and how many more there are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Problems {
    /// The first hundred, errors and warnings.
    pub problems: Vec<Problem>,
    /// How many more there are.
    pub more: usize,
    /// Text that is never shown: secrets that were written in plain.
    #[serde(skip)]
    concealed: Vec<TextRange>,
}

/// A problem before it has a file, a line and an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) range: TextRange,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

/// What sort of file is read, for the words of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Document {
    /// `taxiway.yaml`.
    #[default]
    Manifest,
    /// What a cloud has at its start.
    Init,
}

/// Findings as they come in, bounded.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) document: Document,
    pub(crate) list: Vec<Finding>,
    pub(crate) concealed: Vec<TextRange>,
    pub(crate) dropped: usize,
    scratch: Option<Finding>,
}

impl Document {
    /// "manifest", for after an article.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Init => "init file",
        }
    }

    /// How one begins.
    pub(crate) fn beginning(self) -> &'static str {
        match self {
            Self::Manifest => {
                "begin with `name: my-system` and `services:`; `taxiway explain` lists every field"
            }
            Self::Init => "begin with `queues: { orders: {} }`; docs/cloud.md lists every field",
        }
    }
}

impl TextRange {
    /// From the first byte of one to the end of the other.
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }
}

impl Problems {
    /// Whether any of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// How many of the listed ones have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.severity == severity).count()
    }

    /// The text a person sees: each problem with its line, carets and hint. `source` is the text given to
    /// `read`; `color` adds ANSI colours.
    #[must_use]
    pub fn render(&self, source: &str, color: bool) -> String {
        render::problems(self, &self.concealed, source, color)
    }

    /// Puts labelled findings in order, with line and column, and cuts them to what is shown.
    pub(crate) fn assemble(
        file: &str,
        source: &str,
        mut labelled: Vec<(Finding, Vec<String>)>,
        concealed: Vec<TextRange>,
        dropped: usize,
    ) -> Self {
        labelled.sort();
        let more = labelled.len().saturating_sub(SHOWN) + dropped;
        labelled.truncate(SHOWN);
        let lines = render::Lines::new(source);
        let problems = labelled
            .into_iter()
            .map(|(finding, environments)| {
                let (line, column) = lines.position(finding.range.start);
                Problem {
                    severity: finding.severity,
                    file: file.to_owned(),
                    line,
                    column,
                    message: finding.message,
                    hint: finding.hint,
                    span: finding.range,
                    environments,
                }
            })
            .collect();
        Self { problems, more, concealed }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl Finding {
    /// Says what to do about it.
    pub(crate) fn hint(&mut self, hint: impl Into<String>) {
        self.hint = Some(hint.into());
    }
}

impl Findings {
    /// None yet, of a file of this sort.
    pub(crate) fn of(document: Document) -> Self {
        Self { document, ..Self::default() }
    }

    /// Something that stands in the way.
    pub(crate) fn error(&mut self, range: TextRange, message: impl Into<String>) -> &mut Finding {
        self.push(Severity::Error, range, message.into())
    }

    /// Something worth a look.
    pub(crate) fn warning(&mut self, range: TextRange, message: impl Into<String>) -> &mut Finding {
        self.push(Severity::Warning, range, message.into())
    }

    /// Never show this stretch of text.
    pub(crate) fn conceal(&mut self, range: TextRange) {
        if self.concealed.len() < KEPT {
            self.concealed.push(range);
        }
    }

    /// Whether so much was found that looking for the right word is no longer worth the time.
    pub(crate) fn crowded(&self) -> bool {
        self.list.len() > SHOWN
    }

    /// Whether any finding is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.dropped > 0 || self.list.iter().any(|finding| finding.severity == Severity::Error)
    }

    fn push(&mut self, severity: Severity, range: TextRange, message: String) -> &mut Finding {
        let finding = Finding { range, severity, message, hint: None };
        if self.list.len() < KEPT {
            return self.list.push_mut(finding);
        }
        self.dropped += 1;
        self.scratch.insert(finding)
    }
}
