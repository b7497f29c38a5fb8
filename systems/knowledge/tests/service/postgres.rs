//! A real Postgres, Debian's, as a user that is not root: `postgres` refuses to run as root.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const PASSWORD: &str = "a password";

/// A server of its own, gone with its folder.
pub(crate) struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    server: Child,
}

impl Postgres {
    /// Starts a server with an empty database, or says why not.
    pub(crate) async fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            println!(
                "skipped: the tests on Postgres, as there is no /usr/lib/postgresql/*/bin (apt-get install postgresql)"
            );
            return None;
        };
        let folder = tempfile::Builder::new().prefix("knowledge-pg").tempdir().expect("a folder");
        std::fs::write(folder.path().join("password"), PASSWORD).expect("a file");
        let owned = std::process::Command::new("chown").args(["-R", "nobody"]).arg(folder.path()).status();
        assert!(!is_root() || owned.expect("chown").success(), "the folder is the server's");
        let data = folder.path().join("data").display().to_string();
        let password = format!("--pwfile={}", folder.path().join("password").display());
        let made = unprivileged(&programs.join("initdb"), folder.path())
            .args([
                "-D",
                &data,
                "-U",
                "app",
                "-A",
                "scram-sha-256",
                "-E",
                "UTF8",
                "--no-locale",
                "-N",
                &password,
            ])
            .stdout(Stdio::null())
            .status();
        assert!(made.await.expect("initdb runs").success(), "initdb makes a cluster");
        let port = harness::free_port();
        let server = serve(&programs, folder.path(), port);
        let server = Self { folder, programs, port, server };
        server.ready().await;
        Some(server)
    }

    /// Its URL, with user and password.
    pub(crate) fn url(&self) -> String {
        format!("postgres://app:a%20password@127.0.0.1:{}/postgres", self.port)
    }

    /// SIGQUIT: the server ends at once, as after a crash.
    pub(crate) async fn crash(&mut self) {
        self.signal(Signal::QUIT);
        self.server.wait().await.expect("an end");
    }

    /// Starts it again on the same data.
    pub(crate) async fn again(&mut self) {
        self.server = serve(&self.programs, self.folder.path(), self.port);
        self.ready().await;
    }

    /// It listens before it lets anyone in: while it starts, and while it recovers.
    async fn ready(&self) {
        let port = self.port.to_string();
        crate::eventually("postgres to let us in", async || {
            let mut ask = Command::new(self.programs.join("pg_isready"));
            let asked = ask.args(["-q", "-h", "127.0.0.1", "-p", &port]).status().await;
            asked.expect("pg_isready runs").success().then_some(())
        })
        .await;
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.server.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            let _ = kill_process(pid, signal);
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.signal(Signal::QUIT);
    }
}

fn serve(programs: &Path, folder: &Path, port: u16) -> Child {
    unprivileged(&programs.join("postgres"), folder)
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
        .stderr(Stdio::null())
        .spawn()
        .expect("postgres starts")
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}

fn unprivileged(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(if is_root() { Path::new("setpriv") } else { program });
    if is_root() {
        command.args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]).arg(program);
    }
    command.current_dir(folder).env_remove("LC_ALL").env("LC_ALL", "C");
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
