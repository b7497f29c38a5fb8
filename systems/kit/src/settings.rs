//! Settings come from the environment, are read once at start, and are judged all at once.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read as _};
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

/// How much of a `.env` file is read, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// The environment while settings are being read from it.
///
/// Readers hand back a stand-in for a bad variable and remember the problem; [`Environment::finish`] reports all of
/// them, so a stand-in is never used.
#[derive(Debug)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    problems: Vec<String>,
}

/// Every variable that was missing or wrong, one sentence each.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{}", .0.join("\n"))]
pub struct InvalidSettings(pub Vec<String>);

impl Environment {
    /// The environment of this process, and below it the file `.env` of the folder it was started in.
    #[must_use]
    pub fn of_process() -> Self {
        let mut environment = Self::of_file(Path::new(".env"));
        let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
        };
        environment.variables.extend(std::env::vars_os().filter_map(readable));
        environment
    }

    /// The variables of a file of `NAME=value` lines, which need not be there.
    fn of_file(file: &Path) -> Self {
        let mut environment = Self::of_pairs(&[]);
        let name = file.display();
        match File::open(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => environment.problems.push(format!("{name} can't be read: {error}")),
            Ok(open) => environment.take(&name, dotenvy::Iter::new(open.take(MAX_FILE))),
        }
        environment
    }

    /// A broken line is told by the variable before it: the line itself may hold a secret.
    fn take(&mut self, file: &dyn Display, lines: dotenvy::Iter<io::Take<File>>) {
        let mut place = "in its first line".to_owned();
        for line in lines {
            let why = match line {
                Ok((name, value)) => {
                    place = format!("after {name}");
                    self.variables.insert(name, value);
                    continue;
                }
                Err(dotenvy::Error::Io(error)) => error.to_string(),
                Err(_) => {
                    "each line has to be NAME=value, with quotes around a value that has blanks".to_owned()
                }
            };
            return self.problems.push(format!("{file} can't be read {place}: {why}"));
        }
    }

    /// An environment of these variables alone.
    #[must_use]
    pub fn of_pairs(pairs: &[(&str, &str)]) -> Self {
        let variables = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { variables, problems: Vec::new() }
    }

    /// A variable without which the program can't work. An empty value counts as missing.
    pub fn required(&mut self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.problems.push(format!("{name} is required and not set; put it into the environment"));
            String::new()
        })
    }

    /// A variable that may be absent. An empty value counts as absent.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        self.variables.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// A text with a default.
    #[must_use]
    pub fn text(&self, name: &str, default: &str) -> String {
        self.optional(name).unwrap_or_else(|| default.to_owned())
    }

    /// A number with a default, inside `range` (ends included).
    pub fn number<N>(&mut self, name: &str, default: N, range: RangeInclusive<N>) -> N
    where
        N: FromStr + PartialOrd + Display + Copy,
    {
        let Some(written) = self.optional(name) else { return default };
        match written.trim().parse::<N>() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let (low, high) = (range.start(), range.end());
                self.reject(name, &written, &format!("a number from {low} to {high}"));
                default
            }
        }
    }

    /// Any other type that reads itself from text; `expected` completes "must be …".
    pub fn parsed<T: FromStr>(&mut self, name: &str, default: T, expected: &str) -> T {
        let Some(written) = self.optional(name) else { return default };
        written.parse().unwrap_or_else(|_| {
            self.reject(name, &written, expected);
            default
        })
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When any variable was missing or wrong; the error has one sentence for each.
    pub fn finish(self) -> Result<(), InvalidSettings> {
        if self.problems.is_empty() { Ok(()) } else { Err(InvalidSettings(self.problems)) }
    }

    pub(crate) fn reject(&mut self, name: &str, written: &str, expected: &str) {
        self.problem(format!("{name} must be {expected}, not `{written}`"));
    }

    /// Remembers what is wrong with a variable that must not be shown.
    pub fn problem(&mut self, sentence: String) {
        self.problems.push(sentence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_stand_in_for_what_is_absent_or_empty() {
        let mut env = Environment::of_pairs(&[("EMPTY", "")]);
        assert_eq!(env.text("EMPTY", "local"), "local");
        assert_eq!(env.number("PORT", 8000_u16, 0..=u16::MAX), 8000);
        assert_eq!(env.finish(), Ok(()));
    }

    #[test]
    fn a_file_gives_variables_and_a_broken_line_is_told_without_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        assert_eq!(Environment::of_file(&file).finish(), Ok(()));
        std::fs::write(&file, "# where\nexport HOST='a b' # here\nPORT=80\n\nEMPTY=\n").unwrap();
        let env = Environment::of_file(&file);
        assert_eq!(
            [env.text("HOST", ""), env.text("PORT", ""), env.text("EMPTY", "none")],
            ["a b", "80", "none"]
        );
        std::fs::write(&file, "PORT=80\nsecret words\n").unwrap();
        let told = Environment::of_file(&file).finish().unwrap_err().to_string();
        assert!(told.contains("can't be read after PORT: each line has to be NAME=value"), "{told}");
        assert!(!told.contains("secret"), "{told}");
    }

    #[test]
    fn every_problem_is_told_with_its_variable() {
        let mut env = Environment::of_pairs(&[("PORT", "http"), ("WAIT", "21"), ("BLANK", "")]);
        let _ = env.required("AWS_REGION");
        let _ = env.required("BLANK");
        let _ = env.number("PORT", 8000_u16, 0..=u16::MAX);
        let _ = env.number("WAIT", 20, 0..=20);
        assert_eq!(
            env.finish().unwrap_err().to_string(),
            "AWS_REGION is required and not set; put it into the environment\n\
             BLANK is required and not set; put it into the environment\n\
             PORT must be a number from 0 to 65535, not `http`\n\
             WAIT must be a number from 0 to 20, not `21`"
        );
    }
}
