//! Rules that checkov does not have.

use super::super::Skipped;

pub(in super::super) const ELSEWHERE: &[Skipped] = &[
    Skipped {
        id: "AVD-AWS-0053",
        also: &[],
        wants: "A load balancer is not public",
        reason: "it is the system's door",
        change: "set `edge.gateway: { vpc_link: true }`, and it stands in private subnets",
    },
    Skipped {
        id: "AVD-AWS-0057",
        also: &[],
        wants: "No policy is for every resource",
        reason: "a few actions know no resource (logging in to ECR, describing balancers, answering CodeDeploy, writing traces), and each stands alone with that reason",
        change: "there is nothing narrower",
    },
    Skipped {
        id: "AVD-AWS-0104",
        also: &[],
        wants: "Nothing may go out to everywhere",
        reason: "tasks may at port 443 only, because AWS's interfaces and other people's have no fixed addresses, and those of hooks at the ports of the public balancer, which has none either",
        change: "set `aws.nat: none` with `aws.endpoints: true`, and there is no way out of the VPC",
    },
    Skipped {
        id: "EC2.21",
        also: &[],
        wants: "A network ACL lets nobody in from everywhere at ports of administration",
        reason: "subnets have the VPC's own ACL; security groups decide, and none of them opens such a port",
        change: "a patch adds `aws_network_acl`",
    },
    Skipped {
        id: "EC2.55",
        also: &["EC2.56", "EC2.57"],
        wants: "A VPC has interface endpoints for AWS's services",
        reason: "each costs by the hour in every zone, and NAT goes there too",
        change: "set `aws.endpoints: true`",
    },
    Skipped {
        id: "RDS.23",
        also: &[],
        wants: "A database does not listen at its usual port",
        reason: "another port hides nothing: the security group says who may connect",
        change: "a patch sets `port` of the database's module",
    },
    Skipped {
        id: "S3.10",
        also: &["AVD-AWS-0090"],
        wants: "A bucket keeps old versions",
        reason: "that is a setting, because they cost; the buckets of states and of logs keep them",
        change: "set `versioned: true` on the bucket",
    },
];
