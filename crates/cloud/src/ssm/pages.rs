//! Pages: how many results one answer has, and where the next one begins.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::error::{Code, Error, Result};

/// The size of a page, between 1 and `most`.
pub(super) fn size(asked: Option<i64>, most: usize) -> Result<usize> {
    let Some(asked) = asked else { return Ok(most) };
    let size = usize::try_from(asked).ok().filter(|size| (1..=most).contains(size));
    size.ok_or_else(|| {
        Error::constraint("maxResults", &format!("Member must have value between 1 and {most}"))
    })
}

/// The name of the last result an earlier page had; empty for the first page.
pub(super) fn after(token: Option<&str>) -> Result<String> {
    let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(String::new()) };
    let name = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let name = name.and_then(|name| name.strip_prefix("after:").map(str::to_owned));
    name.ok_or_else(|| Code::InvalidNextToken.into())
}

/// Cuts `results`, which may be one too many, to a page; gives the token of the next one.
pub(super) fn cut<T>(results: &mut Vec<T>, size: usize, name: impl Fn(&T) -> String) -> Option<String> {
    if results.len() <= size {
        return None;
    }
    results.truncate(size);
    let last = results.last().map(name)?;
    Some(BASE64_URL_SAFE_NO_PAD.encode(format!("after:{last}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_the_next_page() {
        let mut results = vec!["/a", "/b", "/c"];
        let token = cut(&mut results, 2, |name| (*name).to_owned());
        assert_eq!(results, ["/a", "/b"]);
        assert_eq!(after(token.as_deref()), Ok("/b".to_owned()));
        assert_eq!(cut(&mut results, 2, |name| (*name).to_owned()), None);
    }

    #[test]
    fn sizes_and_tokens_are_checked() {
        assert_eq!(size(None, 10), Ok(10));
        assert_eq!(size(Some(3), 10), Ok(3));
        for asked in [0, 11, -1] {
            assert_eq!(size(Some(asked), 10).unwrap_err().code, Code::ValidationException);
        }
        assert_eq!(after(Some("nonsense")).unwrap_err().code, Code::InvalidNextToken);
    }
}
