# CloudWatch alarms of one system: on a metric as it is, or on an expression over several.

locals {
  # CloudWatch takes these by name and everything else (p99, tm95 …) as an extended statistic.
  statistics = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"]
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  evaluation_periods  = each.value.evaluation_periods
  datapoints_to_alarm = each.value.datapoints
  treat_missing_data  = each.value.treat_missing

  alarm_actions = var.actions
  ok_actions    = var.actions

  # The plain form and the metric-math form exclude each other.
  namespace          = each.value.namespace
  metric_name        = each.value.metric
  dimensions         = each.value.expression == null ? each.value.dimensions : null
  period             = each.value.expression == null ? each.value.period_seconds : null
  statistic          = try(contains(local.statistics, each.value.statistic), false) ? each.value.statistic : null
  extended_statistic = try(contains(local.statistics, each.value.statistic), true) ? null : each.value.statistic

  dynamic "metric_query" {
    for_each = each.value.expression == null ? [] : [each.value.expression]

    content {
      id          = "result"
      label       = each.key
      expression  = metric_query.value
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = each.value.metrics

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        stat        = metric_query.value.statistic
        period      = each.value.period_seconds
      }
    }
  }
}
