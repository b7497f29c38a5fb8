variable "name" {
  description = "Name of the cluster; the names of its roles, groups and templates begin with it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9-]{0,44}$", var.name))
    error_message = "name is 1 to 45 letters, digits and hyphens and begins with a letter or digit (the longest role name adds 19 of IAM's 64 characters)."
  }
}

variable "region" {
  description = "Region the cluster runs in, for example us-east-1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is a region's name, such as us-east-1."
  }
}

variable "account_id" {
  description = "Id of the AWS account, 12 digits."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is 12 digits."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes version of the control plane and the nodes, as major.minor. EKS upgrades one minor version at a time and never goes back."
  type        = string
  nullable    = false
  default     = "1.33"

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "kubernetes_version is a minor version without a patch, such as 1.33."
  }
}

variable "vpc_id" {
  description = "Id of the VPC the subnets belong to."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Ids of the private subnets for nodes and control-plane interfaces, in at least two zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "EKS needs subnets in at least two zones."
  }
}

variable "public_access_cidrs" {
  description = "Networks that may call the Kubernetes API from the internet, as CIDR blocks; empty keeps it inside the VPC."
  type        = list(string)
  nullable    = false
  default     = []

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrhost(cidr, 0))])
    error_message = "public_access_cidrs holds CIDR blocks, such as 203.0.113.0/24."
  }

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : !endswith(cidr, "/0")])
    error_message = "public_access_cidrs may not hold the whole internet: name the networks that call the API."
  }
}

variable "node_groups" {
  description = "Managed node groups by name: instance types to choose from, ON_DEMAND or SPOT, smallest, largest and first number of nodes, root disk in GiB, and the EKS image type when it is not Amazon Linux 2023 on x86."
  type = map(object({
    instance_types = list(string)
    capacity_type  = optional(string, "ON_DEMAND")
    min            = number
    max            = number
    desired        = number
    disk_gib       = optional(number, 50)
    ami_type       = optional(string, "AL2023_x86_64_STANDARD")
  }))
  nullable = false

  validation {
    condition     = length(var.node_groups) > 0
    error_message = "A cluster needs at least one node group for its add-ons to run on."
  }

  validation {
    condition     = alltrue([for key in keys(var.node_groups) : can(regex("^[a-z][a-z0-9-]{0,29}$", key))])
    error_message = "A node group's name is 1 to 30 lowercase letters, digits and hyphens and begins with a letter."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : length(group.instance_types) > 0])
    error_message = "A node group names at least one instance type."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : contains(["ON_DEMAND", "SPOT"], group.capacity_type)])
    error_message = "capacity_type is ON_DEMAND or SPOT."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : 0 <= group.min && group.min <= group.desired && group.desired <= group.max && group.max >= 1])
    error_message = "A node group's sizes rise from min (0 or more) over desired to max (1 or more)."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.disk_gib >= 20])
    error_message = "disk_gib is at least 20, what the EKS images need."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : startswith(group.ami_type, "AL2023_")])
    error_message = "ami_type is one of EKS's Amazon Linux 2023 images, such as AL2023_ARM_64_STANDARD; others keep their root disk elsewhere."
  }
}

variable "addons" {
  description = "EKS add-ons by name, each with its version; null takes EKS's default for the Kubernetes version."
  type        = map(string)
  nullable    = false
  default = {
    aws-ebs-csi-driver     = null
    coredns                = null
    eks-pod-identity-agent = null
    kube-proxy             = null
    metrics-server         = null
    vpc-cni                = null
  }

  validation {
    condition     = length(setsubtract(["coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"], keys(var.addons))) == 0
    error_message = "addons holds at least coredns, eks-pod-identity-agent, kube-proxy and vpc-cni: pods have no network, names or roles without them."
  }
}

variable "admin_role_arns" {
  description = "ARNs of the IAM roles that administer the cluster, by a name of your choice. Nobody else has access, not even the cluster's creator."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.admin_role_arns) > 0
    error_message = "admin_role_arns names at least one role, or nobody could use the cluster."
  }

  validation {
    condition     = alltrue([for arn in values(var.admin_role_arns) : can(regex("^arn:aws:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "admin_role_arns holds ARNs of IAM roles, such as arn:aws:iam::123456789012:role/deploy."
  }
}

variable "pod_roles" {
  description = "Roles of pods by name: the namespace and service account that get the role, and the statements that say what it may do."
  type = map(object({
    namespace       = string
    service_account = string
    statements = list(object({
      sid        = string
      actions    = list(string)
      resources  = list(string)
      conditions = optional(map(map(list(string))), {})
    }))
  }))
  nullable = false
  default  = {}

  validation {
    condition     = alltrue([for key in keys(var.pod_roles) : can(regex("^[a-z][a-z0-9-]*$", key))])
    error_message = "A pod role's name is lowercase letters, digits and hyphens and begins with a letter."
  }

  validation {
    condition     = alltrue([for role in var.pod_roles : can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", role.namespace)) && can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", role.service_account))])
    error_message = "namespace and service_account are exact Kubernetes names, without wildcards."
  }

  validation {
    condition     = length(distinct([for role in var.pod_roles : "${role.namespace}/${role.service_account}"])) == length(var.pod_roles)
    error_message = "A service account has one role: two pod_roles name the same namespace and service_account."
  }
}

variable "log_retention_days" {
  description = "Days the control plane's logs are kept."
  type        = number
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of CloudWatch's periods: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts Kubernetes secrets; null leaves them under EKS's own key. A key can be added later, but neither changed nor removed without a new cluster."
  type        = string

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key (not of an alias), or null."
  }
}

variable "log_kms_key_arn" {
  description = "ARN of the KMS key of the control plane's log group, which must let CloudWatch Logs use it; null is AWS's own key."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is the ARN of a KMS key (not of an alias), or null."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that says the most the roles of control plane, nodes, add-ons and pods may do; null sets none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws:iam::[0-9]{12}:policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy of the account, such as arn:aws:iam::123456789012:policy/shop-prod-boundary, or null."
  }
}
