mock_provider "aws" {}

variables {
  name         = "ingest-prod-api"
  force_delete = false
}

run "defaults" {
  command = plan

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE" && !aws_ecr_repository.this.force_delete
    error_message = "Tags must stay on their images."
  }

  assert {
    condition     = aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push
    error_message = "Images must be scanned when they are pushed."
  }

  assert {
    condition     = aws_ecr_repository.this.encryption_configuration[0].encryption_type == "AES256"
    error_message = "Without a key images are encrypted with AES256."
  }

  assert {
    condition = [for rule in jsondecode(aws_ecr_lifecycle_policy.this.policy).rules : [rule.rulePriority, rule.selection, rule.action]] == [
      [1, { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 1 }, { type = "expire" }],
      [2, { tagStatus = "tagged", tagPatternList = ["*"], countType = "imageCountMoreThan", countNumber = 10 }, { type = "expire" }],
    ]
    error_message = "Untagged images go after a day and tagged ones when ten newer are there."
  }
}

run "options" {
  command = plan

  variables {
    keep         = 25
    immutable    = false
    kms_key_arn  = "arn:aws:kms:us-east-1:123456789012:key/6f1b2c3d-0000-4000-8000-000000000000"
    force_delete = true
  }

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "MUTABLE" && aws_ecr_repository.this.force_delete
    error_message = "Tags may move and the repository may go when so set."
  }

  assert {
    condition     = aws_ecr_repository.this.encryption_configuration[0].encryption_type == "KMS" && aws_ecr_repository.this.encryption_configuration[0].kms_key == var.kms_key_arn
    error_message = "Images must be encrypted with the key given."
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this.policy).rules[1].selection.countNumber == 25
    error_message = "The policy must keep as many images as set."
  }
}

run "outputs" {
  command = apply

  assert {
    condition     = output.name == "ingest-prod-api" && output.arn == aws_ecr_repository.this.arn && output.repository_url == aws_ecr_repository.this.repository_url
    error_message = "Outputs must be the repository's."
  }
}

run "keep_nothing" {
  command = plan

  variables {
    keep = 0
  }

  expect_failures = [var.keep]
}

run "name_with_capitals" {
  command = plan

  variables {
    name = "ingest-prod-API"
  }

  expect_failures = [var.name]
}
