# An Amazon Aurora PostgreSQL cluster: encrypted, over TLS only, its password made and rotated by AWS.

locals {
  family = "aurora-postgresql${var.engine_version}"
}

resource "aws_rds_cluster" "this" {
  cluster_identifier = var.name

  engine         = "aurora-postgresql"
  engine_version = var.engine_version

  # Minor versions come by themselves; a major one comes when engine_version asks for it, and only then.
  allow_major_version_upgrade = true
  apply_immediately           = !var.deletion_protection

  storage_encrypted = true
  kms_key_id        = var.kms_key_arn

  database_name                       = var.database
  master_username                     = var.user
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.kms_key_arn
  iam_database_authentication_enabled = true

  port                            = var.port
  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [aws_security_group.this.id]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this.name

  backup_retention_period   = var.backup_days
  copy_tags_to_snapshot     = true
  delete_automated_backups  = !var.deletion_protection
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = var.deletion_protection ? "${var.name}-final" : null

  enabled_cloudwatch_logs_exports = keys(aws_cloudwatch_log_group.this)
}

# Any of them can write; Aurora chooses one, and another when that fails.
resource "aws_rds_cluster_instance" "this" {
  for_each = toset([for number in range(1, var.instances + 1) : tostring(number)])

  identifier         = "${var.name}-${each.key}"
  cluster_identifier = aws_rds_cluster.this.id

  # The version is the cluster's.
  engine         = aws_rds_cluster.this.engine
  instance_class = var.instance_class

  auto_minor_version_upgrade = true
  apply_immediately          = !var.deletion_protection

  publicly_accessible   = false
  db_subnet_group_name  = aws_db_subnet_group.this.name
  ca_cert_identifier    = var.ca
  copy_tags_to_snapshot = true

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = 7

  monitoring_interval = 60
  monitoring_role_arn = aws_iam_role.monitoring.arn

  # Without its policy the role is refused.
  depends_on = [aws_iam_role_policy_attachment.monitoring]
}

resource "aws_rds_cluster_parameter_group" "this" {
  name        = "${var.name}-${local.family}"
  family      = local.family
  description = "Parameters of ${var.name}"

  # Connections without TLS are refused.
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # What changes tables, and what takes longer than a second, is logged.
  parameter {
    name  = "log_statement"
    value = "ddl"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }

  # A new major version has a new family: the cluster moves to the new group before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

# Nobody may connect: who may is added by the callers, one rule each.
resource "aws_security_group" "this" {
  name        = "${var.name}-aurora"
  description = "Aurora cluster ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-aurora" }
}
