//! Whether a service's program is there, asked before it is started: a clear sentence instead of exit code 127.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use model::system::Service;

/// A program that is not there or is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("service `{service}` cannot start: {reason}; {hint}")]
pub struct MissingProgram {
    /// The service.
    service: String,
    /// What is wrong.
    reason: String,
    /// What to do.
    hint: String,
}

/// Finds `program` as the system will: a path with a slash under `directory`, a bare name along `path`.
pub(crate) fn check(
    service: &Service,
    program: &str,
    directory: &Path,
    path: Option<&String>,
) -> Result<(), MissingProgram> {
    let found = if program.contains('/') {
        look(&directory.join(program))
    } else {
        let folders = path.into_iter().flat_map(|path| path.split(':'));
        let looks: Vec<Look> = folders.map(|folder| look(&directory.join(folder).join(program))).collect();
        let is = |wanted| looks.contains(&wanted);
        if is(Look::Program) {
            Look::Program
        } else if is(Look::NotExecutable) {
            Look::NotExecutable
        } else {
            Look::Nothing
        }
    };
    let reason = match found {
        Look::Program => return Ok(()),
        Look::NotExecutable => format!("`{program}` may not be executed"),
        Look::Nothing if program.contains('/') => {
            format!("there is no program `{program}` in {}", directory.display())
        }
        Look::Nothing => format!("there is no program `{program}` on the PATH"),
    };
    Err(MissingProgram { service: service.name.clone(), reason, hint: hint(service, found, program) })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Program,
    NotExecutable,
    Nothing,
}

fn look(path: &Path) -> Look {
    match fs::metadata(path) {
        Ok(file) if file.is_file() && file.permissions().mode() & 0o111 != 0 => Look::Program,
        Ok(file) if file.is_file() => Look::NotExecutable,
        _ => Look::Nothing,
    }
}

fn hint(service: &Service, found: Look, program: &str) -> String {
    match (found, &service.prepare) {
        (Look::NotExecutable, _) => format!("`chmod +x {program}` allows it"),
        (_, Some(prepare)) => {
            format!("its `prepare` (`{}`) ended well and did not make it", prepare.join(" "))
        }
        (_, None) if program.contains('/') => {
            "build it first, or give the service a `prepare` that does".to_owned()
        }
        (_, None) => "install it, or correct the service's `run`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    fn message(run: &str, prepare: &str) -> String {
        let text = format!("name: shop\nservices: {{ api: {{ type: worker, run: {run}{prepare} }} }}");
        let manifest = model::read("taxiway.yaml", &text, &|_| None).unwrap();
        let system = model::resolve(&manifest, None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plain"), "").unwrap();
        let path = "/bin:/usr/bin".to_owned();
        match check(&system.services["api"], run, folder.path(), Some(&path)) {
            Ok(()) => "ok".to_owned(),
            Err(error) => error.to_string().replace(&folder.path().display().to_string(), "DIR"),
        }
    }

    #[test]
    fn a_program_is_found_as_the_system_finds_it() {
        assert_eq!(message("sh", ""), "ok");
        assert_eq!(message("/bin/sh", ""), "ok");
    }

    #[test]
    fn what_is_missing_is_named_with_what_to_do() {
        assert_eq!(
            message("./none", ""),
            "service `api` cannot start: there is no program `./none` in DIR; build it first, or give the service a `prepare` that does"
        );
        assert_eq!(
            message("no-such-program", ""),
            "service `api` cannot start: there is no program `no-such-program` on the PATH; install it, or correct the service's `run`"
        );
        assert_eq!(
            message("./none", ", prepare: make it"),
            "service `api` cannot start: there is no program `./none` in DIR; its `prepare` (`make it`) ended well and did not make it"
        );
        assert_eq!(
            message("./plain", ""),
            "service `api` cannot start: `./plain` may not be executed; `chmod +x ./plain` allows it"
        );
    }
}
