//! Comparisons of a small system with what is on a disk.

use std::fs;
use std::path::Path;

use clap::Parser as _;
use tempfile::TempDir;

use super::Comparison;
use crate::arguments::{Arguments, Command};
use crate::generated::State;

const MANIFEST: &str = "name: shop\nservices: { api: { type: worker, image: \"shop:1\", run: ./api } }\n\
                        patches: { aws: mine }\nenvironments: { dev: {}, prod: {} }\n";

fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir_all(folder.path().join("mine/dev/data")).expect("a folder");
    fs::write(folder.path().join("mine/dev/data/own_override.tf"), "# mine\n").expect("a patch");
    fs::write(folder.path().join("taxiway.yaml"), MANIFEST).expect("a manifest");
    folder
}

fn compare(folder: &Path, more: &[&str]) -> Comparison {
    let dir = folder.to_str().expect("a path of letters");
    let words = ["taxiway", "diff", dir, "--target", "aws"].into_iter().chain(more.iter().copied());
    match Arguments::try_parse_from(words).expect("it can be typed").command {
        Command::Diff(arguments) => Comparison::of(&arguments.asked).expect("a good manifest"),
        other => panic!("{other:?}"),
    }
}

fn written(folder: &Path) -> Comparison {
    super::super::write(&mut compare(folder, &[])).expect("a folder that can be written");
    compare(folder, &[])
}

fn states(comparison: &Comparison) -> Vec<(&str, State)> {
    comparison.all().map(|difference| (difference.file.as_str(), difference.state)).collect()
}

#[test]
fn what_was_just_written_is_equal_and_patches_are_part_of_it() {
    let folder = project();
    assert!(compare(folder.path(), &[]).all().all(|difference| difference.state == State::Missing));
    let comparison = written(folder.path());
    assert_eq!(states(&comparison), []);
    assert_eq!(comparison.fresh("dev/data/own_override.tf"), Some("# mine\n".as_bytes()));
}

#[test]
fn a_change_of_the_manifest_and_one_by_hand_are_told_apart() {
    let folder = project();
    written(folder.path());
    fs::write(folder.path().join("deploy/aws/prod/compute/cluster.tf"), "# by hand\n").expect("a file");
    fs::write(folder.path().join("mine/dev/data/own_override.tf"), "# other\n").expect("a patch");
    let expected = [("dev/data/own_override.tf", State::Stale), ("prod/compute/cluster.tf", State::Edited)];
    assert_eq!(states(&compare(folder.path(), &[])), expected);
    assert_eq!(states(&compare(folder.path(), &["--env", "dev"])), expected[..1]);
}

#[test]
fn what_is_not_generated_any_more_is_left_over_and_a_persons_where_it_was_changed() {
    let folder = project();
    written(folder.path());
    fs::write(folder.path().join("taxiway.yaml"), MANIFEST.replace("prod: {}", "")).expect("a manifest");
    fs::write(folder.path().join("deploy/aws/prod/compute/cluster.tf"), "# by hand\n").expect("a file");
    let comparison = compare(folder.path(), &[]);
    let prod: Vec<_> =
        states(&comparison).into_iter().filter(|(file, _)| file.starts_with("prod/")).collect();
    assert!(prod.contains(&("prod/compute/cluster.tf", State::Edited)), "{prod:?}");
    assert!(prod.contains(&("prod/data/network.tf", State::LeftOver)), "{prod:?}");
    assert!(super::super::keep_what_people_changed(&comparison, false).is_err(), "it is not lost");
}

#[test]
fn a_record_that_leads_out_of_the_folder_is_not_followed() {
    let folder = project();
    written(folder.path());
    fs::write(folder.path().join("other"), "somebody's").expect("a file");
    let record = folder.path().join("deploy/aws/.taxiway.json");
    let text = fs::read_to_string(&record).expect("a record");
    fs::write(&record, text.replacen("\"files\": {", "\"files\": { \"../../other\": \"0\",", 1))
        .expect("a record");
    assert_eq!(states(&compare(folder.path(), &[])), []);
}
