variable "name" {
  description = "Name of the function, for example `ingest-prod-api-migrate`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9-]{1,56}$", var.name))
    error_message = "The name must have 1 to 56 letters, digits and hyphens, so that what is named after it fits 64."
  }
}

variable "account_id" {
  description = "Account the service runs in, 12 digits."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "region" {
  description = "Region the service runs in, for example `us-east-1`."
  type        = string
  nullable    = false
}

variable "deployment_group" {
  description = "The deployment group whose deployments call this hook, as `application/group`. `*` lets the function read every deployment of the account and region."
  type        = string
  nullable    = false
  default     = "*"

  validation {
    condition     = can(regex("^(\\*|[^/*]+/[^/*]+)$", var.deployment_group))
    error_message = "The deployment group must be `application/group` or `*`."
  }
}

variable "cluster_arn" {
  description = "ARN of the ECS cluster the command runs in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws:ecs:[a-z0-9-]+:[0-9]{12}:cluster/[^/]+$", var.cluster_arn))
    error_message = "The cluster must be an ARN such as arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod."
  }
}

variable "commands" {
  description = "The commands with their arguments, run one after another in place of the container's own, each in a task of its own. Exit code 0 of each lets the deployment go on."
  type        = list(list(string))
  nullable    = false

  # Lambda limits all of a function's environment to 4 KB.
  validation {
    condition     = length(var.commands) > 0 && alltrue([for command in var.commands : length(command) > 0]) && length(jsonencode(var.commands)) <= 2048
    error_message = "There is at least one command, each has at least one word, and all have at most 2048 characters."
  }
}

variable "environment" {
  description = "Variables that the commands find beside the container's own, in place of those of the same name. No secrets: they stand in the function's configuration."
  type        = map(string)
  default     = {}
  nullable    = false

  # Part of the same 4 KB.
  validation {
    condition     = length(jsonencode(var.environment)) <= 1024 && alltrue([for name in keys(var.environment) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name)) && !startswith(name, "CODEDEPLOY_")])
    error_message = "Names of environment are letters, digits and underscores, none begins with CODEDEPLOY_, and all of it has at most 1024 characters."
  }
}

variable "container_name" {
  description = "Name of the container in the task definition that runs the command."
  type        = string
  nullable    = false
}

variable "task_family" {
  description = "Family of the task definition that the deployment's AppSpec names."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,64}$", var.task_family))
    error_message = "The family must have 1 to 64 letters, digits, hyphens and underscores, without a revision."
  }
}

variable "task_role_arns" {
  description = "ARNs of the task and execution roles that the task definition names."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.task_role_arns) > 0
    error_message = "A task definition on Fargate names at least its execution role."
  }
}

variable "subnet_ids" {
  description = "Subnets the command runs in."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "A task needs at least one subnet."
  }
}

variable "security_group_ids" {
  description = "Security groups of the task."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) > 0
    error_message = "Without a security group the task would get the VPC's default one, which is closed."
  }
}

variable "timeout_minutes" {
  description = "Minutes after which the command is stopped and the hook fails. CodeDeploy waits an hour for a hook."
  type        = number
  nullable    = false

  validation {
    condition     = var.timeout_minutes >= 1 && var.timeout_minutes <= 60 && floor(var.timeout_minutes) == var.timeout_minutes
    error_message = "A hook has 1 to 60 whole minutes."
  }
}

variable "log_retention_days" {
  description = "Days the function's log is kept."
  type        = number
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 … 3653 days."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key the log is encrypted with. Null uses the key of CloudWatch Logs."
  type        = string
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the policy that says the most the roles may do; null sets none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws:iam::[0-9]{12}:policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy of the account, such as arn:aws:iam::123456789012:policy/shop-prod-boundary, or null."
  }
}
