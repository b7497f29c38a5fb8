variable "name" {
  description = "Name of the queue, without `.fifo`: the module adds that. The dead-letter queue's is `<name>-dlq`."
  type        = string
  nullable    = false

  # SQS allows 80 characters; `-dlq.fifo` takes nine of them.
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,71}$", var.name))
    error_message = "name has to be 1 to 71 letters, digits, hyphens and underscores, without .fifo."
  }
}

variable "fifo" {
  description = "Whether the queue keeps the order of messages (FIFO). Changing it replaces the queue."
  type        = bool
  default     = false
  nullable    = false
}

variable "content_based_deduplication" {
  description = "Whether a FIFO queue takes a message's hash for its deduplication id when the sender gives none."
  type        = bool
  default     = false
  nullable    = false
}

variable "retention_seconds" {
  description = "How long a message is kept that nobody deletes, in seconds."
  type        = number
  default     = 345600
  nullable    = false

  validation {
    condition     = var.retention_seconds >= 60 && var.retention_seconds <= 1209600
    error_message = "retention_seconds has to be between 60 (a minute) and 1209600 (14 days)."
  }
}

variable "visibility_timeout_seconds" {
  description = "How long a received message stays hidden from other receivers, in seconds: longer than the work on one message takes."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.visibility_timeout_seconds >= 0 && var.visibility_timeout_seconds <= 43200
    error_message = "visibility_timeout_seconds has to be between 0 and 43200 (12 hours)."
  }
}

variable "delay_seconds" {
  description = "How long a new message waits before it can be received, in seconds."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.delay_seconds >= 0 && var.delay_seconds <= 900
    error_message = "delay_seconds has to be between 0 and 900 (15 minutes)."
  }
}

variable "wait_seconds" {
  description = "How long a receive call waits for a message unless it says otherwise, in seconds. 20 is long polling at its cheapest."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.wait_seconds >= 0 && var.wait_seconds <= 20
    error_message = "wait_seconds has to be between 0 and 20."
  }
}

variable "dead_letter" {
  description = "After how many receives (`tries`) a message moves to the dead-letter queue, and how long that keeps it, in seconds. Null: no dead-letter queue."
  type = object({
    tries             = number
    retention_seconds = number
  })
  default = null

  validation {
    condition     = var.dead_letter == null ? true : var.dead_letter.tries >= 1 && var.dead_letter.tries <= 1000
    error_message = "dead_letter.tries has to be between 1 and 1000."
  }

  validation {
    condition     = var.dead_letter == null ? true : var.dead_letter.retention_seconds >= 60 && var.dead_letter.retention_seconds <= 1209600
    error_message = "dead_letter.retention_seconds has to be between 60 (a minute) and 1209600 (14 days)."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the messages. Null: a key of SQS's own (SSE-SQS)."
  type        = string
  default     = null
}
