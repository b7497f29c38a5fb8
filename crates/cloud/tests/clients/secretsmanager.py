"""Secrets Manager as boto3 uses it. Usage: secretsmanager.py ENDPOINT. Ends with `ok N checks`."""

import json
import string
import urllib.request
import uuid

from kit import client, done, endpoint, equal, refused

sm = client("secretsmanager", parameter_validation=False)
ssm = client("ssm", parameter_validation=False)
kms = client("kms", parameter_validation=False)
NOT_FOUND = "Secrets Manager can't find the specified secret."
DELETED = "You can't perform this operation on the secret because it was marked for deletion."


def keys(answer):
    return sorted(key for key in answer if key != "ResponseMetadata")


def stages(name):
    return sm.describe_secret(SecretId=name).get("VersionIdsToStages", {})


def creating():
    made = sm.create_secret(Name="app/first", SecretString="one", Description="what for", Tags=[{"Key": "a", "Value": "b"}])
    equal(keys(made), ["ARN", "Name", "VersionId"])
    prefix, suffix = made["ARN"].rsplit("-", 1)
    equal((prefix, len(suffix)), ("arn:aws:secretsmanager:us-east-1:000000000000:secret:app/first", 6))
    equal(suffix.isalnum(), True)
    told = sm.describe_secret(SecretId="app/first")
    equal(keys(told), ["ARN", "CreatedDate", "Description", "LastChangedDate", "Name", "Tags", "VersionIdsToStages"])
    equal((told["Tags"], told["Description"]), ([{"Key": "a", "Value": "b"}], "what for"))
    got = sm.get_secret_value(SecretId="app/first")
    equal(keys(got), ["ARN", "CreatedDate", "Name", "SecretString", "VersionId", "VersionStages"])
    equal((got["SecretString"], got["VersionId"], got["VersionStages"]), ("one", made["VersionId"], ["AWSCURRENT"]))
    equal("LastAccessedDate" in sm.describe_secret(SecretId="app/first"), True)
    refused("ResourceExistsException", lambda: sm.create_secret(Name="app/first", SecretString="two"),
            "The operation failed because the secret app/first already exists.")
    token = str(uuid.uuid4())
    once = sm.create_secret(Name="idempotent", SecretString="x", ClientRequestToken=token)
    equal(once["VersionId"], token)
    again = sm.create_secret(Name="idempotent", SecretString="x", ClientRequestToken=token)
    equal((again["ARN"], again["VersionId"]), (once["ARN"], token))
    refused("ResourceExistsException", lambda: sm.create_secret(Name="idempotent", SecretString="y", ClientRequestToken=token),
            f"You can't use ClientRequestToken {token} because that value is already in use for a version of secret {once['ARN']}.")
    empty = sm.create_secret(Name="empty")
    equal(keys(empty), ["ARN", "Name"])
    equal(keys(sm.describe_secret(SecretId="empty")), ["ARN", "CreatedDate", "LastChangedDate", "Name"])
    answer = refused("ResourceNotFoundException", lambda: sm.get_secret_value(SecretId="empty"),
                     "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT").response
    equal(answer["Message"], answer["Error"]["Message"])
    sm.create_secret(Name="binary", SecretBinary=b"\x00\xff")
    equal(sm.get_secret_value(SecretId="binary")["SecretBinary"], b"\x00\xff")
    refused("InvalidParameterException", lambda: sm.create_secret(Name="both", SecretString="a", SecretBinary=b"a"))
    name_rule = "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
    for name in ("Inv Name", " Inv *?!]Name\\-"):
        refused("ValidationException", lambda: sm.create_secret(Name=name, SecretString="x"), name_rule)
        for call in (sm.delete_secret, sm.describe_secret, sm.get_secret_value, sm.list_secret_version_ids, sm.update_secret):
            refused("ValidationException", lambda: call(SecretId=name), name_rule)
        refused("ValidationException", lambda: sm.put_secret_value(SecretId=name, SecretString="x"), name_rule)
        refused("ValidationException", lambda: sm.tag_resource(SecretId=name, Tags=[]), name_rule)
        refused("ValidationException", lambda: sm.untag_resource(SecretId=name, TagKeys=[]), name_rule)
    refused("ValidationException", lambda: sm.create_secret(Name="big", SecretString="x" * 65537),
            "1 validation error detected: Value at 'secretString' failed to satisfy constraint: "
            "Member must have length less than or equal to 65536")
    sm.create_secret(Name="large", SecretString="x" * 65536)
    refused("ValidationException", lambda: sm.create_secret(Name="short", SecretString="x", ClientRequestToken="short"),
            "1 validation error detected: Value 'short' at 'clientRequestToken' failed to satisfy constraint: "
            "Member must have length greater than or equal to 32")


def raw(operation, body):
    request = urllib.request.Request(endpoint, json.dumps(body).encode(), {
        "X-Amz-Target": f"secretsmanager.{operation}", "Content-Type": "application/x-amz-json-1.1"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def tokens():
    no_token = "You must provide a ClientRequestToken value. We recommend a UUID-type value."
    body = {"Name": "tokenless", "SecretId": "app/first", "SecretString": "x"}
    for operation in ("CreateSecret", "UpdateSecret", "PutSecretValue"):
        equal(raw(operation, body), (400, {"__type": "InvalidRequestException", "Message": no_token}))
    equal(raw("RotateSecret", body), (400, {"__type": "InvalidParameterException", "Message": no_token}))
    status, answer = raw("Nonsense", {})
    equal((status, answer["__type"]), (400, "UnknownOperationException"))


def finding():
    arn = sm.describe_secret(SecretId="app/first")["ARN"]
    for id in (arn, arn[:-7]):
        equal(sm.get_secret_value(SecretId=id)["SecretString"], "one")
        equal(sm.describe_secret(SecretId=id)["ARN"], arn)
    made = sm.create_secret(Name="Invalid/_+=.@-Name-a1b2c3", SecretString="x")
    equal(sm.get_secret_value(SecretId=made["ARN"])["SecretString"], "x")
    for id in (made["ARN"][:-7], "none", arn[:-1] + "_", arn.replace("us-east-1", "eu-west-1"), "arn:aws:sqs:us-east-1:1:q"):
        refused("ResourceNotFoundException", lambda: sm.get_secret_value(SecretId=id), NOT_FOUND)
    for call in (sm.describe_secret, sm.list_secret_version_ids, sm.delete_secret, sm.restore_secret, sm.get_resource_policy,
                 sm.delete_resource_policy, sm.cancel_rotate_secret, sm.update_secret, sm.rotate_secret):
        refused("ResourceNotFoundException", lambda: call(SecretId="none"), NOT_FOUND)


def versions():
    name = "versioned"
    first = sm.create_secret(Name=name, SecretString="1")["VersionId"]
    second = sm.put_secret_value(SecretId=name, SecretString="2")
    equal(keys(second), ["ARN", "Name", "VersionId", "VersionStages"])
    equal(second["VersionStages"], ["AWSCURRENT"])
    second = second["VersionId"]
    equal(stages(name), {first: ["AWSPREVIOUS"], second: ["AWSCURRENT"]})
    third = sm.put_secret_value(SecretId=name, SecretString="3", VersionStages=["AWSPENDING", "mine"])
    equal(third["VersionStages"], ["AWSPENDING", "mine"])
    third = third["VersionId"]
    equal(sm.get_secret_value(SecretId=name)["SecretString"], "2")
    equal(sm.get_secret_value(SecretId=name, VersionStage="AWSPENDING")["SecretString"], "3")
    equal(sm.get_secret_value(SecretId=name, VersionId=first)["SecretString"], "1")
    equal(sm.get_secret_value(SecretId=name, VersionId=third, VersionStage="mine")["SecretString"], "3")
    refused("InvalidRequestException", lambda: sm.get_secret_value(SecretId=name, VersionId=third, VersionStage="AWSCURRENT"),
            "You provided a VersionStage that is not associated to the provided VersionId.")
    gone = str(uuid.uuid4())
    refused("ResourceNotFoundException", lambda: sm.get_secret_value(SecretId=name, VersionId=gone),
            f"Secrets Manager can't find the specified secret value for VersionId: {gone}")
    move = lambda **how: sm.update_secret_version_stage(SecretId=name, **how)
    refused("InvalidParameterException", lambda: move(VersionStage="AWSCURRENT", MoveToVersionId=third))
    refused("InvalidParameterException", lambda: move(VersionStage="AWSCURRENT", RemoveFromVersionId=second))
    refused("InvalidParameterException", lambda: move(VersionStage="AWSCURRENT", RemoveFromVersionId=first, MoveToVersionId=third))
    equal(keys(move(VersionStage="AWSCURRENT", RemoveFromVersionId=second, MoveToVersionId=third)), ["ARN", "Name"])
    equal({id: sorted(labels) for id, labels in stages(name).items()},
          {second: ["AWSPREVIOUS"], third: ["AWSCURRENT", "AWSPENDING", "mine"]})
    fourth = sm.put_secret_value(SecretId=name, SecretString="4")["VersionId"]
    equal({id: sorted(labels) for id, labels in stages(name).items()}, {third: ["AWSPREVIOUS", "mine"], fourth: ["AWSCURRENT"]})
    move(VersionStage="mine", RemoveFromVersionId=third)
    listed = sm.list_secret_version_ids(SecretId=name)
    equal([(entry["VersionId"], entry["VersionStages"], entry["KmsKeyIds"]) for entry in listed["Versions"]],
          [(third, ["AWSPREVIOUS"], ["DefaultEncryptionKey"]), (fourth, ["AWSCURRENT"], ["DefaultEncryptionKey"])])
    every = sm.list_secret_version_ids(SecretId=name, IncludeDeprecated=True)["Versions"]
    equal([(entry["VersionId"], "VersionStages" in entry) for entry in every],
          [(first, False), (second, False), (third, True), (fourth, True)])
    page = sm.list_secret_version_ids(SecretId=name, IncludeDeprecated=True, MaxResults=3)
    rest = sm.list_secret_version_ids(SecretId=name, IncludeDeprecated=True, MaxResults=3, NextToken=page["NextToken"])
    equal((len(page["Versions"]), len(rest["Versions"]), "NextToken" in rest), (3, 1, False))
    refused("InvalidNextTokenException", lambda: sm.list_secret_version_ids(SecretId=name, NextToken="x"))
    token = str(uuid.uuid4())
    for _ in range(2):
        equal(sm.put_secret_value(SecretId=name, SecretString="5", ClientRequestToken=token)["VersionId"], token)
    refused("ResourceExistsException", lambda: sm.put_secret_value(SecretId=name, SecretString="6", ClientRequestToken=token))
    refused("InvalidRequestException", lambda: sm.put_secret_value(SecretId=name),
            "You must provide either SecretString or SecretBinary.")
    refused("ResourceNotFoundException", lambda: sm.put_secret_value(SecretId="none", SecretString="x"), NOT_FOUND)
    sm.create_secret(Name="first-put")
    equal(sm.put_secret_value(SecretId="first-put", SecretString="x", VersionStages=["AWSPENDING"])["VersionStages"],
          ["AWSPENDING", "AWSCURRENT"])
    for number in range(105):
        sm.put_secret_value(SecretId="first-put", SecretString=str(number))
    every = [entry for page in sm.get_paginator("list_secrets").paginate() for entry in page["SecretList"]]
    equal("first-put" in [entry["Name"] for entry in every], True)
    equal(len(sm.list_secret_version_ids(SecretId="first-put", IncludeDeprecated=True)["Versions"]), 100)
    many = [f"label{number}" for number in range(20)]
    refused("LimitExceededException", lambda: sm.put_secret_value(SecretId="first-put", SecretString="x", VersionStages=many))


def updating():
    name = "updated"
    first = sm.create_secret(Name=name, SecretString="1")["VersionId"]
    answer = sm.update_secret(SecretId=name, Description="new")
    equal((keys(answer), stages(name)), (["ARN", "Name"], {first: ["AWSCURRENT"]}))
    answer = sm.update_secret(SecretId=name, SecretString="2")
    equal(keys(answer), ["ARN", "Name", "VersionId"])
    equal(stages(name), {first: ["AWSPREVIOUS"], answer["VersionId"]: ["AWSCURRENT"]})
    equal(sm.describe_secret(SecretId=name)["Description"], "new")
    token = str(uuid.uuid4())
    for _ in range(2):
        equal(sm.update_secret(SecretId=name, SecretString="3", ClientRequestToken=token)["VersionId"], token)
    refused("ResourceExistsException", lambda: sm.update_secret(SecretId=name, SecretString="4", ClientRequestToken=token))


def keyed():
    key = kms.create_key()["KeyMetadata"]
    made = sm.create_secret(Name="keyed", SecretString="x", KmsKeyId=key["KeyId"])
    equal(sm.describe_secret(SecretId="keyed")["KmsKeyId"], key["KeyId"])
    equal(sm.list_secret_version_ids(SecretId="keyed")["Versions"][0]["KmsKeyIds"], [key["KeyId"]])
    refused("InvalidParameterException", lambda: sm.create_secret(Name="other", SecretString="x", KmsKeyId="alias/none"),
            "The operation failed because of an invalid KMS key: "
            "Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.")
    kms.disable_key(KeyId=key["KeyId"])
    refused("DecryptionFailure", lambda: sm.get_secret_value(SecretId="keyed"))
    refused("EncryptionFailure", lambda: sm.put_secret_value(SecretId="keyed", SecretString="y"))
    kms.enable_key(KeyId=key["KeyId"])
    equal(sm.get_secret_value(SecretId=made["ARN"])["SecretString"], "x")
    aliases = [alias["AliasName"] for alias in kms.list_aliases()["Aliases"]]
    equal("alias/aws/secretsmanager" in aliases, True)


def listing():
    names = lambda *filters, **more: [entry["Name"] for entry in sm.list_secrets(
        Filters=[{"Key": key, "Values": list(values)} for key, *values in filters], **more)["SecretList"]]
    sm.create_secret(Name="list/a", SecretString="x", Description="one two", Tags=[{"Key": "right", "Value": "wrong"}])
    sm.create_secret(Name="list/b", SecretString="x", Description="one and two", Tags=[{"Key": "right", "Value": "right"}])
    sm.create_secret(Name="list/c", SecretString="x", Description="unrelated", Tags=[{"Key": "wrong", "Value": "right"}])
    equal(names(["name", "list/"]), ["list/a", "list/b", "list/c"])
    equal(names(["name", "list/a", "list/c"]), ["list/a", "list/c"])
    equal(names(["name", "list/"], ["name", "!list/b"]), ["list/a", "list/c"])
    equal(names(["description", "one two"]), ["list/a", "list/b"])
    equal(names(["tag-key", "right"], ["tag-value", "right"]), ["list/b"])
    equal(names(["all", "unrel"]), ["list/c"])
    equal(names(["name", "list/"], SortOrder="desc"), ["list/c", "list/b", "list/a"])
    equal(names(["name", "list/"], SortBy="name", SortOrder="desc"), ["list/c", "list/b", "list/a"])
    entry = sm.list_secrets(Filters=[{"Key": "name", "Values": ["list/a"]}])["SecretList"][0]
    equal(keys(entry), ["ARN", "CreatedDate", "Description", "LastChangedDate", "Name", "SecretVersionsToStages", "Tags"])
    pages = list(sm.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 2}))
    found = [entry["Name"] for page in pages for entry in page["SecretList"]]
    equal((len(pages[0]["SecretList"]), len(found), len(set(found))), (2, len(names()), len(found)))
    refused("ValidationException", lambda: names(["invalid", "x"]),
            "1 validation error detected: Value 'invalid' at 'filters.1.member.key' failed to satisfy constraint: Member must "
            "satisfy enum value set: [all, name, tag-key, description, tag-value, primary-region, owning-service]")
    refused("InvalidParameterException", lambda: sm.list_secrets(Filters=[{"Values": ["foo"]}]), "Invalid filter key")
    refused("ValidationException", lambda: sm.list_secrets(MaxResults=101))
    sm.delete_secret(SecretId="list/c")
    equal(names(["name", "list/"]), ["list/a", "list/b"])
    equal(names(["name", "list/"], IncludePlannedDeletion=True), ["list/a", "list/b", "list/c"])


def batches():
    answer = sm.batch_get_secret_value(SecretIdList=["list/a", "none", "list/c", "list/b"])
    equal([value["Name"] for value in answer["SecretValues"]], ["list/a", "list/b"])
    equal(keys(answer["SecretValues"][0]), ["ARN", "CreatedDate", "Name", "SecretString", "VersionId", "VersionStages"])
    equal(answer["Errors"], [
        {"SecretId": "none", "ErrorCode": "ResourceNotFoundException", "Message": NOT_FOUND},
        {"SecretId": "list/c", "ErrorCode": "InvalidRequestException", "Message": DELETED}])
    page = sm.batch_get_secret_value(Filters=[{"Key": "name", "Values": ["list/"]}], MaxResults=1)
    rest = sm.batch_get_secret_value(Filters=[{"Key": "name", "Values": ["list/"]}], MaxResults=1, NextToken=page["NextToken"])
    equal([value["Name"] for value in page["SecretValues"] + rest["SecretValues"]], ["list/a", "list/b"])
    refused("InvalidParameterException", lambda: sm.batch_get_secret_value(SecretIdList=["a"], Filters=[{"Key": "name", "Values": ["a"]}]),
            "Either 'SecretIdList' or 'Filters' must be provided, but not both.")
    refused("InvalidParameterException", lambda: sm.batch_get_secret_value(SecretIdList=["a"], MaxResults=2),
            "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.")


def deleting():
    made = sm.create_secret(Name="deleted", SecretString="x")
    for days in (0, 6, 31):
        refused("InvalidParameterException", lambda: sm.delete_secret(SecretId="deleted", RecoveryWindowInDays=days),
                "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
    refused("InvalidParameterException", lambda: sm.delete_secret(
        SecretId="deleted", RecoveryWindowInDays=7, ForceDeleteWithoutRecovery=True),
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
    answer = sm.delete_secret(SecretId="deleted", RecoveryWindowInDays=7)
    equal(keys(answer), ["ARN", "DeletionDate", "Name"])
    told = sm.describe_secret(SecretId="deleted")
    equal(told["DeletedDate"], answer["DeletionDate"])
    equal(6 < (answer["DeletionDate"] - told["CreatedDate"]).total_seconds() / 86400 < 8, True)
    refused("InvalidRequestException", lambda: sm.create_secret(Name="deleted", SecretString="x"),
            "You can't create this secret because a secret with this name is already scheduled for deletion.")
    for call in (lambda: sm.get_secret_value(SecretId="deleted"), lambda: sm.update_secret(SecretId="deleted", Description="x"),
                 lambda: sm.put_secret_value(SecretId="deleted", SecretString="y"), lambda: sm.rotate_secret(SecretId="deleted"),
                 lambda: sm.tag_resource(SecretId="deleted", Tags=[{"Key": "a", "Value": "b"}]),
                 lambda: sm.cancel_rotate_secret(SecretId="deleted")):
        refused("InvalidRequestException", call, DELETED)
    refused("InvalidRequestException", lambda: sm.delete_secret(SecretId="deleted"))
    equal(keys(sm.restore_secret(SecretId="deleted")), ["ARN", "Name"])
    equal(sm.get_secret_value(SecretId="deleted")["SecretString"], "x")
    sm.restore_secret(SecretId="deleted")
    equal("DeletedDate" in sm.describe_secret(SecretId="deleted"), False)
    sm.delete_secret(SecretId="deleted", ForceDeleteWithoutRecovery=True)
    refused("ResourceNotFoundException", lambda: sm.describe_secret(SecretId="deleted"), NOT_FOUND)
    again = sm.create_secret(Name="deleted", SecretString="y")
    equal(again["ARN"] == made["ARN"], False)
    equal(sm.delete_secret(SecretId="never-there", ForceDeleteWithoutRecovery=True)["Name"], "never-there")
    refused("ResourceNotFoundException", lambda: sm.delete_secret(SecretId="never-there"), NOT_FOUND)


def rotating():
    name = "rotated"
    first = sm.create_secret(Name=name, SecretString="1")["VersionId"]
    refused("InvalidRequestException", lambda: sm.rotate_secret(SecretId=name, RotationRules={"AutomaticallyAfterDays": 3}),
            "No Lambda rotation function ARN is associated with this secret.")
    refused("InvalidRequestException", lambda: sm.cancel_rotate_secret(SecretId=name))
    function = "arn:aws:lambda:us-east-1:000000000000:function:rotate"
    refused("ValidationException", lambda: sm.rotate_secret(
        SecretId=name, RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 1001}))
    answer = sm.rotate_secret(SecretId=name, RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 10})
    told = sm.describe_secret(SecretId=name)
    equal((told["RotationEnabled"], told["RotationLambdaARN"], told["RotationRules"]), (True, function, {"AutomaticallyAfterDays": 10}))
    equal(9 < (told["NextRotationDate"] - told["CreatedDate"]).total_seconds() / 86400 < 11, True)
    pending = answer["VersionId"]
    equal(stages(name), {first: ["AWSCURRENT"], pending: ["AWSPENDING"]})
    refused("ResourceNotFoundException", lambda: sm.get_secret_value(SecretId=name, VersionStage="AWSPENDING"),
            "Secrets Manager can't find the specified secret value for staging label: AWSPENDING")
    refused("InvalidRequestException", lambda: sm.rotate_secret(SecretId=name),
            "A previous rotation isn't complete. That rotation will be reattempted.")
    sm.put_secret_value(SecretId=name, ClientRequestToken=pending, SecretString="2", VersionStages=["AWSPENDING"])
    equal(sm.get_secret_value(SecretId=name, VersionStage="AWSPENDING")["SecretString"], "2")
    sm.update_secret_version_stage(SecretId=name, VersionStage="AWSCURRENT", MoveToVersionId=pending, RemoveFromVersionId=first)
    equal(sm.get_secret_value(SecretId=name)["SecretString"], "2")
    equal(sm.rotate_secret(SecretId=name)["VersionId"] == pending, False)
    equal("VersionId" in sm.cancel_rotate_secret(SecretId=name), True)
    told = sm.describe_secret(SecretId=name)
    equal((told["RotationEnabled"], told["RotationLambdaARN"], "NextRotationDate" in told), (False, function, False))


def surroundings():
    name = "surrounded"
    arn = sm.create_secret(Name=name, SecretString="x")["ARN"]
    equal("Tags" in sm.describe_secret(SecretId=name), False)
    sm.tag_resource(SecretId=arn, Tags=[{"Key": "one", "Value": "1"}])
    sm.tag_resource(SecretId=name, Tags=[{"Key": "one", "Value": "2"}, {"Key": "two", "Value": "2"}])
    equal(sm.describe_secret(SecretId=name)["Tags"], [{"Key": "one", "Value": "2"}, {"Key": "two", "Value": "2"}])
    sm.untag_resource(SecretId=name, TagKeys=["one", "two", "none"])
    equal(sm.describe_secret(SecretId=name)["Tags"], [])
    refused("InvalidParameterException", lambda: sm.tag_resource(
        SecretId=name, Tags=[{"Key": str(number), "Value": ""} for number in range(51)]))
    equal(keys(sm.get_resource_policy(SecretId=name)), ["ARN", "Name"])
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"},
              "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]}
    equal(keys(sm.put_resource_policy(SecretId=name, ResourcePolicy=json.dumps(policy))), ["ARN", "Name"])
    equal(json.loads(sm.get_resource_policy(SecretId=name)["ResourcePolicy"]), policy)
    sm.delete_resource_policy(SecretId=name)
    equal("ResourcePolicy" in sm.get_resource_policy(SecretId=name), False)
    refused("MalformedPolicyDocumentException", lambda: sm.put_resource_policy(SecretId=name, ResourcePolicy="no policy"))
    refused("ResourceNotFoundException", lambda: sm.put_resource_policy(SecretId="unknown secret", ResourcePolicy="p"))
    answer = sm.validate_resource_policy(SecretId=name, ResourcePolicy=json.dumps(policy))
    equal((answer["PolicyValidationPassed"], answer["ValidationErrors"]), (True, []))
    policy["Statement"][0]["Principal"] = "*"
    equal(sm.validate_resource_policy(ResourcePolicy=json.dumps(policy))["PolicyValidationPassed"], False)
    refused("PublicPolicyException", lambda: sm.put_resource_policy(
        SecretId=name, ResourcePolicy=json.dumps(policy), BlockPublicPolicy=True))


def replicating():
    made = sm.create_secret(Name="replicated", SecretString="x", AddReplicaRegions=[{"Region": "us-east-2"}])
    equal(made["ReplicationStatus"], [{"Region": "us-east-2", "Status": "InSync"}])
    arn = made["ARN"]
    equal(sm.get_secret_value(SecretId=arn.replace("us-east-1", "us-east-2"))["SecretString"], "x")
    refused("InvalidParameterException", lambda: sm.replicate_secret_to_regions(
        SecretId=arn, AddReplicaRegions=[{"Region": "us-east-1"}]), "Invalid replica region.")
    refused("InvalidParameterException", lambda: sm.delete_secret(SecretId=arn),
            f"You can't delete secret {arn} that still has replica regions [us-east-2]")
    answer = sm.replicate_secret_to_regions(SecretId=arn, AddReplicaRegions=[{"Region": "eu-west-1"}])
    equal([status["Region"] for status in answer["ReplicationStatus"]], ["us-east-2", "eu-west-1"])
    equal(sm.describe_secret(SecretId=arn)["PrimaryRegion"], "us-east-1")
    sm.remove_regions_from_replication(SecretId=arn, RemoveReplicaRegions=["us-east-2", "eu-west-1"])
    refused("ResourceNotFoundException", lambda: sm.get_secret_value(SecretId=arn.replace("us-east-1", "us-east-2")))
    refused("InvalidRequestException", lambda: sm.stop_replication_to_replica(SecretId=arn))
    sm.delete_secret(SecretId=arn)


def regions():
    west = client("secretsmanager", region="us-west-2", parameter_validation=False)
    arn = west.create_secret(Name="west", SecretString="w", AddReplicaRegions=[{"Region": "us-east-1"}])["ARN"]
    equal(arn.split(":")[3], "us-west-2")
    copy = arn.replace("us-west-2", "us-east-1")
    told = sm.describe_secret(SecretId=copy)
    equal((told["ARN"], told["PrimaryRegion"], sm.get_secret_value(SecretId="west")["SecretString"]), (copy, "us-west-2", "w"))
    for change in (
        lambda: sm.put_secret_value(SecretId=copy, SecretString="x"),
        lambda: sm.update_secret(SecretId=copy, SecretString="x"),
        lambda: sm.tag_resource(SecretId=copy, Tags=[{"Key": "k", "Value": "v"}]),
        lambda: sm.get_resource_policy(SecretId=copy),
        lambda: sm.delete_secret(SecretId=copy),
    ):
        refused("InvalidParameterException", change,
                "Operation not permitted on a replica secret. Call must be made in primary secret's region.")
    west.remove_regions_from_replication(SecretId="west", RemoveReplicaRegions=["us-east-1"])
    sm.put_secret_value(SecretId=arn, SecretString="x")
    equal(sm.get_secret_value(SecretId=arn[:-7])["ARN"], arn)


def passwords():
    make = lambda **how: sm.get_random_password(**how)["RandomPassword"]
    password = make()
    for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation):
        equal(any(letter in kind for letter in password), True)
    equal((len(password), len(make(PasswordLength=4096))), (32, 4096))
    equal(any(letter.isspace() for letter in make(PasswordLength=300)), False)
    equal(any(letter.isspace() for letter in make(PasswordLength=5, IncludeSpace=True)), True)
    equal(make(PasswordLength=50, ExcludePunctuation=True, ExcludeNumbers=True, ExcludeUppercase=True).islower(), True)
    equal(set(make(PasswordLength=200, ExcludeCharacters="xyzDje@?!.")) & set("xyzDje@?!."), set())
    refused("InvalidParameterException", lambda: make(PasswordLength=3),
            "Password length 3 is too short based on the required types.")
    refused("ValidationException", lambda: make(PasswordLength=5555))


def through_parameters():
    made = sm.create_secret(Name="by/parameter", SecretString="1st")
    sm.put_secret_value(SecretId="by/parameter", SecretString="2nd")
    reference = "/aws/reference/secretsmanager/by/parameter"
    get = lambda name: ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    found = get(reference)
    equal((found["Name"], found["Type"], found["Value"], found["Version"]), (reference, "SecureString", "2nd", 0))
    source = json.loads(found["SourceResult"])
    equal((source["name"], source["ARN"], "2nd" in found["SourceResult"]), ("by/parameter", made["ARN"], False))
    equal(get(f"{reference}:AWSPREVIOUS")["Value"], "1st")
    equal(get(f"{reference}:{made['VersionId']}")["Value"], "1st")
    refused("ValidationException", lambda: ssm.get_parameter(Name=reference),
            "WithDecryption flag must be True for retrieving a Secret Manager secret.")
    refused("ParameterNotFound", lambda: get("/aws/reference/secretsmanager/none"),
            "An error occurred (ParameterNotFound) when referencing Secrets Manager: "
            "Secret /aws/reference/secretsmanager/none not found.")
    answer = ssm.get_parameters(Names=[reference, "/aws/reference/secretsmanager/none"], WithDecryption=True)
    equal(([found["Value"] for found in answer["Parameters"]], answer["InvalidParameters"]),
          (["2nd"], ["/aws/reference/secretsmanager/none"]))


for group in (creating, tokens, finding, versions, updating, keyed, listing, batches, deleting, rotating, surroundings,
              replicating, regions, passwords, through_parameters):
    group()
done()
