//! `--init FILE`: from the file to what the cloud is asked to have.

use std::path::Path;

use cloud::init::{Bucket, Contents, InitError, Queue, User, Value};

use crate::report::{self, Failure};
use crate::{environment, manifest};

/// Reads the file; every problem in it is told at once.
pub(super) fn read(file: &Path) -> Result<Contents, Failure> {
    let shown = file.display().to_string();
    let text = manifest::read(file)
        .map_err(|error| Failure::Sentence(format!("the init file {shown} cannot be read: {error}")))?;
    let variables = environment::variables();
    let contents = model::read_init(&shown, &text, &|name| variables.get(name).cloned());
    let contents =
        contents.map_err(|problems| Failure::Manifest(problems.render(&text, report::colours_errors())))?;
    Ok(translate(contents))
}

/// What the services refused of it.
pub(super) fn failed(errors: &[InitError]) -> Failure {
    Failure::Sentence(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n       "))
}

fn translate(contents: model::init::Contents) -> Contents {
    let queue = |queue: model::init::Queue| Queue {
        name: queue.name,
        attributes: queue.attributes,
        dead_letter: queue.dead_letter,
        tags: queue.tags,
    };
    let bucket = |bucket: model::init::Bucket| Bucket {
        name: bucket.name,
        versioning: bucket.versioning,
        expire_days: bucket.expire_days,
    };
    let parameter = |parameter: model::init::Parameter| Value {
        name: parameter.name,
        kind: parameter.kind,
        value: parameter.value,
        description: parameter.description,
    };
    let secret = |secret: model::init::Secret| Value {
        name: secret.name,
        kind: "SecureString",
        value: secret.value,
        description: secret.description,
    };
    let user =
        |user: model::init::User| User { database: user.database, name: user.name, password: user.password };
    Contents {
        queues: contents.queues.into_iter().map(queue).collect(),
        buckets: contents.buckets.into_iter().map(bucket).collect(),
        parameters: contents.parameters.into_iter().map(parameter).collect(),
        secrets: contents.secrets.into_iter().map(secret).collect(),
        users: contents.users.into_iter().map(user).collect(),
    }
}
