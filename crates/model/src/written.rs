//! The manifest as it was written: every field of the language, in tables.

use crate::language::{At, FromText, Map, Name, Read, Reader, shape};
use crate::language::{Fault, Kind};
use crate::yaml::{Node, Value};

pub(crate) mod alarm;
pub(crate) mod amount;
pub(crate) mod command;
pub(crate) mod delivery;
pub(crate) mod edge;
pub(crate) mod http;
pub(crate) mod init;
pub(crate) mod platform;
pub(crate) mod resource;
pub(crate) mod rollout;
pub(crate) mod scale;
pub(crate) mod schedule;
pub(crate) mod service;
pub(crate) mod text;

pub(crate) use alarm::Alarm;
pub(crate) use resource::Resource;
pub(crate) use service::Service;

shape! {
    /// A system of containers: its services, what they use, what stands in front of them, and how it is
    /// delivered.
    Manifest, "manifest";
    /// The system's name: the prefix of every name it gets anywhere.
    name: At<Name> => "shop";
    /// What runs: web services, workers and jobs.
    services: At<Map<Name, Service>> = "{}" => "{ api: { type: web, run: ./api } }";
    /// What the services use: queues, buckets, parameters, secrets and databases.
    resources: At<Map<Name, Resource>> = "{}" => "{ orders: { type: queue } }";
    /// What stands in front of the services that speak HTTP.
    edge: At<edge::Edge> = "{}" => "{ cdn: true, waf: { rate_limit: 2000 } }";
    /// Conditions that roll a release back or call somebody.
    alarms: At<Map<Name, Alarm>> = "{}" => "{ api-5xx: { service: api, metric: http_5xx_percentage, above: 1 } }";
    /// Asks for a typed confirmation before anything is destroyed, and keeps backups and deletion protection.
    /// Meant for environments.
    protect: At<bool> = "false" => "true";
    /// Settings only AWS reads.
    aws: At<platform::Aws> = "{}" => "{ region: eu-west-1, availability_zones: 3 }";
    /// Settings only Kubernetes reads. Where this is written, sizes need not be Fargate's.
    kubernetes: Option<At<platform::Kubernetes>> => "{ namespace: shop, ingress_class: nginx }";
    /// The same system elsewhere: each environment is merged over everything above. Mappings merge, lists
    /// replace, `null` removes. `local` is what `taxiway up` takes when it exists.
    environments: At<Map<Name, Overlay>> = "{}" => "{ local: {}, prod: { protect: true } }";
    /// The delivery pipeline.
    ci: Option<At<delivery::Ci>> => "{ provider: github, branches: { main: prod } }";
    /// Your own changes to generated files: a target and the folder they lie in.
    patches: At<Map<delivery::TargetName, text::FolderPath>> = "{}" => "{ aws: patches/aws }";
}

/// One environment: parts of a manifest that are merged over the rest. Read as part of the whole, after
/// merging.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overlay;

impl Read for Overlay {
    const KIND: &'static Kind = &Kind::Overlay;
    const NOUN: Option<&'static str> = Some("environment");

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            reader.mismatch(node, "a mapping of what differs there");
            return None;
        }
        for entry in node.entries() {
            if matches!(entry.key.name.as_str(), "environments" | "name") {
                let message = format!("{} cannot change `{}`", reader.subject(), entry.key.name);
                let hint = Some("an environment changes services, resources and settings".to_owned());
                reader.misfit(entry.key.range, message, hint);
            }
        }
        Some(Self)
    }
}

/// A text that must have some form, described beside its check.
macro_rules! form {
    ($(#[doc = $doc:literal])+ $name:ident, $noun:literal, $says:literal, $pattern:expr, number $number:literal,
     |$text:ident| $check:expr) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(crate) struct $name(pub(crate) String);

        impl $crate::language::FromText for $name {
            const SYNTAX: &'static $crate::language::Syntax =
                &$crate::language::Syntax { name: $noun, says: $says, pattern: $pattern, number_too: $number };

            fn from_text($text: &str) -> Result<Self, $crate::language::Fault> {
                let checked: Result<(), $crate::language::Fault> = $check;
                checked.map(|()| Self($text.to_owned()))
            }
        }
    };
}

pub(crate) use form;

/// Passes where a condition holds, else fails with nothing more to say.
pub(crate) fn when(fits: bool) -> Result<(), Fault> {
    if fits { Ok(()) } else { Err(Fault::default()) }
}

/// What `T` makes of a text, where that is all that matters.
pub(crate) fn fits<T: FromText>(text: &str) -> bool {
    T::from_text(text).is_ok()
}
