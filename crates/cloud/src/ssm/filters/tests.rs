//! Filters against one parameter.

use super::*;
use crate::ssm::rows::Kind;

fn given(key: &str, option: Option<&str>, values: &[&str]) -> Given {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Given { key: key.to_owned(), option: option.map(str::to_owned), values: Some(values) }
}

#[track_caller]
fn admits(key: &str, option: Option<&str>, values: &[&str]) -> bool {
    let version = Version {
        name: "/app/db/password".to_owned(),
        version: 3,
        kind: Kind::SecureString,
        value: Vec::new(),
        key_id: Some("alias/aws/ssm".to_owned()),
        description: None,
        allowed_pattern: None,
        tier: "Standard".to_owned(),
        data_type: "text".to_owned(),
        modified: 0,
        labels: vec!["live".to_owned()],
        policies: None,
        sealed_by: None,
    };
    let tags = Tags::from([("team".to_owned(), "core".to_owned())]);
    let of = if key == "Label" { Of::ByPath } else { Of::Describing };
    read(vec![given(key, option, values)], of).unwrap()[0].admits(&version, &tags)
}

#[test]
fn each_key_compares_its_own_part() {
    assert!(admits("Name", None, &["/app/db/password"]));
    assert!(admits("Name", Some("BeginsWith"), &["/x", "/app"]));
    assert!(admits("Name", Some("Contains"), &["db"]));
    assert!(!admits("Name", None, &["/app"]));
    assert!(admits("Type", None, &["String", "SecureString"]));
    assert!(admits("KeyId", Some("BeginsWith"), &["alias/"]));
    assert!(admits("Tier", None, &["Standard"]));
    assert!(admits("Label", None, &["live"]));
    assert!(admits("tag:team", None, &["core"]));
    assert!(admits("tag:team", None, &[]));
    assert!(!admits("tag:other", None, &[]));
}

#[test]
fn a_path_is_one_level_unless_it_says_recursive() {
    assert!(admits("Path", Some("Recursive"), &["/app"]));
    assert!(!admits("Path", None, &["/app"]));
    assert!(admits("Path", Some("OneLevel"), &["/app/db/"]));
    assert!(!admits("Path", Some("Recursive"), &["/ap"]));
}

#[test]
fn wrong_filters_are_refused() {
    for (given, of, code) in [
        (given("Nonsense", None, &["x"]), Of::Describing, Code::InvalidFilterKey),
        (given("Label", None, &["x"]), Of::Describing, Code::InvalidFilterKey),
        (given("Name", None, &["x"]), Of::ByPath, Code::InvalidFilterKey),
        (given("Name", Some("Near"), &["x"]), Of::Describing, Code::InvalidFilterOption),
        (given("Path", Some("Equals"), &["/x"]), Of::Describing, Code::InvalidFilterOption),
        (given("Type", Some("Contains"), &["x"]), Of::Describing, Code::InvalidFilterOption),
        (given("Name", None, &[]), Of::Describing, Code::InvalidFilterValue),
        (given("Type", None, &["Text"]), Of::Describing, Code::InvalidFilterValue),
        (given("Path", None, &["/aws/x"]), Of::Describing, Code::ValidationException),
        (given("Path", None, &["x"]), Of::Describing, Code::ValidationException),
    ] {
        assert_eq!(read(vec![given], of).unwrap_err().code, code);
    }
    let twice = vec![given("KeyId", None, &["a"]), given("KeyId", None, &["b"])];
    assert_eq!(read(twice, Of::Describing).unwrap_err().code, Code::InvalidFilterKey);
}
