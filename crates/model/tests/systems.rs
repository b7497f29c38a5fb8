//! The manifests of the systems mean something in every environment, and `check` says of them what is expected.

#![expect(clippy::disallowed_methods, reason = "a test reads its files")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Warnings that are meant: the system, and how the message begins.
const MEANT: &[(&str, &str)] = &[("bootstrap", "`edge.tls` has no certificate")];

/// Every manifest below `systems/`, with the name of its folder.
fn systems() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../systems");
    let mut found: Vec<(String, PathBuf)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path().join("taxiway.yaml")))
        .filter(|(_, manifest)| manifest.exists())
        .collect();
    found.sort();
    found
}

#[expect(clippy::panic, reason = "a test fails by panicking")]
fn read(path: &Path) -> model::Manifest {
    let text = fs::read_to_string(path).unwrap();
    model::read("taxiway.yaml", &text, &|_| None)
        .unwrap_or_else(|problems| panic!("{}:\n{}", path.display(), problems.render(&text, false)))
}

#[test]
fn every_system_means_something_in_every_environment() {
    let systems = systems();
    assert_eq!(
        systems.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["bootstrap", "flights", "ingest", "knowledge", "tracker"]
    );
    for (name, path) in &systems {
        let manifest = read(path);
        for environment in manifest.environments() {
            let system = model::resolve(&manifest, Some(environment)).unwrap_or_else(|problems| {
                panic!("{name} in {environment}:\n{}", problems.render(manifest.source(), false))
            });
            assert_eq!((&system.name, system.environment.as_deref()), (name, Some(environment)));
            let long_running = system.services.values().filter(|service| service.run.is_some());
            assert_eq!(long_running.count(), system.services.len(), "{name} in {environment} runs here too");
        }
    }
}

#[test]
fn check_has_nothing_to_say_but_what_is_meant() {
    for (name, path) in &systems() {
        let manifest = read(path);
        let meant = |message: &str| MEANT.iter().any(|(of, begin)| of == name && message.starts_with(begin));
        let mut problems = model::check(&manifest);
        problems.problems.retain(|problem| !meant(&problem.message));
        assert!(problems.is_empty(), "{name}:\n{}", problems.render(manifest.source(), false));
    }
}
