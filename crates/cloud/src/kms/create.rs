//! `CreateKey`: symmetric keys whose material is made here.

use serde::Deserialize;
use uuid::Uuid;

use super::describe::Described;
use super::error::{Code, Error, Result};
use super::key::{self, Key, Manager, State, Tag};
use super::{Inner, Kms, policy, tags};
use crate::clock;

const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    policy: Option<String>,
    #[serde(default)]
    description: String,
    key_usage: Option<String>,
    customer_master_key_spec: Option<String>,
    key_spec: Option<String>,
    origin: Option<String>,
    custom_key_store_id: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
    multi_region: Option<bool>,
}

impl Kms {
    pub(super) async fn create_key(&self, input: Input) -> Result<Described> {
        check(&input)?;
        let tags = tags::merged(Vec::new(), input.tags)?;
        if let Some(policy) = &input.policy {
            policy::check(policy)?;
        }
        let key = self.inner.new_key(Manager::Customer, input.description, input.policy, tags);
        let inner = self.inner.clone();
        let job = move |db: &rusqlite::Connection| {
            key::insert(db, &inner.root, &key)?;
            Ok::<_, Error>(inner.described(&key, 1))
        };
        self.inner.store.write(job).await
    }
}

impl Inner {
    /// A key that was never used.
    pub(super) fn new_key(
        &self,
        manager: Manager,
        description: String,
        policy: Option<String>,
        tags: Vec<Tag>,
    ) -> Key {
        Key {
            id: Uuid::new_v4(),
            manager,
            description,
            state: State::Enabled,
            made: clock::now_ms(),
            due: None,
            rotation_period: None,
            rotated: None,
            policy: policy.unwrap_or_else(|| policy::default(&self.account_id)),
            tags,
        }
    }
}

fn check(input: &Input) -> Result<()> {
    let spec = match (input.key_spec.as_deref(), input.customer_master_key_spec.as_deref()) {
        (Some(_), Some(_)) => {
            return Err(Error::validation(
                "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. \
                 CustomerMasterKeySpec is deprecated.",
            ));
        }
        (spec, older) => spec.or(older).unwrap_or(SYMMETRIC),
    };
    let usage = input.key_usage.as_deref().unwrap_or("ENCRYPT_DECRYPT");
    if spec == SYMMETRIC && usage != "ENCRYPT_DECRYPT" {
        return Err(Error::validation(format!(
            "The operation failed because the KeyUsage value of the KMS key is {usage}. To perform this operation, the KeyUsage value must be ENCRYPT_DECRYPT."
        )));
    }
    let unsupported = match (spec, input.origin.as_deref(), &input.custom_key_store_id, input.multi_region) {
        (SYMMETRIC, None | Some("AWS_KMS"), None, None | Some(false)) => return Ok(()),
        (SYMMETRIC, None | Some("AWS_KMS"), None, _) => "multi-Region keys".to_owned(),
        (SYMMETRIC, Some(origin), ..) if origin != "AWS_KMS" => format!("keys of origin {origin}"),
        (SYMMETRIC, ..) => "custom key stores".to_owned(),
        (spec, ..) => format!("keys of spec {spec}"),
    };
    Err(Code::UnsupportedOperationException.saying(format!(
        "CreateKey: this cloud has symmetric keys (SYMMETRIC_DEFAULT) of its own making, not {unsupported}."
    )))
}
