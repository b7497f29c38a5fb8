//! `taxiway secrets ls`: names, kinds and ages; never a value.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Kind;
use crate::arguments::secrets::List;
use crate::display::table::Table;
use crate::display::time::{age, now};
use crate::reach::{self, Client, Trouble};
use crate::report::{self, Failure};

/// Pages that are followed at most.
const PAGES: usize = 1000;

/// A line of the list.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    kind: &'static str,
    /// `SecureString` and so on, of a parameter.
    #[serde(rename = "type")]
    sort: Option<String>,
    /// Seconds since 1970.
    changed: Option<f64>,
    description: Option<String>,
}

pub(super) async fn run(arguments: &List) -> Result<(), Failure> {
    let client = reach::find(arguments.dir.as_deref(), &arguments.reach).await?;
    let mut lines = Vec::new();
    if !arguments.parameter {
        lines.extend(list(&client, Kind::Secret).await?);
    }
    lines.extend(list(&client, Kind::Parameter).await?);
    if arguments.reach.json {
        return report::json(&json!({ "endpoint": client.place.url, "secrets": lines }));
    }
    if lines.is_empty() {
        let what = if arguments.parameter { "parameter" } else { "secret or parameter" };
        report::line(format_args!("there is no {what} at {}", client.place.url));
        return Ok(());
    }
    report::line(table(&lines));
    Ok(())
}

async fn list(client: &Client, kind: Kind) -> Result<Vec<Line>, Trouble> {
    let (target, field) = match kind {
        Kind::Secret => ("secretsmanager.ListSecrets", "SecretList"),
        Kind::Parameter => ("AmazonSSM.DescribeParameters", "Parameters"),
    };
    let mut lines = Vec::new();
    let mut input = Map::from_iter([("MaxResults".to_owned(), json!(50))]);
    for _page in 0..PAGES {
        let answer = client.ask(target, &Value::Object(input.clone())).await?;
        lines.extend(
            answer.get(field).and_then(Value::as_array).into_iter().flatten().map(|entry| line(entry, kind)),
        );
        match answer.get("NextToken").filter(|token| !token.is_null()) {
            Some(token) => input.insert("NextToken".to_owned(), token.clone()),
            None => break,
        };
    }
    lines.sort_by(|one, next| one.name.cmp(&next.name));
    Ok(lines)
}

fn line(entry: &Value, kind: Kind) -> Line {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    let changed = ["LastChangedDate", "LastModifiedDate", "CreatedDate"];
    Line {
        name: text("Name").unwrap_or_default(),
        kind: kind.word(),
        sort: text("Type"),
        changed: changed.iter().find_map(|name| entry.get(*name)?.as_f64()),
        description: text("Description").filter(|text| !text.is_empty()),
    }
}

fn table(lines: &[Line]) -> Table {
    let mut table = Table::new(["NAME", "KIND", "CHANGED", "DESCRIPTION"]);
    let now = now();
    for line in lines {
        let kind =
            line.sort.as_ref().map_or_else(|| line.kind.to_owned(), |sort| format!("{} ({sort})", line.kind));
        let changed = line.changed.map_or_else(|| "-".to_owned(), |at| format!("{} ago", age(now - at)));
        table.row([line.name.clone(), kind, changed, line.description.clone().unwrap_or_default()]);
    }
    table
}
