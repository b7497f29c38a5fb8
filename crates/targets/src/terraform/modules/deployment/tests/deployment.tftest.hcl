mock_provider "aws" {}

variables {
  name               = "ingest-prod-api"
  account_id         = "123456789012"
  region             = "us-east-1"
  cluster_name       = "ingest-prod"
  service_name       = "ingest-prod-api"
  listener_arns      = ["arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/ingest/50dc/f2f7"]
  test_listener_arns = ["arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/ingest/50dc/9a1b"]
  target_group_names = { blue = "ingest-prod-api-blue", green = "ingest-prod-api-green" }
  traffic            = { kind = "canary", percent = 10, interval_minutes = 5 }
  alarms             = ["ingest-prod-api-errors"]
  pass_role_arns     = ["arn:aws:iam::123456789012:role/ingest-prod-api-task"]
  hook_function_arns = ["arn:aws:lambda:us-east-1:123456789012:function:ingest-prod-api-migrate"]
}

run "everything" {
  command = plan

  assert {
    condition     = aws_codedeploy_app.this.compute_platform == "ECS"
    error_message = "The application is one for ECS."
  }

  assert {
    condition     = output.config_name == "CodeDeployDefault.ECSCanary10Percent5Minutes" && length(aws_codedeploy_deployment_config.own) == 0
    error_message = "AWS's own configuration is used where it has one."
  }

  assert {
    condition     = one(aws_codedeploy_deployment_group.this.deployment_style) == { deployment_type = "BLUE_GREEN", deployment_option = "WITH_TRAFFIC_CONTROL" }
    error_message = "The deployment is blue/green behind the balancer."
  }

  assert {
    condition     = toset(one(aws_codedeploy_deployment_group.this.auto_rollback_configuration).events) == toset(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"])
    error_message = "Failures and alarms roll back."
  }

  assert {
    condition     = one(aws_codedeploy_deployment_group.this.alarm_configuration).enabled && one(aws_codedeploy_deployment_group.this.alarm_configuration).alarms == toset(["ingest-prod-api-errors"])
    error_message = "The alarms are watched."
  }

  assert {
    condition     = [for g in aws_codedeploy_deployment_group.this.load_balancer_info[0].target_group_pair_info[0].target_group : g.name] == ["ingest-prod-api-blue", "ingest-prod-api-green"]
    error_message = "The traffic moves between the blue and the green target group."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.load_balancer_info[0].target_group_pair_info[0].test_traffic_route[0].listener_arns == toset(var.test_listener_arns)
    error_message = "Test traffic has its listener."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.blue_green_deployment_config[0].terminate_blue_instances_on_deployment_success[0].termination_wait_time_in_minutes == 5
    error_message = "The old tasks stay five minutes."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [
      {
        Sid    = "Service"
        Effect = "Allow"
        Action = ["ecs:CreateTaskSet", "ecs:DeleteTaskSet", "ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"]
        Resource = [
          "arn:aws:ecs:us-east-1:123456789012:service/ingest-prod/ingest-prod-api",
          "arn:aws:ecs:us-east-1:123456789012:task-set/ingest-prod/ingest-prod-api/*",
        ]
      },
      {
        Sid      = "BalancerRead"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetGroups"]
        Resource = ["*"]
      },
      {
        Sid    = "BalancerMove"
        Effect = "Allow"
        Action = ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"]
        Resource = [
          "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/ingest/50dc/f2f7",
          "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/ingest/50dc/9a1b",
          "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/ingest/50dc/f2f7/*",
          "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/ingest/50dc/9a1b/*",
        ]
      },
      {
        Sid       = "TaskRoles"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = ["arn:aws:iam::123456789012:role/ingest-prod-api-task"]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
      {
        Sid      = "Hooks"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = ["arn:aws:lambda:us-east-1:123456789012:function:ingest-prod-api-migrate"]
      },
      {
        Sid      = "Alarms"
        Effect   = "Allow"
        Action   = ["cloudwatch:DescribeAlarms"]
        Resource = ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:*"]
      },
    ]
    error_message = "The role may do exactly what a deployment of this service needs."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "123456789012" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:ingest-prod-api/ingest-prod-api" }
      }
    }]
    error_message = "Only this deployment group assumes the role."
  }
}

run "nothing_optional" {
  command = plan

  variables {
    test_listener_arns = []
    alarms             = []
    hook_function_arns = []
    traffic            = { kind = "all_at_once" }
  }

  assert {
    condition     = output.config_name == "CodeDeployDefault.ECSAllAtOnce"
    error_message = "All at once is AWS's configuration."
  }

  assert {
    condition     = length(aws_codedeploy_deployment_group.this.alarm_configuration) == 0
    error_message = "No alarms, no alarm configuration."
  }

  assert {
    condition     = length(aws_codedeploy_deployment_group.this.load_balancer_info[0].target_group_pair_info[0].test_traffic_route) == 0
    error_message = "No test listener, no test route."
  }

  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.this.policy).Statement : s.Sid] == ["Service", "BalancerRead", "BalancerMove", "TaskRoles"]
    error_message = "What is not used is not allowed."
  }
}

run "own_canary" {
  command = plan

  variables {
    traffic = { kind = "canary", percent = 20, interval_minutes = 30 }
  }

  assert {
    condition     = output.config_name == "ingest-prod-api-canary-20-30"
    error_message = "The configuration's name says what it does."
  }

  assert {
    condition     = jsonencode(one(aws_codedeploy_deployment_config.own[0].traffic_routing_config)) == jsonencode({ type = "TimeBasedCanary", time_based_canary = [{ percentage = 20, interval = 30 }], time_based_linear = [] })
    error_message = "A fifth first, the rest after half an hour."
  }
}

run "own_linear" {
  command = plan

  variables {
    traffic = { kind = "linear", percent = 25, interval_minutes = 2 }
  }

  assert {
    condition     = jsonencode(one(aws_codedeploy_deployment_config.own[0].traffic_routing_config)) == jsonencode({ type = "TimeBasedLinear", time_based_canary = [], time_based_linear = [{ percentage = 25, interval = 2 }] })
    error_message = "A quarter every two minutes."
  }
}

run "refuses_an_unknown_kind" {
  command = plan

  variables {
    traffic = { kind = "sudden", percent = 10, interval_minutes = 5 }
  }

  expect_failures = [var.traffic]
}

run "refuses_a_canary_without_percent" {
  command = plan

  variables {
    traffic = { kind = "canary", interval_minutes = 5 }
  }

  expect_failures = [var.traffic]
}

run "refuses_half_a_minute" {
  command = plan

  variables {
    traffic = { kind = "linear", percent = 10, interval_minutes = 0.5 }
  }

  expect_failures = [var.traffic]
}

run "refuses_two_production_listeners" {
  command = plan

  variables {
    listener_arns = ["arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/1/1", "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/1/2"]
  }

  expect_failures = [var.listener_arns]
}

run "refuses_two_test_listeners" {
  command = plan

  variables {
    test_listener_arns = ["arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/1/1", "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/1/2"]
  }

  expect_failures = [var.test_listener_arns]
}

run "refuses_one_target_group_twice" {
  command = plan

  variables {
    target_group_names = { blue = "ingest-prod-api", green = "ingest-prod-api" }
  }

  expect_failures = [var.target_group_names]
}

run "refuses_what_codedeploy_refuses" {
  command = plan

  variables {
    name                    = "ingest prod"
    account_id              = "1234"
    terminate_after_minutes = 2881
    alarms                  = [for n in range(11) : "alarm-${n}"]
    pass_role_arns          = []
  }

  expect_failures = [var.name, var.account_id, var.terminate_after_minutes, var.alarms, var.pass_role_arns]
}

run "roles_within_a_boundary" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::123456789012:policy/shop-prod-boundary"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.this] : role.permissions_boundary == var.permissions_boundary])
    error_message = "Every role must take the boundary."
  }
}

run "refuses_a_boundary_that_is_no_policy" {
  command = plan

  variables {
    permissions_boundary = "shop-prod-boundary"
  }

  expect_failures = [var.permissions_boundary]
}
