//! Clients of AWS, or of whatever answers at `AWS_ENDPOINT_URL`.

use std::error::Error;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use kit::Environment;

/// Time to reach a service.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// First pause between two attempts; it doubles, with jitter, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How AWS is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `AWS_REGION`.
    pub(crate) region: String,
    /// `AWS_MAX_RETRIES`: attempts after the first.
    pub(crate) max_retries: u32,
    /// An endpoint of one's own has no name per bucket: the bucket stands in the path.
    pub(crate) path_style: bool,
}

impl Settings {
    /// Reads the variables; the endpoint and the credentials are the SDK's own business.
    pub(crate) fn read(environment: &mut Environment) -> Self {
        let own_endpoint = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"];
        Self {
            region: environment.required("AWS_REGION"),
            max_retries: environment.number("AWS_MAX_RETRIES", 5, 0..=100),
            path_style: own_endpoint.iter().any(|name| environment.optional(name).is_some()),
        }
    }
}

/// The SDK's configuration. `answer_limit` bounds one attempt and must leave room for a long
/// poll; all attempts of a call together may take twice as long.
pub(crate) async fn configure(settings: &Settings, answer_limit: Duration) -> SdkConfig {
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let retries = RetryConfig::standard()
        .with_max_attempts(settings.max_retries + 1)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(LONGEST_PAUSE);
    let limits = TimeoutConfig::builder()
        .connect_timeout(CONNECT_LIMIT)
        .operation_attempt_timeout(answer_limit)
        .operation_timeout(answer_limit * 2)
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(settings.region.clone()))
        .http_client(http)
        .retry_config(retries)
        .timeout_config(limits)
        .load()
        .await
}

/// An error of the SDK in one line: what each layer says, once. Its own long form shows the answer's raw body, which may
/// hold a secret.
pub(crate) fn reason(error: &dyn Error) -> String {
    let mut layers: Vec<String> = Vec::new();
    for layer in std::iter::successors(Some(error), |error| (*error).source()).map(ToString::to_string) {
        if !layers.iter().any(|outer| outer.ends_with(&layer)) {
            layers.push(layer);
        }
    }
    layers.join(": ")
}

/// A bucket client.
pub(crate) fn s3(config: &SdkConfig, settings: &Settings) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::config::Builder::from(config).force_path_style(settings.path_style).build();
    aws_sdk_s3::Client::from_conf(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Layer(&'static str, #[source] Option<Box<Layer>>);

    #[test]
    fn a_reason_says_each_thing_once() {
        let inner = Layer("connection refused", None);
        let error =
            Layer("dispatch failure", Some(Box::new(Layer("dispatch failure", Some(Box::new(inner))))));
        assert_eq!(reason(&error), "dispatch failure: connection refused");
    }
}
