//! What runs the containers on AWS: Fargate, or a cluster with machines that fit together.

use crate::language::{At, Shaped as _};
use crate::problem::Findings;
use crate::system::{Eks, Mebibytes, Nodes, Orchestrator};
use crate::written::platform::{self, Aws, OrchestratorWord};

/// What a cluster is made with where none is named.
const KUBERNETES_VERSION: &str = "1.33";
/// Nodes where none are described (the defaults of `aws.nodes`).
const NODES: (&str, u32, u32, Mebibytes) = ("t3.large", 2, 6, Mebibytes(50 * GIBIBYTE));
/// Smallest and largest root disk: the Amazon Linux image needs 20 GiB, a gp3 volume ends at 16 TiB (Amazon EBS user
/// guide, "General Purpose SSD volumes").
const DISK: (Mebibytes, Mebibytes) = (Mebibytes(20 * GIBIBYTE), Mebibytes(16 * 1024 * GIBIBYTE));
const GIBIBYTE: u64 = 1024;

/// The orchestrator with what only it has.
pub(super) fn orchestrator(written: &Aws, findings: &mut Findings) -> Orchestrator {
    if written.orchestrator.value == OrchestratorWord::Ecs {
        unneeded(written, findings);
        return Orchestrator::Ecs;
    }
    let version = written.kubernetes_version.as_ref().map_or(KUBERNETES_VERSION, |version| &version.0);
    Orchestrator::Eks(Eks {
        kubernetes_version: version.to_owned(),
        nodes: nodes(written.nodes.as_ref(), findings),
    })
}

/// Fields of a cluster where there is none.
fn unneeded(written: &Aws, findings: &mut Findings) {
    if written.lost("orchestrator") {
        return;
    }
    let nodes = written.nodes.as_ref().map(|nodes| nodes.range);
    let version = written.kubernetes_version.as_ref().map(|version| version.range);
    for (field, range) in [("nodes", nodes), ("kubernetes_version", version)] {
        let Some(range) = range else { continue };
        findings
            .error(
                range,
                format!("`aws.{field}` is for a Kubernetes cluster, and the services run on ECS Fargate"),
            )
            .hint(format!("add `orchestrator: eks`, or remove `{field}`"));
    }
}

fn nodes(written: Option<&At<platform::Nodes>>, findings: &mut Findings) -> Nodes {
    let Some(written) = written else {
        let (instance_type, min, max, disk) = NODES;
        return Nodes { instance_types: vec![instance_type.to_owned()], min, max, disk, spot: false };
    };
    let (min, max): (u32, u32) = (written.min.to(), written.max.to());
    if min > max && !written.lost("min") && !written.lost("max") {
        let range = if written.min.written { written.min.range } else { written.max.range };
        findings
            .error(range, format!("`aws.nodes.min` is {min}, more than `aws.nodes.max` ({max})"))
            .hint("make `min` the smaller one");
    }
    disk(&written.disk, findings);
    Nodes {
        instance_types: written
            .instance_types
            .as_ref()
            .map_or_else(|| vec![NODES.0.to_owned()], |types| types.0.clone()),
        min,
        max,
        disk: written.disk.value,
        spot: written.spot.value,
    }
}

fn disk(written: &At<Mebibytes>, findings: &mut Findings) {
    let (least, most) = DISK;
    if written.value < least || written.value > most || !written.value.0.is_multiple_of(GIBIBYTE) {
        findings
            .error(written.range, format!("a node cannot have a disk of `{}`", written.value))
            .hint(format!("from `{least}` to `{most}`, whole GiB"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Mode, Read as _, Reader};
    use crate::problem::TextRange;
    use crate::yaml::Node;

    #[test]
    fn nodes_that_nobody_described_are_those_of_an_empty_description() {
        let mut findings = Findings::default();
        let empty = Node::unwritten("{}", TextRange::default());
        let value = platform::Nodes::read(&empty, &mut Reader::new(&mut findings, Mode::Whole)).unwrap();
        let described = At { value, range: TextRange::default(), written: false };
        assert_eq!(nodes(Some(&described), &mut findings), nodes(None, &mut findings));
        assert!(!findings.has_errors());
    }
}
