variable "name" {
  description = "Name of the policy."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,128}$", var.name))
    error_message = "name must be 1 to 128 letters, digits, hyphens and underscores."
  }
}

variable "statements" {
  description = "What the roles may do at most. None allows nothing."
  type = list(object({
    sid        = string
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))))
  }))
  nullable = false

  validation {
    condition     = alltrue([for statement in var.statements : can(regex("^[a-zA-Z0-9]+$", statement.sid))])
    error_message = "Each sid must be letters and digits."
  }

  validation {
    condition     = alltrue(flatten([for statement in var.statements : [for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z]", action))]]))
    error_message = "Each action must name its service and begin with letters of the action, for example sqs:SendMessage; a whole service or * is no boundary."
  }

  validation {
    condition     = alltrue(flatten([for statement in var.statements : [for action in statement.actions : !startswith(action, "organizations:") && (!startswith(action, "iam:") || contains(["iam:CreateServiceLinkedRole", "iam:PassRole"], action))]]))
    error_message = "Inside the boundary nobody changes who may do what: of IAM it may hold iam:PassRole and iam:CreateServiceLinkedRole alone."
  }

  validation {
    condition     = alltrue([for statement in var.statements : !contains(statement.actions, "iam:PassRole") || can(statement.conditions["StringEquals"]["iam:PassedToService"])])
    error_message = "iam:PassRole needs the condition iam:PassedToService: a role is handed to a named service."
  }
}
