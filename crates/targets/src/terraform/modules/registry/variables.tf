variable "name" {
  description = "Name of the repository, for example ingest-prod-api."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", var.name)) && length(var.name) >= 2 && length(var.name) <= 256
    error_message = "name must be 2 to 256 lowercase letters, digits and single separators (. _ - /), and begin and end with a letter or digit."
  }
}

variable "keep" {
  description = "Number of tagged images to keep. Older ones go, so it limits how far back a release can be rolled."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.keep >= 1 && floor(var.keep) == var.keep
    error_message = "keep must be a whole number of at least 1."
  }
}

variable "immutable" {
  description = "Whether a tag, once pushed, stays on its image."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "KMS key of the images; null encrypts with AES256. Another key makes another repository."
  type        = string
  default     = null
}

variable "force_delete" {
  description = "Whether the repository may be destroyed while it holds images."
  type        = bool
  nullable    = false
}
