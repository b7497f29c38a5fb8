mock_provider "aws" {
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/ingest-prod-deliver-images" }
  }
}

variables {
  name            = "ingest-prod"
  account_id      = "123456789012"
  create_provider = true
  repository      = "example/ingest"
  roles = {
    deliver = {
      description = "Pushes images and updates services"
      subjects    = ["ref:refs/heads/main", "environment:prod"]
      policies = {
        images = [{
          sid       = "Push"
          actions   = ["ecr:PutImage"]
          resources = ["arn:aws:ecr:us-east-1:123456789012:repository/ingest-prod-api"]
        }]
        tasks = [{
          sid        = "PassTaskRoles"
          actions    = ["iam:PassRole"]
          resources  = ["arn:aws:iam::123456789012:role/ingest-prod-api-task"]
          conditions = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } }
        }]
      }
    }
    release = {
      description = "Publishes releases"
      subjects    = ["ref:refs/tags/v*", "environment:prod"]
      policies    = { images = [{ sid = "Push", actions = ["ecr:PutImage"], resources = ["arn:aws:ecr:us-east-1:123456789012:repository/ingest-prod-api"] }] }
    }
  }
}

run "trust" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.this["deliver"].assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = ["sts.amazonaws.com"]
          "token.actions.githubusercontent.com:sub" = ["repo:example/ingest:ref:refs/heads/main", "repo:example/ingest:environment:prod"]
        }
      }
    }]
    error_message = "Subjects without wildcards must match exactly."
  }

  assert {
    condition = jsondecode(aws_iam_role.this["release"].assume_role_policy).Statement[0].Condition == {
      StringEquals = { "token.actions.githubusercontent.com:aud" = ["sts.amazonaws.com"] }
      StringLike   = { "token.actions.githubusercontent.com:sub" = ["repo:example/ingest:ref:refs/tags/v*", "repo:example/ingest:environment:prod"] }
    }
    error_message = "Wildcards need StringLike, and the audience must match exactly all the same."
  }

  assert {
    condition     = aws_iam_role.this["deliver"].name == "ingest-prod-deliver" && aws_iam_role.this["deliver"].max_session_duration == 3600
    error_message = "A role must be named by its key, and its sessions last an hour at most."
  }
}

run "permissions" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_policy.this["deliver-images"].policy).Statement == [{
      Sid      = "Push"
      Effect   = "Allow"
      Action   = ["ecr:PutImage"]
      Resource = ["arn:aws:ecr:us-east-1:123456789012:repository/ingest-prod-api"]
    }]
    error_message = "A policy may do exactly what its statements say."
  }

  assert {
    condition = jsondecode(aws_iam_policy.this["deliver-tasks"].policy).Statement == [{
      Sid       = "PassTaskRoles"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = ["arn:aws:iam::123456789012:role/ingest-prod-api-task"]
      Condition = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } }
    }]
    error_message = "A condition must stand in the policy."
  }

  assert {
    condition     = { for key, policy in aws_iam_policy.this : key => policy.name } == { for key in ["deliver-images", "deliver-tasks", "release-images"] : key => "ingest-prod-${key}" }
    error_message = "A policy must be named by its role and its own name, so that another one changes none of these."
  }

  assert {
    condition     = { for key, attachment in aws_iam_role_policy_attachment.this : key => attachment.role } == { deliver-images = "ingest-prod-deliver", deliver-tasks = "ingest-prod-deliver", release-images = "ingest-prod-release" }
    error_message = "Each role must get its own policies."
  }
}

run "policy_too_long" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = ["ref:refs/heads/main"]
        policies    = { images = [{ sid = "Push", actions = ["ecr:PutImage"], resources = [for number in range(100) : "arn:aws:ecr:us-east-1:123456789012:repository/ingest-prod-a-long-name-${number}"] }] }
      }
    }
  }

  expect_failures = [aws_iam_policy.this["deploy-images"]]
}

run "too_many_policies" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = ["ref:refs/heads/main"]
        policies    = { for number in range(11) : "images-${number}" => [{ sid = "Push", actions = ["ecr:PutImage"], resources = ["*"] }] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "own_provider" {
  command = plan

  assert {
    condition     = aws_iam_openid_connect_provider.this[0].url == "https://token.actions.githubusercontent.com" && aws_iam_openid_connect_provider.this[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "The provider must be GitHub's, for STS."
  }
}

run "provider_that_stands" {
  command = plan

  variables {
    create_provider = false
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.this) == 0 && output.provider_arn == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    error_message = "The account's provider must be used."
  }
}

run "outputs" {
  command = apply

  assert {
    condition     = output.role_arns == { deliver = aws_iam_role.this["deliver"].arn, release = aws_iam_role.this["release"].arn }
    error_message = "The output must have each role's ARN."
  }
}

run "any_repository" {
  command = plan

  variables {
    repository = "example/*"
  }

  expect_failures = [var.repository]
}

run "any_subject" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = ["*"]
        policies    = { images = [{ sid = "Push", actions = ["ecr:PutImage"], resources = ["arn:aws:ecr:us-east-1:123456789012:repository/api"] }] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "subject_with_repository" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = ["repo:example/ingest:pull_request"]
        policies    = { images = [{ sid = "Push", actions = ["ecr:PutImage"], resources = ["arn:aws:ecr:us-east-1:123456789012:repository/api"] }] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "no_subject" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = []
        policies    = { images = [{ sid = "Push", actions = ["ecr:PutImage"], resources = ["arn:aws:ecr:us-east-1:123456789012:repository/api"] }] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "no_statement" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = ["ref:refs/heads/main"]
        policies    = { images = [] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "every_action" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = ["ref:refs/heads/main"]
        policies    = { images = [{ sid = "Push", actions = ["*"], resources = ["*"] }] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "every_action_of_a_service" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = ["ref:refs/heads/main"]
        policies    = { images = [{ sid = "Push", actions = ["ecr:*"], resources = ["*"] }] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "sid_with_spaces" {
  command = plan

  variables {
    roles = {
      deploy = {
        description = "Delivers"
        subjects    = ["ref:refs/heads/main"]
        policies    = { images = [{ sid = "Push it", actions = ["ecr:PutImage"], resources = ["*"] }] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "key_with_spaces" {
  command = plan

  variables {
    roles = {
      "de liver" = {
        description = "Delivers"
        subjects    = ["ref:refs/heads/main"]
        policies    = { images = [{ sid = "Push", actions = ["ecr:PutImage"], resources = ["arn:aws:ecr:us-east-1:123456789012:repository/api"] }] }
      }
    }
  }

  expect_failures = [var.roles]
}

run "short_account" {
  command = plan

  variables {
    account_id = "12345"
  }

  expect_failures = [var.account_id]
}

run "name_too_long" {
  command = plan

  variables {
    name = "a23456789-123456789-123456789-123456789-1"
  }

  expect_failures = [var.name]
}
