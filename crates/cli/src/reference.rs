//! docs/cli.md, written from the arguments themselves and held to them by a test.

use std::fmt::Write as _;
use std::path::Path;

use clap::{Command, CommandFactory as _};

use crate::arguments::Arguments;

#[test]
fn the_reference_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    let fresh = reference();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &fresh).expect("docs/ can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, fresh, "docs/cli.md is stale; UPDATE_GOLDEN=1 cargo test -p taxiway rewrites it");
}

fn reference() -> String {
    let mut root = Arguments::command().term_width(100);
    root.build();
    let mut text =
        "# The command line\n\nGenerated from `taxiway --help`. Exit codes: 0 done, 1 failed (the message \
                    says why and what to do), 2 a bad manifest or bad arguments.\n"
            .to_owned();
    for command in root.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        section(&mut text, command, "taxiway");
    }
    text
}

/// A command's help, and after it that of each of its verbs.
fn section(text: &mut String, command: &mut Command, above: &str) {
    let name = format!("{above} {}", command.get_name());
    let help = command.render_help().to_string();
    let help = help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let _infallible = write!(text, "\n## `{name}`\n\n```text\n{help}\n```\n");
    for verb in command.get_subcommands_mut().filter(|verb| verb.get_name() != "help") {
        section(text, verb, &name);
    }
}
