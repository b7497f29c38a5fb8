//! Access keys whose signatures are checked: from a file as AWS's tools have it, or from the environment.

use std::collections::BTreeMap;
use std::path::Path;

use cloud::Credential;

use crate::manifest;
use crate::report::Failure;

/// The variables that name one access key.
const ID: &str = "TAXIWAY_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "TAXIWAY_CLOUD_SECRET_ACCESS_KEY";

/// The access keys of the file, where there is one, and of the environment. None means that nothing is checked.
pub(super) fn read(
    file: Option<&Path>,
    variables: &BTreeMap<String, String>,
) -> Result<Vec<Credential>, Failure> {
    let mut credentials = match file {
        Some(file) => of_file(file)?,
        None => Vec::new(),
    };
    match (variables.get(ID), variables.get(SECRET)) {
        (Some(id), Some(secret)) => credentials.push(Credential::new(id, secret)),
        (None, None) => {}
        (there, _) => {
            let (set, unset) = if there.is_some() { (ID, SECRET) } else { (SECRET, ID) };
            return Err(Failure::Sentence(format!(
                "{set} is set and {unset} is not; an access key needs both"
            )));
        }
    }
    Ok(credentials)
}

fn of_file(file: &Path) -> Result<Vec<Credential>, Failure> {
    let shown = file.display();
    let text = manifest::read(file).map_err(|error| {
        Failure::Sentence(format!("the credentials file {shown} cannot be read: {error}"))
    })?;
    let credentials =
        parse(&text).map_err(|(line, reason)| Failure::Sentence(format!("{shown}:{line}: {reason}")))?;
    if credentials.is_empty() {
        return Err(Failure::Sentence(format!(
            "the credentials file {shown} has no access key; write `aws_access_key_id = …` and \
             `aws_secret_access_key = …` as in ~/.aws/credentials"
        )));
    }
    Ok(credentials)
}

/// Profiles, each with a key: the form of `~/.aws/credentials` (AWS SDKs and Tools Reference Guide, shared files).
/// A failure has its line, and never what stands there.
fn parse(text: &str) -> Result<Vec<Credential>, (usize, &'static str)> {
    let (mut credentials, mut id) = (Vec::new(), None);
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if text.starts_with('[') {
            if id.take().is_some() {
                return Err((line, "the profile above has an access key's id and no secret"));
            }
            continue;
        }
        let (name, value) = text.split_once('=').ok_or((line, "this is no `name = value`"))?;
        match (name.trim(), value.trim()) {
            ("aws_access_key_id" | "aws_secret_access_key", "") => return Err((line, "the value is empty")),
            ("aws_access_key_id", value) => id = Some(value.to_owned()),
            ("aws_secret_access_key", value) => {
                let id = id.take().ok_or((line, "the secret has no `aws_access_key_id` above it"))?;
                credentials.push(Credential::new(&id, value));
            }
            // Regions and the like, which profiles may have.
            _ => {}
        }
    }
    if id.is_some() {
        Err((text.lines().count(), "an access key's id has no secret"))
    } else {
        Ok(credentials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_have_a_key_each() {
        let text = "# mine\n[default]\naws_access_key_id = A\naws_secret_access_key=b=c\nregion = x\n\n[other]\n\
                    aws_access_key_id=D\naws_secret_access_key = e\n";
        assert_eq!(parse(text), Ok(vec![Credential::new("A", "b=c"), Credential::new("D", "e")]));
    }

    #[test]
    fn a_broken_file_is_told_by_its_line() {
        assert_eq!(parse("[a]\nsecret"), Err((2, "this is no `name = value`")));
        assert_eq!(
            parse("aws_access_key_id = a\n[b]"),
            Err((2, "the profile above has an access key's id and no secret"))
        );
        assert_eq!(parse("aws_secret_access_key = a").unwrap_err().0, 1);
        assert_eq!(parse("aws_access_key_id ="), Err((1, "the value is empty")));
    }

    #[test]
    fn half_a_key_in_the_environment_is_a_slip() {
        let variables = BTreeMap::from([(ID.to_owned(), "a".to_owned())]);
        let Err(Failure::Sentence(said)) = read(None, &variables) else { panic!("it is accepted") };
        assert!(said.contains(SECRET), "{said}");
    }
}
