//! Temporary credentials: keys nobody checks, and a token that says whose session it is.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Sts;
use super::error::Result;
use super::xml::{Element, text};
use crate::clock;
use crate::seal;

/// What a session token is sealed for.
const PLACE: &[u8] = b"sts:session";

/// The letters of an access key's id.
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Who a session is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) arn: String,
    pub(super) user_id: String,
    /// When it ends, in milliseconds since 1970.
    pub(super) ends: i64,
}

impl Sts {
    /// New credentials for `arn` that are good for so many seconds.
    pub(super) fn credentials(&self, arn: &str, user_id: &str, seconds: i64) -> Result<Element> {
        let ends = clock::now_ms() + seconds * 1000;
        let session = Session { arn: arn.to_owned(), user_id: user_id.to_owned(), ends };
        let told = serde_json::to_vec(&session).map_err(|_| seal::Unsealable)?;
        let token = BASE64_URL_SAFE_NO_PAD.encode(self.root.seal(PLACE, &told)?);
        let key = format!("ASIA{}", letters(&seal::random::<16>()?));
        let secret = base64::prelude::BASE64_STANDARD.encode(seal::random::<30>()?);
        Ok(Element::Group(
            "Credentials",
            vec![
                text("AccessKeyId", key),
                text("SecretAccessKey", secret),
                text("SessionToken", token),
                text("Expiration", moment(ends)),
            ],
        ))
    }

    /// Whose session a token is; nobody's where it is not one of ours, or has ended.
    pub(super) fn session(&self, token: Option<&str>) -> Option<Session> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(token?).ok()?;
        let told = self.root.unseal(PLACE, &sealed).ok()?;
        let session: Session = serde_json::from_slice(&told).ok()?;
        (session.ends > clock::now_ms()).then_some(session)
    }
}

/// One of 32 letters for each byte.
pub(super) fn letters(bytes: &[u8]) -> String {
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).map_or('A', |byte| char::from(*byte));
    bytes.iter().map(letter).collect()
}

/// `2026-01-31T12:00:00Z`.
fn moment(milliseconds: i64) -> String {
    let moment =
        OffsetDateTime::from_unix_timestamp(milliseconds / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    moment.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}
