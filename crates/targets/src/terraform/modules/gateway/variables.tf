variable "name" {
  type        = string
  description = "Name of the API, its VPC link and its log group."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,126}$", var.name))
    error_message = "name must have at most 127 letters, digits, hyphens and underscores."
  }
}

variable "vpc_link" {
  type        = bool
  description = "Whether requests go to a private load balancer (listener_arn) or to a public URL (origin_url)."
  nullable    = false
}

variable "vpc_id" {
  type        = string
  description = "Network of the VPC link. Null: no link."
  default     = null
}

variable "subnet_ids" {
  type        = list(string)
  description = "Private subnets of the VPC link."
  default     = []
  nullable    = false
}

variable "listener_arn" {
  type        = string
  description = "Load balancer listener the VPC link speaks to. Null: no link."
  default     = null
}

variable "listener_security_group_id" {
  type        = string
  description = "Security group of the load balancer, which the link may reach. Null: no link."
  default     = null
}

variable "listener_port" {
  type        = number
  description = "Port of the listener. Null: 443 with a tls_server_name, else 80."
  default     = null

  validation {
    condition     = var.listener_port == null || try(var.listener_port > 0 && var.listener_port < 65536, false)
    error_message = "listener_port must be between 1 and 65535."
  }
}

variable "tls_server_name" {
  type        = string
  description = "Host name the listener's certificate must cover; the link then speaks TLS. Null: the listener has no certificate."
  default     = null
}

variable "origin_url" {
  type        = string
  description = "URL without a path that requests go to when there is no VPC link, such as https://api.example.com. Null: there is a link."
  default     = null

  validation {
    condition     = var.origin_url == null || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]+)?$", var.origin_url))
    error_message = "origin_url must be an http or https URL without a path."
  }
}

variable "gate_header" {
  type        = string
  description = "Header the gateway sets so that the origin knows it. Null: none."
  default     = null

  validation {
    condition     = var.gate_header == null ? true : can(regex("^[A-Za-z0-9-]{1,40}$", var.gate_header))
    error_message = "gate_header must have at most 40 letters, digits and hyphens."
  }
}

variable "gate_value" {
  type        = string
  description = "Value of gate_header, read from Secrets Manager by the caller. It stands in the state, as the gateway holds it literally. Null: no gate_header."
  sensitive   = true
  default     = null

  validation {
    condition     = var.gate_value == null ? true : can(regex("^[A-Za-z0-9_-]{32,128}$", var.gate_value))
    error_message = "gate_value must have 32 to 128 letters, digits, hyphens and underscores."
  }
}

variable "throttle" {
  type        = object({ rate = number, burst = number })
  description = "Requests per second, and how many at once, before callers are answered 429. Null: the account's own limits."
  default     = null

  validation {
    condition     = var.throttle == null || try(var.throttle.rate >= 1 && var.throttle.burst >= 1, false)
    error_message = "throttle.rate and throttle.burst must be at least 1."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days the access logs are kept: one of the periods CloudWatch Logs offers."
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a period CloudWatch Logs offers, such as 7, 30, 90 or 365."
  }
}

variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts the access logs; it must let CloudWatch Logs use it. Null: the service's own."
  default     = null
}
