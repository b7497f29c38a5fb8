//! What stands in front of the services that speak HTTP.

/// What stands in front of the services that speak HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    /// A content delivery network is the public door.
    pub cdn: bool,
    /// A web application firewall looks at every request.
    pub waf: Option<Waf>,
    /// An API gateway is the public door.
    pub gateway: Option<Gateway>,
    /// A header only the public door knows; without it the balancer answers 403.
    pub origin_gate: Option<OriginGate>,
    /// HTTPS at the public door.
    pub tls: Option<Tls>,
}

/// A web application firewall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waf {
    /// Requests per client address in five minutes.
    pub rate_limit: Option<u32>,
    /// AWS managed rule groups, in order.
    pub managed_rules: Vec<ManagedRule>,
    /// Rule name → only count, never block.
    pub count: Vec<String>,
}

/// An AWS managed rule group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ManagedRule {
    /// AWSManagedRulesCommonRuleSet.
    Common,
    /// AWSManagedRulesKnownBadInputsRuleSet.
    KnownBadInputs,
}

/// An API gateway (HTTP API).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gateway {
    /// It reaches the balancer through a private link.
    pub vpc_link: bool,
    /// Requests per second it lets through, and the burst above that.
    pub throttle: Option<(u32, u32)>,
}

/// A header only the public door knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginGate {
    /// Header name.
    pub header: String,
    /// Name of the secret resource that holds its value.
    pub secret: String,
}

/// HTTPS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Certificate: an ACM ARN, or a file on this machine.
    pub certificate: Option<String>,
    /// HTTP answers with a redirect to HTTPS.
    pub redirect: bool,
}
