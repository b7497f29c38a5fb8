mock_provider "aws" {
  mock_resource "aws_elasticache_replication_group" {
    defaults = {
      primary_endpoint_address = "master.ingest-prod-sessions.1.use1.cache.amazonaws.com"
      reader_endpoint_address  = "replica.ingest-prod-sessions.1.use1.cache.amazonaws.com"
    }
  }
}

variables {
  name            = "ingest-prod-sessions"
  node_type       = "cache.t4g.small"
  instances       = 2
  multi_az        = true
  snapshot_days   = 7
  snapshot_window = "03:00-04:00"
  vpc_id          = "vpc-1"
  subnet_ids      = ["subnet-1", "subnet-2"]
}

run "two_instances" {
  command = apply

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled == "true" && aws_elasticache_replication_group.this.transit_encryption_enabled
    error_message = "It is encrypted on disk and on the wire."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.auth_token == null
    error_message = "No token stands in the state."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled && aws_elasticache_replication_group.this.num_cache_clusters == 2
    error_message = "The second instance, in another zone, takes over."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 7 && aws_elasticache_replication_group.this.snapshot_window == "03:00-04:00"
    error_message = "A week of snapshots, taken at night."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.auto_minor_version_upgrade == "true" && !aws_elasticache_replication_group.this.apply_immediately
    error_message = "Patches come by themselves, changes in the window."
  }
  assert {
    condition     = aws_elasticache_parameter_group.this.family == "redis7" && aws_elasticache_parameter_group.this.name == "ingest-prod-sessions-redis7" && length(aws_elasticache_parameter_group.this.parameter) == 0
    error_message = "The parameters are the family's defaults, in a group of its own."
  }
  assert {
    condition     = startswith(output.host, "master.") && startswith(output.reader_host, "replica.") && output.port == 6379
    error_message = "One host writes, the other reads."
  }
}

run "one_instance" {
  command = plan

  variables {
    engine_version    = "7.0"
    instances         = 1
    multi_az          = false
    snapshot_days     = 0
    snapshot_window   = null
    port              = 6380
    apply_immediately = true
    parameters        = { maxmemory-policy = "noeviction" }
    kms_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/0b1e"
  }

  assert {
    condition     = !aws_elasticache_replication_group.this.automatic_failover_enabled && !aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "There is nothing to fail over to."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.engine_version == "7.0" && aws_elasticache_replication_group.this.port == 6380 && aws_elasticache_replication_group.this.apply_immediately
    error_message = "Version, port and when to change are the caller's."
  }
  assert {
    condition     = { for parameter in aws_elasticache_parameter_group.this.parameter : parameter.name => parameter.value } == { maxmemory-policy = "noeviction" }
    error_message = "The given parameters are set."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/0b1e"
    error_message = "The given key encrypts."
  }
}

run "refuses_zones_for_one_instance" {
  command = plan
  variables {
    instances = 1
  }
  expect_failures = [aws_elasticache_replication_group.this]
}

run "refuses_names_and_versions_that_elasticache_would_refuse_or_change" {
  command = plan
  variables {
    name            = "Ingest--sessions"
    engine_version  = "7"
    node_type       = "t4g.small"
    snapshot_window = "3-4"
  }
  expect_failures = [var.name, var.engine_version, var.node_type, var.snapshot_window]
}

run "refuses_numbers_out_of_range" {
  command = plan
  variables {
    instances     = 7
    snapshot_days = 36
    port          = 80
    subnet_ids    = []
  }
  expect_failures = [var.instances, var.snapshot_days, var.port, var.subnet_ids]
}
