//! A real PostgreSQL: made once, started, stopped, killed, and started again.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use local::{Down, Event, Status};

use super::SHOP;
use crate::harness::{Project, Running, gone, is_alive, kill};
use crate::killed::up_in_a_process;

/// Debian's newest PostgreSQL, or `None`, which is said.
fn psql() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let programs = folders.map(|folder| folder.path().join("bin"));
    let found = programs.filter(|bin| bin.join("initdb").exists() && bin.join("psql").exists()).max();
    if found.is_none() {
        println!("skipped: PostgreSQL is not installed; tests/run installs it");
    }
    found.map(|bin| bin.join("psql"))
}

/// The shop, up and ready, and a client; `None` where PostgreSQL is not installed.
async fn shop() -> Option<(PathBuf, Project, Running)> {
    let psql = psql()?;
    let project = Project::new(SHOP);
    let up = project.started().await;
    Some((psql, project, up))
}

type Variables = BTreeMap<String, String>;

/// What a statement prints, as a client that only knows the URL.
fn ask(psql: &Path, variables: &Variables, statement: &str) -> String {
    let output = run(psql, variables, statement);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn run(psql: &Path, variables: &Variables, statement: &str) -> Output {
    let mut command = Command::new(psql);
    command.args(["-X", "-q", "-A", "-t", "-c", statement, &variables["DATABASE_URL"]]);
    command.env_clear().output().unwrap()
}

fn keep_an_order(psql: &Path, variables: &Variables) {
    ask(psql, variables, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)");
}

fn orders(psql: &Path, variables: &Variables) -> String {
    ask(psql, variables, "SELECT id FROM orders")
}

fn postmaster(status: &Status) -> u32 {
    status.resources["orders-db"].process.as_ref().unwrap().pid.unwrap()
}

#[tokio::test]
async fn postgres_is_made_once_and_keeps_its_data() {
    let Some((psql, project, up)) = shop().await else { return };
    let found = project.variables("worker").await;
    let (url, password) = (&found["DATABASE_URL"], &found["PGPASSWORD"]);
    assert!(url.starts_with(&format!("postgres://app:{password}@127.0.0.1:")), "{url}");
    assert!(url.ends_with("/orders_db"), "{url}");
    assert_eq!((found["PGUSER"].as_str(), found["DB_NAME"].as_str()), ("app", "orders_db"));
    keep_an_order(&psql, &found);
    assert_eq!(ask(&psql, &found, "SHOW fsync"), "on");
    assert_eq!(ask(&psql, &found, "SHOW server_encoding"), "UTF8");
    let wrong = Variables::from([("DATABASE_URL".to_owned(), url.replace(password.as_str(), "wrong"))]);
    assert!(!run(&psql, &wrong, "SELECT 1").status.success());
    let pid = postmaster(&project.status().await);
    up.stop().await;
    assert!(!is_alive(pid));
    // A clean end leaves no lock behind and nothing to recover.
    assert!(!project.file(".taxiway/postgres/orders-db/data/postmaster.pid").exists());

    let up = project.started().await;
    let again = project.variables("worker").await;
    assert_eq!(again["DATABASE_URL"], *url);
    assert_eq!(orders(&psql, &again), "7");
    assert!(!up.seen.iter().any(|event| matches!(event, Event::Preparing { .. })), "it was made twice");
    up.stop().await;
}

#[tokio::test]
async fn postgres_hides_its_password_and_is_not_root() {
    let Some((_, project, up)) = shop().await else { return };
    let password = project.variables("worker").await["PGPASSWORD"].clone();
    let status = project.status().await;
    let shown = &status.resources["orders-db"].env;
    assert!(shown["DATABASE_URL"].starts_with("postgres://app:***@127.0.0.1:"), "{shown:?}");
    assert_eq!(shown["PGPASSWORD"], "***");
    let pid = postmaster(&status);
    let process = |file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap();
    assert!(!process("cmdline").contains(&password));
    let users = process("status").lines().find(|line| line.starts_with("Uid:")).unwrap().to_owned();
    assert!(!users.split_whitespace().any(|id| id == "0"), "{users}");
    up.stop().await;
    let folder = project.file(".taxiway/postgres/orders-db");
    let file = std::fs::metadata(folder.join("password")).unwrap();
    assert_eq!(file.mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
    assert!(!folder.join("password.initdb").exists() && !folder.join("data.new").exists());
    for file in ["state.json", "up.log", "logs/orders-db/orders-db-1.log", "prepare/orders-db.log"] {
        let text = std::fs::read_to_string(project.file(".taxiway").join(file)).unwrap();
        assert!(!text.contains(&password), "{file}");
    }
}

#[tokio::test]
async fn postgres_comes_back_after_its_own_death() {
    let Some((psql, project, mut up)) = shop().await else { return };
    let found = project.variables("worker").await;
    keep_an_order(&psql, &found);
    kill(postmaster(&project.status().await));
    let is_ready =
        |event: &Event| matches!(event, Event::ReplicaReady { service, .. } if service == "orders-db");
    up.until("ready again", is_ready).await;
    assert_eq!(orders(&psql, &found), "7");
    up.stop().await;
}

#[tokio::test]
async fn postgres_of_a_killed_up_is_ended_and_its_data_kept() {
    let Some(psql) = psql() else { return };
    let project = Project::new(SHOP);
    let mut up = up_in_a_process(&project).await;
    let found = project.variables("worker").await;
    keep_an_order(&psql, &found);
    let first = postmaster(&project.status().await);
    up.kill().await.unwrap();
    let next = project.started().await;
    assert!(!is_alive(first));
    assert_eq!(orders(&psql, &project.variables("worker").await), "7");
    next.stop().await;

    let mut up = up_in_a_process(&project).await;
    let second = postmaster(&project.status().await);
    up.kill().await.unwrap();
    assert!(matches!(local::down(project.path()).await.unwrap(), Down::Orphans(_) | Down::Nothing));
    gone(second).await;
}

#[tokio::test]
async fn a_lock_of_a_process_that_is_no_postgres_is_no_hindrance() {
    let Some((_, project, up)) = shop().await else { return };
    up.stop().await;
    // After the machine's next start the number may be anybody's.
    let lock = project.file(".taxiway/postgres/orders-db/data/postmaster.pid");
    std::fs::write(&lock, format!("{}\n", std::process::id())).unwrap();
    let up = project.started().await;
    up.stop().await;
}

#[tokio::test]
async fn postgres_moves_to_another_port_where_its_own_is_taken() {
    let Some((psql, project, up)) = shop().await else { return };
    let first = project.variables("worker").await;
    let port = project.status().await.resources["orders-db"].process.as_ref().unwrap().port.unwrap();
    ask(&psql, &first, "CREATE TABLE orders (id int)");
    up.stop().await;
    let _taken = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let mut up = project.up();
    up.until("said", |event| {
        matches!(event, Event::Note { message } if message.contains(&format!("port {port}, which `orders-db` had, is taken")))
    })
    .await;
    up.ready().await;
    let moved = project.variables("worker").await;
    assert_ne!(moved["DATABASE_URL"], first["DATABASE_URL"]);
    assert_eq!(ask(&psql, &moved, "SELECT count(*) FROM orders"), "0");
    up.stop().await;
}

#[tokio::test]
async fn data_of_another_version_and_a_lost_password_are_said() {
    let Some((_, project, up)) = shop().await else { return };
    let folder = project.file(".taxiway/postgres/orders-db");
    up.stop().await;
    std::fs::rename(folder.join("password"), folder.join("elsewhere")).unwrap();
    let failure = project.up().failure().await;
    assert!(failure.contains("its file `password` is not; put it back"), "{failure}");
    std::fs::rename(folder.join("elsewhere"), folder.join("password")).unwrap();
    std::fs::write(folder.join("data/PG_VERSION"), "9\n").unwrap();
    let failure = project.up().failure().await;
    assert!(failure.contains("the data of `orders-db` was made by PostgreSQL 9, and here is "), "{failure}");
    assert!(failure.contains("apt-get install postgresql-9"), "{failure}");
}

#[tokio::test]
async fn a_password_that_is_not_the_databases_is_said_at_once() {
    let Some((_, project, up)) = shop().await else { return };
    up.stop().await;
    std::fs::write(project.file(".taxiway/postgres/orders-db/password"), "another").unwrap();
    let failure = project.up().failure().await;
    assert!(failure.contains("password authentication failed for user \"app\""), "{failure}");
}
