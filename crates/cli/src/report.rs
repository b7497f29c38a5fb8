//! The one room that prints and picks the exit code.

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The manifest does not hold; the text shows every problem.
    Manifest(String),
    /// Anything else, as a sentence.
    Sentence(String),
    /// As a sentence, with an exit code that says how it ended.
    Ended { code: u8, text: String },
    /// A command that ran on the person's behalf ended so; its own output says why.
    Child(u8),
}

impl Failure {
    /// A failure from an error whose text is a sentence for a person.
    pub(crate) fn from_error(error: impl Display) -> Self {
        Self::Sentence(error.to_string())
    }

    fn code(&self) -> u8 {
        match self {
            Self::Manifest(_) => 2,
            Self::Sentence(_) => 1,
            Self::Ended { code, .. } | Self::Child(code) => *code,
        }
    }
}

const ERROR: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default();

/// Ends the program: prints a failure, if there is one, and gives the exit code.
pub(crate) fn end(outcome: Result<(), Failure>) -> ExitCode {
    let Err(failure) = outcome else { return ExitCode::SUCCESS };
    match &failure {
        Failure::Manifest(text) => write_error(text),
        Failure::Sentence(text) | Failure::Ended { text, .. } => {
            write_error(&format!("{ERROR}error{ERROR:#}: {text}\n"));
        }
        Failure::Child(_) => {}
    }
    ExitCode::from(failure.code())
}

/// Prints a line for a person or a pipe.
pub(crate) fn line(text: impl Display) {
    write_out(&format!("{text}\n"));
}

/// Prints a line that says something went well.
pub(crate) fn done(text: impl Display) {
    write_out(&format!("{GOOD}✓{GOOD:#} {text}\n"));
}

/// Prints a line about the work itself, beside the output proper.
pub(crate) fn note(text: impl Display) {
    write_error(&format!("{text}\n"));
}

/// Prints a value as indented JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::from_error)?;
    line(text);
    Ok(())
}

/// Prints a value as one line of JSON.
pub(crate) fn json_line(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(Failure::from_error)?;
    line(text);
    Ok(())
}

/// Asks a person to type `word` before something is lost. Without a terminal nobody can, and it is refused.
pub(crate) fn confirm(what: &str, word: &str) -> Result<(), Failure> {
    let refused = |reason: &str| Failure::Sentence(format!("{reason}; nothing was changed"));
    if !std::io::stdin().is_terminal() {
        return Err(refused("this wants a confirmation and there is no terminal to ask; add --yes"));
    }
    write_error(&format!("{what}\nType {word} to go on: "));
    let mut typed = String::new();
    let read = std::io::stdin().read_line(&mut typed);
    read.map_err(|error| refused(&format!("the terminal cannot be read: {error}")))?;
    if typed.trim() == word { Ok(()) } else { Err(refused("that was not it")) }
}

/// Whether standard output is a terminal that a display may redraw.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether messages on standard error may have colour.
pub(crate) fn colours_errors() -> bool {
    anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
}

// A reader that went away (`taxiway logs | head`) is not a failure of ours, so what could not be written is dropped.
fn write_out(text: &str) {
    let mut out = anstream::stdout().lock();
    let _gone = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn write_error(text: &str) {
    let mut out = anstream::stderr().lock();
    let _gone = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
