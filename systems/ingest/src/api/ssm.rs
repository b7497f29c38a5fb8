//! The token's home: a parameter of AWS Systems Manager.

use aws_config::SdkConfig;

use super::token::{LookupError, Store};
use crate::aws;

/// One parameter, read decrypted.
#[derive(Debug)]
pub(crate) struct Parameter {
    client: aws_sdk_ssm::Client,
    name: String,
}

impl Parameter {
    /// The parameter of this name.
    pub(crate) fn new(config: &SdkConfig, name: String) -> Self {
        Self { client: aws_sdk_ssm::Client::new(config), name }
    }
}

impl Store for Parameter {
    async fn look_up(&self) -> Result<String, LookupError> {
        let answer = self.client.get_parameter().name(&self.name).with_decryption(true).send().await;
        let found = answer.map_err(|error| {
            let missing = error.as_service_error().is_some_and(|error| error.is_parameter_not_found());
            tracing::error!(
                parameter = self.name,
                error = aws::reason(&error),
                "the token can't be looked up"
            );
            if missing { LookupError::NotFound } else { LookupError::Unreachable }
        })?;
        found.parameter.and_then(|parameter| parameter.value).ok_or(LookupError::NotFound)
    }
}
