variable "name" {
  description = "Name of the namespace, for example ingest-prod.internal; services are found as <service>.<name>."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", var.name)) && length(var.name) <= 253
    error_message = "The namespace is a DNS name of lowercase letters, digits and hyphens."
  }
}

variable "vpc_id" {
  description = "Id of the VPC whose resolver knows the namespace."
  type        = string
  nullable    = false
}

variable "services" {
  description = "Names of the services that are found here; each is one DNS label."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for s in var.services : can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", s))])
    error_message = "A service's name is one DNS label of lowercase letters, digits and hyphens."
  }
}
