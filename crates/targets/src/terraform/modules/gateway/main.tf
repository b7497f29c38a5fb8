# An API Gateway HTTP API that passes every request on: to a private load balancer over a VPC link, or to a public URL.

locals {
  # Over a link the path passes by itself; a URL needs to be told it. A header that the origin knows the gateway by takes
  # the place of what a caller sends under its name.
  changes = merge(
    var.vpc_link ? {} : { "overwrite:path" = "$request.path" },
    var.gate_header == null ? {} : { "overwrite:header.${coalesce(var.gate_header, "-")}" = var.gate_value },
  )
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "this" {
  api_id             = aws_apigatewayv2_api.this.id
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"

  connection_type    = var.vpc_link ? "VPC_LINK" : "INTERNET"
  connection_id      = one(aws_apigatewayv2_vpc_link.this[*].id)
  integration_uri    = var.vpc_link ? var.listener_arn : var.origin_url
  request_parameters = length(local.changes) > 0 ? local.changes : null

  dynamic "tls_config" {
    for_each = var.vpc_link ? var.tls_server_name[*] : []

    content {
      server_name_to_verify = tls_config.value
    }
  }

  lifecycle {
    precondition {
      condition     = var.vpc_link ? var.listener_arn != null : var.origin_url != null
      error_message = "A gateway needs a listener_arn with vpc_link, or an origin_url without."
    }
  }
}

# Who may call what is the services' own decision: the gateway asks nothing.
resource "aws_apigatewayv2_route" "default" {
  api_id             = aws_apigatewayv2_api.this.id
  route_key          = "$default"
  target             = "integrations/${aws_apigatewayv2_integration.this.id}"
  authorization_type = "NONE"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  # Without numbers the provider writes 0, which refuses everything: an account's own limits stand for "none"
  # (API Gateway: "Amazon API Gateway quotas").
  default_route_settings {
    detailed_metrics_enabled = true
    throttling_rate_limit    = var.throttle == null ? 10000 : var.throttle.rate
    throttling_burst_limit   = var.throttle == null ? 5000 : var.throttle.burst
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn

    format = jsonencode({
      time             = "$context.requestTime"
      requestId        = "$context.requestId"
      ip               = "$context.identity.sourceIp"
      userAgent        = "$context.identity.userAgent"
      protocol         = "$context.protocol"
      host             = "$context.domainName"
      method           = "$context.httpMethod"
      path             = "$context.path"
      status           = "$context.status"
      responseBytes    = "$context.responseLength"
      responseMs       = "$context.responseLatency"
      integrationMs    = "$context.integrationLatency"
      integrationError = "$context.integrationErrorMessage"
    })
  }
}

# Names that begin with /aws/vendedlogs/ share one line of the account's log delivery policy, which is short
# (API Gateway: "Configure logging for HTTP APIs").
resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/vendedlogs/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
