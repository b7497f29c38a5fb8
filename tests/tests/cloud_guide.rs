//! docs/cloud.md says what is true: what can run of it runs against the built command.

use std::path::Path;
use std::process::{Command, Stdio};

use harness::cloud::{Cloud, pipe, write};
use harness::{binary, python, run, succeed, workspace};

fn guide() -> String {
    std::fs::read_to_string(workspace().join("docs/cloud.md")).expect("the guide")
}

/// The block of one language that has this text in it.
fn block(language: &str, text: &str) -> String {
    let (guide, fence) = (guide(), format!("```{language}\n"));
    let mut blocks = guide.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next());
    let found = blocks.find(|block| block.contains(text));
    format!("{}\n", found.unwrap_or_else(|| panic!("no {language} block with {text:?}")))
}

/// The path with the built `taxiway` and the virtual environment before everything else.
fn path(python: &Path) -> String {
    let folder = |program: &Path| program.parent().expect("a folder").display().to_string();
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    format!("{}:{}:{}", folder(&binary("taxiway")), folder(python), inherited.display())
}

#[test]
fn the_first_calls_work() {
    let Some(python) = python(&["boto3", "awscli"]) else { return };
    let cloud = Cloud::ephemeral();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = folder.path().join("first.py");
    write(&script, &block("python", "send_message"));
    let said = succeed(Command::new(&python).arg(script).envs(cloud.environment()));
    assert_eq!(said, "hello\nb'hello'\n");
    let commands = block("sh", "aws sqs list-queues");
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &commands]).envs(cloud.environment()).env("PATH", path(&python));
    let said = succeed(&mut shell);
    assert!(said.contains("/orders") && said.contains("hello") && said.ends_with("blue\n"), "{said}");
}

#[test]
fn a_driver_of_mongodb_works() {
    let Some(python) = python(&["pymongo"]) else { return };
    let cloud = Cloud::ephemeral();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = folder.path().join("documents.py");
    let address = cloud.endpoint().trim_start_matches("http://");
    write(&script, &block("python", "MongoClient").replace("127.0.0.1:4566", address));
    assert_eq!(succeed(Command::new(&python).arg(script)), "{'_id': 1, 'items': ['tea', 'cup']}\n");
}

#[test]
fn the_fixture_works() {
    let Some(python) = python(&["boto3", "pytest"]) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join("test_guide.py"), &block("python", "@pytest.fixture"));
    let mut command = Command::new(&python);
    command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]).current_dir(folder.path());
    let said = succeed(command.env("PATH", path(&python)));
    assert!(said.contains("2 passed"), "{said}");
}

#[test]
fn the_init_file_is_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("init.yaml");
    write(&file, &block("yaml", "queues:"));
    let cloud = Cloud::start(&["--ephemeral", "--init", file.to_str().expect("text")]);
    let listed = succeed(&mut cloud.taxiway(&["queue", "ls"]));
    assert!(listed.contains("orders-dlq") && listed.contains("mail"), "{listed}");
}

#[test]
fn the_terraform_block_is_well_formed() {
    let version =
        Command::new("terraform").arg("version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if version.is_err() {
        println!("skipped: terraform is not installed");
        return;
    }
    let output = pipe(Command::new("terraform").args(["fmt", "-check", "-"]), &block("hcl", "provider"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_javascript_works() {
    let Some(modules) = std::env::var_os("TAXIWAY_NODE_MODULES") else {
        println!("skipped: @aws-sdk/client-sqs; TAXIWAY_NODE_MODULES names the folder it is installed in");
        return;
    };
    let cloud = Cloud::ephemeral();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = folder.path().join("first.mjs");
    write(&script, &block("js", "SendMessageCommand"));
    std::os::unix::fs::symlink(modules, folder.path().join("node_modules")).expect("a link");
    let said = succeed(Command::new("node").arg(script).envs(cloud.environment()));
    assert_eq!(said, "sent\n");
}

#[test]
fn every_command_of_the_table_is_there() {
    for words in [
        &["queue", "ls"][..],
        &["queue", "peek"],
        &["queue", "send"],
        &["queue", "redrive"],
        &["queue", "purge"],
        &["secrets", "set"],
        &["secrets", "ls"],
        &["secrets", "rm"],
    ] {
        let output = run(Command::new(binary("taxiway")).args(words).arg("--help"));
        assert!(output.status.success(), "{words:?}");
        assert!(guide().contains(&format!("taxiway {} ", words[0])), "{words:?}");
    }
}
