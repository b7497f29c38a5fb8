//! A real Redis, and none.

use std::path::Path;

use crate::harness::Project;

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
        let found = project.variables("worker").await;
        let (url, password) = (&found["REDIS_URL"], &found["CACHE_PASSWORD"]);
        let rest = url.strip_prefix(&format!("redis://:{password}@")).unwrap();
        let mut stream = tokio::net::TcpStream::connect(rest.strip_suffix("/0").unwrap()).await.unwrap();
        stream.write_all(format!("AUTH {password}\r\n{commands}QUIT\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let up = project.started().await;
    assert_eq!(asked("SET order 7\r\n").await, "+OK\r\n+OK\r\n+OK\r\n");
    up.stop().await;
    let up = project.started().await;
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
