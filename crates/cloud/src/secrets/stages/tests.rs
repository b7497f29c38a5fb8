//! Labels on the move: each case is a row of versions before and after.

use super::*;

/// `a: AWSCURRENT; b: AWSPENDING mine`.
fn versions(text: &str) -> Vec<Staged> {
    let version = |text: &str| {
        let (id, stages) = text.split_once(':').unwrap();
        Staged { id: id.trim().to_owned(), stages: stages.split_whitespace().map(str::to_owned).collect() }
    };
    text.split(';').map(version).collect()
}

#[track_caller]
fn attached(before: &str, id: &str, stages: &str, after: &str) {
    let mut found = versions(before);
    let stages: Vec<String> = stages.split_whitespace().map(str::to_owned).collect();
    attach(&mut found, id, &stages);
    assert_eq!(found, versions(after), "{before} + {stages:?} on {id}");
}

#[track_caller]
fn after_move(
    before: &str,
    wanted: (&str, Option<&str>, Option<&str>),
) -> std::result::Result<Vec<Staged>, Code> {
    let mut found = versions(before);
    let (stage, from, to) = wanted;
    let wanted = Move { stage: stage.to_owned(), from: from.map(str::to_owned), to: to.map(str::to_owned) };
    moved(&mut found, &wanted).map_err(|error| error.code)?;
    Ok(found)
}

#[test]
fn current_leaves_previous_behind() {
    attached("a:; b:", "a", "AWSCURRENT", "a: AWSCURRENT; b:");
    attached("a: AWSCURRENT; b:", "b", "AWSCURRENT", "a: AWSPREVIOUS; b: AWSCURRENT");
    attached("a: AWSPREVIOUS; b: AWSCURRENT; c:", "c", "AWSCURRENT", "a:; b: AWSPREVIOUS; c: AWSCURRENT");
    attached("a: AWSPREVIOUS; b: AWSCURRENT", "a", "AWSCURRENT", "a: AWSCURRENT; b: AWSPREVIOUS");
    attached("a: AWSCURRENT", "a", "AWSCURRENT", "a: AWSCURRENT");
}

#[test]
fn what_was_pending_is_not_when_it_is_previous() {
    attached(
        "a: AWSPREVIOUS; b: AWSPENDING AWSCURRENT mine; c:",
        "c",
        "AWSCURRENT",
        "a:; b: mine AWSPREVIOUS; c: AWSCURRENT",
    );
    attached("a: AWSCURRENT AWSPENDING; b:", "b", "AWSPENDING", "a: AWSCURRENT; b: AWSPENDING");
}

#[test]
fn a_label_is_on_one_version() {
    attached("a: AWSCURRENT; b: one two; c:", "c", "two three", "a: AWSCURRENT; b: one; c: two three");
}

#[test]
fn a_move_names_where_the_label_is() {
    let before = "a: AWSCURRENT; b: AWSPENDING";
    let after = after_move(before, (CURRENT, Some("a"), Some("b")));
    assert_eq!(after, Ok(versions("a: AWSPREVIOUS; b: AWSPENDING AWSCURRENT")));
    assert_eq!(after_move(before, (PENDING, Some("b"), None)), Ok(versions("a: AWSCURRENT; b:")));
    assert_eq!(
        after_move(before, ("mine", None, Some("a"))),
        Ok(versions("a: AWSCURRENT mine; b: AWSPENDING"))
    );
    assert_eq!(after_move(before, (CURRENT, None, Some("a"))), Ok(versions(before)));
    for (wanted, code) in [
        ((CURRENT, None, Some("b")), Code::InvalidParameterException),
        ((CURRENT, Some("b"), Some("a")), Code::InvalidParameterException),
        ((CURRENT, Some("a"), None), Code::InvalidParameterException),
        (("mine", Some("a"), None), Code::InvalidParameterException),
        (("mine", None, None), Code::InvalidParameterException),
        ((CURRENT, Some("a"), Some("z")), Code::ResourceNotFoundException),
    ] {
        assert_eq!(after_move(before, wanted), Err(code), "{wanted:?}");
    }
}

#[test]
fn a_secret_has_twenty_labels() {
    let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
    let mut found = versions("a:");
    attach(&mut found, "a", &many[..20]);
    assert_eq!(check(&found), Ok(()));
    attach(&mut found, "a", &many);
    assert_eq!(check(&found).unwrap_err().code, Code::LimitExceededException);
}
