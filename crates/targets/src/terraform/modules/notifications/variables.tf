variable "name" {
  description = "Name of the topic, for example `ingest-prod-alarms`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,256}$", var.name))
    error_message = "A topic's name has 1 to 256 letters, digits, hyphens and underscores."
  }
}

variable "account_id" {
  description = "Account whose alarms publish here, 12 digits."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "region" {
  description = "Region whose alarms publish here, for example `us-east-1`."
  type        = string
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key the messages are encrypted with; its policy must let cloudwatch.amazonaws.com use it. Null leaves the topic unencrypted, because AWS's own key would keep alarms out."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "The key must be the ARN of a key (not an alias)."
  }
}

variable "emails" {
  description = "Addresses that get a mail for every alarm, once they have confirmed."
  type        = set(string)
  nullable    = false
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", email))])
    error_message = "Every address must look like name@example.com."
  }
}
