# A CloudFront distribution in front of a system's public address: TLS, HTTP/3 and a firewall near the caller, no cache.

locals {
  # Amazon CloudFront: "Use managed cache policies", "… origin request policies", "… response headers policies".
  caching_disabled    = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  all_viewer          = "216adef6-5c7f-47e4-b989-5492eafa07d3"
  all_viewer_but_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
  security_headers    = "67f7725c-6f97-4210-82d7-5512b31e9d03"
}

resource "aws_cloudfront_distribution" "this" {
  comment         = var.name
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = var.price_class
  aliases         = var.aliases
  web_acl_id      = var.web_acl_arn

  origin {
    origin_id   = "origin"
    domain_name = var.origin_domain

    # CloudFront overwrites what a caller sends under this name, so nobody else can pass the balancer's gate.
    dynamic "custom_header" {
      for_each = var.gate_header[*]

      content {
        name  = custom_header.value
        value = var.gate_value
      }
    }

    custom_origin_config {
      origin_protocol_policy = var.origin_protocol
      origin_ssl_protocols   = ["TLSv1.2"]
      http_port              = 80
      https_port             = 443
      origin_read_timeout    = var.origin_timeout_seconds

      # Shorter than the balancer's idle timeout, so that it is never the balancer that closes a reused connection.
      origin_keepalive_timeout = 5
    }
  }

  # The services see every request as it was sent: all methods, query, cookies and headers with Host and Authorization.
  default_cache_behavior {
    target_origin_id           = "origin"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.caching_disabled
    origin_request_policy_id   = var.forward_host ? local.all_viewer : local.all_viewer_but_host
    response_headers_policy_id = local.security_headers
  }

  # With CloudFront's own certificate AWS fixes the oldest version it takes, and says TLSv1 here.
  viewer_certificate {
    acm_certificate_arn            = var.certificate_arn
    cloudfront_default_certificate = var.certificate_arn == null
    minimum_protocol_version       = var.certificate_arn == null ? "TLSv1" : "TLSv1.2_2021"
    ssl_support_method             = var.certificate_arn == null ? null : "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  dynamic "logging_config" {
    for_each = var.log_bucket_domain[*]

    content {
      bucket          = logging_config.value
      prefix          = "${var.name}/"
      include_cookies = false
    }
  }

  lifecycle {
    precondition {
      condition     = length(var.aliases) == 0 || var.certificate_arn != null
      error_message = "aliases need a certificate_arn that covers them."
    }
  }
}
