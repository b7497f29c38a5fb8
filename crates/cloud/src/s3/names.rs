//! What a bucket and a key may be called.

use super::error::{Code, Error, Result};

/// The longest key, in bytes of UTF-8 ("Naming Amazon S3 objects").
pub(crate) const KEY_MAX_BYTES: usize = 1024;

const RESERVED_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES: [&str; 4] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3"];

/// Refuses what "General purpose bucket naming rules" (Amazon S3 User Guide) refuses.
pub(super) fn check_bucket(name: &str) -> Result<()> {
    if is_bucket_name(name) {
        Ok(())
    } else {
        Err(Error::from(Code::InvalidBucketName).with("BucketName", name))
    }
}

/// Refuses an empty key and one above 1,024 bytes.
pub(super) fn check_key(key: &str) -> Result<()> {
    if key.len() > KEY_MAX_BYTES {
        return Err(Error::from(Code::KeyTooLongError)
            .with("Size", key.len().to_string())
            .with("MaxSizeAllowed", KEY_MAX_BYTES.to_string()));
    }
    if key.is_empty() { Err(Code::InvalidRequest.saying("The object key is empty.")) } else { Ok(()) }
}

/// Whether `name` could be a bucket's: what tells `bucket.localhost` from an ordinary host.
pub(super) fn is_bucket_name(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
        && [name.bytes().next(), name.bytes().next_back()].iter().flatten().all(u8::is_ascii_alphanumeric)
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        && !RESERVED_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names_follow_the_published_rules() {
        for good in ["abc", "a.b", "my-bucket.2", "1ab", &"a".repeat(63), "192.168.5.4.a"] {
            assert!(is_bucket_name(good), "{good}");
        }
        let bad = [
            "",
            "ab",
            "Abc",
            "a_b",
            "-ab",
            "ab-",
            ".ab",
            "ab.",
            "a..b",
            "192.168.5.4",
            "xn--a",
            "sthree-a",
            "a-s3alias",
            "a--ol-s3",
            "a b",
            "ä-bucket",
            "a/b",
            "a--x-s3",
        ];
        for bad in bad.iter().copied().chain([&*"a".repeat(64)]) {
            assert!(!is_bucket_name(bad), "{bad}");
        }
    }

    #[test]
    fn keys_are_measured_in_bytes() {
        assert!(check_key(&"ä".repeat(512)).is_ok());
        assert_eq!(check_key(&"ä".repeat(513)).unwrap_err().code, Code::KeyTooLongError);
        assert!(check_key("../../etc/passwd").is_ok());
        assert!(check_key("").is_err());
    }
}
