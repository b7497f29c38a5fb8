variable "name" {
  description = "Name of the parameter: a path such as `/ingest/prod/log-level`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(/[A-Za-z0-9_.-]+)+$", var.name)) && length(var.name) <= 1011
    error_message = "name has to be a path of letters, digits, dots, hyphens and underscores that begins with a slash, such as /ingest/prod/log-level."
  }

  validation {
    condition     = !can(regex("^/(?i:aws|ssm)", var.name))
    error_message = "name must not begin with /aws or /ssm: Systems Manager keeps these for itself."
  }
}

variable "description" {
  description = "What the parameter is for: 1 to 1024 characters."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 1024
    error_message = "description has to have 1 to 1024 characters."
  }
}

variable "secure" {
  description = "Whether the value is a secret (SecureString), set by hand. Changing it replaces the parameter."
  type        = bool
  nullable    = false
}

variable "value" {
  description = "Value of a plain parameter, at most 4096 bytes. Null when secure: the value then never comes from here."
  type        = string
  default     = null

  # Base64 has four characters for each three bytes.
  validation {
    condition     = var.value == null ? true : var.value != "" && length(base64encode(var.value)) <= 5464
    error_message = "value has to have 1 to 4096 bytes."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts a secure value. Null: AWS's own key for Systems Manager (alias/aws/ssm)."
  type        = string
  default     = null
}
