# An application load balancer whose listeners answer nothing by themselves: the `route` module adds what they serve.

locals {
  https = coalesce(var.https, var.certificate_arn != null)
  plain = !local.https || var.redirect_http

  protocol     = local.https ? "HTTPS" : "HTTP"
  ssl_policy   = local.https ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null
  certificate  = local.https ? var.certificate_arn : null
  default_text = { 403 = "Forbidden", 404 = "Not found" }[var.default_status]
}

resource "aws_lb" "this" {
  name               = var.name
  load_balancer_type = "application"
  internal           = var.internal
  subnets            = var.subnet_ids
  security_groups    = [aws_security_group.this.id]
  idle_timeout       = var.idle_timeout_seconds
  enable_http2       = true

  enable_deletion_protection = var.deletion_protection

  # A request that two parsers may read differently is refused or closed, never passed on as it came
  # (Elastic Load Balancing: "Desync mitigation mode").
  desync_mitigation_mode     = "defensive"
  drop_invalid_header_fields = true

  dynamic "access_logs" {
    for_each = var.access_log_bucket[*]

    content {
      bucket  = access_logs.value
      enabled = true
    }
  }

  lifecycle {
    precondition {
      condition     = !local.https || var.certificate_arn != null
      error_message = "https needs a certificate_arn."
    }
  }
}

# Serves when there is no certificate; otherwise only sends browsers to HTTPS.
resource "aws_lb_listener" "http" {
  count = local.plain ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  dynamic "default_action" {
    for_each = local.https ? ["redirect"] : []

    content {
      type = "redirect"

      redirect {
        port        = "443"
        protocol    = "HTTPS"
        status_code = "HTTP_301"
      }
    }
  }

  dynamic "default_action" {
    for_each = local.https ? [] : ["fixed-response"]

    content {
      type = "fixed-response"

      fixed_response {
        content_type = "text/plain"
        message_body = local.default_text
        status_code  = tostring(var.default_status)
      }
    }
  }
}

resource "aws_lb_listener" "https" {
  count = local.https ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = local.ssl_policy
  certificate_arn   = local.certificate

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = local.default_text
      status_code  = tostring(var.default_status)
    }
  }
}

# CodeDeploy shows a new version here before anybody else sees it.
resource "aws_lb_listener" "test" {
  count = var.test_listener_port == null ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = var.test_listener_port
  protocol          = local.protocol
  ssl_policy        = local.ssl_policy
  certificate_arn   = local.certificate

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = local.default_text
      status_code  = tostring(var.default_status)
    }
  }
}

resource "aws_lb_listener" "own" {
  for_each = var.own_ports

  load_balancer_arn = aws_lb.this.arn
  port              = each.value
  protocol          = local.protocol
  ssl_policy        = local.ssl_policy
  certificate_arn   = local.certificate

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = local.default_text
      status_code  = tostring(var.default_status)
    }
  }

  lifecycle {
    precondition {
      condition     = each.value != var.test_listener_port
      error_message = "Port ${each.value} of own_ports is the test listener's."
    }
  }
}
