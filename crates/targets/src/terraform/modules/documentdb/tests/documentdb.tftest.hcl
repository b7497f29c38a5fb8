mock_provider "aws" {
  mock_resource "aws_docdb_cluster" {
    defaults = {
      endpoint        = "ingest-prod-events.cluster-1.us-east-1.docdb.amazonaws.com"
      reader_endpoint = "ingest-prod-events.cluster-ro-1.us-east-1.docdb.amazonaws.com"
      master_user_secret = [{
        kms_key_id    = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
        secret_arn    = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-1"
        secret_status = "active"
      }]
    }
  }
}

variables {
  name                = "ingest-prod-events"
  engine_version      = "5.0.0"
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
    condition     = aws_docdb_cluster.this.storage_encrypted && aws_docdb_cluster.this.manage_master_user_password && aws_docdb_cluster.this.master_password == null
    error_message = "It is encrypted, and AWS makes the password."
  }
  assert {
    condition     = aws_docdb_cluster.this.deletion_protection && !aws_docdb_cluster.this.skip_final_snapshot && aws_docdb_cluster.this.backup_retention_period == 14
    error_message = "A protected cluster is not deleted, and is snapshotted when it is."
  }
  assert {
    condition     = aws_docdb_cluster.this.final_snapshot_identifier == "ingest-prod-events-final" && !aws_docdb_cluster.this.apply_immediately
    error_message = "The last snapshot has a stable name, and changes wait for the window."
  }
  assert {
    condition     = { for key, instance in aws_docdb_cluster_instance.this : key => instance.identifier } == { 1 = "ingest-prod-events-1", 2 = "ingest-prod-events-2" }
    error_message = "The instances are numbered from one."
  }
  assert {
    condition     = alltrue([for instance in aws_docdb_cluster_instance.this : instance.enable_performance_insights && instance.copy_tags_to_snapshot && !instance.apply_immediately])
    error_message = "Each instance is watched and waits for the window."
  }
  assert {
    condition     = aws_docdb_cluster.this.enabled_cloudwatch_logs_exports == tolist(["audit", "profiler"])
    error_message = "Both logs are exported."
  }
  assert {
    condition     = { for group in aws_cloudwatch_log_group.this : group.name => group.retention_in_days } == { "/aws/docdb/ingest-prod-events/audit" = 30, "/aws/docdb/ingest-prod-events/profiler" = 30 }
    error_message = "The logs go to groups that forget."
  }
  assert {
    condition     = aws_docdb_cluster_parameter_group.this.family == "docdb5.0" && aws_docdb_cluster_parameter_group.this.name == "ingest-prod-events-docdb5-0"
    error_message = "The family follows the version."
  }
  assert {
    condition     = { for parameter in aws_docdb_cluster_parameter_group.this.parameter : parameter.name => parameter.value } == { tls = "enabled", audit_logs = "enabled", profiler = "enabled", profiler_threshold_ms = "100" }
    error_message = "TLS is forced; audits and slow operations are logged."
  }
  assert {
    condition     = startswith(output.host, "ingest-prod-events.cluster-1.") && startswith(output.reader_host, "ingest-prod-events.cluster-ro-1.") && output.port == 27017
    error_message = "One host writes, the other reads."
  }
  assert {
    condition     = output.secret_arn == "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-1" && output.user == "app"
    error_message = "The outputs say how to log in."
  }
}

run "one_that_may_go" {
  command = plan

  variables {
    engine_version       = "4.0.0"
    deletion_protection  = false
    instances            = 1
    port                 = 27018
    performance_insights = false
    kms_key_arn          = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
  }

  assert {
    condition     = aws_docdb_cluster.this.skip_final_snapshot && aws_docdb_cluster.this.final_snapshot_identifier == null && !aws_docdb_cluster.this.deletion_protection
    error_message = "It leaves nothing behind."
  }
  assert {
    condition     = aws_docdb_cluster.this.apply_immediately && aws_docdb_cluster_instance.this["1"].apply_immediately
    error_message = "Changes come at once."
  }
  assert {
    condition     = length(aws_docdb_cluster_instance.this) == 1 && aws_docdb_cluster.this.port == 27018 && aws_docdb_cluster_parameter_group.this.family == "docdb4.0"
    error_message = "One instance of the older version, on the caller's port."
  }
  assert {
    condition     = !aws_docdb_cluster_instance.this["1"].enable_performance_insights
    error_message = "Performance Insights can be left out."
  }
}

run "with_a_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
  }

  assert {
    condition = toset([
      aws_docdb_cluster.this.kms_key_id,
      aws_docdb_cluster_instance.this["1"].performance_insights_kms_key_id,
      aws_docdb_cluster_instance.this["2"].performance_insights_kms_key_id,
      aws_cloudwatch_log_group.this["audit"].kms_key_id,
      aws_cloudwatch_log_group.this["profiler"].kms_key_id,
    ]) == toset(["arn:aws:kms:us-east-1:123456789012:key/0b1e"])
    error_message = "One key encrypts storage, insights and logs."
  }
}

run "refuses_names_and_versions_that_documentdb_would_refuse_or_change" {
  command = plan
  variables {
    name           = "Ingest--events"
    user           = "admin"
    engine_version = "5.0"
    instance_class = "t4g.medium"
  }
  expect_failures = [var.name, var.user, var.engine_version, var.instance_class]
}

run "refuses_numbers_out_of_range" {
  command = plan
  variables {
    instances          = 17
    backup_days        = 0
    port               = 80
    log_retention_days = 8
    subnet_ids         = ["subnet-1"]
  }
  expect_failures = [var.instances, var.backup_days, var.port, var.log_retention_days, var.subnet_ids]
}
