//! The table. A check is here only while it fails for some system of this repository: `tests/policy` holds it to that.

use super::{Skipped, Topic};

pub(super) const TOPICS: &[Topic] =
    &[KEYS, TRANSPORT, EDGE, LOGS, PROTECTION, BUCKETS, ACCESS, HOOKS, UNSEEN];

/// Everything is encrypted; the question is only whose key it is.
const KEYS: Topic = Topic {
    title: "Keys of one's own",
    skipped: &[
        Skipped {
            id: "CKV_AWS_119",
            also: &["AVD-AWS-0025"],
            wants: "A DynamoDB table is encrypted with a customer managed key",
            reason: "the table of locks holds no data and is encrypted with AWS's key for DynamoDB",
            change: "a patch sets `kms_key_arn` of the module `state`",
        },
        Skipped {
            id: "CKV_AWS_136",
            also: &["AVD-AWS-0033"],
            wants: "An image repository is encrypted with a customer managed key",
            reason: "ECR encrypts with keys of its own, who may pull is IAM's to say, and a key costs a dollar a month",
            change: "a patch sets `kms_key_arn` of the registry's module",
        },
        Skipped {
            id: "CKV_AWS_145",
            also: &["S3.17", "AVD-AWS-0132"],
            wants: "A bucket is encrypted with a KMS key",
            reason: "S3 encrypts with keys of its own and a KMS key costs for every call, and load balancers cannot deliver logs to a bucket with one",
            change: "a patch sets `kms_key_arn` of the module of a bucket or of `state`",
        },
        Skipped {
            id: "CKV_AWS_149",
            also: &["AVD-AWS-0098"],
            wants: "A secret is encrypted with a customer managed key",
            reason: "it is encrypted with AWS's key for Secrets Manager unless a key of its own is asked for, which costs a dollar a month",
            change: "set `key: own`, or a key's ARN, on the secret in the manifest",
        },
        Skipped {
            id: "CKV_AWS_158",
            also: &["AVD-AWS-0017"],
            wants: "A log group is encrypted with a KMS key",
            reason: "CloudWatch Logs encrypts every group with keys of its own, and a KMS key costs for every call",
            change: "a patch sets `kms_key_arn` of the module with the group",
        },
        Skipped {
            id: "CKV_AWS_173",
            also: &[],
            wants: "A function's environment is encrypted with a customer managed key",
            reason: "it holds names and ARNs, no secret, and Lambda encrypts it with a key of its own",
            change: "a patch of the module `hook` sets `kms_key_arn` of its function",
        },
        Skipped {
            id: "CKV_AWS_182",
            also: &[],
            wants: "A DocumentDB cluster is encrypted with a customer managed key",
            reason: "it is encrypted with AWS's key for RDS, and another key would make a new cluster",
            change: "a patch sets `kms_key_arn` of the database's module before the first apply",
        },
        Skipped {
            id: "CKV_AWS_191",
            also: &[],
            wants: "A Redis replication group is encrypted with a customer managed key",
            reason: "it is encrypted with ElastiCache's own key, and another key would make a new group",
            change: "a patch sets `kms_key_arn` of the database's module before the first apply",
        },
        Skipped {
            id: "CKV_AWS_327",
            also: &[],
            wants: "An Aurora cluster is encrypted with a customer managed key",
            reason: "it is encrypted with AWS's key for RDS, and another key would make a new cluster",
            change: "a patch sets `kms_key_arn` of the database's module before the first apply",
        },
        Skipped {
            id: "CKV_AWS_354",
            also: &["AVD-AWS-0078"],
            wants: "Performance Insights are encrypted with a customer managed key",
            reason: "they are encrypted with AWS's key for RDS, as the database is",
            change: "a patch sets `kms_key_arn` of the database's module before the first apply",
        },
    ],
};

const TRANSPORT: Topic = Topic {
    title: "TLS",
    skipped: &[
        Skipped {
            id: "CKV_AWS_2",
            also: &["AVD-AWS-0054"],
            wants: "A load balancer listens with HTTPS",
            reason: "TLS needs a certificate, and a system without one still has to come up; `taxiway check` says so",
            change: "set `aws.certificate` to a certificate's ARN",
        },
        Skipped {
            id: "CKV_AWS_103",
            also: &[],
            wants: "A listener takes TLS 1.2 or later",
            reason: "the listener without a certificate has no TLS; the one with a certificate takes 1.2 and 1.3",
            change: "set `aws.certificate` to a certificate's ARN",
        },
        Skipped {
            id: "CKV_AWS_174",
            also: &["AVD-AWS-0013"],
            wants: "A distribution takes TLS 1.2 or later",
            reason: "under its own name, …cloudfront.net, CloudFront fixes the oldest version; with a certificate it is 1.2",
            change: "a patch sets `aliases` and `certificate_arn` of the module `cdn`",
        },
        Skipped {
            id: "CKV_AWS_260",
            also: &["AVD-AWS-0107"],
            wants: "Nobody may come in at port 80 from everywhere",
            reason: "that port of the balancer only sends to HTTPS, or is the system's door while there is no certificate",
            change: "set `aws.certificate` and `edge.tls.redirect: false`",
        },
        Skipped {
            id: "CKV_AWS_378",
            also: &[],
            wants: "A target group speaks HTTPS to its targets",
            reason: "TLS ends at the balancer; behind it requests stay in private subnets, and each task admits the balancer only",
            change: "there is no setting: the tasks would need certificates of their own",
        },
        Skipped {
            id: "CKV2_AWS_20",
            also: &["ELB.1"],
            wants: "A load balancer sends HTTP to HTTPS",
            reason: "it does where there is a certificate",
            change: "set `aws.certificate` to a certificate's ARN",
        },
        Skipped {
            id: "CKV2_AWS_42",
            also: &["CloudFront.7"],
            wants: "A distribution has a certificate of one's own",
            reason: "a name and a certificate are whoever's that owns the domain",
            change: "a patch sets `aliases` and `certificate_arn` of the module `cdn`",
        },
    ],
};

const EDGE: Topic = Topic {
    title: "The public door",
    skipped: &[
        Skipped {
            id: "CKV_AWS_305",
            also: &["CloudFront.1"],
            wants: "A distribution has a default root object",
            reason: "there is no bucket of pages behind it: the service answers `/` itself",
            change: "there is nothing that such an object would protect",
        },
        Skipped {
            id: "CKV_AWS_309",
            also: &["APIGateway.8"],
            wants: "A gateway's routes ask for authorization",
            reason: "who may call what is the service's own decision, which answers 401 by itself",
            change: "a patch adds an authorizer and names it in the route of the module `gateway`",
        },
        Skipped {
            id: "CKV_AWS_310",
            also: &["CloudFront.4"],
            wants: "A distribution has a second origin to fail over to",
            reason: "the one origin is a balancer over several zones, and CloudFront fails over for reading requests only",
            change: "there is no setting: it takes a second system in another region",
        },
        Skipped {
            id: "CKV_AWS_374",
            also: &[],
            wants: "A distribution is closed to some countries",
            reason: "which countries may call is a matter of the product, not of its infrastructure",
            change: "a patch of the module `cdn` sets `geo_restriction`",
        },
        Skipped {
            id: "CKV2_AWS_28",
            also: &[],
            wants: "A public load balancer has a firewall",
            reason: "a firewall costs by the rule and the request, and with `edge.cdn` it stands at the distribution, past which nobody comes",
            change: "set `edge.waf`",
        },
        Skipped {
            id: "CKV2_AWS_32",
            also: &[],
            wants: "A distribution has a policy of response headers that Terraform makes",
            reason: "it has AWS's managed one with the security headers, which is named by its id",
            change: "a patch of the module `cdn` names another",
        },
    ],
};

const LOGS: Topic = Topic {
    title: "Logs",
    skipped: &[
        Skipped {
            id: "CKV_AWS_18",
            also: &["S3.9", "AVD-AWS-0089"],
            wants: "A bucket logs who reads and writes it",
            reason: "only the system's own roles reach its buckets, and the bucket that keeps logs cannot log to itself",
            change: "a patch sets `access_log_bucket` of the module of a bucket or of `state`",
        },
        Skipped {
            id: "CKV_AWS_338",
            also: &["CloudWatch.16"],
            wants: "Logs are kept for a year",
            reason: "how long they are kept is a setting, and a year of it costs",
            change: "set `aws.log_retention: 365d`",
        },
    ],
};

const PROTECTION: Topic = Topic {
    title: "What a protected environment has",
    skipped: &[
        Skipped {
            id: "CKV_AWS_150",
            also: &["ELB.6"],
            wants: "A load balancer cannot be deleted",
            reason: "that holds where the environment is protected; others have to come down in one step",
            change: "set `protect: true` on the environment",
        },
        Skipped {
            id: "CKV_AWS_157",
            also: &["RDS.5"],
            wants: "A database stands by in a second zone",
            reason: "it doubles the price of the instance, so it is a setting, for production above all",
            change: "set `multi_az: true` on the database",
        },
        Skipped {
            id: "CKV_AWS_293",
            also: &["RDS.8", "AVD-AWS-0177"],
            wants: "A database cannot be deleted",
            reason: "that holds where the environment is protected; others have to come down in one step",
            change: "set `protect: true` on the environment, or `deletion_protection: true` on the database",
        },
        Skipped {
            id: "CKV2_AWS_8",
            also: &[],
            wants: "An Aurora cluster is in a plan of AWS Backup",
            reason: "the cluster backs itself up, continuously and for `backup` days; AWS Backup would keep and charge a second copy",
            change: "a patch adds a plan and a vault, best in another account",
        },
    ],
};

const BUCKETS: Topic = Topic {
    title: "Buckets",
    skipped: &[
        Skipped {
            id: "CKV_AWS_144",
            also: &["S3.7"],
            wants: "A bucket is copied to another region",
            reason: "S3 keeps every object in three zones already; a second region doubles the price and is a decision about disasters",
            change: "a patch adds a replica and `aws_s3_bucket_replication_configuration`",
        },
        Skipped {
            id: "CKV2_AWS_62",
            also: &["S3.11"],
            wants: "A bucket tells of its events",
            reason: "nobody listens: services that exchange work do it over a queue",
            change: "a patch adds `aws_s3_bucket_notification`",
        },
        Skipped {
            id: "CKV2_AWS_65",
            also: &["S3.12"],
            wants: "A bucket has no ACLs",
            reason: "CloudFront delivers its standard logs by an ACL that it sets; every other bucket has none",
            change: "without `edge.cdn` the bucket of logs has none either",
        },
    ],
};

const ACCESS: Topic = Topic {
    title: "Secrets and who may connect",
    skipped: &[
        Skipped {
            id: "CKV_AWS_31",
            also: &["ElastiCache.6"],
            wants: "Redis asks for a token",
            reason: "Terraform would have to know it and keep it in its state; TLS is on, and only the services that use it may connect",
            change: "a patch of the module `redis` names a user group, whose passwords are set by hand",
        },
        Skipped {
            id: "CKV2_AWS_57",
            also: &["SecretsManager.1"],
            wants: "A secret is rotated by itself",
            reason: "these are other people's keys, which only they can exchange; what AWS can rotate, databases' passwords, it does",
            change: "a patch adds `aws_secretsmanager_secret_rotation` with a function for that key",
        },
    ],
};

const HOOKS: Topic = Topic {
    title: "Functions of deployment hooks",
    skipped: &[
        Skipped {
            id: "CKV_AWS_115",
            also: &[],
            wants: "A function has a limit of its own on concurrent runs",
            reason: "it runs once in a delivery, a reserved run is taken from all other functions, and a new account has too few to reserve any",
            change: "a patch of the module `hook` sets `reserved_concurrent_executions`",
        },
        Skipped {
            id: "CKV_AWS_117",
            also: &["Lambda.3"],
            wants: "A function runs in the VPC",
            reason: "it calls AWS's public interfaces only; the command itself runs as a task, in private subnets",
            change: "a patch of the module `hook` sets `vpc_config`",
        },
        Skipped {
            id: "CKV_AWS_272",
            also: &[],
            wants: "A function takes signed code only",
            reason: "its code is a file of the module, in review beside the rest, and Terraform compares its hash",
            change: "a patch of the module `hook` sets `code_signing_config_arn`",
        },
    ],
};

/// What is there, where the check cannot see it.
const UNSEEN: Topic = Topic {
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
            reason: "it is, to the ECS service, in a module of its own, to which the check does not follow it",
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

/// Rules that checkov does not have.
pub(super) const ELSEWHERE: &[Skipped] = &[
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
        reason: "tasks may at port 443 only, because AWS's interfaces and other people's have no fixed addresses",
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
