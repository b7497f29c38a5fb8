output "name" {
  description = "Name of the parameter."
  value       = one(concat(aws_ssm_parameter.plain[*].name, aws_ssm_parameter.secure[*].name))
}

output "arn" {
  description = "ARN, for IAM policies and for a task's secrets."
  value       = one(concat(aws_ssm_parameter.plain[*].arn, aws_ssm_parameter.secure[*].arn))
}
