//! Who is asking: `GetCallerIdentity`, in the Query protocol, which is the one STS speaks.

use http::{Response, StatusCode};

use crate::answer::{self, Body, REQUEST_ID};
use crate::call::Call;
use crate::settings::Settings;

/// The identity service. Everybody is the account's root.
#[derive(Debug, Clone)]
pub(crate) struct Sts {
    account_id: String,
}

impl Sts {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { account_id: settings.account_id.clone() }
    }

    /// Answers one request.
    pub(crate) fn query(&self, call: &Call) -> Response<Body> {
        let id = answer::request_id();
        let (status, text) = match call.operation.as_str() {
            "GetCallerIdentity" => (StatusCode::OK, identity(&self.account_id, &id)),
            other => (StatusCode::BAD_REQUEST, unknown(other, &id)),
        };
        let mut response = answer::answer(status, "text/xml", text);
        if let Ok(id) = id.parse() {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
}

/// The answer's form is that of the STS API reference, GetCallerIdentity.
fn identity(account: &str, request_id: &str) -> String {
    format!(
        r#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::{account}:root</Arn><UserId>{account}</UserId><Account>{account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"#
    )
}

fn unknown(operation: &str, request_id: &str) -> String {
    let plain: String = operation.chars().filter(char::is_ascii_alphanumeric).collect();
    format!(
        r#"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation {plain} for version 2011-06-15</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"#
    )
}
