"""What the S3 scripts share: clients, and checks that are counted. The endpoint is the first argument."""

import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

MIB = 1024 * 1024
endpoint = sys.argv[1]
checks = 0


def client(service="s3", key="anything", secret="at all", region="us-east-1", **options):
    if service == "s3":
        options.setdefault("s3", {"addressing_style": "path"})
    config = Config(retries={"max_attempts": 1}, **options)
    return boto3.client(service, endpoint_url=endpoint, region_name=region, config=config,
                        aws_access_key_id=key, aws_secret_access_key=secret)


def equal(found, expected, what=""):
    global checks
    checks += 1
    assert found == expected, f"{what}: found {found!r}, expected {expected!r}"


def refused(code, call, status=None, **details):
    try:
        call()
    except ClientError as error:
        equal(error.response["Error"]["Code"], code, error.response["Error"].get("Message"))
        if status:
            equal(error.response["ResponseMetadata"]["HTTPStatusCode"], status, code)
        for name, value in details.items():
            equal(error.response["Error"].get(name), value, f"{code} {name}")
        return
    raise AssertionError(f"expected {code}, but it succeeded")


def done():
    print(f"ok {checks} checks")
