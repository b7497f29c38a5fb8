//! `taxiway secrets rm`: removes at once, after a person has said so.

use serde_json::json;

use super::{Kind, find};
use crate::arguments::secrets::Remove;
use crate::commands::queue::split;
use crate::reach;
use crate::report::{self, Failure};

pub(super) async fn run(arguments: &Remove) -> Result<(), Failure> {
    let (dir, words) = split(&arguments.words);
    let [name] = words else {
        return Err(Failure::Sentence("name what is to be removed: `taxiway secrets rm token`".to_owned()));
    };
    let client = reach::find(dir, &arguments.reach).await?;
    let Some(found) = find(&client, name, arguments.parameter).await? else {
        let what = if arguments.parameter { "parameter" } else { "secret or parameter" };
        let url = &client.place.url;
        let sentence =
            format!("there is no {what} `{name}` at {url}; `taxiway secrets ls` shows what there is");
        return Err(Failure::Sentence(sentence));
    };
    let (kind, name) = (found.kind.word(), &found.name);
    if !arguments.yes {
        report::confirm(&format!("This removes the {kind} {name} and all its versions for good."), name)?;
    }
    let (target, input) = match found.kind {
        Kind::Secret => {
            ("secretsmanager.DeleteSecret", json!({ "SecretId": name, "ForceDeleteWithoutRecovery": true }))
        }
        Kind::Parameter => ("AmazonSSM.DeleteParameter", json!({ "Name": name })),
    };
    client.ask(target, &input).await?;
    if arguments.reach.json {
        return report::json(&json!({ "name": name, "kind": kind, "outcome": "removed" }));
    }
    report::done(format_args!("removed the {kind} {name}"));
    Ok(())
}
