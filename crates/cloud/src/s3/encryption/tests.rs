//! Defaults, keys of KMS, and keys that customers bring.

use super::*;

const PLACE: Place<'_> = Place { region: "us-east-1", account: "000000000000" };
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const MD5: &str = "cLyPS3KoaSFGi/joRB3OUQ==";

fn given(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
}

fn customer(key: &str, md5: &str) -> HeaderMap {
    given(&[
        (CUSTOMER_ALGORITHM, "AES256"),
        ("x-amz-server-side-encryption-customer-key", key),
        (CUSTOMER_MD5, md5),
    ])
}

fn kept(pairs: &[(&'static str, &str)]) -> BTreeMap<String, String> {
    Encryption::default().of_request(&given(pairs), PLACE).unwrap()
}

#[test]
fn what_is_not_said_is_the_default() {
    assert_eq!(kept(&[]), BTreeMap::from([(METHOD.to_owned(), "AES256".to_owned())]));
    let kms = Encryption {
        method: "aws:kms".to_owned(),
        key: Some("abc".to_owned()),
        bucket_key: true,
        origin: Origin::Owner,
    };
    let found = kms.of_request(&HeaderMap::new(), PLACE).unwrap();
    assert_eq!(found[KMS_KEY], "arn:aws:kms:us-east-1:000000000000:key/abc");
    assert_eq!(found[BUCKET_KEY], "true");
    let found = kms.of_request(&given(&[(METHOD, "AES256")]), PLACE).unwrap();
    assert_eq!(found.len(), 1, "a request's own choice takes nothing of the default");
    assert_eq!(kept(&[(METHOD, "aws:kms")])[KMS_KEY], "arn:aws:kms:us-east-1:000000000000:alias/aws/s3");
}

#[test]
fn nonsense_is_refused() {
    for pairs in [&[(METHOD, "ROT13")][..], &[(KMS_KEY, "abc")], &[(METHOD, "AES256"), (KMS_KEY, "abc")]] {
        let error = Encryption::default().of_request(&given(pairs), PLACE).unwrap_err();
        assert_eq!(error.code, Code::InvalidArgument, "{pairs:?}");
    }
    for headers in [
        given(&[(CUSTOMER_ALGORITHM, "AES256")]),
        given(&[(CUSTOMER_MD5, MD5)]),
        customer("c2hvcnQ=", MD5),
        customer(KEY, "AAAAAAAAAAAAAAAAAAAAAA=="),
    ] {
        let error = Encryption::default().of_request(&headers, PLACE).unwrap_err();
        assert_eq!(error.code, Code::InvalidArgument, "{headers:?}");
    }
}

#[test]
fn a_customer_s_object_opens_with_its_key_alone() {
    let stored = Encryption::default().of_request(&customer(KEY, MD5), PLACE).unwrap();
    assert!(!stored.contains_key(METHOD));
    assert!(!format!("{stored:?}").contains(KEY), "the key itself is not kept");
    assert_eq!(check_read(&stored, &customer(KEY, MD5), OWN), Ok(()));
    assert_eq!(check_read(&stored, &HeaderMap::new(), OWN).unwrap_err().code, Code::InvalidRequest);
    let other = BASE64_STANDARD.encode([1; 32]);
    let md5 = BASE64_STANDARD.encode(Md5::digest([1; 32]));
    assert_eq!(check_read(&stored, &customer(&other, &md5), OWN).unwrap_err().code, Code::AccessDenied);
    assert_eq!(check_read(&kept(&[]), &customer(KEY, MD5), OWN).unwrap_err().code, Code::InvalidRequest);
    assert_eq!(check_part(&stored, &HeaderMap::new()).unwrap_err().code, Code::InvalidRequest);
}
