locals {
  serving_port = local.https ? 443 : 80
  test_ports   = var.test_listener_port[*]
  public_ports = concat([local.serving_port], local.https && var.redirect_http ? [80] : [], values(var.own_ports))

  # The key of a rule is its range and port, so that a new range or port touches no other rule.
  cidr_rules = merge(
    { for pair in setproduct(var.ingress_cidrs, local.public_ports) : "${pair[0]}:${pair[1]}" => { cidr = pair[0], port = pair[1] } },
    {
      for pair in setproduct(coalesce(var.test_ingress_cidrs, var.ingress_cidrs), local.test_ports) :
      "${pair[0]}:${pair[1]}" => { cidr = pair[0], port = pair[1] }
    },
  )
}

resource "aws_security_group" "this" {
  name        = "${var.name}-balancer"
  description = "Load balancer ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-balancer" }

  # The balancer holds on to its group until it has the next one.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "cidr" {
  for_each = local.cidr_rules

  security_group_id = aws_security_group.this.id
  description       = "Port ${each.value.port} from ${each.value.cidr}"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = each.value.cidr
}

# Only the serving port: CloudFront's list counts as 55 rules, and a group holds 60
# (Amazon VPC: "AWS-managed prefix list weight").
resource "aws_vpc_security_group_ingress_rule" "prefix_list" {
  for_each = var.ingress_prefix_list_ids

  security_group_id = aws_security_group.this.id
  description       = "Port ${local.serving_port} from ${each.key}"
  ip_protocol       = "tcp"
  from_port         = local.serving_port
  to_port           = local.serving_port
  prefix_list_id    = each.value
}

resource "aws_vpc_security_group_ingress_rule" "security_group" {
  for_each = var.ingress_security_group_ids

  security_group_id            = aws_security_group.this.id
  description                  = "Port ${local.serving_port} from ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = local.serving_port
  to_port                      = local.serving_port
  referenced_security_group_id = each.value
}

resource "aws_vpc_security_group_egress_rule" "targets" {
  for_each = var.egress_cidrs

  security_group_id = aws_security_group.this.id
  description       = "Targets in ${each.value}"
  ip_protocol       = "tcp"
  from_port         = 0
  to_port           = 65535
  cidr_ipv4         = each.value
}
