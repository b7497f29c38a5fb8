//! What terraform tells while it works, an event a line. Pure.
//!
//! The form is Terraform's ("Machine-Readable UI").

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// Something that happened to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// It is looked at.
    Refreshed(String),
    /// A plan changes it.
    Planned(String),
    /// How many resources an apply works on.
    Total(usize),
    /// Work on it began.
    Began(String),
    /// It is done.
    Done(String),
    /// It could not be done.
    Failed(String),
}

/// An error of terraform's, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong, in a few words.
    pub summary: String,
    /// The rest of it.
    pub detail: String,
    /// The resource, where it is about one.
    pub address: Option<String>,
    /// `../../modules/queue/main.tf:12`, where it has a place.
    pub place: Option<String>,
    /// The line there.
    pub code: Option<String>,
}

/// What a line says, where it is an event about progress.
#[must_use]
pub fn happened(line: &str) -> Option<Happened> {
    let event: Value = serde_json::from_str(line).ok()?;
    let address = || {
        let resource =
            event.pointer("/hook/resource/addr").or_else(|| event.pointer("/change/resource/addr"));
        resource.and_then(Value::as_str).map(str::to_owned)
    };
    match event.get("type")?.as_str()? {
        "refresh_complete" => address().map(Happened::Refreshed),
        "planned_change" => address().map(Happened::Planned),
        "change_summary" => {
            let count = |what: &str| event.pointer(&format!("/changes/{what}")).and_then(Value::as_u64);
            let all: u64 = ["add", "change", "remove"].into_iter().filter_map(count).sum();
            usize::try_from(all).ok().map(Happened::Total)
        }
        "apply_start" => address().map(Happened::Began),
        "apply_complete" => address().map(Happened::Done),
        "apply_errored" => address().map(Happened::Failed),
        _ => None,
    }
}

/// The errors among what was printed.
pub(super) fn problems(printed: &str) -> Vec<Problem> {
    let events = printed.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    events.filter_map(|event| problem(event.get("diagnostic")?)).collect()
}

fn problem(diagnostic: &Value) -> Option<Problem> {
    let text = |path: &str| diagnostic.pointer(path).and_then(Value::as_str).map(str::to_owned);
    if text("/severity")? != "error" {
        return None;
    }
    let line = diagnostic.pointer("/range/start/line").and_then(Value::as_u64);
    let code = text("/snippet/code").map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    Some(Problem {
        summary: text("/summary")?,
        detail: text("/detail").unwrap_or_default().trim().to_owned(),
        address: text("/address").filter(|address| !address.is_empty()),
        place: text("/range/filename").map(|file| line.map_or(file.clone(), |line| format!("{file}:{line}"))),
        code,
    })
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.summary)?;
        let place: Vec<&str> =
            [&self.address, &self.place].into_iter().flatten().map(String::as_str).collect();
        if !place.is_empty() {
            write!(f, "\n  {}", place.join(", "))?;
        }
        if let Some(code) = &self.code {
            write!(f, "\n    {code}")?;
        }
        for line in self.detail.lines() {
            let indent = if line.is_empty() { "" } else { "  " };
            write!(f, "\n{indent}{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Happened, happened, problems};

    #[test]
    fn progress_is_read_and_the_rest_left() {
        let began = r#"{"type":"apply_start","hook":{"resource":{"addr":"aws_lb.a"},"action":"create"}}"#;
        assert_eq!(happened(began), Some(Happened::Began("aws_lb.a".into())));
        let all = r#"{"type":"change_summary","changes":{"add":3,"change":1,"remove":1,"operation":"plan"}}"#;
        assert_eq!(happened(all), Some(Happened::Total(5)));
        let planned =
            r#"{"type":"planned_change","change":{"resource":{"addr":"aws_lb.a"},"action":"update"}}"#;
        assert_eq!(happened(planned), Some(Happened::Planned("aws_lb.a".into())));
        for other in ["Initializing …", "{}", r#"{"type":"version"}"#] {
            assert_eq!(happened(other), None, "{other}");
        }
    }

    #[test]
    fn an_error_has_its_resource_its_place_and_its_line() {
        let printed = concat!(
            r#"{"type":"version"}"#,
            "\nnot JSON\n",
            r#"{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"old"}}"#,
            "\n",
            r#"{"type":"diagnostic","diagnostic":{"severity":"error","summary":"no such key","detail":"It is gone.\n\nLook.","#,
            r#""address":"aws_kms_key.a","range":{"filename":"main.tf","start":{"line":3,"column":1}},"#,
            r#""snippet":{"code":"resource \"aws_kms_key\" \"a\" {"}}}"#,
        );
        let found = problems(printed);
        let [problem] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            problem.to_string(),
            "no such key\n  aws_kms_key.a, main.tf:3\n    resource \"aws_kms_key\" \"a\" {\n  It is gone.\n\n  Look."
        );
    }
}
