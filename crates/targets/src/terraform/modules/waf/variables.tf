variable "name" {
  type        = string
  description = "Name of the web ACL, and the beginning of its metrics' names."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.name))
    error_message = "name must have at most 64 letters, digits, hyphens and underscores."
  }
}

variable "scope" {
  type        = string
  description = "CLOUDFRONT (the provider must be one of us-east-1) or REGIONAL (for a load balancer)."
  nullable    = false

  validation {
    condition     = contains(["CLOUDFRONT", "REGIONAL"], var.scope)
    error_message = "scope must be CLOUDFRONT or REGIONAL."
  }
}

variable "rate_limit" {
  type        = number
  description = "Requests that one address may send in five minutes before it is answered 429. Null: any number."
  default     = null

  validation {
    condition     = var.rate_limit == null || try(var.rate_limit >= 10 && var.rate_limit <= 2000000000, false)
    error_message = "rate_limit must be between 10 and 2000000000."
  }
}

variable "managed_rules" {
  type = map(object({
    priority = number
    vendor   = optional(string, "AWS")
    count    = optional(set(string), [])
  }))
  description = "Managed rule groups by name (for example AWSManagedRulesCommonRuleSet): their place from 1 on, and the rules in them that only count instead of blocking."
  nullable    = false

  validation {
    condition     = alltrue([for rule in values(var.managed_rules) : rule.priority >= 1])
    error_message = "The priorities of managed_rules begin with 1: 0 is the rate limit's."
  }

  validation {
    condition     = length(distinct([for rule in values(var.managed_rules) : rule.priority])) == length(var.managed_rules)
    error_message = "Two managed_rules have the same priority."
  }
}

variable "associate_arn" {
  type        = string
  description = "Load balancer the web ACL stands before, with scope REGIONAL. Null: none."
  default     = null
}

variable "associate" {
  type        = bool
  description = "Whether there is an associate_arn. Null: when one is given. Say true when the load balancer is made in the same apply, since its ARN is not known yet when the association is planned."
  default     = null
}

variable "redacted_headers" {
  type        = set(string)
  description = "Headers, in lower case, whose values are left out of the logs."
  default     = ["authorization", "cookie"]
  nullable    = false

  validation {
    condition     = contains(var.redacted_headers, "authorization") && alltrue([for header in var.redacted_headers : header == lower(header)])
    error_message = "redacted_headers must be in lower case and hold authorization."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days the logs are kept: one of the periods CloudWatch Logs offers."
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a period CloudWatch Logs offers, such as 7, 30, 90 or 365."
  }
}

variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts the logs; it must let CloudWatch Logs of the web ACL's region use it. Null: the service's own."
  default     = null
}
