variable "name" {
  description = "Name of the group; AWS's own name of it has a unique ending."
  type        = string
  nullable    = false

  validation {
    # 255 characters less the ending; AWS keeps names with sg- for its ids.
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$", var.name)) && !startswith(var.name, "sg-")
    error_message = "name must be letters, digits, dots, hyphens and underscores, at most 100 characters, and not begin with sg-."
  }
}

variable "description" {
  description = "What the group is for. AWS cannot change it later: another description makes another group."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}$", var.description))
    error_message = "description must have 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* characters."
  }
}

variable "vpc_id" {
  description = "Id of the VPC the group belongs to."
  type        = string
  nullable    = false
}

variable "ingress" {
  description = "What may come in. Rules by a name that stays; each has one port and exactly one of cidr_ipv4, security_group_id and prefix_list_id."
  type = map(object({
    description       = string
    port              = number
    protocol          = optional(string, "tcp")
    cidr_ipv4         = optional(string)
    security_group_id = optional(string)
    prefix_list_id    = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for rule in values(var.ingress) :
      length([for peer in [rule.cidr_ipv4, rule.security_group_id, rule.prefix_list_id] : peer if peer != null]) == 1
    ])
    error_message = "Each rule of ingress must have exactly one of cidr_ipv4, security_group_id and prefix_list_id."
  }

  validation {
    condition     = alltrue([for rule in values(var.ingress) : rule.port >= 1 && rule.port <= 65535 && floor(rule.port) == rule.port])
    error_message = "Each rule of ingress must have a port from 1 to 65535."
  }

  validation {
    condition     = alltrue([for rule in values(var.ingress) : contains(["tcp", "udp"], rule.protocol)])
    error_message = "Each rule of ingress must have the protocol tcp or udp."
  }

  validation {
    condition     = alltrue([for rule in values(var.ingress) : rule.cidr_ipv4 == null ? true : try(cidrsubnet(rule.cidr_ipv4, 0, 0) == rule.cidr_ipv4, false)])
    error_message = "Each cidr_ipv4 of ingress must be an IPv4 range written with its first address, for example 10.0.0.0/16."
  }

  validation {
    condition     = alltrue([for rule in values(var.ingress) : can(regex("^[a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}$", rule.description))])
    error_message = "Each rule of ingress must have a description of 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* characters."
  }
}

variable "egress" {
  description = "What may go out. Rules by a name that stays; each has one port and exactly one of cidr_ipv4, security_group_id and prefix_list_id."
  type = map(object({
    description       = string
    port              = number
    protocol          = optional(string, "tcp")
    cidr_ipv4         = optional(string)
    security_group_id = optional(string)
    prefix_list_id    = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for rule in values(var.egress) :
      length([for peer in [rule.cidr_ipv4, rule.security_group_id, rule.prefix_list_id] : peer if peer != null]) == 1
    ])
    error_message = "Each rule of egress must have exactly one of cidr_ipv4, security_group_id and prefix_list_id."
  }

  validation {
    condition     = alltrue([for rule in values(var.egress) : rule.port >= 1 && rule.port <= 65535 && floor(rule.port) == rule.port])
    error_message = "Each rule of egress must have a port from 1 to 65535."
  }

  validation {
    condition     = alltrue([for rule in values(var.egress) : contains(["tcp", "udp"], rule.protocol)])
    error_message = "Each rule of egress must have the protocol tcp or udp."
  }

  validation {
    condition     = alltrue([for rule in values(var.egress) : rule.cidr_ipv4 == null ? true : try(cidrsubnet(rule.cidr_ipv4, 0, 0) == rule.cidr_ipv4, false)])
    error_message = "Each cidr_ipv4 of egress must be an IPv4 range written with its first address, for example 10.0.0.0/16."
  }

  validation {
    condition     = alltrue([for rule in values(var.egress) : can(regex("^[a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}$", rule.description))])
    error_message = "Each rule of egress must have a description of 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* characters."
  }
}
