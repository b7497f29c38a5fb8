//! What the printer writes; `tests/terraform.rs` asks `terraform fmt` itself.

use super::{Block, Body, Expression};

fn check(build: impl FnOnce(&mut Body), expect: &str) {
    let mut body = Body::new();
    build(&mut body);
    assert_eq!(body.to_string(), expect);
}

#[test]
fn the_equals_signs_of_neighbours_stand_in_one_column() {
    check(
        |body| {
            body.set("a", 1_u8).set("longer", true).set("list", Expression::list(["x", "y"]));
        },
        "a      = 1\nlonger = true\nlist   = [\"x\", \"y\"]\n",
    );
}

#[test]
fn a_value_of_several_lines_parts_a_column() {
    check(
        |body| {
            body.set("first", 1_u8)
                .set("o", Expression::object([("k", "v"), ("key", "w")]))
                .set("b", 2_u8)
                .set("long", 3_u8);
        },
        "first = 1\no = {\n  k   = \"v\"\n  key = \"w\"\n}\nb    = 2\nlong = 3\n",
    );
}

#[test]
fn blocks_are_parted() {
    check(
        |body| {
            let mut inner = Body::new();
            inner.set("x", Expression::Null);
            body.set("a", "b").block(Block::new("one", &["la\"bel"], inner.clone())).block(Block::new(
                "two",
                &[],
                Body::new(),
            ));
            body.comment("why").block(Block::new("three", &["x", "y"], inner)).set("z", 0_u8);
        },
        "a = \"b\"\n\none \"la\\\"bel\" {\n  x = null\n}\n\ntwo {}\n\n# why\nthree \"x\" \"y\" {\n  x = null\n}\n\nz = 0\n",
    );
}

#[test]
fn what_would_be_a_template_is_escaped() {
    check(
        |body| {
            body.set("t", "${a} %{b} $c 100% \"q\" \\ \n\u{1}")
                .set("u", Expression::template("x-{var.id}-${y"));
        },
        "t = \"$${a} %%{b} $c 100% \\\"q\\\" \\\\ \\n\\u0001\"\nu = \"x-${var.id}-$${y\"\n",
    );
}

#[test]
fn a_long_list_takes_a_line_for_each() {
    let long = "x".repeat(60);
    check(
        |body| {
            body.set("l", Expression::list([long.as_str(), &long]));
        },
        &format!("l = [\n  \"{long}\",\n  \"{long}\",\n]\n"),
    );
}

#[test]
fn keys_are_quoted_where_they_must_be() {
    check(
        |body| {
            body.set(
                "o",
                Expression::object([
                    ("plain", 1_u8),
                    ("with-dash", 2),
                    ("with.dot", 3),
                    ("1st", 4),
                    ("null", 5),
                ]),
            );
        },
        "o = {\n  plain      = 1\n  with-dash  = 2\n  \"with.dot\" = 3\n  \"1st\"      = 4\n  \"null\"     = 5\n}\n",
    );
}

#[test]
fn a_long_comment_is_wrapped() {
    let words = ["word"; 40].join(" ");
    check(
        |body| {
            body.comment(&words);
        },
        &format!("# {}\n# {}\n", ["word"; 23].join(" "), ["word"; 17].join(" ")),
    );
}
