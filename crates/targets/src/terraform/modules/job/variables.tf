variable "name" {
  description = "Name of the schedule, its role and its queue, for example ingest-prod-cleanup."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,55}$", var.name))
    error_message = "The name has 1 to 55 letters, digits, hyphens and underscores: a role's name, with its suffix, has at most 64."
  }
}

variable "account_id" {
  description = "Id of the AWS account that the task runs in (12 digits)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "region" {
  description = "Region that the task runs in, for example us-east-1."
  type        = string
  nullable    = false
}

variable "schedule" {
  description = "When the task runs, in UTC: cron(...) with six fields or rate(...). Null: only by hand."
  type        = string
  default     = null

  validation {
    condition     = var.schedule == null ? true : can(regex("^(cron\\(\\S+( \\S+){5}\\)|rate\\([1-9][0-9]* (minute|hour|day)s?\\))$", var.schedule))
    error_message = "A schedule is cron(...) with six fields or rate(...), for example cron(0 3 * * ? *) or rate(1 hour)."
  }
}

variable "cluster_arn" {
  description = "ARN of the cluster that the task runs in."
  type        = string
  nullable    = false
}

variable "task_definition_arn" {
  description = "ARN of the task definition's family without a revision, so that the newest runs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("task-definition/[^:]+$", var.task_definition_arn))
    error_message = "The task definition is named without a revision."
  }
}

variable "pass_role_arns" {
  description = "ARNs of the task's execution role and task role."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.pass_role_arns) > 0
    error_message = "A Fargate task has at least its execution role."
  }
}

variable "subnet_ids" {
  description = "Ids of the private subnets that the task runs in."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Tasks run in at least one subnet."
  }
}

variable "security_group_ids" {
  description = "Ids of the task's security groups."
  type        = list(string)
  nullable    = false

  # Without one, ECS gives the task the VPC's default group.
  validation {
    condition     = length(var.security_group_ids) > 0 && length(var.security_group_ids) <= 5
    error_message = "Tasks have one to five security groups."
  }
}

variable "retries" {
  description = "How often a start that AWS refused is tried again, within an hour."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.retries >= 0 && var.retries <= 185 && floor(var.retries) == var.retries
    error_message = "A start is tried again 0 to 185 times."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the schedule and the queue of failed starts. Null: keys that AWS owns."
  type        = string
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the policy that says the most the schedule's role may do; null sets none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws:iam::[0-9]{12}:policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy of the account, such as arn:aws:iam::123456789012:policy/shop-prod-boundary, or null."
  }
}
