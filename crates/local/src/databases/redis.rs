//! Redis: `redis-server` on the PATH, on loopback, with what it holds kept in a log on the disk.

use model::system::{Facet, Resource};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::folder::Folder;
use super::probe::Trouble;
use super::program::{Engine, Run, words};
use super::{DatabaseError, Opened, Probe, Program, Search, Workplace, find};
use crate::environment::Variables;
use crate::process::StopSignal;
use crate::secret::SecretValue;
use crate::shim::FOLDER;
use crate::translate::edge::loopback;

/// Users that run it where `up` runs as root.
const USERS: &[&str] = &["redis"];
/// What a password is told in: an argument could be seen by everybody.
const SETTINGS: &str = "redis.conf";

/// How services log in.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) port: u16,
    password: Option<SecretValue>,
}

/// The program for `resource`, or why there is none.
pub(super) fn find(
    search: &Search<'_>,
    resource: &Resource,
    known: Option<u16>,
) -> Result<Program, DatabaseError> {
    let path = find::program(search.caller.get("PATH"), "redis-server");
    let path = path.ok_or_else(|| DatabaseError::NotInstalled {
        resource: resource.name.clone(),
        kind: "redis",
        program: "Redis",
        package: "redis-server".to_owned(),
        variable: resource.env.get(&Facet::Url).cloned().unwrap_or_default(),
    })?;
    Ok(Program {
        resource: resource.clone(),
        engine: Engine::Redis,
        path,
        port: search.port(resource, known)?,
        database: "0".to_owned(),
        folder: search.project.database("redis", &resource.name),
    })
}

/// Makes what is not there yet. There is a password only where the manifest has a variable for one, as on AWS.
pub(super) fn open(program: &Program, workplace: &Workplace<'_>) -> Result<Opened, DatabaseError> {
    let folder = Folder::open(&program.folder, USERS)?;
    folder.make("data")?;
    let wants_one = program.resource.env.contains_key(&Facet::Password);
    let password = wants_one.then(|| folder.password(program.name())).transpose()?;
    let text = password.as_ref().map(|password| format!("requirepass {}\n", password.reveal()));
    folder.write(SETTINGS, &text.unwrap_or_default())?;
    let login = Login { port: program.port, password: password.clone() };
    let run =
        Run { command: command(program), probe: Probe::Redis(login.clone()), stop_signal: StopSignal::Term };
    let bindings = bindings(program, &login);
    Ok(Opened { plan: program.plan(&folder, run, workplace), bindings, password })
}

fn command(program: &Program) -> Vec<String> {
    let mut command = vec![program.path.display().to_string(), format!("{FOLDER}/{SETTINGS}")];
    let (port, data) = (program.port.to_string(), format!("{FOLDER}/data"));
    command.extend(words(&["--port", &port, "--bind", "127.0.0.1", "--dir", &data]));
    command.extend(words(&["--appendonly", "yes", "--appendfsync", "everysec", "--daemonize", "no"]));
    command
}

fn bindings(program: &Program, login: &Login) -> Variables {
    let password = login.password.as_ref().map(SecretValue::reveal);
    let value = |facet| {
        Some(match facet {
            Facet::Url => {
                let secret = password.map(|password| format!(":{password}@")).unwrap_or_default();
                format!("redis://{secret}127.0.0.1:{}/{}", login.port, program.database)
            }
            Facet::Host => "127.0.0.1".to_owned(),
            Facet::Port => login.port.to_string(),
            Facet::Password => password?.to_owned(),
            Facet::Name | Facet::User | Facet::Arn => return None,
        })
    };
    program.resource.env.iter().filter_map(|(facet, name)| Some((name.clone(), value(*facet)?))).collect()
}

impl Login {
    /// Says PING and waits for PONG (Redis serialization protocol specification).
    pub(super) async fn ask(&self) -> Result<(), Trouble> {
        let mut stream = BufReader::new(TcpStream::connect(loopback(self.port)).await?);
        let login = self.password.as_ref().map(|password| format!("AUTH {}\r\n", password.reveal()));
        stream.write_all(format!("{}PING\r\n", login.unwrap_or_default()).as_bytes()).await?;
        let mut answer = String::new();
        for _ in 0..=usize::from(self.password.is_some()) {
            answer.clear();
            stream.read_line(&mut answer).await?;
        }
        match answer.trim_end() {
            "+PONG" => Ok(()),
            "" => Err(Trouble::NotYet("it closed the connection".to_owned())),
            other => Err(Trouble::NotYet(other.to_owned())),
        }
    }
}
