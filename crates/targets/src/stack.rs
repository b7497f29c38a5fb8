//! The three stacks of an environment, and the order in which they come and go.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// One stack of Terraform, with a state of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stack {
    /// The state's bucket and lock, and the roles of the pipelines.
    Bootstrap,
    /// Network, databases, queues, buckets, parameters, registries.
    Data,
    /// Cluster, services, balancer, edge, scaling, alarms.
    Compute,
}

impl Stack {
    /// In the order they are applied: what a stack needs stands before it.
    pub const ORDER: [Self; 3] = [Self::Bootstrap, Self::Data, Self::Compute];

    /// Its folder's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bootstrap => "bootstrap",
            Self::Data => "data",
            Self::Compute => "compute",
        }
    }

    /// The stack of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ORDER.into_iter().find(|stack| stack.name() == name)
    }

    /// Its folder below that of the environment.
    #[must_use]
    pub fn folder(self, environment: &Path) -> PathBuf {
        environment.join(self.name())
    }
}

impl fmt::Display for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Stack;

    #[test]
    fn names_go_both_ways() {
        for stack in Stack::ORDER {
            assert_eq!(Stack::named(stack.name()), Some(stack));
        }
        assert_eq!(Stack::named("network"), None);
    }
}
