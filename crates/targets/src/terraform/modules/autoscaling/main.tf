# Keeps the number of an ECS service's tasks where its load, its queue or the clock wants it.

locals {
  # The predefined metrics that are followed. AWS's documents: requests per target is not for a blue/green service.
  predefined = {
    for name, policy in {
      cpu      = { metric = "ECSServiceAverageCPUUtilization", target = var.cpu_percentage, label = null }
      memory   = { metric = "ECSServiceAverageMemoryUtilization", target = var.memory_percentage, label = null }
      requests = { metric = "ALBRequestCountPerTarget", target = try(var.requests.target, null), label = try(var.requests.resource_label, null) }
    } : name => policy if policy.target != null
  }
}

# A scheduled action writes its limits into this target. They are not ignored, or a changed min or max would never
# arrive: a plan made while an action's limits hold shows them, and an apply puts min and max back until the next action.
resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster_name}/${var.service_name}"
  min_capacity       = var.min
  max_capacity       = var.max

  lifecycle {
    precondition {
      condition     = var.max >= var.min
      error_message = "The most tasks (${var.max}) are fewer than the fewest (${var.min})."
    }
  }
}

resource "aws_appautoscaling_policy" "predefined" {
  for_each = local.predefined

  name               = "${var.name}-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.target
    scale_in_cooldown  = var.scale_in_cooldown_seconds
    scale_out_cooldown = var.scale_out_cooldown_seconds

    predefined_metric_specification {
      predefined_metric_type = each.value.metric
      resource_label         = each.value.label
    }
  }
}

# Requests of all target groups per running task: under blue/green the group that serves changes with every delivery, and
# the predefined metric is of one group.
resource "aws_appautoscaling_policy" "requests_across" {
  count = var.requests_across == null ? 0 : 1

  name               = "${var.name}-requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.requests_across.target
    scale_in_cooldown  = var.scale_in_cooldown_seconds
    scale_out_cooldown = var.scale_out_cooldown_seconds

    customized_metric_specification {
      dynamic "metrics" {
        for_each = var.requests_across.target_groups

        content {
          id          = metrics.key
          label       = "Requests to ${metrics.key}"
          return_data = false

          metric_stat {
            stat = "Sum"

            metric {
              namespace   = "AWS/ApplicationELB"
              metric_name = "RequestCount"

              dimensions {
                name  = "LoadBalancer"
                value = var.requests_across.balancer
              }

              dimensions {
                name  = "TargetGroup"
                value = metrics.value
              }
            }
          }
        }
      }

      metrics {
        id          = "running"
        label       = "Running tasks"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "ECS/ContainerInsights"
            metric_name = "RunningTaskCount"

            dimensions {
              name  = "ClusterName"
              value = var.cluster_name
            }

            dimensions {
              name  = "ServiceName"
              value = var.service_name
            }
          }
        }
      }

      metrics {
        id          = "load"
        label       = "Requests per running task"
        expression  = "(${join(" + ", [for key in sort(keys(var.requests_across.target_groups)) : "FILL(${key}, 0)"])}) / IF(FILL(running, 0) > 0, FILL(running, 0), 1)"
        return_data = true
      }
    }
  }
}

# Messages that wait per running task (Application Auto Scaling User Guide, "Create a target tracking scaling policy
# using metric math"): each task works off acceptable latency / processing time of them in time.
resource "aws_appautoscaling_policy" "queue_delay" {
  count = var.queue_delay == null ? 0 : 1

  name               = "${var.name}-queue-delay"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.queue_delay.acceptable_latency_seconds / var.queue_delay.msg_processing_seconds
    scale_in_cooldown  = var.scale_in_cooldown_seconds
    scale_out_cooldown = var.scale_out_cooldown_seconds

    customized_metric_specification {
      metrics {
        id          = "visible"
        label       = "Messages that wait"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "AWS/SQS"
            metric_name = "ApproximateNumberOfMessagesVisible"

            dimensions {
              name  = "QueueName"
              value = var.queue_delay.queue_name
            }
          }
        }
      }

      metrics {
        id          = "running"
        label       = "Running tasks"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "ECS/ContainerInsights"
            metric_name = "RunningTaskCount"

            dimensions {
              name  = "ClusterName"
              value = var.cluster_name
            }

            dimensions {
              name  = "ServiceName"
              value = var.service_name
            }
          }
        }
      }

      # With no task running, or none counted yet, what waits counts as one task's. A queue idle for long reports nothing.
      metrics {
        id          = "backlog"
        label       = "Messages that wait per running task"
        expression  = "FILL(visible, 0) / IF(FILL(running, 0) > 0, FILL(running, 0), 1)"
        return_data = true
      }
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "this" {
  for_each = var.schedule

  name               = "${var.name}-${each.key}"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id
  schedule           = each.value.cron
  timezone           = "UTC"

  scalable_target_action {
    min_capacity = each.value.min
    max_capacity = each.value.max
  }
}
