//! A change as a person reads it. Colours are taken out where the output is no terminal, or `NO_COLOR` is set.

use std::fmt::Display;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::change::{Change, Content, Kind};
use super::text::{self, Hunk};
use crate::generated::State;
use crate::report;

const HEADING: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();
const COMES: Style = AnsiColor::Green.on_default();
const GOES: Style = AnsiColor::Red.on_default();
const MORE: Style = Style::new().dimmed();

pub(super) fn change(root: &Path, change: &Change) {
    let file = text::shown(&root.join(&change.file).display().to_string());
    painted(HEADING, format_args!("{file}: {}", what(change)));
    match &change.content {
        Content::Binary { before, after } => {
            painted(MORE, format_args!("binary, {}", sizes(*before, *after)));
        }
        Content::Long { before, after } => {
            painted(MORE, format_args!("too long to compare line by line, {}", sizes(*before, *after)));
        }
        Content::Hunks(hunks) => {
            let (before, after) = ends(change);
            painted(HEADING, format_args!("--- {before}"));
            painted(HEADING, format_args!("+++ {after}"));
            hunks.iter().for_each(self::hunk);
        }
    }
    report::line("");
}

fn hunk(hunk: &Hunk) {
    painted(PLACE, &hunk.heading);
    for line in &hunk.lines {
        match line.chars().next() {
            Some('+') => painted(COMES, line),
            Some('-') => painted(GOES, line),
            Some('\\') => painted(MORE, line),
            _ => report::line(line),
        }
    }
    match hunk.more {
        0 => {}
        more => painted(MORE, format_args!("… {more} more lines")),
    }
}

/// The names of before and after, as `patch -p1` takes them in the folder.
fn ends(change: &Change) -> (String, String) {
    let (before, after) = (format!("a/{}", change.file), format!("b/{}", change.file));
    let nothing = || "/dev/null".to_owned();
    match change.kind {
        Kind::New => (nothing(), after),
        Kind::Changed => (before, after),
        Kind::Removed => (before, nothing()),
    }
}

fn what(change: &Change) -> &'static str {
    match (change.kind, change.state) {
        (Kind::New, _) => "new",
        (Kind::Changed, State::Edited) => "changed by hand",
        (Kind::Changed, _) => "stale",
        (Kind::Removed, State::Edited) => "not generated any more, and changed by hand",
        (Kind::Removed, _) => "not generated any more",
    }
}

fn sizes(before: u64, after: u64) -> String {
    match (before, after) {
        (0, after) => format!("{after} bytes"),
        (before, 0) => format!("{before} bytes go"),
        (before, after) => format!("{before} bytes before, {after} after"),
    }
}

fn painted(style: Style, text: impl Display) {
    report::line(format_args!("{style}{text}{style:#}"));
}
