mock_provider "aws" {}

variables {
  name                = "ingest-prod"
  vpc_id              = "vpc-1"
  subnet_ids          = ["subnet-a", "subnet-b"]
  internal            = false
  deletion_protection = true
  ingress_cidrs       = ["0.0.0.0/0"]
}

run "http_only" {
  command = plan

  assert {
    condition     = aws_lb_listener.http[0].protocol == "HTTP" && aws_lb_listener.http[0].port == 80
    error_message = "without a certificate port 80 serves"
  }
  assert {
    condition     = one(aws_lb_listener.http[0].default_action[0].fixed_response).status_code == "404"
    error_message = "what no rule takes is not found"
  }
  assert {
    condition     = length(aws_lb_listener.https) == 0 && length(aws_lb_listener.test) == 0 && length(aws_lb_listener.own) == 0
    error_message = "no other listener without being asked"
  }
  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.cidr) == ["0.0.0.0/0:80"]
    error_message = "only port 80 is open"
  }
  assert {
    condition     = length(aws_vpc_security_group_egress_rule.targets) == 0
    error_message = "no way out unless told"
  }
  assert {
    condition     = output.listener_port == 80 && output.test_listener_arn == null
    error_message = "the outputs speak of the one listener"
  }
}

run "balancer_is_hardened" {
  command = plan

  assert {
    condition     = aws_lb.this.name == "ingest-prod" && aws_lb.this.load_balancer_type == "application" && !aws_lb.this.internal
    error_message = "a public application balancer of the given name"
  }
  assert {
    condition     = aws_lb.this.drop_invalid_header_fields && aws_lb.this.desync_mitigation_mode == "defensive"
    error_message = "invalid headers are dropped and ambiguous requests not passed on"
  }
  assert {
    condition     = aws_lb.this.enable_deletion_protection && aws_lb.this.enable_http2 && aws_lb.this.idle_timeout == 60
    error_message = "protection, HTTP/2 and the idle timeout are set"
  }
  assert {
    condition     = length(aws_lb.this.access_logs) == 0
    error_message = "no access logs without a bucket"
  }
}

run "https_redirects_http" {
  command = plan

  variables {
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
  }

  assert {
    condition     = aws_lb_listener.https[0].port == 443 && aws_lb_listener.https[0].protocol == "HTTPS"
    error_message = "port 443 serves"
  }
  assert {
    condition     = aws_lb_listener.https[0].ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    error_message = "TLS 1.2 and 1.3 only"
  }
  assert {
    condition     = aws_lb_listener.https[0].certificate_arn == var.certificate_arn
    error_message = "the certificate is the given one"
  }
  assert {
    condition     = one(aws_lb_listener.http[0].default_action[*].redirect[0].status_code) == "HTTP_301" && aws_lb_listener.http[0].default_action[0].redirect[0].port == "443"
    error_message = "port 80 only redirects"
  }
  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.cidr) == ["0.0.0.0/0:443", "0.0.0.0/0:80"]
    error_message = "both ports are open"
  }
}

run "https_without_redirect" {
  command = plan

  variables {
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    redirect_http   = false
  }

  assert {
    condition     = length(aws_lb_listener.http) == 0 && keys(aws_vpc_security_group_ingress_rule.cidr) == ["0.0.0.0/0:443"]
    error_message = "nothing listens on port 80"
  }
}

run "test_and_own_listeners" {
  command = plan

  variables {
    certificate_arn    = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    test_listener_port = 8443
    test_ingress_cidrs = ["10.0.0.0/16"]
    own_ports          = { metrics = 9443 }
    default_status     = 403
  }

  assert {
    condition     = aws_lb_listener.test[0].port == 8443 && aws_lb_listener.test[0].protocol == "HTTPS" && aws_lb_listener.test[0].ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    error_message = "the test listener speaks TLS as the serving one"
  }
  assert {
    condition     = aws_lb_listener.own["metrics"].port == 9443 && aws_lb_listener.own["metrics"].certificate_arn == var.certificate_arn
    error_message = "the own listener speaks TLS as the serving one"
  }
  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.cidr) == ["0.0.0.0/0:443", "0.0.0.0/0:80", "0.0.0.0/0:9443", "10.0.0.0/16:8443"]
    error_message = "the test port is open only to its own ranges"
  }
  assert {
    condition     = aws_lb_listener.https[0].default_action[0].fixed_response[0].message_body == "Forbidden"
    error_message = "what no rule takes is forbidden"
  }
}

run "test_listener_shares_the_ranges" {
  command = plan

  variables {
    test_listener_port = 8080
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.cidr) == ["0.0.0.0/0:80", "0.0.0.0/0:8080"]
    error_message = "without own ranges the test port has those of the others"
  }
}

run "behind_cloudfront_or_a_link" {
  command = plan

  variables {
    internal                   = true
    ingress_cidrs              = []
    ingress_prefix_list_ids    = { cloudfront = "pl-3b927c52" }
    ingress_security_group_ids = { gateway = "sg-1" }
    egress_cidrs               = ["10.0.0.0/16"]
    access_log_bucket          = "ingest-prod-access-logs"
  }

  assert {
    condition     = aws_lb.this.internal && length(aws_vpc_security_group_ingress_rule.cidr) == 0
    error_message = "no address range may come in"
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.prefix_list["cloudfront"].prefix_list_id == "pl-3b927c52" && aws_vpc_security_group_ingress_rule.prefix_list["cloudfront"].to_port == 80
    error_message = "CloudFront reaches the serving port"
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.security_group["gateway"].referenced_security_group_id == "sg-1" && aws_vpc_security_group_ingress_rule.security_group["gateway"].from_port == 80
    error_message = "the link reaches the serving port"
  }
  assert {
    condition     = aws_vpc_security_group_egress_rule.targets["10.0.0.0/16"].cidr_ipv4 == "10.0.0.0/16"
    error_message = "the targets are in reach"
  }
  assert {
    condition     = one(aws_lb.this.access_logs).bucket == "ingest-prod-access-logs" && one(aws_lb.this.access_logs).enabled
    error_message = "access logs go to the bucket"
  }
}

run "https_needs_a_certificate" {
  command         = plan
  expect_failures = [aws_lb.this]

  variables {
    https = true
  }
}

run "own_port_is_the_test_port" {
  command         = plan
  expect_failures = [aws_lb_listener.own]

  variables {
    test_listener_port = 9000
    own_ports          = { metrics = 9000 }
  }
}

run "refused" {
  command = plan
  expect_failures = [
    var.name, var.subnet_ids, var.test_listener_port, var.own_ports, var.ingress_cidrs, var.test_ingress_cidrs,
    var.egress_cidrs, var.idle_timeout_seconds, var.default_status,
  ]

  variables {
    name                 = "internal-balancer"
    subnet_ids           = ["subnet-a"]
    test_listener_port   = 443
    own_ports            = { metrics = 80 }
    ingress_cidrs        = ["everywhere"]
    test_ingress_cidrs   = ["10.0.0.0"]
    egress_cidrs         = ["10.0.0.0/40"]
    idle_timeout_seconds = 0
    default_status       = 200
  }
}

run "refuses_long_names_and_shared_ports" {
  command         = plan
  expect_failures = [var.name, var.own_ports]

  variables {
    name      = "a-name-that-has-thirty-three-char"
    own_ports = { a = 9000, b = 9000 }
  }
}
