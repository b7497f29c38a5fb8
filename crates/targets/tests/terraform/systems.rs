//! The systems of this repository.

use std::path::{Path, PathBuf};

use model::System;

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/targets is two folders down")
        .to_owned()
}

/// The text of a system's manifest.
pub(crate) fn text(name: &str) -> String {
    let path = root().join("systems").join(name).join("taxiway.yaml");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A manifest's system in one environment.
pub(crate) fn resolve(text: &str, environment: &str) -> System {
    let manifest = model::read("taxiway.yaml", text, &|_| None)
        .unwrap_or_else(|problems| panic!("{}", problems.render(text, false)));
    model::resolve(&manifest, Some(environment))
        .unwrap_or_else(|problems| panic!("{}", problems.render(text, false)))
}

/// The environments of a manifest that are compiled.
pub(crate) fn environments(text: &str) -> Vec<String> {
    let manifest = model::read("taxiway.yaml", text, &|_| None).expect("the systems' manifests are read");
    manifest.environments().filter(|name| *name != "local").map(str::to_owned).collect()
}
