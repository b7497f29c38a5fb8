//! What stands in front of the services that speak HTTP.

use super::text::HeaderName;
use crate::language::{At, Int, List, Name, shape, words};
use crate::system::ManagedRule;

shape! {
    /// What stands in front of the services that speak HTTP.
    Edge, "edge";
    /// A content delivery network is the public door (CloudFront).
    cdn: At<bool> = "false" => "true";
    /// A web application firewall looks at every request.
    waf: Option<At<Waf>> => "{ rate_limit: 2000, managed_rules: [common, known-bad-inputs] }";
    /// An API gateway is the public door.
    gateway: Option<At<Gateway>> => "{ vpc_link: true }";
    /// A header that only the public door knows; without it the balancer answers 403.
    origin_gate: Option<At<OriginGate>> => "{ header: X-Origin-Secret, secret: gate }";
    /// HTTPS at the public door.
    tls: Option<At<Tls>> => "{ redirect: true }";
}

shape! {
    /// A web application firewall.
    Waf, "firewall";
    /// Requests per client address in five minutes; more are blocked.
    rate_limit: Option<At<Int<10, 2_000_000_000>>> => "2000";
    /// Rule groups that AWS maintains, in order.
    managed_rules: At<List<ManagedRule>> = "[]" => "[common, known-bad-inputs]";
    /// Rules that only count and never block, by AWS's names.
    count: At<List<String>> = "[]" => "[SizeRestrictions_BODY]";
}

words! { ManagedRule, "rule group";
    "common" => Self::Common, "AWSManagedRulesCommonRuleSet.";
    "known-bad-inputs" => Self::KnownBadInputs, "AWSManagedRulesKnownBadInputsRuleSet.";
}

shape! {
    /// An API gateway (HTTP API).
    Gateway, "gateway";
    /// It reaches the balancer through a private link.
    vpc_link: At<bool> = "true" => "false";
    /// How much it lets through.
    throttle: Option<At<Throttle>> => "{ rate: 100, burst: 200 }";
}

shape! {
    /// How much an API gateway lets through.
    Throttle, "throttle";
    /// Requests per second.
    rate: At<Int<1, 100_000>> => "100";
    /// Requests at once above that.
    burst: At<Int<1, 100_000>> => "200";
}

shape! {
    /// A header that only the public door knows.
    OriginGate, "origin gate";
    /// Its name.
    header: At<HeaderName> => "X-Origin-Secret";
    /// The secret that holds its value; one is made where `resources` has none of this name.
    secret: At<Name> => "gate";
}

shape! {
    /// HTTPS at the public door.
    Tls, "tls";
    /// An ACM certificate's ARN, or a PEM file beside the manifest.
    certificate: Option<At<String>> => "certs/dev.pem", else "`aws.certificate`; without either the door stays on port 80";
    /// HTTP answers with a redirect to HTTPS.
    redirect: At<bool> = "true" => "false";
}
