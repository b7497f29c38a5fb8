variable "name" {
  type        = string
  description = "Name of the distribution: its description in the console and the prefix of its log files."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$", var.name))
    error_message = "name must have at most 128 letters, digits, dots, hyphens and underscores."
  }
}

variable "origin_domain" {
  type        = string
  description = "DNS name requests are passed on to (a load balancer's)."
  nullable    = false

  validation {
    condition     = !can(regex("[:/]", var.origin_domain))
    error_message = "origin_domain must be a DNS name without scheme, port and path."
  }
}

variable "origin_protocol" {
  type        = string
  description = "How CloudFront speaks to the origin: https-only or http-only. With https-only the origin's certificate must cover the host name the caller used, which is passed on."
  nullable    = false

  validation {
    condition     = contains(["http-only", "https-only"], var.origin_protocol)
    error_message = "origin_protocol must be http-only or https-only."
  }
}

variable "forward_host" {
  type        = bool
  description = "Whether the origin is told the host name the caller used. An API Gateway answers to its own only."
  default     = true
  nullable    = false
}

variable "origin_timeout_seconds" {
  type        = number
  description = "Seconds CloudFront waits for the origin's answer, 1 to 60."
  default     = 60
  nullable    = false

  validation {
    condition     = var.origin_timeout_seconds >= 1 && var.origin_timeout_seconds <= 60
    error_message = "origin_timeout_seconds must be between 1 and 60; more needs a quota increase."
  }
}

variable "gate_header" {
  type        = string
  description = "Header CloudFront adds so that the origin knows it. Null: none."
  default     = null

  # Amazon CloudFront: "Custom headers that CloudFront can't add to origin requests".
  validation {
    condition     = var.gate_header == null ? true : can(regex("^[A-Za-z0-9-]{1,40}$", var.gate_header)) && !can(regex("^(?i)x-(amz|edge)-", var.gate_header))
    error_message = "gate_header must have at most 40 letters, digits and hyphens, and not begin with X-Amz- or X-Edge-."
  }
}

variable "gate_value" {
  type        = string
  description = "Value of gate_header, read from Secrets Manager by the caller. It stands in the state, as the distribution holds it literally. Null: no gate_header."
  sensitive   = true
  default     = null

  validation {
    condition     = var.gate_value == null ? true : can(regex("^[A-Za-z0-9_-]{32,128}$", var.gate_value))
    error_message = "gate_value must have 32 to 128 letters, digits, hyphens and underscores."
  }
}

variable "aliases" {
  type        = set(string)
  description = "Host names of the distribution besides its own."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for alias in var.aliases : can(regex("^(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)+$", alias))])
    error_message = "aliases must be host names in lower case."
  }
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of us-east-1 for the aliases. Null: CloudFront's own, for its own name."
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:aws:acm:us-east-1:", var.certificate_arn))
    error_message = "certificate_arn must be an ACM certificate of us-east-1: CloudFront takes no other."
  }
}

variable "web_acl_arn" {
  type        = string
  description = "Web ACL of scope CLOUDFRONT. Null: none."
  default     = null
}

variable "price_class" {
  type        = string
  description = "Where requests are served: PriceClass_100 (North America, Europe, Israel), PriceClass_200 or PriceClass_All."
  default     = "PriceClass_100"
  nullable    = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "price_class must be PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "log_bucket_domain" {
  type        = string
  description = "Domain name of the access logs' bucket, which must allow ACLs. Null: none are written."
  default     = null
}
