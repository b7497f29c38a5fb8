mock_provider "aws" {}

variables {
  name                       = "ingest-prod"
  vpc_link                   = true
  vpc_id                     = "vpc-1"
  subnet_ids                 = ["subnet-a", "subnet-b"]
  listener_arn               = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/ingest-prod/1/2"
  listener_security_group_id = "sg-balancer"
  log_retention_days         = 30
}

run "private" {
  command = plan

  assert {
    condition     = aws_apigatewayv2_api.this.name == "ingest-prod" && aws_apigatewayv2_api.this.protocol_type == "HTTP"
    error_message = "an HTTP API of the given name"
  }
  assert {
    condition     = aws_apigatewayv2_integration.this.connection_type == "VPC_LINK" && aws_apigatewayv2_integration.this.integration_uri == var.listener_arn && aws_apigatewayv2_integration.this.integration_method == "ANY"
    error_message = "requests go over the link to the listener"
  }
  assert {
    condition     = aws_apigatewayv2_integration.this.request_parameters == null && length(aws_apigatewayv2_integration.this.tls_config) == 0
    error_message = "nothing is changed on the way"
  }
  assert {
    condition     = aws_apigatewayv2_route.default.route_key == "$default" && aws_apigatewayv2_route.default.authorization_type == "NONE"
    error_message = "every request takes the one route"
  }
  assert {
    condition     = aws_apigatewayv2_vpc_link.this[0].name == "ingest-prod" && aws_apigatewayv2_vpc_link.this[0].subnet_ids == toset(["subnet-a", "subnet-b"])
    error_message = "the link is in the given subnets"
  }
  assert {
    condition     = aws_vpc_security_group_egress_rule.listener[0].from_port == 80 && aws_vpc_security_group_egress_rule.listener[0].to_port == 80 && aws_vpc_security_group_egress_rule.listener[0].referenced_security_group_id == "sg-balancer"
    error_message = "the link reaches the balancer and nothing else"
  }
}

run "gate" {
  command = plan

  variables {
    gate_header = "X-Gate"
    gate_value  = "0123456789abcdef0123456789abcdef"
  }

  assert {
    condition     = nonsensitive(aws_apigatewayv2_integration.this.request_parameters["overwrite:header.X-Gate"]) == "0123456789abcdef0123456789abcdef"
    error_message = "the gate's header is the gateway's own"
  }
}

run "stage" {
  command = plan

  assert {
    condition     = aws_apigatewayv2_stage.default.name == "$default" && aws_apigatewayv2_stage.default.auto_deploy
    error_message = "changes are live at once, without a path prefix"
  }
  assert {
    condition     = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 10000 && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_burst_limit == 5000 && aws_apigatewayv2_stage.default.default_route_settings[0].detailed_metrics_enabled
    error_message = "no throttle means the account's limits, never 0"
  }
  assert {
    condition     = aws_cloudwatch_log_group.access.name == "/aws/vendedlogs/apigateway/ingest-prod" && aws_cloudwatch_log_group.access.retention_in_days == 30 && aws_cloudwatch_log_group.access.kms_key_id == null
    error_message = "the log group has its name and retention"
  }
}

run "access_log_line" {
  command = apply

  override_resource {
    target = aws_cloudwatch_log_group.access
    values = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/apigateway/ingest-prod" }
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.access_log_settings[0].destination_arn == aws_cloudwatch_log_group.access.arn
    error_message = "access logs go to the group"
  }
  assert {
    condition     = jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format).requestId == "$context.requestId" && jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format).status == "$context.status"
    error_message = "a line says which request ended how"
  }
  assert {
    condition     = aws_apigatewayv2_route.default.target == "integrations/${aws_apigatewayv2_integration.this.id}" && aws_apigatewayv2_integration.this.connection_id == aws_apigatewayv2_vpc_link.this[0].id
    error_message = "the route leads to the link"
  }
  assert {
    condition     = output.security_group_id == aws_security_group.link[0].id && aws_apigatewayv2_vpc_link.this[0].security_group_ids == toset([aws_security_group.link[0].id])
    error_message = "the link has its own group"
  }
  assert {
    condition     = output.domain_name == trimprefix(aws_apigatewayv2_api.this.api_endpoint, "https://")
    error_message = "a CDN is told a host name, not a URL"
  }
}

run "tls_and_throttle" {
  command = plan

  variables {
    tls_server_name = "api.example.com"
    throttle        = { rate = 100, burst = 50 }
    kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/1"
  }

  assert {
    condition     = aws_apigatewayv2_integration.this.tls_config[0].server_name_to_verify == "api.example.com" && aws_vpc_security_group_egress_rule.listener[0].to_port == 443
    error_message = "the link speaks TLS with the name it is told"
  }
  assert {
    condition     = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 100 && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_burst_limit == 50
    error_message = "callers are throttled"
  }
  assert {
    condition     = aws_cloudwatch_log_group.access.kms_key_id == var.kms_key_arn
    error_message = "the logs are encrypted with the given key"
  }
}

run "public" {
  command = plan

  variables {
    vpc_link                   = false
    vpc_id                     = null
    subnet_ids                 = []
    listener_arn               = null
    listener_security_group_id = null
    origin_url                 = "https://api.example.com"
  }

  assert {
    condition     = aws_apigatewayv2_integration.this.connection_type == "INTERNET" && aws_apigatewayv2_integration.this.integration_uri == "https://api.example.com"
    error_message = "requests go to the URL"
  }
  assert {
    condition     = aws_apigatewayv2_integration.this.request_parameters == tomap({ "overwrite:path" = "$request.path" })
    error_message = "with their path"
  }
  assert {
    condition     = length(aws_apigatewayv2_vpc_link.this) == 0 && length(aws_security_group.link) == 0 && output.security_group_id == null
    error_message = "and there is no link"
  }
}

run "link_needs_subnets_and_a_balancer" {
  command         = plan
  expect_failures = [aws_apigatewayv2_vpc_link.this, aws_vpc_security_group_egress_rule.listener]

  variables {
    subnet_ids                 = []
    listener_security_group_id = null
  }
}

run "link_needs_a_listener" {
  command         = plan
  expect_failures = [aws_apigatewayv2_integration.this]

  variables {
    listener_arn = null
  }
}

run "public_needs_a_url" {
  command         = plan
  expect_failures = [aws_apigatewayv2_integration.this]

  variables {
    vpc_link = false
  }
}

run "refused" {
  command         = plan
  expect_failures = [var.name, var.listener_port, var.origin_url, var.throttle, var.log_retention_days]

  variables {
    name               = "a name"
    listener_port      = 0
    origin_url         = "https://api.example.com/v1"
    throttle           = { rate = 0, burst = 10 }
    log_retention_days = 2
  }
}
