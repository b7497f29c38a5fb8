//! Compiles manifests in memory, in every environment but `local`, and says how long that took: `compile ROUNDS
//! MANIFEST…` prints one line of JSON. What the bench measures without a disk.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program of its own, at the rim")]

use std::error::Error;
use std::time::Instant;

use targets::Target;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rounds: u32 = arguments.next().ok_or("say how many rounds")?.parse()?;
    let paths: Vec<String> = arguments.collect();
    let mut files = 0;
    let mut fastest = f64::INFINITY;
    for _ in 0..rounds {
        let begun = Instant::now();
        files = 0;
        for path in &paths {
            files += manifest(path)?;
        }
        fastest = fastest.min(begun.elapsed().as_secs_f64());
    }
    println!("{}", serde_json::json!({ "files": files, "ms": fastest * 1000.0 }));
    Ok(())
}

/// Reads and compiles one, and gives how many files it became.
fn manifest(path: &str) -> Result<usize, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let broken = |problems: model::Problems| problems.render(&text, false);
    let manifest = model::read(path, &text, &|_| None).map_err(broken)?;
    let mut files = 0;
    for environment in manifest.environments().filter(|name| *name != "local") {
        let system = model::resolve(&manifest, Some(environment)).map_err(broken)?;
        files += targets::compile(&system, Target::Aws).files.len();
    }
    Ok(files)
}
