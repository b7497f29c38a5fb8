output "arn" {
  description = "ARN of the policy, which the roles take as their permissions boundary."
  value       = aws_iam_policy.this.arn
}
