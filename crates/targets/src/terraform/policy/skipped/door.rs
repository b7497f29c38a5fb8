//! Who comes in from outside, and how.

use super::super::{Skipped, Topic};

pub(super) const TRANSPORT: Topic = Topic {
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

pub(super) const EDGE: Topic = Topic {
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
