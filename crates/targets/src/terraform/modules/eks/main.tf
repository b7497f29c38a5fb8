# A Kubernetes cluster on EKS for one system: control plane, nodes, add-ons, and the roles of people and pods.

locals {
  # Written out, because the roles are made before the cluster they name.
  cluster_arn = "arn:aws:eks:${var.region}:${var.account_id}:cluster/${var.name}"

  public = length(var.public_access_cidrs) > 0
}

resource "aws_eks_cluster" "this" {
  name     = var.name
  version  = var.kubernetes_version
  role_arn = aws_iam_role.cluster.arn

  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  # EKS would install its own copies of the network add-ons; aws_eks_addon declares every one instead.
  bootstrap_self_managed_addons = false

  access_config {
    authentication_mode = "API"

    # Whoever runs Terraform gets no lasting power by it: the access entries are the whole list.
    bootstrap_cluster_creator_admin_permissions = false
  }

  vpc_config {
    subnet_ids              = var.subnet_ids
    security_group_ids      = [aws_security_group.api.id]
    endpoint_private_access = true
    endpoint_public_access  = local.public
    public_access_cidrs     = local.public ? var.public_access_cidrs : null
  }

  dynamic "encryption_config" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      resources = ["secrets"]

      provider {
        key_arn = encryption_config.value
      }
    }
  }

  # EKS makes a log group that never expires when it finds none, and without the policy it can neither
  # make nor remove its network interfaces.
  depends_on = [
    aws_cloudwatch_log_group.control_plane,
    aws_iam_role_policy_attachment.cluster,
  ]
}

resource "aws_cloudwatch_log_group" "control_plane" {
  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn
}

# The group EKS makes is worn by the nodes too, so a rule there would open them as well: whoever may call the
# API from inside the VPC is let in here. It begins closed.
resource "aws_security_group" "api" {
  name        = "${var.name}-api"
  description = "Who may call the Kubernetes API of ${var.name} from inside the VPC"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-api"
  }
}

resource "aws_iam_role" "cluster" {
  name                 = "${var.name}-cluster"
  description          = "The control plane of the EKS cluster ${var.name}"
  permissions_boundary = var.permissions_boundary

  # "Cross-service confused deputy prevention in Amazon EKS"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "eks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { ArnLike = { "aws:SourceArn" = local.cluster_arn } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}
