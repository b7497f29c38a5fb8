//! The folder terraform runs in: the compiled one, or a copy of it for a simulated AWS.
//!
//! A simulated AWS has states, providers and keys of its own. None of them may come into the folder a person commits and
//! applies for real, so each endpoint has a copy below `.taxiway/`, with a person's values where there are any, and the
//! examples else.

use std::fs;
use std::path::{Path, PathBuf};

use remote::Stack;
use remote::environment::BACKEND;

use super::ready::VALUES;
use crate::generated::{Files, Folder};
use crate::report::Failure;

/// Brings the copy for an endpoint up to date, and says where it is.
pub(super) fn copy(
    dir: &Path,
    root: &Path,
    environment: &str,
    endpoint: &str,
    files: &Files,
) -> Result<PathBuf, Failure> {
    let copy = dir.join(".taxiway").join("simulated").join(name(endpoint));
    let mut folder = Folder::open(&copy).map_err(Failure::from_error)?;
    let concerned = |path: &str| path.split('/').next() == Some(environment);
    let differences = folder.compare(files, concerned).map_err(Failure::from_error)?;
    folder.write(files, &differences).map_err(Failure::from_error)?;
    for stack in Stack::ORDER {
        let (from, to) = (stack.folder(&root.join(environment)), stack.folder(&copy.join(environment)));
        for name in [VALUES, BACKEND] {
            let own = from.join(name);
            let example = to.join(format!("{name}.example"));
            let source = if own.is_file() { own } else { example };
            let file = to.join(name);
            fs::copy(&source, &file).map_err(|error| {
                let (source, file) = (source.display(), file.display());
                Failure::Sentence(format!(
                    "{source} cannot be copied to {file}: {error}; see that there is room"
                ))
            })?;
        }
    }
    Ok(copy)
}

/// `http://127.0.0.1:5000` is `127.0.0.1-5000`.
fn name(endpoint: &str) -> String {
    let place = endpoint.split_once("://").map_or(endpoint, |(_, place)| place);
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    place.trim_end_matches('/').chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use remote::Stack;

    use super::{copy, name};
    use crate::generated::Files;

    #[test]
    fn an_endpoint_is_a_folders_name() {
        assert_eq!(name("http://127.0.0.1:5000/"), "127.0.0.1-5000");
        assert_eq!(name("aws.local/../x"), "aws.local-..-x");
    }

    #[test]
    fn a_copy_has_a_persons_values_where_there_are_any() {
        let project = tempfile::tempdir().expect("a temporary folder");
        let root = project.path().join("deploy/aws");
        let mut files = Files::new();
        for stack in Stack::ORDER {
            for file in ["terraform.tfvars", "backend.hcl"] {
                files.insert(format!("prod/{stack}/{file}.example"), b"example".to_vec());
            }
        }
        fs::create_dir_all(root.join("prod/data")).expect("folders");
        fs::write(root.join("prod/data/terraform.tfvars"), "own").expect("a file");
        let there = copy(project.path(), &root, "prod", "http://[::1]:1", &files).expect("a copy");
        let read = |path: &str| fs::read_to_string(there.join(path)).expect("a file");
        assert_eq!(read("prod/data/terraform.tfvars"), "own");
        assert_eq!(read("prod/compute/terraform.tfvars"), "example");
        assert_eq!(read("prod/bootstrap/backend.hcl"), "example");
        assert!(
            !root.join("prod/compute/terraform.tfvars").exists(),
            "nothing comes into the person's folder"
        );
    }
}
