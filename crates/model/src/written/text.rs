//! Texts of some form: paths, hosts, images, versions, ARNs.

use super::{form, when};
use crate::language::{Fault, FromText, Kind, Read, Reader};
use crate::yaml::{Node, Value};

/// A text that goes into a container in plain, and whether variables stood in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlainText {
    pub(crate) text: String,
    pub(crate) interpolated: bool,
}

impl Read for PlainText {
    const KIND: &'static Kind = &Kind::Text(<String as FromText>::SYNTAX);

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::read(node, reader)?;
        let interpolated = matches!(&node.value, Value::Scalar(scalar) if scalar.template.is_some());
        Some(Self { text, interpolated })
    }
}

form! {
    /// A request path without query.
    UrlPath, "path", "a path that begins with `/`", Some("^/[^?#\\s]*$"), number false,
    |text| if text.starts_with('/') {
        when(!text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '?' || c == '#'))
    } else if text.starts_with("http://") || text.starts_with("https://") {
        Err(Fault::hint("only the path, without scheme and host"))
    } else {
        Err(Fault::hint(format!("write `/{text}`")))
    }
}

form! {
    /// A path prefix a service answers.
    RoutePath, "path prefix", "a path that begins with `/`, without `*`", Some("^/[^?#*\\s]*$"), number false,
    |text| if let Some(prefix) = text.strip_suffix("/*").or_else(|| text.strip_suffix('*')) {
        let prefix = if prefix.is_empty() { "/" } else { prefix };
        Err(Fault::hint(format!("a path is a prefix already: write `{prefix}`")))
    } else if !text.starts_with('/') {
        Err(Fault::hint(format!("write `/{text}`; a host name goes into `alias`")))
    } else {
        when(!text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '*')))
    }
}

form! {
    /// A host name, `*` and `?` as in an ALB host condition.
    HostPattern, "host name", "a host name such as `api.example.com`",
    Some("^[A-Za-z0-9*?]([A-Za-z0-9.*?-]*[A-Za-z0-9*?])?$"), number false,
    |text| if text.contains("://") || text.contains('/') || text.contains(':') {
        Err(Fault::hint("only the host name: no scheme, port or path"))
    } else {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '*' | '?');
        let edge = |c: char| matches!(c, '.' | '-');
        when(!text.is_empty() && text.len() <= 128 && text.chars().all(allowed) && !text.starts_with(edge) && !text.ends_with(edge))
    }
}

form! {
    /// A header name (RFC 9110 section 5.1).
    HeaderName, "header name", "a header name such as `X-Origin-Secret`",
    Some("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"), number false,
    |text| when(!text.is_empty() && text.len() <= 128 && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+.^_`|~-".contains(c)))
}

form! {
    /// A container image reference.
    ImageName, "image", "an image such as `repository/name:tag`", Some("^\\S+$"), number false,
    |text| image(text)
}

form! {
    /// A path below another, or with `!` one that is left out.
    ChangePath, "path", "a file or folder below the context, after `!` one that is left out", Some("^!?[^/!]"), number false,
    |text| {
        let path = text.strip_prefix('!').unwrap_or(text);
        if path.starts_with('/') {
            let below = text.replacen('/', "", 1);
            Err(Fault::hint(format!("it is relative to the context: write `{below}`")))
        } else {
            when(!path.is_empty() && !path.starts_with(['!', ':']) && !path.split('/').any(|part| part == "..") && !path.chars().any(char::is_control))
        }
    }
}

form! {
    /// The folder that the keys of objects begin with.
    KeyPrefix, "key prefix", "a folder such as `photos/2026/`", Some("^[A-Za-z0-9!_.'()=@+,:-][A-Za-z0-9!_.'()=@+,:/-]*$"), number true,
    |text| if let Some(rest) = text.strip_prefix('/') {
        Err(Fault::hint(format!("the key of an object begins without `/`: write `{rest}`")))
    } else if let Some(folder) = text.strip_suffix("/*").or_else(|| text.strip_suffix('*')) {
        Err(Fault::hint(format!("everything below it is meant already: write `{folder}`")))
    } else {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!_.'()=@+,:/-".contains(c);
        when(!text.is_empty() && text.len() <= 512 && !text.contains("//") && text.chars().all(allowed))
    }
}

form! {
    /// A path relative to the manifest's folder.
    FolderPath, "relative path", "a path relative to the manifest's folder", Some("^[^/]"), number false,
    |text| if text.starts_with('/') {
        Err(Fault::hint("an absolute path is good on one machine only"))
    } else {
        when(!text.is_empty() && !text.chars().any(char::is_control))
    }
}

form! {
    /// An engine's version as it is written.
    Version, "version", "a version such as `15` or `5.0`", Some("^[0-9]+(\\.[0-9]+)*$"), number true,
    |text| when(text.len() <= 16 && text.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit())))
}

form! {
    /// An instance class or node type.
    InstanceSize, "instance size", "an instance class such as `db.t4g.medium`", Some("^[a-z0-9.-]+$"), number false,
    |text| when(!text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-')))
}

form! {
    /// An EC2 instance type.
    InstanceType, "instance type", "an EC2 instance type such as `t3.large`", Some("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$"), number false,
    |text| {
        let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        let class = text.strip_prefix("db.").or_else(|| text.strip_prefix("cache."));
        if let Some(machine) = class.filter(|machine| machine.contains('.')) {
            Err(Fault::hint(format!("a node is a plain machine: `{machine}`")))
        } else {
            when(text.len() <= 64 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split_once('.').is_some_and(|(family, size)| part(family) && part(size)))
        }
    }
}

form! {
    /// A Kubernetes version as EKS names it: without the patch level, which EKS chooses.
    KubernetesVersion, "Kubernetes version", "a Kubernetes version such as `1.33`", Some("^1\\.[1-9][0-9]$"), number true,
    |text| {
        let minor = |text: &str| text.strip_prefix("1.").is_some_and(|minor| minor.len() == 2 && !minor.starts_with('0') && minor.chars().all(|c| c.is_ascii_digit()));
        match text.rsplit_once('.') {
            Some((version, _)) if minor(version) => Err(Fault::hint(format!("EKS chooses the patch level: write `\"{version}\"`"))),
            _ => when(minor(text)),
        }
    }
}

form! {
    /// An Amazon resource name.
    Arn, "ARN", "an ARN such as `arn:aws:sns:us-east-1:123456789012:topic`", Some("^arn:aws[a-z-]*:"), number false,
    |text| when(text.starts_with("arn:aws") && text.split(':').count() >= 6 && !text.contains(char::is_whitespace))
}

form! {
    /// An AWS region.
    Region, "region", "an AWS region such as `us-east-1`", Some("^[a-z]{2}(-[a-z]+)+-[0-9]$"), number false,
    |text| {
        let parts: Vec<&str> = text.split('-').collect();
        let letters = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
        match parts.as_slice() {
            [area, middle @ .., number] => when(
                area.len() == 2 && letters(area) && !middle.is_empty() && middle.iter().all(letters)
                    && number.len() == 1 && number.chars().all(|c| c.is_ascii_digit()),
            ),
            _ => Err(Fault::default()),
        }
    }
}

form! {
    /// An IPv4 network that a VPC may have: /16 to /28 (Amazon VPC user guide, "VPC CIDR blocks").
    Cidr, "address range", "an address range from /16 to /28, such as `10.0.0.0/16`",
    Some("^[0-9]+(\\.[0-9]+){3}/(1[6-9]|2[0-8])$"), number false,
    |text| cidr(text)
}

form! {
    /// A daily window in UTC.
    TimeWindow, "time window", "a window such as `03:00-06:00`", Some("^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$"), number false,
    |text| {
        let time = |text: &str| text.split_once(':').is_some_and(|(hour, minute)| {
            let below = |part: &str, most: u8| part.len() == 2 && part.parse::<u8>().is_ok_and(|part| part < most);
            below(hour, 24) && below(minute, 60)
        });
        when(text.split_once('-').is_some_and(|(from, to)| time(from) && time(to) && from != to))
    }
}

form! {
    /// `owner/name` of a repository.
    RepositoryName, "repository", "a repository as `owner/name`", Some("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$"), number false,
    |text| {
        let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if text.contains("://") {
            Err(Fault::hint("only owner and name, without the address"))
        } else {
            when(text.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name)))
        }
    }
}

fn image(text: &str) -> Result<(), Fault> {
    let name = text.split('@').next().unwrap_or_default();
    let repository = match name.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => name,
    };
    let path = repository.split_once('/').map_or(repository, |(_, path)| path);
    if path.chars().any(|c| c.is_ascii_uppercase()) {
        return Err(Fault::hint(format!("a repository is lower-case: `{}`", text.to_ascii_lowercase())));
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Err(Fault::hint("an image has no scheme: `registry.example.com/name:tag`"));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '@' | '+');
    when(
        !repository.is_empty()
            && text.len() <= 512
            && text.chars().all(allowed)
            && !text.ends_with([':', '@', '/']),
    )
}

fn cidr(text: &str) -> Result<(), Fault> {
    let parsed = text.split_once('/').and_then(|(address, bits)| {
        Some((address.parse::<std::net::Ipv4Addr>().ok()?, bits.parse::<u32>().ok()?))
    });
    let Some((address, bits)) = parsed else { return Err(Fault::default()) };
    if !(16..=28).contains(&bits) {
        return Err(Fault::default());
    }
    let network = std::net::Ipv4Addr::from(u32::from(address) & (u32::MAX << (32 - bits)));
    if network == address {
        Ok(())
    } else {
        Err(Fault::hint(format!("the range begins at `{network}/{bits}`")))
    }
}
