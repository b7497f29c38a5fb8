mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/ingest-prod-api-migrate-limit"
    }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:us-east-1:123456789012:ingest-prod-api-migrate-failed"
    }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn = "arn:aws:lambda:us-east-1:123456789012:function:ingest-prod-api-migrate"
    }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = {
      arn = "arn:aws:events:us-east-1:123456789012:rule/ingest-prod-api-migrate-stopped"
    }
  }
}

variables {
  name               = "ingest-prod-api-migrate"
  account_id         = "123456789012"
  region             = "us-east-1"
  deployment_group   = "ingest-prod-api/ingest-prod-api"
  cluster_arn        = "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod"
  commands           = [["bin/migrate", "up"]]
  environment        = { TEST_URL = "http://balancer.example.com:9000" }
  container_name     = "api"
  task_family        = "ingest-prod-api"
  task_role_arns     = ["arn:aws:iam::123456789012:role/ingest-prod-api-task", "arn:aws:iam::123456789012:role/ingest-prod-api-execution"]
  subnet_ids         = ["subnet-1", "subnet-2"]
  security_group_ids = ["sg-1"]
  timeout_minutes    = 20
  log_retention_days = 30
  kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/8c7d"
}

run "function" {
  command = apply

  assert {
    condition     = aws_lambda_function.this.runtime == "python3.12" && aws_lambda_function.this.handler == "hook.handler" && aws_lambda_function.this.function_name == "ingest-prod-api-migrate"
    error_message = "The function is hook.py."
  }

  assert {
    condition     = aws_lambda_function.this.source_code_hash == filebase64sha256("hook.zip")
    error_message = "Another package is another function."
  }

  assert {
    condition = one(aws_lambda_function.this.environment).variables == tomap({
      NAME            = "ingest-prod-api-migrate"
      CLUSTER         = "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod"
      COMMANDS        = "[[\"bin/migrate\",\"up\"]]"
      CONTAINER       = "api"
      ENVIRONMENT     = "{\"TEST_URL\":\"http://balancer.example.com:9000\"}"
      FAMILY          = "ingest-prod-api"
      SUBNETS         = "[\"subnet-1\",\"subnet-2\"]"
      SECURITY_GROUPS = "[\"sg-1\"]"
      TIMEOUT_MINUTES = "20"
      SCHEDULER_ROLE  = "arn:aws:iam::123456789012:role/ingest-prod-api-migrate-limit"
      FUNCTION        = output.function_arn
    })
    error_message = "The function has the settings hook.py reads."
  }

  assert {
    condition     = one(aws_lambda_function.this.dead_letter_config).target_arn == aws_sqs_queue.failed.arn && aws_sqs_queue.failed.sqs_managed_sse_enabled
    error_message = "Calls that fail are kept, encrypted."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_policy.failed.policy).Statement[0].Effect == "Deny" && jsondecode(aws_sqs_queue_policy.failed.policy).Statement[0].Condition == { Bool = { "aws:SecureTransport" = "false" } }
    error_message = "The queue takes TLS only."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/ingest-prod-api-migrate" && aws_cloudwatch_log_group.this.retention_in_days == 30 && aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/8c7d"
    error_message = "The log is the function's, encrypted and not kept forever."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.stopped.event_pattern) == {
      source      = ["aws.ecs"]
      detail-type = ["ECS Task State Change"]
      detail = {
        clusterArn = ["arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod"]
        lastStatus = ["STOPPED"]
        startedBy  = ["ingest-prod-api-migrate"]
      }
    }
    error_message = "The function hears of its own tasks only."
  }

  assert {
    condition     = aws_cloudwatch_event_target.stopped.arn == output.function_arn && aws_lambda_permission.stopped.principal == "events.amazonaws.com" && aws_lambda_permission.stopped.source_arn == aws_cloudwatch_event_rule.stopped.arn
    error_message = "The rule, and only the rule, calls the function from outside."
  }
}

run "roles" {
  command = apply

  assert {
    condition = jsondecode(aws_iam_role_policy.function.policy).Statement == [
      {
        Sid      = "Deployment"
        Effect   = "Allow"
        Action   = ["codedeploy:GetDeployment"]
        Resource = ["arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:ingest-prod-api/ingest-prod-api"]
      },
      {
        Sid      = "Answer"
        Effect   = "Allow"
        Action   = ["codedeploy:PutLifecycleEventHookExecutionStatus", "xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = ["*"]
      },
      {
        Sid       = "Start"
        Effect    = "Allow"
        Action    = ["ecs:RunTask"]
        Resource  = ["arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-api:*"]
        Condition = { ArnEquals = { "ecs:cluster" = "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod" } }
      },
      {
        Sid      = "Follow"
        Effect   = "Allow"
        Action   = ["ecs:DescribeTasks", "ecs:StopTask"]
        Resource = ["arn:aws:ecs:us-east-1:123456789012:task/ingest-prod/*"]
      },
      {
        Sid       = "TaskRoles"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = ["arn:aws:iam::123456789012:role/ingest-prod-api-task", "arn:aws:iam::123456789012:role/ingest-prod-api-execution"]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
      {
        Sid      = "Limit"
        Effect   = "Allow"
        Action   = ["scheduler:CreateSchedule"]
        Resource = ["arn:aws:scheduler:us-east-1:123456789012:schedule/ingest-prod-api-migrate/*"]
      },
      {
        Sid       = "LimitRole"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = ["arn:aws:iam::123456789012:role/ingest-prod-api-migrate-limit"]
        Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/ingest-prod-api-migrate:*"]
      },
      {
        Sid      = "FailedCalls"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:us-east-1:123456789012:ingest-prod-api-migrate-failed"]
      },
    ]
    error_message = "The function may do exactly what hook.py does."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.limit.policy).Statement == [{ Sid = "Hook", Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = ["arn:aws:lambda:us-east-1:123456789012:function:ingest-prod-api-migrate"] }]
    error_message = "A schedule may call this function."
  }

  assert {
    condition = jsondecode(aws_iam_role.limit.assume_role_policy).Statement[0].Condition == {
      StringEquals = { "aws:SourceAccount" = "123456789012" }
      ArnEquals    = { "aws:SourceArn" = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/ingest-prod-api-migrate" }
    }
    error_message = "Only schedules of this hook's group assume the role."
  }

  assert {
    condition     = aws_scheduler_schedule_group.limit.name == "ingest-prod-api-migrate" && jsondecode(aws_iam_role.function.assume_role_policy).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "The group is the hook's, and the function's role is Lambda's."
  }
}

run "any_deployment_group" {
  command = apply

  variables {
    deployment_group = "*"
    kms_key_arn      = null
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.function.policy).Statement[0].Resource == ["arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*"]
    error_message = "Without a deployment group the function reads those of the account and region."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == null
    error_message = "Without a key the log has the service's own."
  }
}

run "refuses_what_aws_refuses" {
  command = plan

  variables {
    name               = "ingest_prod"
    account_id         = "12"
    deployment_group   = "ingest-prod-api"
    cluster_arn        = "ingest-prod"
    commands           = [[]]
    environment        = { CODEDEPLOY_HOOK_STEP = "7" }
    task_family        = "ingest-prod-api:42"
    task_role_arns     = []
    subnet_ids         = []
    security_group_ids = []
    timeout_minutes    = 61
    log_retention_days = 2
  }

  expect_failures = [
    var.name, var.account_id, var.deployment_group, var.cluster_arn, var.commands, var.environment, var.task_family,
    var.task_role_arns, var.subnet_ids, var.security_group_ids, var.timeout_minutes, var.log_retention_days,
  ]
}

run "roles_within_a_boundary" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::123456789012:policy/shop-prod-boundary"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.function, aws_iam_role.limit] : role.permissions_boundary == var.permissions_boundary])
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
