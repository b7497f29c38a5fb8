//! Whether the compiled folder is ready for terraform: fresh, and with a person's own values.

use std::path::{Path, PathBuf};

use remote::Stack;
use remote::environment::BACKEND;

use super::{Verb, place};
use crate::arguments::Stacks;
use crate::elsewhere;
use crate::environment;
use crate::generated::{Files, Folder};
use crate::manifest::Source;
use crate::report::Failure;

/// A person's values of a stack, and the example they come from.
pub(super) const VALUES: &str = "terraform.tfvars";

/// A compiled environment that terraform can be run on.
#[derive(Debug)]
pub(super) struct Ready {
    /// The environment's folder.
    pub(super) folder: PathBuf,
    /// `ingest-prod`: the word that a person types.
    pub(super) name: String,
    pub(super) is_protected: bool,
    /// In the order they are taken.
    pub(super) stacks: Vec<Stack>,
}

impl Ready {
    pub(super) fn check(verb: Verb, arguments: &Stacks) -> Result<Self, Failure> {
        let source = Source::open(&arguments.project.dir)?;
        let manifest = source.manifest(&environment::variables())?;
        let resolved = model::resolve(&manifest, arguments.env.as_deref());
        let system = resolved.map_err(|problems| source.failure(&problems))?;
        let environment = targets::folder_of(&system);
        let files = elsewhere::compiled(&source, &system)?;
        let root = arguments.out.clone().unwrap_or_else(|| source.dir.join("deploy").join(elsewhere::AWS));
        let folder = match &arguments.endpoint {
            Some(endpoint) => place::copy(&source.dir, &root, environment, endpoint, &files)?,
            None => {
                is_fresh(&root, environment, &files)?;
                root
            }
        };
        let ready = Self {
            folder: folder.join(environment),
            name: system.environment.iter().fold(system.name.clone(), |name, part| format!("{name}-{part}")),
            is_protected: system.protect,
            stacks: stacks(verb, arguments),
        };
        ready.stacks.iter().try_for_each(|stack| has_values(*stack, &stack.folder(&ready.folder)))?;
        Ok(ready)
    }
}

/// The file that says where the state of a stack is. That of `bootstrap` is local until a person moves it.
fn backend(stack: Stack) -> Option<&'static str> {
    (stack != Stack::Bootstrap).then_some(BACKEND)
}

fn stacks(verb: Verb, arguments: &Stacks) -> Vec<Stack> {
    let mut stacks: Vec<Stack> = Stack::ORDER
        .into_iter()
        .filter(|stack| arguments.stack.is_none_or(|only| Stack::from(only) == *stack))
        .collect();
    if verb == Verb::Destroy {
        stacks.reverse();
    }
    stacks
}

fn is_fresh(root: &Path, environment: &str, files: &Files) -> Result<(), Failure> {
    let folder = Folder::open(root).map_err(Failure::from_error)?;
    let concerned = |path: &str| path.split('/').next() == Some(environment);
    let differences = folder.compare(files, concerned).map_err(Failure::from_error)?;
    let Some(first) = differences.first() else { return Ok(()) };
    let (count, root) = (differences.len(), root.display());
    Err(Failure::Sentence(format!(
        "{count} files in {root} are not what the manifest makes, {} first; run `taxiway compile --target aws`, and look at what \
         changes",
        first.file
    )))
}

fn has_values(stack: Stack, folder: &Path) -> Result<(), Failure> {
    for name in [Some(VALUES), backend(stack)].into_iter().flatten() {
        let file = folder.join(name);
        if !file.is_file() {
            return Err(Failure::Sentence(format!(
                "there is no {}; copy {name}.example beside it to {name}, and put your own values in",
                file.display()
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser as _;
    use remote::Stack;

    use super::super::Verb;
    use super::{has_values, stacks};
    use crate::arguments::{Arguments, Command, Stacks};
    use crate::report::Failure;

    fn typed(words: &[&str]) -> Stacks {
        let words = ["taxiway", "plan"].iter().chain(words);
        match Arguments::try_parse_from(words).expect("they can be typed").command {
            Command::Plan(arguments) => arguments,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn destroys_the_other_way_round() {
        assert_eq!(stacks(Verb::Apply, &typed(&[])), Stack::ORDER);
        assert_eq!(stacks(Verb::Destroy, &typed(&[])), [Stack::Compute, Stack::Data, Stack::Bootstrap]);
        assert_eq!(stacks(Verb::Destroy, &typed(&["--stack", "data"])), [Stack::Data]);
    }

    #[test]
    fn a_stack_without_its_values_is_refused_with_the_example_to_copy() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let missing = |stack| match has_values(stack, folder.path()) {
            Err(Failure::Sentence(text)) => text,
            other => panic!("{other:?}"),
        };
        assert!(missing(Stack::Data).contains("copy terraform.tfvars.example"));
        fs::write(folder.path().join("terraform.tfvars"), "").expect("a file");
        assert!(missing(Stack::Data).contains("copy backend.hcl.example"));
        assert!(has_values(Stack::Bootstrap, folder.path()).is_ok(), "its first state is a local file");
    }
}
