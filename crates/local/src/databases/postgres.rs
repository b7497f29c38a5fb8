//! PostgreSQL: found, given an empty database once, started on loopback, asked by a real login.

use std::path::Path;

use model::system::{Database, Facet, POSTGRES_CREDENTIALS, Provider, Resource, ResourceKind};

use self::find::{Choice, Found};
use super::program::{Engine, Run, words};
use super::{DatabaseError, Opened, Probe, Program, Search, Workplace};
use crate::environment::Variables;
use crate::process::StopSignal;
use crate::shim::FOLDER;

pub(super) use self::client::Login;

mod client;
mod cluster;
mod find;
mod scram;

/// The user that owns everything, as the one RDS makes.
const USER: &str = "app";
/// Users that run it where `up` runs as root.
const USERS: &[&str] = &["postgres"];

/// The program for `resource`, or why there is none.
pub(super) async fn find(
    search: &Search<'_>,
    resource: &Resource,
    wanted: &Database,
    known: Option<u16>,
) -> Result<Program, DatabaseError> {
    let folder = search.project.database("postgres", &resource.name);
    let data = cluster::major(&folder);
    let found = Found::all(search.caller.get("PATH"), Path::new(find::DEBIAN)).await;
    let choice = Choice { data, wanted: find::major(&wanted.version) };
    let chosen = choice.of(&found).ok_or_else(|| missing(resource, data, &found, &folder))?;
    if choice.wanted.is_some_and(|wanted| wanted != chosen.major) {
        let (name, major) = (&resource.name, chosen.major);
        let why = if data.is_some() { "whose data is that version's" } else { "which is what is installed" };
        search.reporter.note(format!(
            "`{name}` runs on PostgreSQL {major}, {why}; the manifest says {}",
            wanted.version
        ));
    }
    Ok(Program {
        resource: resource.clone(),
        engine: Engine::Postgres,
        path: chosen.folder.join("postgres"),
        port: search.port(resource, known)?,
        // As on AWS (`targets/src/terraform/names.rs`).
        database: resource.name.replace(['-', '.'], "_"),
        folder,
    })
}

fn missing(resource: &Resource, data: Option<u32>, found: &[Found], folder: &Path) -> DatabaseError {
    let name = resource.name.clone();
    match data.filter(|_| !found.is_empty()) {
        Some(data) => {
            let here: Vec<String> = found.iter().map(|found| found.major.to_string()).collect();
            let folder = folder.display().to_string();
            DatabaseError::OtherVersion { resource: name, data, here: here.join(", "), folder }
        }
        None => DatabaseError::NotInstalled {
            resource: name,
            kind: "postgres",
            program: "PostgreSQL",
            package: data.map_or_else(|| "postgresql".to_owned(), |data| format!("postgresql-{data}")),
            variable: resource.env.get(&Facet::Url).cloned().unwrap_or_default(),
        },
    }
}

/// Makes what is not there yet.
pub(super) async fn open(program: &Program, workplace: &Workplace<'_>) -> Result<Opened, DatabaseError> {
    let (folder, password) = cluster::open(program, workplace).await?;
    let (port, database) = (program.port, program.database.clone());
    let login = Login { port, user: USER, password: password.clone(), database };
    let run = Run {
        command: command(program),
        probe: Probe::Postgres(login.clone()),
        stop_signal: StopSignal::Int,
    };
    Ok(Opened {
        plan: program.plan(&folder, run, workplace),
        bindings: bindings(&program.resource, &login),
        password: Some(password),
    })
}

// Everything else is PostgreSQL's default, durability first of all: `fsync`, `synchronous_commit`, `full_page_writes`.
fn command(program: &Program) -> Vec<String> {
    let mut command = vec![program.path.display().to_string(), "-D".to_owned(), format!("{FOLDER}/data")];
    for setting in [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={}", program.port),
        // No socket in a folder that others share.
        "unix_socket_directories=".to_owned(),
        // Lines get their time from who keeps them.
        "logging_collector=off".to_owned(),
        "log_destination=stderr".to_owned(),
        "log_line_prefix=[%p] ".to_owned(),
        "log_checkpoints=off".to_owned(),
    ] {
        command.extend(words(&["-c", &setting]));
    }
    command
}

fn bindings(resource: &Resource, login: &Login) -> Variables {
    let password = login.password.reveal();
    let value = |facet| {
        Some(match facet {
            Facet::Url => {
                format!("postgres://{USER}:{password}@127.0.0.1:{}/{}", login.port, login.database)
            }
            Facet::Name => login.database.clone(),
            Facet::Host => "127.0.0.1".to_owned(),
            Facet::Port => login.port.to_string(),
            Facet::User => USER.to_owned(),
            Facet::Password => password.to_owned(),
            Facet::Arn => return None,
        })
    };
    let named = resource.env.iter().map(|(facet, variable)| (*facet, variable.clone()));
    let more = credentials(resource).map(|(facet, variable)| (facet, variable.to_owned()));
    named.chain(more).filter_map(|(facet, variable)| Some((variable, value(facet)?))).collect()
}

/// User and password come in variables of their own too, as on AWS, where the URL of a database that AWS runs holds
/// neither.
pub(super) fn credentials(resource: &Resource) -> impl Iterator<Item = (Facet, &'static str)> {
    let has_some = match &resource.kind {
        ResourceKind::Postgres(database) => database.provider != Some(Provider::External),
        _ => false,
    };
    [Facet::User, Facet::Password]
        .into_iter()
        .zip(POSTGRES_CREDENTIALS)
        .filter(move |(facet, _)| has_some && !resource.env.contains_key(facet))
}

#[cfg(test)]
mod tests {
    use super::{Found, missing};
    use std::path::Path;

    fn message(data: Option<u32>, installed: &[u32]) -> String {
        let text = "name: shop\nservices: { a: { type: worker, run: x, uses: { db: readwrite } } }\n\
                    resources: { db: { type: postgres } }";
        let manifest = model::read("taxiway.yaml", text, &|_| None).unwrap();
        let resource = model::resolve(&manifest, None).unwrap().resources["db"].clone();
        let found = |major: &u32| Found { major: *major, folder: "/bin".into() };
        let found: Vec<Found> = installed.iter().map(found).collect();
        missing(&resource, data, &found, Path::new("/shop/.taxiway/postgres/db")).to_string()
    }

    #[test]
    fn what_to_install_is_one_sentence() {
        let rest = "or set DATABASE_URL in your environment to a server of yours, and run `taxiway up` again";
        assert_eq!(
            message(None, &[]),
            format!(
                "resource `db` is a postgres database, and PostgreSQL is not installed here: install it (Debian and \
                 Ubuntu: `apt-get install postgresql`), {rest}"
            )
        );
        assert!(message(Some(15), &[]).contains("`apt-get install postgresql-15`"));
        assert_eq!(
            message(Some(14), &[15, 16]),
            "the data of `db` was made by PostgreSQL 14, and here is 15, 16: install PostgreSQL 14 (Debian and Ubuntu: \
             `apt-get install postgresql-14`), or move /shop/.taxiway/postgres/db away to begin with an empty database"
        );
    }
}
