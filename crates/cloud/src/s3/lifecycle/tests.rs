//! Which configurations are refused, and when rules act.

use std::time::Duration;

use super::*;
use crate::s3::error::Code;
use crate::s3::objects::{Content, Object};
use crate::s3::state::State;

const DAY: i64 = 86_400_000;

fn read(rules: &str) -> Result<Node> {
    let text = format!("<LifecycleConfiguration>{rules}</LifecycleConfiguration>");
    let mut node = documents::read(Kind::Lifecycle, text.as_bytes())?;
    complete(&mut node)?;
    Ok(node)
}

fn rule(content: &str) -> Rule {
    let node = read(&format!("<Rule><ID>r 1</ID><Status>Enabled</Status>{content}</Rule>")).unwrap();
    rules(&node).remove(0)
}

fn object(modified: i64) -> Object {
    Object {
        size: 100,
        etag: String::new(),
        modified,
        storage_class: "STANDARD".to_owned(),
        checksum: None,
        attributes: Default::default(),
        tags: vec![("a".to_owned(), "1".to_owned())],
        content: Content::Empty,
        version: "null".to_owned(),
        number: 0,
        state: State::default(),
    }
}

const ALL: &str = "<Filter><Prefix></Prefix></Filter>";

#[test]
fn what_aws_refuses_is_refused() {
    let expire = "<Expiration><Days>1</Days></Expiration>";
    for (content, code) in [
        (String::new(), Code::MalformedXML),
        (ALL.to_owned(), Code::InvalidRequest),
        (expire.to_owned(), Code::MalformedXML),
        (format!("{ALL}<Prefix>a</Prefix>{expire}"), Code::MalformedXML),
        (format!("{ALL}<Expiration><Days>0</Days></Expiration>"), Code::InvalidArgument),
        (format!("{ALL}<Expiration><Days>-1</Days></Expiration>"), Code::InvalidArgument),
        (format!("{ALL}<Expiration></Expiration>"), Code::MalformedXML),
        (format!("{ALL}<Expiration><Date>2030-01-01T01:00:00Z</Date></Expiration>"), Code::InvalidArgument),
        (
            format!("{ALL}<Expiration><Days>1</Days><Date>2030-01-01T00:00:00Z</Date></Expiration>"),
            Code::MalformedXML,
        ),
        (
            format!("<Filter><Prefix>a</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>{expire}"),
            Code::MalformedXML,
        ),
        (format!("<Filter><And><Prefix>a</Prefix></And></Filter>{expire}"), Code::MalformedXML),
        (
            format!(
                "{ALL}{expire}<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>"
            ),
            Code::InvalidArgument,
        ),
        (
            format!("{ALL}<Transition><Days>29</Days><StorageClass>STANDARD_IA</StorageClass></Transition>"),
            Code::InvalidArgument,
        ),
        (
            "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter><AbortIncompleteMultipartUpload>\
             <DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
                .to_owned(),
            Code::InvalidRequest,
        ),
    ] {
        let rules = format!("<Rule><Status>Enabled</Status>{content}</Rule>");
        assert_eq!(read(&rules).unwrap_err().code, code, "{content}");
    }
    let doubled = format!("<Rule><ID>a</ID><Status>Enabled</Status>{ALL}{expire}</Rule>").repeat(2);
    assert_eq!(read(&doubled).unwrap_err().code, Code::InvalidArgument);
    assert_eq!(read("<Rule><Status>enabled</Status></Rule>").unwrap_err().code, Code::MalformedXML);
}

#[test]
fn a_rule_without_an_id_gets_one() {
    let node =
        read(&format!("<Rule><Status>Disabled</Status>{ALL}<Expiration><Days>1</Days></Expiration></Rule>"));
    let node = node.unwrap();
    assert_eq!(node.children[0].get("ID").unwrap().len(), 36);
    assert!(rules(&node).is_empty(), "it is not switched on");
}

#[test]
fn days_end_at_the_next_midnight() {
    let clock = Clock::new(Duration::from_secs(86_400));
    let rule = rule(&format!("{ALL}<Expiration><Days>3</Days></Expiration>"));
    assert_eq!(rule.expires(clock, "k", &object(10 * DAY + 1)), Some(14 * DAY));
    assert_eq!(rule.expires(clock, "k", &object(10 * DAY)), Some(13 * DAY));
    let header = header(&[rule], clock, "k", &object(0)).unwrap();
    assert_eq!(header, "expiry-date=\"Sun, 04 Jan 1970 00:00:00 GMT\", rule-id=\"r%201\"");
}

#[test]
fn a_filter_chooses_by_prefix_tags_and_size() {
    let clock = Clock::new(Duration::from_secs(86_400));
    let expires = |filter: &str, key: &str| {
        let rule = rule(&format!("<Filter>{filter}</Filter><Expiration><Days>1</Days></Expiration>"));
        rule.expires(clock, key, &object(0)).is_some()
    };
    assert!(expires("", "k"));
    assert!(expires("<Prefix>a/</Prefix>", "a/b"));
    assert!(!expires("<Prefix>a/</Prefix>", "b/a/"));
    assert!(expires("<Tag><Key>a</Key><Value>1</Value></Tag>", "k"));
    assert!(!expires("<Tag><Key>a</Key><Value>2</Value></Tag>", "k"));
    assert!(expires("<ObjectSizeGreaterThan>99</ObjectSizeGreaterThan>", "k"));
    assert!(!expires("<ObjectSizeGreaterThan>100</ObjectSizeGreaterThan>", "k"));
    assert!(!expires("<ObjectSizeLessThan>100</ObjectSizeLessThan>", "k"));
    let and = "<And><Prefix>k</Prefix><Tag><Key>a</Key><Value>1</Value></Tag></And>";
    assert!(expires(and, "k") && !expires(and, "j"));
}

#[test]
fn an_ordinary_rule_is_one_aws_takes() {
    let node = documents::read_kept(Kind::Lifecycle, &Rule::document_after_days(30)).unwrap();
    checks::check(&node).unwrap();
    assert_eq!(rules(&node)[0].expiration, Some(Expiration::Days(30)));
}
