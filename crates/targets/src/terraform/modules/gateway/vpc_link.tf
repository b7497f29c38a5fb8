locals {
  listener_port = coalesce(var.listener_port, var.tls_server_name == null ? 80 : 443)
}

resource "aws_apigatewayv2_vpc_link" "this" {
  count = var.vpc_link ? 1 : 0

  name               = var.name
  subnet_ids         = var.subnet_ids
  security_group_ids = [aws_security_group.link[0].id]

  lifecycle {
    precondition {
      condition     = length(var.subnet_ids) > 0 && var.vpc_id != null
      error_message = "A VPC link needs subnet_ids and their vpc_id."
    }
  }
}

resource "aws_security_group" "link" {
  count = var.vpc_link ? 1 : 0

  name        = "${var.name}-link"
  description = "VPC link of the gateway ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-link" }

  # The link holds on to its group until it has the next one.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "listener" {
  count = var.vpc_link ? 1 : 0

  security_group_id            = aws_security_group.link[0].id
  description                  = "Load balancer"
  ip_protocol                  = "tcp"
  from_port                    = local.listener_port
  to_port                      = local.listener_port
  referenced_security_group_id = var.listener_security_group_id

  lifecycle {
    precondition {
      condition     = var.listener_security_group_id != null
      error_message = "A VPC link needs the listener_security_group_id it may speak to."
    }
  }
}
