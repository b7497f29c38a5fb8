//! Who is asking, and who somebody becomes for a while, in the Query protocol, which is the one STS speaks.
//!
//! Everybody is the account's root, until a session token says otherwise: it carries the role it was made for, sealed
//! with the folder's root key, so that nothing is kept about sessions. Shapes and limits follow the API model of
//! 2011-06-15 (AWS Security Token Service API Reference).

use std::sync::Arc;

use http::{Response, StatusCode};

use self::error::{Code, Error, Result};
use crate::answer::{self, Body, REQUEST_ID};
use crate::call::Call;
use crate::json::shape::{self, Broken};
use crate::seal::Key;
use crate::settings::Settings;

mod assume;
mod error;
mod form;
mod identity;
mod model;
mod session;
mod xml;

#[cfg(test)]
mod tests;

/// The identity service.
#[derive(Debug, Clone)]
pub(crate) struct Sts {
    root: Arc<Key>,
    account_id: String,
}

impl Sts {
    /// Sessions are sealed with `root`.
    pub(crate) fn new(root: &Arc<Key>, settings: &Settings) -> Self {
        Self { root: Arc::clone(root), account_id: settings.account_id.clone() }
    }

    /// Answers one request.
    pub(crate) fn query(&self, call: &Call) -> Response<Body> {
        let id = answer::request_id();
        let (status, text) = match self.perform(call) {
            Ok(result) => (StatusCode::OK, xml::answer(&call.operation, &result, &id)),
            Err(error) => (error.code.status(), xml::refusal(&error, &id)),
        };
        let mut response = answer::answer(status, "text/xml", text);
        if let Ok(id) = id.parse() {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }

    fn perform(&self, call: &Call) -> Result<xml::Element> {
        let operation = model::OPERATIONS.iter().find(|known| known.name == call.operation);
        let Some(operation) = operation else { return Err(unknown(&call.operation)) };
        let input = form::read(operation, &call.body)?;
        shape::check(operation, &input).map_err(|broken| match broken {
            Broken::Kind(message) | Broken::Bounds(message) => Code::ValidationError.saying(message),
        })?;
        match call.operation.as_str() {
            "GetCallerIdentity" => Ok(self.get_caller_identity(call.session.as_deref())),
            "GetAccessKeyInfo" => Ok(self.get_access_key_info()),
            "GetSessionToken" => self.get_session_token(&form::parsed(input)?, call.session.as_deref()),
            "GetFederationToken" => self.get_federation_token(form::parsed(input)?),
            "AssumeRole" => self.assume_role(form::parsed(input)?),
            "AssumeRoleWithWebIdentity" => self.assume_role_with_web_identity(form::parsed(input)?),
            // Every operation of the table is above, as a test says.
            other => Err(unknown(other)),
        }
    }
}

fn unknown(operation: &str) -> Error {
    let plain: String = operation.chars().filter(char::is_ascii_alphanumeric).collect();
    Code::InvalidAction.saying(format!("Could not find operation {plain} for version 2011-06-15"))
}
