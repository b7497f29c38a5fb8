//! The table beside the manifest's own tables, and beside what compilations say.

use std::collections::BTreeSet;

use model::System;

use super::table::{self, Cell, SECTIONS};
use super::{Fidelity, Grade, Platform, document, report};
use crate::{Target, compile};

const SHOP: &str = include_str!("tests/shop.yaml");
const BOARD: &str = include_str!("tests/board.yaml");
const CLUSTER: &str = include_str!("tests/cluster.yaml");

/// Every field below a path that holds values itself: those that hold fields only are left out.
fn fields(path: &str) -> Vec<String> {
    let explained = model::explain(path).expect("a path that came from the tables");
    let below = |child: &model::Child| {
        let path = if path.is_empty() { child.name.clone() } else { format!("{path}.{}", child.name) };
        fields(&path)
    };
    match explained.children.is_empty() {
        true => vec![path.to_owned()],
        false => explained.children.iter().flat_map(below).collect(),
    }
}

fn system(text: &str) -> (System, Vec<model::WrittenField>) {
    let manifest = model::read("taxiway.yaml", text, &|_| None)
        .unwrap_or_else(|problems| panic!("{}", problems.render(text, false)));
    let system =
        model::resolve(&manifest, None).unwrap_or_else(|problems| panic!("{}", problems.render(text, false)));
    (system, manifest.fields(None))
}

/// The field of a path: without the name that somebody chose.
fn field(system: &System, path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["services" | "alarms", _, "uses", ..] => "services.uses".to_owned(),
        [top @ ("services" | "alarms"), _, rest @ ..] => {
            let rest = rest.join(".");
            format!("{top}.{}", rest.replace("[0]", ""))
        }
        ["resources", name, rest @ ..] => {
            let kind = format!("{:?}", system.resources[*name].kind);
            let kind = kind.split('(').next().unwrap_or_default().to_lowercase();
            format!("resources.{kind}.{}", rest.join("."))
        }
        _ => path.to_owned(),
    }
}

fn agrees(system: &System, platform: Platform, note: &Fidelity) -> bool {
    let field = field(system, &note.field);
    let below = format!("{field}.");
    let lines = SECTIONS.iter().flat_map(|section| section.lines);
    let mine: Vec<&table::Line> = match table::find(&field) {
        Some(line) => vec![line],
        None => lines.filter(|line| line.field.starts_with(&below)).collect(),
    };
    let says = |line: &table::Line| {
        line.on(platform).cases().iter().any(|case| (case.grade, case.reason) == (note.grade, note.reason))
    };
    let is_silent = |line: &table::Line| matches!(line.on(platform), Cell::Silent(_));
    mine.iter().any(|line| says(line)) && mine.iter().all(|line| says(line) || is_silent(line))
}

#[test]
fn every_field_of_the_manifest_has_a_line() {
    let missing: Vec<String> = fields("").into_iter().filter(|field| table::find(field).is_none()).collect();
    assert!(missing.is_empty(), "no line in fidelity/table for {missing:?}");
}

#[test]
fn every_line_names_a_field_and_each_once() {
    let mut seen = BTreeSet::new();
    for line in SECTIONS.iter().flat_map(|section| section.lines) {
        let field = line.field.replace("hooks.*", "hooks.after_traffic");
        let field = field.replace("resources.*", "resources.queue").replace("env.*", "env.url");
        assert!(model::explain(&field).is_ok(), "{field} is no field");
        assert!(seen.insert(line.field), "{field} has two lines");
    }
}

#[test]
fn what_is_not_exact_says_why() {
    for line in SECTIONS.iter().flat_map(|section| section.lines) {
        for platform in [Platform::Local, Platform::Ecs, Platform::Eks, Platform::Github] {
            for case in line.on(platform).cases() {
                assert!(matches!(case.grade, Grade::Approximated | Grade::Dropped), "{}", line.field);
                assert!(
                    case.reason.len() > 10 && !case.reason.ends_with('.'),
                    "{}: {}",
                    line.field,
                    case.reason
                );
                let always = matches!(line.on(platform), Cell::Always(_));
                assert!(always || !case.when.is_empty() || case.reason == table::cases::CLOCK.reason);
            }
        }
    }
}

#[test]
fn notes_say_what_the_table_says() {
    for (text, platform) in [(SHOP, Platform::Ecs), (BOARD, Platform::Ecs), (CLUSTER, Platform::Eks)] {
        let (system, _) = system(text);
        for note in compile(&system, Target::Aws).fidelity {
            assert!(agrees(&system, platform, &note), "{platform:?} says something else of {note:?}");
        }
    }
}

#[test]
fn a_note_on_a_field_that_is_exact_would_be_found() {
    let (system, _) = system(SHOP);
    let wrong = Fidelity::of("services.api.command", &table::cases::LIMITS);
    assert!(!agrees(&system, Platform::Ecs, &wrong));
}

#[test]
fn every_exception_of_the_table_is_made_somewhere() {
    let said: BTreeSet<&str> = [SHOP, BOARD, CLUSTER]
        .iter()
        .flat_map(|text| compile(&system(text).0, Target::Aws).fidelity)
        .map(|note| note.reason)
        .collect();
    for line in SECTIONS.iter().flat_map(|section| section.lines) {
        for platform in [Platform::Ecs, Platform::Eks] {
            let Cell::But(cases) = line.on(platform) else { continue };
            for case in cases {
                assert!(said.contains(case.reason), "{}: nothing says {:?}", line.field, case.reason);
            }
        }
    }
}

#[test]
fn a_field_is_judged_where_it_was_written() {
    let (system, written) = system(SHOP);
    let verdicts = report(&system, Platform::Ecs, &written, &compile(&system, Target::Aws).fidelity);
    let of = |path: &str| verdicts.iter().find(|verdict| verdict.path == path).map(|verdict| verdict.grade);
    assert_eq!(of("services.api.cpu"), Some(Grade::Exact));
    assert_eq!(of("services.api.run"), Some(Grade::NotApplicable));
    assert_eq!(of("services.api.depends_on.worker"), Some(Grade::Approximated));
    assert_eq!(of("services.cleanup.timeout"), Some(Grade::Dropped));
    assert_eq!(of("services.monitor.profiles"), Some(Grade::Dropped));
    assert_eq!(of("services.monitor.port"), Some(Grade::NotApplicable), "the service is not there");
    assert_eq!(of("resources.db.env.url"), Some(Grade::Approximated), "its default does not hold");
    assert!(verdicts.iter().all(|verdict| (verdict.grade == Grade::Exact) == verdict.reason.is_none()));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test is at the rim")]
fn the_page_is_fresh() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fidelity.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, document()).expect("docs/ can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let stale = "docs/fidelity.md is stale; UPDATE_GOLDEN=1 cargo test -p taxiway-targets rewrites it";
    assert_eq!(written, document(), "{stale}");
}
