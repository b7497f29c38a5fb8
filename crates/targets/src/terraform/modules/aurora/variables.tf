variable "name" {
  description = "Identifier of the cluster; the instances are `<name>-1` and so on."
  type        = string
  nullable    = false

  # RDS allows 63 characters; the names made from this one need a few of them.
  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 50
    error_message = "name has to be at most 50 lowercase letters, digits and single hyphens, and begin with a letter."
  }
}

variable "database" {
  description = "Name of the database in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database))
    error_message = "database has to be 1 to 63 lowercase letters, digits and underscores, and begin with a letter."
  }
}

variable "user" {
  description = "Name of the master user. Changing it replaces the cluster."
  type        = string
  default     = "app"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.user)) && !contains(["admin", "postgres", "rdsadmin"], var.user)
    error_message = "user has to be 1 to 63 lowercase letters, digits and underscores, and none of admin, postgres, rdsadmin."
  }
}

variable "engine_version" {
  description = "Major version of PostgreSQL, such as `16`. AWS keeps the minor version up to date."
  type        = string
  nullable    = false

  # With a minor version in it every plan after AWS's next upgrade would ask for the old one.
  validation {
    condition     = can(regex("^[1-9][0-9]$", var.engine_version))
    error_message = "engine_version has to be a major version alone, such as 16."
  }
}

variable "instance_class" {
  description = "Class of the instances, such as `db.t4g.medium`."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "instance_class has to begin with db., such as db.t4g.medium."
  }
}

variable "instances" {
  description = "How many instances: one writes, the others read and take over when it fails."
  type        = number
  nullable    = false

  validation {
    condition     = var.instances >= 1 && var.instances <= 15 && floor(var.instances) == var.instances
    error_message = "instances has to be a whole number between 1 and 15."
  }
}

variable "backup_days" {
  description = "How far back the cluster can be restored to any point in time, in days."
  type        = number
  nullable    = false

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days has to be between 1 and 35."
  }
}

variable "deletion_protection" {
  description = "Whether the cluster refuses to be deleted, is snapshotted before it ever is, and takes changes that interrupt it in its maintenance window only."
  type        = bool
  nullable    = false
}

variable "vpc_id" {
  description = "VPC of the security group."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Private subnets, in at least two zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids has to name subnets in at least two zones: Aurora asks for them even with one instance."
  }
}

variable "port" {
  description = "TCP port it listens on."
  type        = number
  default     = 5432
  nullable    = false

  validation {
    condition     = var.port >= 1150 && var.port <= 65535
    error_message = "port has to be between 1150 and 65535."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts storage, snapshots, the password and the logs; its policy has to allow CloudWatch Logs. Null: AWS's own keys."
  type        = string
  default     = null
}

variable "ca" {
  description = "Certificate authority of the server's certificate."
  type        = string
  default     = "rds-ca-rsa2048-g1"
  nullable    = false
}

variable "log_retention_days" {
  description = "How long the logs are kept, in days: one of the numbers that CloudWatch Logs knows."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days has to be a number CloudWatch Logs knows, such as 7, 14, 30, 90 or 365."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that says the most the monitoring's role may do; null sets none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws:iam::[0-9]{12}:policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy of the account, such as arn:aws:iam::123456789012:policy/shop-prod-boundary, or null."
  }
}
