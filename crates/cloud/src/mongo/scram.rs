//! SCRAM-SHA-256 from the server's side (RFC 5802, RFC 7677), as drivers speak it. Pure: nonces and salts are given.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Rounds of hashing a password goes through, MongoDB's own default (`scramSHA256IterationCount`).
pub(super) const ROUNDS: u32 = 15_000;

/// Bytes of a salt, as MongoDB's.
pub(super) const SALT: usize = 28;

type Key = [u8; 32];

/// What is kept of a password. It lets a client in who knows the password, and does not tell it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Verifier {
    pub(super) salt: Vec<u8>,
    pub(super) rounds: u32,
    pub(super) stored_key: Key,
    pub(super) server_key: Key,
}

/// A client's first message, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct First {
    /// Who wants in, as written, not yet prepared.
    pub(super) user: String,
    nonce: String,
    bare: String,
    /// What the client must repeat: base64 of its header.
    binding: String,
}

/// A conversation in which the client's proof is awaited.
#[derive(Clone)]
pub(super) struct Awaiting {
    verifier: Verifier,
    nonce: String,
    binding: String,
    /// The first two messages, which the proof covers.
    said: String,
}

/// Why nobody was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// A message has not the form it must have.
    Form,
    /// The proof is wrong.
    Proof,
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Verifier").field("rounds", &self.rounds).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Awaiting {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Awaiting").finish_non_exhaustive()
    }
}

impl Verifier {
    /// What is kept of `password`, prepared as RFC 4013 says; a password that can't be prepared is taken as it is.
    pub(super) fn of(password: &str, salt: &[u8], rounds: u32) -> Self {
        let prepared = prepare(password);
        let salted = stretch(prepared.as_bytes(), salt, rounds);
        let stored_key = Sha256::digest(sign(&salted, b"Client Key")).into();
        Self { salt: salt.to_vec(), rounds, stored_key, server_key: sign(&salted, b"Server Key") }
    }
}

impl First {
    /// Reads `n,,n=<user>,r=<nonce>`.
    pub(super) fn read(payload: &[u8]) -> Result<Self, Refused> {
        let text = std::str::from_utf8(payload).map_err(|_| Refused::Form)?;
        let mut parts = text.splitn(3, ',');
        let (flag, identity, bare) = (parts.next(), parts.next(), parts.next());
        let (Some(flag @ ("n" | "y")), Some(identity), Some(bare)) = (flag, identity, bare) else {
            return Err(Refused::Form);
        };
        let (user, nonce) = (attribute(bare, "n")?, attribute(bare, "r")?);
        if nonce.is_empty() || !identity.is_empty() && !identity.starts_with("a=") {
            return Err(Refused::Form);
        }
        Ok(Self {
            user: user.replace("=2C", ",").replace("=3D", "="),
            nonce: nonce.to_owned(),
            bare: bare.to_owned(),
            binding: BASE64.encode(format!("{flag},{identity},")),
        })
    }

    /// The server's first message, and what is awaited after it. `nonce` is the server's part, printable.
    pub(super) fn answer(self, verifier: Verifier, nonce: &str) -> (Vec<u8>, Awaiting) {
        let nonce = format!("{}{nonce}", self.nonce);
        let first = format!("r={nonce},s={},i={}", BASE64.encode(&verifier.salt), verifier.rounds);
        let said = format!("{},{first}", self.bare);
        (first.into_bytes(), Awaiting { verifier, nonce, binding: self.binding, said })
    }
}

impl Awaiting {
    /// Checks the client's proof; the answer proves to the client that the server knows it too.
    pub(super) fn finish(&self, payload: &[u8]) -> Result<Vec<u8>, Refused> {
        let text = std::str::from_utf8(payload).map_err(|_| Refused::Form)?;
        let (without_proof, proof) = text.rsplit_once(",p=").ok_or(Refused::Form)?;
        if attribute(without_proof, "c")? != self.binding || attribute(without_proof, "r")? != self.nonce {
            return Err(Refused::Form);
        }
        let proof: Key =
            BASE64.decode(proof).ok().and_then(|proof| proof.try_into().ok()).ok_or(Refused::Form)?;
        let said = format!("{},{without_proof}", self.said);
        let signature = sign(&self.verifier.stored_key, said.as_bytes());
        let mut client_key = proof;
        client_key.iter_mut().zip(signature).for_each(|(byte, mask)| *byte ^= mask);
        let shown: Key = Sha256::digest(client_key).into();
        if !bool::from(shown.ct_eq(&self.verifier.stored_key)) {
            return Err(Refused::Proof);
        }
        let signature = sign(&self.verifier.server_key, said.as_bytes());
        Ok(format!("v={}", BASE64.encode(signature)).into_bytes())
    }
}

/// A name or password as it is compared: RFC 4013, or as written where that forbids a letter of it.
pub(super) fn prepare(text: &str) -> std::borrow::Cow<'_, str> {
    stringprep::saslprep(text).unwrap_or(std::borrow::Cow::Borrowed(text))
}

fn attribute<'a>(message: &'a str, name: &str) -> Result<&'a str, Refused> {
    let found = message.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    found.ok_or(Refused::Form)
}

/// `Hi` of RFC 5802: PBKDF2 with one block.
fn stretch(password: &[u8], salt: &[u8], rounds: u32) -> Key {
    let mut block = sign(password, &[salt, &[0, 0, 0, 1]].concat());
    let mut result = block;
    for _ in 1..rounds {
        block = sign(password, &block);
        result.iter_mut().zip(block).for_each(|(byte, more)| *byte ^= more);
    }
    result
}

/// HMAC-SHA-256, which takes keys of every length.
fn sign(key: &[u8], message: &[u8]) -> Key {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, section 3.
    #[test]
    fn the_example_of_the_rfc() {
        let salt = BASE64.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let verifier = Verifier::of("pencil", &salt, 4096);
        let first = First::read(b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO").unwrap();
        assert_eq!(first.user, "user");
        let (said, awaiting) = first.answer(verifier, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        let expected =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        assert_eq!(String::from_utf8(said).unwrap(), expected);
        let last = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                    p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
        let answer = awaiting.finish(last.as_bytes()).unwrap();
        assert_eq!(answer, b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        let wrong = last.replace("p=dH", "p=dI");
        assert_eq!(awaiting.finish(wrong.as_bytes()), Err(Refused::Proof));
        assert_eq!(awaiting.finish(b"c=biws,r=other,p=AAAA"), Err(Refused::Form));
    }

    #[test]
    fn names_are_unescaped_and_prepared() {
        assert_eq!(First::read(b"n,,n=a=2Cb=3Dc,r=x").unwrap().user, "a,b=c");
        assert_eq!(First::read(b"p=tls,,n=a,r=x"), Err(Refused::Form));
        assert_eq!(First::read(b"\xff"), Err(Refused::Form));
        assert_eq!(prepare("\u{2168}"), "IX");
        assert_eq!(prepare("I\u{ad}X"), "IX");
    }
}
