# A Redis replication group on Amazon ElastiCache: encrypted, over TLS only.
#
# There is no AUTH token: Terraform would have to know it, and it would stand in the state. Who may connect is what the
# security group says, and it says nobody until callers add rules.

locals {
  family = "redis${split(".", var.engine_version)[0]}"
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "Redis ${var.name}"

  engine                     = "redis"
  engine_version             = var.engine_version
  auto_minor_version_upgrade = true
  apply_immediately          = var.apply_immediately
  node_type                  = var.node_type

  num_cache_clusters         = var.instances
  automatic_failover_enabled = var.instances > 1
  multi_az_enabled           = var.multi_az

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn

  port                 = var.port
  subnet_group_name    = aws_elasticache_subnet_group.this.name
  security_group_ids   = [aws_security_group.this.id]
  parameter_group_name = aws_elasticache_parameter_group.this.name

  snapshot_retention_limit = var.snapshot_days
  snapshot_window          = var.snapshot_window

  lifecycle {
    precondition {
      condition     = !var.multi_az || var.instances > 1
      error_message = "multi_az needs at least two instances: there has to be one in another zone."
    }
  }
}

# A group of one's own: AWS's default groups cannot be changed later.
resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.name}-${local.family}"
  family      = local.family
  description = "Parameters of ${var.name}"

  dynamic "parameter" {
    for_each = var.parameters

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  # A new major version has a new family: the caches move to the new group before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_elasticache_subnet_group" "this" {
  name        = var.name
  description = "Subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

# Nobody may connect: who may is added by the callers, one rule each.
resource "aws_security_group" "this" {
  name        = "${var.name}-redis"
  description = "Redis ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-redis" }
}
