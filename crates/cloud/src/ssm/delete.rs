//! `DeleteParameter` and `DeleteParameters`. A parameter made again afterwards begins at version 1.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::Ssm;
use super::error::{Error, Result};
use super::names;
use super::rows;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Several {
    names: Vec<String>,
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
        let name = input.name;
        let job = move |db: &Connection| {
            if remove(db, &name)? { Ok(Nothing {}) } else { Err(Error::not_found(&name)) }
        };
        self.store().write(job).await
    }

    pub(super) async fn delete_parameters(&self, input: Several) -> Result<Deleted> {
        let job = move |db: &Connection| {
            let mut deleted = Deleted::default();
            for name in input.names {
                let there = names::read(&name).is_ok() && remove(db, &name)?;
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
    match rows::stored_name(db, &names::read(text)?)? {
        Some(name) => rows::remove(db, &name),
        None => Ok(false),
    }
}
