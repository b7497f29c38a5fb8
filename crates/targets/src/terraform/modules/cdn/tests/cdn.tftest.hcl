mock_provider "aws" {}

variables {
  name            = "ingest-prod"
  origin_domain   = "ingest-prod-1.us-east-1.elb.amazonaws.com"
  origin_protocol = "http-only"
  gate_header     = "x-origin-gate"
  gate_value      = "0123456789abcdef0123456789abcdef"
}

run "passes_everything_on" {
  command = plan

  assert {
    condition     = aws_cloudfront_distribution.this.comment == "ingest-prod" && aws_cloudfront_distribution.this.enabled
    error_message = "the distribution has its name"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.http_version == "http2and3" && aws_cloudfront_distribution.this.is_ipv6_enabled && aws_cloudfront_distribution.this.price_class == "PriceClass_100"
    error_message = "HTTP/3, IPv6 and the cheapest class"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"
    error_message = "callers use HTTPS"
  }
  assert {
    condition     = length(aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods) == 7
    error_message = "every method passes"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    error_message = "nothing is cached"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].origin_request_policy_id == "216adef6-5c7f-47e4-b989-5492eafa07d3"
    error_message = "all headers, cookies and the query pass"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].response_headers_policy_id == "67f7725c-6f97-4210-82d7-5512b31e9d03"
    error_message = "answers have the security headers"
  }
  assert {
    condition     = one(aws_cloudfront_distribution.this.origin[*].custom_origin_config[0].origin_protocol_policy) == "http-only"
    error_message = "the origin is spoken to as told"
  }
  assert {
    condition = nonsensitive(one(flatten([
      for origin in aws_cloudfront_distribution.this.origin : [for header in origin.custom_header : "${header.name}=${header.value}"]
    ]))) == "x-origin-gate=0123456789abcdef0123456789abcdef"
    error_message = "the gate is added"
  }
  assert {
    condition     = issensitive(aws_cloudfront_distribution.this.origin)
    error_message = "the gate's value is shown nowhere"
  }
}

run "origin_with_a_name_of_its_own" {
  command = plan

  variables {
    forward_host = false
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].origin_request_policy_id == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    error_message = "everything passes but the host name"
  }
}

run "own_name_only" {
  command = plan

  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].cloudfront_default_certificate && aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1"
    error_message = "CloudFront's own certificate"
  }
  assert {
    condition     = length(aws_cloudfront_distribution.this.logging_config) == 0 && length(aws_cloudfront_distribution.this.aliases) == 0 && aws_cloudfront_distribution.this.web_acl_id == null
    error_message = "no logs, aliases or web ACL unless told"
  }
}

run "all_options" {
  command = plan

  variables {
    origin_protocol   = "https-only"
    aliases           = ["api.example.com"]
    certificate_arn   = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    web_acl_arn       = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/ingest-prod/1"
    log_bucket_domain = "logs.s3.amazonaws.com"
  }

  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" && aws_cloudfront_distribution.this.viewer_certificate[0].ssl_support_method == "sni-only"
    error_message = "TLS 1.2 and newer"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].acm_certificate_arn == var.certificate_arn && !aws_cloudfront_distribution.this.viewer_certificate[0].cloudfront_default_certificate
    error_message = "the certificate is the given one"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.aliases == toset(["api.example.com"]) && aws_cloudfront_distribution.this.web_acl_id == var.web_acl_arn
    error_message = "aliases and web ACL are set"
  }
  assert {
    condition     = one(aws_cloudfront_distribution.this.origin[*].custom_origin_config[0].origin_protocol_policy) == "https-only" && one(aws_cloudfront_distribution.this.origin[*].custom_origin_config[0].origin_ssl_protocols) == toset(["TLSv1.2"])
    error_message = "the origin is spoken to in TLS 1.2"
  }
  assert {
    condition     = aws_cloudfront_distribution.this.logging_config[0].bucket == "logs.s3.amazonaws.com" && aws_cloudfront_distribution.this.logging_config[0].prefix == "ingest-prod/" && !aws_cloudfront_distribution.this.logging_config[0].include_cookies
    error_message = "logs go to the bucket, without cookies"
  }
}

run "aliases_need_a_certificate" {
  command         = plan
  expect_failures = [aws_cloudfront_distribution.this]

  variables {
    aliases = ["api.example.com"]
  }
}

run "refused" {
  command = plan
  expect_failures = [
    var.name, var.origin_domain, var.origin_protocol, var.origin_timeout_seconds, var.gate_header, var.gate_value,
    var.aliases, var.certificate_arn, var.price_class,
  ]

  variables {
    name                   = "a name"
    origin_domain          = "https://api.example.com"
    origin_protocol        = "match-viewer"
    origin_timeout_seconds = 61
    gate_header            = "X-Amz-Gate"
    gate_value             = "short"
    aliases                = ["API.example.com"]
    certificate_arn        = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
    price_class            = "PriceClass_300"
  }
}

run "needs_no_gate" {
  command = plan

  variables {
    gate_header = null
    gate_value  = null
  }

  assert {
    condition     = length(one(aws_cloudfront_distribution.this.origin).custom_header) == 0
    error_message = "no header is added"
  }
}
