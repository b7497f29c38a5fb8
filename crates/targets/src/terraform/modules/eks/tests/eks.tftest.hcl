mock_provider "aws" {
  mock_resource "aws_eks_cluster" {
    defaults = {
      arn                   = "arn:aws:eks:us-east-1:123456789012:cluster/ingest-prod"
      endpoint              = "https://ABC.gr7.us-east-1.eks.amazonaws.com"
      certificate_authority = [{ data = "LS0tLS1CRUdJTg==" }]
      identity              = [{ oidc = [{ issuer = "https://oidc.eks.us-east-1.amazonaws.com/id/ABC" }] }]
    }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }

  mock_resource "aws_launch_template" {
    defaults = {
      id             = "lt-0123456789abcdef0"
      latest_version = 7
    }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-0a" }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC" }
  }
}

variables {
  name       = "ingest-prod"
  region     = "us-east-1"
  account_id = "123456789012"
  vpc_id     = "vpc-1"
  subnet_ids = ["subnet-a", "subnet-b"]

  node_groups = {
    general = { instance_types = ["m7i.large", "m6i.large"], min = 2, max = 6, desired = 3 }
  }

  admin_role_arns    = { deploy = "arn:aws:iam::123456789012:role/ingest-deploy" }
  log_retention_days = 90
  kms_key_arn        = null
}

run "the_api_is_private_and_only_listed_roles_come_in" {
  command = plan

  assert {
    condition     = aws_eks_cluster.this.name == "ingest-prod" && aws_eks_cluster.this.version == "1.33"
    error_message = "The cluster has the caller's name and the default version."
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "Without networks the API answers only inside the VPC."
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "Access is by entries alone, also for the creator."
  }

  assert {
    condition     = aws_eks_cluster.this.enabled_cluster_log_types == toset(["api", "audit", "authenticator", "controllerManager", "scheduler"])
    error_message = "Every log of the control plane is on."
  }

  assert {
    condition     = aws_eks_cluster.this.bootstrap_self_managed_addons == false && length(aws_eks_cluster.this.encryption_config) == 0
    error_message = "No hidden add-ons, and no own key unless one is given."
  }

  assert {
    condition     = aws_cloudwatch_log_group.control_plane.name == "/aws/eks/ingest-prod/cluster" && aws_cloudwatch_log_group.control_plane.retention_in_days == 90 && aws_cloudwatch_log_group.control_plane.kms_key_id == null
    error_message = "The log group is the one EKS writes to, with the caller's retention."
  }

  assert {
    condition     = aws_security_group.api.name == "ingest-prod-api" && aws_security_group.api.vpc_id == "vpc-1"
    error_message = "The API has a security group of its own in the caller's VPC."
  }
}

run "named_networks_open_the_public_endpoint_to_themselves" {
  command = plan

  variables {
    public_access_cidrs = ["203.0.113.0/24"]
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.0/24"])
    error_message = "The public endpoint answers the named networks and nobody else."
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access
    error_message = "Nodes stay on the private endpoint."
  }
}

run "own_keys_encrypt_secrets_and_logs" {
  command = plan

  variables {
    kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/1"
    log_kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/2"
  }

  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].resources == toset(["secrets"]) && aws_eks_cluster.this.encryption_config[0].provider[0].key_arn == "arn:aws:kms:us-east-1:123456789012:key/1"
    error_message = "Kubernetes secrets are under the given key."
  }

  assert {
    condition     = aws_cloudwatch_log_group.control_plane.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/2"
    error_message = "The log group is under its own key."
  }
}

run "nodes_are_closed_and_encrypted" {
  command = plan

  variables {
    node_groups = {
      general = { instance_types = ["m7i.large"], min = 2, max = 6, desired = 3 }
      batch   = { instance_types = ["m7g.xlarge", "m6g.xlarge"], capacity_type = "SPOT", min = 0, max = 4, desired = 0, disk_gib = 100, ami_type = "AL2023_ARM_64_STANDARD" }
    }
  }

  assert {
    condition = alltrue([for template in aws_launch_template.node :
      template.metadata_options[0].http_tokens == "required" && template.metadata_options[0].http_put_response_hop_limit == 1
    ])
    error_message = "The metadata service wants tokens and is out of the pods' reach."
  }

  assert {
    condition = alltrue([for template in aws_launch_template.node :
      template.block_device_mappings[0].device_name == "/dev/xvda" && template.block_device_mappings[0].ebs[0].encrypted == "true" && template.block_device_mappings[0].ebs[0].volume_type == "gp3"
    ])
    error_message = "Root disks are encrypted gp3 volumes."
  }

  assert {
    condition     = aws_launch_template.node["general"].block_device_mappings[0].ebs[0].volume_size == 50 && aws_launch_template.node["batch"].block_device_mappings[0].ebs[0].volume_size == 100
    error_message = "Each group has its own disk size."
  }

  assert {
    condition     = aws_launch_template.node["batch"].name == "ingest-prod-batch" && aws_eks_node_group.this["batch"].node_group_name_prefix == "batch-"
    error_message = "Templates and groups carry the group's name."
  }

  assert {
    condition     = aws_eks_node_group.this["general"].capacity_type == "ON_DEMAND" && aws_eks_node_group.this["general"].ami_type == "AL2023_x86_64_STANDARD"
    error_message = "On-demand x86 nodes are the default."
  }

  assert {
    condition     = aws_eks_node_group.this["batch"].capacity_type == "SPOT" && aws_eks_node_group.this["batch"].ami_type == "AL2023_ARM_64_STANDARD" && aws_eks_node_group.this["batch"].instance_types == tolist(["m7g.xlarge", "m6g.xlarge"])
    error_message = "A group can run on spot capacity and on ARM."
  }

  assert {
    condition     = aws_eks_node_group.this["general"].scaling_config[0] == { min_size = 2, max_size = 6, desired_size = 3 }
    error_message = "The group begins with the caller's sizes."
  }

  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.node : attachment.policy_arn]) == toset(["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"])
    error_message = "The nodes' role holds what the kubelet needs and no more."
  }
}

run "addons_wait_for_what_they_need" {
  command = plan

  variables {
    addons = {
      coredns                = null
      eks-pod-identity-agent = null
      kube-proxy             = "v1.33.0-eksbuild.2"
      metrics-server         = null
      vpc-cni                = null
    }
  }

  assert {
    condition     = keys(aws_eks_addon.network) == ["eks-pod-identity-agent", "kube-proxy", "vpc-cni"] && keys(aws_eks_addon.workload) == ["coredns", "metrics-server"]
    error_message = "What nodes need comes before them, what runs on them after."
  }

  assert {
    condition     = aws_eks_addon.network["kube-proxy"].addon_version == "v1.33.0-eksbuild.2"
    error_message = "A given version is the one installed."
  }

  assert {
    condition     = jsondecode(aws_eks_addon.network["vpc-cni"].configuration_values) == { enableNetworkPolicy = "true" }
    error_message = "The network add-on enforces network policies."
  }

  assert {
    condition     = keys(aws_iam_role.addon) == ["vpc-cni"] && keys(aws_eks_pod_identity_association.addon) == ["vpc-cni"]
    error_message = "Without the EBS driver there is no role for it."
  }
}

run "addons_that_call_aws_have_roles_of_their_own" {
  command = plan

  assert {
    condition = { for addon, attachment in aws_iam_role_policy_attachment.addon : addon => attachment.policy_arn } == {
      aws-ebs-csi-driver = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
      vpc-cni            = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
    }
    error_message = "Each add-on's role holds its own policy."
  }

  assert {
    condition = { for addon, pod in aws_eks_pod_identity_association.addon : addon => "${pod.namespace}/${pod.service_account}" } == {
      aws-ebs-csi-driver = "kube-system/ebs-csi-controller-sa"
      vpc-cni            = "kube-system/aws-node"
    }
    error_message = "The roles belong to the add-ons' service accounts."
  }

  assert {
    condition     = jsondecode(aws_iam_role.addon["vpc-cni"].assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-service-account"] == "aws-node"
    error_message = "Only the add-on's service account can take its role."
  }
}

run "trust_is_exact" {
  command = plan

  variables {
    pod_roles = {
      emails = { namespace = "ingest", service_account = "emails", statements = [] }
    }
  }

  assert {
    condition = jsondecode(aws_iam_role.cluster.assume_role_policy) == {
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Service = "eks.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:eks:us-east-1:123456789012:cluster/ingest-prod" } }
      }]
    }
    error_message = "EKS takes the cluster's role for this cluster alone."
  }

  assert {
    condition = jsondecode(aws_iam_role.pod["emails"].assume_role_policy) == {
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Service = "pods.eks.amazonaws.com" }
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Condition = {
          StringEquals = {
            "aws:SourceAccount"                         = "123456789012"
            "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:us-east-1:123456789012:cluster/ingest-prod"
            "aws:RequestTag/kubernetes-namespace"       = "ingest"
            "aws:RequestTag/kubernetes-service-account" = "emails"
          }
        }
      }]
    }
    error_message = "Only this cluster's service account can take a pod's role."
  }

  assert {
    condition     = length(aws_iam_role_policy.pod) == 0
    error_message = "A role without statements gets no policy."
  }
}

run "pods_may_do_what_their_statements_say" {
  command = plan

  variables {
    pod_roles = {
      # The key of an add-on must not take that add-on's place.
      vpc-cni = {
        namespace       = "ingest"
        service_account = "emails"
        statements = [
          { sid = "Send", actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:us-east-1:123456789012:emails"] },
          {
            sid        = "Decrypt"
            actions    = ["kms:Decrypt"]
            resources  = ["arn:aws:kms:us-east-1:123456789012:key/1"]
            conditions = { StringEquals = { "kms:ViaService" = ["sqs.us-east-1.amazonaws.com"] } }
          },
        ]
      }
    }
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.pod["vpc-cni"].policy) == {
      Version = "2012-10-17"
      Statement = [
        {
          Sid      = "Send"
          Effect   = "Allow"
          Action   = ["sqs:SendMessage"]
          Resource = ["arn:aws:sqs:us-east-1:123456789012:emails"]
        },
        {
          Sid       = "Decrypt"
          Effect    = "Allow"
          Action    = ["kms:Decrypt"]
          Resource  = ["arn:aws:kms:us-east-1:123456789012:key/1"]
          Condition = { StringEquals = { "kms:ViaService" = ["sqs.us-east-1.amazonaws.com"] } }
        },
      ]
    }
    error_message = "The policy is the statements, with conditions where there are some."
  }

  assert {
    condition     = aws_iam_role.pod["vpc-cni"].name == "ingest-prod-pod-vpc-cni" && aws_iam_role.addon["vpc-cni"].name == "ingest-prod-vpc-cni"
    error_message = "Roles of pods and of add-ons never share a name."
  }

  assert {
    condition     = aws_eks_pod_identity_association.pod["vpc-cni"].namespace == "ingest" && aws_eks_pod_identity_association.pod["vpc-cni"].service_account == "emails"
    error_message = "The role is handed to the caller's service account."
  }
}

run "what_is_made_fits_together" {
  command = apply

  variables {
    pod_roles = {
      emails = { namespace = "ingest", service_account = "emails", statements = [] }
    }
  }

  assert {
    condition     = aws_eks_access_policy_association.admin["deploy"].principal_arn == "arn:aws:iam::123456789012:role/ingest-deploy" && aws_eks_access_policy_association.admin["deploy"].policy_arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" && aws_eks_access_policy_association.admin["deploy"].access_scope[0].type == "cluster"
    error_message = "A listed role administers the whole cluster."
  }

  assert {
    condition     = aws_iam_openid_connect_provider.this.url == "https://oidc.eks.us-east-1.amazonaws.com/id/ABC" && aws_iam_openid_connect_provider.this.client_id_list == toset(["sts.amazonaws.com"])
    error_message = "The OIDC provider is the cluster's issuer, for STS."
  }

  assert {
    condition     = aws_eks_node_group.this["general"].launch_template[0].id == "lt-0123456789abcdef0" && aws_eks_node_group.this["general"].launch_template[0].version == "7"
    error_message = "Nodes start from their template's newest version."
  }

  assert {
    condition     = aws_eks_node_group.this["general"].version == "1.33"
    error_message = "Nodes follow the control plane's version."
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].security_group_ids == toset(["sg-0a"]) && output.api_security_group_id == "sg-0a"
    error_message = "The API wears the group the caller adds rules to."
  }

  assert {
    condition     = output.certificate_authority == "LS0tLS1CRUdJTg==" && output.endpoint == "https://ABC.gr7.us-east-1.eks.amazonaws.com"
    error_message = "The outputs make a kubeconfig."
  }

  assert {
    condition     = output.pod_role_arns == { emails = "arn:aws:iam::123456789012:role/mock" }
    error_message = "Pod roles come back by their keys."
  }
}

run "refuses_wrong_values" {
  command = plan

  variables {
    name               = "ingest_prod"
    region             = "virginia"
    account_id         = "12345"
    kubernetes_version = "1.33.1"
    subnet_ids         = ["subnet-a"]
    log_retention_days = 100
    kms_key_arn        = "alias/ingest"
    log_kms_key_arn    = "alias/logs"
  }

  expect_failures = [
    var.name,
    var.region,
    var.account_id,
    var.kubernetes_version,
    var.subnet_ids,
    var.log_retention_days,
    var.kms_key_arn,
    var.log_kms_key_arn,
  ]
}

run "refuses_the_whole_internet" {
  command = plan
  variables {
    public_access_cidrs = ["203.0.113.0/24", "0.0.0.0/0"]
  }
  expect_failures = [var.public_access_cidrs]
}

run "refuses_a_network_that_is_none" {
  command = plan
  variables {
    public_access_cidrs = ["203.0.113.0"]
  }
  expect_failures = [var.public_access_cidrs]
}

run "refuses_no_nodes" {
  command = plan
  variables {
    node_groups = {}
  }
  expect_failures = [var.node_groups]
}

run "refuses_a_bad_node_group_name" {
  command = plan
  variables {
    node_groups = { General = { instance_types = ["m7i.large"], min = 1, max = 1, desired = 1 } }
  }
  expect_failures = [var.node_groups]
}

run "refuses_nodes_without_a_type" {
  command = plan
  variables {
    node_groups = { general = { instance_types = [], min = 1, max = 1, desired = 1 } }
  }
  expect_failures = [var.node_groups]
}

run "refuses_an_unknown_capacity_type" {
  command = plan
  variables {
    node_groups = { general = { instance_types = ["m7i.large"], capacity_type = "spot", min = 1, max = 1, desired = 1 } }
  }
  expect_failures = [var.node_groups]
}

run "refuses_sizes_out_of_order" {
  command = plan
  variables {
    node_groups = { general = { instance_types = ["m7i.large"], min = 2, max = 4, desired = 5 } }
  }
  expect_failures = [var.node_groups]
}

run "refuses_a_disk_too_small_for_the_image" {
  command = plan
  variables {
    node_groups = { general = { instance_types = ["m7i.large"], min = 1, max = 1, desired = 1, disk_gib = 10 } }
  }
  expect_failures = [var.node_groups]
}

run "refuses_an_image_with_another_root_disk" {
  command = plan
  variables {
    node_groups = { general = { instance_types = ["m7i.large"], min = 1, max = 1, desired = 1, ami_type = "BOTTLEROCKET_x86_64" } }
  }
  expect_failures = [var.node_groups]
}

run "refuses_a_cluster_without_a_network" {
  command = plan
  variables {
    addons = { coredns = null, eks-pod-identity-agent = null, kube-proxy = null }
  }
  expect_failures = [var.addons]
}

run "refuses_a_cluster_nobody_can_use" {
  command = plan
  variables {
    admin_role_arns = {}
  }
  expect_failures = [var.admin_role_arns]
}

run "refuses_an_admin_that_is_no_role" {
  command = plan
  variables {
    admin_role_arns = { root = "arn:aws:iam::123456789012:root" }
  }
  expect_failures = [var.admin_role_arns]
}

run "refuses_a_bad_pod_role_name" {
  command = plan
  variables {
    pod_roles = { "e mails" = { namespace = "ingest", service_account = "emails", statements = [] } }
  }
  expect_failures = [var.pod_roles]
}

run "refuses_wildcards_in_service_accounts" {
  command = plan
  variables {
    pod_roles = { emails = { namespace = "ingest", service_account = "*", statements = [] } }
  }
  expect_failures = [var.pod_roles]
}

run "refuses_two_roles_for_one_service_account" {
  command = plan
  variables {
    pod_roles = {
      emails = { namespace = "ingest", service_account = "emails", statements = [] }
      sender = { namespace = "ingest", service_account = "emails", statements = [] }
    }
  }
  expect_failures = [var.pod_roles]
}

run "refuses_a_role_name_iam_does_not_take" {
  command = plan
  variables {
    pod_roles = { a-service-whose-name-is-longer-than-a-role-name-can-be = { namespace = "ingest", service_account = "emails", statements = [] } }
  }
  expect_failures = [aws_iam_role.pod]
}

run "roles_within_a_boundary" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::123456789012:policy/shop-prod-boundary"
  }

  assert {
    condition     = alltrue([for role in concat([aws_iam_role.cluster, aws_iam_role.node], values(aws_iam_role.pod), values(aws_iam_role.addon)) : role.permissions_boundary == var.permissions_boundary])
    error_message = "Every role must take the boundary."
  }
}

run "refuses_a_boundary_that_is_no_policy" {
  command = plan

  variables {
    permissions_boundary = "shop-prod-boundary"
  }

  expect_failures = [var.permissions_boundary]
}
