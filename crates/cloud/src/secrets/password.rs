//! `GetRandomPassword`.

use serde::{Deserialize, Serialize};

use super::error::{Code, Error, Result};

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// Characters where the request does not say (GetRandomPassword, API Reference).
const USUAL_LENGTH: usize = 32;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Input {
    password_length: Option<usize>,
    exclude_characters: String,
    exclude_numbers: bool,
    exclude_punctuation: bool,
    exclude_uppercase: bool,
    exclude_lowercase: bool,
    include_space: bool,
    require_each_included_type: Option<bool>,
}

/// A password. It has no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Made {
    random_password: String,
}

/// Makes a password of random characters; with at least one of each kind, unless that is not required.
pub(super) fn get_random_password(input: &Input) -> Result<Made> {
    let kinds = kinds(input);
    let length = input.password_length.unwrap_or(USUAL_LENGTH);
    let refused = |message: String| Err(Code::InvalidParameterException.saying(message));
    if kinds.iter().all(Vec::is_empty) {
        return refused("The request excludes every character; include some.".to_owned());
    }
    let each = input.require_each_included_type != Some(false);
    // A space is in it where there is room, but not required (RequireEachIncludedType).
    let required = kinds.iter().filter(|kind| **kind != [' ']).count();
    if each && length < required {
        return refused(format!("Password length {length} is too short based on the required types."));
    }
    let all: Vec<char> = kinds.concat();
    let mut password = Vec::with_capacity(length);
    if each {
        for kind in kinds.iter().take(length) {
            password.push(pick(kind)?);
        }
    }
    while password.len() < length {
        password.push(pick(&all)?);
    }
    shuffle(&mut password)?;
    Ok(Made { random_password: password.into_iter().collect() })
}

/// The kinds of characters there may be, each without those that are excluded.
fn kinds(input: &Input) -> Vec<Vec<char>> {
    let included = [
        (!input.exclude_lowercase, LOWER),
        (!input.exclude_uppercase, UPPER),
        (!input.exclude_numbers, DIGITS),
        (!input.exclude_punctuation, PUNCTUATION),
        (input.include_space, " "),
    ];
    let kept = |text: &str| -> Vec<char> {
        text.chars().filter(|letter| !input.exclude_characters.contains(*letter)).collect()
    };
    let kinds = included.into_iter().filter(|(included, _)| *included).map(|(_, text)| kept(text));
    kinds.filter(|kind| !kind.is_empty()).collect()
}

fn pick(letters: &[char]) -> Result<char> {
    letters.get(below(letters.len())?).copied().ok_or_else(Error::internal)
}

/// Every order is as likely as any other.
fn shuffle(letters: &mut [char]) -> Result<()> {
    for last in (1..letters.len()).rev() {
        letters.swap(last, below(last + 1)?);
    }
    Ok(())
}

/// A random number below `count`, each as likely as any other: what would favour some is drawn again.
fn below(count: usize) -> Result<usize> {
    let count = u32::try_from(count).map_err(|_| Error::internal())?;
    let fair = u32::MAX - u32::MAX % count.max(1);
    loop {
        let number = u32::from_ne_bytes(crate::seal::random()?);
        if number < fair {
            return usize::try_from(number % count).map_err(|_| Error::internal());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(input: &Input) -> String {
        get_random_password(input).unwrap().random_password
    }

    fn of_length(length: usize) -> Input {
        Input { password_length: Some(length), ..Input::default() }
    }

    #[test]
    fn a_password_has_each_kind_and_no_space() {
        for _ in 0..50 {
            let password = made(&of_length(4));
            for kind in [LOWER, UPPER, DIGITS, PUNCTUATION] {
                assert!(password.chars().any(|letter| kind.contains(letter)), "{password}");
            }
        }
        assert_eq!(made(&Input::default()).len(), 32);
        assert_ne!(made(&Input::default()), made(&Input::default()));
    }

    #[test]
    fn what_is_excluded_is_not_in_it() {
        let input = Input { exclude_numbers: true, exclude_punctuation: true, ..of_length(300) };
        assert!(made(&input).chars().all(char::is_alphabetic));
        let input = Input { exclude_characters: LOWER.to_owned(), exclude_uppercase: true, ..of_length(300) };
        assert!(!made(&input).chars().any(char::is_alphabetic));
        let input = Input { include_space: true, ..of_length(5) };
        assert!(made(&input).contains(' '));
        assert_eq!(made(&Input { include_space: true, ..of_length(4) }).len(), 4);
        let input = Input { require_each_included_type: Some(false), ..of_length(1) };
        assert_eq!(made(&input).len(), 1);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let code = |input: &Input| get_random_password(input).map(|_| ()).unwrap_err().code;
        assert_eq!(code(&of_length(3)), Code::InvalidParameterException);
        let nothing = Input {
            exclude_lowercase: true,
            exclude_uppercase: true,
            exclude_numbers: true,
            exclude_punctuation: true,
            ..Input::default()
        };
        assert_eq!(code(&nothing), Code::InvalidParameterException);
    }
}
