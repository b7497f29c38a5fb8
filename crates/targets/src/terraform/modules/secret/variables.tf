variable "name" {
  description = "Name of the secret, such as `ingest/prod/stripe-key`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.name))
    error_message = "name has to be 1 to 512 letters, digits and characters of /_+=.@-"
  }
}

variable "description" {
  description = "What the secret is for."
  type        = string
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the value. Null: AWS's own key for Secrets Manager (aws/secretsmanager)."
  type        = string
  default     = null
}

variable "recovery_days" {
  description = "How long a deleted secret can be restored, in days. Its name is taken for as long."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.recovery_days >= 7 && var.recovery_days <= 30
    error_message = "recovery_days has to be between 7 and 30."
  }
}
