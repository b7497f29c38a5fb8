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
  description = "Ids of the private subnets that the first tasks run in; a deployment names those of later ones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Tasks run in at least one subnet."
  }
}

variable "security_group_ids" {
  description = "Ids of the first tasks' security groups; a deployment names those of later ones."
  type        = list(string)
  nullable    = false

  # Without one, ECS gives the tasks the VPC's default group.
  validation {
    condition     = length(var.security_group_ids) > 0 && length(var.security_group_ids) <= 5
    error_message = "Tasks have one to five security groups."
  }
}

variable "target_group" {
  description = "The blue target group, which the first tasks are registered in, with the container and its port."
  type = object({
    arn            = string
    container_name = string
    port           = number
  })
  nullable = false

  validation {
    condition     = var.target_group.port >= 1 && var.target_group.port <= 65535
    error_message = "A port is a number from 1 to 65535."
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
