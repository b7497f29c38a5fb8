//! The manifest between its text and its meaning: read once, resolved for one environment at a time.

use std::collections::BTreeMap;

use crate::language::{Mode, Read as _, Reader, nearest};
use crate::problem::{Finding, Findings, Problems, Severity, TextRange};
use crate::system::System;
use crate::yaml::{self, Entry, Node, Value};
use crate::{meaning, written};

pub use self::fields::WrittenField;

mod fields;

/// The environment of this machine.
pub(crate) const LOCAL: &str = "local";

/// What was written, with its places: YAML without errors, every field known and of the right form.
#[derive(Debug, Clone)]
pub struct Manifest {
    file: String,
    text: String,
    /// Everything but `environments`.
    base: Node,
    environments: BTreeMap<String, Environment>,
}

#[derive(Debug, Clone)]
struct Environment {
    key: TextRange,
    over: Node,
}

/// Findings and the contexts they occur in.
type Gathered = BTreeMap<Finding, Vec<String>>;

/// Reads a manifest: YAML, `${VAR}` interpolation in values, and the form of every field in every environment.
///
/// `file` is how the manifest is named in messages; `variables` looks up a variable of the surroundings.
///
/// # Errors
/// Every problem that stands in the way, and where the text could be understood at all also those that
/// [`check`] would report.
pub fn read(
    file: &str,
    text: &str,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Result<Manifest, Problems> {
    let mut findings = Findings::default();
    let root = yaml::parse(text, variables, &mut findings);
    let manifest = root.and_then(|root| manifest(file, text, root, &mut findings));
    let Some(manifest) = manifest else { return Err(unlabelled(file, text, findings)) };
    for tree in std::iter::once(manifest.base.clone())
        .chain(manifest.environments.keys().map(|name| manifest.tree(Some(name))))
    {
        let mut reader = Reader::new(&mut findings, Mode::Form);
        written::Manifest::read(&tree, &mut reader);
    }
    if !findings.has_errors() {
        return Ok(manifest);
    }
    let (mut gathered, mut all) = gather(&manifest);
    gathered.retain(|finding, _| finding.severity == Severity::Error);
    for finding in findings.list {
        gathered.entry(finding).or_default();
    }
    all.concealed.extend(findings.concealed);
    Err(label(&manifest, gathered, all.concealed, all.dropped + findings.dropped))
}

/// What a manifest means in one environment, or without any.
///
/// # Errors
/// Every problem of that environment; warnings only where there are errors too (see [`check`]).
pub fn resolve(manifest: &Manifest, environment: Option<&str>) -> Result<System, Problems> {
    let mut findings = Findings::default();
    let known = environment.is_none_or(|name| manifest.environments.contains_key(name));
    if !known {
        manifest.unknown_environment(environment.unwrap_or_default(), &mut findings);
        return Err(unlabelled(&manifest.file, &manifest.text, findings));
    }
    match manifest.meaning(environment, &mut findings) {
        Some(system) if !findings.has_errors() => Ok(system),
        _ => Err(unlabelled(&manifest.file, &manifest.text, findings)),
    }
}

/// Every problem and warning of every environment as a whole, each once. A problem names its environments
/// where it does not occur in all of them.
#[must_use]
pub fn check(manifest: &Manifest) -> Problems {
    let (gathered, all) = gather(manifest);
    label(manifest, gathered, all.concealed, all.dropped)
}

/// Every problem and warning of one environment, or of the manifest without any.
#[must_use]
pub fn check_environment(manifest: &Manifest, environment: Option<&str>) -> Problems {
    let mut findings = Findings::default();
    match environment.filter(|name| !manifest.environments.contains_key(*name)) {
        Some(unknown) => manifest.unknown_environment(unknown, &mut findings),
        None => {
            manifest.meaning(environment, &mut findings);
        }
    }
    unlabelled(&manifest.file, &manifest.text, findings)
}

impl Manifest {
    /// Names of the environments.
    pub fn environments(&self) -> impl Iterator<Item = &str> {
        self.environments.keys().map(String::as_str)
    }

    /// The text it was read from, for [`Problems::render`].
    #[must_use]
    pub fn source(&self) -> &str {
        &self.text
    }

    /// How it is named in messages.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The base with an environment merged over it.
    fn tree(&self, environment: Option<&str>) -> Node {
        match environment.and_then(|name| self.environments.get(name)) {
            Some(environment) => yaml::overlay(&self.base, &environment.over),
            None => self.base.clone(),
        }
    }

    /// Reads and resolves one environment; says what is wrong on the way.
    fn meaning(&self, environment: Option<&str>, findings: &mut Findings) -> Option<System> {
        let mut tree = self.tree(environment);
        if let Some(over) = environment.and_then(|name| self.environments.get(name)) {
            strangers(&self.base, &over.over, &mut tree, findings);
        }
        let written = written::Manifest::read(&tree, &mut Reader::new(findings, Mode::Whole))
            .or_else(|| nameless(&tree))?;
        Some(meaning::system(&written, environment, findings))
    }

    /// The contexts a person uses: every environment, and none where `local` does not take its place.
    fn contexts(&self) -> Vec<Option<&str>> {
        let none = (!self.environments.contains_key(LOCAL)).then_some(None);
        none.into_iter().chain(self.environments().map(Some)).collect()
    }

    fn unknown_environment(&self, name: &str, findings: &mut Findings) {
        let place = self.environments.values().next().map_or(self.base.range, |environment| environment.key);
        let message = format!("there is no environment `{}`", yaml::shorten(name));
        let hint = match nearest(name, self.environments()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.environments.is_empty() => {
                format!("the manifest has none; add `environments: {{ {name}: {{}} }}`")
            }
            None => format!("there are {}", self.environments().collect::<Vec<_>>().join(", ")),
        };
        findings.error(place, message).hint(hint);
    }
}

/// The same manifest under another name, where its own cannot be read: what else is wrong is said too.
fn nameless(tree: &Node) -> Option<written::Manifest> {
    let mut tree = tree.clone();
    if let Value::Map(entries) = &mut tree.value {
        entries.retain(|entry| entry.key.name != "name");
        let name = Node::unwritten("nameless", tree.range);
        entries.push(Entry { key: yaml::Key { name: "name".to_owned(), range: tree.range }, value: name });
    }
    written::Manifest::read(&tree, &mut Reader::new(&mut Findings::default(), Mode::Whole))
}

/// Takes the environments out of the root.
fn manifest(file: &str, text: &str, root: Node, findings: &mut Findings) -> Option<Manifest> {
    let Value::Map(entries) = root.value else {
        findings.error(root.range, "a manifest is a mapping of fields").hint("begin with `name: my-system`");
        return None;
    };
    let (environments, rest): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.key.name == "environments");
    let mut base = Node { range: root.range, value: Value::Map(rest) };
    let environments = match environments.into_iter().next() {
        Some(entry) => split(entry, &mut base),
        None => BTreeMap::new(),
    };
    Some(Manifest { file: file.to_owned(), text: text.to_owned(), base, environments })
}

/// The environments by name. What is not even a mapping stays in the base, where reading says so.
fn split(entry: Entry, base: &mut Node) -> BTreeMap<String, Environment> {
    let mut environments = BTreeMap::new();
    for named in entry.value.entries().iter().filter(|named| !named.key.name.starts_with("x-")) {
        let over = match named.value.value {
            Value::Map(_) => named.value.clone(),
            _ => Node { range: named.key.range, value: Value::Map(Vec::new()) },
        };
        environments.insert(named.key.name.clone(), Environment { key: named.key.range, over });
    }
    let mut kept = entry;
    if let Value::Map(named) = &mut kept.value.value {
        for one in named.iter_mut().filter(|one| matches!(one.value.value, Value::Null)) {
            one.value.value = Value::Map(Vec::new());
        }
    }
    if let Value::Map(entries) = &mut base.value {
        entries.push(kept);
    }
    environments
}

/// Finds what an environment changes though nothing defines it, and leaves it out.
fn strangers(base: &Node, over: &Node, tree: &mut Node, findings: &mut Findings) {
    for (field, noun, essentials) in DEFINED {
        let known: Vec<&str> = base
            .get(field)
            .map_or(&[][..], Node::entries)
            .iter()
            .map(|entry| entry.key.name.as_str())
            .collect();
        for entry in over.get(field).map_or(&[][..], Node::entries) {
            let name = entry.key.name.as_str();
            let complete = essentials.iter().any(|essential| entry.value.get(essential).is_some());
            if known.contains(&name) || name.starts_with("x-") || complete {
                continue;
            }
            let message =
                format!("an environment changes {noun} `{}`, which nothing defines", yaml::shorten(name));
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("define it under `{field}`, outside the environments"),
            };
            findings.error(entry.key.range, message).hint(hint);
            remove(tree, field, name);
        }
    }
}

/// Fields whose entries an environment may change, and what an entry has that stands by itself.
const DEFINED: &[(&str, &str, &[&str])] = &[
    ("services", "service", &["type"]),
    ("resources", "resource", &["type"]),
    ("alarms", "alarm", &["metric"]),
];

fn remove(tree: &mut Node, field: &str, name: &str) {
    let Value::Map(fields) = &mut tree.value else { return };
    let Some(found) = fields.iter_mut().find(|entry| entry.key.name == field) else { return };
    if let Value::Map(entries) = &mut found.value.value {
        entries.retain(|entry| entry.key.name != name);
    }
}

/// Findings of every context.
fn gather(manifest: &Manifest) -> (Gathered, Findings) {
    let mut gathered = Gathered::new();
    let mut all = Findings::default();
    for context in manifest.contexts() {
        let mut findings = Findings::default();
        manifest.meaning(context, &mut findings);
        for finding in findings.list {
            let contexts = gathered.entry(finding).or_default();
            let name = context.unwrap_or_default();
            if contexts.last().is_none_or(|last| last != name) {
                contexts.push(name.to_owned());
            }
        }
        all.dropped = all.dropped.max(findings.dropped);
        all.concealed.extend(findings.concealed);
    }
    (gathered, all)
}

/// Names contexts only where a finding does not occur in all of them.
fn label(manifest: &Manifest, gathered: Gathered, concealed: Vec<TextRange>, dropped: usize) -> Problems {
    let all = manifest.contexts().len();
    let labelled = gathered
        .into_iter()
        .map(|(finding, contexts)| (finding, if contexts.len() == all { Vec::new() } else { contexts }))
        .collect();
    Problems::assemble(&manifest.file, &manifest.text, labelled, concealed, dropped)
}

fn unlabelled(file: &str, text: &str, findings: Findings) -> Problems {
    let labelled = findings.list.into_iter().map(|finding| (finding, Vec::new())).collect();
    Problems::assemble(file, text, labelled, findings.concealed, findings.dropped)
}
