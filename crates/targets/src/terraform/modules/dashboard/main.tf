# The CloudWatch dashboard of one system: widgets in two columns, in the order they are given.

locals {
  columns       = 2
  widget_width  = 24 / local.columns
  widget_height = 6

  widgets = [
    for index, widget in var.widgets : {
      type   = "metric"
      x      = index % local.columns * local.widget_width
      y      = floor(index / local.columns) * local.widget_height
      width  = local.widget_width
      height = local.widget_height

      properties = merge(
        {
          title   = widget.title
          view    = widget.kind
          region  = var.region
          stat    = widget.stat
          period  = widget.period_seconds
          stacked = widget.stacked
          # Under an expression the metrics are only its operands m1, m2 …
          metrics = concat(
            [for n, metric in widget.metrics : concat(metric, [{ id = "m${n + 1}", visible = widget.expression == null }])],
            [for expression in compact([widget.expression]) : [{ id = "result", expression = expression, label = widget.title }]],
          )
        },
        # A single value has no axis.
        { for key, unit in { yAxis = widget.unit } : key => { left = { label = unit, min = 0, showUnits = false } } if unit != null && widget.kind == "timeSeries" },
      )
    }
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({ widgets = local.widgets })
}
