mock_provider "aws" {}

variables {
  name               = "ingest-prod-api"
  region             = "us-east-1"
  account_id         = "123456789012"
  image              = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ingest-prod-api:8f2c"
  cpu                = 256
  memory             = 512
  log_retention_days = 30
}

run "smallest" {
  command = plan

  assert {
    condition = jsondecode(aws_ecs_task_definition.this.container_definitions) == [{
      name                   = "ingest-prod-api"
      image                  = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ingest-prod-api:8f2c"
      essential              = true
      user                   = "10001:10001"
      readonlyRootFilesystem = true
      stopTimeout            = 30
      environment            = []
      secrets                = []
      portMappings           = []
      mountPoints            = []
      volumesFrom            = []
      systemControls         = []
      linuxParameters = {
        initProcessEnabled = true
        capabilities       = { add = [], drop = ["ALL"] }
        tmpfs              = [{ containerPath = "/tmp", size = 64, mountOptions = ["nosuid", "nodev"] }]
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = "/ecs/ingest-prod-api"
          awslogs-region        = "us-east-1"
          awslogs-stream-prefix = "ingest-prod-api"
          max-buffer-size       = "25m"
          mode                  = "non-blocking"
        }
      }
    }]
    error_message = "the container has exactly this definition"
  }

  assert {
    condition     = jsonencode(output.container_definitions) == aws_ecs_task_definition.this.container_definitions
    error_message = "the output is what is registered"
  }

  assert {
    condition = (
      aws_ecs_task_definition.this.family == "ingest-prod-api"
      && aws_ecs_task_definition.this.network_mode == "awsvpc"
      && aws_ecs_task_definition.this.cpu == "256"
      && aws_ecs_task_definition.this.memory == "512"
      && aws_ecs_task_definition.this.requires_compatibilities == toset(["FARGATE"])
      && aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "X86_64"
      && aws_ecs_task_definition.this.runtime_platform[0].operating_system_family == "LINUX"
    )
    error_message = "it is a Fargate task of the given size"
  }

  assert {
    condition     = aws_ecs_task_definition.this.skip_destroy
    error_message = "earlier revisions stay for rollbacks"
  }

  assert {
    condition = (
      aws_cloudwatch_log_group.this.name == "/ecs/ingest-prod-api"
      && aws_cloudwatch_log_group.this.retention_in_days == 30
      && aws_cloudwatch_log_group.this.kms_key_id == null
    )
    error_message = "the log has its name and retention"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.execution.policy).Statement[*].Sid == ["WriteLog"]
    error_message = "a task without secrets and without an ECR image may only write its log"
  }

  assert {
    condition     = length(aws_iam_role_policy.task) == 0
    error_message = "a process that needs nothing may do nothing"
  }
}

run "trust" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.task.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "123456789012" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:ecs:us-east-1:123456789012:*" }
      }
    }]
    error_message = "only this account's tasks in this region take the task role"
  }

  assert {
    condition = jsondecode(aws_iam_role.execution.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
    error_message = "only ECS takes the execution role"
  }

  assert {
    condition     = aws_iam_role.task.name == "ingest-prod-api-task" && aws_iam_role.execution.name == "ingest-prod-api-execution"
    error_message = "the roles are named after the task"
  }
}

run "everything" {
  command = plan

  variables {
    container_name = "api"
    command        = ["serve", "--verbose"]
    port           = 8080
    tmp_mib        = 128
    stop_timeout   = 45
    user           = "65532:65532"
    read_only_root = false
    architecture   = "ARM64"
    kms_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/0b2f"
    repository_arn = "arn:aws:ecr:us-east-1:123456789012:repository/ingest-prod-api"

    environment = {
      QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/ingest-prod-emails"
      LOG_LEVEL = "info"
    }

    secrets = {
      TOKEN       = "arn:aws:ssm:us-east-1:123456789012:parameter/ingest/prod/token"
      DB_PASSWORD = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf:password::"
    }

    secret_arns = [
      "arn:aws:ssm:us-east-1:123456789012:parameter/ingest/prod/token",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf",
    ]

    secret_key_arns = ["arn:aws:kms:us-east-1:123456789012:key/77aa"]

    health_check = { command = ["CMD", "/app", "health"] }

    statements = [
      {
        sid       = "SendEmails"
        actions   = ["sqs:SendMessage"]
        resources = ["arn:aws:sqs:us-east-1:123456789012:ingest-prod-emails"]
      },
      {
        sid        = "ListUploads"
        actions    = ["s3:ListBucket"]
        resources  = ["arn:aws:s3:::ingest-prod-uploads"]
        conditions = { StringLike = { "s3:prefix" = ["in/*"] } }
      },
    ]
  }

  assert {
    condition = (
      output.container_name == "api"
      && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].name == "api"
      && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].command == ["serve", "--verbose"]
      && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].portMappings == [{ containerPort = 8080, hostPort = 8080, protocol = "tcp" }]
      && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].stopTimeout == 45
      && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].user == "65532:65532"
      && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].readonlyRootFilesystem == false
      && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].linuxParameters.tmpfs[0].size == 128
      && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options.awslogs-stream-prefix == "api"
    )
    error_message = "the container is what was asked for"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment[*].name == ["LOG_LEVEL", "QUEUE_URL"]
    error_message = "the environment is sorted by name"
  }

  assert {
    condition = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets == [
      { name = "DB_PASSWORD", valueFrom = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf:password::" },
      { name = "TOKEN", valueFrom = "arn:aws:ssm:us-east-1:123456789012:parameter/ingest/prod/token" },
    ]
    error_message = "secrets are referred to, sorted by name"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].healthCheck == { command = ["CMD", "/app", "health"], interval = 10, timeout = 5, retries = 3, startPeriod = 10 }
    error_message = "ECS asks the container for its health"
  }

  assert {
    condition     = aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64"
    error_message = "the task runs on the image's processor"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/0b2f"
    error_message = "the given key encrypts the log"
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.execution.policy).Statement == [
      { Sid = "LogInToRegistry", Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
      {
        Sid      = "PullImage"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = ["arn:aws:ecr:us-east-1:123456789012:repository/ingest-prod-api"]
      },
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:us-east-1:123456789012:log-group:/ecs/ingest-prod-api:log-stream:*"]
      },
      {
        Sid      = "ReadParameters"
        Effect   = "Allow"
        Action   = ["ssm:GetParameters"]
        Resource = ["arn:aws:ssm:us-east-1:123456789012:parameter/ingest/prod/token"]
      },
      {
        Sid      = "ReadSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf"]
      },
      {
        Sid       = "DecryptSecrets"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = ["arn:aws:kms:us-east-1:123456789012:key/77aa"]
        Condition = { StringEquals = { "kms:ViaService" = ["secretsmanager.us-east-1.amazonaws.com", "ssm.us-east-1.amazonaws.com"] } }
      },
    ]
    error_message = "the execution role may do exactly this"
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.task[0].policy).Statement == [
      {
        Sid      = "SendEmails"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:us-east-1:123456789012:ingest-prod-emails"]
      },
      {
        Sid       = "ListUploads"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = ["arn:aws:s3:::ingest-prod-uploads"]
        Condition = { StringLike = { "s3:prefix" = ["in/*"] } }
      },
    ]
    error_message = "the process may do exactly what was stated"
  }
}

run "refuses_an_impossible_size" {
  command = plan

  variables {
    memory = 4096
  }

  expect_failures = [aws_ecs_task_definition.this]
}

run "allows_the_largest_size" {
  command = plan

  variables {
    cpu    = 16384
    memory = 122880
  }

  assert {
    condition     = aws_ecs_task_definition.this.memory == "122880"
    error_message = "16 vCPU go with 120 GiB"
  }
}

run "refuses_an_unknown_cpu" {
  command = plan

  variables {
    cpu = 300
  }

  expect_failures = [var.cpu]
}

run "refuses_a_variable_twice" {
  command = plan

  variables {
    environment = { TOKEN = "x" }
    secrets     = { TOKEN = "arn:aws:ssm:us-east-1:123456789012:parameter/ingest/prod/token" }
  }

  expect_failures = [aws_ecs_task_definition.this]
}

run "refuses_a_tmp_as_large_as_the_task" {
  command = plan

  variables {
    tmp_mib = 512
  }

  expect_failures = [aws_ecs_task_definition.this]
}

run "refuses_what_is_no_secret_s_arn" {
  command = plan

  variables {
    secrets = { TOKEN = "hunter2" }
  }

  expect_failures = [var.secrets]
}

run "refuses_wide_secret_arns" {
  command = plan

  variables {
    secret_arns = ["arn:aws:ssm:us-east-1:123456789012:parameter/ingest/*"]
  }

  expect_failures = [var.secret_arns]
}

run "refuses_credentials_in_the_environment" {
  command = plan

  variables {
    environment = { AWS_SECRET_ACCESS_KEY = "x" }
  }

  expect_failures = [var.environment]
}

run "refuses_root" {
  command = plan

  variables {
    user = "0:0"
  }

  expect_failures = [var.user]
}

run "refuses_other_bad_values" {
  command = plan

  variables {
    name               = "ingest-prod-a-service-with-a-name-that-is-far-too-long-for-a-role"
    account_id         = "1234"
    image              = "nginx"
    tmp_mib            = 0
    port               = 70000
    log_retention_days = 42
    stop_timeout       = 121
    architecture       = "arm"
    health_check       = { command = ["curl", "localhost"] }
    statements         = [{ sid = "a b", actions = ["s3:GetObject"], resources = ["arn:aws:s3:::x/*"] }]
  }

  expect_failures = [
    var.name, var.account_id, var.image, var.tmp_mib, var.port, var.log_retention_days,
    var.stop_timeout, var.architecture, var.health_check, var.statements,
  ]
}

run "refuses_a_statement_without_resources" {
  command = plan

  variables {
    statements = [{ sid = "Nothing", actions = ["s3:GetObject"], resources = [] }]
  }

  expect_failures = [var.statements]
}

run "refuses_a_health_check_out_of_bounds" {
  command = plan

  variables {
    health_check = { command = ["CMD", "true"], interval = 1 }
  }

  expect_failures = [var.health_check]
}

run "roles_within_a_boundary" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::123456789012:policy/shop-prod-boundary"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.execution, aws_iam_role.task] : role.permissions_boundary == var.permissions_boundary])
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
