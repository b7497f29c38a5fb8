//! Stickiness by cookie, as an ALB's duration-based stickiness with `AWSALB` (Elastic Load Balancing user guide, "Sticky
//! sessions"): every answer renews the cookie; a target that is not healthy loses its clients to another.

use std::sync::Arc;
use std::time::Duration;

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use crate::balance::Standing;
use crate::table::Group;
use crate::target::Target;

/// The cookie's name.
const NAME: &str = "TAXIWAYALB";

/// The target that the client's cookie names, if it takes requests.
pub(crate) fn bound<'a>(group: &'a Group, headers: &HeaderMap) -> Option<&'a Arc<Target>> {
    group.stickiness?;
    let wanted = cookie(headers)?;
    group.targets.iter().find(|target| target.cookie == wanted && target.standing() == Standing::Ready)
}

/// Renews the cookie for the target that answered.
pub(crate) fn renew(headers: &mut HeaderMap, target: &Target, lasts: Option<Duration>) {
    let Some(lasts) = lasts else { return };
    let text = format!("{NAME}={}; Max-Age={}; Path=/", target.cookie, lasts.as_secs());
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(SET_COOKIE, value);
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; b=2"));
        headers.append(COOKIE, HeaderValue::from_static("XTAXIWAYALB=no; TAXIWAYALB=00ff; c=3"));
        assert_eq!(cookie(&headers), Some("00ff"));
        assert_eq!(cookie(&HeaderMap::new()), None);
    }
}
