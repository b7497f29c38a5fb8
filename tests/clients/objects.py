"""Prints the message id of every object that the ingest worker wrote, one a line.

Usage: objects.py ENDPOINT BUCKET
"""

import re
import sys

import boto3

endpoint, bucket = sys.argv[1:]
s3 = boto3.client(
    "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
)
for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
    for entry in page.get("Contents", []):
        match = re.fullmatch(r"emails/v1/[^/]+/\d{4}/\d{2}/\d{2}/\d+_msgid=([0-9a-f-]{36})\.json", entry["Key"])
        print(match[1] if match else f"unexpected key {entry['Key']}")
