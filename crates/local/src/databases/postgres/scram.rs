//! SCRAM-SHA-256 from the client's side (RFC 5802, RFC 7677), as PostgreSQL asks for it. Pure: the nonce is given.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

/// No channel binding, and no user: PostgreSQL takes that of the startup message ("SASL Authentication").
const HEADER: &str = "n,,";

type Key = [u8; 32];

/// A conversation whose first message is said.
#[derive(Debug)]
pub(super) struct Conversation {
    nonce: String,
}

impl Conversation {
    /// A conversation with a nonce that nobody can guess and that has no comma.
    pub(super) fn new(nonce: String) -> Self {
        Self { nonce }
    }

    /// What the client says first.
    pub(super) fn first(&self) -> String {
        format!("{HEADER}{}", self.bare())
    }

    /// The answer to the server's first message, and what the server must say to that; `None` where it says no such
    /// thing.
    pub(super) fn proof(&self, password: &str, server: &str) -> Option<(String, String)> {
        let field = |name: &str| server.split(',').find_map(|field| field.strip_prefix(name));
        let (nonce, salt, rounds) =
            (field("r=")?, BASE64.decode(field("s=")?).ok()?, field("i=")?.parse().ok()?);
        if !nonce.starts_with(&self.nonce) {
            return None;
        }
        let salted = salted(password.as_bytes(), &salt, rounds);
        let client_key = keyed(&salted, b"Client Key");
        let without_proof = format!("c={},r={nonce}", BASE64.encode(HEADER));
        let said = format!("{},{server},{without_proof}", self.bare());
        let signature = keyed(&Sha256::digest(client_key), said.as_bytes());
        let proof: Vec<u8> = client_key.iter().zip(signature).map(|(key, sign)| key ^ sign).collect();
        let expected = keyed(&keyed(&salted, b"Server Key"), said.as_bytes());
        Some((
            format!("{without_proof},p={}", BASE64.encode(proof)),
            format!("v={}", BASE64.encode(expected)),
        ))
    }

    fn bare(&self) -> String {
        format!("n=,r={}", self.nonce)
    }
}

/// `Hi` of RFC 5802, section 2.2.
fn salted(password: &[u8], salt: &[u8], rounds: u32) -> Key {
    let mut last = keyed(password, &[salt, &[0, 0, 0, 1]].concat());
    let mut all = last;
    for _ in 1..rounds {
        last = keyed(password, &last);
        all.iter_mut().zip(last).for_each(|(byte, other)| *byte ^= other);
    }
    all
}

fn keyed(key: &[u8], text: &[u8]) -> Key {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Key::default() };
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::{BASE64, salted};
    use base64::Engine as _;

    // RFC 7677, section 3: the proof of that example covers `n=user`, so the salted password is what can be compared.
    #[test]
    fn a_password_is_salted_as_pbkdf2_does() {
        let salt = BASE64.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let key = salted(b"pencil", &salt, 4096);
        assert_eq!(BASE64.encode(key), "xKSVEDI6tPlSysH6mUQZOeeOp01r6B3fcJbodRPcYV0=");
    }
}
