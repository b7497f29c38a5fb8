variable "name" {
  description = "Name of the task definition's family, its log group (/ecs/<name>) and its roles, for example ingest-prod-api."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,53}$", var.name))
    error_message = "The name has 1 to 54 letters, digits, hyphens and underscores: a role's name, with its suffix, has at most 64."
  }
}

variable "region" {
  description = "Region that the task runs in, for example us-east-1."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "Id of the AWS account that the task runs in (12 digits)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "container_name" {
  description = "Name of the task's container. Null: the name."
  type        = string
  default     = null
}

variable "image" {
  description = "Image that the container runs, with its tag or digest."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s]+(:[\\w][\\w.-]*|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "The image is named with a tag or a digest."
  }
}

variable "command" {
  description = "Command and its arguments. Null: the image's own command."
  type        = list(string)
  default     = null
}

variable "cpu" {
  description = "CPU of the task in units; 1024 units are one vCPU."
  type        = number
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "Fargate's CPU sizes are 256, 512, 1024, 2048, 4096, 8192 and 16384 units."
  }
}

variable "memory" {
  description = "Memory of the task in MiB; the CPU decides which sizes there are."
  type        = number
  nullable    = false
}

variable "tmp_mib" {
  description = "Size in MiB of the writable /tmp, which is held in the task's memory."
  type        = number
  default     = 64
  nullable    = false

  validation {
    condition     = var.tmp_mib >= 1 && floor(var.tmp_mib) == var.tmp_mib
    error_message = "The size of /tmp is a whole number of MiB, at least 1."
  }
}

variable "port" {
  description = "TCP port that the container listens on. Null: none."
  type        = number
  default     = null

  validation {
    condition     = var.port == null ? true : var.port >= 1 && var.port <= 65535
    error_message = "A port is a number from 1 to 65535."
  }
}

variable "environment" {
  description = "Plain environment variables; whoever may read the task definition reads them."
  type        = map(string)
  default     = {}
  nullable    = false

  # AWS Security Hub, control ECS.8.
  validation {
    condition     = length(setintersection(keys(var.environment), ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA"])) == 0
    error_message = "Credentials are no environment: the task has its role, and the rest belongs in secrets."
  }
}

variable "secrets" {
  description = "Environment variables read when the task starts: variable to the ARN of a parameter or a secret; a secret's ARN may name one JSON key (arn:key::)."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:aws:(ssm:[^:]*:[0-9]{12}:parameter/.+|secretsmanager:[^:]*:[0-9]{12}:secret:.+)$", arn))])
    error_message = "A secret's value comes from the ARN of a parameter or of a secret, never from the value itself."
  }
}

variable "secret_arns" {
  description = "ARNs of the parameters and secrets that the task is started with, without JSON keys."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.secret_arns : can(regex("^arn:aws:(ssm:[^:]*:[0-9]{12}:parameter/[^*]+|secretsmanager:[^:]*:[0-9]{12}:secret:[^:*]+)$", arn))])
    error_message = "Each is the exact ARN of a parameter or of a secret."
  }
}

variable "secret_key_arns" {
  description = "ARNs of the KMS keys that encrypt those parameters and secrets, when they are not AWS's own."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "statements" {
  description = "What the process may do: the statements of the task role's policy. Conditions are operator to key to values."
  type = list(object({
    sid        = string
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))))
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for s in var.statements : can(regex("^[A-Za-z0-9]+$", s.sid))]) && length(distinct(var.statements[*].sid)) == length(var.statements)
    error_message = "A statement's sid is made of letters and digits and is used once."
  }

  validation {
    condition     = alltrue([for s in var.statements : length(s.actions) > 0 && length(s.resources) > 0])
    error_message = "A statement has at least one action and one resource."
  }
}

variable "repository_arn" {
  description = "ARN of the ECR repository that the image is pulled from. Null: a registry that needs no permission."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "How long the log is kept, in days."
  type        = number
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps a log 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the log. Null: a key that AWS owns."
  type        = string
  default     = null
}

variable "health_check" {
  description = "Command that ECS runs in the container to learn its health, with its times in seconds. Null: none."
  type = object({
    command      = list(string)
    interval     = optional(number, 10)
    timeout      = optional(number, 5)
    retries      = optional(number, 3)
    start_period = optional(number, 10)
  })
  default = null

  validation {
    condition     = var.health_check == null ? true : length(var.health_check.command) >= 2 && contains(["CMD", "CMD-SHELL"], var.health_check.command[0])
    error_message = "The health check's command begins with CMD or CMD-SHELL."
  }

  validation {
    condition = var.health_check == null ? true : (
      var.health_check.interval >= 5 && var.health_check.interval <= 300
      && var.health_check.timeout >= 2 && var.health_check.timeout <= 60
      && var.health_check.retries >= 1 && var.health_check.retries <= 10
      && var.health_check.start_period >= 0 && var.health_check.start_period <= 300
    )
    error_message = "ECS allows an interval of 5 to 300 s, a timeout of 2 to 60 s, 1 to 10 retries and a start period of 0 to 300 s."
  }
}

variable "stop_timeout" {
  description = "Seconds between SIGTERM and SIGKILL when the task is stopped."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.stop_timeout >= 2 && var.stop_timeout <= 120
    error_message = "Fargate waits 2 to 120 seconds."
  }
}

variable "user" {
  description = "User and group that the process runs as, by number (uid:gid)."
  type        = string
  default     = "10001:10001"
  nullable    = false

  # By number, because a name is looked up in the image. AWS Security Hub, control ECS.20: not root.
  validation {
    condition     = can(regex("^[1-9][0-9]*:[0-9]+$", var.user))
    error_message = "The user is uid:gid in numbers and not root."
  }
}

variable "read_only_root" {
  description = "Whether the image's file system is read-only; /tmp is writable either way."
  type        = bool
  default     = true
  nullable    = false
}

variable "architecture" {
  description = "Processor that the image is built for: X86_64 or ARM64."
  type        = string
  default     = "X86_64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "The architecture is X86_64 or ARM64."
  }
}

variable "permissions_boundary" {
  description = "ARN of the policy that says the most the roles may do; null sets none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:aws:iam::[0-9]{12}:policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy of the account, such as arn:aws:iam::123456789012:policy/shop-prod-boundary, or null."
  }
}
