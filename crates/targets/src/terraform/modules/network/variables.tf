variable "name" {
  description = "Name of the VPC, and the beginning of the names of all in it, for example ingest-prod."
  type        = string
  nullable    = false

  validation {
    # The longest name made of it is the flow-log role's; IAM allows 64 characters.
    condition     = can(regex("^[a-z][a-z0-9-]{0,53}$", var.name))
    error_message = "name must be lowercase letters, digits and hyphens, begin with a letter and have at most 54 characters."
  }
}

variable "region" {
  description = "Region of the VPC, for example us-east-1."
  type        = string
  nullable    = false
}

variable "cidr" {
  description = "IPv4 range of the VPC, from a /16 to a /20."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9.]+/(16|17|18|19|20)$", var.cidr)) && try(cidrsubnet(var.cidr, 0, 0) == var.cidr, false)
    error_message = "cidr must be an IPv4 range from /16 to /20, written with its first address, for example 10.0.0.0/16."
  }
}

variable "availability_zones" {
  description = "The two or three zones to use. The position decides a zone's addresses: add at the end, do not reorder."
  type        = list(string)
  nullable    = false

  validation {
    condition     = contains([2, 3], length(var.availability_zones))
    error_message = "availability_zones must name two or three zones."
  }

  validation {
    condition     = length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "availability_zones must name each zone once."
  }
}

variable "nat" {
  description = "NAT gateways for the private subnets: none, single (one for all, in the first zone) or per_zone."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["none", "single", "per_zone"], var.nat)
    error_message = "nat must be none, single or per_zone."
  }
}

variable "endpoints" {
  description = "Services that get an interface endpoint, as the last part of the service name, for example ecr.api. Each costs by the hour and zone."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for service in var.endpoints : can(regex("^[a-z0-9][a-z0-9.-]*$", service)) && !startswith(service, "com.amazonaws")])
    error_message = "endpoints must be the last part of service names, for example sqs or ecr.api, without com.amazonaws and the region."
  }
}

variable "gateway_endpoints" {
  description = "Services that get a gateway endpoint, which costs nothing: s3, dynamodb."
  type        = set(string)
  default     = ["s3"]
  nullable    = false

  validation {
    condition     = alltrue([for service in var.gateway_endpoints : contains(["s3", "dynamodb"], service)])
    error_message = "gateway_endpoints may only have s3 and dynamodb; other services have interface endpoints."
  }
}

variable "flow_log_retention_days" {
  description = "Days to keep flow logs."
  type        = number
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_log_retention_days)
    error_message = "flow_log_retention_days must be a retention that CloudWatch Logs has: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the flow logs' log group; null encrypts with a key of AWS's own."
  type        = string
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the policy that says the most the flow logs' role may do; null sets none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws:iam::[0-9]{12}:policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy of the account, such as arn:aws:iam::123456789012:policy/shop-prod-boundary, or null."
  }
}

variable "public_subnet_tags" {
  description = "Further tags of the public subnets, such as kubernetes.io/role/elb, by which Kubernetes finds those of public load balancers."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "private_subnet_tags" {
  description = "Further tags of the private subnets, such as kubernetes.io/role/internal-elb, by which Kubernetes finds those of internal load balancers."
  type        = map(string)
  default     = {}
  nullable    = false
}
