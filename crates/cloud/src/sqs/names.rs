//! Queue names, URLs and ARNs, and the regions they are in.
//!
//! A queue is known by its key: its name where it is in the cloud's own region, `REGION/NAME` elsewhere.

use std::sync::Arc;

use super::attributes::Kind;
use super::error::SqsError;

/// Where a caller is, which is the region it signs for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The cloud's own region: of callers that sign nothing, and of what its owner sets up.
    home: Arc<str>,
    region: Arc<str>,
    pub(crate) account: Arc<str>,
}

/// What a queue URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    /// Where the URL says it.
    pub(crate) region: Option<&'a str>,
    pub(crate) name: &'a str,
}

impl Place {
    /// The cloud's own.
    pub(crate) fn home(region: &str, account: &str) -> Self {
        let home: Arc<str> = region.into();
        Self { region: Arc::clone(&home), home, account: account.into() }
    }

    /// The same for a caller in `region`.
    pub(crate) fn at(&self, region: &str) -> Self {
        let region = if *region == *self.home { Arc::clone(&self.home) } else { region.into() };
        Self { region, ..self.clone() }
    }

    /// `http://HOST/ACCOUNT/NAME`, with the host the caller used, so that the URL works where it is used.
    pub(crate) fn url(&self, host: &str, name: &str) -> String {
        format!("http://{host}/{}/{name}", self.account)
    }

    /// The path of a URL that means the queue of this key wherever it is used.
    pub(crate) fn path(&self, key: &str) -> String {
        match key.split_once('/') {
            Some((region, name)) => format!("/queue/{region}/{}/{name}", self.account),
            None => format!("/{}/{key}", self.account),
        }
    }

    pub(crate) fn arn(&self, name: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{name}", self.region, self.account)
    }

    /// The ARN of the queue of this key.
    pub(crate) fn arn_of(&self, key: &str) -> String {
        let (region, name) = key.split_once('/').unwrap_or((&self.home, key));
        format!("arn:aws:sqs:{region}:{}:{name}", self.account)
    }

    /// The key of a queue of this name here.
    pub(crate) fn key(&self, name: &str) -> String {
        self.key_in(&self.region, name)
    }

    pub(crate) fn key_in(&self, region: &str, name: &str) -> String {
        if *region == *self.home { name.to_owned() } else { format!("{region}/{name}") }
    }

    /// Whether the queue of this key is here.
    pub(crate) fn has(&self, key: &str) -> bool {
        key.split_once('/').map_or(&*self.home, |(region, _)| region) == &*self.region
    }

    /// The key in an ARN of this account.
    pub(crate) fn key_in_arn(&self, arn: &str) -> Option<String> {
        let (region, rest) = arn.strip_prefix("arn:aws:sqs:")?.split_once(':')?;
        let (account, name) = rest.split_once(':')?;
        (*account == *self.account).then(|| self.key_in(region, name))
    }

    /// What a queue URL names. Any host will do: a URL made by one name of this machine works by another. So do
    /// the paths of other emulators, `/queue/NAME` and `/queue/REGION/ACCOUNT/NAME`, and a name alone, which AWS
    /// takes, too.
    pub(crate) fn named_in_url<'a>(&self, url: &'a str) -> Result<Named<'a>, SqsError> {
        if url.is_empty() {
            return Err(SqsError::MissingParameter("QueueUrl"));
        }
        let refused = || SqsError::InvalidAddress(url.to_owned());
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let Some((rest, name)) = path.trim_end_matches('/').rsplit_once('/') else {
            let anywhere = Named { region: None, name: url };
            return if path.len() == url.len() { Ok(anywhere) } else { Err(refused()) };
        };
        let mut parts = rest.rsplit('/');
        match parts.next().unwrap_or_default() {
            account if *account == *self.account => {
                let region = parts.next().filter(|_| parts.next() == Some("queue"));
                Ok(Named { region, name })
            }
            "queue" => Ok(Named { region: None, name }),
            account if is_account(account) => Err(SqsError::QueueDoesNotExist),
            _ => Err(refused()),
        }
    }
}

/// Checks a new queue's name: 1 to 80 letters, digits, hyphens and underscores, and a FIFO queue's ends with
/// `.fifo`, which counts (CreateQueue, QueueName).
pub(crate) fn check(name: &str, kind: Kind) -> Result<(), SqsError> {
    let (stem, reason) = match kind {
        Kind::Standard => (
            Some(name),
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        ),
        Kind::Fifo => (
            name.strip_suffix(".fifo"),
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length",
        ),
    };
    match stem {
        Some(stem) if name.len() <= 80 && is_name(stem) => Ok(()),
        _ => Err(SqsError::InvalidValue(reason.to_owned())),
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place::home("us-east-1", "000000000000")
    }

    #[test]
    fn a_url_is_understood_by_any_host() {
        for url in [
            "http://localhost:4566/000000000000/q",
            "http://127.0.0.1:9/000000000000/q",
            "https://sqs.us-east-1.amazonaws.com/000000000000/q",
            "/000000000000/q",
            "http://localhost:9324/queue/q",
            "q",
        ] {
            assert_eq!(place().named_in_url(url), Ok(Named { region: None, name: "q" }), "{url}");
        }
        let elsewhere = place().path("eu-west-1/q");
        let named = Named { region: Some("eu-west-1"), name: "q" };
        assert_eq!(place().named_in_url(&format!("http://localhost:4566{elsewhere}")), Ok(named));
        assert_eq!(place().path("q"), "/000000000000/q");
    }

    #[test]
    fn other_urls_are_refused() {
        assert_eq!(place().named_in_url(""), Err(SqsError::MissingParameter("QueueUrl")));
        for url in ["http://q", "http://h/x/q", "x/q"] {
            assert_eq!(place().named_in_url(url), Err(SqsError::InvalidAddress(url.to_owned())));
        }
        assert_eq!(place().named_in_url("http://h/123456789012/q"), Err(SqsError::QueueDoesNotExist));
    }

    #[test]
    fn a_region_of_its_own_is_part_of_the_key() {
        let there = place().at("eu-west-1");
        for (place, arn, key) in [
            (place(), "arn:aws:sqs:us-east-1:000000000000:q", "q"),
            (there.clone(), "arn:aws:sqs:eu-west-1:000000000000:q", "eu-west-1/q"),
        ] {
            assert_eq!((place.key("q"), place.arn("q")), (key.to_owned(), arn.to_owned()));
            assert_eq!(place.key_in_arn(arn).as_deref(), Some(key));
            assert_eq!(place.arn_of(key), arn);
            assert!(place.has(key));
        }
        assert!(!there.has("q") && !place().has("eu-west-1/q"));
        assert_eq!(place().key_in_arn("arn:aws:sqs:us-east-1:123456789012:q"), None);
        assert_eq!(place().key_in_arn("q"), None);
    }

    #[test]
    fn names() {
        assert_eq!(check("a-b_C9", Kind::Standard), Ok(()));
        assert_eq!(check("a-b_C9.fifo", Kind::Fifo), Ok(()));
        for name in ["", "a.b", "a b", &"a".repeat(81), "ä", ".fifo", "a.fifo"] {
            assert!(matches!(check(name, Kind::Standard), Err(SqsError::InvalidValue(_))), "{name}");
        }
        let long = format!("{}.fifo", "a".repeat(76));
        for name in ["a", ".fifo", "a.b.fifo", &long, "a.FIFO"] {
            assert!(matches!(check(name, Kind::Fifo), Err(SqsError::InvalidValue(_))), "{name}");
        }
    }
}
