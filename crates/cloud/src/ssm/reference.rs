//! Names that stand for a secret: `/aws/reference/secretsmanager/NAME`, `…/NAME:VERSION`, `…/NAME:STAGE`.

use super::error::{Code, Error};
use crate::secrets;

const PREFIX: &str = "/aws/reference/secretsmanager/";

/// The secret that a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted<'a> {
    /// The parameter's name, without its selector.
    pub(super) name: &'a str,
    pub(super) secret: &'a str,
    /// A version's id or a staging label.
    pub(super) selector: Option<&'a str>,
}

/// Reads a name, where it stands for a secret.
pub(super) fn read(text: &str) -> Option<Wanted<'_>> {
    let rest = text.strip_prefix(PREFIX)?;
    let (secret, selector) = rest.split_once(':').map_or((rest, None), |(secret, rest)| (secret, Some(rest)));
    let name = text.get(..PREFIX.len() + secret.len())?;
    Some(Wanted { name, secret, selector })
}

/// What the parameter store says where Secrets Manager refuses.
pub(super) fn refused(name: &str, refused: secrets::error::Error) -> Error {
    use crate::json::Code as _;
    if refused.code.status() != http::StatusCode::BAD_REQUEST {
        return Error::internal();
    }
    if refused.code == secrets::error::Code::ResourceNotFoundException {
        return Code::ParameterNotFound.saying(format!(
            "An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret {name} not found."
        ));
    }
    Error::validation(format!(
        "An error occurred ({}) when referencing Secrets Manager: {}",
        refused.code.name(),
        refused.message
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_reserved_prefix_stands_for_a_secret() {
        let name = "/aws/reference/secretsmanager/app/token";
        assert_eq!(read(name), Some(Wanted { name, secret: "app/token", selector: None }));
        let stage = Wanted { name, secret: "app/token", selector: Some("AWSPREVIOUS") };
        assert_eq!(read("/aws/reference/secretsmanager/app/token:AWSPREVIOUS"), Some(stage));
        assert_eq!(read("/app/token"), None);
    }
}
