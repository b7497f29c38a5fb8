//! The manifest reference in Markdown, made from the tables that read it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::language::{Field, Kind, Need, Shape};
use crate::written::Manifest;

const OPENING: &str = "\
# The manifest

<!-- Generated from the tables that read a manifest: `UPDATE_GOLDEN=1 cargo test -p taxiway-model` rewrites it. -->

`taxiway.yaml` is YAML 1.2: `no`, `on` and `yes` are texts. Unknown and duplicate keys are errors; keys that begin
with `x-` are ignored anywhere, which is where anchors for reuse can lie (`<<: *name` merges one).

`${VAR}` in a value is filled in from the environment, with Compose's forms: `${VAR:-default}`, `${VAR-default}`,
`${VAR:?message}`, `${VAR:+other}`, and `$$` for a plain dollar sign.

- **Durations** have a unit: `250ms`, `10s`, `5m`, `1h`, `4d`, `1h30m`; milliseconds only where the shortest is less than a second. **Sizes** are `512Mi` or `1Gi`.
- **Processor shares** are ECS units (`256`), virtual CPUs (`0.25`, `2`) or thousandths (`250m`); a whole number up
  to 16 counts virtual CPUs.
- **Commands** are a line that is split as a shell would (quotes and backslashes work), or a list. No shell runs them:
  ask for one with `sh -c '…'` where a pipe or a variable is wanted.
- **Names** are lower-case letters, digits and hyphens, at most 32.
- Every process gets `PORT` and `HOST`, the variables of what it `uses`, its `secrets` and its `env`; each variable is
  set once. Region, endpoint and credentials of AWS are set for every process.

";

/// The whole reference.
#[must_use]
pub fn reference() -> String {
    let mut out = OPENING.to_owned();
    let mut queue = vec![("Top level".to_owned(), Manifest::SHAPE)];
    let mut seen = BTreeSet::new();
    while !queue.is_empty() {
        let (title, shape) = queue.remove(0);
        if !seen.insert(shape.noun) {
            continue;
        }
        section(&mut out, &title, shape);
        let path = if title == "Top level" { String::new() } else { title.trim_matches('`').to_owned() };
        let below = shape.fields.iter().flat_map(|field| children(&path, field)).collect::<Vec<_>>();
        queue.splice(0..0, below);
    }
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    out.push('\n');
    out
}

/// The shapes below a field, each with its path.
fn children(path: &str, field: &'static Field) -> Vec<(String, &'static Shape)> {
    let path = if path.is_empty() { field.name().to_owned() } else { format!("{path}.{}", field.name()) };
    match field.kind {
        Kind::Map { value: Kind::Union { shapes, .. }, .. } => {
            shapes.iter().map(|(text, shape)| (format!("`{path}.{text}`"), *shape)).collect()
        }
        kind => kind.shapes().into_iter().map(|shape| (format!("`{path}`"), shape)).collect(),
    }
}

fn section(out: &mut String, title: &str, shape: &'static Shape) {
    let _ = writeln!(out, "## {title}\n\n{}\n", shape.about());
    let _ = writeln!(out, "| Field | Type | Default | Purpose | Example |\n|---|---|---|---|---|");
    for field in shape.fields {
        let default = match (field.need, field.default()) {
            (Need::Required, _) => "**required**".to_owned(),
            (_, Some(default)) => default,
            _ => String::new(),
        };
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | `{}` |",
            field.name(),
            cell(&field.kind.describe()),
            cell(&default),
            cell(field.about()),
            cell(field.example)
        );
    }
    out.push('\n');
    for field in shape.fields.iter().filter(|field| !field.kind.words().is_empty()) {
        let _ = writeln!(out, "`{}`:", field.name());
        for word in field.kind.words() {
            let _ = writeln!(out, "- `{}`: {}", word.text, word.meaning.trim());
        }
        out.push('\n');
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
