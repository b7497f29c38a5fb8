//! What is there, where the check cannot see it.

use super::super::{Skipped, Topic};

pub(super) const UNSEEN: Topic = Topic {
    title: "There, but out of the check's sight",
    skipped: &[
        Skipped {
            id: "CKV_AWS_26",
            also: &["SNS.1"],
            wants: "A topic is encrypted",
            reason: "it is, with a key of the same plan, whose ARN is known only after the apply",
            change: "there is nothing to change",
        },
        Skipped {
            id: "CKV_AWS_58",
            also: &["EKS.3", "AVD-AWS-0039"],
            wants: "A cluster encrypts Kubernetes' secrets",
            reason: "it does, with a key of the same plan, whose ARN is known only after the apply",
            change: "there is nothing to change",
        },
        Skipped {
            id: "CKV_AWS_68",
            also: &["CloudFront.6", "AVD-AWS-0011"],
            wants: "A distribution has a firewall",
            reason: "with `edge.waf` it has one, whose ARN is known only after the apply",
            change: "set `edge.waf` where it is not",
        },
        Skipped {
            id: "CKV_AWS_192",
            also: &[],
            wants: "A firewall refuses Log4j's lookups",
            reason: "its rules are a list, which the check reads only in a plan; `known-bad-inputs` refuses them",
            change: "set `edge.waf.managed_rules: [common, known-bad-inputs]`",
        },
        Skipped {
            id: "CKV2_AWS_5",
            also: &["EC2.22"],
            wants: "A security group is attached to something",
            reason: "it is, to the ECS service or to its hooks' tasks, in a module of its own, to which the check does not follow it",
            change: "there is nothing to change",
        },
        Skipped {
            id: "CKV2_AWS_19",
            also: &["EC2.12"],
            wants: "An Elastic IP is attached to an instance",
            reason: "it is the NAT gateway's, one in each zone that has one, and the check does not follow `for_each`",
            change: "set `aws.nat: none` with `aws.endpoints: true` to have none",
        },
        Skipped {
            id: "CKV2_AWS_34",
            also: &[],
            wants: "A parameter is encrypted",
            reason: "one with `secure: true` is; the check reads the other of the module's two forms, whose `count` is 0 then",
            change: "set `secure: true` on the parameter where it is not",
        },
        Skipped {
            id: "CKV2_AWS_47",
            also: &[],
            wants: "A distribution's firewall refuses Log4j's lookups",
            reason: "its rules are a list, and its ARN is known only after the apply; `known-bad-inputs` refuses them",
            change: "set `edge.waf.managed_rules: [common, known-bad-inputs]`",
        },
        Skipped {
            id: "CKV2_AWS_50",
            also: &["ElastiCache.3"],
            wants: "Redis fails over to another zone by itself",
            reason: "with more than one instance it does; the check reads the condition as it stands",
            change: "set `multi_az: true` and `instances: 2` on the resource",
        },
    ],
};
