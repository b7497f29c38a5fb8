"""What the scripts share: clients, and checks that are counted. The endpoint is the first argument."""

import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
checks = 0


def who(key="anything", secret="at all", region="us-east-1", token=None, **options):
    """Who asks, from where, and how."""
    options.setdefault("retries", {"max_attempts": 1})
    return dict(endpoint_url=endpoint, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret,
                aws_session_token=token, config=Config(**options))


def client(service, **options):
    return boto3.client(service, **who(**options))


def resource(service, **options):
    return boto3.resource(service, **who(**options))


def equal(found, expected, what=""):
    global checks
    checks += 1
    assert found == expected, f"{what}: found {found!r}, expected {expected!r}"


def refused(code, call, message=None, status=None):
    """The call fails with this code; gives the error."""
    try:
        call()
    except ClientError as error:
        found = error.response["Error"]
        equal(found["Code"], code, found.get("Message"))
        if message:
            equal(found["Message"], message)
        if status:
            equal(error.response["ResponseMetadata"]["HTTPStatusCode"], status, code)
        return error
    raise AssertionError(f"expected {code}, but it succeeded")


def done():
    print(f"ok {checks} checks")
