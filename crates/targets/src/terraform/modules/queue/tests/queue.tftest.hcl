mock_provider "aws" {}

variables {
  name = "ingest-prod-emails"
}

run "a_plain_queue" {
  command = plan

  assert {
    condition     = aws_sqs_queue.this.name == "ingest-prod-emails" && !aws_sqs_queue.this.fifo_queue
    error_message = "A plain queue has exactly the name it is given."
  }
  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.this.kms_master_key_id == null
    error_message = "Without a key SQS encrypts with its own."
  }
  assert {
    condition     = length(aws_sqs_queue.dead_letter) == 0 && length(aws_sqs_queue_redrive_allow_policy.dead_letter) == 0
    error_message = "No dead-letter queue unless one is asked for."
  }
  assert {
    condition     = output.dead_letter_name == null && output.dead_letter_arn == null && output.dead_letter_url == null
    error_message = "The outputs of a missing dead-letter queue are null."
  }
  assert {
    condition     = keys(aws_sqs_queue_policy.tls_only) == ["live"]
    error_message = "One queue, one policy."
  }
}

run "with_a_dead_letter_queue" {
  command = apply

  variables {
    retention_seconds = 86400
    dead_letter       = { tries = 5, retention_seconds = 1209600 }
  }

  assert {
    condition     = aws_sqs_queue.dead_letter[0].name == "ingest-prod-emails-dlq" && aws_sqs_queue.dead_letter[0].message_retention_seconds == 1209600
    error_message = "The dead-letter queue is named after its queue and keeps its own time."
  }
  assert {
    condition     = aws_sqs_queue.dead_letter[0].sqs_managed_sse_enabled
    error_message = "The dead-letter queue is encrypted too."
  }
  assert {
    condition = jsondecode(aws_sqs_queue.this.redrive_policy) == {
      deadLetterTargetArn = aws_sqs_queue.dead_letter[0].arn
      maxReceiveCount     = 5
    }
    error_message = "After five tries a message moves."
  }
  assert {
    condition = jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letter[0].redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = [aws_sqs_queue.this.arn]
    }
    error_message = "Only this queue may use the dead-letter queue."
  }
  assert {
    condition = jsondecode(aws_sqs_queue_policy.tls_only["live"].policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "DenyWithoutTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.this.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
    }
    error_message = "The queue refuses what does not come over TLS, and allows nothing."
  }
  assert {
    condition     = jsondecode(aws_sqs_queue_policy.tls_only["dead_letter"].policy).Statement[0].Resource == aws_sqs_queue.dead_letter[0].arn
    error_message = "The dead-letter queue has its own policy."
  }
}

run "fifo" {
  command = plan

  variables {
    fifo                        = true
    content_based_deduplication = true
    dead_letter                 = { tries = 3, retention_seconds = 1209600 }
  }

  assert {
    condition     = output.name == "ingest-prod-emails.fifo" && output.dead_letter_name == "ingest-prod-emails-dlq.fifo"
    error_message = "FIFO names end in .fifo."
  }
  assert {
    condition     = aws_sqs_queue.this.fifo_queue && aws_sqs_queue.dead_letter[0].fifo_queue && aws_sqs_queue.this.content_based_deduplication
    error_message = "Both queues are FIFO; the hash stands in for the deduplication id."
  }
}

run "with_a_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
    dead_letter = { tries = 3, retention_seconds = 1209600 }
  }

  assert {
    condition     = alltrue([for queue in [aws_sqs_queue.this, aws_sqs_queue.dead_letter[0]] : queue.kms_master_key_id == "arn:aws:kms:us-east-1:123456789012:key/0b1e"])
    error_message = "The key encrypts both queues."
  }
}

run "refuses_a_name_that_ends_in_fifo" {
  command = plan
  variables {
    name = "orders.fifo"
  }
  expect_failures = [var.name]
}

run "refuses_a_name_without_room_for_the_dead_letter_queue" {
  command = plan
  variables {
    name = "a-name-of-seventy-two-characters-leaves-no-room-for-the-dead-letter-queu"
  }
  expect_failures = [var.name]
}

run "refuses_times_that_sqs_does_not_have" {
  command = plan
  variables {
    retention_seconds          = 30
    visibility_timeout_seconds = 43201
    delay_seconds              = 901
    wait_seconds               = 21
  }
  expect_failures = [var.retention_seconds, var.visibility_timeout_seconds, var.delay_seconds, var.wait_seconds]
}

run "refuses_no_tries" {
  command = plan
  variables {
    dead_letter = { tries = 0, retention_seconds = 1209600 }
  }
  expect_failures = [var.dead_letter]
}

run "refuses_a_dead_letter_queue_that_keeps_for_longer_than_sqs_can" {
  command = plan
  variables {
    dead_letter = { tries = 3, retention_seconds = 1209601 }
  }
  expect_failures = [var.dead_letter]
}

run "refuses_a_dead_letter_queue_that_forgets_first" {
  command = plan
  variables {
    retention_seconds = 345600
    dead_letter       = { tries = 3, retention_seconds = 86400 }
  }
  expect_failures = [aws_sqs_queue.dead_letter]
}

run "refuses_deduplication_of_a_plain_queue" {
  command = plan
  variables {
    content_based_deduplication = true
  }
  expect_failures = [aws_sqs_queue.this]
}
