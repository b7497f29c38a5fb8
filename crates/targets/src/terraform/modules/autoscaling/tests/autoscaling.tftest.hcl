mock_provider "aws" {}

variables {
  name         = "ingest-prod-api"
  cluster_name = "ingest-prod"
  service_name = "ingest-prod-api"
  min          = 2
  max          = 6
}

run "limits_only" {
  command = plan

  assert {
    condition = (
      aws_appautoscaling_target.this.service_namespace == "ecs"
      && aws_appautoscaling_target.this.scalable_dimension == "ecs:service:DesiredCount"
      && aws_appautoscaling_target.this.resource_id == "service/ingest-prod/ingest-prod-api"
      && aws_appautoscaling_target.this.min_capacity == 2
      && aws_appautoscaling_target.this.max_capacity == 6
    )
    error_message = "the service's number of tasks has its limits"
  }

  assert {
    condition     = length(output.policy_names) == 0 && length(aws_appautoscaling_scheduled_action.this) == 0
    error_message = "nothing is followed that was not asked for"
  }
}

run "load" {
  command = plan

  variables {
    cpu_percentage             = 60
    memory_percentage          = 75
    scale_in_cooldown_seconds  = 120
    scale_out_cooldown_seconds = 30
    requests                   = { target = 600, resource_label = "app/ingest-prod/1a/targetgroup/ingest-prod-api/2b" }
  }

  assert {
    condition     = output.policy_names == tolist(["ingest-prod-api-cpu", "ingest-prod-api-memory", "ingest-prod-api-requests"])
    error_message = "each metric has its policy"
  }

  assert {
    condition = {
      for name, p in aws_appautoscaling_policy.predefined : name => "${p.target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type} ${p.target_tracking_scaling_policy_configuration[0].target_value}"
      } == {
      cpu      = "ECSServiceAverageCPUUtilization 60"
      memory   = "ECSServiceAverageMemoryUtilization 75"
      requests = "ALBRequestCountPerTarget 600"
    }
    error_message = "each policy follows its metric to its target"
  }

  assert {
    condition     = aws_appautoscaling_policy.predefined["requests"].target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].resource_label == "app/ingest-prod/1a/targetgroup/ingest-prod-api/2b"
    error_message = "requests are counted at the target group"
  }

  assert {
    condition = alltrue([
      for p in aws_appautoscaling_policy.predefined :
      p.policy_type == "TargetTrackingScaling"
      && p.target_tracking_scaling_policy_configuration[0].scale_in_cooldown == 120
      && p.target_tracking_scaling_policy_configuration[0].scale_out_cooldown == 30
    ])
    error_message = "each policy has both cooldowns"
  }
}

run "one_metric" {
  command = plan

  variables {
    cpu_percentage = 60
  }

  assert {
    condition     = output.policy_names == tolist(["ingest-prod-api-cpu"])
    error_message = "only CPU is followed"
  }
}

run "queue" {
  command = plan

  variables {
    min         = 0
    queue_delay = { queue_name = "ingest-prod-emails", acceptable_latency_seconds = 60, msg_processing_seconds = 0.5 }
  }

  assert {
    condition     = output.policy_names == tolist(["ingest-prod-api-queue-delay"])
    error_message = "the queue is followed"
  }

  assert {
    condition     = aws_appautoscaling_policy.queue_delay[0].target_tracking_scaling_policy_configuration[0].target_value == 120
    error_message = "a task may have as many messages before it as it does in the acceptable time"
  }

  assert {
    condition = {
      for m in aws_appautoscaling_policy.queue_delay[0].target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metrics :
      m.id => m.return_data
    } == { visible = false, running = false, backlog = true }
    error_message = "only the backlog per task is followed"
  }

  assert {
    condition = [
      for m in aws_appautoscaling_policy.queue_delay[0].target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metrics :
      m.expression if m.id == "backlog"
    ] == ["FILL(visible, 0) / IF(FILL(running, 0) > 0, FILL(running, 0), 1)"]
    error_message = "nothing is divided by zero tasks"
  }

  assert {
    condition = merge([
      for m in aws_appautoscaling_policy.queue_delay[0].target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metrics :
      { for d in m.metric_stat[0].metric[0].dimensions : "${m.metric_stat[0].metric[0].namespace} ${m.metric_stat[0].metric[0].metric_name} ${d.name}" => d.value } if m.id != "backlog"
      ]...) == {
      "AWS/SQS ApproximateNumberOfMessagesVisible QueueName" = "ingest-prod-emails"
      "ECS/ContainerInsights RunningTaskCount ClusterName"   = "ingest-prod"
      "ECS/ContainerInsights RunningTaskCount ServiceName"   = "ingest-prod-api"
    }
    error_message = "the queue's messages and the service's tasks are counted"
  }
}

run "clock" {
  command = plan

  variables {
    schedule = {
      morning = { cron = "cron(0 7 ? * MON-FRI *)", min = 4, max = 12 }
      evening = { cron = "cron(0 19 ? * MON-FRI *)", min = 2, max = 6 }
    }
  }

  assert {
    condition = {
      for name, a in aws_appautoscaling_scheduled_action.this : a.name => "${a.schedule} ${a.timezone} ${a.scalable_target_action[0].min_capacity}-${a.scalable_target_action[0].max_capacity}"
      } == {
      ingest-prod-api-evening = "cron(0 19 ? * MON-FRI *) UTC 2-6"
      ingest-prod-api-morning = "cron(0 7 ? * MON-FRI *) UTC 4-12"
    }
    error_message = "each time changes the limits"
  }
}

run "refuses_a_max_below_the_min" {
  command = plan

  variables {
    max = 1
  }

  expect_failures = [aws_appautoscaling_target.this]
}

run "refuses_bad_values" {
  command = plan

  variables {
    min                        = -1
    max                        = 0
    cpu_percentage             = 0
    memory_percentage          = 101
    scale_in_cooldown_seconds  = -1
    scale_out_cooldown_seconds = 3601
    requests                   = { target = 10, resource_label = "targetgroup/x/1" }
    queue_delay                = { queue_name = "q", acceptable_latency_seconds = 1, msg_processing_seconds = 2 }
    schedule                   = { morning = { cron = "0 7 * * *", min = 1, max = 2 } }
  }

  expect_failures = [
    var.min, var.max, var.cpu_percentage, var.memory_percentage, var.scale_in_cooldown_seconds,
    var.scale_out_cooldown_seconds, var.requests, var.queue_delay, var.schedule,
  ]
}

run "refuses_scheduled_limits_that_cross" {
  command = plan

  variables {
    schedule = { morning = { cron = "cron(0 7 ? * MON-FRI *)", min = 3, max = 2 } }
  }

  expect_failures = [var.schedule]
}

run "requests_of_several_groups" {
  command = plan

  variables {
    requests_across = { target = 900, balancer = "app/ingest-prod/1a", target_groups = { blue = "targetgroup/b/2b", green = "targetgroup/g/3c" } }
  }

  assert {
    condition     = output.policy_names == tolist(["ingest-prod-api-requests"]) && aws_appautoscaling_policy.requests_across[0].target_tracking_scaling_policy_configuration[0].target_value == 900
    error_message = "there is one policy, with its target"
  }

  assert {
    condition = [
      for m in aws_appautoscaling_policy.requests_across[0].target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metrics : m.expression
      if m.return_data
    ] == ["(FILL(blue, 0) + FILL(green, 0)) / IF(FILL(running, 0) > 0, FILL(running, 0), 1)"]
    error_message = "what both groups get is shared by the running tasks"
  }
}

run "requests_need_a_group" {
  command         = plan
  expect_failures = [var.requests_across]

  variables {
    requests_across = { target = 900, balancer = "app/ingest-prod/1a", target_groups = {} }
  }
}
