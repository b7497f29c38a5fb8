//! Requests against a small table, and AWS's sentences.

use serde_json::json;

use super::*;

const NAME: Shape = pattern(1, 8, "[a-z]+");
const SECRET: Shape = secret(1, 8);
const WORD: Shape = text(1, 4);
const WORDS: Shape = list(1, 2, &WORD);
const COUNT: Shape = whole(1, 10);
const KIND: Shape = Shape::Choice(&["hot", "cold"]);
const INNER: Shape = Shape::Structure(&[must("Key", &KIND)]);
const INNERS: Shape = list(0, ANY, &INNER);
const BLOB: Shape = Shape::Blob { least: 1, most: 4 };

const OPERATION: Operation = operation(
    "Do",
    &[
        must("Name", &NAME),
        may("Value", &SECRET),
        may("Words", &WORDS),
        may("Count", &COUNT),
        may("Inners", &INNERS),
        may("Bytes", &BLOB),
        may("Sure", &FLAG),
        may("Context", &Shape::Map),
    ],
);

#[track_caller]
fn bounds(input: &Value, said: &str) {
    assert_eq!(check(&OPERATION, input), Err(Broken::Bounds(said.to_owned())));
}

#[test]
fn what_keeps_its_bounds_passes() {
    let input = json!({ "Name": "abc", "Value": "x", "Words": ["a"], "Count": 10, "Inners": [{ "Key": "hot" }],
        "Bytes": "YWJj", "Sure": true, "Context": { "a": "b" }, "Unknown": 7 });
    assert_eq!(check(&OPERATION, &input), Ok(()));
    assert_eq!(check(&OPERATION, &json!({ "Name": "abc", "Value": null })), Ok(()));
}

#[test]
fn each_bound_has_its_sentence() {
    let one = "1 validation error detected: ";
    bounds(
        &json!({}),
        &format!("{one}Value null at 'name' failed to satisfy constraint: Member must not be null"),
    );
    bounds(
        &json!({ "Name": "abcdefghi" }),
        &format!(
            "{one}Value 'abcdefghi' at 'name' failed to satisfy constraint: Member must have length less than or equal to 8"
        ),
    );
    bounds(
        &json!({ "Name": "A" }),
        &format!(
            "{one}Value 'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+"
        ),
    );
    bounds(
        &json!({ "Name": "a", "Count": 11 }),
        &format!(
            "{one}Value '11' at 'count' failed to satisfy constraint: Member must have value less than or equal to 10"
        ),
    );
    bounds(
        &json!({ "Name": "a", "Inners": [{ "Key": "hot" }, { "Key": "warm" }] }),
        &format!(
            "{one}Value 'warm' at 'inners.2.member.key' failed to satisfy constraint: Member must satisfy enum value set: [hot, cold]"
        ),
    );
    bounds(
        &json!({ "Name": "a", "Words": ["a", "b", "c"] }),
        &format!(
            "{one}Value '[a, b, c]' at 'words' failed to satisfy constraint: Member must have length less than or equal to 2"
        ),
    );
    bounds(
        &json!({ "Name": "a", "Words": ["a", "longer"] }),
        &format!(
            "{one}Value '[a, longer]' at 'words' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 1]"
        ),
    );
}

#[test]
fn a_secret_is_not_quoted_and_several_are_said_at_once() {
    bounds(
        &json!({ "Name": "", "Value": "correct horse" }),
        "3 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length \
         greater than or equal to 1; Value '' at 'name' failed to satisfy constraint: Member must satisfy regular \
         expression pattern: [a-z]+; Value at 'value' failed to satisfy constraint: Member must have length less \
         than or equal to 8",
    );
}

#[test]
fn a_wrong_kind_names_the_member_and_not_the_value() {
    for (input, said) in [
        (json!({ "Name": 7 }), "The member 'name' is not text."),
        (json!({ "Name": "a", "Count": "7" }), "The member 'count' is not a whole number."),
        (json!({ "Name": "a", "Count": 1.5 }), "The member 'count' is not a whole number."),
        (json!({ "Name": "a", "Bytes": "*" }), "The member 'bytes' is not base64."),
        (json!({ "Name": "a", "Context": { "a": 1 } }), "The member 'context' is not a map of text."),
        (json!({ "Name": "a", "Inners": {} }), "The member 'inners' is not a list."),
        (json!([]), "The request is not a structure."),
    ] {
        assert_eq!(check(&OPERATION, &input), Err(Broken::Kind(said.to_owned())));
    }
}
