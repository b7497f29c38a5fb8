output "application_name" {
  description = "Name of the CodeDeploy application."
  value       = aws_codedeploy_app.this.name
}

output "deployment_group_name" {
  description = "Name of the deployment group."
  value       = aws_codedeploy_deployment_group.this.deployment_group_name
}

output "config_name" {
  description = "Name of the deployment configuration that says how the traffic moves."
  value       = local.config_name
}

output "role_arn" {
  description = "ARN of the role CodeDeploy works with."
  value       = aws_iam_role.this.arn
}
