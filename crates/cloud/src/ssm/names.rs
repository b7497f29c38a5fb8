//! Names of parameters: what they may be, how a request picks a version, and ARNs.
//!
//! Rules from "Creating Parameter Store parameters" (AWS Systems Manager User Guide) and PutParameter (API Reference).

use super::error::{Code, Error, Result};

/// Levels of a path at most.
const LEVELS_MAX: usize = 15;

/// The longest name, with the part of the ARN before it.
const NAME_MAX: usize = 1011;

/// Which version of a parameter is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Selector {
    Latest,
    Version(i64),
    Label(String),
}

/// A parameter as a request names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// As the request has it.
    pub(super) text: String,
    /// The name as the request has it, unless it is an ARN's.
    pub(super) told: Option<String>,
    /// Names to look for, the likeliest first: a name of one level is the same with and without its slash.
    pub(super) names: Vec<String>,
    pub(super) selector: Selector,
}

/// Refuses a name that a new parameter can't have. `arn_prefix` is the length of the ARN before it.
pub(super) fn check_new(name: &str, arn_prefix: usize) -> Result<()> {
    if name.len() + arn_prefix > NAME_MAX {
        return Err(Error::validation(format!(
            "Parameter name: the name, together with the ARN before it, can be {NAME_MAX} characters long."
        )));
    }
    let path = name.strip_prefix('/');
    if path.is_none() && name.contains('/') {
        return Err(Error::validation("Parameter name must be a fully qualified name."));
    }
    check_reserved(name)?;
    let levels: Vec<&str> = path.unwrap_or(name).split('/').collect();
    if levels.iter().any(|level| level.is_empty() || !level.bytes().all(is_allowed)) {
        return Err(malformed());
    }
    if levels.len() > LEVELS_MAX {
        return Err(Code::HierarchyLevelLimitExceededException.saying(format!(
            "A hierarchy can have a \
            maximum of {LEVELS_MAX} levels. For more information, see Requirements and constraints for \
            parameter names in the AWS Systems Manager User Guide."
        )));
    }
    Ok(())
}

/// Reads `name`, `name:version`, `name:label` or an ARN of these.
pub(super) fn read(text: &str) -> Result<Reference> {
    let arn = text.strip_prefix("arn:");
    let resource = arn.map_or(Ok(text), of_arn)?;
    let (name, rest) = resource.split_once(':').map_or((resource, None), |(name, rest)| (name, Some(rest)));
    let syntax = "Invalid parameter name. Please use correct syntax for referencing a version/label  \
                  <name>:<version/label>";
    if !name.bytes().all(|byte| byte == b'/' || is_allowed(byte)) || rest == Some("") {
        return Err(Error::validation(syntax));
    }
    if name.contains("//") || (name.contains('/') && !name.starts_with('/')) {
        return Err(malformed());
    }
    let selector = match rest {
        None => Selector::Latest,
        Some(several) if several.contains(':') => return Err(Error::not_found(text)),
        Some(rest) => rest.parse().map_or_else(|_| Selector::Label(rest.to_owned()), Selector::Version),
    };
    let told = arn.is_none().then(|| name.to_owned());
    Ok(Reference { text: text.to_owned(), told, names: spellings(name), selector })
}

/// How a name may be kept: `name` and `/name` are one parameter, because their ARNs are the same.
pub(super) fn spellings(name: &str) -> Vec<String> {
    let plain = name.trim_start_matches('/');
    if plain.contains('/') {
        return vec![name.to_owned()];
    }
    let other = if name.starts_with('/') { plain.to_owned() } else { format!("/{plain}") };
    vec![name.to_owned(), other]
}

/// `arn:aws:ssm:us-east-1:000000000000:parameter/name`, whether or not the name has a slash of its own.
pub(super) fn arn(region: &str, account_id: &str, name: &str) -> String {
    let slash = if name.starts_with('/') { "" } else { "/" };
    format!("{}{slash}{name}", arn_prefix(region, account_id))
}

/// What comes before the name in an ARN.
pub(super) fn arn_prefix(region: &str, account_id: &str) -> String {
    format!("arn:aws:ssm:{region}:{account_id}:parameter")
}

fn malformed() -> Error {
    Error::validation(
        "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of \
         sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following \
         3 symbols .-_",
    )
}

fn check_reserved(name: &str) -> Result<()> {
    let plain = name.trim_start_matches('/').to_ascii_lowercase();
    let is_path = name.matches('/').count() > 1;
    if !plain.starts_with("aws") && !plain.starts_with("ssm") {
        return Ok(());
    }
    if is_path && plain.starts_with("aws") {
        return Err(
            Code::AccessDeniedException.saying(format!("No access to reserved parameter name: {name}."))
        );
    }
    if is_path {
        return Err(malformed());
    }
    Err(Error::validation("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive)."))
}

/// What comes after `parameter` in an ARN.
fn of_arn(arn: &str) -> Result<&str> {
    let malformed =
        || Error::validation("Invalid parameter ARN. Use arn:aws:ssm:REGION:ACCOUNT:parameter/NAME.");
    let mut fields = arn.splitn(5, ':');
    let resource = fields.nth(4).ok_or_else(malformed)?;
    resource.strip_prefix("parameter").filter(|rest| rest.starts_with('/')).ok_or_else(malformed)
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

#[cfg(test)]
mod tests;
