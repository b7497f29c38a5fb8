//! A database of the caller's: the variables that services get are in the caller's environment, or in the URL there.

use model::system::{Facet, Resource, ResourceKind};

use super::DatabaseError;
use crate::environment::Variables;
use crate::translate::names;

/// Whether the caller's environment says where it is.
pub(super) fn is_given(resource: &Resource, caller: &Variables) -> bool {
    [Facet::Url, Facet::Host].iter().any(|facet| said(resource, *facet, caller).is_some())
}

/// What services find: what the caller's environment says, else what its URL says.
pub(super) fn variables(resource: &Resource, caller: &Variables) -> Result<Variables, DatabaseError> {
    let url = said(resource, Facet::Url, caller);
    let part = |facet| url.and_then(|url| part(url, facet)).or_else(|| default_port(resource, facet, url));
    let mut found = Variables::new();
    let mut missing = Vec::new();
    for (facet, variable) in &resource.env {
        match said(resource, *facet, caller).map(str::to_owned).or_else(|| part(*facet)) {
            Some(value) => drop(found.insert(variable.clone(), value)),
            None => missing.push(variable.as_str()),
        }
    }
    if !missing.is_empty() {
        let (resource_name, variables) = (resource.name.clone(), missing.join(" and "));
        return Err(if is_given(resource, caller) {
            DatabaseError::HalfGiven { resource: resource_name, variables }
        } else {
            let kind = names::kind(resource);
            DatabaseError::NotGiven { resource: resource_name, kind, variables }
        });
    }
    for (facet, variable) in super::postgres::credentials(resource) {
        found.extend(part(facet).map(|value| (variable.to_owned(), value)));
    }
    Ok(found)
}

fn said<'a>(resource: &Resource, facet: Facet, caller: &'a Variables) -> Option<&'a str> {
    let value = caller.get(resource.env.get(&facet)?)?;
    (!value.is_empty()).then_some(value)
}

/// A part of `scheme://user:password@host:port/name?options` (RFC 3986, section 3).
fn part(url: &str, facet: Facet) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (login, place) = authority.rsplit_once('@').unwrap_or(("", authority));
    // Of several hosts the first.
    let place = place.split(['?', ',']).next()?;
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (place, ""),
    };
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let part = match facet {
        Facet::Url => url,
        Facet::Name => path.split('?').next()?,
        Facet::Host => host.trim_matches(['[', ']']),
        Facet::Port => port,
        Facet::User => user,
        Facet::Password => password,
        Facet::Arn => "",
    };
    (!part.is_empty()).then(|| decoded(part))
}

fn default_port(resource: &Resource, facet: Facet, url: Option<&str>) -> Option<String> {
    let port = match resource.kind {
        ResourceKind::Postgres(_) => "5432",
        ResourceKind::Mongodb(_) => "27017",
        ResourceKind::Redis(_) => "6379",
        _ => return None,
    };
    (facet == Facet::Port && url.is_some()).then(|| port.to_owned())
}

/// Without its percent signs (RFC 3986, section 2.1).
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let coded = after.get(..2).filter(|_| *first == b'%').and_then(|digits| hex::decode(digits).ok());
        match coded {
            Some(decoded) => {
                bytes.extend(decoded);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{part, variables};
    use crate::environment::Variables;
    use model::system::{Facet, Resource};

    fn resource(text: &str) -> Resource {
        let text = format!(
            "name: shop\nservices: {{ a: {{ type: worker, run: x, uses: {{ db: readwrite }} }} }}\nresources: {{ db: {text} }}"
        );
        let manifest = model::read("taxiway.yaml", &text, &|_| None).unwrap();
        model::resolve(&manifest, None).unwrap().resources["db"].clone()
    }

    fn caller(variables: &[(&str, &str)]) -> Variables {
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_url_is_taken_apart() {
        let url = "postgres://me:p%40ss@db.example.com:6543/shop?sslmode=require";
        let parts = [Facet::User, Facet::Password, Facet::Host, Facet::Port, Facet::Name];
        let parts = parts.map(|facet| part(url, facet).unwrap());
        assert_eq!(parts, ["me", "p@ss", "db.example.com", "6543", "shop"]);
        assert_eq!(part("redis://[::1]", Facet::Host).as_deref(), Some("::1"));
        assert_eq!(part("redis://[::1]", Facet::Port), None);
        assert_eq!(part("mongodb://one:1,two:2/?replicaSet=rs0", Facet::Port).as_deref(), Some("1"));
        assert_eq!(part("mongodb://one:1,two:2/?replicaSet=rs0", Facet::Name), None);
    }

    #[test]
    fn a_url_alone_gives_every_variable() {
        let wanted = resource("{ type: postgres, env: { host: DB_HOST, port: DB_PORT, user: DB_USER } }");
        let found = variables(&wanted, &caller(&[("DATABASE_URL", "postgres://me:secret@elsewhere/shop")]));
        let expected = [
            ("DATABASE_URL", "postgres://me:secret@elsewhere/shop"),
            ("DB_HOST", "elsewhere"),
            ("DB_PORT", "5432"),
            ("DB_USER", "me"),
            ("PGPASSWORD", "secret"),
        ];
        assert_eq!(found.unwrap(), caller(&expected));
    }

    #[test]
    fn what_is_missing_is_named() {
        let wanted = resource("{ type: postgres, env: { host: DB_HOST, user: DB_USER } }");
        let error =
            variables(&wanted, &caller(&[("DATABASE_URL", "postgres://elsewhere/shop")])).unwrap_err();
        assert!(error.to_string().contains("set DB_USER too"), "{error}");
        let error = variables(&wanted, &caller(&[("DATABASE_URL", "")])).unwrap_err();
        assert!(error.to_string().contains("set DATABASE_URL and DB_HOST and DB_USER in"), "{error}");
    }
}
