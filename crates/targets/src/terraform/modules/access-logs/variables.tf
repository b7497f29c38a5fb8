variable "name" {
  description = "Name of the bucket, unique in all of AWS."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name has 3 to 63 lowercase letters, digits and hyphens, and begins and ends with a letter or digit."
  }
}

variable "account_id" {
  description = "Account whose load balancers and buckets write their logs here, 12 digits."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "region" {
  description = "Region of the bucket and of the load balancers, for example `us-east-1`."
  type        = string
  nullable    = false
}

variable "expire_days" {
  description = "Days a log is kept."
  type        = number
  nullable    = false

  validation {
    condition     = var.expire_days >= 1 && floor(var.expire_days) == var.expire_days
    error_message = "Logs are kept for whole days, at least one."
  }
}

variable "protect" {
  description = "Whether the bucket is kept when it still has logs in it. Without, destroying it deletes them."
  type        = bool
  nullable    = false
  default     = true
}

variable "cloudfront" {
  description = "Whether CloudFront writes standard logs here, which needs ACLs on the bucket."
  type        = bool
  nullable    = false
  default     = false
}
