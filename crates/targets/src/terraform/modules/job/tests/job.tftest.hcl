mock_provider "aws" {
  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:us-east-1:123456789012:ingest-prod-cleanup-failed-starts"
      url = "https://sqs.us-east-1.amazonaws.com/123456789012/ingest-prod-cleanup-failed-starts"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/ingest-prod-cleanup-schedule"
    }
  }
}

variables {
  name                = "ingest-prod-cleanup"
  account_id          = "123456789012"
  region              = "us-east-1"
  schedule            = "cron(0 3 * * ? *)"
  cluster_arn         = "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod"
  task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-cleanup"
  pass_role_arns      = ["arn:aws:iam::123456789012:role/ingest-prod-cleanup-task", "arn:aws:iam::123456789012:role/ingest-prod-cleanup-execution"]
  subnet_ids          = ["subnet-1", "subnet-2"]
  security_group_ids  = ["sg-1"]
}

run "every_night" {
  command = apply

  assert {
    condition = (
      aws_scheduler_schedule.this[0].name == "ingest-prod-cleanup"
      && aws_scheduler_schedule.this[0].schedule_expression == "cron(0 3 * * ? *)"
      && aws_scheduler_schedule.this[0].schedule_expression_timezone == "UTC"
      && aws_scheduler_schedule.this[0].flexible_time_window[0].mode == "OFF"
      && aws_scheduler_schedule.this[0].kms_key_arn == null
    )
    error_message = "the task starts at its time"
  }

  assert {
    condition = (
      aws_scheduler_schedule.this[0].target[0].arn == "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod"
      && aws_scheduler_schedule.this[0].target[0].role_arn == output.role_arn
      && aws_scheduler_schedule.this[0].target[0].ecs_parameters[0].task_definition_arn == "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-cleanup"
      && aws_scheduler_schedule.this[0].target[0].ecs_parameters[0].launch_type == "FARGATE"
      && aws_scheduler_schedule.this[0].target[0].ecs_parameters[0].network_configuration[0].assign_public_ip == false
      && aws_scheduler_schedule.this[0].target[0].ecs_parameters[0].network_configuration[0].subnets == toset(["subnet-1", "subnet-2"])
      && aws_scheduler_schedule.this[0].target[0].ecs_parameters[0].network_configuration[0].security_groups == toset(["sg-1"])
    )
    error_message = "it is the newest revision, on Fargate, without a public address"
  }

  assert {
    condition     = aws_scheduler_schedule.this[0].target[0].retry_policy[0].maximum_retry_attempts == 3
    error_message = "a refused start is tried again"
  }

  assert {
    condition     = aws_scheduler_schedule.this[0].target[0].dead_letter_config[0].arn == output.dead_letter_arn
    error_message = "what could not start is kept"
  }

  assert {
    condition = (
      output.dead_letter_name == "ingest-prod-cleanup-failed-starts"
      && aws_sqs_queue.failed_starts[0].sqs_managed_sse_enabled
      && aws_sqs_queue.failed_starts[0].kms_master_key_id == null
      && aws_sqs_queue.failed_starts[0].message_retention_seconds == 14 * 24 * 3600
    )
    error_message = "failed starts are encrypted and kept two weeks"
  }

  assert {
    condition = jsondecode(aws_sqs_queue_policy.failed_starts[0].policy).Statement == [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = "arn:aws:sqs:us-east-1:123456789012:ingest-prod-cleanup-failed-starts"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "the queue is reached over TLS only"
  }

  assert {
    condition = jsondecode(aws_iam_role.schedule[0].assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = "123456789012"
          "aws:SourceArn"     = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/default"
        }
      }
    }]
    error_message = "only this account's schedules take the role"
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.schedule[0].policy).Statement == [
      {
        Sid    = "RunTask"
        Effect = "Allow"
        Action = ["ecs:RunTask"]
        Resource = [
          "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-cleanup",
          "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-cleanup:*",
        ]
        Condition = { ArnEquals = { "ecs:cluster" = "arn:aws:ecs:us-east-1:123456789012:cluster/ingest-prod" } }
      },
      {
        Sid       = "TagTask"
        Effect    = "Allow"
        Action    = ["ecs:TagResource"]
        Resource  = ["arn:aws:ecs:us-east-1:123456789012:task/ingest-prod/*"]
        Condition = { StringEquals = { "ecs:CreateAction" = "RunTask" } }
      },
      {
        Sid    = "GiveTaskItsRoles"
        Effect = "Allow"
        Action = ["iam:PassRole"]
        Resource = [
          "arn:aws:iam::123456789012:role/ingest-prod-cleanup-execution",
          "arn:aws:iam::123456789012:role/ingest-prod-cleanup-task",
        ]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
      {
        Sid      = "KeepFailedStarts"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:us-east-1:123456789012:ingest-prod-cleanup-failed-starts"]
      },
    ]
    error_message = "the role may do exactly this"
  }
}

run "own_key" {
  command = apply

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0b2f"
    retries     = 0
  }

  assert {
    condition = (
      aws_scheduler_schedule.this[0].kms_key_arn == "arn:aws:kms:us-east-1:123456789012:key/0b2f"
      && aws_sqs_queue.failed_starts[0].kms_master_key_id == "arn:aws:kms:us-east-1:123456789012:key/0b2f"
    )
    error_message = "the given key encrypts the schedule and the queue"
  }

  assert {
    condition = [
      for s in jsondecode(aws_iam_role_policy.schedule[0].policy).Statement : s if s.Sid == "UseKey"
      ] == [{
        Sid      = "UseKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = ["arn:aws:kms:us-east-1:123456789012:key/0b2f"]
    }]
    error_message = "the role may use the key"
  }

  assert {
    condition     = aws_scheduler_schedule.this[0].target[0].retry_policy[0].maximum_retry_attempts == 0
    error_message = "a refused start is not tried again"
  }
}

run "by_hand" {
  command = plan

  variables {
    schedule = null
  }

  assert {
    condition = (
      length(aws_scheduler_schedule.this) == 0
      && length(aws_iam_role.schedule) == 0
      && length(aws_sqs_queue.failed_starts) == 0
      && output.arn == null
      && output.role_arn == null
      && output.dead_letter_arn == null
      && output.dead_letter_name == null
    )
    error_message = "what only people start needs nothing here"
  }
}

run "every_hour" {
  command = plan

  variables {
    schedule = "rate(1 hour)"
  }

  assert {
    condition     = aws_scheduler_schedule.this[0].schedule_expression == "rate(1 hour)"
    error_message = "a rate is a schedule too"
  }
}

run "refuses_bad_values" {
  command = plan

  variables {
    name                = "a name"
    account_id          = "12"
    schedule            = "0 3 * * *"
    task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/ingest-prod-cleanup:4"
    pass_role_arns      = []
    subnet_ids          = []
    security_group_ids  = []
    retries             = 186
  }

  expect_failures = [
    var.name, var.account_id, var.schedule, var.task_definition_arn,
    var.pass_role_arns, var.subnet_ids, var.security_group_ids, var.retries,
  ]
}

run "roles_within_a_boundary" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::123456789012:policy/shop-prod-boundary"
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.schedule[*] : role.permissions_boundary == var.permissions_boundary])
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
