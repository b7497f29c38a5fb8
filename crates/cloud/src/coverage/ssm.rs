//! The operations of the Parameter Store.

use super::{Service, absent, full, partial};

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
        partial(
            "PutParameter",
            "notifications of policies go nowhere; there is no limit to the number of parameters",
        ),
        absent("PutResourcePolicy"),
        full("RemoveTagsFromResource"),
        absent("ResetServiceSetting"),
        full("UnlabelParameterVersion"),
        absent("UpdateServiceSetting"),
    ],
};
