//! `DeleteParameter` and `DeleteParameters`. A parameter made again afterwards begins at version 1.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::Ssm;
use super::check::{one_to_ten, required};
use super::error::{Error, Result};
use super::names;
use super::rows;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Several {
    names: Option<Vec<String>>,
}

/// `{}`.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Deleted {
    deleted_parameters: Vec<String>,
    invalid_parameters: Vec<String>,
}

impl Ssm {
    pub(super) async fn delete_parameter(&self, input: One) -> Result<Nothing> {
        let name = required(input.name, "name")?;
        let job =
            move |db: &Connection| if remove(db, &name)? { Ok(()) } else { Err(Error::not_found(&name)) };
        self.store().write(job).await?;
        Ok(Nothing {})
    }

    pub(super) async fn delete_parameters(&self, input: Several) -> Result<Deleted> {
        let names = one_to_ten(input.names, "names")?;
        let job = move |db: &Connection| {
            let mut deleted = Deleted::default();
            for name in names {
                let there = remove(db, &name)?;
                let list =
                    if there { &mut deleted.deleted_parameters } else { &mut deleted.invalid_parameters };
                list.push(name);
            }
            Ok::<_, Error>(deleted)
        };
        self.store().write(job).await
    }
}

fn remove(db: &Connection, text: &str) -> Result<bool> {
    for name in names::read(text)?.names {
        if rows::remove(db, &name)? {
            return Ok(true);
        }
    }
    Ok(false)
}
