//! Pages of lists: where the next one begins.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::error::{Code, Result};

/// How many entries earlier pages had; none for the first page.
pub(super) fn start(token: Option<&str>) -> Result<usize> {
    let Some(token) = token else { return Ok(0) };
    let text = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let start = text.and_then(|text| text.strip_prefix("from:")?.parse().ok());
    start.ok_or_else(|| Code::InvalidNextTokenException.saying("The NextToken value is invalid."))
}

/// One page of all entries, and the token of the next one.
pub(super) fn cut<T>(entries: Vec<T>, start: usize, size: usize) -> (Vec<T>, Option<String>) {
    let end = start.saturating_add(size);
    let next = (entries.len() > end).then(|| BASE64_URL_SAFE_NO_PAD.encode(format!("from:{end}")));
    (entries.into_iter().skip(start).take(size).collect(), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let (page, next) = cut(vec![1, 2, 3], 0, 2);
        assert_eq!(page, [1, 2]);
        let (page, next) = cut(vec![1, 2, 3], start(next.as_deref()).unwrap(), 2);
        assert_eq!((page, next), (vec![3], None));
        assert_eq!(start(Some("nonsense")).unwrap_err().code, Code::InvalidNextTokenException);
    }
}
