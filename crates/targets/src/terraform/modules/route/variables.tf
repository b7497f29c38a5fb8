variable "name" {
  type        = string
  description = "Name of the target group, at most 32 characters; with blue_green at most 26, since \"-blue\" and \"-green\" are added."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$", var.name))
    error_message = "name must have at most 32 letters, digits and inner hyphens."
  }
}

variable "vpc_id" {
  type        = string
  description = "Network of the targets."
  nullable    = false
}

variable "port" {
  type        = number
  description = "Port the service listens on."
  nullable    = false

  validation {
    condition     = var.port > 0 && var.port < 65536
    error_message = "port must be between 1 and 65535."
  }
}

variable "listener_arn" {
  type        = string
  description = "Listener that serves."
  nullable    = false
}

variable "test_listener_arn" {
  type        = string
  description = "Listener that shows a new version before its traffic is shifted; only used with blue_green. Null: none."
  default     = null
}

variable "test_listener" {
  type        = bool
  description = "Whether there is a test listener. Null: when there is a test_listener_arn. Say it when the listener is made in the same apply, since its ARN is not known yet when the rules are planned."
  default     = null
}

variable "priority" {
  type        = number
  description = "Place of the rule among those of its listener, 1 to 50000: the lowest is asked first."
  nullable    = false

  validation {
    condition     = var.priority >= 1 && var.priority <= 50000
    error_message = "priority must be between 1 and 50000."
  }
}

variable "host" {
  type        = string
  description = "Host name the rule takes; may begin with \"*.\". Null: any."
  default     = null

  validation {
    condition     = var.host == null || can(regex("^(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*$", var.host))
    error_message = "host must be a host name in lower case, such as api.example.com or *.example.com."
  }
}

variable "path" {
  type        = string
  description = "Path prefix the rule takes: \"/api\" takes /api and all below it, \"/\" takes every path. Null: any."
  default     = null

  validation {
    condition     = var.path == null || can(regex("^/([A-Za-z0-9._~/-]{0,124}[A-Za-z0-9._~-])?$", var.path))
    error_message = "path must begin with \"/\", not end with one, and have no wildcard."
  }
}

variable "gate" {
  type        = object({ header = string, value = string })
  description = "Header and value without which the rule takes no request: what CloudFront adds, so that nobody goes around it. Read the value from Secrets Manager; it stands in the state, as both the rule and the distribution hold it literally. Upper and lower case are the same to the rule. Null: no gate."
  default     = null
  sensitive   = true

  validation {
    condition     = var.gate == null || can(regex("^[A-Za-z0-9-]{1,40}$", var.gate.header))
    error_message = "gate.header must have at most 40 letters, digits and hyphens."
  }

  # A wildcard in the value would open the gate.
  validation {
    condition     = var.gate == null || can(regex("^[A-Za-z0-9_-]{32,128}$", var.gate.value))
    error_message = "gate.value must have 32 to 128 letters, digits, hyphens and underscores."
  }
}

variable "blue_green" {
  type        = bool
  description = "Whether CodeDeploy shifts the traffic between two target groups."
  nullable    = false
}

variable "health_check" {
  type = object({
    path      = string
    matcher   = optional(string, "200")
    interval  = optional(number, 10)
    timeout   = optional(number, 5)
    healthy   = optional(number, 2)
    unhealthy = optional(number, 3)
  })
  description = "Path that says whether a task is well, the status codes that mean yes (gRPC codes with GRPC), seconds between checks and until one fails, and how many in a row change the verdict."
  nullable    = false

  validation {
    condition     = startswith(var.health_check.path, "/")
    error_message = "health_check.path must begin with \"/\"."
  }

  validation {
    condition     = can(regex("^[0-9]{1,3}([-,][0-9]{1,3})*$", var.health_check.matcher))
    error_message = "health_check.matcher must be codes such as \"200\", \"200,204\" or \"200-299\"."
  }

  validation {
    condition     = var.health_check.interval >= 5 && var.health_check.interval <= 300
    error_message = "health_check.interval must be between 5 and 300 seconds."
  }

  validation {
    condition     = var.health_check.timeout >= 2 && var.health_check.timeout < var.health_check.interval && var.health_check.timeout <= 120
    error_message = "health_check.timeout must be between 2 and 120 seconds and shorter than the interval."
  }

  validation {
    condition     = alltrue([for count in [var.health_check.healthy, var.health_check.unhealthy] : count >= 2 && count <= 10])
    error_message = "health_check.healthy and health_check.unhealthy must be between 2 and 10."
  }
}

variable "deregistration_seconds" {
  type        = number
  description = "Seconds a leaving task may still answer what it has begun, 0 to 3600."
  nullable    = false

  validation {
    condition     = var.deregistration_seconds >= 0 && var.deregistration_seconds <= 3600
    error_message = "deregistration_seconds must be between 0 and 3600."
  }
}

variable "slow_start_seconds" {
  type        = number
  description = "Seconds over which a new task's share of requests grows, 30 to 900. 0: at once."
  default     = 0
  nullable    = false

  validation {
    condition     = var.slow_start_seconds == 0 || (var.slow_start_seconds >= 30 && var.slow_start_seconds <= 900)
    error_message = "slow_start_seconds must be 0 or between 30 and 900."
  }
}

variable "protocol_version" {
  type        = string
  description = "How the balancer speaks to the tasks: HTTP1, HTTP2 or GRPC."
  default     = "HTTP1"
  nullable    = false

  validation {
    condition     = contains(["HTTP1", "HTTP2", "GRPC"], var.protocol_version)
    error_message = "protocol_version must be HTTP1, HTTP2 or GRPC."
  }
}
