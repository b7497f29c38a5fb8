# An ECS service on Fargate whose deployments replace its tasks step by step, and go back on their own when they fail.

resource "aws_ecs_service" "this" {
  name             = var.name
  cluster          = var.cluster_arn
  task_definition  = var.task_definition_arn
  desired_count    = var.desired_count
  launch_type      = "FARGATE"
  platform_version = "LATEST"

  deployment_minimum_healthy_percent = var.minimum_healthy_percent
  deployment_maximum_percent         = var.maximum_percent
  health_check_grace_period_seconds  = length(var.target_groups) > 0 ? var.grace_seconds : null

  enable_ecs_managed_tags = true
  enable_execute_command  = var.enable_execute_command
  propagate_tags          = "SERVICE"

  # A delivery watches its own deployment; Terraform does not wait for it.
  wait_for_steady_state = false

  deployment_controller {
    type = "ECS"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  dynamic "alarms" {
    for_each = length(var.alarms) > 0 ? [var.alarms] : []

    content {
      alarm_names = alarms.value
      enable      = true
      rollback    = true
    }
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = var.security_group_ids
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = var.target_groups

    content {
      target_group_arn = load_balancer.value.arn
      container_name   = load_balancer.value.container_name
      container_port   = load_balancer.value.port
    }
  }

  dynamic "service_registries" {
    for_each = var.registry_arn == null ? [] : [var.registry_arn]

    content {
      registry_arn = service_registries.value
    }
  }

  lifecycle {
    # Scaling owns the number of tasks, and deliveries the revision that runs: Terraform sets the first of each.
    ignore_changes = [desired_count, task_definition]

    precondition {
      condition     = var.maximum_percent > var.minimum_healthy_percent
      error_message = "A deployment can replace no task when maximum_percent is not above minimum_healthy_percent."
    }
  }
}
