//! The state of the data and the compute stack and its lock (Terraform's documentation, "Backend Type: s3",
//! permissions). The bootstrap stack's state is nobody's from GitHub.

use super::grant::{Grant, Part};

const LOCKS: &[&str] = &[
    "arn:aws:s3:::{state}/{path}/compute.tfstate.tflock",
    "arn:aws:s3:::{state}/{path}/data.tfstate.tflock",
];
const STATES: &[&str] =
    &["arn:aws:s3:::{state}/{path}/compute.tfstate", "arn:aws:s3:::{state}/{path}/data.tfstate"];

/// Reads the state, and locks it meanwhile.
pub(super) const fn reading() -> &'static [Grant] {
    READING
}

/// Writes it too.
pub(super) const fn changing() -> &'static [Grant] {
    CHANGING
}

const FIND: Grant = Grant::new(Part::Data, "FindState", &["arn:aws:s3:::{state}"]).reads(&["s3:ListBucket"]);

const LOCK: Grant =
    Grant::new(Part::Data, "LockState", LOCKS).reads(&["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]);

const TABLE: Grant =
    Grant::new(Part::Data, "LockTable", &["arn:aws:dynamodb:{region}:{account}:table/{lock}"]).reads(&[
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
    ]);

const READING: &[Grant] =
    &[FIND, Grant::new(Part::Data, "ReadState", STATES).reads(&["s3:GetObject"]), LOCK, TABLE];

const CHANGING: &[Grant] = &[
    FIND,
    Grant::new(Part::Data, "WriteState", STATES).reads(&["s3:GetObject", "s3:PutObject"]),
    LOCK,
    TABLE,
];
