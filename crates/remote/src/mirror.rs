//! Where the provider is on this machine, so that it need not be downloaded.

use std::path::{Path, PathBuf};

use crate::Variables;

/// The variable that names a mirror.
const VARIABLE: &str = "TAXIWAY_TERRAFORM_MIRROR";
/// The provider in a mirror (Terraform, "Provider Installation": file-system mirrors).
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";
/// How deep below `/opt` a mirror is looked for.
const DEPTH: usize = 3;

/// The folder of a mirror that has the provider: the one that is named, else one of the usual places. `None` leaves it to
/// terraform, as does a person's own `TF_CLI_CONFIG_FILE` that is there.
#[must_use]
pub fn mirror(variables: &Variables) -> Option<PathBuf> {
    if variables.get("TF_CLI_CONFIG_FILE").is_some_and(|file| Path::new(file).is_file()) {
        return None;
    }
    let named = variables.get(VARIABLE).map(PathBuf::from);
    let own = variables.get("HOME").map(|home| Path::new(home).join(".terraform.d/plugins"));
    let usual = [Some(PathBuf::from("/usr/share/terraform/plugins")), own];
    let known = named.into_iter().chain(usual.into_iter().flatten()).find(|folder| has(folder));
    known.or_else(|| below(Path::new("/opt"), DEPTH))
}

fn has(folder: &Path) -> bool {
    folder.join(PROVIDER).is_dir()
}

fn below(folder: &Path, depth: usize) -> Option<PathBuf> {
    if has(folder) {
        return Some(folder.to_owned());
    }
    if depth == 0 {
        return None;
    }
    let entries = std::fs::read_dir(folder).ok()?;
    let mut folders: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir() && !path.is_symlink())
        .collect();
    folders.sort();
    folders.iter().find_map(|folder| below(folder, depth - 1))
}

#[cfg(test)]
mod tests {
    use super::{PROVIDER, below, mirror};
    use crate::Variables;

    #[test]
    fn finds_the_folder_that_has_the_provider() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let folder = root.path().join("a/mirror");
        assert_eq!(below(root.path(), 3), None);
        std::fs::create_dir_all(folder.join(PROVIDER)).expect("folders");
        assert_eq!(below(root.path(), 3), Some(folder.clone()));
        assert_eq!(below(root.path(), 1), None, "not deeper than it may");
        let named = Variables::from([("TAXIWAY_TERRAFORM_MIRROR".to_owned(), folder.display().to_string())]);
        assert_eq!(mirror(&named), Some(folder));
    }

    #[test]
    fn leaves_a_persons_own_settings_alone() {
        let settings = tempfile::NamedTempFile::new().expect("a temporary file");
        let own = Variables::from([
            ("TF_CLI_CONFIG_FILE".to_owned(), settings.path().display().to_string()),
            ("TAXIWAY_TERRAFORM_MIRROR".to_owned(), "/opt".to_owned()),
        ]);
        assert_eq!(mirror(&own), None);
    }
}
