//! Which terraform it is.

use std::fmt;

use serde_json::Value;

/// The parts of a version that say what it can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Before the first dot.
    pub major: u32,
    /// After it.
    pub minor: u32,
}

impl Version {
    /// From what `terraform version -json` prints: `{"terraform_version": "1.11.4", …}`.
    pub(super) fn read(printed: &str) -> Option<Self> {
        let printed: Value = serde_json::from_str(printed).ok()?;
        let mut parts = printed.get("terraform_version")?.as_str()?.split('.');
        Some(Self { major: parts.next()?.parse().ok()?, minor: parts.next()?.parse().ok()? })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn is_read_and_compared_by_its_numbers() {
        let read = |text: &str| Version::read(&format!("{{\"terraform_version\": \"{text}\"}}"));
        assert_eq!(read("1.11.4"), Some(Version { major: 1, minor: 11 }));
        assert!(read("1.11.0-rc1") > read("1.6.6"));
        assert_eq!(read("one"), None);
        assert_eq!(Version::read("Terraform v1.5"), None);
    }
}
