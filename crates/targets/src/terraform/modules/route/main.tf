# Brings one service's requests from a listener to its tasks: target groups and the rule that selects them.

locals {
  # Blue and green are the two places CodeDeploy moves traffic between; a rolling service has one.
  target_groups = var.blue_green ? { blue = "${var.name}-blue", green = "${var.name}-green" } : { only = var.name }
}

resource "aws_lb_target_group" "this" {
  for_each = local.target_groups

  name             = each.value
  vpc_id           = var.vpc_id
  target_type      = "ip"
  port             = var.port
  protocol         = "HTTP"
  protocol_version = var.protocol_version

  deregistration_delay = var.deregistration_seconds
  slow_start           = var.slow_start_seconds

  health_check {
    protocol            = "HTTP"
    port                = "traffic-port"
    path                = var.health_check.path
    matcher             = var.health_check.matcher
    interval            = var.health_check.interval
    timeout             = var.health_check.timeout
    healthy_threshold   = var.health_check.healthy
    unhealthy_threshold = var.health_check.unhealthy
  }

  # ECS registers every task with the task's own port. The group's is only a default, and a new one would replace a
  # group that the rule still uses.
  lifecycle {
    ignore_changes = [port]

    precondition {
      condition     = !var.blue_green || length(var.name) <= 26
      error_message = "name must have at most 26 characters with blue_green, so that \"-blue\" and \"-green\" fit."
    }
  }
}
