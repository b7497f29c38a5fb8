//! Pages: how many results one answer has, and where the next one begins.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::error::{Code, Result};

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
    fn tokens_are_checked() {
        assert_eq!(after(Some("nonsense")).unwrap_err().code, Code::InvalidNextToken);
    }
}
