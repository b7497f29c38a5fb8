//! Access control lists: canned, granted by headers, or written out. They are kept and told; who asks is always
//! the owner here, so they keep nobody out.
//!
//! "Access control list (ACL) overview" in the Amazon S3 User Guide.

use http::HeaderMap;

use super::config::Config;
use super::documents::shape::Node;
use super::error::{Code, Error, Result};
use super::xml::Writer;
use super::{OWNER_NAME, documents};

mod handle;

const CANNED: &str = "x-amz-acl";
const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// Headers that grant, and what.
const GRANTS: [(&str, &str); 5] = [
    ("x-amz-grant-full-control", "FULL_CONTROL"),
    ("x-amz-grant-read", "READ"),
    ("x-amz-grant-read-acp", "READ_ACP"),
    ("x-amz-grant-write", "WRITE"),
    ("x-amz-grant-write-acp", "WRITE_ACP"),
];

/// Grants of one list (User Guide: "an ACL can have up to 100 grants").
const GRANTS_MAX: usize = 100;

/// Who a grant is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Grantee {
    User(String),
    Group(String),
}

/// The list a request's headers ask for, as it is kept; nothing where they ask for none.
pub(super) fn of_headers(headers: &HeaderMap, owner: &str, config: &Config) -> Result<Option<String>> {
    let canned = headers.get(CANNED).map(|value| value.to_str().unwrap_or_default());
    let granted = GRANTS.iter().any(|(name, _)| headers.contains_key(*name));
    if canned.is_some() && granted {
        return Err(
            Code::InvalidRequest.saying("Specifying both Canned ACLs and Header Grants is not allowed")
        );
    }
    let grants = match canned {
        Some(name) => of_canned(name, owner)?,
        None if granted => of_grants(headers)?,
        None => return Ok(None),
    };
    if config.owner_enforced && canned != Some("bucket-owner-full-control") {
        return Err(Code::AccessControlListNotSupported.into());
    }
    admit(&grants, config)?;
    Ok(Some(written(owner, &grants)))
}

/// The list a document spells out, as it is kept.
pub(super) fn of_document(body: &[u8], owner: &str, config: &Config) -> Result<String> {
    let malformed = |error: Error| match error.code {
        Code::MalformedXML => Code::MalformedACLError.into(),
        _ => error,
    };
    let node = documents::read_acl(body).map_err(malformed)?;
    let (Some(given), Some(list)) =
        (node.child("Owner").and_then(|owner| owner.get("ID")), node.child("AccessControlList"))
    else {
        return Err(Code::MalformedACLError.into());
    };
    if given != owner {
        return Err(Code::AccessDenied.into());
    }
    if list.children.len() > GRANTS_MAX {
        return Err(Code::MalformedACLError.into());
    }
    let grants = list.children.iter().map(grant).collect::<Result<Vec<_>>>()?;
    if config.owner_enforced {
        return Err(Code::AccessControlListNotSupported.into());
    }
    admit(&grants, config)?;
    Ok(written(owner, &grants))
}

/// The owner alone: what is told where nothing was put.
pub(super) fn private(owner: &str) -> String {
    written(owner, &[(Grantee::User(owner.to_owned()), "FULL_CONTROL".to_owned())])
}

type Grant = (Grantee, String);

fn of_canned(name: &str, owner: &str) -> Result<Vec<Grant>> {
    let group = |uri: &str, permission: &str| (Grantee::Group(uri.to_owned()), permission.to_owned());
    let mut grants = vec![(Grantee::User(owner.to_owned()), "FULL_CONTROL".to_owned())];
    match name {
        "private" | "bucket-owner-full-control" | "bucket-owner-read" | "aws-exec-read" => {}
        "public-read" => grants.push(group(ALL_USERS, "READ")),
        "public-read-write" => grants.extend([group(ALL_USERS, "READ"), group(ALL_USERS, "WRITE")]),
        "authenticated-read" => grants.push(group(AUTHENTICATED, "READ")),
        "log-delivery-write" => {
            grants.extend([group(LOG_DELIVERY, "WRITE"), group(LOG_DELIVERY, "READ_ACP")]);
        }
        other => return Err(Error::argument(CANNED, other, "")),
    }
    Ok(grants)
}

/// Reads `x-amz-grant-read: id="…", uri="…"`.
fn of_grants(headers: &HeaderMap) -> Result<Vec<Grant>> {
    let mut grants = Vec::new();
    for (name, permission) in GRANTS {
        let Some(value) = headers.get(name) else { continue };
        let value = value.to_str().unwrap_or_default();
        for one in value.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            let wrong = || Error::argument(name, value, "Argument format not recognized");
            let (kind, whom) = one.split_once('=').ok_or_else(wrong)?;
            let whom = whom.trim().trim_matches('"');
            let grantee = match kind.trim().to_ascii_lowercase().as_str() {
                "id" if !whom.is_empty() => Grantee::User(whom.to_owned()),
                "uri" => known_group(whom)?,
                "emailaddress" => return Err(Code::UnresolvableGrantByEmailAddress.into()),
                _ => return Err(wrong()),
            };
            grants.push((grantee, permission.to_owned()));
        }
    }
    Ok(grants)
}

fn grant(node: &Node) -> Result<Grant> {
    let (Some(grantee), Some(permission)) = (node.child("Grantee"), node.get("Permission")) else {
        return Err(Code::MalformedACLError.into());
    };
    let grantee = match (grantee.kind.as_deref(), grantee.get("ID"), grantee.get("URI")) {
        (Some("CanonicalUser"), Some(id), _) if !id.is_empty() => Grantee::User(id.to_owned()),
        (Some("CanonicalUser"), Some(id), _) => {
            return Err(Error::argument("CanonicalUser/ID", id, "Invalid id"));
        }
        (Some("Group"), _, Some(uri)) => known_group(uri)?,
        (Some("AmazonCustomerByEmail"), _, _) => return Err(Code::UnresolvableGrantByEmailAddress.into()),
        _ => return Err(Code::MalformedACLError.into()),
    };
    Ok((grantee, permission.to_owned()))
}

fn known_group(uri: &str) -> Result<Grantee> {
    if [ALL_USERS, AUTHENTICATED, LOG_DELIVERY].contains(&uri) {
        Ok(Grantee::Group(uri.to_owned()))
    } else {
        Err(Error::argument("uri", uri, "Invalid group uri"))
    }
}

/// Refuses grants to everybody where the bucket blocks them.
fn admit(grants: &[Grant], config: &Config) -> Result<()> {
    let public = |(grantee, _): &Grant| matches!(grantee, Grantee::Group(uri) if uri == ALL_USERS || uri == AUTHENTICATED);
    if config.blocks_public_acls && grants.iter().any(public) {
        return Err(Code::AccessDenied.into());
    }
    Ok(())
}

/// The content of `AccessControlPolicy`.
fn written(owner: &str, grants: &[Grant]) -> String {
    Writer::fragment(|xml| {
        xml.group("Owner", |xml| {
            xml.text("ID", owner);
            xml.text("DisplayName", OWNER_NAME);
        });
        xml.group("AccessControlList", |xml| {
            for (grantee, permission) in grants {
                xml.group("Grant", |xml| {
                    match grantee {
                        Grantee::User(id) => xml.grantee("CanonicalUser", |xml| {
                            xml.text("ID", id);
                            if id == owner {
                                xml.text("DisplayName", OWNER_NAME);
                            }
                        }),
                        Grantee::Group(uri) => xml.grantee("Group", |xml| xml.text("URI", uri)),
                    }
                    xml.text("Permission", permission);
                });
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    fn of(pairs: &[(&'static str, &str)]) -> Result<Option<String>> {
        of_headers(&given(pairs), "me", &Config::default())
    }

    #[test]
    fn headers_make_a_list() {
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&[("x-amz-acl", "private")]), Ok(Some(private("me"))));
        let public = of(&[("x-amz-acl", "public-read")]).unwrap().unwrap();
        assert!(public.contains(&format!("<URI>{ALL_USERS}</URI></Grantee><Permission>READ</Permission>")));
        let granted = of(&[("x-amz-grant-read", "id=\"you\", id=them")]).unwrap().unwrap();
        assert!(granted.contains("<ID>you</ID>") && granted.contains("<ID>them</ID>"), "{granted}");
    }

    #[test]
    fn nonsense_is_refused() {
        for (pairs, code) in [
            (&[("x-amz-acl", "everybody")][..], Code::InvalidArgument),
            (&[("x-amz-acl", "private"), ("x-amz-grant-read", "id=a")], Code::InvalidRequest),
            (&[("x-amz-grant-read", "uri=http://example.com")], Code::InvalidArgument),
            (&[("x-amz-grant-read", "a")], Code::InvalidArgument),
            (&[("x-amz-grant-read", "emailAddress=a@b")], Code::UnresolvableGrantByEmailAddress),
        ] {
            assert_eq!(of(pairs).unwrap_err().code, code, "{pairs:?}");
        }
        let config = Config { owner_enforced: true, ..Config::default() };
        let refused =
            |name| of_headers(&given(&[("x-amz-acl", name)]), "me", &config).map_err(|error| error.code);
        assert_eq!(refused("public-read"), Err(Code::AccessControlListNotSupported));
        assert!(refused("bucket-owner-full-control").is_ok());
        let config = Config { blocks_public_acls: true, ..Config::default() };
        let public = of_headers(&given(&[("x-amz-acl", "public-read")]), "me", &config);
        assert_eq!(public.unwrap_err().code, Code::AccessDenied);
    }

    #[test]
    fn a_written_list_is_read_back() {
        let body = format!(
            "<AccessControlPolicy xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{}</AccessControlPolicy>",
            private("me")
        );
        assert_eq!(of_document(body.as_bytes(), "me", &Config::default()), Ok(private("me")));
        let other = of_document(body.as_bytes(), "you", &Config::default());
        assert_eq!(other.unwrap_err().code, Code::AccessDenied);
        let empty = of_document(b"<AccessControlPolicy/>", "me", &Config::default());
        assert_eq!(empty.unwrap_err().code, Code::MalformedACLError);
    }
}
