//! docs/fidelity.md, made from the table.

use std::fmt::Write as _;

use super::Platform;
use super::table::{Case, Cell, SECTIONS, Section};

const OPENING: &str = "\
# What each target makes of each field

<!-- Generated from crates/targets/src/fidelity/table: `UPDATE_GOLDEN=1 cargo test -p taxiway-targets` rewrites it. -->

`taxiway compile` says for your system what of it is **approximated** (something near it holds) or **dropped** (it is not
there), with the reason and the line of the manifest; `--fidelity` says what is **exact**, too, `--json` has everything, and
`--strict` fails where a field is dropped. This page has it for every field. *exact, but* means: as written, with the
exceptions whose numbers follow. – means that the field says nothing to that target. A field that is not written is
judged by its default only where that is worth a word.

";

const COLUMNS: [(&str, Platform); 4] = [
    ("This machine (`up`)", Platform::Local),
    ("AWS on ECS", Platform::Ecs),
    ("AWS on EKS", Platform::Eks),
    ("GitHub Actions", Platform::Github),
];

/// The whole page.
#[must_use]
pub fn document() -> String {
    let mut out = OPENING.to_owned();
    for part in SECTIONS {
        section(&mut out, part);
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

fn section(out: &mut String, section: &Section) {
    let headings = COLUMNS.map(|(heading, _)| heading).join(" | ");
    let _ = writeln!(out, "## {}\n\n| Field | {headings} |\n|---|---|---|---|---|", section.title);
    let mut remarks: Vec<String> = Vec::new();
    for line in section.lines {
        let cells = COLUMNS.map(|(_, platform)| cell(line.on(platform), &mut remarks));
        let _ = writeln!(out, "| `{}` | {} |", line.field, cells.join(" | "));
    }
    out.push('\n');
    for (number, remark) in (1..).zip(&remarks) {
        let _ = writeln!(out, "{number}. {remark}.");
    }
    out.push('\n');
}

fn cell(cell: Cell, remarks: &mut Vec<String>) -> String {
    match cell {
        Cell::Exact => "exact".to_owned(),
        Cell::But(cases) => {
            let numbers = cases.iter().map(|case| number(remarks, exception(case)));
            format!("exact, but {}", numbers.collect::<Vec<_>>().join(" "))
        }
        Cell::Always(case) => format!("{} {}", case.grade, number(remarks, case.reason.to_owned())),
        Cell::Silent(reason) => format!("– {}", number(remarks, reason.to_owned())),
    }
}

fn exception(case: &Case) -> String {
    let end = if case.when.is_empty() { String::new() } else { format!(" {}", case.when) };
    format!("{}{end}: {}", case.grade, case.reason)
}

/// The number of a remark, which is a new one where nobody made it before.
fn number(remarks: &mut Vec<String>, remark: String) -> String {
    let at = remarks.iter().position(|known| *known == remark).unwrap_or_else(|| {
        remarks.push(remark);
        remarks.len() - 1
    });
    format!("({})", at + 1)
}
