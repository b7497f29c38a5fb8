//! Names, table by table.

use super::*;

#[track_caller]
fn refused(name: &str, code: Code) {
    assert_eq!(check_new(name, 50).unwrap_err().code, code, "{name}");
}

#[test]
fn names_follow_the_published_rules() {
    for name in ["a", "/a", "/a/b.c/d-e_f", "plain", "0", &*"/a".repeat(15), "/my/aws", "Saws"] {
        assert_eq!(check_new(name, 50), Ok(()), "{name}");
    }
    for name in
        ["", "a/b", "/a//b", "/a/", "/", "a b", "ä", "a:1", "aws", "AWS-key", "/ssm/key", "ssmx", "/aws"]
    {
        refused(name, Code::ValidationException);
    }
    refused("/aws/service/x", Code::AccessDeniedException);
    refused(&"/a".repeat(16), Code::HierarchyLevelLimitExceededException);
    refused(&"a".repeat(962), Code::ValidationException);
    assert_eq!(check_new(&"a".repeat(961), 50), Ok(()));
}

#[track_caller]
fn check(text: &str, names: &[&str], selector: Selector) {
    let read = read(text).unwrap();
    assert_eq!(
        (read.names.iter().map(String::as_str).collect(), read.selector),
        (names.to_vec(), selector),
        "{text}"
    );
}

#[test]
fn a_reference_picks_a_version() {
    check("/a/b", &["/a/b"], Selector::Latest);
    check("/a/b:3", &["/a/b"], Selector::Version(3));
    check("a:live", &["a", "/a"], Selector::Label("live".to_owned()));
    check("arn:aws:ssm:us-east-1:1:parameter/a/b", &["/a/b"], Selector::Latest);
    check("arn:aws:ssm:us-east-1:1:parameter/a:2", &["/a", "a"], Selector::Version(2));
    for text in ["a:", "a b", "a/b", "/a//b", "a:1:2", "arn:aws:ssm:x", "arn:aws:sqs:us-east-1:1:queue"] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn an_arn_has_one_slash() {
    assert_eq!(arn("eu-west-1", "12", "/a/b"), "arn:aws:ssm:eu-west-1:12:parameter/a/b");
    assert_eq!(arn("eu-west-1", "12", "a"), "arn:aws:ssm:eu-west-1:12:parameter/a");
}
