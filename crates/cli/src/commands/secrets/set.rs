//! `taxiway secrets set`: makes a secret or parameter, or gives it a new version.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Found, Kind, find, value};
use crate::arguments::secrets::Set;
use crate::commands::queue::split;
use crate::reach::{self, Client, Trouble};
use crate::report::{self, Failure};

/// Whether it was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Made,
    Changed,
}

pub(super) async fn run(arguments: &Set) -> Result<(), Failure> {
    let (dir, words) = split(&arguments.words);
    let name = match words {
        [name] => name,
        [name, ..] => return Err(argument(name)),
        [] => {
            return Err(Failure::Sentence("name what is to be set: `taxiway secrets set token`".to_owned()));
        }
    };
    let client = reach::find(dir, &arguments.reach).await?;
    let found = find(&client, name, arguments.parameter).await?;
    let shown = found.as_ref().map_or(name, |found| &found.name);
    let value = value::read(shown)?;
    let outcome = if found.is_some() { Outcome::Changed } else { Outcome::Made };
    let kind = if arguments.parameter { Kind::Parameter } else { Kind::Secret };
    let found = found.unwrap_or_else(|| Found { kind, name: name.clone() });
    let (target, mut input) = match outcome {
        Outcome::Made => making(&found, &value),
        Outcome::Changed => changing(&client, &found, &value).await?,
    };
    describe(&mut input, arguments.description.as_deref());
    client.ask(target, &input).await?;
    told(arguments, &client, &found, outcome)
}

/// A value among the arguments is refused, and not repeated.
fn argument(name: &str) -> Failure {
    Failure::Sentence(format!(
        "a value is not taken as an argument, because every list of processes would show it; pipe it: \
         `printf %s \"$VALUE\" | taxiway secrets set {name}`"
    ))
}

/// The call that makes it.
fn making(found: &Found, value: &str) -> (&'static str, Value) {
    match found.kind {
        Kind::Secret => {
            let input = json!({ "Name": found.name, "ClientRequestToken": token(), "SecretString": value });
            ("secretsmanager.CreateSecret", input)
        }
        Kind::Parameter => {
            ("AmazonSSM.PutParameter", json!({ "Name": found.name, "Value": value, "Type": "SecureString" }))
        }
    }
}

/// The call that changes it. A parameter keeps its type.
async fn changing(client: &Client, found: &Found, value: &str) -> Result<(&'static str, Value), Trouble> {
    Ok(match found.kind {
        Kind::Secret => {
            let input =
                json!({ "SecretId": found.name, "ClientRequestToken": token(), "SecretString": value });
            ("secretsmanager.UpdateSecret", input)
        }
        Kind::Parameter => {
            let there = client.ask("AmazonSSM.GetParameter", &json!({ "Name": found.name })).await?;
            let kind = there.pointer("/Parameter/Type").cloned().unwrap_or_default();
            let input = json!({ "Name": found.name, "Value": value, "Type": kind, "Overwrite": true });
            ("AmazonSSM.PutParameter", input)
        }
    })
}

fn token() -> String {
    Uuid::new_v4().to_string()
}

fn describe(input: &mut Value, description: Option<&str>) {
    if let (Some(fields), Some(description)) = (input.as_object_mut(), description) {
        fields.insert("Description".to_owned(), json!(description));
    }
}

fn told(arguments: &Set, client: &Client, found: &Found, outcome: Outcome) -> Result<(), Failure> {
    let (kind, name) = (found.kind.word(), &found.name);
    let did = if outcome == Outcome::Made { "made" } else { "changed" };
    if arguments.reach.json {
        return report::json(&json!({ "name": name, "kind": kind, "outcome": did }));
    }
    report::done(format_args!("{did} the {kind} {name}"));
    if outcome == Outcome::Changed && client.place.system.is_some() {
        report::note("a service that gets it at its start has the old value until `taxiway restart`");
    }
    Ok(())
}
