mock_provider "aws" {
  mock_resource "aws_security_group" {
    defaults = {
      owner_id = "123456789012"
    }
  }
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/ingest-prod-main-monitoring"
    }
  }
  mock_resource "aws_db_instance" {
    defaults = {
      master_user_secret = [{
        kms_key_id    = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
        secret_arn    = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1"
        secret_status = "active"
      }]
    }
  }
}

variables {
  name                = "ingest-prod-main"
  database            = "ingest"
  engine_version      = "16"
  instance_class      = "db.t4g.medium"
  storage_gib         = 50
  max_storage_gib     = 200
  multi_az            = true
  backup_days         = 14
  deletion_protection = true
  vpc_id              = "vpc-1"
  subnet_ids          = ["subnet-1", "subnet-2"]
}

run "a_protected_database" {
  command = apply

  assert {
    condition     = aws_db_instance.this.storage_encrypted && !aws_db_instance.this.publicly_accessible
    error_message = "It is encrypted and private."
  }
  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null
    error_message = "AWS makes the password."
  }
  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && !aws_db_instance.this.delete_automated_backups
    error_message = "A protected database is not deleted, and leaves its backups when it is."
  }
  assert {
    condition     = aws_db_instance.this.final_snapshot_identifier == "ingest-prod-main-final" && !aws_db_instance.this.apply_immediately
    error_message = "The last snapshot has a stable name, and changes wait for the window."
  }
  assert {
    condition     = aws_db_instance.this.iam_database_authentication_enabled && aws_db_instance.this.copy_tags_to_snapshot && aws_db_instance.this.auto_minor_version_upgrade
    error_message = "IAM may log in, snapshots are tagged, minor versions come by themselves."
  }
  assert {
    condition     = aws_db_instance.this.multi_az && aws_db_instance.this.backup_retention_period == 14
    error_message = "Standby and backups are the caller's."
  }
  assert {
    condition     = aws_db_instance.this.allocated_storage == 50 && aws_db_instance.this.max_allocated_storage == 200
    error_message = "Storage grows from 50 to 200 GiB."
  }
  assert {
    condition     = aws_db_instance.this.performance_insights_enabled && aws_db_instance.this.monitoring_interval == 60
    error_message = "Performance Insights and enhanced monitoring are on."
  }
  assert {
    condition     = aws_db_instance.this.enabled_cloudwatch_logs_exports == toset(["postgresql", "upgrade"])
    error_message = "Both logs are exported."
  }
  assert {
    condition     = { for key, group in aws_cloudwatch_log_group.this : group.name => group.retention_in_days } == { "/aws/rds/instance/ingest-prod-main/postgresql" = 30, "/aws/rds/instance/ingest-prod-main/upgrade" = 30 }
    error_message = "The logs go to groups that forget."
  }
  assert {
    condition     = aws_db_parameter_group.this.family == "postgres16" && aws_db_parameter_group.this.name == "ingest-prod-main-postgres16"
    error_message = "The family follows the version."
  }
  assert {
    condition     = { for parameter in aws_db_parameter_group.this.parameter : parameter.name => parameter.value } == { "rds.force_ssl" = "1", log_statement = "ddl", log_min_duration_statement = "1000" }
    error_message = "TLS is forced; changes of tables and slow statements are logged."
  }
  assert {
    condition = jsondecode(aws_iam_role.monitoring.assume_role_policy) == {
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Service = "monitoring.rds.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = "123456789012" }
          ArnLike      = { "aws:SourceArn" = "arn:aws:rds:*:123456789012:db:ingest-prod-main" }
        }
      }]
    }
    error_message = "Only RDS may use the role, and only for this database."
  }
  assert {
    condition     = output.secret_arn == "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1" && output.port == 5432 && output.user == "app" && output.database == "ingest"
    error_message = "The outputs say how to connect."
  }
}

run "one_that_may_go" {
  command = plan

  variables {
    deletion_protection = false
    multi_az            = false
    max_storage_gib     = null
    port                = 6543
    log_retention_days  = 7
  }

  assert {
    condition     = aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.final_snapshot_identifier == null && aws_db_instance.this.delete_automated_backups
    error_message = "It leaves nothing behind."
  }
  assert {
    condition     = aws_db_instance.this.apply_immediately && !aws_db_instance.this.multi_az && !aws_db_instance.this.deletion_protection
    error_message = "Changes come at once; there is no standby."
  }
  assert {
    condition     = aws_db_instance.this.max_allocated_storage == null && aws_db_instance.this.port == 6543
    error_message = "Storage does not grow; the port is the caller's."
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 7])
    error_message = "Logs are kept for as long as asked."
  }
}

run "with_a_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
  }

  assert {
    condition = toset([
      aws_db_instance.this.kms_key_id,
      aws_db_instance.this.master_user_secret_kms_key_id,
      aws_db_instance.this.performance_insights_kms_key_id,
      aws_cloudwatch_log_group.this["postgresql"].kms_key_id,
      aws_cloudwatch_log_group.this["upgrade"].kms_key_id,
    ]) == toset(["arn:aws:kms:us-east-1:123456789012:key/0b1e"])
    error_message = "One key encrypts storage, password, insights and logs."
  }
}

run "refuses_a_minor_version" {
  command = plan
  variables {
    engine_version = "16.4"
  }
  expect_failures = [var.engine_version]
}

run "refuses_names_that_rds_would_refuse_or_change" {
  command = plan
  variables {
    name           = "Ingest--main"
    database       = "in-gest"
    user           = "postgres"
    instance_class = "t4g.medium"
  }
  expect_failures = [var.name, var.database, var.user, var.instance_class]
}

run "refuses_numbers_out_of_range" {
  command = plan
  variables {
    storage_gib        = 10
    backup_days        = 0
    port               = 80
    log_retention_days = 8
    subnet_ids         = ["subnet-1"]
  }
  expect_failures = [var.storage_gib, var.backup_days, var.port, var.log_retention_days, var.subnet_ids]
}

run "refuses_a_maximum_too_close_to_the_start" {
  command = plan
  variables {
    max_storage_gib = 54
  }
  expect_failures = [aws_db_instance.this]
}

run "roles_within_a_boundary" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::123456789012:policy/shop-prod-boundary"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.monitoring] : role.permissions_boundary == var.permissions_boundary])
    error_message = "Every role must take the boundary."
  }
}

run "refuses_a_boundary_that_is_no_policy" {
  command = plan

  variables {
    permissions_boundary = "shop-prod-boundary"
  }

  expect_failures = [var.permissions_boundary]
}
