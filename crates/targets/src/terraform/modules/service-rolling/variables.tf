variable "name" {
  description = "Name of the service, for example ingest-prod-api."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.name))
    error_message = "A service's name has 1 to 255 letters, digits, hyphens and underscores."
  }
}

variable "cluster_arn" {
  description = "ARN of the cluster that the service runs in."
  type        = string
  nullable    = false
}

variable "task_definition_arn" {
  description = "ARN of the task definition's revision that the service starts with; deliveries change it later."
  type        = string
  nullable    = false
}

variable "desired_count" {
  description = "Number of tasks that the service starts with; scaling changes it later."
  type        = number
  nullable    = false

  validation {
    condition     = var.desired_count >= 0 && floor(var.desired_count) == var.desired_count
    error_message = "The number of tasks is whole and not negative."
  }
}

variable "subnet_ids" {
  description = "Ids of the private subnets that the tasks run in."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Tasks run in at least one subnet."
  }
}

variable "security_group_ids" {
  description = "Ids of the tasks' security groups."
  type        = list(string)
  nullable    = false

  # Without one, ECS gives the tasks the VPC's default group.
  validation {
    condition     = length(var.security_group_ids) > 0 && length(var.security_group_ids) <= 5
    error_message = "Tasks have one to five security groups."
  }
}

variable "minimum_healthy_percent" {
  description = "Percent of the desired tasks that a deployment keeps healthy; 0 stops the old tasks first."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.minimum_healthy_percent >= 0 && var.minimum_healthy_percent <= 100
    error_message = "The minimum is a percentage from 0 to 100."
  }
}

variable "maximum_percent" {
  description = "Percent of the desired tasks that a deployment may run at once; 100 for one that may never run twice."
  type        = number
  default     = 200
  nullable    = false

  validation {
    condition     = var.maximum_percent >= 100 && var.maximum_percent <= 200
    error_message = "The maximum is a percentage from 100 to 200."
  }
}

variable "target_groups" {
  description = "Load balancers' target groups that the tasks are registered in, with the container and its port."
  type = map(object({
    arn            = string
    container_name = string
    port           = number
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.target_groups) <= 5
    error_message = "A service has at most five target groups."
  }
}

variable "registry_arn" {
  description = "ARN of the Cloud Map service that the tasks are found under. Null: none."
  type        = string
  default     = null
}

variable "grace_seconds" {
  description = "Seconds after its start in which the load balancer's health checks cannot stop a task."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.grace_seconds >= 0 && floor(var.grace_seconds) == var.grace_seconds
    error_message = "The grace period is a whole number of seconds and not negative."
  }
}

variable "enable_execute_command" {
  description = "Whether ECS Exec may open a session in a task; the task role then needs the four ssmmessages actions."
  type        = bool
  default     = false
  nullable    = false
}

variable "alarms" {
  description = "Names of the CloudWatch alarms that roll a deployment back."
  type        = set(string)
  default     = []
  nullable    = false
}
