//! `AssumeRole` and `AssumeRoleWithWebIdentity`. There is no IAM here, so that every role can be assumed.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Sts;
use super::error::{Code, Result};
use super::session::letters;
use super::xml::{Element, text};

/// Seconds a session lasts where the request does not say (AssumeRole, API Reference).
const USUAL_SECONDS: i64 = 3600;

/// Bytes that session policies and tags may have together once packed (AssumeRole, API Reference).
const PACKED_MAX: usize = 2048;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Assuming {
    role_arn: String,
    role_session_name: String,
    policy: Option<String>,
    duration_seconds: Option<i64>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    transitive_tag_keys: Vec<String>,
    source_identity: Option<String>,
}

/// It has no `Debug`, because it has a token.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct WithWebIdentity {
    role_arn: String,
    role_session_name: String,
    web_identity_token: String,
    provider_id: Option<String>,
    policy: Option<String>,
    duration_seconds: Option<i64>,
}

/// A session tag as the wire has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: String,
}

impl Sts {
    pub(super) fn assume_role(&self, input: Assuming) -> Result<Element> {
        check_tags(&input.tags, &input.transitive_tag_keys)?;
        check_policy(input.policy.as_deref())?;
        let packed = packed(input.policy.as_deref(), &input.tags);
        let mut told = self.assumed(&input.role_arn, &input.role_session_name, input.duration_seconds)?;
        told.extend(packed.map(|percent| text("PackedPolicySize", percent.to_string())));
        told.extend(input.source_identity.map(|identity| text("SourceIdentity", identity)));
        Ok(Element::Result(told))
    }

    pub(super) fn assume_role_with_web_identity(&self, input: WithWebIdentity) -> Result<Element> {
        check_policy(input.policy.as_deref())?;
        let claims = claims(&input.web_identity_token);
        let claim = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let mut told = self.assumed(&input.role_arn, &input.role_session_name, input.duration_seconds)?;
        let subject = claim("sub").unwrap_or_else(|| input.role_session_name.clone());
        told.push(text("SubjectFromWebIdentityToken", subject));
        told.extend(claim("aud").map(|audience| text("Audience", audience)));
        told.extend(input.provider_id.or_else(|| claim("iss")).map(|provider| text("Provider", provider)));
        let packed = packed(input.policy.as_deref(), &[]);
        told.extend(packed.map(|percent| text("PackedPolicySize", percent.to_string())));
        Ok(Element::Result(told))
    }

    fn assumed(&self, role: &str, session: &str, seconds: Option<i64>) -> Result<Vec<Element>> {
        let (account, name) = role_of(role)?;
        let arn = format!("arn:aws:sts::{account}:assumed-role/{name}/{session}");
        let id = format!("{}:{session}", role_id(role));
        let credentials = self.credentials(&arn, &id, seconds.unwrap_or(USUAL_SECONDS))?;
        let user = Element::Group("AssumedRoleUser", vec![text("AssumedRoleId", id), text("Arn", arn)]);
        Ok(vec![credentials, user])
    }
}

/// Refuses keys that are there twice, and transitive ones that are not there.
pub(super) fn check_tags(tags: &[Tag], transitive: &[String]) -> Result<()> {
    let refused = |message: &str| Err(Code::InvalidParameterValue.saying(message));
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    for (index, tag) in tags.iter().enumerate() {
        if tags.iter().take(index).any(|earlier| same(&earlier.key, &tag.key)) {
            return refused("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
        }
    }
    if transitive.iter().any(|key| !tags.iter().any(|tag| same(&tag.key, key))) {
        return refused("The specified transitive tag key must be included in the requested tags.");
    }
    Ok(())
}

/// Refuses a session policy that is no JSON.
pub(super) fn check_policy(policy: Option<&str>) -> Result<()> {
    let sound = policy
        .is_none_or(|policy| serde_json::from_str::<Value>(policy).is_ok_and(|policy| policy.is_object()));
    if sound {
        Ok(())
    } else {
        Err(Code::MalformedPolicyDocument.saying("This policy contains invalid Json"))
    }
}

/// How much of the room for policy and tags is taken, in percent, where there are any.
pub(super) fn packed(policy: Option<&str>, tags: &[Tag]) -> Option<usize> {
    if policy.is_none() && tags.is_empty() {
        return None;
    }
    let tags: usize = tags.iter().map(|tag| tag.key.len() + tag.value.len()).sum();
    Some((policy.map_or(0, str::len) + tags) * 100 / PACKED_MAX)
}

/// The account and the name of the role in an ARN: `arn:aws:iam::000000000000:role/path/name`.
fn role_of(arn: &str) -> Result<(&str, &str)> {
    let invalid = || Code::ValidationError.saying(format!("{arn} is invalid"));
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    match fields.as_slice() {
        ["arn", partition, service, _, account, resource]
            if !partition.is_empty() && !service.is_empty() && !resource.is_empty() =>
        {
            Ok((account, resource.rsplit('/').next().unwrap_or(resource)))
        }
        _ => Err(invalid()),
    }
}

/// `AROA` and 17 letters that are always the same for a role.
fn role_id(role: &str) -> String {
    let hash = Sha256::digest(role);
    format!("AROA{}", letters(hash.get(..17).unwrap_or_default()))
}

/// What a token claims, where it is a JWT. Nobody's signature is checked here.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).and_then(|payload| BASE64_URL_SAFE_NO_PAD.decode(payload).ok());
    payload.and_then(|payload| serde_json::from_slice(&payload).ok()).unwrap_or(Value::Null)
}
