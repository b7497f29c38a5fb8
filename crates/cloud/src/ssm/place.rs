//! A new version of a parameter: what the request says, and for the rest what the version before had.

use regex::Regex;
use rusqlite::Connection;

use super::Inner;
use super::error::{Code, Error, Result};
use super::names;
use super::put::{Tier, Wanted};
use super::rows::{self, Kind, Version};
use crate::clock;

/// Versions kept of a parameter ("Working with parameter versions").
pub(crate) const VERSIONS_MAX: usize = 100;

/// Bytes of a value in the standard and the advanced tier ("Managing parameter tiers").
const STANDARD_MAX: usize = 4096;
const ADVANCED_MAX: usize = 8192;

/// The key a SecureString is said to be sealed with when the request does not say.
const DEFAULT_KEY: &str = "alias/aws/ssm";

/// The largest compiled form of an allowed pattern, in bytes: a small text can describe a huge automaton.
const PATTERN_LIMIT: usize = 1 << 20;

/// Adds the version a checked request describes after `before`.
pub(super) fn place(
    db: &Connection,
    inner: &Inner,
    wanted: Wanted,
    before: Option<Version>,
) -> Result<Version> {
    let kind = wanted.kind.or(before.as_ref().map(|before| before.kind));
    let kind =
        kind.ok_or_else(|| Error::validation("A parameter type is required when you create a parameter."))?;
    if kind != Kind::SecureString && wanted.key_id.is_some() {
        return Err(Error::validation("KeyId is required for SecureString type parameter only."));
    }
    let tier = tier(&wanted, before.as_ref())?;
    let kept = Kept::of(db, before)?;
    let name = kept.name.unwrap_or(wanted.name);
    make_room(db, &name)?;
    let allowed_pattern = wanted.allowed_pattern.or(kept.allowed_pattern);
    if let Some(pattern) = &allowed_pattern {
        check_pattern(pattern, &wanted.value)?;
    }
    let (policies, due) = match wanted.policies {
        Some(policies) => (policies.text, policies.expires),
        None => (kept.policies, kept.due),
    };
    check_policies(policies.as_deref(), &tier)?;
    let key_id = (kind == Kind::SecureString)
        .then(|| wanted.key_id.or(kept.key_id).unwrap_or_else(|| DEFAULT_KEY.to_owned()));
    let (value, sealed_by) = inner.sealed(db, &name, key_id.as_deref(), wanted.value.into_bytes())?;
    let version = Version {
        value,
        key_id,
        name,
        version: kept.version + 1,
        kind,
        description: wanted.description.or(kept.description),
        allowed_pattern,
        tier,
        data_type: wanted.data_type.or(kept.data_type).unwrap_or_else(|| "text".to_owned()),
        modified: clock::now_ms(),
        labels: Vec::new(),
        policies,
        sealed_by,
    };
    rows::insert(db, &version, &wanted.tags, due)?;
    Ok(version)
}

/// The latest version of the parameter of this name, with or without its slash.
pub(super) fn before(db: &Connection, name: &str) -> Result<Option<Version>> {
    for name in names::spellings(name) {
        if let Some(latest) = rows::latest(db, &name)? {
            return Ok(Some(latest));
        }
    }
    Ok(None)
}

/// What a new version keeps of the one before it where the request does not say.
#[derive(Default)]
struct Kept {
    name: Option<String>,
    version: i64,
    description: Option<String>,
    allowed_pattern: Option<String>,
    data_type: Option<String>,
    key_id: Option<String>,
    policies: Option<String>,
    due: Option<i64>,
}

impl Kept {
    fn of(db: &Connection, before: Option<Version>) -> Result<Self> {
        let Some(before) = before else { return Ok(Self::default()) };
        Ok(Self {
            due: rows::due(db, &before.name)?,
            name: Some(before.name),
            version: before.version,
            description: before.description,
            allowed_pattern: before.allowed_pattern,
            data_type: Some(before.data_type),
            key_id: before.key_id,
            policies: before.policies,
        })
    }
}

impl Inner {
    /// A value as it is kept, and the key that sealed it where `key` names one.
    fn sealed(
        &self,
        db: &Connection,
        name: &str,
        key: Option<&str>,
        value: Vec<u8>,
    ) -> Result<(Vec<u8>, Option<String>)> {
        let Some(key) = key else { return Ok((value, None)) };
        let sealed = self.kms.encrypt_for(db, key, &self.context(name), &value);
        let sealed = sealed.map_err(|refused| Error::invalid_key(&refused))?;
        Ok((sealed.blob, Some(sealed.key_arn)))
    }
}

fn check_policies(policies: Option<&str>, tier: &str) -> Result<()> {
    if policies.is_none() || tier == "Advanced" {
        return Ok(());
    }
    Err(Error::validation(
        "Parameter policies are only supported for parameters that use the advanced-parameter tier.",
    ))
}

fn check_pattern(pattern: &str, value: &str) -> Result<()> {
    let whole = format!("^(?:{pattern})$");
    let regex = regex::RegexBuilder::new(&whole).size_limit(PATTERN_LIMIT).build();
    let regex: Regex = regex.map_err(|_| {
        Code::InvalidAllowedPatternException.saying(format!(
            "The allowed pattern {pattern} is not a regular expression this endpoint can use."
        ))
    })?;
    if regex.is_match(value) {
        return Ok(());
    }
    Err(Code::ParameterPatternMismatchException
        .saying(format!("Parameter value, cannot be validated against allowedPattern: {pattern}")))
}

/// The tier of the new version. What is advanced stays so.
fn tier(wanted: &Wanted, before: Option<&Version>) -> Result<String> {
    let size = wanted.value.len();
    let advanced = before.is_some_and(|before| before.tier == "Advanced");
    let has_policies = wanted.policies.as_ref().is_some_and(|policies| policies.text.is_some());
    let tier = match wanted.tier {
        Some(Tier::Intelligent) if advanced || size > STANDARD_MAX || has_policies => Tier::Advanced,
        Some(Tier::Intelligent) => Tier::Standard,
        Some(Tier::Standard) if advanced => {
            return Err(Error::validation(
                "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from \
                    the advanced-parameter tier to the standard-parameter tier. If necessary, you can \
                    delete the advanced parameter and recreate it as a standard parameter.",
            ));
        }
        None if advanced => Tier::Advanced,
        None => Tier::Standard,
        Some(other) => other,
    };
    match tier {
        Tier::Standard if size > STANDARD_MAX => Err(Error::validation(format!(
            "Standard tier parameters support a maximum parameter value of {STANDARD_MAX} characters. To \
                create a larger parameter value, upgrade the parameter to use the advanced-parameter \
                tier. For more information, see \
                https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
        ))),
        _ if size > ADVANCED_MAX => Err(Error::validation(format!(
            "Advanced tier parameters support a maximum parameter value of {ADVANCED_MAX} characters."
        ))),
        Tier::Standard => Ok("Standard".to_owned()),
        Tier::Advanced | Tier::Intelligent => Ok("Advanced".to_owned()),
    }
}

/// Forgets the oldest version when there are a hundred, unless a label holds it.
fn make_room(db: &Connection, name: &str) -> Result<()> {
    let Some(oldest) = rows::oldest_of(db, name, VERSIONS_MAX)? else { return Ok(()) };
    if oldest.labels.is_empty() {
        return rows::forget(db, name, oldest.version);
    }
    Err(Code::ParameterMaxVersionLimitExceeded.saying(format!(
        "You attempted to create a new version of \
        {name} by calling the PutParameter API with the overwrite flag. Version {}, the oldest version, \
        can't be deleted because it has a label associated with it. Move the label to another version of \
        the parameter, and try again.",
        oldest.version
    )))
}
