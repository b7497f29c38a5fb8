//! Actions of others, each by the full id of a commit: a tag can be moved, a commit can't (GitHub Docs, "Security
//! hardening for GitHub Actions", using third-party actions).

use crate::yaml::Map;

/// An action at one version.
#[derive(Debug, Clone, Copy)]
pub(super) struct Action {
    name: &'static str,
    commit: &'static str,
    version: &'static str,
}

pub(super) const CHECKOUT: Action = Action {
    name: "actions/checkout",
    commit: "11bd71901bbe5b1630ceea73d27597364c9af683",
    version: "v4.2.2",
};

pub(super) const CREDENTIALS: Action = Action {
    name: "aws-actions/configure-aws-credentials",
    commit: "b47578312673ae6fa5b5096b330d9fbac3d116df",
    version: "v4.2.1",
};

pub(super) const TERRAFORM: Action = Action {
    name: "hashicorp/setup-terraform",
    commit: "b9cd54a3c349d3f38e8881555d616ced269862dd",
    version: "v3.1.2",
};

pub(super) const BUILDX: Action = Action {
    name: "docker/setup-buildx-action",
    commit: "e468171a9de216ec08956ac3ada2f0791b6bd435",
    version: "v3.11.1",
};

pub(super) const DEPENDENCIES: Action = Action {
    name: "actions/dependency-review-action",
    commit: "da24556b548a50705dd671f47852072ea4c105d9",
    version: "v4.7.1",
};

impl Action {
    /// A step that runs it.
    pub(super) fn step(self, name: &str) -> Map {
        let mut step = Map::from([("name", name)]);
        step.set("uses", format!("{}@{}", self.name, self.commit)).behind(self.version);
        step
    }
}
