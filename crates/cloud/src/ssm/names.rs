//! Names of parameters: what they may be, how a request picks a version, and ARNs.
//!
//! Rules from "Creating Parameter Store parameters" (AWS Systems Manager User Guide) and PutParameter (API Reference).

use super::error::{Code, Error, Result};

/// Levels of a path at most.
const LEVELS_MAX: usize = 15;

/// The longest name, with the part of the ARN before it.
const NAME_MAX: usize = 1011;

/// The longest name in any request.
const REQUEST_MAX: usize = 2048;

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
    /// Names to look for, the likeliest first: an ARN does not say whether a name begins with a slash.
    pub(super) names: Vec<String>,
    pub(super) selector: Selector,
}

/// Refuses a name that a new parameter can't have. `arn_prefix` is the length of the ARN before it.
pub(super) fn check_new(name: &str, arn_prefix: usize) -> Result<()> {
    check_length(name)?;
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
        return Err(Error::validation(
            "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it \
                can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix \
                of letters, numbers and the following 3 symbols .-_",
        ));
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
    check_length(text)?;
    let (names, rest) = match text.strip_prefix("arn:") {
        Some(arn) => of_arn(arn)?,
        None => {
            let (name, selector) =
                text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
            (vec![name.to_owned()], selector)
        }
    };
    if names.iter().all(|name| !name.bytes().all(|byte| byte == b'/' || is_allowed(byte))) {
        return Err(Error::validation(
            "Invalid parameter name. Please use correct syntax for referencing a version/label  \
                <name>:<version/label>",
        ));
    }
    let selector = match rest {
        None => Selector::Latest,
        Some("") => {
            return Err(Error::validation(
                "Invalid parameter name. Please use correct syntax for referencing a version/label  \
                    <name>:<version/label>",
            ));
        }
        Some(text) => text.parse().map_or_else(|_| Selector::Label(text.to_owned()), Selector::Version),
    };
    Ok(Reference { names, selector })
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

fn check_length(name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::constraint("name", "Member must have length greater than or equal to 1"));
    }
    if name.len() > REQUEST_MAX {
        return Err(Error::constraint("name", "Member must have length less than or equal to 2048"));
    }
    Ok(())
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
    Err(Error::validation("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive)."))
}

fn of_arn(arn: &str) -> Result<(Vec<String>, Option<&str>)> {
    let malformed =
        || Error::validation("Invalid parameter ARN. Use arn:aws:ssm:REGION:ACCOUNT:parameter/NAME.");
    let mut fields = arn.splitn(5, ':');
    let resource = fields.nth(4).ok_or_else(malformed)?;
    let resource =
        resource.strip_prefix("parameter").filter(|rest| rest.starts_with('/')).ok_or_else(malformed)?;
    let (path, selector) =
        resource.split_once(':').map_or((resource, None), |(path, rest)| (path, Some(rest)));
    let plain = path.trim_start_matches('/');
    let names =
        if plain.contains('/') { vec![path.to_owned()] } else { vec![plain.to_owned(), path.to_owned()] };
    Ok((names, selector))
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

#[cfg(test)]
mod tests;
