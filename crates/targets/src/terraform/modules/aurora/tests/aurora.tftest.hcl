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
  mock_resource "aws_rds_cluster" {
    defaults = {
      endpoint        = "ingest-prod-main.cluster-1.us-east-1.rds.amazonaws.com"
      reader_endpoint = "ingest-prod-main.cluster-ro-1.us-east-1.rds.amazonaws.com"
      master_user_secret = [{
        kms_key_id    = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
        secret_arn    = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-1"
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
  instances           = 2
  backup_days         = 14
  deletion_protection = true
  vpc_id              = "vpc-1"
  subnet_ids          = ["subnet-1", "subnet-2"]
}

run "a_protected_cluster" {
  command = apply

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && alltrue([for instance in aws_rds_cluster_instance.this : !instance.publicly_accessible])
    error_message = "It is encrypted and private."
  }
  assert {
    condition     = aws_rds_cluster.this.manage_master_user_password && aws_rds_cluster.this.master_password == null
    error_message = "AWS makes the password."
  }
  assert {
    condition     = aws_rds_cluster.this.deletion_protection && !aws_rds_cluster.this.skip_final_snapshot && !aws_rds_cluster.this.delete_automated_backups
    error_message = "A protected cluster is not deleted, and leaves its backups when it is."
  }
  assert {
    condition     = aws_rds_cluster.this.final_snapshot_identifier == "ingest-prod-main-final" && !aws_rds_cluster.this.apply_immediately
    error_message = "The last snapshot has a stable name, and changes wait for the window."
  }
  assert {
    condition     = aws_rds_cluster.this.iam_database_authentication_enabled && aws_rds_cluster.this.copy_tags_to_snapshot && aws_rds_cluster.this.backup_retention_period == 14
    error_message = "IAM may log in, snapshots are tagged and kept for as long as asked."
  }
  assert {
    condition     = { for key, instance in aws_rds_cluster_instance.this : key => instance.identifier } == { 1 = "ingest-prod-main-1", 2 = "ingest-prod-main-2" }
    error_message = "The instances are numbered from one."
  }
  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : instance.performance_insights_enabled && instance.monitoring_interval == 60 && instance.auto_minor_version_upgrade && !instance.apply_immediately])
    error_message = "Each instance is watched, takes minor versions, and waits for the window."
  }
  assert {
    condition     = aws_rds_cluster.this.enabled_cloudwatch_logs_exports == toset(["postgresql"])
    error_message = "The log is exported."
  }
  assert {
    condition     = aws_cloudwatch_log_group.this["postgresql"].name == "/aws/rds/cluster/ingest-prod-main/postgresql" && aws_cloudwatch_log_group.this["postgresql"].retention_in_days == 30
    error_message = "The log goes to a group that forgets."
  }
  assert {
    condition     = aws_rds_cluster_parameter_group.this.family == "aurora-postgresql16" && aws_rds_cluster_parameter_group.this.name == "ingest-prod-main-aurora-postgresql16"
    error_message = "The family follows the version."
  }
  assert {
    condition     = { for parameter in aws_rds_cluster_parameter_group.this.parameter : parameter.name => parameter.value } == { "rds.force_ssl" = "1", log_statement = "ddl", log_min_duration_statement = "1000" }
    error_message = "TLS is forced; changes of tables and slow statements are logged."
  }
  assert {
    condition = jsondecode(aws_iam_role.monitoring.assume_role_policy).Statement[0].Condition == {
      StringEquals = { "aws:SourceAccount" = "123456789012" }
      ArnLike      = { "aws:SourceArn" = "arn:aws:rds:*:123456789012:db:ingest-prod-main-*" }
    }
    error_message = "RDS may use the role only for instances of this cluster."
  }
  assert {
    condition     = startswith(output.host, "ingest-prod-main.cluster-1.") && startswith(output.reader_host, "ingest-prod-main.cluster-ro-1.") && output.port == 5432
    error_message = "One host writes, the other reads."
  }
  assert {
    condition     = output.secret_arn == "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-1" && output.user == "app" && output.database == "ingest"
    error_message = "The outputs say how to log in."
  }
}

run "one_that_may_go" {
  command = plan

  variables {
    deletion_protection = false
    instances           = 1
    port                = 6543
  }

  assert {
    condition     = aws_rds_cluster.this.skip_final_snapshot && aws_rds_cluster.this.final_snapshot_identifier == null && aws_rds_cluster.this.delete_automated_backups
    error_message = "It leaves nothing behind."
  }
  assert {
    condition     = aws_rds_cluster.this.apply_immediately && aws_rds_cluster_instance.this["1"].apply_immediately && !aws_rds_cluster.this.deletion_protection
    error_message = "Changes come at once."
  }
  assert {
    condition     = length(aws_rds_cluster_instance.this) == 1 && aws_rds_cluster.this.port == 6543
    error_message = "One instance, on the caller's port."
  }
}

run "with_a_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
  }

  assert {
    condition = toset([
      aws_rds_cluster.this.kms_key_id,
      aws_rds_cluster.this.master_user_secret_kms_key_id,
      aws_rds_cluster_instance.this["1"].performance_insights_kms_key_id,
      aws_rds_cluster_instance.this["2"].performance_insights_kms_key_id,
      aws_cloudwatch_log_group.this["postgresql"].kms_key_id,
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
    instances          = 16
    backup_days        = 0
    port               = 80
    log_retention_days = 8
    subnet_ids         = ["subnet-1"]
  }
  expect_failures = [var.instances, var.backup_days, var.port, var.log_retention_days, var.subnet_ids]
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
