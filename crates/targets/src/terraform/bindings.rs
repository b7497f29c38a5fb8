//! What a container finds in its environment: addresses as they are, credentials by reference.

use std::collections::BTreeMap;

use model::System;
use model::system::{
    Facet, MONGODB_CREDENTIALS, POSTGRES_CREDENTIALS, Resource, ResourceKind, Service, ServiceKind,
    url_variable,
};

use super::database::{Engine, database_name};
use super::exports::heard;
use super::hcl::Expression;
use super::names::Names;

/// The variables of one service.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// What may be read by who reads the task definition.
    pub(super) environment: BTreeMap<String, Expression>,
    /// Variable → where the value is: an ARN, with a JSON key behind it where the secret has several.
    pub(super) secrets: BTreeMap<String, Expression>,
    /// What the execution role has to read for that, each once.
    pub(super) secret_arns: BTreeMap<String, Expression>,
    /// Keys that encrypt it, where they are not AWS's own.
    pub(super) key_arns: BTreeMap<String, Expression>,
}

/// Where the parts of an address come from.
struct Address<'a> {
    name: &'a str,
    engine: Engine,
    scheme: &'static str,
    /// What is behind the host: database and options.
    tail: String,
}

pub(super) fn of_service(system: &System, names: &Names, service: &Service) -> Bindings {
    let mut bindings = Bindings::default();
    bindings.plain("AWS_REGION", Expression::reference("var.region"));
    if let (ServiceKind::Web(_), Some(port)) = (&service.kind, service.port) {
        bindings.plain("PORT", port.to_string());
        bindings.plain("HOST", "0.0.0.0");
    }
    for name in service.uses.keys() {
        if let Some(resource) = system.resources.get(name) {
            bindings.resource(resource);
        }
    }
    for (variable, source) in &service.secrets {
        if let Some(resource) = system.resources.get(source) {
            bindings.value(variable, resource);
        }
    }
    for other in super::service::internal(system).filter(|other| other.name != service.name) {
        let host = format!("{}.{}", other.name, names.prefix());
        let url = format!("http://{host}:{}", other.port.unwrap_or(80));
        bindings.plain(&url_variable(&other.name), url);
    }
    for (variable, value) in &service.env {
        bindings.secrets.remove(variable);
        bindings.plain(variable, value.as_str());
    }
    bindings
}

impl Bindings {
    fn plain(&mut self, variable: &str, value: impl Into<Expression>) {
        self.environment.insert(variable.to_owned(), value.into());
    }

    fn resource(&mut self, resource: &Resource) {
        let name = resource.name.as_str();
        match &resource.kind {
            ResourceKind::Queue(_) => self.told(resource, "queues"),
            ResourceKind::Bucket(_) => self.told(resource, "buckets"),
            ResourceKind::Parameter(_) => self.told(resource, "parameters"),
            ResourceKind::Secret(_) => self.told(resource, "secrets"),
            ResourceKind::Postgres(database) => {
                let engine = Engine::postgres(database);
                let tail = format!("/{}?sslmode=require", database_name(name));
                self.address(
                    resource,
                    &Address { name, engine, scheme: "postgres", tail },
                    POSTGRES_CREDENTIALS,
                );
            }
            ResourceKind::Mongodb(database) => {
                let engine = Engine::mongodb(database);
                // Amazon DocumentDB Developer Guide, "Connecting programmatically to Amazon DocumentDB".
                // Reads go to the primary, its default: a reader answers with what was true a moment ago.
                let tail = "/?tls=true&replicaSet=rs0&retryWrites=false".to_owned();
                let address = Address { name, engine, scheme: "mongodb", tail };
                self.address(resource, &address, MONGODB_CREDENTIALS);
            }
            ResourceKind::Redis(redis) => {
                let engine = Engine::redis(redis);
                self.address(
                    resource,
                    &Address { name, engine, scheme: "rediss", tail: "/0".to_owned() },
                    ["", ""],
                );
            }
        }
    }

    /// Facets that the data stack tells under their own names.
    fn told(&mut self, resource: &Resource, group: &str) {
        for (facet, variable) in &resource.env {
            let what = match facet {
                Facet::Url => "url",
                Facet::Arn => "arn",
                _ => "name",
            };
            self.plain(variable, Expression::reference(heard(&[group, &resource.name, what])));
        }
    }

    /// Facets of a database. The URL has no user and no password in it: AWS makes and rotates them, and they come by
    /// reference in variables of their own.
    fn address(&mut self, resource: &Resource, address: &Address<'_>, credentials: [&str; 2]) {
        let Some(port) = address.engine.port() else {
            if address.engine == Engine::External {
                self.elsewhere(resource);
            }
            return;
        };
        let host = heard(&["databases", address.name, "host"]);
        for (facet, variable) in &resource.env {
            match facet {
                Facet::Url => {
                    let url = format!("{}://{{{host}}}:{port}{}", address.scheme, address.tail);
                    self.plain(variable, Expression::template(&url));
                }
                Facet::Host => self.plain(variable, Expression::reference(&host)),
                Facet::Port => self.plain(variable, port.to_string()),
                Facet::Name | Facet::Arn => self.plain(variable, database_name(address.name)),
                Facet::User => self.credential(resource, variable, "username"),
                Facet::Password => self.credential(resource, variable, "password"),
            }
        }
        for ((facet, key), variable) in
            [(Facet::User, "username"), (Facet::Password, "password")].into_iter().zip(credentials)
        {
            if !variable.is_empty() && !resource.env.contains_key(&facet) {
                self.credential(resource, variable, key);
            }
        }
    }

    /// One key of the secret in which AWS keeps a database's credentials (Amazon ECS Developer Guide, "Pass Secrets
    /// Manager secrets through Amazon ECS environment variables").
    fn credential(&mut self, resource: &Resource, variable: &str, key: &str) {
        let arn = heard(&["databases", &resource.name, "secret_arn"]);
        self.secrets.insert(variable.to_owned(), Expression::template(&format!("{{{arn}}}:{key}::")));
        self.secret_arns.insert(arn.clone(), Expression::reference(arn));
    }

    /// The URL of a database that somebody else runs is a secret as a whole.
    fn elsewhere(&mut self, resource: &Resource) {
        let arn = heard(&["databases", &resource.name, "url_secret_arn"]);
        if let Some(variable) = resource.env.get(&Facet::Url) {
            self.secrets.insert(variable.clone(), Expression::reference(&arn));
            self.secret_arns.insert(arn.clone(), Expression::reference(arn));
        }
    }

    /// The value of a parameter or secret, by reference.
    fn value(&mut self, variable: &str, resource: &Resource) {
        let group = match &resource.kind {
            ResourceKind::Parameter(_) => "parameters",
            ResourceKind::Secret(secret) => {
                if secret.key != model::system::Key::Managed {
                    let key = heard(&["secrets", &resource.name, "key_arn"]);
                    self.key_arns.insert(key.clone(), Expression::reference(key));
                }
                "secrets"
            }
            _ => return,
        };
        let arn = heard(&[group, &resource.name, "arn"]);
        self.secrets.insert(variable.to_owned(), Expression::reference(&arn));
        self.secret_arns.insert(arn.clone(), Expression::reference(arn));
    }
}
