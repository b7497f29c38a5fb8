# Runs commands of the new version as one CodeDeploy lifecycle hook, for example a migration before it takes traffic.
# hook.py says how; `python3 tests/package.py` packs it into hook.zip.

locals {
  arn          = "arn:aws:%s:${var.region}:${var.account_id}"
  cluster_name = split("/", var.cluster_arn)[1]
  function_arn = "${format(local.arn, "lambda")}:function:${var.name}"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_lambda_function" "this" {
  function_name    = var.name
  description      = "Runs commands in the new version of ${var.task_family} before its deployment goes on"
  role             = aws_iam_role.function.arn
  runtime          = "python3.12"
  architectures    = ["arm64"]
  handler          = "hook.handler"
  filename         = "${path.module}/hook.zip"
  source_code_hash = filebase64sha256("${path.module}/hook.zip")
  memory_size      = 256
  timeout          = 60

  environment {
    variables = {
      NAME            = var.name
      CLUSTER         = var.cluster_arn
      COMMANDS        = jsonencode(var.commands)
      CONTAINER       = var.container_name
      ENVIRONMENT     = jsonencode(var.environment)
      FAMILY          = var.task_family
      SUBNETS         = jsonencode(var.subnet_ids)
      SECURITY_GROUPS = jsonencode(var.security_group_ids)
      TIMEOUT_MINUTES = tostring(var.timeout_minutes)
      SCHEDULER_ROLE  = aws_iam_role.limit.arn
      FUNCTION        = local.function_arn
    }
  }

  # A call that failed three times: the deployment then waits for CodeDeploy's hour to end.
  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.function]
}

resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = aws_sqs_queue.failed.arn
      Condition = {
        Bool = { "aws:SecureTransport" = "false" }
      }
    }]
  })
}

# The function marks the tasks it starts with its own name, so it hears of no others.
resource "aws_cloudwatch_event_rule" "stopped" {
  name        = "${var.name}-stopped"
  description = "Tasks of the hook ${var.name} that have ended"

  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn = [var.cluster_arn]
      lastStatus = ["STOPPED"]
      startedBy  = [var.name]
    }
  })
}

resource "aws_cloudwatch_event_target" "stopped" {
  rule      = aws_cloudwatch_event_rule.stopped.name
  target_id = "hook"
  arn       = aws_lambda_function.this.arn
}

resource "aws_lambda_permission" "stopped" {
  statement_id   = "StoppedTasks"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "events.amazonaws.com"
  source_arn     = aws_cloudwatch_event_rule.stopped.arn
  source_account = var.account_id
}

# Each task gets a schedule that ends it at its limit. The schedules delete themselves.
resource "aws_scheduler_schedule_group" "limit" {
  name = var.name
}
