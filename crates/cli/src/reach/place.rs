//! Where the cloud is that a person means.

use std::collections::BTreeMap;
use std::path::Path;

use http::Uri;
use local::client::ClientError;

use super::Client;
use super::sign::Key;
use crate::arguments::Reach;
use crate::environment;
use crate::report::Failure;

/// Where a cloud is when nobody says otherwise.
const USUAL: &str = "http://127.0.0.1:4566";

/// The variables that name one, the narrower first: AWS SDKs and Tools Reference Guide, service-specific endpoints.
const VARIABLES: [&str; 2] = ["AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL"];

/// A cloud, and the system whose cloud it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// `http://127.0.0.1:4566`, without a slash at its end.
    pub(crate) url: String,
    /// The name of the system that `taxiway up` runs with it: the prefix of the names it gave.
    pub(crate) system: Option<String>,
    /// How it was found, for a message.
    pub(crate) found: Found,
}

/// How a cloud was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// `--endpoint`.
    Argument,
    /// A running system.
    Project,
    /// A variable of this name.
    Variable(&'static str),
    /// Nobody said.
    Usual,
}

/// Finds the cloud: `--endpoint`, else the system that runs in `dir` (or here), else the environment, else the usual
/// place.
pub(crate) async fn find(dir: Option<&str>, reach: &Reach) -> Result<Client, Failure> {
    let variables = environment::variables();
    let place = place(dir, reach.endpoint.as_deref(), &variables).await?;
    Ok(Client::new(place, Key::of(&variables)))
}

async fn place(
    dir: Option<&str>,
    endpoint: Option<&str>,
    variables: &BTreeMap<String, String>,
) -> Result<Place, Failure> {
    if let Some(url) = endpoint {
        return Place::new(url, Found::Argument);
    }
    match running(Path::new(dir.unwrap_or("."))).await {
        Ok(place) => return Ok(place),
        // A folder that was named is meant; the one a person happens to stand in is only a guess.
        Err(failure) if dir.is_some() => return Err(failure),
        Err(_) => {}
    }
    for name in VARIABLES {
        if let Some(url) = variables.get(name).filter(|url| !url.is_empty()) {
            return Place::new(url, Found::Variable(name));
        }
    }
    Place::new(USUAL, Found::Usual)
}

async fn running(dir: &Path) -> Result<Place, Failure> {
    let status = local::client::status(dir).await.map_err(|error: ClientError| Failure::from_error(error))?;
    let Some(endpoint) = &status.cloud.endpoint else {
        let (dir, system) = (dir.display(), &status.system);
        return Err(Failure::Sentence(format!(
            "the system `{system}` in {dir} runs without a cloud, because its manifest has no queue, bucket, parameter \
             or secret"
        )));
    };
    Ok(Place { system: Some(status.system.clone()), ..Place::new(endpoint, Found::Project)? })
}

impl Place {
    fn new(url: &str, found: Found) -> Result<Self, Failure> {
        let trimmed = url.trim_end_matches('/');
        let refused = |reason: &str| {
            let source = match &found {
                Found::Variable(name) => format!("{name} says"),
                _ => "the endpoint is".to_owned(),
            };
            Failure::Sentence(format!("{source} `{url}`, {reason}; write it as {USUAL}"))
        };
        let uri: Uri = trimmed.parse().map_err(|_| refused("which is no URL"))?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => return Err(refused("but a local cloud speaks http")),
            _ => return Err(refused("which is no http URL")),
        }
        if uri.host().is_none() || !matches!(uri.path(), "" | "/") {
            return Err(refused("which is not just a host and a port"));
        }
        Ok(Self { url: trimmed.to_owned(), system: None, found })
    }

    /// What to do when nobody answers there.
    pub(crate) fn advice(&self) -> String {
        match &self.found {
            Found::Argument => "is the address right, and does `taxiway cloud` run there?".to_owned(),
            Found::Project => "`taxiway status` says what runs".to_owned(),
            Found::Variable(name) => format!("{name} points there; start a cloud or change the variable"),
            Found::Usual => {
                "start one with `taxiway up` or `taxiway cloud`, or name another with --endpoint".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str) -> String {
        match Place::new(url, Found::Argument) {
            Ok(place) => place.url,
            Err(Failure::Sentence(text)) => text,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_endpoint_is_a_host_and_a_port() {
        assert_eq!(told("http://127.0.0.1:4566/"), "http://127.0.0.1:4566");
        assert_eq!(told("http://cloud:4566"), "http://cloud:4566");
        assert!(told("https://sqs.us-east-1.amazonaws.com").contains("speaks http"));
        assert!(told("127.0.0.1:4566").contains("write it as http://127.0.0.1:4566"));
        assert!(told("http://127.0.0.1:4566/queue").contains("just a host and a port"));
    }

    #[tokio::test]
    async fn the_environment_comes_before_the_usual_place() {
        let variables = BTreeMap::from([("AWS_ENDPOINT_URL".to_owned(), "http://a:1".to_owned())]);
        let place = super::place(None, None, &variables).await.expect("a place");
        assert_eq!((place.url.as_str(), &place.found), ("http://a:1", &Found::Variable("AWS_ENDPOINT_URL")));
        let place = super::place(None, None, &BTreeMap::new()).await.expect("a place");
        assert_eq!((place.url.as_str(), &place.found), (USUAL, &Found::Usual));
        let nothing = super::place(Some("/nonexistent/project"), None, &variables).await;
        assert!(matches!(nothing, Err(Failure::Sentence(text)) if text.contains("nothing runs in")));
    }
}
