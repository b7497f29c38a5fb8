# One Fargate task definition with its log group and its two roles: what a service or a job runs.

locals {
  container_name = coalesce(var.container_name, var.name)

  # Amazon ECS Developer Guide, "Task definition parameters for Fargate", task size: the MiB each size of CPU allows.
  memory_sizes = {
    256   = [512, 1024, 2048]
    512   = range(1024, 4097, 1024)
    1024  = range(2048, 8193, 1024)
    2048  = range(4096, 16385, 1024)
    4096  = range(8192, 30721, 1024)
    8192  = range(16384, 61441, 4096)
    16384 = range(32768, 122881, 8192)
  }

  # Terraform walks maps by key, so environment and secrets stand in the same order in every plan.
  container = merge(
    {
      name                   = local.container_name
      image                  = var.image
      essential              = true
      user                   = var.user
      readonlyRootFilesystem = var.read_only_root
      stopTimeout            = var.stop_timeout
      environment            = [for name, value in var.environment : { name = name, value = value }]
      secrets                = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
      portMappings           = var.port == null ? [] : [{ containerPort = var.port, hostPort = var.port, protocol = "tcp" }]
      mountPoints            = []
      volumesFrom            = []
      systemControls         = []

      linuxParameters = {
        initProcessEnabled = true
        capabilities       = { add = [], drop = ["ALL"] }

        # Not a volume: Fargate mounts those owned by root, and the process is not root.
        tmpfs = [{ containerPath = "/tmp", size = var.tmp_mib, mountOptions = ["nosuid", "nodev"] }]
      }

      # A full buffer drops lines; in blocking mode it would stop the process.
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.this.name
          awslogs-region        = var.region
          awslogs-stream-prefix = local.container_name
          max-buffer-size       = "25m"
          mode                  = "non-blocking"
        }
      }
    },
    var.command == null ? {} : { command = var.command },
    var.health_check == null ? {} : {
      healthCheck = {
        command     = var.health_check.command
        interval    = var.health_check.interval
        timeout     = var.health_check.timeout
        retries     = var.health_check.retries
        startPeriod = var.health_check.start_period
      }
    },
  )
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([local.container])

  # A deregistered revision can start no task, so a rollback would have nothing to go back to.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  lifecycle {
    precondition {
      condition     = contains(local.memory_sizes[var.cpu], var.memory)
      error_message = "Fargate has no task of ${var.cpu} CPU units with ${var.memory} MiB; it has ${join(", ", local.memory_sizes[var.cpu])} MiB."
    }

    precondition {
      condition     = length(setintersection(keys(var.environment), keys(var.secrets))) == 0
      error_message = "A variable is either in environment or in secrets: ${join(", ", setintersection(keys(var.environment), keys(var.secrets)))}."
    }

    precondition {
      condition     = var.tmp_mib < var.memory
      error_message = "/tmp is held in the task's memory and must be smaller than it."
    }
  }

  # The first task must not start before its roles may do their work.
  depends_on = [aws_iam_role_policy.execution, aws_iam_role_policy.task]
}
