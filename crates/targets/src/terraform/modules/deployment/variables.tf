variable "name" {
  description = "Name of the CodeDeploy application and of its one deployment group, for example `ingest-prod-api`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9-]{1,57}$", var.name))
    error_message = "The name must have 1 to 57 letters, digits and hyphens, so that the role's name fits 64."
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

variable "cluster_name" {
  description = "Name of the ECS cluster."
  type        = string
  nullable    = false
}

variable "service_name" {
  description = "Name of the ECS service, whose deployment controller is CODE_DEPLOY."
  type        = string
  nullable    = false
}

variable "listener_arns" {
  description = "ARN of the listener that serves the traffic. A list of one: CodeDeploy moves the rules of a single listener."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.listener_arns) == 1
    error_message = "CodeDeploy takes exactly one production listener."
  }
}

variable "test_listener_arns" {
  description = "ARN of the listener that reaches the new tasks before the traffic does. Empty for none, one at most."
  type        = list(string)
  nullable    = false
  default     = []

  validation {
    condition     = length(var.test_listener_arns) <= 1
    error_message = "CodeDeploy takes at most one test listener."
  }
}

variable "target_group_names" {
  description = "Names of the two target groups the traffic moves between."
  type = object({
    blue  = string
    green = string
  })
  nullable = false

  validation {
    condition     = var.target_group_names.blue != var.target_group_names.green
    error_message = "Blue and green must be two target groups."
  }
}

variable "traffic" {
  description = "How the traffic moves: `all_at_once`, `canary` (`percent` first, the rest after `interval_minutes`) or `linear` (`percent` every `interval_minutes`)."
  type = object({
    kind             = string
    percent          = optional(number)
    interval_minutes = optional(number)
  })
  nullable = false

  validation {
    condition     = contains(["all_at_once", "canary", "linear"], var.traffic.kind)
    error_message = "The kind must be all_at_once, canary or linear."
  }

  validation {
    condition     = var.traffic.kind == "all_at_once" || try(var.traffic.percent >= 1 && var.traffic.percent <= 99 && floor(var.traffic.percent) == var.traffic.percent, false)
    error_message = "A canary or linear shift needs a whole percent from 1 to 99."
  }

  # CodeDeploy limits a traffic shift to two days ("CodeDeploy quotas").
  validation {
    condition     = var.traffic.kind == "all_at_once" || try(var.traffic.interval_minutes >= 1 && var.traffic.interval_minutes <= 2880 && floor(var.traffic.interval_minutes) == var.traffic.interval_minutes, false)
    error_message = "A canary or linear shift needs an interval of 1 to 2880 whole minutes."
  }
}

variable "terminate_after_minutes" {
  description = "Minutes the old tasks stay after the traffic has moved, so that a rollback is immediate."
  type        = number
  nullable    = false
  default     = 5

  validation {
    condition     = var.terminate_after_minutes >= 0 && var.terminate_after_minutes <= 2880
    error_message = "The old tasks can stay 0 to 2880 minutes (two days)."
  }
}

variable "alarms" {
  description = "Names of the CloudWatch alarms that stop a deployment and roll it back."
  type        = set(string)
  nullable    = false
  default     = []

  validation {
    condition     = length(var.alarms) <= 10
    error_message = "CodeDeploy watches at most 10 alarms."
  }
}

variable "pass_role_arns" {
  description = "ARNs of the task and execution roles that the service's task definitions name."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.pass_role_arns) > 0
    error_message = "A task definition on Fargate names at least its execution role."
  }
}

variable "hook_function_arns" {
  description = "ARNs of the Lambda functions that the AppSpec's hooks name."
  type        = list(string)
  nullable    = false
  default     = []
}

variable "permissions_boundary" {
  description = "ARN of the policy that says the most the role may do; null sets none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws:iam::[0-9]{12}:policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy of the account, such as arn:aws:iam::123456789012:policy/shop-prod-boundary, or null."
  }
}
