# Runs a Fargate task at set times with EventBridge Scheduler. Without a schedule there is nothing to make: a job that
# only people start is started with ecs run-task.

locals {
  # 0 or 1 of each: only what runs on its own has a role and a queue for its failed starts.
  scheduled = var.schedule == null ? 0 : 1
}

resource "aws_scheduler_schedule" "this" {
  count = local.scheduled

  name                         = var.name
  schedule_expression          = var.schedule
  schedule_expression_timezone = "UTC"
  kms_key_arn                  = var.kms_key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.cluster_arn
    role_arn = aws_iam_role.schedule[0].arn

    ecs_parameters {
      task_definition_arn     = var.task_definition_arn
      launch_type             = "FARGATE"
      platform_version        = "LATEST"
      enable_ecs_managed_tags = true
      propagate_tags          = "TASK_DEFINITION"

      network_configuration {
        subnets          = var.subnet_ids
        security_groups  = var.security_group_ids
        assign_public_ip = false
      }
    }

    # Tries again only to start the task. A task that started and failed is not started again.
    retry_policy {
      maximum_retry_attempts       = var.retries
      maximum_event_age_in_seconds = 3600
    }

    dead_letter_config {
      arn = aws_sqs_queue.failed_starts[0].arn
    }
  }

  # A first run must not come before the role may start it.
  depends_on = [aws_iam_role_policy.schedule]
}

# What the scheduler could not start: one message each, with the reason in its attributes.
resource "aws_sqs_queue" "failed_starts" {
  count = local.scheduled

  name                              = "${var.name}-failed-starts"
  message_retention_seconds         = 1209600
  sqs_managed_sse_enabled           = var.kms_key_arn == null ? true : null
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 300
}

resource "aws_sqs_queue_policy" "failed_starts" {
  count = local.scheduled

  queue_url = aws_sqs_queue.failed_starts[0].url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = aws_sqs_queue.failed_starts[0].arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
