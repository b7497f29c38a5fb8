//! The operations of the Parameter Store.

use super::{Service, absent, full};

pub(super) const SERVICE: Service = Service {
    id: "ssm",
    title: "SSM Parameter Store",
    about: "Of Systems Manager, the Parameter Store alone.",
    operations: &[
        full("AddTagsToResource"),
        full("DeleteParameter"),
        full("DeleteParameters"),
        absent("DeleteResourcePolicy"),
        full("DescribeParameters"),
        full("GetParameter"),
        full("GetParameterHistory"),
        full("GetParameters"),
        full("GetParametersByPath"),
        absent("GetResourcePolicies"),
        absent("GetServiceSetting"),
        full("LabelParameterVersion"),
        full("ListTagsForResource"),
        full("PutParameter"),
        absent("PutResourcePolicy"),
        full("RemoveTagsFromResource"),
        absent("ResetServiceSetting"),
        full("UnlabelParameterVersion"),
        absent("UpdateServiceSetting"),
    ],
};
