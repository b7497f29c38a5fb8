# RDS would make these groups itself, and keep what is in them for ever.
resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role" "monitoring" {
  name                 = "${var.name}-monitoring"
  description          = "Lets RDS write the operating system metrics of ${var.name}"
  permissions_boundary = var.permissions_boundary

  # "Preventing the confused deputy problem" in "Setting up and enabling Enhanced Monitoring".
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = aws_security_group.this.owner_id }
        ArnLike      = { "aws:SourceArn" = "arn:aws:rds:*:${aws_security_group.this.owner_id}:db:${var.name}" }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
