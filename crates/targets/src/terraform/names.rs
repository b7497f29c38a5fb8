//! What things are called on AWS: `<system>-<environment>-<name>`, shortened where AWS takes less.

use model::System;

/// A load balancer's and a target group's name (Elastic Load Balancing API Reference, CreateLoadBalancer and
/// CreateTargetGroup).
pub(super) const BALANCER: usize = 32;

/// Characters of the sum that tells shortened names apart.
const SUM: usize = 5;

/// The names of one system in one environment.
#[derive(Debug, Clone)]
pub(super) struct Names {
    system: String,
    environment: Option<String>,
}

impl Names {
    pub(super) fn new(system: &System) -> Self {
        Self { system: system.name.clone(), environment: system.environment.clone() }
    }

    /// `ingest-prod`: the system in its environment.
    pub(super) fn prefix(&self) -> String {
        self.joined("-")
    }

    /// `ingest-prod-api`.
    pub(super) fn of(&self, name: &str) -> String {
        format!("{}-{}", self.prefix(), hyphens(name))
    }

    /// `ingest-prod-api` in at most `limit` characters, and still another name than any other.
    pub(super) fn short(&self, name: &str, limit: usize) -> String {
        shortened(&self.of(name), limit)
    }

    /// `ingest/prod/token`: for parameters, with a slash before, and secrets.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.joined("/"))
    }

    /// Its environment, which is also the folder of its stacks.
    pub(super) fn environment(&self) -> &str {
        self.environment.as_deref().unwrap_or(crate::NO_ENVIRONMENT)
    }

    pub(super) fn system(&self) -> &str {
        &self.system
    }

    fn joined(&self, by: &str) -> String {
        match &self.environment {
            Some(environment) => format!("{}{by}{environment}", self.system),
            None => self.system.clone(),
        }
    }
}

/// A name that Terraform takes for an identifier: `after_traffic`.
pub(super) fn identifier(name: &str) -> String {
    name.replace(['-', '.'], "_")
}

fn hyphens(name: &str) -> String {
    name.replace('_', "-")
}

fn shortened(name: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    let sum = format!("{:08x}", fnv(name.as_bytes()));
    let kept: String = name.chars().take(limit.saturating_sub(SUM + 1)).collect();
    format!("{}-{}", kept.trim_end_matches('-'), sum.get(..SUM).unwrap_or(&sum))
}

/// FNV-1a of 32 bits (draft-eastlake-fnv): the same on every machine and in every version.
fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_told_apart() {
        let long = "a".repeat(40);
        let cut = shortened(&format!("{long}-one"), BALANCER);
        assert_eq!(cut.len(), BALANCER);
        assert_ne!(cut, shortened(&format!("{long}-two"), BALANCER));
        assert_eq!(shortened("short", BALANCER), "short");
    }
}
