//! Secrets written where everybody can read them. The messages never show the value.

use super::Scene;
use crate::problem::{Findings, TextRange};
use crate::written::Resource;
use crate::written::text::PlainText;

/// Ends of names whose values are secrets.
const ENDINGS: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "SECRET_KEY",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "ACCESS_KEY",
    "PRIVATE_KEY",
    "CREDENTIALS",
];
/// Shortest `local` value that is looked for elsewhere.
const TELLING: usize = 8;

/// Finds secrets in plain text, and values of this machine that would leave it.
pub(super) fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (name, item) in scene.services().iter() {
        let service = &item.at;
        for (variable, value) in service.env.iter() {
            let place = format!("variable `{variable}` of service `{name}`");
            named(variable, &value.at, value.at.range, &place, findings);
            looks(&value.at.text, value.at.range, &place, findings);
            leaked(scene, &value.at.text, value.at.range, &place, findings);
        }
        if let Some(build) = &service.build {
            for (argument, value) in build.0.args.iter() {
                let place = format!("build argument `{argument}` of service `{name}`");
                named(argument, &value.at, value.at.range, &place, findings);
                looks(&value.at.text, value.at.range, &place, findings);
            }
        }
        for (field, command) in [("run", &service.run), ("prepare", &service.prepare)] {
            let Some(command) = command else { continue };
            for word in &command.0 {
                looks(word, command.range, &format!("`{field}` of service `{name}`"), findings);
            }
        }
    }
    for (name, item) in scene.resources().iter() {
        if let Resource::Parameter(parameter) = &item.at.value
            && let Some(value) = &parameter.value
        {
            looks(&value.text, value.range, &format!("`value` of parameter `{name}`"), findings);
        }
    }
}

/// A name that says that the value is secret.
fn named(variable: &str, value: &PlainText, range: TextRange, place: &str, findings: &mut Findings) {
    let upper = variable.to_ascii_uppercase();
    let telling = ENDINGS.iter().any(|ending| {
        upper.strip_suffix(ending).is_some_and(|before| before.is_empty() || before.ends_with('_'))
    });
    let harmless = value.text.is_empty() || matches!(value.text.as_str(), "true" | "false");
    if !telling || harmless {
        return;
    }
    if value.interpolated {
        findings
            .warning(range, format!("{place} looks like a secret; generated files would show its value"))
            .hint(reference(variable));
        return;
    }
    findings.conceal(range);
    findings.error(range, format!("{place} is a secret written in plain")).hint(reference(variable));
}

/// A value that is a secret whatever its name.
fn looks(text: &str, range: TextRange, place: &str, findings: &mut Findings) {
    let what = if access_key(text) {
        "an AWS access key"
    } else if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY") {
        "a private key"
    } else if url_password(text) {
        "a URL with a password"
    } else {
        return;
    };
    findings.conceal(range);
    findings
        .error(range, format!("{place} contains {what}"))
        .hint("keep it in a resource `{ type: secret }` and inject that with `secrets`; a value that was ever committed must be replaced");
}

/// The `local` value of a resource, written out again where it would be compiled.
fn leaked(scene: &Scene<'_>, text: &str, range: TextRange, place: &str, findings: &mut Findings) {
    if text.len() < TELLING {
        return;
    }
    for (name, item) in scene.resources().iter() {
        let local = match &item.at.value {
            Resource::Parameter(parameter) => &parameter.local,
            Resource::Secret(secret) => &secret.local,
            _ => continue,
        };
        if local.as_ref().is_some_and(|local| local.len() >= TELLING && text.contains(local.as_str())) {
            findings.conceal(range);
            findings
                .error(
                    range,
                    format!("{place} repeats the `local` value of `{name}`, which never leaves this machine"),
                )
                .hint(format!("inject it by reference: `secrets: {{ VARIABLE: {name} }}`"));
        }
    }
}

fn reference(variable: &str) -> String {
    let resource = variable.to_ascii_lowercase().replace('_', "-");
    format!(
        "define `resources: {{ {resource}: {{ type: secret }} }}` and inject it: `secrets: {{ {variable}: {resource} }}`"
    )
}

/// `AKIA` or `ASIA` and sixteen capitals or digits (AWS IAM user guide, "IAM identifiers").
fn access_key(text: &str) -> bool {
    ["AKIA", "ASIA"].iter().flat_map(|prefix| text.match_indices(prefix)).any(|(at, prefix)| {
        let rest = text.get(at + prefix.len()..).unwrap_or_default();
        rest.chars().take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit()).count() >= 16
    })
}

/// `scheme://user:password@host`.
fn url_password(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = text.get(at + 3..).unwrap_or_default();
        let authority = rest.split(['/', '?', '#', ' ', '"', '\'']).next().unwrap_or_default();
        let Some((user, _)) = authority.rsplit_once('@') else { return false };
        user.split_once(':').is_some_and(|(_, password)| !password.is_empty() && !password.starts_with('$'))
    })
}
