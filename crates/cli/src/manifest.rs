//! From a folder to a checked manifest: finds the file, reads it within bounds, shows what is wrong with it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use model::{Manifest, Problems, System};

use crate::report::{self, Failure};

/// The manifest's file name.
const NAME: &str = "taxiway.yaml";
/// The environment a laptop takes where the manifest has it.
pub(crate) const LOCAL: &str = "local";
/// Largest manifest that is read, in bytes. The model refuses more as well; this keeps it from memory.
const LARGEST: u64 = 1024 * 1024;

/// A manifest as it lies on the disk.
#[derive(Debug)]
pub(crate) struct Source {
    /// The project's folder.
    pub(crate) dir: PathBuf,
    /// The file's path as a person would write it.
    pub(crate) file: String,
    /// Its text.
    pub(crate) text: String,
}

impl Source {
    /// Finds and reads the manifest of a folder. The path of the file itself does as well.
    pub(crate) fn open(dir: &Path) -> Result<Self, Failure> {
        let file = if dir.is_file() { dir.to_owned() } else { dir.join(NAME) };
        let text = read(&file).map_err(|error| Failure::Sentence(explain(&file, &error)))?;
        let dir = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let shown = file.strip_prefix(".").unwrap_or(&file).display().to_string();
        Ok(Self { dir: dir.to_owned(), file: shown, text })
    }

    /// Reads the text as a manifest.
    pub(crate) fn manifest(&self, variables: &BTreeMap<String, String>) -> Result<Manifest, Failure> {
        model::read(&self.file, &self.text, &|name| variables.get(name).cloned())
            .map_err(|problems| self.failure(&problems))
    }

    /// Resolves one environment: the one that is asked for, else `local` where there is one, else none.
    pub(crate) fn system(&self, manifest: &Manifest, environment: Option<&str>) -> Result<System, Failure> {
        let local = || manifest.environments().find(|name| *name == LOCAL);
        model::resolve(manifest, environment.or_else(local)).map_err(|problems| self.failure(&problems))
    }

    /// Problems as the failure that shows them.
    pub(crate) fn failure(&self, problems: &Problems) -> Failure {
        Failure::Manifest(problems.render(&self.text, report::colours_errors()))
    }
}

/// Reads a text file of at most 1 MiB.
pub(crate) fn read(file: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(file)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let position = error.utf8_error().valid_up_to();
        io::Error::new(io::ErrorKind::InvalidData, format!("byte {position} is not UTF-8"))
    })
}

fn explain(file: &Path, error: &io::Error) -> String {
    let shown = file.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            format!(
                "there is no {shown}; name the folder of your {NAME}, or write one (`taxiway explain` shows its fields)"
            )
        }
        io::ErrorKind::PermissionDenied => {
            format!("{shown} may not be read by this user; change its permissions")
        }
        io::ErrorKind::FileTooLarge => {
            format!("{shown} is larger than 1 MiB; a manifest is a page or two of text")
        }
        io::ErrorKind::InvalidData => format!("{shown} is not text: {error}; save it as UTF-8"),
        _ => format!("{shown} cannot be read: {error}"),
    }
}
