//! Signatures that AWS publishes, and what is refused.

use http::Request;

use super::*;

/// The access key of the examples in the Amazon S3 API Reference.
const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// 2013-05-24T00:00:00Z, the examples' time.
const NOW: i64 = 1_369_353_600_000;

fn ring() -> Keyring {
    Keyring::new(&[Credential::new(KEY, SECRET)])
}

fn head(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn authorization(signed: &str, signature: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={KEY}/20130524/us-east-1/s3/aws4_request,SignedHeaders={signed},Signature={signature}"
    )
}

#[track_caller]
fn right(head: &Parts) -> Identity {
    ring().check(head.into(), Payload::Header, Some("examplebucket"), NOW).unwrap()
}

fn denied(head: &Parts, now: i64) -> Denied {
    ring().check(head.into(), Payload::Header, None, now).unwrap_err()
}

fn get_object(signature: &str) -> Parts {
    let signed = "host;range;x-amz-content-sha256;x-amz-date";
    let headers = [
        ("host", "examplebucket.s3.amazonaws.com"),
        ("authorization", &*authorization(signed, signature)),
        ("range", "bytes=0-9"),
        ("x-amz-content-sha256", EMPTY_SHA256),
        ("x-amz-date", "20130524T000000Z"),
    ];
    head("GET", "/test.txt", &headers)
}

const GET_OBJECT: &str = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

#[test]
fn the_published_examples_of_headers() {
    right(&get_object(GET_OBJECT));
    let signed = "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class";
    let put = authorization(signed, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    right(&head(
        "PUT",
        "/test%24file.text",
        &[
            ("host", "examplebucket.s3.amazonaws.com"),
            ("date", "Fri, 24 May 2013 00:00:00 GMT"),
            ("authorization", &put),
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
        ],
    ));
    let signed = "host;x-amz-content-sha256;x-amz-date";
    for (uri, signature) in [
        ("/?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("/?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ] {
        right(&head(
            "GET",
            uri,
            &[
                ("host", "examplebucket.s3.amazonaws.com"),
                ("authorization", &authorization(signed, signature)),
                ("x-amz-date", "20130524T000000Z"),
                ("x-amz-content-sha256", EMPTY_SHA256),
            ],
        ));
    }
}

const PRESIGNED: &str = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524\
    %2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&\
    X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

#[test]
fn the_published_example_of_a_url() {
    let head = head("GET", PRESIGNED, &[("host", "examplebucket.s3.amazonaws.com")]);
    right(&head);
    let expired = denied(&head, NOW + 86_400_001);
    let expected =
        Denied::Expired { seconds: Some(86_400), expires_ms: NOW + 86_400_000, server_ms: NOW + 86_400_001 };
    assert_eq!(expired, expected);
    let without_keys = Keyring::default().check((&head).into(), Payload::Header, None, NOW + 86_400_001);
    assert_eq!(without_keys.unwrap_err(), expected, "a URL's time counts without keys, too");
}

#[test]
fn the_published_example_of_chunks() {
    let signed = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
                  x-amz-decoded-content-length;x-amz-storage-class";
    let seed = authorization(signed, "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    let head = head(
        "PUT",
        "/examplebucket/chunkObject.txt",
        &[
            ("host", "s3.amazonaws.com"),
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("authorization", &seed),
            ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("content-length", "66824"),
        ],
    );
    let Identity::Signed(Some(mut chain)) = right(&head) else { panic!("no chain") };
    assert!(!format!("{chain:?}").contains("key"));
    for (bytes, signature) in [
        (65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
        (1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
        (0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
    ] {
        assert!(chain.chunk(&sha256(&vec![b'a'; bytes]), signature), "{bytes}");
    }
    assert!(!chain.chunk(&sha256(b""), "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"));
}

#[test]
fn the_published_examples_of_version_2() {
    let key = "AKIAIOSFODNN7EXAMPLE";
    let now = 1_175_024_202_000; // Tue, 27 Mar 2007 19:36:42 GMT
    let check = |head: &Parts| ring().check(head.into(), Payload::Header, Some("awsexamplebucket1"), now);
    let get = head(
        "GET",
        "/photos/puppy.jpg",
        &[
            ("host", "awsexamplebucket1.us-west-1.s3.amazonaws.com"),
            ("date", "Tue, 27 Mar 2007 19:36:42 +0000"),
            ("authorization", &format!("AWS {key}:qgk2+6Sv9/oM7G3qLEjTH1a1l1g=")),
        ],
    );
    // The example's date has an offset where RFC 9110 wants `GMT`, and is signed as it is.
    assert_eq!(check(&get).unwrap_err(), Denied::MissingHeader { name: "date" });
    let string = "GET\n\n\nTue, 27 Mar 2007 19:36:42 +0000\n/awsexamplebucket1/photos/puppy.jpg";
    assert_eq!(v2::sign(SECRET, string), "qgk2+6Sv9/oM7G3qLEjTH1a1l1g=");
    let uri = "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1175139620&Signature=\
               NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D";
    let url = head("GET", uri, &[("host", "awsexamplebucket1.s3.amazonaws.com")]);
    let outcome = ring().check((&url).into(), Payload::Header, Some("johnsmith"), now);
    assert!(outcome.is_ok(), "{outcome:?}");
    let late = ring().check((&url).into(), Payload::Header, Some("johnsmith"), 1_175_139_620_001);
    assert!(matches!(late, Err(Denied::Expired { .. })));
}

#[test]
fn what_is_not_right_is_denied() {
    let wrong = get_object(&GET_OBJECT.replace('f', "e"));
    let Denied::Mismatch(mismatch) = denied(&wrong, NOW) else { panic!("not a mismatch") };
    assert!(
        mismatch.string_to_sign.ends_with("7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972")
    );
    assert!(mismatch.canonical_request.starts_with("GET\n/test.txt\n\nhost:examplebucket"));
    let good = get_object(GET_OBJECT);
    assert!(matches!(denied(&good, NOW + SKEW_MAX_MS + 1), Denied::Skewed { .. }));
    assert!(matches!(denied(&good, NOW - SKEW_MAX_MS - 1), Denied::Skewed { .. }));
    assert_eq!(denied(&head("GET", "/", &[("host", "a")]), NOW), Denied::Unsigned);
    let other = Keyring::new(&[Credential::new("OTHER", SECRET)]);
    let unknown = other.check((&good).into(), Payload::Header, None, NOW).unwrap_err();
    assert_eq!(unknown, Denied::UnknownKey { key: KEY.to_owned() });
    let mut added = get_object(GET_OBJECT);
    added.headers.insert("x-amz-acl", http::HeaderValue::from_static("public-read"));
    assert!(matches!(denied(&added, NOW), Denied::MissingHeader { .. }), "an unsigned x-amz-* header");
    for value in ["AWS4-HMAC-SHA256 x", "Basic abc", "AWS4-HMAC-SHA256 Credential=a/b", "AWS nonsense"] {
        let head = head("GET", "/", &[("host", "a"), ("authorization", value)]);
        assert!(matches!(denied(&head, NOW), Denied::Header { .. }), "{value}");
        assert!(
            Keyring::default().check((&head).into(), Payload::Header, None, NOW).is_ok(),
            "accepted without keys"
        );
    }
    for change in
        [("86400", "604801"), ("86400", "-1"), ("86400", "x"), ("Date=2013", "Date=x"), ("HMAC", "MAC")]
    {
        let head = head("GET", &PRESIGNED.replace(change.0, change.1), &[("host", "a")]);
        assert!(matches!(denied(&head, NOW), Denied::Parameters { .. }), "{change:?}");
    }
}

#[test]
fn a_body_is_signed_by_its_hash() {
    // From the example of a POST in the Signature Version 4 test suite.
    let ring = Keyring::new(&[Credential::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")]);
    let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
        SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    let head = head(
        "GET",
        "/",
        &[
            ("host", "example.amazonaws.com"),
            ("x-amz-date", "20150830T123600Z"),
            ("authorization", authorization),
        ],
    );
    let now = 1_440_938_160_000;
    assert!(ring.check((&head).into(), Payload::Body(b""), None, now).is_ok());
    assert!(matches!(ring.check((&head).into(), Payload::Body(b"x"), None, now), Err(Denied::Mismatch(_))));
}
