variable "name" {
  description = "Beginning of the roles' names: a role is <name>-<key of roles>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,40}$", var.name))
    error_message = "name must be 1 to 40 letters, digits, hyphens and underscores."
  }
}

variable "account_id" {
  description = "Id of the account the roles belong to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have 12 digits."
  }
}

variable "create_provider" {
  description = "Whether to make the account's GitHub provider; false when the account has it already, since it can have only one."
  type        = bool
  nullable    = false
}

variable "repository" {
  description = "GitHub repository whose workflows may take the roles, as owner/name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be owner/name, without wildcards."
  }
}

variable "roles" {
  description = "Roles by key: the subjects of the repository's tokens that may take one (ref:refs/heads/main, pull_request, environment:prod; * and ? are wildcards), and what it may do, as policies by name."
  type = map(object({
    description = string
    subjects    = list(string)
    policies = map(list(object({
      sid        = string
      actions    = list(string)
      resources  = list(string)
      conditions = optional(map(map(list(string))))
    })))
  }))
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.roles) : can(regex("^[a-zA-Z0-9_-]{1,23}$", key))])
    error_message = "Each key of roles must be 1 to 23 letters, digits, hyphens and underscores: with name it is the role's name, which IAM limits to 64 characters."
  }

  validation {
    condition     = alltrue([for role in values(var.roles) : length(role.subjects) > 0])
    error_message = "Each role must have a subject: without one nobody could take it."
  }

  # A bare wildcard would let a workflow of any branch, which anyone with write access can push, take the role.
  validation {
    condition = alltrue(flatten([for role in values(var.roles) : [
      for subject in role.subjects : can(regex("^(pull_request|ref:refs/(heads|tags)/.+|environment:.+)$", subject))
    ]]))
    error_message = "Each subject must be pull_request, ref:refs/heads/<branch>, ref:refs/tags/<tag> or environment:<name>."
  }

  validation {
    condition     = alltrue(flatten([for role in values(var.roles) : [length(role.policies) > 0, [for statements in values(role.policies) : length(statements) > 0]]]))
    error_message = "Each role must have a policy, and each policy a statement: IAM refuses an empty one."
  }

  validation {
    condition     = alltrue([for role in values(var.roles) : length(role.policies) <= 10])
    error_message = "A role may have ten policies (\"IAM and AWS STS quotas\")."
  }

  validation {
    condition     = alltrue(flatten([for role in values(var.roles) : [for name in keys(role.policies) : can(regex("^[a-zA-Z0-9_-]{1,60}$", name))]]))
    error_message = "Each name of a policy must be 1 to 60 letters, digits, hyphens and underscores: with name and role it is the policy's, which IAM limits to 128 characters."
  }

  validation {
    condition     = alltrue(flatten([for role in values(var.roles) : [for statement in flatten(values(role.policies)) : can(regex("^[a-zA-Z0-9]+$", statement.sid))]]))
    error_message = "Each sid must be letters and digits."
  }

  validation {
    condition     = alltrue(flatten([for role in values(var.roles) : [for statement in flatten(values(role.policies)) : [for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z]", action))]]]))
    error_message = "Each action must name its service and begin with letters of the action, for example ecs:UpdateService; a whole service or * is too much."
  }
}
