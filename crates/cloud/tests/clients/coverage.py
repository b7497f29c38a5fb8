"""Calls every operation of AWS's models and compares with the table. Usage: coverage.py ENDPOINT TABLE. Ends with `ok`."""

import json
import sys

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

# What a service says of an operation it does not have, and S3 of one it does not implement.
UNKNOWN = {"UnknownOperationException", "InvalidAction", "NotImplemented"}

# Of Systems Manager only the Parameter Store is meant to be here; of the rest one stands for all.
OF_PARAMETERS = {"AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource", "DeleteResourcePolicy",
                 "GetResourcePolicies", "PutResourcePolicy", "GetServiceSetting", "ResetServiceSetting", "UpdateServiceSetting"}

# Values that get past a client's own serializer; whether the service likes them is not the question.
TEXTS = {"Bucket": "coverage", "QueueUrl": "http://localhost/000000000000/coverage", "CopySource": "coverage/other"}


def value(shape, name, depth=0):
    kind = shape.type_name
    if kind == "structure":
        members = {name: member for name, member in shape.members.items() if name in shape.required_members}
        return {} if depth > 6 else {name: value(member, name, depth + 1) for name, member in members.items()}
    if kind == "list":
        return [value(shape.member, name, depth + 1)]
    if kind == "map":
        return {"key": value(shape.value, name, depth + 1)}
    if kind == "string":
        return TEXTS.get(name) or (shape.enum[0] if shape.enum else "coverage")
    return {"integer": 1, "long": 1, "boolean": True, "blob": b"body", "timestamp": 0, "float": 1.0, "double": 1.0}[kind]


def answer(client, model, operation):
    shape = model.operation_model(operation).input_shape
    arguments = value(shape, operation) if shape else {}
    try:
        client._make_api_call(operation, arguments)
    except ClientError as error:
        return "absent" if error.response["Error"]["Code"] in UNKNOWN else "here"
    return "here"


def main(endpoint, table):
    table = json.load(open(table, encoding="utf-8"))
    session = botocore.session.get_session()
    wrong, calls = [], 0
    for service, said in table.items():
        model = session.get_service_model(service)
        config = Config(retries={"max_attempts": 1}, parameter_validation=False, inject_host_prefix=False,
                        s3={"addressing_style": "path"}, read_timeout=30)
        client = boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="any",
                              aws_secret_access_key="key", config=config)
        meant = [name for name in model.operation_names if service != "ssm" or "Parameter" in name or name in OF_PARAMETERS]
        wrong += [f"{service}: the table does not have {name}" for name in meant if name not in said]
        for operation in said:
            calls += 1
            found = answer(client, model, operation)
            if found != said[operation]:
                wrong.append(f"{service}: the table says {operation} is {said[operation]}, but it is {found}")
    assert not wrong, "\n".join(wrong)
    print(f"ok {calls} operations")


main(*sys.argv[1:])
