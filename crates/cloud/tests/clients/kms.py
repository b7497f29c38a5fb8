"""KMS as boto3 uses it. Usage: kms.py ENDPOINT. Ends with `ok N checks`."""

import base64
import json
import uuid

from kit import client, done, equal, refused

kms = client("kms", parameter_validation=False)
ssm = client("ssm", parameter_validation=False)
ARN = "arn:aws:kms:us-east-1:000000000000"


def keys():
    made = kms.create_key(Description="mine", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]
    id = made["KeyId"]
    for name, value in {"AWSAccountId": "000000000000", "Arn": f"{ARN}:key/{id}", "Enabled": True, "Description": "mine",
                        "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": "Enabled", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
                        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "KeySpec": "SYMMETRIC_DEFAULT",
                        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "MultiRegion": False}.items():
        equal(made[name], value, name)
    for reference in (id, made["Arn"]):
        equal(kms.describe_key(KeyId=reference)["KeyMetadata"], made)
    kms.update_key_description(KeyId=id, Description="yours")
    equal(kms.describe_key(KeyId=id)["KeyMetadata"]["Description"], "yours")
    equal(id in [key["KeyId"] for page in kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 1})
                 for key in page["Keys"]], True)
    gone = str(uuid.uuid4())
    refused("NotFoundException", lambda: kms.describe_key(KeyId=gone), f"Key '{ARN}:key/{gone}' does not exist")
    refused("NotFoundException", lambda: kms.describe_key(KeyId="alias/none"), f"Alias {ARN}:alias/none is not found.")
    refused("NotFoundException", lambda: kms.describe_key(KeyId="nonsense"), "Invalid keyId 'nonsense'")
    refused("ValidationException", lambda: kms.describe_key())
    for how in ({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}, {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
                {"Origin": "EXTERNAL"}, {"MultiRegion": True}):
        refused("UnsupportedOperationException", lambda: kms.create_key(**how))
    refused("UnknownOperationException", lambda: kms.sign(KeyId=id, Message=b"x", SigningAlgorithm="ECDSA_SHA_256"))
    return id


def ciphers(id):
    context = {"app": "shop", "tier": "x"}
    made = kms.encrypt(KeyId=id, Plaintext=b"hello", EncryptionContext=context)
    equal((made["KeyId"], made["EncryptionAlgorithm"]), (f"{ARN}:key/{id}", "SYMMETRIC_DEFAULT"))
    equal(b"hello" in made["CiphertextBlob"], False)
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=dict(reversed(context.items())))
    equal((opened["Plaintext"], opened["KeyId"]), (b"hello", f"{ARN}:key/{id}"))
    refused("InvalidCiphertextException", lambda: kms.decrypt(CiphertextBlob=made["CiphertextBlob"]))
    refused("InvalidCiphertextException", lambda: kms.decrypt(CiphertextBlob=b"nonsense" * 10))
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    refused("IncorrectKeyException", lambda: kms.decrypt(
        CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context, KeyId=other),
        "The key ID in the request does not identify a CMK that can perform this operation.")
    moved = kms.re_encrypt(CiphertextBlob=made["CiphertextBlob"], SourceEncryptionContext=context, DestinationKeyId=other)
    equal((moved["SourceKeyId"], moved["KeyId"]), (f"{ARN}:key/{id}", f"{ARN}:key/{other}"))
    equal(kms.decrypt(CiphertextBlob=moved["CiphertextBlob"])["Plaintext"], b"hello")
    data = kms.generate_data_key(KeyId=id, KeySpec="AES_256")
    equal((len(data["Plaintext"]), kms.decrypt(CiphertextBlob=data["CiphertextBlob"])["Plaintext"]), (32, data["Plaintext"]))
    equal(len(kms.generate_data_key(KeyId=id, NumberOfBytes=7)["Plaintext"]), 7)
    equal("Plaintext" in kms.generate_data_key_without_plaintext(KeyId=id, KeySpec="AES_128"), False)
    refused("ValidationException", lambda: kms.generate_data_key(KeyId=id))
    equal(len(kms.generate_random(NumberOfBytes=33)["Plaintext"]), 33)
    refused("ValidationException", lambda: kms.encrypt(KeyId=id, Plaintext=b"x" * 4097),
            "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: "
            "Member must have length less than or equal to 4096")
    refused("DryRunOperationException", lambda: kms.encrypt(KeyId=id, Plaintext=b"x", DryRun=True))
    kms.rotate_key_on_demand(KeyId=id)
    equal(kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)["Plaintext"], b"hello")
    equal([rotation["RotationType"] for rotation in kms.list_key_rotations(KeyId=id)["Rotations"]], ["ON_DEMAND"])


def states():
    id = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=id, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=id)
    told = kms.describe_key(KeyId=id)["KeyMetadata"]
    equal((told["Enabled"], told["KeyState"]), (False, "Disabled"))
    for call in (lambda: kms.encrypt(KeyId=id, Plaintext=b"x"), lambda: kms.decrypt(CiphertextBlob=blob),
                 lambda: kms.generate_data_key(KeyId=id, KeySpec="AES_256")):
        refused("DisabledException", call, f"{ARN}:key/{id} is disabled.")
    kms.enable_key(KeyId=id)
    equal(kms.decrypt(CiphertextBlob=blob)["Plaintext"], b"x")
    refused("ValidationException", lambda: kms.schedule_key_deletion(KeyId=id, PendingWindowInDays=6))
    answer = kms.schedule_key_deletion(KeyId=id, PendingWindowInDays=7)
    equal((answer["KeyId"], answer["KeyState"], answer["PendingWindowInDays"]), (f"{ARN}:key/{id}", "PendingDeletion", 7))
    equal(kms.describe_key(KeyId=id)["KeyMetadata"]["DeletionDate"], answer["DeletionDate"])
    refused("KMSInvalidStateException", lambda: kms.encrypt(KeyId=id, Plaintext=b"x"), f"{ARN}:key/{id} is pending deletion.")
    refused("KMSInvalidStateException", lambda: kms.enable_key(KeyId=id))
    equal(kms.cancel_key_deletion(KeyId=id)["KeyId"], f"{ARN}:key/{id}")
    equal(kms.describe_key(KeyId=id)["KeyMetadata"]["KeyState"], "Disabled")
    refused("KMSInvalidStateException", lambda: kms.cancel_key_deletion(KeyId=id))


def aliases(id):
    kms.create_alias(AliasName="alias/app", TargetKeyId=id)
    equal(kms.describe_key(KeyId="alias/app")["KeyMetadata"]["KeyId"], id)
    equal(kms.describe_key(KeyId=f"{ARN}:alias/app")["KeyMetadata"]["KeyId"], id)
    refused("AlreadyExistsException", lambda: kms.create_alias(AliasName="alias/app", TargetKeyId=id),
            f"An alias with the name {ARN}:alias/app already exists")
    refused("InvalidAliasNameException", lambda: kms.create_alias(AliasName="app", TargetKeyId=id))
    refused("InvalidAliasNameException", lambda: kms.create_alias(AliasName="alias/aws/mine", TargetKeyId=id))
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.update_alias(AliasName="alias/app", TargetKeyId=other)
    listed = kms.list_aliases(KeyId=other)["Aliases"]
    equal([(alias["AliasName"], alias["AliasArn"], alias["TargetKeyId"]) for alias in listed],
          [("alias/app", f"{ARN}:alias/app", other)])
    refused("NotFoundException", lambda: kms.update_alias(AliasName="alias/none", TargetKeyId=id))
    kms.delete_alias(AliasName="alias/app")
    refused("NotFoundException", lambda: kms.delete_alias(AliasName="alias/app"), f"Alias {ARN}:alias/app is not found.")
    managed = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]
    equal((managed["KeyManager"], kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"]), ("AWS", managed["KeyId"]))
    refused("UnsupportedOperationException", lambda: kms.disable_key(KeyId=managed["KeyId"]))


def surroundings(id):
    policy = kms.get_key_policy(KeyId=id, PolicyName="default")
    equal((policy["PolicyName"], json.loads(policy["Policy"])["Id"]), ("default", "key-default-1"))
    mine = json.dumps({"Version": "2012-10-17", "Statement": []})
    kms.put_key_policy(KeyId=id, PolicyName="default", Policy=mine)
    equal(kms.get_key_policy(KeyId=id)["Policy"], mine)
    equal(kms.list_key_policies(KeyId=id)["PolicyNames"], ["default"])
    refused("MalformedPolicyDocumentException", lambda: kms.put_key_policy(KeyId=id, PolicyName="default", Policy="none"))
    refused("NotFoundException", lambda: kms.get_key_policy(KeyId=id, PolicyName="other"), "No such policy exists")
    kms.tag_resource(KeyId=id, Tags=[{"TagKey": "a", "TagValue": "c"}, {"TagKey": "d", "TagValue": ""}])
    listed = kms.list_resource_tags(KeyId=id)
    equal((listed["Tags"], listed["Truncated"]), ([{"TagKey": "a", "TagValue": "c"}, {"TagKey": "d", "TagValue": ""}], False))
    kms.untag_resource(KeyId=id, TagKeys=["a"])
    equal([tag["TagKey"] for tag in kms.list_resource_tags(KeyId=id)["Tags"]], ["d"])
    refused("TagException", lambda: kms.tag_resource(KeyId=id, Tags=[{"TagKey": "aws:x", "TagValue": ""}]))
    equal(kms.get_key_rotation_status(KeyId=id)["KeyRotationEnabled"], False)
    kms.enable_key_rotation(KeyId=id, RotationPeriodInDays=90)
    status = kms.get_key_rotation_status(KeyId=id)
    equal((status["KeyRotationEnabled"], status["RotationPeriodInDays"], "NextRotationDate" in status), (True, 90, True))
    kms.disable_key_rotation(KeyId=id)
    equal(kms.get_key_rotation_status(KeyId=id)["KeyRotationEnabled"], False)
    grant = kms.create_grant(KeyId=id, GranteePrincipal="arn:aws:iam::1:root", RetiringPrincipal="arn:aws:iam::2:root",
                             Operations=["Encrypt", "Decrypt"], Name="g")
    again = kms.create_grant(KeyId=id, GranteePrincipal="arn:aws:iam::1:root", RetiringPrincipal="arn:aws:iam::2:root",
                             Operations=["Encrypt", "Decrypt"], Name="g")
    equal(again["GrantId"], grant["GrantId"])
    listed = kms.list_grants(KeyId=id)["Grants"]
    equal([(entry["GrantId"], entry["Operations"], entry["Name"]) for entry in listed], [(grant["GrantId"], ["Encrypt", "Decrypt"], "g")])
    equal(len(kms.list_retirable_grants(RetiringPrincipal="arn:aws:iam::2:root")["Grants"]), 1)
    kms.revoke_grant(KeyId=id, GrantId=grant["GrantId"])
    equal(kms.list_grants(KeyId=id)["Grants"], [])
    refused("NotFoundException", lambda: kms.revoke_grant(KeyId=id, GrantId=grant["GrantId"]))
    grant = kms.create_grant(KeyId=id, GranteePrincipal="arn:aws:iam::1:root", Operations=["Encrypt"])
    kms.retire_grant(GrantToken=grant["GrantToken"])
    equal(kms.list_grants(KeyId=id)["Grants"], [])


def secure_strings():
    ssm.put_parameter(Name="/kms/usual", Value="v", Type="SecureString")
    equal("alias/aws/ssm" in [alias["AliasName"] for alias in kms.list_aliases()["Aliases"]], True)
    id = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/parameters", TargetKeyId=id)
    for key in (id, f"{ARN}:key/{id}", "alias/parameters", f"{ARN}:alias/parameters"):
        ssm.put_parameter(Name="/kms/own", Value="v", Type="SecureString", KeyId=key, Overwrite=True)
        equal(ssm.get_parameter_history(Name="/kms/own")["Parameters"][-1]["KeyId"], key)
    sealed = base64.b64decode(ssm.get_parameter(Name="/kms/own")["Parameter"]["Value"])
    context = {"PARAMETER_ARN": "arn:aws:ssm:us-east-1:000000000000:parameter/kms/own"}
    equal(kms.decrypt(CiphertextBlob=sealed, EncryptionContext=context)["Plaintext"], b"v")
    for key in ("alias/none", str(uuid.uuid4()), "nonsense"):
        refused("InvalidKeyId", lambda: ssm.put_parameter(Name="/kms/no", Value="v", Type="SecureString", KeyId=key))
    kms.disable_key(KeyId=id)
    refused("InvalidKeyId", lambda: ssm.put_parameter(Name="/kms/no", Value="v", Type="SecureString", KeyId=id))
    refused("InvalidKeyId", lambda: ssm.get_parameter(Name="/kms/own", WithDecryption=True))
    equal("Value" in ssm.get_parameter(Name="/kms/own")["Parameter"], True)


id = keys()
ciphers(id)
states()
aliases(id)
surroundings(id)
secure_strings()
done()
