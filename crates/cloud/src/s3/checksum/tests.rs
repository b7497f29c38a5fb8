//! Known answers, and parts against the whole.

use super::*;

/// The check values of the CRC catalogue and of FIPS 180, in base64, over `123456789`.
const KNOWN: [(Algorithm, &str); 5] = [
    (Algorithm::Crc32, "y/Q5Jg=="),
    (Algorithm::Crc32c, "4waSgw=="),
    (Algorithm::Crc64Nvme, "rosUhgp5mIg="),
    (Algorithm::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
    (Algorithm::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
];

fn of(algorithm: Algorithm, bytes: &[u8]) -> String {
    let mut hashing = Hashing::new(algorithm, false);
    hashing.update(bytes);
    hashing.finish().checksum.value
}

#[test]
fn known_answers() {
    for (algorithm, expected) in KNOWN {
        assert_eq!(of(algorithm, b"123456789"), expected, "{algorithm:?}");
        assert_eq!(Algorithm::named(algorithm.name()), Some(algorithm));
    }
}

#[test]
fn a_full_object_checksum_of_parts_equals_the_one_of_the_whole() {
    let (first, second) = (b"1234".as_slice(), b"56789".as_slice());
    for algorithm in [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme] {
        let parts = [(of(algorithm, first), 4), (of(algorithm, second), 5)];
        let whole = of_parts(algorithm, Coverage::FullObject, &parts).unwrap();
        assert_eq!(whole.value, of(algorithm, b"123456789"), "{algorithm:?}");
    }
}

#[test]
fn a_composite_checksum_says_how_many_parts() {
    let parts = [(of(Algorithm::Crc32, b"1"), 1), (of(Algorithm::Crc32, b"2"), 1)];
    assert!(of_parts(Algorithm::Crc32, Coverage::Composite, &parts).unwrap().value.ends_with("-2"));
}
