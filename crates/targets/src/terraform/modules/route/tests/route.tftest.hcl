mock_provider "aws" {}

variables {
  name                   = "ingest-prod-api"
  vpc_id                 = "vpc-1"
  port                   = 8080
  listener_arn           = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/ingest-prod/1/2"
  priority               = 10
  blue_green             = false
  health_check           = { path = "/health" }
  deregistration_seconds = 30
}

run "rolling" {
  command = plan

  assert {
    condition     = output.target_group_names == { only = "ingest-prod-api" }
    error_message = "one target group, of the service's name"
  }
  assert {
    condition     = aws_lb_target_group.this["only"].target_type == "ip" && aws_lb_target_group.this["only"].protocol == "HTTP" && aws_lb_target_group.this["only"].protocol_version == "HTTP1"
    error_message = "tasks are registered by address"
  }
  assert {
    condition     = aws_lb_target_group.this["only"].deregistration_delay == "30" && aws_lb_target_group.this["only"].slow_start == 0
    error_message = "the drain is as told"
  }
  assert {
    condition     = aws_lb_target_group.this["only"].health_check[0].path == "/health" && aws_lb_target_group.this["only"].health_check[0].matcher == "200" && aws_lb_target_group.this["only"].health_check[0].port == "traffic-port"
    error_message = "the task's own port is checked"
  }
  assert {
    condition     = aws_lb_target_group.this["only"].health_check[0].interval == 10 && aws_lb_target_group.this["only"].health_check[0].timeout == 5 && aws_lb_target_group.this["only"].health_check[0].healthy_threshold == 2 && aws_lb_target_group.this["only"].health_check[0].unhealthy_threshold == 3
    error_message = "the check's times and counts"
  }
  assert {
    condition     = length(aws_lb_listener_rule.rolling) == 1 && length(aws_lb_listener_rule.blue_green) == 0
    error_message = "one rule, whose action is Terraform's"
  }
  assert {
    condition     = aws_lb_listener_rule.rolling[0].priority == 10 && one(aws_lb_listener_rule.rolling[0].action).type == "forward"
    error_message = "the rule forwards"
  }
  assert {
    condition     = [for c in aws_lb_listener_rule.rolling[0].condition : c.path_pattern[0].values] == [toset(["/*"])]
    error_message = "without host and path every path is taken"
  }
}

run "path" {
  command = plan

  variables {
    path = "/api"
  }

  assert {
    condition     = [for c in aws_lb_listener_rule.rolling[0].condition : c.path_pattern[0].values] == [toset(["/api", "/api/*"])]
    error_message = "the prefix and all below it, and not /apiary"
  }
}

run "host" {
  command = plan

  variables {
    host = "api.example.com"
  }

  assert {
    condition     = length(aws_lb_listener_rule.rolling[0].condition) == 1 && one(aws_lb_listener_rule.rolling[0].condition[*].host_header[0].values) == toset(["api.example.com"])
    error_message = "only the host decides"
  }
}

run "host_and_root" {
  command = plan

  variables {
    host = "*.example.com"
    path = "/"
  }

  assert {
    condition = toset(flatten([
      for c in aws_lb_listener_rule.rolling[0].condition : [for part in concat(c.host_header, c.path_pattern) : tolist(part.values)]
    ])) == toset(["*.example.com", "/*"])
    error_message = "host and every path"
  }
}

run "gate" {
  command = plan

  variables {
    gate = { header = "x-origin-gate", value = "0123456789abcdef0123456789abcdef" }
    path = "/api"
  }

  assert {
    condition = [
      for c in nonsensitive(aws_lb_listener_rule.rolling[0].condition) : c.http_header[0] if length(c.http_header) > 0
    ] == [{ http_header_name = "x-origin-gate", values = toset(["0123456789abcdef0123456789abcdef"]) }]
    error_message = "the header is demanded"
  }
  assert {
    condition     = length(nonsensitive(aws_lb_listener_rule.rolling[0].condition)) == 2
    error_message = "and the path is still"
  }
  assert {
    condition     = issensitive(aws_lb_listener_rule.rolling[0].condition)
    error_message = "the value is shown nowhere"
  }
}

run "blue_green" {
  override_resource {
    target = aws_lb_target_group.this["blue"]
    values = {
      arn        = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/ingest-prod-api-blue/1"
      arn_suffix = "targetgroup/ingest-prod-api-blue/1"
    }
  }
  override_resource {
    target = aws_lb_target_group.this["green"]
    values = {
      arn        = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/ingest-prod-api-green/2"
      arn_suffix = "targetgroup/ingest-prod-api-green/2"
    }
  }

  variables {
    blue_green = true
    path       = "/api"
    gate       = { header = "x-origin-gate", value = "0123456789abcdef0123456789abcdef" }
  }

  assert {
    condition     = output.target_group_names == { blue = "ingest-prod-api-blue", green = "ingest-prod-api-green" }
    error_message = "two target groups"
  }
  assert {
    condition     = length(aws_lb_listener_rule.rolling) == 0 && keys(aws_lb_listener_rule.blue_green) == ["live"]
    error_message = "one rule, whose action is CodeDeploy's"
  }
  assert {
    condition     = one(aws_lb_listener_rule.blue_green["live"].action).target_group_arn == aws_lb_target_group.this["blue"].arn
    error_message = "blue serves first"
  }
  assert {
    condition     = output.target_group_arn == output.target_group_arns["blue"] && endswith(output.target_group_arns["green"], "-green/2")
    error_message = "a new service begins with blue"
  }
  assert {
    condition     = output.target_group_arn_suffix == "targetgroup/ingest-prod-api-blue/1" && output.target_group_arn_suffixes["green"] == "targetgroup/ingest-prod-api-green/2"
    error_message = "CloudWatch's names are those of the groups"
  }
  assert {
    condition     = length(nonsensitive(aws_lb_listener_rule.blue_green["live"].condition)) == 2
    error_message = "path and gate are demanded"
  }
}

run "blue_green_with_test_listener" {
  command = plan

  variables {
    blue_green        = true
    test_listener_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/ingest-prod/1/3"
  }

  assert {
    condition     = aws_lb_listener_rule.blue_green["test"].listener_arn == var.test_listener_arn && aws_lb_listener_rule.blue_green["test"].priority == 10
    error_message = "the test listener has the rule too"
  }
  assert {
    condition     = aws_lb_listener_rule.blue_green["live"].listener_arn == var.listener_arn
    error_message = "and the serving one keeps it"
  }
}

run "blue_green_names_are_shorter" {
  command         = plan
  expect_failures = [aws_lb_target_group.this]

  variables {
    name       = "a-name-of-twenty-seven-char"
    blue_green = true
  }
}

run "refused" {
  command = plan
  expect_failures = [
    var.name, var.port, var.priority, var.host, var.path, var.gate, var.health_check, var.deregistration_seconds,
    var.slow_start_seconds, var.protocol_version,
  ]

  variables {
    name                   = "under_score"
    port                   = 0
    priority               = 0
    host                   = "API.example.com"
    path                   = "/api/"
    gate                   = { header = "x-origin-gate", value = "0123456789abcdef0123456789abcde*" }
    health_check           = { path = "health" }
    deregistration_seconds = 3601
    slow_start_seconds     = 10
    protocol_version       = "HTTP3"
  }
}

run "refuses_a_wildcard_path_and_a_slow_check" {
  command         = plan
  expect_failures = [var.path, var.health_check]

  variables {
    path         = "/api*"
    health_check = { path = "/health", interval = 5, timeout = 5 }
  }
}

run "refuses_a_short_gate_and_counts_of_one" {
  command         = plan
  expect_failures = [var.gate, var.health_check]

  variables {
    gate         = { header = "x-origin-gate", value = "short" }
    health_check = { path = "/health", healthy = 1 }
  }
}
