//! Databases that run here: a real PostgreSQL and a real Redis, started, stopped, killed, and started again.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use local::{Down, Event, Status};

use crate::harness::{CHILD, Project, gone, is_alive, kill};
use crate::killed::up_in_a_process;

const SHOP: &str = "
name: shop
services: { worker: { type: worker, run: sleep 1000, uses: { orders-db: readwrite } } }
resources: { orders-db: { type: postgres, version: '15', env: { name: DB_NAME } } }
";

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

type Variables = BTreeMap<String, String>;

async fn variables(project: &Project) -> Variables {
    local::client::exec_environment(project.path(), "worker").await.unwrap()
}

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

fn postmaster(status: &Status) -> u32 {
    status.resources["orders-db"].process.as_ref().unwrap().pid.unwrap()
}

#[tokio::test]
async fn postgres_is_made_once_and_keeps_its_data() {
    let Some(psql) = psql() else { return };
    let project = Project::new(SHOP);
    let mut up = project.up();
    up.ready().await;
    let found = variables(&project).await;
    let (url, password) = (&found["DATABASE_URL"], &found["PGPASSWORD"]);
    assert!(url.starts_with(&format!("postgres://app:{password}@127.0.0.1:")), "{url}");
    assert!(url.ends_with("/orders_db"), "{url}");
    assert_eq!((found["PGUSER"].as_str(), found["DB_NAME"].as_str()), ("app", "orders_db"));
    ask(&psql, &found, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)");
    assert_eq!(ask(&psql, &found, "SHOW fsync"), "on");
    assert_eq!(ask(&psql, &found, "SHOW server_encoding"), "UTF8");
    let wrong = Variables::from([("DATABASE_URL".to_owned(), url.replace(password.as_str(), "wrong"))]);
    assert!(!run(&psql, &wrong, "SELECT 1").status.success());
    let pid = postmaster(&project.status().await);
    up.stop().await;
    assert!(!is_alive(pid));
    // A clean end leaves no lock behind and nothing to recover.
    assert!(!project.file(".taxiway/postgres/orders-db/data/postmaster.pid").exists());

    let mut up = project.up();
    up.ready().await;
    let again = variables(&project).await;
    assert_eq!(again["DATABASE_URL"], *url);
    assert_eq!(ask(&psql, &again, "SELECT id FROM orders"), "7");
    assert!(!up.seen.iter().any(|event| matches!(event, Event::Preparing { .. })), "it was made twice");
    up.stop().await;
}

#[tokio::test]
async fn postgres_hides_its_password_and_is_not_root() {
    if psql().is_none() {
        return;
    }
    let project = Project::new(SHOP);
    let mut up = project.up();
    up.ready().await;
    let password = variables(&project).await["PGPASSWORD"].clone();
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
    let Some(psql) = psql() else { return };
    let project = Project::new(SHOP);
    let mut up = project.up();
    up.ready().await;
    let found = variables(&project).await;
    ask(&psql, &found, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)");
    kill(postmaster(&project.status().await));
    let is_ready =
        |event: &Event| matches!(event, Event::ReplicaReady { service, .. } if service == "orders-db");
    up.until("ready again", is_ready).await;
    assert_eq!(ask(&psql, &found, "SELECT id FROM orders"), "7");
    up.stop().await;
}

#[tokio::test]
async fn postgres_of_a_killed_up_is_ended_and_its_data_kept() {
    let Some(psql) = psql() else { return };
    let project = Project::new(SHOP);
    let mut up = up_in_a_process(&project).await;
    let found = variables(&project).await;
    ask(&psql, &found, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)");
    let first = postmaster(&project.status().await);
    up.kill().await.unwrap();
    let mut next = project.up();
    next.ready().await;
    assert!(!is_alive(first));
    assert_eq!(ask(&psql, &variables(&project).await, "SELECT id FROM orders"), "7");
    next.stop().await;

    let mut up = up_in_a_process(&project).await;
    let second = postmaster(&project.status().await);
    up.kill().await.unwrap();
    assert!(matches!(local::down(project.path()).await.unwrap(), Down::Orphans(_) | Down::Nothing));
    gone(second).await;
}

#[tokio::test]
async fn a_lock_of_a_process_that_is_no_postgres_is_no_hindrance() {
    if psql().is_none() {
        return;
    }
    let project = Project::new(SHOP);
    let mut up = project.up();
    up.ready().await;
    up.stop().await;
    // After the machine's next start the number may be anybody's.
    let lock = project.file(".taxiway/postgres/orders-db/data/postmaster.pid");
    std::fs::write(&lock, format!("{}\n", std::process::id())).unwrap();
    let mut up = project.up();
    up.ready().await;
    up.stop().await;
}

#[tokio::test]
async fn postgres_moves_to_another_port_where_its_own_is_taken() {
    let Some(psql) = psql() else { return };
    let project = Project::new(SHOP);
    let mut up = project.up();
    up.ready().await;
    let first = variables(&project).await;
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
    let moved = variables(&project).await;
    assert_ne!(moved["DATABASE_URL"], first["DATABASE_URL"]);
    assert_eq!(ask(&psql, &moved, "SELECT count(*) FROM orders"), "0");
    up.stop().await;
}

#[tokio::test]
async fn data_of_another_version_and_a_lost_password_are_said() {
    if psql().is_none() {
        return;
    }
    let project = Project::new(SHOP);
    let folder = project.file(".taxiway/postgres/orders-db");
    let mut up = project.up();
    up.ready().await;
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
    if psql().is_none() {
        return;
    }
    let project = Project::new(SHOP);
    let mut up = project.up();
    up.ready().await;
    up.stop().await;
    std::fs::write(project.file(".taxiway/postgres/orders-db/password"), "another").unwrap();
    let failure = project.up().failure().await;
    assert!(failure.contains("password authentication failed for user \"app\""), "{failure}");
}

#[tokio::test]
async fn what_no_service_uses_is_neither_started_nor_asked_for() {
    let project = Project::new(&SHOP.replace(", uses: { orders-db: readwrite }", ""));
    let mut up = project.up();
    up.ready().await;
    assert_eq!(project.status().await.resources.len(), 0);
    up.stop().await;
    assert!(!project.file(".taxiway/postgres").exists());
}

#[tokio::test]
async fn a_database_of_yours_is_asked_for_and_taken() {
    let external = SHOP.replace("version: '15'", "provider: external");
    let first = Project::new(&external);
    let failure = first.up().failure().await;
    assert!(
        failure.contains("resource `orders-db` is a postgres database of yours (`provider: external`)")
            && failure.contains("set DATABASE_URL and DB_NAME in your environment"),
        "{failure}"
    );
    for manifest in [SHOP, &external] {
        let mut project = first.with(manifest);
        let url = "postgres://me:hidden@db.example.com/shop";
        project.environment.insert("DATABASE_URL".to_owned(), url.to_owned());
        let mut up = project.up();
        up.ready().await;
        let found = variables(&project).await;
        assert_eq!((found["DATABASE_URL"].as_str(), found["DB_NAME"].as_str()), (url, "shop"));
        // As on AWS, where the URL of a database that somebody else runs is all there is.
        let login = (found.get("PGUSER").map(String::as_str), found.get("PGPASSWORD").map(String::as_str));
        let expected = if manifest == SHOP { (Some("me"), Some("hidden")) } else { (None, None) };
        assert_eq!(login, expected);
        assert!(!serde_json::to_string(&project.status().await).unwrap().contains("hidden"));
        up.stop().await;
    }
    assert!(!first.file(".taxiway/postgres").exists());
}

#[tokio::test]
async fn mongod_on_the_path_is_taken_before_the_cloud_and_keeps_its_port() {
    let mut project =
        Project::new(&SHOP.replace("postgres, version: '15', env: { name: DB_NAME }", "mongodb"));
    let programs = project.file("programs");
    std::fs::create_dir(&programs).unwrap();
    // Another user must be able to reach it.
    std::fs::set_permissions(project.path(), Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink(CHILD, programs.join("mongod")).unwrap();
    let path = format!("{}:{}", programs.display(), project.environment["PATH"]);
    project.environment.insert("PATH".to_owned(), path);
    let mut urls = Vec::new();
    for _ in 0..2 {
        let mut up = project.up();
        up.ready().await;
        let (status, found) = (project.status().await, variables(&project).await);
        let port = status.resources["orders-db"].process.as_ref().unwrap().port.unwrap();
        let url = format!("mongodb://127.0.0.1:{port}/shop-orders-db?directConnection=true");
        assert_eq!((&found["MONGO_URL"], found["MONGO_DB"].as_str()), (&url, "shop-orders-db"));
        assert_eq!(status.cloud.endpoint, None, "nothing is in the cloud");
        up.stop().await;
        urls.push((port, url));
    }
    assert_eq!(urls[0], urls[1]);
    let _taken = TcpListener::bind(("127.0.0.1", urls[0].0)).unwrap();
    let failure = project.up().failure().await;
    assert!(
        failure.contains(&format!("port {}, which `orders-db` must keep, is taken by", urls[0].0)),
        "{failure}"
    );
}

const CACHE: &str = "
name: shop
services: { worker: { type: worker, run: sleep 1000, uses: { cache: readwrite } } }
resources: { cache: { type: redis, env: { password: CACHE_PASSWORD } } }
";

#[tokio::test]
async fn redis_keeps_what_it_holds() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let project = Project::new(CACHE);
    let path = &project.environment["PATH"];
    if !path.split(':').any(|folder| Path::new(folder).join("redis-server").exists()) {
        println!("skipped: redis-server is not installed; tests/run installs it");
        return;
    }
    let asked = async |commands: &str| {
        let found = variables(&project).await;
        let (url, password) = (&found["REDIS_URL"], &found["CACHE_PASSWORD"]);
        let rest = url.strip_prefix(&format!("redis://:{password}@")).unwrap();
        let mut stream = tokio::net::TcpStream::connect(rest.strip_suffix("/0").unwrap()).await.unwrap();
        stream.write_all(format!("AUTH {password}\r\n{commands}QUIT\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let mut up = project.up();
    up.ready().await;
    assert_eq!(asked("SET order 7\r\n").await, "+OK\r\n+OK\r\n+OK\r\n");
    up.stop().await;
    let mut up = project.up();
    up.ready().await;
    assert_eq!(asked("GET order\r\n").await, "+OK\r\n$1\r\n7\r\n+OK\r\n");
    up.stop().await;
}

#[tokio::test]
async fn what_is_not_installed_is_said_with_what_to_do() {
    let mut project = Project::new(CACHE);
    project.environment.insert("PATH".to_owned(), "/nowhere".to_owned());
    let failure = project.up().failure().await;
    assert_eq!(
        failure,
        "resource `cache` is a redis database, and Redis is not installed here: install it (Debian and Ubuntu: \
         `apt-get install redis-server`), or set REDIS_URL in your environment to a server of yours, and run \
         `taxiway up` again"
    );
}
