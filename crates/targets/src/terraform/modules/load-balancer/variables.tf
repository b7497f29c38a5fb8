variable "name" {
  type        = string
  description = "Name of the load balancer, at most 32 letters, digits and hyphens."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$", var.name)) && !startswith(var.name, "internal-")
    error_message = "name must have at most 32 letters, digits and inner hyphens, and not begin with \"internal-\"."
  }
}

variable "vpc_id" {
  type        = string
  description = "Network of the balancer's security group."
  nullable    = false
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets of the balancer, in at least two zones: public ones, or private ones when internal."
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name subnets in at least two zones."
  }
}

variable "internal" {
  type        = bool
  description = "Whether the balancer has private addresses only."
  nullable    = false
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the balancer's region. Null: the balancer speaks HTTP only."
  default     = null
}

variable "https" {
  type        = bool
  description = "Whether to serve HTTPS. Null: when there is a certificate_arn. Say true when the certificate is made in the same apply, since its ARN is not known yet when the listeners are planned."
  default     = null
}

variable "redirect_http" {
  type        = bool
  description = "Whether port 80 redirects to HTTPS when there is a certificate. False: nothing listens on port 80 then."
  default     = true
  nullable    = false
}

variable "test_listener_port" {
  type        = number
  description = "Port of the listener that shows a new version before its traffic is shifted. Null: none."
  default     = null

  validation {
    condition     = var.test_listener_port == null || try(var.test_listener_port > 0 && var.test_listener_port < 65536 && !contains([80, 443], var.test_listener_port), false)
    error_message = "test_listener_port must be a port from 1 to 65535 other than 80 and 443."
  }
}

variable "own_ports" {
  type        = map(number)
  description = "Ports of further listeners, by name (for example of the service that has the port to itself)."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for port in values(var.own_ports) : port > 0 && port < 65536 && !contains([80, 443], port)])
    error_message = "own_ports must be ports from 1 to 65535 other than 80 and 443."
  }

  validation {
    condition     = length(distinct(values(var.own_ports))) == length(var.own_ports)
    error_message = "own_ports must not name one port twice."
  }
}

variable "ingress_cidrs" {
  type        = set(string)
  description = "IPv4 ranges that may reach every listener."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.ingress_cidrs : can(cidrnetmask(cidr))])
    error_message = "ingress_cidrs must be IPv4 ranges such as 10.0.0.0/16."
  }
}

variable "test_ingress_cidrs" {
  type        = set(string)
  description = "IPv4 ranges that may reach the test listener. Null: those of ingress_cidrs."
  default     = null

  validation {
    condition     = alltrue([for cidr in coalesce(var.test_ingress_cidrs, []) : can(cidrnetmask(cidr))])
    error_message = "test_ingress_cidrs must be IPv4 ranges such as 10.0.0.0/16."
  }
}

variable "ingress_prefix_list_ids" {
  type        = map(string)
  description = "Prefix lists that may reach the serving listener, by name (for example cloudfront = \"pl-3b927c52\")."
  default     = {}
  nullable    = false
}

variable "ingress_security_group_ids" {
  type        = map(string)
  description = "Security groups that may reach the serving listener, by name (for example of an API Gateway's VPC link)."
  default     = {}
  nullable    = false
}

variable "egress_cidrs" {
  type        = set(string)
  description = "IPv4 ranges of the targets, any TCP port. Empty: the caller adds exact rules to security_group_id."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.egress_cidrs : can(cidrnetmask(cidr))])
    error_message = "egress_cidrs must be IPv4 ranges such as 10.0.0.0/16."
  }
}

variable "deletion_protection" {
  type        = bool
  description = "Whether AWS refuses to delete the balancer."
  nullable    = false
}

variable "idle_timeout_seconds" {
  type        = number
  description = "Seconds after which a connection without traffic is closed, 1 to 4000."
  default     = 60
  nullable    = false

  validation {
    condition     = var.idle_timeout_seconds >= 1 && var.idle_timeout_seconds <= 4000
    error_message = "idle_timeout_seconds must be between 1 and 4000."
  }
}

variable "default_status" {
  type        = number
  description = "HTTP status of a request that no rule takes: 404, or 403 where rules demand a gate header."
  default     = 404
  nullable    = false

  validation {
    condition     = contains([403, 404], var.default_status)
    error_message = "default_status must be 403 or 404."
  }
}

variable "access_log_bucket" {
  type        = string
  description = "Bucket of the access logs. Null: none are written."
  default     = null
}
