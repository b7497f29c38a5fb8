//! Queue names, URLs and ARNs.

use super::attributes::Kind;
use super::error::SqsError;

/// Where queues are: the parts of a URL and an ARN that are the same for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) region: String,
    pub(crate) account: String,
}

impl Place {
    /// `http://HOST/ACCOUNT/NAME`, with the host the caller used, so that the URL works where it is used.
    pub(crate) fn url(&self, host: &str, name: &str) -> String {
        format!("http://{host}/{}/{name}", self.account)
    }

    pub(crate) fn arn(&self, name: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{name}", self.region, self.account)
    }

    /// The name in an ARN of this place.
    pub(crate) fn name_in_arn<'a>(&self, arn: &'a str) -> Option<&'a str> {
        let (head, name) = arn.rsplit_once(':')?;
        let own = self.arn("");
        (own.strip_suffix(':') == Some(head)).then_some(name)
    }

    /// The name in a queue URL. Any host will do: a URL made by one name of this machine works by another. So do
    /// the paths of other emulators, `/queue/NAME` and `/queue/REGION/ACCOUNT/NAME`, and a name alone, which AWS
    /// takes, too.
    pub(crate) fn name_in_url<'a>(&self, url: &'a str) -> Result<&'a str, SqsError> {
        if url.is_empty() {
            return Err(SqsError::MissingParameter("QueueUrl"));
        }
        let refused = || SqsError::InvalidAddress(url.to_owned());
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let Some((rest, name)) = path.trim_end_matches('/').rsplit_once('/') else {
            return if path.len() == url.len() { Ok(url) } else { Err(refused()) };
        };
        match rest.rsplit('/').next().unwrap_or_default() {
            account if account == self.account => Ok(name),
            "queue" => Ok(name),
            account if is_account(account) => Err(SqsError::QueueDoesNotExist),
            _ => Err(refused()),
        }
    }
}

/// Checks a new queue's name: 1 to 80 letters, digits, hyphens and underscores, and a FIFO queue's ends with
/// `.fifo`, which counts (CreateQueue, QueueName).
pub(crate) fn check(name: &str, kind: Kind) -> Result<(), SqsError> {
    if name.is_empty() {
        return Err(SqsError::MissingParameter("QueueName"));
    }
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
        Place { region: "us-east-1".to_owned(), account: "000000000000".to_owned() }
    }

    #[test]
    fn a_url_is_understood_by_any_host() {
        for url in [
            "http://localhost:4566/000000000000/q",
            "http://127.0.0.1:9/000000000000/q",
            "https://sqs.us-east-1.amazonaws.com/000000000000/q",
            "/000000000000/q",
            "http://localhost:9324/queue/q",
            "http://localhost:4566/queue/us-east-1/000000000000/q",
            "q",
        ] {
            assert_eq!(place().name_in_url(url), Ok("q"));
        }
    }

    #[test]
    fn other_urls_are_refused() {
        assert_eq!(place().name_in_url(""), Err(SqsError::MissingParameter("QueueUrl")));
        for url in ["http://q", "http://h/x/q", "x/q"] {
            assert_eq!(place().name_in_url(url), Err(SqsError::InvalidAddress(url.to_owned())));
        }
        assert_eq!(place().name_in_url("http://h/123456789012/q"), Err(SqsError::QueueDoesNotExist));
    }

    #[test]
    fn arns_of_this_place_only() {
        assert_eq!(place().name_in_arn("arn:aws:sqs:us-east-1:000000000000:q"), Some("q"));
        assert_eq!(place().name_in_arn("arn:aws:sqs:eu-west-1:000000000000:q"), None);
        assert_eq!(place().name_in_arn("q"), None);
    }

    #[test]
    fn names() {
        assert_eq!(check("a-b_C9", Kind::Standard), Ok(()));
        assert_eq!(check("a-b_C9.fifo", Kind::Fifo), Ok(()));
        assert_eq!(check("", Kind::Standard), Err(SqsError::MissingParameter("QueueName")));
        for name in ["a.b", "a b", &"a".repeat(81), "ä", ".fifo", "a.fifo"] {
            assert!(matches!(check(name, Kind::Standard), Err(SqsError::InvalidValue(_))), "{name}");
        }
        let long = format!("{}.fifo", "a".repeat(76));
        for name in ["a", ".fifo", "a.b.fifo", &long, "a.FIFO"] {
            assert!(matches!(check(name, Kind::Fifo), Err(SqsError::InvalidValue(_))), "{name}");
        }
    }
}
