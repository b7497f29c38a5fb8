//! Everything one run has started so far: what a stop must end, however far the start came.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::databases::Databases;
use super::listen::CloudServer;
use super::{UpError, begin, millis};
use crate::environment::{self, Variables, World};
use crate::front::Front;
use crate::jobs::Jobs;
use crate::once::Workbench;
use crate::options::{Options, Shim};
use crate::ports::Ports;
use crate::prepare;
use crate::programs;
use crate::project::Project;
use crate::provision::provision;
use crate::reporter::Reporter;
use crate::socket::{self, server};
use crate::spawn::{Spawner, Workshop};
use crate::state::State;
use crate::status::Phase;
use crate::supervise::Supervisors;
use crate::{Event, orphans};

/// Everything one run has started so far.
pub(super) struct Session {
    pub(super) options: Options,
    pub(super) project: Project,
    pub(super) reporter: Reporter,
    /// The caller's environment as services inherit it.
    pub(super) inherited: Variables,
    pub(super) state: State,
    pub(super) ports: Arc<Ports>,
    pub(super) board: watch::Sender<crate::board::Board>,
    pub(super) control: Option<AbortHandle>,
    pub(super) front: Option<Front>,
    pub(super) cloud: Option<CloudServer>,
    /// Internal service → its URL.
    pub(super) internal: BTreeMap<String, String>,
    pub(super) supervisors: Supervisors,
    pub(super) jobs: Jobs,
    pub(super) databases: Databases,
}

impl Session {
    /// Ends what an earlier run left and takes the system as it is wanted here.
    pub(super) async fn open(
        mut options: Options,
        project: Project,
        reporter: Reporter,
    ) -> Result<Self, UpError> {
        begin::choose_profiles(&mut options, &reporter)?;
        let mut state = State::load(&project.state())?;
        let processes = orphans::end(&project, Some(&state)).await?;
        if processes > 0 {
            reporter.say(Event::OrphansEnded { processes });
        }
        state.processes.clear();
        let board = watch::Sender::new(begin::board(&options));
        let seed =
            u64::from_str_radix(project.marker(), 16).unwrap_or_default() ^ u64::from(std::process::id());
        Ok(Self {
            inherited: environment::inherited(&options.environment),
            ports: Arc::new(Ports::new(seed)),
            control: None,
            front: None,
            cloud: None,
            internal: BTreeMap::new(),
            supervisors: Supervisors::new(),
            jobs: Jobs::new(),
            databases: Databases::default(),
            options,
            project,
            reporter,
            state,
            board,
        })
    }

    /// Answers other processes from now on; gives what asks for a stop.
    pub(super) fn serve_control_socket(&mut self) -> Result<mpsc::Receiver<()>, UpError> {
        let path = socket::path(&self.project).display().to_string();
        let listener =
            socket::listen(&self.project).map_err(|source| UpError::ControlSocket { path, source })?;
        let (stop, asked) = mpsc::channel(1);
        let desk = server::Desk { board: self.board.subscribe(), reporter: self.reporter.clone(), stop };
        self.control = Some(tokio::spawn(server::serve(listener, desk)).abort_handle());
        Ok(asked)
    }

    /// Starts everything; returns when everything is healthy. May be dropped at any moment, then `stop` ends it.
    pub(super) async fn start(&mut self) -> Result<(), UpError> {
        self.find_databases().await?;
        self.listen().await?;
        // From here on there are processes to find again, and the disk has shown that it takes the state.
        self.state.save(&self.project.state())?;
        let spawner = Spawner::start(self.workshop()).map_err(UpError::Thread)?;
        let databases = self.start_databases(&spawner).await?;
        let answered = self.await_databases();
        let (mut world, ()) = tokio::try_join!(self.prepare_and_provision(&spawner), answered)?;
        world.bindings.extend(databases);
        self.check_programs()?;
        self.supervise(spawner, &world);
        self.start_services().await
    }

    /// Says that everything is healthy.
    pub(super) fn say_ready(&self, began: Instant) {
        self.board.send_modify(|board| board.phase = Phase::Running);
        let url = self.board.borrow().edge.url.clone();
        self.reporter.say(Event::Ready { url, elapsed_ms: millis(began.elapsed()) });
    }

    /// Where commands run that `up` needs once. `inherited` is what they find in their environment.
    pub(super) fn workbench<'a>(&'a self, spawner: &'a Spawner, inherited: &'a Variables) -> Workbench<'a> {
        Workbench {
            spawner,
            reporter: &self.reporter,
            inherited,
            marker: self.project.marker(),
            logs: self.project.folder().join("prepare"),
        }
    }

    // Both take time and neither needs the other.
    async fn prepare_and_provision(&mut self, spawner: &Spawner) -> Result<World, UpError> {
        let reached = self.cloud.as_ref().map(|server| &server.reached);
        let workbench = self.workbench(spawner, &self.inherited);
        let (system, known) = (&self.options.system, &self.state.fingerprints);
        let (provisioned, ()) = tokio::try_join!(
            async { Ok(provision(system, reached, &self.databases.sources, known, &self.reporter).await?) },
            async { prepare::run(system, &workbench).await.map_err(UpError::from) },
        )?;
        self.board.send_modify(|board| board.resources.extend(begin::resources(system, &provisioned)));
        let cloud = reached.map(|reached| reached.endpoint.clone());
        spawner.keep(provisioned.fingerprints.clone()).await;
        self.state.fingerprints = provisioned.fingerprints;
        Ok(World {
            cloud,
            bindings: provisioned.bindings,
            secrets: provisioned.secrets,
            internal: self.internal.clone(),
        })
    }

    fn check_programs(&self) -> Result<(), UpError> {
        let path = self.inherited.get("PATH");
        for service in self.options.system.services.values() {
            if let Some(program) = service.run.as_ref().and_then(|run| run.first()) {
                programs::check(service, program, self.project.directory(), path)?;
            }
        }
        Ok(())
    }

    fn workshop(&self) -> Workshop {
        Workshop {
            shim: Shim::clone(&self.options.shim),
            directory: self.project.directory().to_owned(),
            state_path: self.project.state(),
            state: self.state.clone(),
            reporter: self.reporter.clone(),
        }
    }
}
