//! Which rule lets whom in.

use super::*;

fn rule(origins: &[&str], methods: &[&str], headers: &[&str]) -> Rule {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Rule { origins: owned(origins), methods: owned(methods), headers: owned(headers), ..Rule::default() }
}

#[track_caller]
fn check(rule: &Rule, origin: &str, method: &str, headers: Option<&str>, expected: Option<&str>) {
    assert_eq!(rule.admits(Asked { origin, method, headers }), expected, "{origin} {method} {headers:?}");
}

#[test]
fn an_origin_may_have_one_star() {
    let one =
        rule(&["https://*.example.com", "http://a.test"], &["GET", "PUT"], &["x-amz-*", "Content-Type"]);
    check(&one, "https://www.example.com", "GET", None, Some("https://www.example.com"));
    check(&one, "http://a.test", "PUT", None, Some("http://a.test"));
    check(&one, "https://example.com", "GET", None, None);
    check(&one, "http://www.example.com", "GET", None, None);
    check(&one, "http://a.test", "DELETE", None, None);
}

#[test]
fn every_header_has_to_be_allowed_in_any_case() {
    let one = rule(&["*"], &["GET"], &["x-amz-*", "Content-Type"]);
    check(&one, "http://a", "GET", Some("X-Amz-Date, content-type"), Some("*"));
    check(&one, "http://a", "GET", Some("X-Amz-Date, authorization"), None);
    check(&one, "http://a", "GET", Some(""), Some("*"));
    check(&rule(&["*"], &["GET"], &["*"]), "http://a", "GET", Some("anything"), Some("*"));
    check(&rule(&["*"], &["GET"], &[]), "http://a", "GET", Some("anything"), None);
}
