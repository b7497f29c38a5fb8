# Two groups, because they wait for each other: nodes need the first to become ready, the second needs nodes to run on.

locals {
  network_addons = ["eks-pod-identity-agent", "kube-proxy", "vpc-cni"]

  addon_settings = {
    # Kubernetes takes network policies either way; only with this are they enforced.
    vpc-cni = jsonencode({ enableNetworkPolicy = "true" })
  }
}

resource "aws_eks_addon" "network" {
  for_each = { for name, version in var.addons : name => version if contains(local.network_addons, name) }

  cluster_name         = aws_eks_cluster.this.name
  addon_name           = each.key
  addon_version        = each.value
  configuration_values = lookup(local.addon_settings, each.key, null)

  # What is written here wins over what was changed by hand in the cluster.
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  # Pods receive their role when they start.
  depends_on = [aws_eks_pod_identity_association.addon]
}

resource "aws_eks_addon" "workload" {
  for_each = { for name, version in var.addons : name => version if !contains(local.network_addons, name) }

  cluster_name  = aws_eks_cluster.this.name
  addon_name    = each.key
  addon_version = each.value

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  depends_on = [
    aws_eks_node_group.this,
    aws_eks_pod_identity_association.addon,
  ]
}
