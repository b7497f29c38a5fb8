output "id" {
  description = "Id of the distribution."
  value       = aws_cloudfront_distribution.this.id
}

output "arn" {
  description = "ARN of the distribution."
  value       = aws_cloudfront_distribution.this.arn
}

output "domain_name" {
  description = "The distribution's own name, <id>.cloudfront.net."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "hosted_zone_id" {
  description = "Hosted zone of domain_name, for alias records."
  value       = aws_cloudfront_distribution.this.hosted_zone_id
}
