terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "endpoint" {
  type = string
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  endpoints {
    s3             = var.endpoint
    secretsmanager = var.endpoint
    ssm            = var.endpoint
  }
}

resource "aws_s3_bucket" "shelf" {
  bucket = "shelf"
  tags   = { team = "a b" }
}

resource "aws_s3_bucket_versioning" "shelf" {
  bucket = aws_s3_bucket.shelf.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "shelf" {
  bucket = aws_s3_bucket.shelf.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "shelf" {
  bucket                  = aws_s3_bucket.shelf.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "shelf" {
  bucket = aws_s3_bucket.shelf.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "shelf" {
  bucket = aws_s3_bucket.shelf.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.shelf.arn, "${aws_s3_bucket.shelf.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_cors_configuration" "shelf" {
  bucket = aws_s3_bucket.shelf.id
  cors_rule {
    allowed_headers = ["*"]
    allowed_methods = ["PUT"]
    allowed_origins = ["https://page.test"]
    max_age_seconds = 30
  }
}

resource "aws_s3_bucket_notification" "shelf" {
  bucket      = aws_s3_bucket.shelf.id
  eventbridge = true
}

resource "aws_s3_object" "note" {
  bucket     = aws_s3_bucket.shelf.id
  key        = "a b/note.txt"
  content    = "hello"
  tags       = { kind = "note" }
  depends_on = [aws_s3_bucket_versioning.shelf]
}

resource "aws_ssm_parameter" "colour" {
  name  = "/shelf/colour"
  type  = "SecureString"
  value = "blue"
  tags  = { team = "a" }
}

resource "aws_secretsmanager_secret" "key" {
  name                    = "shelf/key"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "key" {
  secret_id     = aws_secretsmanager_secret.key.id
  secret_string = "quiet"
}
