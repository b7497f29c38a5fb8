resource "aws_eks_node_group" "this" {
  for_each = var.node_groups

  # A prefix, so that a group that must be replaced gets its successor before its pods are moved off.
  node_group_name_prefix = "${each.key}-"
  cluster_name           = aws_eks_cluster.this.name
  version                = aws_eks_cluster.this.version
  node_role_arn          = aws_iam_role.node.arn
  subnet_ids             = var.subnet_ids
  ami_type               = each.value.ami_type
  instance_types         = each.value.instance_types
  capacity_type          = each.value.capacity_type

  launch_template {
    id      = aws_launch_template.node[each.key].id
    version = aws_launch_template.node[each.key].latest_version
  }

  scaling_config {
    min_size     = each.value.min
    max_size     = each.value.max
    desired_size = each.value.desired
  }

  update_config {
    max_unavailable_percentage = 33
  }

  lifecycle {
    create_before_destroy = true

    # The cluster autoscaler owns the size from the first day on.
    ignore_changes = [scaling_config[0].desired_size]
  }

  # A node without its network or its role's policies never becomes ready.
  depends_on = [
    aws_eks_addon.network,
    aws_iam_role_policy_attachment.node,
  ]
}

resource "aws_launch_template" "node" {
  for_each = var.node_groups

  name                   = "${var.name}-${each.key}"
  description            = "Nodes ${each.key} of the EKS cluster ${var.name}"
  update_default_version = true

  # One hop keeps pods from the node's role: "Restrict access to the instance profile assigned to the worker node".
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = each.value.disk_gib
      encrypted             = true
      delete_on_termination = true
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${var.name}-${each.key}" }
  }

  tag_specifications {
    resource_type = "volume"
    tags          = { Name = "${var.name}-${each.key}" }
  }
}

resource "aws_iam_role" "node" {
  name                 = "${var.name}-node"
  description          = "The nodes of the EKS cluster ${var.name}"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# What the kubelet needs. The network add-on has a role of its own (identity.tf), as "Amazon EKS node IAM role" advises.
resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset(["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"])

  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
