//! `taxiway plan`, `apply` and `destroy`: terraform's runs over the compiled stacks of an environment, in their order.

use remote::environment::BACKEND;
use remote::terraform::Speech;
use remote::{Environment, Limits, Stack, Stop, Terraform};
use serde::Serialize;

use self::ready::Ready;
use self::run::{Outcome, Run};
use crate::arguments::Stacks;
use crate::report::{self, Failure};
use crate::{elsewhere, environment};

mod place;
mod ready;
mod run;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verb {
    Plan,
    Apply,
    Destroy,
}

pub(crate) fn run(verb: Verb, arguments: &Stacks) -> Result<(), Failure> {
    let ready = Ready::check(verb, arguments)?;
    confirm(verb, arguments, &ready)?;
    let work = async |stop: Stop| over(verb, arguments, &ready, &stop).await;
    let outcomes = elsewhere::until_asked(work)??;
    if arguments.json { report::json(&outcomes) } else { Ok(()) }
}

/// A person says so before a protected environment changes, and before anything is destroyed.
fn confirm(verb: Verb, arguments: &Stacks, ready: &Ready) -> Result<(), Failure> {
    let is_asked = match verb {
        Verb::Plan => false,
        Verb::Apply => ready.is_protected,
        Verb::Destroy => true,
    };
    if !is_asked || arguments.yes {
        return Ok(());
    }
    let stacks: Vec<&str> = ready.stacks.iter().map(|stack| stack.name()).collect();
    let (word, stacks) = (&ready.name, stacks.join(", "));
    let what = match verb {
        Verb::Destroy => format!("This destroys {stacks} of {word}, with everything in them."),
        Verb::Plan | Verb::Apply => format!("This applies {stacks} of {word}, which is protected."),
    };
    report::confirm(&what, word)
}

async fn over(verb: Verb, arguments: &Stacks, ready: &Ready, stop: &Stop) -> Result<Vec<Outcome>, Failure> {
    let environment = found(arguments, ready, stop).await?;
    let run = Run { verb, is_json: arguments.json, environment, stop };
    if verb == Verb::Destroy && arguments.stack.map(Stack::from) == Some(Stack::Bootstrap) {
        run.nothing_is_left_in([Stack::Data, Stack::Compute]).await?;
    }
    let mut outcomes = Vec::new();
    for stack in &ready.stacks {
        outcomes.push(run.stack(*stack).await?);
        if let Some(reason) = run.ends_after(*stack, &outcomes, ready.stacks.len()) {
            report::note(reason);
            break;
        }
    }
    if verb == Verb::Apply && ready.stacks.contains(&Stack::Bootstrap) {
        tell_where_the_state_is(&run.environment);
    }
    Ok(outcomes)
}

/// Terraform, and where it runs: in an account, or with nothing that leads to one.
async fn found(arguments: &Stacks, ready: &Ready, stop: &Stop) -> Result<Environment, Failure> {
    let limits = Limits { step: arguments.timeout, lock: arguments.lock_timeout, ..Limits::default() };
    let own = environment::variables();
    let variables = if arguments.endpoint.is_some() { remote::alone(&own) } else { own.clone() };
    let launcher = local::Shim::default().words();
    let mut terraform = Terraform::find(&variables, limits, launcher, stop)
        .await
        .map_err(|error| elsewhere::failure(&error))?;
    if !arguments.json && report::is_terminal() {
        terraform.speak(Speech::Coloured);
    }
    if arguments.endpoint.is_some() {
        terraform.take_providers_from(remote::mirror(&own));
    }
    Ok(Environment { terraform, folder: ready.folder.clone(), endpoint: arguments.endpoint.clone() })
}

fn tell_where_the_state_is(environment: &Environment) {
    if !environment.state_is_in_a_bucket(Stack::Bootstrap) {
        report::note(format_args!(
            "bootstrap: its state is a file on this machine, {}; copy {BACKEND}.example beside it to {BACKEND} and apply again to \
             move it to the bucket",
            environment.stack(Stack::Bootstrap).join("terraform.tfstate").display()
        ));
    }
}

impl Verb {
    fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Destroy => "destroy",
        }
    }
}
