//! Jobs and steps: every job says what its token may do and how long it may take.

use super::pipeline::{Environment, Pipeline, Role};
use super::{SCRIPTS, actions};
use crate::yaml::{Map, Yaml};

/// Terraform's version, as the action reads it: state locks beside the state are there from 1.10 on.
const TERRAFORM: &str = "~1.11.0";

/// A job as it is put together.
#[derive(Debug)]
pub(super) struct Job {
    head: Map,
    steps: Vec<Yaml>,
}

/// What a job's token may do beyond reading the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Permission {
    /// Ask for a token that AWS takes.
    Identity,
    /// Write comments on pull requests.
    Comments,
}

impl Job {
    pub(super) fn new(name: &str, minutes: u32, permissions: &[Permission]) -> Self {
        let mut allowed = Map::from([("contents", "read")]);
        for permission in permissions {
            match permission {
                Permission::Identity => allowed.set("id-token", "write"),
                Permission::Comments => allowed.set("pull-requests", "write"),
            };
        }
        let mut head = Map::from([("name", name)]);
        head.set("runs-on", "ubuntu-24.04").set("timeout-minutes", minutes).set("permissions", allowed);
        Self { head, steps: Vec::new() }
    }

    /// A job that acts in an environment. GitHub's environment of that name is asked only where a person delivers by hand:
    /// elsewhere the roles trust the branch.
    pub(super) fn within(name: &str, minutes: u32, environment: &Environment) -> Self {
        let mut job = Self::new(name, minutes, &[Permission::Identity]);
        if environment.by_hand {
            job.head.set("environment", &environment.name);
        }
        job.head.set("env", Map::from([("AWS_REGION", &environment.stacks.region)]));
        job
    }

    pub(super) fn set(mut self, key: &str, value: impl Into<Yaml>) -> Self {
        self.head.set(key, value);
        self
    }

    pub(super) fn needs(self, jobs: &[String]) -> Self {
        self.set("needs", Yaml::list(jobs))
    }

    pub(super) fn when(self, condition: &str) -> Self {
        self.set("if", condition)
    }

    pub(super) fn step(mut self, step: Map) -> Self {
        self.steps.push(step.into());
        self
    }

    /// Takes the commit, and leaves no credentials behind.
    pub(super) fn checkout(self) -> Self {
        self.step(checkout(false))
    }

    /// As [`Job::checkout`], with all that came before.
    pub(super) fn checkout_history(self) -> Self {
        self.step(checkout(true))
    }

    pub(super) fn terraform(self) -> Self {
        let mut with = Map::from([("terraform_version", TERRAFORM)]);
        with.set("terraform_wrapper", false);
        let mut step = actions::TERRAFORM.step("Terraform");
        step.set("with", with);
        self.step(step)
    }

    /// Takes a role of the account for an hour, without any stored key.
    pub(super) fn sign_in(self, pipeline: &Pipeline, environment: &Environment, role: Role) -> Self {
        let mut step = actions::CREDENTIALS.step("Sign in to AWS");
        let with = Map::from([
            ("role-to-assume", pipeline.role(environment, role)),
            ("aws-region", environment.stacks.region.clone()),
        ]);
        step.set("with", with);
        self.step(step)
    }

    /// Runs one of the scripts.
    pub(super) fn script(self, name: &str, script: &str, environment: Map) -> Self {
        self.step(script_step(name, script, environment))
    }
}

impl From<Job> for Yaml {
    fn from(job: Job) -> Self {
        let mut map = job.head;
        if !job.steps.is_empty() {
            map.set("steps", Yaml::List(job.steps));
        }
        Self::Map(map)
    }
}

/// A step that runs one of the scripts.
pub(super) fn script_step(name: &str, script: &str, environment: Map) -> Map {
    let mut step = Map::from([("name", name)]);
    if !environment.is_empty() {
        step.set("env", environment);
    }
    step.set("run", format!("bash {SCRIPTS}/{script}.sh"));
    step
}

/// A call of the workflow with the repository's own checks.
pub(super) fn checks(pipeline: &Pipeline) -> Map {
    let mut job = Map::from([("name", "Checks")]);
    job.set("permissions", Map::from([("contents", "read")]))
        .set("uses", format!("./{}", pipeline.workflow("checks")));
    job
}

/// What all workflows begin with: nothing is allowed that no job asks for.
pub(super) fn workflow(title: String, on: Map) -> Map {
    let mut workflow = Map::from([("name", title)]);
    let run = Map::from([("shell", "bash")]);
    workflow.set("on", on).set("permissions", Map::new()).set("defaults", Map::from([("run", run)]));
    workflow
}

fn checkout(is_whole: bool) -> Map {
    let mut step = actions::CHECKOUT.step("Check out");
    let mut with = Map::from([("persist-credentials", false)]);
    if is_whole {
        with.set("fetch-depth", 0_u32);
    }
    step.set("with", with);
    step
}

/// A job's name among the others.
pub(super) fn id(what: &str, environment: &Environment) -> String {
    format!("{what}-{}", environment.name.replace('.', "_"))
}
