//! Request → action: the first rule whose host and path match, else the listener's default.

use std::sync::Arc;

use crate::config::PathPattern;
use crate::pattern::{self, Case};
use crate::table::{Action, Group, Listener, Rule, Split};

/// The action for a request. `host` has no port; `path` has no query.
pub(crate) fn route<'a>(listener: &'a Listener, host: &str, path: &str) -> &'a Action {
    let rule = listener.rules.iter().find(|rule| applies(rule, host, path));
    rule.map_or(&listener.default, |rule| &rule.action)
}

/// The group whose share of the weights has `draw` in it; any number may be drawn.
pub(crate) fn pick(split: &Split, draw: u64) -> Option<&Arc<Group>> {
    if let [(_, only)] = split.shares.as_slice() {
        return Some(only);
    }
    let point = draw.checked_rem(u64::from(split.total))?;
    split.shares.iter().find(|(end, _)| point < u64::from(*end)).map(|(_, group)| group)
}

/// The host without its port; an IPv6 literal keeps its brackets.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rfind(':') {
        Some(colon) if !host.get(colon..).unwrap_or_default().contains(']') => {
            host.get(..colon).unwrap_or(host)
        }
        _ => host,
    }
}

fn applies(rule: &Rule, host: &str, path: &str) -> bool {
    let host_fits = rule.host.as_ref().is_none_or(|wanted| pattern::matches(wanted, host, Case::Ignored));
    host_fits
        && match &rule.path {
            None => true,
            Some(PathPattern::Prefix(prefix)) => pattern::is_below(prefix, path),
            Some(PathPattern::Glob(glob)) => pattern::matches(glob, path, Case::Matters),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::ListenerId;
    use http::{HeaderValue, StatusCode};

    fn answer(status: u16) -> Action {
        let content_type = HeaderValue::from_static("text/plain");
        Action::Fixed {
            status: StatusCode::from_u16(status).unwrap(),
            content_type,
            body: Default::default(),
        }
    }

    fn rule(host: Option<&str>, path: Option<PathPattern>, status: u16) -> Rule {
        Rule { host: host.map(str::to_owned), path, action: answer(status) }
    }

    #[test]
    fn the_first_rule_that_matches_wins() {
        let listener = Listener {
            id: ListenerId(0),
            name: "public".into(),
            wanted: ([127, 0, 0, 1], 0).into(),
            local: ([127, 0, 0, 1], 0).into(),
            rules: vec![
                rule(Some("*.example.com"), Some(PathPattern::Prefix("/api".into())), 201),
                rule(None, Some(PathPattern::Glob("/img/*.png".into())), 202),
                rule(Some("api.example.com"), None, 203),
            ],
            default: answer(404),
        };
        for (host, path, expected) in [
            ("API.example.com", "/api/v1", 201),
            ("api.example.com", "/img/a.png", 202),
            ("other.net", "/img/a.png", 202),
            ("api.example.com", "/apis", 203),
            ("other.net", "/api", 404),
        ] {
            let Action::Fixed { status, .. } = route(&listener, host, path) else { panic!("fixed") };
            assert_eq!(status.as_u16(), expected, "{host} {path}");
        }
    }

    #[test]
    fn ports_are_left_out() {
        for (host, expected) in
            [("a:80", "a"), ("a", "a"), ("[::1]:8000", "[::1]"), ("[::1]", "[::1]"), ("", "")]
        {
            assert_eq!(without_port(host), expected);
        }
    }
}
