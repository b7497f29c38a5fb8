# An Amazon DocumentDB cluster (it speaks MongoDB): encrypted, over TLS only, its password made by AWS.

locals {
  # Engine 5.0.0 is of the family docdb5.0.
  family = "docdb${trimsuffix(var.engine_version, ".0")}"

  logs = ["audit", "profiler"]
}

resource "aws_docdb_cluster" "this" {
  cluster_identifier = var.name

  engine         = "docdb"
  engine_version = var.engine_version

  # A new version comes when engine_version asks for it, and only then.
  allow_major_version_upgrade = true
  apply_immediately           = !var.deletion_protection

  storage_encrypted = true
  kms_key_id        = var.kms_key_arn

  master_username             = var.user
  manage_master_user_password = true

  port                            = var.port
  db_subnet_group_name            = aws_docdb_subnet_group.this.name
  vpc_security_group_ids          = [aws_security_group.this.id]
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.this.name

  backup_retention_period   = var.backup_days
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = var.deletion_protection ? "${var.name}-final" : null

  enabled_cloudwatch_logs_exports = local.logs

  # DocumentDB would make the groups itself.
  depends_on = [aws_cloudwatch_log_group.this]
}

# Any of them can write; DocumentDB chooses one, and another when that fails.
resource "aws_docdb_cluster_instance" "this" {
  for_each = toset([for number in range(1, var.instances + 1) : tostring(number)])

  identifier         = "${var.name}-${each.key}"
  cluster_identifier = aws_docdb_cluster.this.id

  engine            = aws_docdb_cluster.this.engine
  instance_class    = var.instance_class
  apply_immediately = !var.deletion_protection

  ca_cert_identifier    = var.ca
  copy_tags_to_snapshot = true

  enable_performance_insights     = var.performance_insights
  performance_insights_kms_key_id = var.performance_insights ? var.kms_key_arn : null
}

resource "aws_docdb_cluster_parameter_group" "this" {
  # These names have no dots.
  name        = "${var.name}-${replace(local.family, ".", "-")}"
  family      = local.family
  description = "Parameters of ${var.name}"

  # Connections without TLS are refused.
  parameter {
    name  = "tls"
    value = "enabled"
  }

  # Who logs in and what changes collections, users and indexes is logged ("Auditing Amazon DocumentDB Events").
  parameter {
    name  = "audit_logs"
    value = "enabled"
  }

  # What takes longer than a tenth of a second is logged.
  parameter {
    name  = "profiler"
    value = "enabled"
  }

  parameter {
    name  = "profiler_threshold_ms"
    value = "100"
  }

  # A new version has a new family: the cluster moves to the new group before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

# Made here, because DocumentDB would keep what is in its own for ever.
resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(local.logs)

  name              = "/aws/docdb/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_docdb_subnet_group" "this" {
  name        = var.name
  description = "Subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

# Nobody may connect: who may is added by the callers, one rule each.
resource "aws_security_group" "this" {
  name        = "${var.name}-documentdb"
  description = "DocumentDB cluster ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-documentdb" }
}
