output "id" {
  description = "Id of the API, for the ApiId dimension of its metrics."
  value       = aws_apigatewayv2_api.this.id
}

output "arn" {
  description = "ARN of the API."
  value       = aws_apigatewayv2_api.this.arn
}

output "endpoint" {
  description = "URL of the API."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "domain_name" {
  description = "Host name of the API, for a CDN in front of it."
  value       = trimprefix(aws_apigatewayv2_api.this.api_endpoint, "https://")
}

output "security_group_id" {
  description = "Security group of the VPC link, for the load balancer to let in; null when there is no link."
  value       = one(aws_security_group.link[*].id)
}
