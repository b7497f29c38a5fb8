//! Buckets.

use model::system::Bucket;

use super::Place;
use super::hcl::{Body, Expression};
use super::log::whole_days;
use super::names::identifier;

const FILE: &str = "buckets.tf";

pub(super) fn compose(place: &mut Place<'_>, name: &str, bucket: &Bucket) {
    let physical = place.names.of(name);
    let mut settings = Body::new();
    // Bucket names are one namespace for all accounts (Amazon S3 User Guide, "General purpose bucket naming rules").
    settings.set("name", Expression::template(&format!("{physical}-{{var.account_id}}")));
    settings.set("versioned", bucket.versioned);
    settings.set_some("expire_days", bucket.expire.map(|expire| whole_days(expire.as_secs())));
    settings.set("protect", place.system.protect);
    let module = format!("bucket_{}", identifier(name));
    place.data.module(FILE, &module, "bucket", settings);
    let told = Expression::reference(format!("module.{module}.name"));
    place.data.output(&format!("{module}_name"), &format!("The bucket {name}."), told);
    let example = format!("{physical}-123456789012");
    place.exports.text(&["buckets", name, "name"], format!("module.{module}.name"), example.as_str());
    place.exports.text(
        &["buckets", name, "arn"],
        format!("module.{module}.arn"),
        format!("arn:aws:s3:::{example}"),
    );
}
