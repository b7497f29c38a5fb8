# An ECS service on Fargate whose deployments CodeDeploy does: a second set of tasks beside the first, then the traffic.

resource "aws_ecs_service" "this" {
  name             = var.name
  cluster          = var.cluster_arn
  task_definition  = var.task_definition_arn
  desired_count    = var.desired_count
  launch_type      = "FARGATE"
  platform_version = "LATEST"

  health_check_grace_period_seconds = var.grace_seconds

  enable_ecs_managed_tags = true
  enable_execute_command  = var.enable_execute_command
  propagate_tags          = "SERVICE"

  # A delivery watches its own deployment; Terraform does not wait for it.
  wait_for_steady_state = false

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = var.security_group_ids
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.target_group.arn
    container_name   = var.target_group.container_name
    container_port   = var.target_group.port
  }

  dynamic "service_registries" {
    for_each = var.registry_arn == null ? [] : [var.registry_arn]

    content {
      registry_arn = service_registries.value
    }
  }

  lifecycle {
    ignore_changes = [
      # Scaling owns the number of tasks.
      desired_count,

      # Each deployment makes a new task set with its own revision, target group, network and platform. UpdateService
      # refuses to change them (Amazon ECS API Reference, "UpdateService"): a deployment's AppSpec names what is new.
      task_definition,
      load_balancer,
      network_configuration,
      platform_version,
    ]
  }
}
