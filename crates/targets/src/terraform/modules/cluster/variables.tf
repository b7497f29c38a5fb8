variable "name" {
  description = "Name of the cluster, for example ingest-prod."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.name))
    error_message = "A cluster's name has 1 to 255 letters, digits, hyphens and underscores."
  }
}

variable "insights" {
  description = "Whether Container Insights measures the cluster's tasks. Scaling on a queue's delay needs it."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the tasks' ephemeral storage; its policy must let fargate.amazonaws.com make data keys and grants for this cluster. Null: a key that AWS owns."
  type        = string
  default     = null
}
