variable "name" {
  description = "Prefix of the names of policies and scheduled actions, for example ingest-prod-api."
  type        = string
  nullable    = false
}

variable "cluster_name" {
  description = "Name of the service's cluster."
  type        = string
  nullable    = false
}

variable "service_name" {
  description = "Name of the service whose tasks are counted."
  type        = string
  nullable    = false
}

variable "min" {
  description = "Fewest tasks."
  type        = number
  nullable    = false

  validation {
    condition     = var.min >= 0 && floor(var.min) == var.min
    error_message = "The fewest tasks are a whole number, not negative."
  }
}

variable "max" {
  description = "Most tasks."
  type        = number
  nullable    = false

  validation {
    condition     = var.max >= 1 && floor(var.max) == var.max
    error_message = "The most tasks are a whole number, at least 1."
  }
}

variable "cpu_percentage" {
  description = "Average percent of CPU that the tasks are kept at. Null: not followed."
  type        = number
  default     = null

  validation {
    condition     = var.cpu_percentage == null ? true : var.cpu_percentage >= 1 && var.cpu_percentage <= 100
    error_message = "A percentage is from 1 to 100."
  }
}

variable "memory_percentage" {
  description = "Average percent of memory that the tasks are kept at. Null: not followed."
  type        = number
  default     = null

  validation {
    condition     = var.memory_percentage == null ? true : var.memory_percentage >= 1 && var.memory_percentage <= 100
    error_message = "A percentage is from 1 to 100."
  }
}

variable "requests" {
  description = "Requests per minute and task that the tasks are kept at, with the balancer's and target group's label (app/<name>/<id>/targetgroup/<name>/<id>). Null: not followed; always so for a blue/green service, which has requests_across."
  type = object({
    target         = number
    resource_label = string
  })
  default = null

  validation {
    condition     = var.requests == null ? true : var.requests.target > 0 && can(regex("^app/[^/]+/[^/]+/targetgroup/[^/]+/[^/]+$", var.requests.resource_label))
    error_message = "The target is above 0 and the label has the form app/<name>/<id>/targetgroup/<name>/<id>."
  }
}

variable "requests_across" {
  description = "As requests, for a service with several target groups of which any may serve, as under blue/green: the balancer's and the groups' names in CloudWatch's dimensions, the groups by a short name. Its cluster has Container Insights on. Null: not followed."
  type = object({
    target        = number
    balancer      = string
    target_groups = map(string)
  })
  default = null

  validation {
    condition     = var.requests_across == null ? true : var.requests_across.target > 0 && length(var.requests_across.target_groups) > 0
    error_message = "The target is above 0, and there is a target group."
  }

  validation {
    condition     = var.requests_across == null ? true : alltrue([for key in keys(var.requests_across.target_groups) : can(regex("^[a-z][a-z0-9]*$", key))])
    error_message = "A target group's short name is lower-case letters and digits, and begins with a letter: it is an id of metric math."
  }
}

variable "queue_delay" {
  description = "Queue whose messages are to wait no longer than the acceptable latency, when one takes a task that many seconds; its cluster has Container Insights on. Null: not followed."
  type = object({
    queue_name                 = string
    acceptable_latency_seconds = number
    msg_processing_seconds     = number
  })
  default = null

  validation {
    condition = var.queue_delay == null ? true : (
      var.queue_delay.msg_processing_seconds > 0 && var.queue_delay.acceptable_latency_seconds >= var.queue_delay.msg_processing_seconds
    )
    error_message = "Processing takes more than 0 seconds, and no message can be done sooner than that."
  }
}

variable "schedule" {
  description = "Times, in UTC, at which the fewest and most tasks change: a name to cron(...) and the two numbers."
  type = map(object({
    cron = string
    min  = number
    max  = number
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for entry in values(var.schedule) : can(regex("^cron\\(\\S+( \\S+){5}\\)$", entry.cron))])
    error_message = "A time is a cron expression of six fields, for example cron(0 7 ? * MON-FRI *)."
  }

  validation {
    condition     = alltrue([for entry in values(var.schedule) : entry.min >= 0 && entry.max >= entry.min])
    error_message = "The fewest tasks are not negative, and the most are not fewer than they."
  }
}

variable "scale_in_cooldown_seconds" {
  description = "Seconds that pass between two removals of tasks."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.scale_in_cooldown_seconds >= 0 && var.scale_in_cooldown_seconds <= 3600
    error_message = "The time is 0 to 3600 seconds."
  }
}

variable "scale_out_cooldown_seconds" {
  description = "Seconds that a new task gets to take load before the next is added."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.scale_out_cooldown_seconds >= 0 && var.scale_out_cooldown_seconds <= 3600
    error_message = "The time is 0 to 3600 seconds."
  }
}
