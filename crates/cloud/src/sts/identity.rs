//! `GetCallerIdentity`, `GetAccessKeyInfo`, `GetSessionToken` and `GetFederationToken`.

use serde::Deserialize;

use super::Sts;
use super::assume::{self, Tag};
use super::error::Result;
use super::xml::{Element, text};

/// Seconds a session lasts where the request does not say (GetSessionToken, GetFederationToken, API Reference).
const USUAL_SECONDS: i64 = 43_200;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Session {
    duration_seconds: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Federation {
    name: String,
    policy: Option<String>,
    duration_seconds: Option<i64>,
    #[serde(default)]
    tags: Vec<Tag>,
}

impl Sts {
    pub(super) fn get_caller_identity(&self, token: Option<&str>) -> Element {
        let (arn, user_id) = self.who(token);
        let account = self.account_id.clone();
        Element::Result(vec![text("Arn", arn), text("UserId", user_id), text("Account", account)])
    }

    pub(super) fn get_access_key_info(&self) -> Element {
        Element::Result(vec![text("Account", self.account_id.clone())])
    }

    pub(super) fn get_session_token(&self, input: &Session, token: Option<&str>) -> Result<Element> {
        let (arn, user_id) = self.who(token);
        let seconds = input.duration_seconds.unwrap_or(USUAL_SECONDS);
        Ok(Element::Result(vec![self.credentials(&arn, &user_id, seconds)?]))
    }

    pub(super) fn get_federation_token(&self, input: Federation) -> Result<Element> {
        assume::check_policy(input.policy.as_deref())?;
        assume::check_tags(&input.tags, &[])?;
        let Federation { name, policy, duration_seconds, tags } = input;
        let account = &self.account_id;
        let arn = format!("arn:aws:sts::{account}:federated-user/{name}");
        let id = format!("{account}:{name}");
        let credentials = self.credentials(&arn, &id, duration_seconds.unwrap_or(USUAL_SECONDS))?;
        let user = Element::Group("FederatedUser", vec![text("FederatedUserId", id), text("Arn", arn)]);
        let packed = assume::packed(policy.as_deref(), &tags).unwrap_or(0);
        Ok(Element::Result(vec![credentials, user, text("PackedPolicySize", packed.to_string())]))
    }

    /// The ARN and id of who is asking: the session's, else the account's root.
    fn who(&self, token: Option<&str>) -> (String, String) {
        let account = &self.account_id;
        match self.session(token) {
            Some(session) => (session.arn, session.user_id),
            None => (format!("arn:aws:iam::{account}:root"), account.clone()),
        }
    }
}
