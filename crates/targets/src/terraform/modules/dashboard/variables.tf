variable "name" {
  description = "Name of the dashboard, for example `ingest-prod`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.name))
    error_message = "A dashboard's name has 1 to 255 letters, digits, hyphens and underscores."
  }
}

variable "region" {
  description = "Region the metrics are read from, for example `us-east-1`."
  type        = string
  nullable    = false
}

variable "widgets" {
  description = <<-EOT
    The widgets, left to right and top to bottom. `kind` is timeSeries or singleValue. A metric is a list: namespace,
    name, then a dimension's name and value in turn. `unit` is written on the y-axis. With an `expression` (CloudWatch
    metric math) only its result is shown; it calls the metrics m1, m2 … in their order.
  EOT
  type = list(object({
    title          = string
    kind           = optional(string, "timeSeries")
    metrics        = list(list(string))
    expression     = optional(string)
    stat           = optional(string, "Average")
    period_seconds = optional(number, 60)
    stacked        = optional(bool, false)
    unit           = optional(string)
  }))
  nullable = false

  validation {
    condition     = length(var.widgets) <= 500
    error_message = "CloudWatch takes at most 500 widgets on a dashboard."
  }

  validation {
    condition     = alltrue([for w in var.widgets : contains(["singleValue", "timeSeries"], w.kind)])
    error_message = "The kind of a widget is singleValue or timeSeries."
  }

  validation {
    condition     = alltrue([for w in var.widgets : length(w.metrics) > 0 && alltrue([for m in w.metrics : length(m) >= 2 && length(m) % 2 == 0])])
    error_message = "A widget has at least one metric, and a metric a namespace, a name and pairs of dimension name and value."
  }

  validation {
    condition     = alltrue([for w in var.widgets : contains([1, 5, 10, 20, 30], w.period_seconds) || (w.period_seconds >= 60 && w.period_seconds % 60 == 0)])
    error_message = "A period is 1, 5, 10, 20 or 30 seconds or whole minutes."
  }
}
