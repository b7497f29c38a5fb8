//! The databases of a run: found before anything starts, opened and started while services are prepared, awaited before
//! the first service starts.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;

use super::UpError;
use super::services::until;
use super::session::Session;
use crate::Event;
use crate::databases::{Opened, Search, Source, Sources, Workplace};
use crate::environment::Variables;
use crate::spawn::Spawner;
use crate::status::ResourceStatus;
use crate::supervise::{Seen, Supervisor, Supervisors};
use crate::translate::names;

/// What a status shows of what is not ours to show.
const GIVEN: &str = "(from your environment)";
/// What stands for a password.
const HIDDEN: &str = "***";

/// The databases of a run.
#[derive(Debug, Default)]
pub(super) struct Databases {
    pub(super) sources: Sources,
    /// Who keeps the programs that were started.
    pub(super) supervisors: Supervisors,
}

impl Session {
    /// Finds out where each database is; nothing starts yet.
    pub(super) async fn find_databases(&mut self) -> Result<(), UpError> {
        let search = Search {
            system: &self.options.system,
            project: &self.project,
            caller: &self.options.environment,
            ports: &self.ports,
            reporter: &self.reporter,
        };
        self.databases.sources = search.run(&mut self.state.ports.databases).await?;
        Ok(())
    }

    /// Starts the programs of databases, without waiting for them; gives what services find of every database that is
    /// not in the cloud.
    pub(super) async fn start_databases(
        &mut self,
        spawner: &Spawner,
    ) -> Result<BTreeMap<String, Variables>, UpError> {
        let mut bindings = BTreeMap::new();
        for (name, source) in self.databases.sources.clone() {
            match source {
                Source::Given(variables) => {
                    self.show_database(&name, &variables, |_| GIVEN.to_owned());
                    bindings.insert(name, variables);
                }
                Source::Program(program) => {
                    let inherited = self.plain_environment();
                    let workbench = self.workbench(spawner, &inherited);
                    let workplace = Workplace { workbench, start_timeout: self.options.timeout };
                    let opened = program.open(&workplace).await?;
                    bindings.insert(name.clone(), opened.bindings.clone());
                    self.start_database(name, opened, spawner).await;
                }
                Source::Cloud => {}
            }
        }
        Ok(bindings)
    }

    /// What waits until each program that was started answers; the error is why one will not.
    pub(super) fn await_databases(&self) -> impl Future<Output = Result<(), UpError>> + use<> {
        let waits = self.databases.supervisors.iter().map(|(name, supervisor)| {
            let ready = Event::ResourceReady { resource: name.clone(), kind: self.kind(name) };
            let (supervisor, reporter) = (supervisor.clone(), self.reporter.clone());
            async move {
                until(&supervisor, Seen::is_healthy).await?;
                reporter.say(ready);
                Ok(())
            }
        });
        let all = try_join_all(waits.collect::<Vec<_>>());
        async { all.await.map(drop) }
    }

    fn kind(&self, resource: &str) -> String {
        self.options.system.resources.get(resource).map_or("", names::kind).to_owned()
    }

    // A variable of the caller's that a database's program understands must not change what runs here.
    fn plain_environment(&self) -> Variables {
        let kept = ["PATH", "TZ"].iter().filter_map(|name| self.inherited.get_key_value(*name));
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    async fn start_database(&mut self, name: String, opened: Opened, spawner: &Spawner) {
        let Opened { plan, bindings, password } = opened;
        self.show_database(&name, &bindings, |value| match &password {
            Some(password) => value.replace(password.reveal(), HIDDEN),
            None => value.to_owned(),
        });
        let supervisor = Supervisor::new(plan, self.tools(spawner.clone()));
        self.databases.supervisors.insert(name.clone(), supervisor.clone());
        self.board.send_modify(|board| drop(board.databases.insert(name, supervisor.clone())));
        supervisor.start().await;
    }

    fn show_database(&self, name: &str, bindings: &Variables, shown: impl Fn(&str) -> String) {
        let kind = self.kind(name);
        let env = bindings.iter().map(|(variable, value)| (variable.clone(), shown(value))).collect();
        let status = ResourceStatus { kind, env, process: None };
        self.board.send_modify(|board| drop(board.resources.insert(name.to_owned(), status)));
    }
}
