output "url" {
  description = "URL that SQS calls go to."
  value       = aws_sqs_queue.this.url
}

output "arn" {
  description = "ARN, for IAM policies."
  value       = aws_sqs_queue.this.arn
}

output "name" {
  description = "Name with `.fifo` where it has it: the QueueName of CloudWatch's metrics."
  value       = aws_sqs_queue.this.name
}

output "dead_letter_url" {
  description = "URL of the dead-letter queue; null when there is none."
  value       = one(aws_sqs_queue.dead_letter[*].url)
}

output "dead_letter_arn" {
  description = "ARN of the dead-letter queue; null when there is none."
  value       = one(aws_sqs_queue.dead_letter[*].arn)
}

output "dead_letter_name" {
  description = "Name of the dead-letter queue; null when there is none."
  value       = one(aws_sqs_queue.dead_letter[*].name)
}
