//! Key policies: kept and told; nobody is refused by them here, because everybody is the account's root.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Kms;
use super::describe::Nothing;
use super::error::{Code, Result};
use super::find::Aliases;
use super::key::{self, Key};

/// The only policy a key has ("Key policies", AWS KMS Developer Guide).
const NAME: &str = "default";

/// Bytes of a policy at most (PutKeyPolicy, API Reference).
const POLICY_MAX: usize = 32 * 1024;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Getting {
    key_id: String,
    policy_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Putting {
    key_id: String,
    policy_name: Option<String>,
    policy: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    policy: String,
    policy_name: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    policy_names: [&'static str; 1],
    truncated: bool,
}

impl Kms {
    pub(super) async fn get_key_policy(&self, input: Getting) -> Result<Got> {
        check_name(input.policy_name.as_deref())?;
        let got = |key: Key| Got { policy: key.policy, policy_name: NAME };
        self.with_key(input.key_id, Aliases::Refused, move |_, _, key| Ok(got(key))).await
    }

    pub(super) async fn put_key_policy(&self, input: Putting) -> Result<Nothing> {
        check_name(input.policy_name.as_deref())?;
        check(&input.policy)?;
        let policy = input.policy;
        self.change(input.key_id, |db, inner, key| {
            inner.check_ours(&key)?;
            key::save(db, &Key { policy, ..key })?;
            Ok(Nothing {})
        })
        .await
    }

    pub(super) async fn list_key_policies(&self, input: Getting) -> Result<Listed> {
        let listed = Listed { policy_names: [NAME], truncated: false };
        self.with_key(input.key_id, Aliases::Refused, move |_, _, _| Ok(listed)).await
    }
}

/// Refuses what is no policy.
pub(super) fn check(policy: &str) -> Result<()> {
    let malformed = |what: &str| Err(Code::MalformedPolicyDocumentException.saying(what));
    if policy.len() > POLICY_MAX {
        return malformed("The policy is longer than 32 KB.");
    }
    match serde_json::from_str::<Value>(policy) {
        Ok(Value::Object(policy)) if policy.contains_key("Statement") => Ok(()),
        Ok(_) => malformed("This policy contains invalid Json: it has no Statement."),
        Err(_) => malformed("This policy contains invalid Json"),
    }
}

/// What a key gets whose maker has not said: the account may do everything.
pub(super) fn default(account_id: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{account_id}:root") },
            "Action": "kms:*",
            "Resource": "*",
        }],
    })
    .to_string()
}

fn check_name(name: Option<&str>) -> Result<()> {
    match name {
        None | Some(NAME) => Ok(()),
        Some(_) => Err(Code::NotFoundException.saying("No such policy exists")),
    }
}
