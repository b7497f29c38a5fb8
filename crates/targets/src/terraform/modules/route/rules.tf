locals {
  # A rule needs a condition: without host and path it takes every path.
  every_path = var.path == "/" || (var.path == null && var.host == null)
  paths      = local.every_path ? ["/*"] : var.path == null ? [] : [var.path, "${var.path}/*"]

  # Blocks are repeated by what is not secret; the value itself stays sensitive.
  gates = nonsensitive(var.gate != null) ? ["gate"] : []

  test_listener = coalesce(var.test_listener, var.test_listener_arn != null)
  shifted_listeners = !var.blue_green ? {} : merge(
    { live = var.listener_arn },
    local.test_listener ? { test = var.test_listener_arn } : {},
  )
}

resource "aws_lb_listener_rule" "rolling" {
  count = var.blue_green ? 0 : 1

  listener_arn = var.listener_arn
  priority     = var.priority

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this["only"].arn
  }

  dynamic "condition" {
    for_each = var.host[*]
    content {
      host_header { values = [condition.value] }
    }
  }

  dynamic "condition" {
    for_each = length(local.paths) > 0 ? [local.paths] : []
    content {
      path_pattern { values = condition.value }
    }
  }

  dynamic "condition" {
    for_each = local.gates
    content {
      http_header {
        http_header_name = var.gate.header
        values           = [var.gate.value]
      }
    }
  }
}

# The same rule, on the listener that serves and on the one for tests. Both begin with blue.
resource "aws_lb_listener_rule" "blue_green" {
  for_each = local.shifted_listeners

  listener_arn = each.value
  priority     = var.priority

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this["blue"].arn
  }

  dynamic "condition" {
    for_each = var.host[*]
    content {
      host_header { values = [condition.value] }
    }
  }

  dynamic "condition" {
    for_each = length(local.paths) > 0 ? [local.paths] : []
    content {
      path_pattern { values = condition.value }
    }
  }

  dynamic "condition" {
    for_each = local.gates
    content {
      http_header {
        http_header_name = var.gate.header
        values           = [var.gate.value]
      }
    }
  }

  # CodeDeploy moves the traffic between blue and green: the action is its own after the first delivery.
  lifecycle {
    ignore_changes = [action]
  }
}
