output "provider_arn" {
  description = "ARN of the account's GitHub provider."
  value       = local.provider_arn
}

output "role_arns" {
  description = "ARNs of the roles by key."
  value       = { for key, role in aws_iam_role.this : key => role.arn }
}
