mock_provider "aws" {}

variables {
  name   = "ingest-prod"
  region = "us-east-1"

  widgets = [
    {
      title          = "Requests"
      metrics        = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/ingest/50dc"]]
      stat           = "Sum"
      unit           = "requests a minute"
      period_seconds = 300
      stacked        = true
    },
    {
      title      = "Failing"
      metrics    = [["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"], ["AWS/ApplicationELB", "RequestCount"]]
      expression = "IF(m2 > 0, 100 * m1 / m2, 0)"
      stat       = "Sum"
    },
    {
      title   = "Waiting"
      kind    = "singleValue"
      metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "ingest-prod-emails"]]
      unit    = "messages"
    },
  ]
}

run "two_columns" {
  command = plan

  assert {
    condition     = aws_cloudwatch_dashboard.this.dashboard_name == "ingest-prod"
    error_message = "The dashboard has its name."
  }

  assert {
    condition     = [for w in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [w.x, w.y, w.width, w.height]] == [[0, 0, 12, 6], [12, 0, 12, 6], [0, 6, 12, 6]]
    error_message = "Widgets stand in two columns, in their order."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[0].properties == {
      title   = "Requests"
      view    = "timeSeries"
      region  = "us-east-1"
      stat    = "Sum"
      period  = 300
      stacked = true
      metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/ingest/50dc", { id = "m1", visible = true }]]
      yAxis   = { left = { label = "requests a minute", min = 0, showUnits = false } }
    }
    error_message = "A graph has its metric, statistic and axis."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[1].properties.metrics == [
      ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", { id = "m1", visible = false }],
      ["AWS/ApplicationELB", "RequestCount", { id = "m2", visible = false }],
      [{ id = "result", expression = "IF(m2 > 0, 100 * m1 / m2, 0)", label = "Failing" }],
    ]
    error_message = "Of an expression only the result is shown."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[1].properties.period == 60 && !can(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[1].properties.yAxis)
    error_message = "Left out, a period is a minute and the axis has no label."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[2].properties.view == "singleValue" && !can(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[2].properties.yAxis)
    error_message = "A single value has no axis."
  }
}

run "empty" {
  command = plan

  variables {
    widgets = []
  }

  assert {
    condition     = aws_cloudwatch_dashboard.this.dashboard_body == "{\"widgets\":[]}"
    error_message = "No widgets make an empty dashboard."
  }
}

run "refuses_an_unknown_kind" {
  command = plan

  variables {
    widgets = [{ title = "a", kind = "pie", metrics = [["n", "m"]] }]
  }

  expect_failures = [var.widgets]
}

run "refuses_half_a_dimension" {
  command = plan

  variables {
    widgets = [{ title = "a", metrics = [["n", "m", "QueueName"]] }]
  }

  expect_failures = [var.widgets]
}

run "refuses_a_widget_without_metrics" {
  command = plan

  variables {
    widgets = [{ title = "a", metrics = [] }]
  }

  expect_failures = [var.widgets]
}

run "refuses_a_period_of_45_seconds" {
  command = plan

  variables {
    widgets = [{ title = "a", metrics = [["n", "m"]], period_seconds = 45 }]
  }

  expect_failures = [var.widgets]
}

run "refuses_too_many_widgets" {
  command = plan

  variables {
    widgets = [for n in range(501) : { title = "a", metrics = [["n", "m"]] }]
  }

  expect_failures = [var.widgets]
}

run "refuses_a_name_with_spaces" {
  command = plan

  variables {
    name = "ingest prod"
  }

  expect_failures = [var.name]
}
