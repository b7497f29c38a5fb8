//! A value from standard input: typed without being shown, or piped.

use std::io::{IsTerminal as _, Read as _};

use crate::report::Failure;

/// The longest value a secret takes, in bytes (Secrets Manager API Reference, `SecretString`).
const LONGEST: u64 = 65_536;

/// Reads a value. Its one line break at the end is left out.
pub(super) fn read(name: &str) -> Result<String, Failure> {
    let typed = std::io::stdin().is_terminal();
    let text = if typed { ask(name)? } else { take()? };
    let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    if text.is_empty() {
        return Err(Failure::Sentence(format!("the value of `{name}` is empty; nothing was changed")));
    }
    Ok(text.to_owned())
}

fn ask(name: &str) -> Result<String, Failure> {
    let terminal = console::Term::stderr();
    let unread = |error: std::io::Error| Failure::Sentence(format!("the terminal cannot be read: {error}"));
    terminal.write_str(&format!("Value of {name} (it is not shown): ")).map_err(unread)?;
    terminal.read_secure_line().map_err(unread)
}

fn take() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(LONGEST + 2).read_to_end(&mut bytes);
    read.map_err(|error| Failure::Sentence(format!("standard input cannot be read: {error}")))?;
    if bytes.len() as u64 > LONGEST {
        let sentence = "the value is longer than 65,536 bytes, which is the most a secret has";
        return Err(Failure::Sentence(sentence.to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| Failure::Sentence("the value is not UTF-8 text".to_owned()))
}
