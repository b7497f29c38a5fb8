# An SQS queue, and the dead-letter queue that takes what it could not deliver.

locals {
  suffix = var.fifo ? ".fifo" : ""

  # SQS's own encryption and a KMS key exclude each other: exactly one of them is set.
  sqs_managed_sse_enabled = var.kms_key_arn == null ? true : null
}

resource "aws_sqs_queue" "this" {
  name                        = "${var.name}${local.suffix}"
  fifo_queue                  = var.fifo
  content_based_deduplication = var.content_based_deduplication

  message_retention_seconds  = var.retention_seconds
  visibility_timeout_seconds = var.visibility_timeout_seconds
  delay_seconds              = var.delay_seconds
  receive_wait_time_seconds  = var.wait_seconds

  sqs_managed_sse_enabled = local.sqs_managed_sse_enabled
  kms_master_key_id       = var.kms_key_arn

  redrive_policy = var.dead_letter == null ? null : jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter[0].arn
    maxReceiveCount     = var.dead_letter.tries
  })

  lifecycle {
    precondition {
      condition     = var.fifo || !var.content_based_deduplication
      error_message = "content_based_deduplication is for FIFO queues only."
    }
  }
}

resource "aws_sqs_queue" "dead_letter" {
  count = var.dead_letter == null ? 0 : 1

  # A FIFO queue's dead-letter queue has to be FIFO too.
  name       = "${var.name}-dlq${local.suffix}"
  fifo_queue = var.fifo

  message_retention_seconds = var.dead_letter.retention_seconds

  sqs_managed_sse_enabled = local.sqs_managed_sse_enabled
  kms_master_key_id       = var.kms_key_arn

  lifecycle {
    # A message keeps the age it had when it moves here, so a shorter retention would delete it early
    # ("Using dead-letter queues in Amazon SQS").
    precondition {
      condition     = var.dead_letter.retention_seconds >= var.retention_seconds
      error_message = "dead_letter.retention_seconds has to be at least retention_seconds, or messages vanish before anybody sees them."
    }
  }
}

# Only this queue may name the other as its dead-letter queue.
resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  count = var.dead_letter == null ? 0 : 1

  queue_url = aws_sqs_queue.dead_letter[0].url

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this.arn]
  })
}

# Who may send and receive is said in the callers' IAM policies; here only: nobody without TLS.
resource "aws_sqs_queue_policy" "tls_only" {
  for_each = merge(
    { live = aws_sqs_queue.this },
    { for queue in aws_sqs_queue.dead_letter : "dead_letter" => queue },
  )

  queue_url = each.value.url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = each.value.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
