//! Whatever the text, reading it ends soon, with a system or with sentences.

use std::time::{Duration, Instant};

use proptest::prelude::*;

const DESIGN: &str = include_str!("accepts/design.yaml");
const TRACKER: &str = include_str!("accepts/tracker.yaml");
const BOOTSTRAP: &str = include_str!("accepts/bootstrap.yaml");

/// Reads, checks, resolves and renders; fails when that takes long.
fn survives(text: &str) {
    let began = now();
    match model::read("taxiway.yaml", text, &|name| (name == "SET").then(|| "value".to_owned())) {
        Ok(manifest) => {
            let _ = model::check(&manifest).render(text, true);
            for environment in std::iter::once(None).chain(manifest.environments().map(Some)) {
                if let Err(problems) = model::resolve(&manifest, environment) {
                    assert!(problems.has_errors());
                }
            }
        }
        Err(problems) => {
            assert!(problems.has_errors(), "refused without a reason");
            assert!(problems.problems.len() <= 100);
            let shown = problems.render(text, false);
            assert!(shown.lines().all(|line| line.chars().count() < 1000), "a line is too long:\n{shown}");
            let _ = problems.render("", true);
        }
    }
    let bound = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });
    assert!(began.elapsed() < bound, "took {:?}", began.elapsed());
}

#[expect(clippy::disallowed_methods, reason = "a test may look at the clock")]
fn now() -> Instant {
    Instant::now()
}

/// A valid manifest with a few characters changed.
fn mutated() -> impl Strategy<Value = String> {
    let source = prop_oneof![Just(DESIGN), Just(TRACKER), Just(BOOTSTRAP)];
    let edit = (any::<prop::sample::Index>(), 0..12_usize, "[ -~\n\t{}\\[\\]:,&*!'\"#$]{0,6}");
    (source, prop::collection::vec(edit, 1..6)).prop_map(|(source, edits)| {
        let mut text: Vec<char> = source.chars().collect();
        for (at, remove, insert) in edits {
            let at = at.index(text.len().max(1)).min(text.len());
            let end = (at + remove).min(text.len());
            text.splice(at..end, insert.chars());
        }
        text.into_iter().collect()
    })
}

/// Pieces of the language in an order nobody wrote.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "name: shop\n",
        "services:\n",
        "  api:\n",
        "    type: web\n",
        "    run: ./api\n",
        "    http:\n",
        "{",
        "}",
        "[",
        "]",
        "resources: ",
        "environments: ",
        "prod: ",
        "null",
        ": ",
        ", ",
        "&a ",
        "*a ",
        "<<: ",
        "*a\n",
        "- ",
        "\n",
        "  ",
        "\t",
        "scale: { min: 0 }",
        "uses: { a: send }",
        "${SET}",
        "${UNSET:-",
        "$$",
        "'",
        "\"",
        "|\n",
        ">-\n",
        "#",
        "!!str ",
        "!x ",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "? ",
        "\u{feff}",
        "\u{0}",
        "日本",
        "e\u{301}",
        "\r\n",
        "depends_on: [api]\n",
    ]);
    let opening = prop::sample::select(vec!["", "name: shop\nservices:\n  api:\n    type: web\n    "]);
    (opening, prop::collection::vec(piece, 0..40))
        .prop_map(|(opening, pieces)| opening.to_owned() + &pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_mutated_manifest(text in mutated()) {
        survives(&text);
    }

    #[test]
    fn pieces_in_any_order(text in pieces()) {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_keys_means_nothing(seed in any::<u64>()) {
        for source in [DESIGN, TRACKER, BOOTSTRAP] {
            let shuffled = shuffled(source, seed);
            let manifest = model::read("a", source, &|_| None).unwrap();
            let other = model::read("b", &shuffled, &|_| None).unwrap();
            for environment in manifest.environments() {
                prop_assert_eq!(
                    model::resolve(&manifest, Some(environment)).unwrap(),
                    model::resolve(&other, Some(environment)).unwrap()
                );
            }
        }
    }
}

/// The same manifest with its top-level fields in another order; one that others refer to stays first.
fn shuffled(source: &str, seed: u64) -> String {
    let mut blocks: Vec<String> = Vec::new();
    for line in source.lines() {
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase());
        match blocks.last_mut() {
            Some(last) if !begins => *last += &format!("{line}\n"),
            _ => blocks.push(format!("{line}\n")),
        }
    }
    blocks.sort_by_key(|block| {
        let hash =
            block.bytes().fold(seed | 1, |hash, byte| hash.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
        (!block.starts_with("x-"), hash)
    });
    blocks.concat()
}

#[test]
fn nesting_has_an_end() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("a:\n", "")] {
        for depth in [10, 100, 10_000, 100_000] {
            survives(&format!("name: x\nx-deep: {}{}", open.repeat(depth), close.repeat(depth)));
            survives(&open.repeat(depth));
        }
    }
    let indented: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    survives(&indented);
}

#[test]
fn aliases_have_an_end() {
    let wide =
        (1..40).map(|level| format!("x{level}: &a{level} [{}]\n", format!("*a{},", level - 1).repeat(10)));
    survives(&format!("x0: &a0 lol\n{}", wide.collect::<String>()));
    let merged = (1..40)
        .map(|level| format!("x-{level}: &b{level} {{ <<: [*b{0}, *b{0}], k{level}: *b{0} }}\n", level - 1));
    survives(&format!("x-0: &b0 {{ a: b }}\n{}", merged.collect::<String>()));
    survives(&format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(1000), "*a,".repeat(100_000)));
}

#[test]
fn a_manifest_at_the_bound_is_read_soon() {
    let fill = |piece: &dyn Fn(usize) -> String| {
        let mut text = "name: big\nservices:\n".to_owned();
        let mut count = 0;
        while text.len() < 1024 * 1024 - 300 {
            text += &piece(count);
            count += 1;
        }
        text
    };
    survives(&fill(&|n| format!("  s{n}: {{ type: worker, run: ./s, uses: {{ q{n}: send }} }}\n")));
    survives(&fill(&|n| format!("  s{}: {{ type: worker, run: ./s, env: {{ V{n}: x }} }}\n", n / 900)));
    survives(&fill(&|n| format!("  # comment {n}\n")));
    survives(&fill(&|_| "x".repeat(1000)));
    survives(&format!("name: x\nx-a: \"{}\"\n", "${A:-".repeat(150_000)));
    survives(&format!("name: x\nx-a: {}\n", "[],".repeat(1000)));
    survives(&"\"".repeat(1024 * 1024));
    survives(&"a: ".repeat(300_000));
    survives(&"x".repeat(1024 * 1024 + 1));
    let used: String = (0..900).map(|n| format!("q{n}x: send, ")).collect();
    let defined: String = (0..900).map(|n| format!("  q{n}y: {{ type: queue }}\n")).collect();
    survives(&fill(&|n| {
        if n < 40 {
            format!("  s{n}: {{ type: worker, run: ./s, uses: {{ {used} }} }}\n")
        } else {
            "#\n".repeat(100)
        }
    }));
    survives(&format!(
        "name: x\nservices:\n  s: {{ type: worker, run: ./s, uses: {{ {used} }} }}\nresources:\n{defined}"
    ));
}
