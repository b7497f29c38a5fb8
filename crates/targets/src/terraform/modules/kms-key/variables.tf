variable "name" {
  description = "Name of the key; its alias is alias/<name>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9/_-]{1,250}$", var.name)) && !startswith(var.name, "aws/") && !startswith(var.name, "alias/")
    error_message = "name must be letters, digits, hyphens, underscores and slashes, at most 250 characters, without alias/ and not aws/, which AWS keeps for itself."
  }
}

variable "description" {
  description = "What the key encrypts."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "Id of the account the key belongs to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have 12 digits."
  }
}

variable "region" {
  description = "Region of the key, for example us-east-1."
  type        = string
  nullable    = false
}

variable "services" {
  description = "Service principals that may use the key for this account, for example logs.us-east-1.amazonaws.com or cloudwatch.amazonaws.com."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for service in var.services : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com$", service))])
    error_message = "services must be service principals such as cloudwatch.amazonaws.com."
  }
}
