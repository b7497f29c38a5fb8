//! `taxiway secrets`: sets, lists and removes secrets and parameters of a running cloud. A value is never shown.

use serde_json::{Value, json};

use crate::arguments::Secrets;
use crate::reach::{Client, Trouble};
use crate::report::Failure;
use crate::runtime;

mod ls;
mod rm;
mod set;
mod value;

/// Where a value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Secrets Manager.
    Secret,
    /// The Parameter Store.
    Parameter,
}

/// What a person means, as it is called in the cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    kind: Kind,
    name: String,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Parameter => "parameter",
        }
    }
}

pub(crate) fn run(verb: &Secrets) -> Result<(), Failure> {
    runtime::block_on(async {
        match verb {
            Secrets::Set(arguments) => set::run(arguments).await,
            Secrets::Ls(arguments) => ls::run(arguments).await,
            Secrets::Rm(arguments) => rm::run(arguments).await,
        }
    })?
}

/// What is there of this name, or of this resource of the running system: a secret first, then a parameter.
async fn find(client: &Client, name: &str, parameter_only: bool) -> Result<Option<Found>, Trouble> {
    let system = client.place.system.as_deref();
    let names =
        std::iter::once(name.to_owned()).chain(system.map(|system| format!("/{system}/local/{name}")));
    let kinds: &[Kind] = if parameter_only { &[Kind::Parameter] } else { &[Kind::Secret, Kind::Parameter] };
    for name in names {
        for kind in kinds {
            if is_there(client, *kind, &name).await? {
                return Ok(Some(Found { kind: *kind, name }));
            }
        }
    }
    Ok(None)
}

async fn is_there(client: &Client, kind: Kind, name: &str) -> Result<bool, Trouble> {
    let (target, input, absent) = match kind {
        Kind::Secret => {
            ("secretsmanager.DescribeSecret", json!({ "SecretId": name }), "ResourceNotFoundException")
        }
        Kind::Parameter => ("AmazonSSM.GetParameter", json!({ "Name": name }), "ParameterNotFound"),
    };
    match client.ask(target, &input).await {
        Ok(answer) => Ok(answer.get("DeletedDate").is_none_or(Value::is_null)),
        Err(trouble) if trouble.is(absent) => Ok(false),
        // A name that one of the two would never take is not there.
        Err(trouble) if trouble.is("ValidationException") || trouble.is("InvalidParameterException") => {
            Ok(false)
        }
        Err(trouble) => Err(trouble),
    }
}
