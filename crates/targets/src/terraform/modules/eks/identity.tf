# What pods may do in AWS: one role for each service account, handed out by EKS Pod Identity.

locals {
  # The add-ons that call AWS, with the service account each runs under.
  addon_roles = {
    for addon, role in {
      vpc-cni = {
        service_account = "aws-node"
        policy_arn      = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
      }
      aws-ebs-csi-driver = {
        service_account = "ebs-csi-controller-sa"
        policy_arn      = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
      }
    } : addon => role if contains(keys(var.addons), addon)
  }

  pods = merge(
    { for key, role in var.pod_roles : "pod-${key}" => { namespace = role.namespace, service_account = role.service_account } },
    { for addon, role in local.addon_roles : addon => { namespace = "kube-system", service_account = role.service_account } },
  )

  # "Create IAM role with trust policy required by EKS Pod Identity": the session tags tell this cluster's service account
  # from every other in the account.
  pod_trust = {
    for key, pod in local.pods : key => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Service = "pods.eks.amazonaws.com" }
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Condition = {
          StringEquals = {
            "aws:SourceAccount"                         = var.account_id
            "aws:RequestTag/eks-cluster-arn"            = local.cluster_arn
            "aws:RequestTag/kubernetes-namespace"       = pod.namespace
            "aws:RequestTag/kubernetes-service-account" = pod.service_account
          }
        }
      }]
    })
  }
}

resource "aws_iam_role" "pod" {
  for_each = var.pod_roles

  name                 = "${var.name}-pod-${each.key}"
  description          = "Pods of ${each.value.namespace}/${each.value.service_account} in the EKS cluster ${var.name}"
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = local.pod_trust["pod-${each.key}"]

  lifecycle {
    precondition {
      condition     = length("${var.name}-pod-${each.key}") <= 64
      error_message = "The role name ${var.name}-pod-${each.key} is longer than the 64 characters IAM allows; shorten the key."
    }
  }
}

resource "aws_iam_role_policy" "pod" {
  for_each = { for key, role in var.pod_roles : key => role if length(role.statements) > 0 }

  name = "statements"
  role = aws_iam_role.pod[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in each.value.statements : merge(
        {
          Sid      = statement.sid
          Effect   = "Allow"
          Action   = statement.actions
          Resource = statement.resources
        },
        length(statement.conditions) > 0 ? { Condition = statement.conditions } : {},
      )
    ]
  })
}

resource "aws_eks_pod_identity_association" "pod" {
  for_each = var.pod_roles

  cluster_name    = aws_eks_cluster.this.name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  role_arn        = aws_iam_role.pod[each.key].arn
}

resource "aws_iam_role" "addon" {
  for_each = local.addon_roles

  name                 = "${var.name}-${each.key}"
  description          = "The add-on ${each.key} of the EKS cluster ${var.name}"
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = local.pod_trust[each.key]
}

resource "aws_iam_role_policy_attachment" "addon" {
  for_each = local.addon_roles

  role       = aws_iam_role.addon[each.key].name
  policy_arn = each.value.policy_arn
}

resource "aws_eks_pod_identity_association" "addon" {
  for_each = local.addon_roles

  cluster_name    = aws_eks_cluster.this.name
  namespace       = "kube-system"
  service_account = each.value.service_account
  role_arn        = aws_iam_role.addon[each.key].arn

  depends_on = [aws_iam_role_policy_attachment.addon]
}

# For software that knows only web identity ("IAM roles for service accounts"); IAM checks EKS's certificate itself.
resource "aws_iam_openid_connect_provider" "this" {
  url            = aws_eks_cluster.this.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}
