//! Parameters and secrets: names and keys, never values.

use model::system::{Key, Parameter, Secret};

use super::Place;
use super::hcl::{Body, Expression};
use super::names::identifier;

const FILE: &str = "secrets.tf";

/// Days until a deleted secret is gone (AWS Secrets Manager API Reference, DeleteSecret).
const RECOVERY_DAYS: u32 = 7;
const RECOVERY_DAYS_PROTECTED: u32 = 30;

pub(super) fn parameter(place: &mut Place<'_>, name: &str, parameter: &Parameter) {
    let physical = format!("/{}", place.names.path(name));
    let mut settings = Body::new();
    settings.set("name", physical.as_str());
    settings.set("description", format!("{name} of {}", place.names.prefix()));
    settings.set("secure", parameter.secure);
    settings.set_some("value", parameter.value.as_deref().filter(|_| !parameter.secure));
    let module = format!("parameter_{}", identifier(name));
    place.data.module(FILE, &module, "parameter", settings);
    let description = if parameter.secure {
        format!("The parameter {name}, whose value is set by hand.")
    } else {
        format!("The parameter {name}.")
    };
    let told = Expression::reference(format!("module.{module}.name"));
    place.data.output(&format!("{module}_name"), &description, told);
    let arn = format!("arn:aws:ssm:{}:123456789012:parameter{physical}", place.system.aws.region);
    place.exports.text(&["parameters", name, "name"], format!("module.{module}.name"), physical);
    place.exports.text(&["parameters", name, "arn"], format!("module.{module}.arn"), arn);
}

pub(super) fn secret(place: &mut Place<'_>, name: &str, secret: &Secret) {
    let physical = place.names.path(name);
    let mut settings = Body::new();
    settings.set("name", physical.as_str());
    settings.set("description", format!("{name} of {}", place.names.prefix()));
    settings.set("recovery_days", if place.system.protect { RECOVERY_DAYS_PROTECTED } else { RECOVERY_DAYS });
    let module = format!("secret_{}", identifier(name));
    settings.set_some("kms_key_arn", key(place, name, secret));
    place.data.module(FILE, &module, "secret", settings);
    let told = Expression::reference(format!("module.{module}.name"));
    place.data.output(
        &format!("{module}_name"),
        &format!("The secret {name}, whose value is set by hand."),
        told,
    );
    let arn =
        format!("arn:aws:secretsmanager:{}:123456789012:secret:{physical}-AbCdEf", place.system.aws.region);
    place.exports.text(&["secrets", name, "arn"], format!("module.{module}.arn"), arn);
    place.exports.text(&["secrets", name, "name"], format!("module.{module}.name"), physical);
}

/// The key that encrypts it, where it is not Secrets Manager's own.
fn key(place: &mut Place<'_>, name: &str, secret: &Secret) -> Option<Expression> {
    let arn = match &secret.key {
        Key::Managed => return None,
        Key::Existing(arn) => {
            place.exports.text(&["secrets", name, "key_arn"], format!("\"{arn}\""), arn.as_str());
            return Some(arn.into());
        }
        Key::Own => {
            let module = format!("key_{}", identifier(name));
            let mut settings = Body::new();
            settings.set("name", place.names.of(name));
            settings.set("description", format!("Encrypts the secret {name} of {}", place.names.prefix()));
            settings.set("account_id", Expression::reference("var.account_id"));
            settings.set("region", Expression::reference("var.region"));
            place.data.module(FILE, &module, "kms-key", settings);
            format!("module.{module}.arn")
        }
    };
    let example = format!(
        "arn:aws:kms:{}:123456789012:key/12345678-1234-1234-1234-123456789012",
        place.system.aws.region
    );
    place.exports.text(&["secrets", name, "key_arn"], arn.as_str(), example);
    Some(Expression::reference(arn))
}
