# Moves the traffic of one ECS service from its old task set to a new one with CodeDeploy, and back when that fails.

locals {
  # The shifts AWS has a configuration for ("Working with deployment configurations in CodeDeploy").
  predefined = {
    "all_at_once"  = "CodeDeployDefault.ECSAllAtOnce"
    "canary-10-5"  = "CodeDeployDefault.ECSCanary10Percent5Minutes"
    "canary-10-15" = "CodeDeployDefault.ECSCanary10Percent15Minutes"
    "linear-10-1"  = "CodeDeployDefault.ECSLinear10PercentEvery1Minutes"
    "linear-10-3"  = "CodeDeployDefault.ECSLinear10PercentEvery3Minutes"
  }

  shift       = var.traffic.kind == "all_at_once" ? "all_at_once" : "${var.traffic.kind}-${var.traffic.percent}-${var.traffic.interval_minutes}"
  own_config  = !contains(keys(local.predefined), local.shift)
  config_name = local.own_config ? aws_codedeploy_deployment_config.own[0].deployment_config_name : local.predefined[local.shift]
}

resource "aws_codedeploy_app" "this" {
  name             = var.name
  compute_platform = "ECS"
}

# A configuration cannot be changed, so its name says what it does and another shift makes another one.
resource "aws_codedeploy_deployment_config" "own" {
  count = local.own_config ? 1 : 0

  deployment_config_name = "${var.name}-${local.shift}"
  compute_platform       = "ECS"

  traffic_routing_config {
    type = var.traffic.kind == "canary" ? "TimeBasedCanary" : "TimeBasedLinear"

    dynamic "time_based_canary" {
      for_each = var.traffic.kind == "canary" ? [var.traffic] : []

      content {
        percentage = time_based_canary.value.percent
        interval   = time_based_canary.value.interval_minutes
      }
    }

    dynamic "time_based_linear" {
      for_each = var.traffic.kind == "linear" ? [var.traffic] : []

      content {
        percentage = time_based_linear.value.percent
        interval   = time_based_linear.value.interval_minutes
      }
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_codedeploy_deployment_group" "this" {
  app_name               = aws_codedeploy_app.this.name
  deployment_group_name  = var.name
  deployment_config_name = local.config_name
  service_role_arn       = aws_iam_role.this.arn

  deployment_style {
    deployment_type   = "BLUE_GREEN"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout = "CONTINUE_DEPLOYMENT"
    }

    terminate_blue_instances_on_deployment_success {
      action                           = "TERMINATE"
      termination_wait_time_in_minutes = var.terminate_after_minutes
    }
  }

  ecs_service {
    cluster_name = var.cluster_name
    service_name = var.service_name
  }

  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route {
        listener_arns = var.listener_arns
      }

      dynamic "test_traffic_route" {
        for_each = length(var.test_listener_arns) > 0 ? [var.test_listener_arns] : []

        content {
          listener_arns = test_traffic_route.value
        }
      }

      target_group {
        name = var.target_group_names.blue
      }

      target_group {
        name = var.target_group_names.green
      }
    }
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
  }

  # An alarm that cannot be read stops the deployment too: going on unseen is the worse mistake.
  dynamic "alarm_configuration" {
    for_each = length(var.alarms) > 0 ? [var.alarms] : []

    content {
      enabled                   = true
      alarms                    = alarm_configuration.value
      ignore_poll_alarm_failure = false
    }
  }

  depends_on = [aws_iam_role_policy.this]
}
