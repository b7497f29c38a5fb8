mock_provider "aws" {}

variables {
  name = "ingest-prod-boundary"
  statements = [
    {
      sid       = "Queues"
      actions   = ["sqs:SendMessage"]
      resources = ["arn:aws:sqs:us-east-1:123456789012:ingest-prod-*"]
    },
    {
      sid        = "PassToTasks"
      actions    = ["iam:PassRole"]
      resources  = ["arn:aws:iam::123456789012:role/ingest-prod-*-task"]
      conditions = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } }
    },
  ]
}

run "allows_what_it_is_told_and_denies_identity" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_policy.this.policy).Statement[0] == {
      Sid      = "Queues"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = ["arn:aws:sqs:us-east-1:123456789012:ingest-prod-*"]
    }
    error_message = "A statement must be allowed as it is told, without a condition where there is none."
  }

  assert {
    condition     = jsondecode(aws_iam_policy.this.policy).Statement[1].Condition == { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } }
    error_message = "A condition must stand in the policy."
  }

  assert {
    condition = alltrue([
      jsondecode(aws_iam_policy.this.policy).Statement[2].Effect == "Deny",
      contains(jsondecode(aws_iam_policy.this.policy).Statement[2].Action, "iam:Create*"),
      contains(jsondecode(aws_iam_policy.this.policy).Statement[2].Action, "iam:Put*"),
      contains(jsondecode(aws_iam_policy.this.policy).Statement[2].Action, "iam:Attach*"),
      contains(jsondecode(aws_iam_policy.this.policy).Statement[2].Action, "organizations:*"),
    ])
    error_message = "Nobody inside the boundary may change who may do what."
  }

  assert {
    condition     = !anytrue([for action in jsondecode(aws_iam_policy.this.policy).Statement[2].Action : startswith("iam:PassRole", trimsuffix(action, "*"))])
    error_message = "A denied iam:PassRole would keep a schedule from starting a task."
  }

  assert {
    condition     = aws_iam_policy.this.name == "ingest-prod-boundary" && length(jsondecode(aws_iam_policy.this.policy).Statement) == 3
    error_message = "The policy must have the name that the roles are limited to, and nothing else in it."
  }
}

run "outputs" {
  command = apply

  assert {
    condition     = output.arn == aws_iam_policy.this.arn
    error_message = "The output must be the policy's."
  }
}

run "nothing" {
  command = plan

  variables {
    statements = []
  }

  assert {
    condition     = length(jsondecode(aws_iam_policy.this.policy).Statement) == 1
    error_message = "Without statements everything is refused."
  }
}

run "refuses_a_name_with_a_slash" {
  command = plan

  variables {
    name = "ingest/prod"
  }

  expect_failures = [var.name]
}

run "refuses_a_sid_with_a_hyphen" {
  command = plan

  variables {
    statements = [{ sid = "Que-ues", actions = ["sqs:SendMessage"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "refuses_a_whole_service" {
  command = plan

  variables {
    statements = [{ sid = "Queues", actions = ["sqs:*"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "refuses_identity" {
  command = plan

  variables {
    statements = [{ sid = "Roles", actions = ["iam:PutRolePolicy"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "refuses_a_role_for_anybody" {
  command = plan

  variables {
    statements = [{ sid = "Pass", actions = ["iam:PassRole"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "refuses_more_than_iam_takes" {
  command = plan

  variables {
    statements = [for number in range(60) : {
      sid       = "Queue${number}"
      actions   = ["sqs:SendMessage"]
      resources = ["arn:aws:sqs:us-east-1:123456789012:ingest-prod-queue-${number}-with-a-long-name"]
    }]
  }

  expect_failures = [aws_iam_policy.this]
}
