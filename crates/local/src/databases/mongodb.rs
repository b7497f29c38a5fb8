//! MongoDB: `mongod` on the PATH as a replica set of one, because drivers offer transactions only there.

use model::system::{Facet, Resource};

use super::folder::Folder;
use super::program::{Engine, Run, words};
use super::{DatabaseError, Opened, Probe, Program, Search, Workplace, find};
use crate::environment::Variables;
use crate::process::StopSignal;
use crate::shim::FOLDER;
use crate::translate::names;

pub(super) use self::member::Member;

mod member;

/// Users that run it where `up` runs as root.
const USERS: &[&str] = &["mongodb"];

/// The program for `resource`, or `None` where there is none.
///
/// Its port stays: the set's only member is known by it.
pub(super) fn find(
    search: &Search<'_>,
    resource: &Resource,
    known: Option<u16>,
) -> Result<Option<Program>, DatabaseError> {
    let Some(path) = find::program(search.caller.get("PATH"), "mongod") else { return Ok(None) };
    let port = match known {
        Some(port) if crate::ports::is_free(port) => port,
        Some(port) => return Err(DatabaseError::PortTaken { resource: resource.name.clone(), port }),
        None => search.ports.take()?,
    };
    let folder = search.project.database("mongodb", &resource.name);
    let database = names::physical(search.system, resource);
    Ok(Some(Program { resource: resource.clone(), engine: Engine::Mongodb, path, port, database, folder }))
}

/// Makes what is not there yet.
pub(super) fn open(program: &Program, workplace: &Workplace<'_>) -> Result<Opened, DatabaseError> {
    let folder = Folder::open(&program.folder, USERS)?;
    folder.make("data")?;
    let (port, data) = (program.port.to_string(), format!("{FOLDER}/data"));
    let mut command = vec![program.path.display().to_string()];
    command.extend(words(&["--dbpath", &data, "--port", &port, "--bind_ip", "127.0.0.1"]));
    command.extend(words(&["--replSet", member::SET, "--nounixsocket"]));
    let run =
        Run { command, probe: Probe::Mongodb(Member { port: program.port }), stop_signal: StopSignal::Term };
    let plan = program.plan(&folder, run, workplace);
    Ok(Opened { plan, bindings: bindings(program), password: None })
}

fn bindings(program: &Program) -> Variables {
    let (port, name) = (program.port, &program.database);
    let value = |facet| {
        Some(match facet {
            Facet::Url => cloud::Cloud::mongo_url(&format!("mongodb://127.0.0.1:{port}"), name),
            Facet::Name => name.clone(),
            Facet::Host => "127.0.0.1".to_owned(),
            Facet::Port => port.to_string(),
            Facet::User | Facet::Password | Facet::Arn => return None,
        })
    };
    program.resource.env.iter().filter_map(|(facet, name)| Some((name.clone(), value(*facet)?))).collect()
}
