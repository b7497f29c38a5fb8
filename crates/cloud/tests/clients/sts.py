"""STS as boto3 and its credential chain use it. Usage: sts.py ENDPOINT. Ends with `ok N checks`."""

import datetime
import os
import tempfile

import botocore.session

import kit
from kit import client, done, endpoint, equal

sts = client("sts", parameter_validation=False)
ROLE = "arn:aws:iam::000000000000:role/team/deploy"


def refused(code, call, message=None):
    """As the kit's, and it is said to be the sender's mistake."""
    equal(kit.refused(code, call, message).response["Error"]["Type"], "Sender")


def identity(credentials):
    session = client("sts", key=credentials["AccessKeyId"], secret=credentials["SecretAccessKey"],
                     token=credentials["SessionToken"], parameter_validation=False)
    return session.get_caller_identity()["Arn"]


root = sts.get_caller_identity()
equal((root["Account"], root["Arn"], root["UserId"]), ("000000000000", "arn:aws:iam::000000000000:root", "000000000000"))
answer = sts.assume_role(RoleArn=ROLE, RoleSessionName="ci")
assumed = "arn:aws:sts::000000000000:assumed-role/deploy/ci"
equal(answer["AssumedRoleUser"]["Arn"], assumed)
equal(answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":ci"), True)
left = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
equal(3500 < left.total_seconds() <= 3600, True)
equal("PackedPolicySize" in answer, False)
equal(identity(answer["Credentials"]), assumed)
equal(identity(sts.get_session_token()["Credentials"]), root["Arn"])
answer = sts.get_federation_token(Name="bob", Policy="{}")
equal((answer["FederatedUser"]["Arn"], answer["PackedPolicySize"]), ("arn:aws:sts::000000000000:federated-user/bob", 0))
equal(identity(answer["Credentials"]), "arn:aws:sts::000000000000:federated-user/bob")
equal(sts.get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")["Account"], "000000000000")
for arn in ("nothing-valid-in-here", "arn::b:::something/test-role", "arn:a::::something/test-role", "arn:a:::something/test-role",
            "arn:a:a::aaaaaaaaaa:"):
    refused("ValidationError", lambda: sts.assume_role(RoleArn=arn, RoleSessionName="ab"), f"{arn} is invalid")
refused("ValidationError", lambda: sts.assume_role(RoleArn=ROLE, RoleSessionName="Session1:2"),
        "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [\\w+=,.@-]*")
refused("ValidationError", lambda: sts.assume_role(RoleArn=ROLE, RoleSessionName="s" * 65),
        f"1 validation error detected: Value '{'s' * 65}' at 'roleSessionName' failed to satisfy constraint: "
        "Member must have length less than or equal to 64")
refused("InvalidParameterValue", lambda: sts.assume_role(RoleArn=ROLE, RoleSessionName="ab", TransitiveTagKeys=["a"]))
refused("MalformedPolicyDocument", lambda: sts.assume_role(RoleArn=ROLE, RoleSessionName="ab", Policy="none"))

# The chain by which a pod finds who it is: a token in a file, exchanged without credentials.
with tempfile.NamedTemporaryFile("w") as token:
    token.write("header.eyJzdWIiOiJzeXN0ZW06cG9kIn0.signature")
    token.flush()
    os.environ.update(AWS_ROLE_ARN=ROLE, AWS_ROLE_SESSION_NAME="pod", AWS_WEB_IDENTITY_TOKEN_FILE=token.name,
                      AWS_ENDPOINT_URL=endpoint, AWS_DEFAULT_REGION="us-east-1", AWS_CONFIG_FILE="/dev/null")
    chained = botocore.session.Session().create_client("sts").get_caller_identity()
    equal(chained["Arn"], "arn:aws:sts::000000000000:assumed-role/deploy/pod")
done()
