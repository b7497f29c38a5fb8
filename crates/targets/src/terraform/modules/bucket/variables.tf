variable "name" {
  description = "Name of the bucket, unique in all of AWS."
  type        = string
  nullable    = false

  # No dots: S3's wildcard certificate does not cover them ("General purpose bucket naming rules").
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "name has to be 3 to 63 lowercase letters, digits and hyphens, and begin and end with a letter or digit."
  }
}

variable "versioned" {
  description = "Whether overwritten and deleted objects are kept for another 30 days."
  type        = bool
  nullable    = false
}

variable "expire_days" {
  description = "Age at which objects are deleted, in days. Null: never."
  type        = number
  default     = null

  validation {
    condition     = var.expire_days == null ? true : var.expire_days >= 1 && floor(var.expire_days) == var.expire_days
    error_message = "expire_days has to be a whole number of days, 1 or more, or null."
  }
}

variable "protect" {
  description = "Whether Terraform refuses to destroy the bucket while objects are in it. False deletes them with it."
  type        = bool
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the objects. Null: keys of S3's own (SSE-S3)."
  type        = string
  default     = null
}

variable "access_log_bucket" {
  description = "Name of the bucket that takes this one's access log, under `s3/<name>/`. Null: no access log."
  type        = string
  default     = null
}
