//! Every rejected manifest beside the exact text a person sees, every accepted one beside what it means.
//! `UPDATE_GOLDEN=1 cargo test -p taxiway-model` rewrites the texts.

#![expect(clippy::disallowed_methods, reason = "a test reads its files")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The variables of the surroundings in these tests.
fn variables(name: &str) -> Option<String> {
    match name {
        "REGION" => Some("eu-west-1".to_owned()),
        "SECRET_VALUE" => Some("never-show-this".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn manifests(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect();
    files.sort();
    files
}

/// Compares with the committed text, or rewrites it.
fn golden(path: &Path, actual: &str, stale: &mut Vec<String>) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, actual).unwrap();
    } else if fs::read_to_string(path).ok().as_deref() != Some(actual) {
        stale.push(format!("{}\n{actual}", path.display()));
    }
}

fn fresh(stale: &[String]) {
    assert!(stale.is_empty(), "missing or stale (UPDATE_GOLDEN=1 rewrites):\n{}", stale.join("\n"));
}

/// What `taxiway check` shows: all problems, and whether any of them is an error.
fn seen(text: &str) -> (String, bool) {
    let problems = match model::read("taxiway.yaml", text, &variables) {
        Ok(manifest) => model::check(&manifest),
        Err(problems) => problems,
    };
    (problems.render(text, false), problems.has_errors())
}

#[test]
fn rejected_manifests_say_why() {
    let files = manifests(&folder("tests/rejects"));
    assert!(files.len() >= 80, "only {} rejected manifests", files.len());
    let mut stale = Vec::new();
    for file in &files {
        let text = String::from_utf8(fs::read(file).unwrap()).unwrap();
        let (shown, rejected) = seen(&text);
        assert!(rejected, "{} is accepted:\n{shown}", file.display());
        assert!(!shown.contains("never-show-this"), "{} shows a secret", file.display());
        golden(&file.with_extension("txt"), &shown, &mut stale);
    }
    fresh(&stale);
}

#[test]
fn warnings_do_not_reject() {
    let mut stale = Vec::new();
    for file in manifests(&folder("tests/warns")) {
        let text = fs::read_to_string(&file).unwrap();
        let (shown, rejected) = seen(&text);
        assert!(!rejected && !shown.is_empty(), "{}:\n{shown}", file.display());
        golden(&file.with_extension("txt"), &shown, &mut stale);
    }
    fresh(&stale);
}

#[test]
fn accepted_manifests_mean_this() {
    let mut stale = Vec::new();
    for file in manifests(&folder("tests/accepts")) {
        let text = fs::read_to_string(&file).unwrap();
        let (shown, rejected) = seen(&text);
        assert!(!rejected, "{}:\n{shown}", file.display());
        let manifest = model::read("taxiway.yaml", &text, &variables).unwrap();
        let mut means = shown;
        for environment in std::iter::once(None).chain(manifest.environments().map(Some)) {
            if environment.is_none() && manifest.environments().any(|name| name == "local") {
                continue;
            }
            let system = model::resolve(&manifest, environment).unwrap();
            means.push_str(&format!("{system:#?}\n"));
        }
        golden(&file.with_extension("txt"), &means, &mut stale);
    }
    fresh(&stale);
}

#[test]
fn no_text_is_left_without_its_manifest() {
    for name in ["tests/rejects", "tests/warns", "tests/accepts"] {
        let stems: BTreeSet<PathBuf> =
            manifests(&folder(name)).iter().map(|file| file.with_extension("")).collect();
        for entry in fs::read_dir(folder(name)).unwrap() {
            let path = entry.unwrap().path();
            assert!(stems.contains(&path.with_extension("")), "{} belongs to nothing", path.display());
        }
    }
}

#[test]
fn the_published_schema_is_fresh() {
    let text = format!("{}\n", serde_json::to_string_pretty(&model::schema()).unwrap());
    let mut stale = Vec::new();
    golden(&folder("../../docs/taxiway.schema.json"), &text, &mut stale);
    fresh(&stale);
}

#[test]
fn the_reference_is_fresh() {
    let mut stale = Vec::new();
    golden(&folder("../../docs/manifest.md"), &model::reference(), &mut stale);
    fresh(&stale);
}
