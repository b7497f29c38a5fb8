variable "name" {
  description = "What every alarm's name begins with, for example `ingest-prod`."
  type        = string
  nullable    = false
}

variable "alarms" {
  description = <<-EOT
    The alarms by the last part of their name. Either `namespace`, `metric`, `dimensions` and `statistic` say what is
    watched, or `expression` does (CloudWatch metric math over the ids of `metrics`). `statistic` is Average, Maximum,
    Minimum, SampleCount, Sum or an extended one such as p99. `datapoints` of `evaluation_periods` periods must breach
    the threshold (null = all of them).
  EOT
  type = map(object({
    description        = string
    comparison         = string
    threshold          = number
    period_seconds     = number
    evaluation_periods = number
    datapoints         = optional(number)
    treat_missing      = optional(string, "missing")

    namespace  = optional(string)
    metric     = optional(string)
    dimensions = optional(map(string), {})
    statistic  = optional(string)

    expression = optional(string)
    metrics = optional(map(object({
      namespace  = string
      metric     = string
      dimensions = optional(map(string), {})
      statistic  = string
    })), {})
  }))
  nullable = false

  validation {
    condition = alltrue([
      for a in values(var.alarms) : a.expression == null
      ? a.namespace != null && a.metric != null && a.statistic != null && length(a.metrics) == 0
      : a.namespace == null && a.metric == null && a.statistic == null && length(a.dimensions) == 0 && length(a.metrics) > 0
    ])
    error_message = "An alarm has either a namespace, a metric and a statistic, or an expression and its metrics."
  }

  validation {
    condition = alltrue([
      for a in values(var.alarms) : contains(["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanOrEqualToThreshold", "LessThanThreshold"], a.comparison)
    ])
    error_message = "The comparison must be GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanOrEqualToThreshold or LessThanThreshold."
  }

  validation {
    condition     = alltrue([for a in values(var.alarms) : contains(["breaching", "ignore", "missing", "notBreaching"], a.treat_missing)])
    error_message = "Missing data is treated as breaching, ignore, missing or notBreaching."
  }

  validation {
    condition     = alltrue([for a in values(var.alarms) : contains([10, 20, 30], a.period_seconds) || (a.period_seconds >= 60 && a.period_seconds % 60 == 0)])
    error_message = "A period is 10, 20 or 30 seconds or whole minutes."
  }

  # PutMetricAlarm, Amazon CloudWatch API Reference: a day, or a week when the period is an hour or more.
  validation {
    condition = alltrue([
      for a in values(var.alarms) : a.evaluation_periods >= 1 && a.evaluation_periods * a.period_seconds <= (a.period_seconds >= 3600 ? 604800 : 86400)
    ])
    error_message = "An alarm looks back at least one period and at most a day (a week with periods of an hour or more)."
  }

  validation {
    condition     = alltrue([for a in values(var.alarms) : a.datapoints == null ? true : a.datapoints >= 1 && a.datapoints <= a.evaluation_periods])
    error_message = "The datapoints that breach are at least 1 and at most the evaluation periods."
  }

  validation {
    condition = alltrue(flatten([
      for a in values(var.alarms) : [
        for s in concat(compact([a.statistic]), [for m in values(a.metrics) : m.statistic]) :
        can(regex("^(Average|Maximum|Minimum|SampleCount|Sum|(p|tm|wm)[0-9]{1,2}(\\.[0-9]+)?)$", s))
      ]
    ]))
    error_message = "A statistic is Average, Maximum, Minimum, SampleCount, Sum or a percentile or mean such as p99, tm95 or wm95."
  }

  validation {
    condition     = alltrue(flatten([for a in values(var.alarms) : [for id in keys(a.metrics) : can(regex("^[a-z][A-Za-z0-9_]*$", id)) && id != "result"]]))
    error_message = "A metric's id begins with a lowercase letter, has letters, digits and underscores, and is not `result`."
  }
}

variable "actions" {
  description = "ARNs told when an alarm goes off and when it is well again, usually one SNS topic. May be empty."
  type        = list(string)
  nullable    = false
  default     = []

  validation {
    condition     = length(var.actions) <= 5
    error_message = "CloudWatch takes at most five actions."
  }
}
