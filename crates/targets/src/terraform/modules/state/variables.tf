variable "bucket_name" {
  description = "Name of the state bucket, unique among all buckets of AWS."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 63 lowercase letters, digits and hyphens, and begin and end with a letter or digit."
  }
}

variable "lock_table_name" {
  description = "Name of the lock table."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.lock_table_name))
    error_message = "lock_table_name must be 3 to 255 letters, digits, hyphens, underscores and dots."
  }
}

variable "protect" {
  description = "Whether the bucket is kept while it holds objects and the table cannot be deleted."
  type        = bool
  nullable    = false
}

variable "kms_key_arn" {
  description = "KMS key of the bucket and the table; null encrypts with keys of AWS's own (SSE-S3, and aws/dynamodb)."
  type        = string
  default     = null
}

variable "access_log_bucket" {
  description = "Bucket that gets the state bucket's access logs, below a prefix of its name; null writes none."
  type        = string
  default     = null
}
