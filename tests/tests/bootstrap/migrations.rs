//! Migrations: done once, also by two at once, and none where the schema is newer, on a file and on a server.

use std::path::PathBuf;
use std::process::Command;

use harness::{Project, succeed};

use super::{program, told};

/// A server with an empty database, run by `taxiway up`.
const SERVER: &str = "
name: server
services: { worker: { type: worker, run: sleep 1000, uses: { db: readwrite } } }
resources: { db: { type: postgres, version: '15' } }
";

/// Migrations that this program does not know yet: it runs on what the first leaves, and not on what the second does.
const NEWER: [&str; 2] = [
    "insert into bootstrap_migrations (version, needs, name) values (6, 0, 'more')",
    "insert into bootstrap_migrations (version, needs, name) values (7, 2, 'less')",
];

/// Every variant has to hold on both engines; `ask` runs a statement and gives the first value of each row, as text.
fn hold(variables: &[(&str, &str)], ask: impl Fn(&str) -> String) {
    let migrate = || program(variables, &["migrate"]);
    let outputs = std::thread::scope(|scope| {
        let running: Vec<_> = (0..3).map(|_| scope.spawn(migrate)).collect();
        running.into_iter().map(|one| one.join().expect("it ran")).collect::<Vec<_>>()
    });
    let mut said = String::new();
    for output in outputs {
        assert!(output.status.success(), "{}", told(&output).1);
        said += &String::from_utf8_lossy(&output.stdout);
    }
    assert_eq!(said.matches("the schema was migrated").count(), 1, "{said}");
    assert_eq!(said.matches("the schema is up to date").count(), 2, "{said}");
    assert_eq!(ask("select name from bootstrap_migrations"), "deployments");

    let hook = |event: &str| {
        let mut variables = variables.to_vec();
        variables.push(("CODEDEPLOY_DEPLOYMENT_ID", "d-1"));
        program(&variables, &["hook", event])
    };
    for event in ["before-install", "before-traffic", "before-traffic", "after-traffic"] {
        let (code, told) = told(&hook(event));
        assert_eq!(code, Some(0), "{event}: {told}");
    }
    assert_eq!(
        ask("select event from deployments where deployment = 'd-1' order by event"),
        "after-traffic\nbefore-traffic"
    );

    ask(NEWER[0]);
    let output = migrate();
    let said = String::from_utf8_lossy(&output.stdout);
    let runs = "the schema is newer, and this program runs on it as it is";
    assert!(output.status.success() && said.contains(runs), "{said}{}", told(&output).1);
    for event in ["before-install", "before-traffic", "after-traffic"] {
        let (code, told) = told(&hook(event));
        assert_eq!(code, Some(0), "{event}: {told}");
    }

    ask(NEWER[1]);
    let newer = "the database has schema version 7, which needs a program of version 2 or later, and this one is of 1; \
                 start a newer program";
    let (code, said) = told(&migrate());
    assert!(code == Some(1) && said.starts_with(newer) && said.lines().count() == 1, "{said}");
    for (event, check) in [("before-install", "database"), ("before-traffic", "schema")] {
        let (code, said) = told(&hook(event));
        let expected = format!("{event} failed at its check `{check}`: {newer}");
        assert!(code == Some(1) && said.starts_with(&expected), "{said}");
    }
    assert_eq!(ask("select max(version) from bootstrap_migrations"), "7");
}

#[test]
fn a_file_is_migrated_once() {
    let python = "import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as file:
    print(*(row[0] for row in file.execute(sys.argv[2])), sep='\\n')";
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: a_file_is_migrated_once, as there is no python3");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("new/app.db").display().to_string();
    hold(&[("DB_PATH", &file)], |statement| {
        succeed(Command::new("python3").args(["-c", python, &file, statement])).trim().to_owned()
    });
}

#[test]
fn a_server_is_migrated_once() {
    let Some(psql) = psql() else { return };
    let project = Project::new(SERVER);
    project.start();
    let mut exec = project.taxiway("exec");
    let variables = succeed(exec.args(["worker", "--", "env"]));
    let url = variables.lines().find_map(|line| line.strip_prefix("DATABASE_URL=")).expect("a database");
    hold(&[("DATABASE_URL", url)], |statement| {
        let mut command = Command::new(&psql);
        succeed(command.args(["-X", "-q", "-A", "-t", "-c", statement, url])).trim().to_owned()
    });
}

#[test]
fn without_a_database_there_is_nothing_to_do_and_that_is_said() {
    let output = program(&[], &["migrate"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.lines().count() == 1, "{said}");
    assert!(
        said.contains("there is no database to migrate: neither DATABASE_URL nor DB_PATH is set"),
        "{said}"
    );
}

#[test]
fn a_database_that_is_away_is_told_without_its_password() {
    let cases = [
        [("DATABASE_URL", "postgres://u:geheim@127.0.0.1:1/app"), ("ENVIRONMENT", "dev")],
        [("DB_PATH", "/proc/no/app.db"), ("ENVIRONMENT", "dev")],
    ];
    for variables in cases {
        for arguments in [&["migrate"][..], &["hook", "before-install"], &["hook", "before-traffic"]] {
            let output = program(&variables, arguments);
            let (code, said) = told(&output);
            let log = String::from_utf8_lossy(&output.stdout);
            assert!(code == Some(1) && said.contains("the database can't be reached: "), "{said}");
            assert!(said.trim_end().ends_with(&format!("; check {}", variables[0].0)), "{said}");
            assert!(!said.contains("geheim") && !log.contains("geheim"), "{said}{log}");
        }
    }
}

#[test]
fn a_server_that_listens_and_says_nothing_is_given_up() {
    let server = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("postgres://u:geheim@{}/app", server.local_addr().expect("an address"));
    let expected = "the database can't be reached: no answer within 15 s; check DATABASE_URL\n";
    assert_eq!(told(&program(&[("DATABASE_URL", &url)], &["migrate"])), (Some(1), expected.to_owned()));
}

/// Debian's newest client of PostgreSQL, beside a server, or `None`, which is said.
fn psql() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let programs = folders.map(|folder| folder.path().join("bin"));
    let found = programs.filter(|bin| bin.join("initdb").exists() && bin.join("psql").exists()).max();
    if found.is_none() {
        println!("skipped: a_server_is_migrated_once, as there is no PostgreSQL; tests/run installs it");
    }
    found.map(|bin| bin.join("psql"))
}
