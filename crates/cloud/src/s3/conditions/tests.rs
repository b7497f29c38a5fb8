//! Conditions, table by table.

use super::*;
use crate::s3::error::Code;

const ETAG: &str = "d41d8cd98f00b204e9800998ecf8427e";
/// 2001-09-09T01:46:40.500Z.
const MODIFIED: i64 = 1_000_000_000_500;
const SAME: &str = "Sun, 09 Sep 2001 01:46:40 GMT";
const EARLIER: &str = "Sun, 09 Sep 2001 01:46:39 GMT";

fn given(headers: &[(&'static str, &str)]) -> Conditions {
    let pairs =
        headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()));
    Conditions::of_request(&pairs.collect())
}

fn read(headers: &[(&'static str, &str)]) -> std::result::Result<Read, String> {
    let seen = Seen { etag: ETAG, modified: MODIFIED };
    given(headers).for_read(seen).map_err(|error| error.details[0].1.clone())
}

fn write(headers: &[(&'static str, &str)], there: bool) -> std::result::Result<(), Code> {
    let seen = there.then_some(Seen { etag: ETAG, modified: MODIFIED });
    given(headers).for_write("key", seen).map_err(|error| error.code)
}

#[test]
fn reads_compare_tags_with_and_without_quotes() {
    let quoted = format!("\"{ETAG}\"");
    assert_eq!(read(&[]), Ok(Read::Proceed));
    assert_eq!(read(&[("if-match", &quoted)]), Ok(Read::Proceed));
    assert_eq!(read(&[("if-match", ETAG)]), Ok(Read::Proceed));
    assert_eq!(read(&[("if-match", "*")]), Ok(Read::Proceed));
    assert_eq!(read(&[("if-match", "\"other\"")]), Err("If-Match".into()));
    assert_eq!(read(&[("if-none-match", &format!("\"a\", W/{quoted}"))]), Ok(Read::NotModified));
    assert_eq!(read(&[("if-none-match", "\"other\"")]), Ok(Read::Proceed));
}

#[test]
fn reads_compare_dates_in_whole_seconds() {
    assert_eq!(read(&[("if-modified-since", SAME)]), Ok(Read::NotModified));
    assert_eq!(read(&[("if-modified-since", EARLIER)]), Ok(Read::Proceed));
    assert_eq!(read(&[("if-unmodified-since", SAME)]), Ok(Read::Proceed));
    assert_eq!(read(&[("if-unmodified-since", EARLIER)]), Err("If-Unmodified-Since".into()));
    assert_eq!(read(&[("if-modified-since", "yesterday")]), Ok(Read::Proceed));
}

#[test]
fn a_tag_outweighs_a_date() {
    assert_eq!(read(&[("if-match", ETAG), ("if-unmodified-since", EARLIER)]), Ok(Read::Proceed));
    assert_eq!(read(&[("if-none-match", ETAG), ("if-modified-since", EARLIER)]), Ok(Read::NotModified));
}

#[test]
fn for_a_copy_a_date_in_the_future_says_nothing() {
    let copy = |date: &str| {
        let name = http::HeaderName::from_static("x-amz-copy-source-if-modified-since");
        let conditions = Conditions::of_copy_source(&[(name, date.parse().unwrap())].into_iter().collect());
        conditions.for_copy(Seen { etag: ETAG, modified: MODIFIED }).is_ok()
    };
    assert!(copy(EARLIER) && !copy(SAME) && copy("Fri, 01 Jan 2100 00:00:00 GMT"));
    assert_eq!(read(&[("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")]), Ok(Read::NotModified));
}

#[test]
fn writes_know_absent_and_unchanged() {
    assert_eq!(write(&[("if-none-match", "*")], false), Ok(()));
    assert_eq!(write(&[("if-none-match", "*")], true), Err(Code::PreconditionFailed));
    assert_eq!(write(&[("if-none-match", ETAG)], true), Err(Code::NotImplemented));
    assert_eq!(write(&[("if-match", ETAG)], true), Ok(()));
    assert_eq!(write(&[("if-match", "other")], true), Err(Code::PreconditionFailed));
    assert_eq!(write(&[("if-match", ETAG)], false), Err(Code::NoSuchKey));
    assert_eq!(write(&[("if-match", "*")], true), Err(Code::NotImplemented));
    assert_eq!(write(&[("if-match", ETAG), ("if-none-match", "*")], true), Err(Code::NotImplemented));
}

#[test]
fn a_copy_refuses_where_a_read_would_say_not_modified() {
    let headers = [("x-amz-copy-source-if-none-match", ETAG)];
    let pairs =
        headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()));
    let conditions = Conditions::of_copy_source(&pairs.collect());
    let error = conditions.for_copy(Seen { etag: ETAG, modified: MODIFIED }).unwrap_err();
    assert_eq!(error.code, Code::PreconditionFailed);
}
