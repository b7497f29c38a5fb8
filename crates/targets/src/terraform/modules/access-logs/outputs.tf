# The outputs wait for what a log delivery needs: AWS tries a write as soon as logging is turned on.

output "bucket" {
  description = "Name of the bucket. Load balancers log without a prefix, buckets with the prefix `s3/`."
  value       = aws_s3_bucket.this.bucket

  depends_on = [aws_s3_bucket_policy.this, aws_s3_bucket_ownership_controls.this]
}

output "domain_name" {
  description = "Domain name of the bucket, the form CloudFront's logging takes."
  value       = "${aws_s3_bucket.this.bucket}.s3.amazonaws.com"

  depends_on = [aws_s3_bucket_policy.this, aws_s3_bucket_ownership_controls.this]
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}
