mock_provider "aws" {}

variables {
  name    = "ingest-prod"
  actions = ["arn:aws:sns:us-east-1:123456789012:ingest-prod-alarms"]

  alarms = {
    queue-age = {
      description        = "Emails wait longer than five minutes."
      namespace          = "AWS/SQS"
      metric             = "ApproximateAgeOfOldestMessage"
      dimensions         = { QueueName = "ingest-prod-emails" }
      statistic          = "Maximum"
      comparison         = "GreaterThanThreshold"
      threshold          = 300
      period_seconds     = 60
      evaluation_periods = 5
      datapoints         = 3
      treat_missing      = "notBreaching"
    }

    slow = {
      description        = "One request in a hundred takes longer than two seconds."
      namespace          = "AWS/ApplicationELB"
      metric             = "TargetResponseTime"
      dimensions         = { LoadBalancer = "app/ingest/50dc" }
      statistic          = "p99"
      comparison         = "GreaterThanThreshold"
      threshold          = 2
      period_seconds     = 60
      evaluation_periods = 5
    }

    errors = {
      description        = "More than one request in twenty fails."
      expression         = "IF(requests > 0, 100 * errors / requests, 0)"
      comparison         = "GreaterThanThreshold"
      threshold          = 5
      period_seconds     = 60
      evaluation_periods = 2
      metrics = {
        errors   = { namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", dimensions = { LoadBalancer = "app/ingest/50dc" }, statistic = "Sum" }
        requests = { namespace = "AWS/ApplicationELB", metric = "RequestCount", dimensions = { LoadBalancer = "app/ingest/50dc" }, statistic = "Sum" }
      }
    }
  }
}

run "all_forms" {
  command = plan

  assert {
    condition     = output.names == { queue-age = "ingest-prod-queue-age", slow = "ingest-prod-slow", errors = "ingest-prod-errors" }
    error_message = "An alarm's name is the prefix and its key."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["queue-age"].statistic == "Maximum" && aws_cloudwatch_metric_alarm.this["queue-age"].extended_statistic == null
    error_message = "A statistic with a name is passed as it is."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["queue-age"].dimensions == tomap({ QueueName = "ingest-prod-emails" }) && aws_cloudwatch_metric_alarm.this["queue-age"].period == 60
    error_message = "A plain alarm has its dimensions and period."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["queue-age"].datapoints_to_alarm == 3 && aws_cloudwatch_metric_alarm.this["queue-age"].treat_missing_data == "notBreaching"
    error_message = "Datapoints and missing data are as asked."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["slow"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.this["slow"].statistic == null
    error_message = "A percentile is an extended statistic."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["slow"].datapoints_to_alarm == null && aws_cloudwatch_metric_alarm.this["slow"].treat_missing_data == "missing"
    error_message = "Left out, all periods must breach and missing data is missing."
  }

  assert {
    condition = alltrue([
      for a in values(aws_cloudwatch_metric_alarm.this) : a.alarm_actions == toset(var.actions) && a.ok_actions == toset(var.actions)
    ])
    error_message = "Both directions are told."
  }

  assert {
    condition     = { for q in aws_cloudwatch_metric_alarm.this["errors"].metric_query : q.id => q.return_data } == { result = true, errors = false, requests = false }
    error_message = "Only the expression is compared with the threshold."
  }

  assert {
    condition     = one([for q in aws_cloudwatch_metric_alarm.this["errors"].metric_query : q.expression if q.id == "result"]) == "IF(requests > 0, 100 * errors / requests, 0)"
    error_message = "The expression is as given."
  }

  assert {
    condition     = one([for q in aws_cloudwatch_metric_alarm.this["errors"].metric_query : one(q.metric).period if q.id == "errors"]) == 60
    error_message = "The metrics of an expression have the alarm's period."
  }

  assert {
    condition = (aws_cloudwatch_metric_alarm.this["errors"].metric_name == null && aws_cloudwatch_metric_alarm.this["errors"].period == null
    && aws_cloudwatch_metric_alarm.this["errors"].statistic == null && aws_cloudwatch_metric_alarm.this["errors"].extended_statistic == null)
    error_message = "An expression has nothing of the plain form."
  }
}

run "without_actions" {
  command = plan

  variables {
    actions = []
  }

  assert {
    condition     = try(length(aws_cloudwatch_metric_alarm.this["slow"].alarm_actions), 0) == 0 && length(output.names) == 3
    error_message = "Alarms that tell nobody still exist: deployments read them."
  }
}

run "refuses_metric_and_expression" {
  command = plan

  variables {
    alarms = { a = { description = "a", namespace = "n", metric = "m", statistic = "Sum", expression = "m1", comparison = "LessThanThreshold", threshold = 1, period_seconds = 60, evaluation_periods = 1 } }
  }

  expect_failures = [var.alarms]
}

run "refuses_neither" {
  command = plan

  variables {
    alarms = { a = { description = "a", comparison = "LessThanThreshold", threshold = 1, period_seconds = 60, evaluation_periods = 1 } }
  }

  expect_failures = [var.alarms]
}

run "refuses_an_unknown_comparison" {
  command = plan

  variables {
    alarms = { a = { description = "a", namespace = "n", metric = "m", statistic = "Sum", comparison = ">", threshold = 1, period_seconds = 60, evaluation_periods = 1 } }
  }

  expect_failures = [var.alarms]
}

run "refuses_an_unknown_treatment" {
  command = plan

  variables {
    alarms = { a = { description = "a", namespace = "n", metric = "m", statistic = "Sum", comparison = "LessThanThreshold", threshold = 1, period_seconds = 60, evaluation_periods = 1, treat_missing = "zero" } }
  }

  expect_failures = [var.alarms]
}

run "refuses_a_period_of_45_seconds" {
  command = plan

  variables {
    alarms = { a = { description = "a", namespace = "n", metric = "m", statistic = "Sum", comparison = "LessThanThreshold", threshold = 1, period_seconds = 45, evaluation_periods = 1 } }
  }

  expect_failures = [var.alarms]
}

run "refuses_more_than_a_day" {
  command = plan

  variables {
    alarms = { a = { description = "a", namespace = "n", metric = "m", statistic = "Sum", comparison = "LessThanThreshold", threshold = 1, period_seconds = 60, evaluation_periods = 1441 } }
  }

  expect_failures = [var.alarms]
}

run "takes_a_week_of_hours" {
  command = plan

  variables {
    alarms = { a = { description = "a", namespace = "n", metric = "m", statistic = "Sum", comparison = "LessThanThreshold", threshold = 1, period_seconds = 3600, evaluation_periods = 168 } }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["a"].evaluation_periods == 168
    error_message = "A week is allowed with periods of an hour."
  }
}

run "refuses_more_datapoints_than_periods" {
  command = plan

  variables {
    alarms = { a = { description = "a", namespace = "n", metric = "m", statistic = "Sum", comparison = "LessThanThreshold", threshold = 1, period_seconds = 60, evaluation_periods = 2, datapoints = 3 } }
  }

  expect_failures = [var.alarms]
}

run "refuses_an_unknown_statistic" {
  command = plan

  variables {
    alarms = { a = { description = "a", namespace = "n", metric = "m", statistic = "avg", comparison = "LessThanThreshold", threshold = 1, period_seconds = 60, evaluation_periods = 1 } }
  }

  expect_failures = [var.alarms]
}

run "refuses_the_id_of_the_result" {
  command = plan

  variables {
    alarms = { a = { description = "a", expression = "result", metrics = { result = { namespace = "n", metric = "m", statistic = "Sum" } }, comparison = "LessThanThreshold", threshold = 1, period_seconds = 60, evaluation_periods = 1 } }
  }

  expect_failures = [var.alarms]
}

run "refuses_six_actions" {
  command = plan

  variables {
    actions = [for n in range(6) : "arn:aws:sns:us-east-1:123456789012:topic-${n}"]
  }

  expect_failures = [var.actions]
}
