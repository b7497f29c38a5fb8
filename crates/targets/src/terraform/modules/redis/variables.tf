variable "name" {
  description = "Identifier of the replication group; the instances are `<name>-001` and so on."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 40
    error_message = "name has to be at most 40 lowercase letters, digits and single hyphens, and begin with a letter."
  }
}

variable "engine_version" {
  description = "Version of Redis: `7.0` or `7.1`. AWS keeps the patch version up to date."
  type        = string
  default     = "7.1"
  nullable    = false

  validation {
    condition     = contains(["7.0", "7.1"], var.engine_version)
    error_message = "engine_version has to be 7.0 or 7.1."
  }
}

variable "node_type" {
  description = "Type of the instances, such as `cache.t4g.small`."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.node_type, "cache.")
    error_message = "node_type has to begin with cache., such as cache.t4g.small."
  }
}

variable "instances" {
  description = "How many instances: one writes, the others read and take over when it fails."
  type        = number
  nullable    = false

  validation {
    condition     = var.instances >= 1 && var.instances <= 6 && floor(var.instances) == var.instances
    error_message = "instances has to be a whole number between 1 and 6."
  }
}

variable "multi_az" {
  description = "Whether the instances are spread over zones. Needs at least two."
  type        = bool
  nullable    = false
}

variable "snapshot_days" {
  description = "How long the daily snapshots are kept, in days. 0: there are none."
  type        = number
  nullable    = false

  validation {
    condition     = var.snapshot_days >= 0 && var.snapshot_days <= 35
    error_message = "snapshot_days has to be between 0 and 35."
  }
}

variable "snapshot_window" {
  description = "When the daily snapshot is taken: at least an hour in UTC, such as `03:00-04:00`. Null: AWS chooses."
  type        = string
  default     = null

  validation {
    condition     = var.snapshot_window == null ? true : can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.snapshot_window))
    error_message = "snapshot_window has to be two times in UTC, such as 03:00-04:00."
  }
}

variable "vpc_id" {
  description = "VPC of the security group."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Private subnets: in at least two zones for `multi_az`."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 1
    error_message = "subnet_ids has to name at least one subnet."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts disk and snapshots. Null: a key of ElastiCache's own. Changing it replaces the replication group."
  type        = string
  default     = null
}

variable "port" {
  description = "TCP port it listens on."
  type        = number
  default     = 6379
  nullable    = false

  validation {
    condition     = var.port >= 1024 && var.port <= 65535
    error_message = "port has to be between 1024 and 65535."
  }
}

variable "parameters" {
  description = "Redis parameters that differ from AWS's defaults, such as `{ maxmemory-policy = \"noeviction\" }`."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "apply_immediately" {
  description = "Whether changes that interrupt it come at once instead of in its maintenance window."
  type        = bool
  default     = false
  nullable    = false
}
