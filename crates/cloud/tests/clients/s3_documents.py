"""The sub-resources of buckets as boto3 uses them. Usage: s3_documents.py ENDPOINT. Ends with `ok N checks`."""

import base64
import hashlib
import json
import os
import urllib.error
import urllib.request

from kit import done, endpoint, equal
from s3_kit import client, refused

s3 = client()
B = "papers"
s3.create_bucket(Bucket=B)
s3.create_bucket(Bucket="logs")

# What a bucket says where nothing was put.
UNSET = {
    "get_bucket_cors": "NoSuchCORSConfiguration",
    "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
    "get_bucket_ownership_controls": "OwnershipControlsNotFoundError",
    "get_bucket_policy": "NoSuchBucketPolicy",
    "get_bucket_policy_status": "NoSuchBucketPolicy",
    "get_bucket_replication": "ReplicationConfigurationNotFoundError",
    "get_bucket_tagging": "NoSuchTagSet",
    "get_bucket_website": "NoSuchWebsiteConfiguration",
    "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
    "get_public_access_block": "NoSuchPublicAccessBlockConfiguration",
}
FILTER = {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}}
# Method, the argument that is put, what is told as, the value; a GET tells exactly what was put.
ROUND = [
    ("bucket_cors", "CORSConfiguration", "CORSRules", {"CORSRules": [
        {"ID": "one", "AllowedHeaders": ["*"], "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://*.a.test"],
         "ExposeHeaders": ["etag"], "MaxAgeSeconds": 30},
        {"AllowedMethods": ["DELETE"], "AllowedOrigins": ["*"]}]}),
    ("bucket_ownership_controls", "OwnershipControls", None, {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
    ("public_access_block", "PublicAccessBlockConfiguration", None, {
        "BlockPublicAcls": False, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": True}),
    ("bucket_encryption", "ServerSideEncryptionConfiguration", None, {"Rules": [{
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
        "BucketKeyEnabled": True}]}),
    ("bucket_website", "WebsiteConfiguration", "", {
        "IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "oh.html"},
        "RoutingRules": [{"Condition": {"KeyPrefixEquals": "a"}, "Redirect": {"ReplaceKeyPrefixWith": "b"}}]}),
    ("bucket_lifecycle_configuration", "LifecycleConfiguration", "Rules", {"Rules": [
        {"ID": "x", "Status": "Enabled", "Filter": FILTER, "Expiration": {"Days": 365},
         "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
         "NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 2}},
        {"ID": "y", "Status": "Disabled", "Filter": {"Prefix": ""},
         "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}),
]
ALWAYS = [
    ("bucket_accelerate_configuration", "AccelerateConfiguration", {"Status": "Enabled"}, {}),
    ("bucket_request_payment", "RequestPaymentConfiguration", {"Payer": "Requester"}, {"Payer": "BucketOwner"}),
    ("bucket_logging", "BucketLoggingStatus", {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "p/"}}, {}),
    ("bucket_notification_configuration", "NotificationConfiguration", {"TopicConfigurations": [
        {"Id": "t", "TopicArn": "arn:aws:sns:us-east-1:000000000000:t", "Events": ["s3:ObjectCreated:*"]}]}, {}),
]
LISTED = [
    ("analytics", "AnalyticsConfiguration", {"Filter": FILTER, "StorageClassAnalysis": {"DataExport": {
        "OutputSchemaVersion": "V_1", "Destination": {"S3BucketDestination": {
            "Format": "CSV", "Bucket": "arn:aws:s3:::logs", "Prefix": "p"}}}}}),
    ("metrics", "MetricsConfiguration", {"Filter": {"Prefix": "a"}}),
    ("inventory", "InventoryConfiguration", {
        "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::logs", "Format": "CSV", "Encryption": {"SSES3": {}}}},
        "IsEnabled": True, "IncludedObjectVersions": "All", "OptionalFields": ["Size", "ETag"],
        "Schedule": {"Frequency": "Daily"}}),
    ("intelligent_tiering", "IntelligentTieringConfiguration", {
        "Filter": {"Tag": {"Key": "k", "Value": "v"}}, "Status": "Enabled",
        "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}),
]


def call(name, **arguments):
    answer = getattr(s3, name)(Bucket=B, **arguments)
    answer.pop("ResponseMetadata")
    return answer


def nothing_put():
    for method, code in UNSET.items():
        refused(code, lambda: call(method), 404)
    default = call("get_bucket_encryption")["ServerSideEncryptionConfiguration"]
    equal(default, {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]})
    for method in UNSET:
        refused("NoSuchBucket", lambda: getattr(s3, method)(Bucket="missing"), 404)


def documents():
    for name, argument, told, value in ROUND:
        call(f"put_{name}", **{argument: value})
        found = call(f"get_{name}")
        found.pop("TransitionDefaultMinimumObjectSize", None)
        expected = value if told == "" else {told: value[told]} if told else {argument: value}
        equal(found, expected, name)
        call(f"delete_{name}" if name != "bucket_lifecycle_configuration" else "delete_bucket_lifecycle")
        if name != "bucket_encryption":
            refused(UNSET[f"get_{name}"], lambda: call(f"get_{name}"), 404)
    for name, argument, value, default in ALWAYS:
        equal(call(f"get_{name}"), default, name)
        call(f"put_{name}", **{argument: value})
        equal(call(f"get_{name}"), value, name)
    for name in ("bucket_logging", "bucket_notification_configuration"):
        argument = {"bucket_logging": "BucketLoggingStatus"}.get(name, "NotificationConfiguration")
        call(f"put_{name}", **{argument: {}})
        equal(call(f"get_{name}"), {}, name)


def listed():
    for name, argument, value in LISTED:
        for one in ("b", "a"):
            call(f"put_bucket_{name}_configuration", Id=one, **{argument: {"Id": one, **value}})
        equal(call(f"get_bucket_{name}_configuration", Id="a"), {argument: {"Id": "a", **value}}, name)
        found = call(f"list_bucket_{name}_configurations")
        equal([row["Id"] for row in found[argument + "List"]], ["a", "b"], name)
        call(f"delete_bucket_{name}_configuration", Id="a")
        refused("NoSuchConfiguration", lambda: call(f"get_bucket_{name}_configuration", Id="a"), 404)
        refused("NoSuchConfiguration", lambda: call(f"delete_bucket_{name}_configuration", Id="a"), 404)


def refusals():
    cors = lambda **rule: call("put_bucket_cors", CORSConfiguration={"CORSRules": [
        {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], **rule}]})
    refused("InvalidRequest", lambda: cors(AllowedMethods=["PATCH"]), 400,
            Message="Found unsupported HTTP method in CORS config. Unsupported method is PATCH")
    refused("InvalidRequest", lambda: cors(AllowedOrigins=["*.*"]), 400)
    refused("InvalidTargetBucketForLogging", lambda: call("put_bucket_logging", BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": "missing", "TargetPrefix": ""}}), 400)
    refused("MalformedXML", lambda: call("put_bucket_request_payment", RequestPaymentConfiguration={"Payer": "Me"}), 400)
    refused("InvalidArgument", lambda: call("put_bucket_website", WebsiteConfiguration={
        "IndexDocument": {"Suffix": "a/b"}}), 400)
    refused("InvalidArgument", lambda: call("put_bucket_website", WebsiteConfiguration={"ErrorDocument": {"Key": "a"}}), 400)
    refused("InvalidArgument", lambda: call("put_bucket_encryption", ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256", "KMSMasterKeyID": "k"}}]}), 400)
    refused("InvalidRequest", lambda: call("put_bucket_replication", ReplicationConfiguration={
        "Role": "r", "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::logs"}, "Prefix": ""}]}), 400,
            BucketName=B)
    for kind, arn, message in (
            ("Queue", "arn:aws:sqs:us-east-1:000000000000:none", "Unable to validate the following destination configurations"),
            ("Queue", "arn:aws:sns:us-east-1:000000000000:q", "The ARN is not well formed"),
            ("LambdaFunction", "arn:aws:{}:us-east-1:000000000000:q", "The ARN is not well formed"),
            ("Topic", "q", "The ARN could not be parsed")):
        refused("InvalidArgument", lambda: call("put_bucket_notification_configuration", NotificationConfiguration={
            f"{kind}Configurations": [{f"{kind}Arn": arn, "Events": ["s3:ObjectCreated:*"]}]}), 400, Message=message)
    refused("InvalidRequest", lambda: call("put_public_access_block", PublicAccessBlockConfiguration={}), 400,
            Message="Must specify at least one configuration.")


def policies():
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{B}/*"}]})
    call("put_bucket_policy", Policy=policy)
    equal(call("get_bucket_policy")["Policy"], policy)
    equal(call("get_bucket_policy_status")["PolicyStatus"], {"IsPublic": True})
    call("delete_bucket_policy")
    refused("NoSuchBucketPolicy", lambda: call("get_bucket_policy"), 404)
    refused("MalformedPolicy", lambda: call("put_bucket_policy", Policy="no"), 400)
    call("put_public_access_block", PublicAccessBlockConfiguration={"BlockPublicPolicy": True, "BlockPublicAcls": True})
    refused("AccessDenied", lambda: call("put_bucket_policy", Policy=policy), 403)
    refused("AccessDenied", lambda: call("put_bucket_acl", ACL="public-read"), 403)
    refused("AccessDenied", lambda: call("put_object", Key="a", ACL="public-read"), 403)
    call("delete_public_access_block")


def acls():
    owner = s3.list_buckets()["Owner"]["ID"]
    equal(len(owner), 64)
    alone = {"Owner": {"ID": owner, "DisplayName": "owner"}, "Grants": [
        {"Grantee": {"ID": owner, "DisplayName": "owner", "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}]}
    everybody = {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}
    equal(call("get_bucket_acl"), alone)
    call("put_bucket_acl", ACL="public-read")
    equal(call("get_bucket_acl"), {**alone, "Grants": alone["Grants"] + [everybody]})
    call("put_bucket_acl", AccessControlPolicy=alone)
    equal(call("get_bucket_acl"), alone)
    call("put_object", Key="open", Body=b"x", ACL="public-read")
    equal(call("get_object_acl", Key="open")["Grants"][1], everybody)
    call("put_object_acl", Key="open", GrantRead=f'id="{owner}"')
    equal([grant["Permission"] for grant in call("get_object_acl", Key="open")["Grants"]], ["READ"])
    refused("InvalidArgument", lambda: call("put_object_acl", Key="open", ACL="everybody"), 400)
    refused("NoSuchKey", lambda: call("get_object_acl", Key="none"), 404)
    call("put_bucket_ownership_controls", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    refused("AccessControlListNotSupported", lambda: call("put_bucket_acl", ACL="public-read"), 400)
    call("put_object", Key="open", Body=b"x", ACL="bucket-owner-full-control")
    call("delete_bucket_ownership_controls")


def origins():
    call("put_bucket_cors", CORSConfiguration={"CORSRules": [{
        "AllowedHeaders": ["x-amz-*"], "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://*.a.test"],
        "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 30}]})

    def ask(method, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"{endpoint}/{B}/open", method=method, headers=names)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.headers

    known = {"Origin": "https://w.a.test", "Access_Control_Request_Method": "PUT"}
    status, headers = ask("OPTIONS", **known, Access_Control_Request_Headers="X-Amz-Date")
    equal((status, headers["Access-Control-Allow-Origin"], headers["Access-Control-Allow-Methods"],
           headers["Access-Control-Allow-Headers"], headers["Access-Control-Max-Age"]),
          (200, "https://w.a.test", "GET, PUT", "x-amz-date", "30"))
    equal(ask("OPTIONS", **{**known, "Origin": "https://b.test"})[0], 403)
    equal(ask("OPTIONS", **known, Access_Control_Request_Headers="authorization")[0], 403)
    equal(ask("OPTIONS", Access_Control_Request_Method="GET")[0], 400)
    status, headers = ask("GET", Origin="https://w.a.test")
    equal((status, headers["Access-Control-Allow-Origin"], headers["Access-Control-Expose-Headers"]),
          (200, "https://w.a.test", "ETag"))
    equal(ask("GET", Origin="https://b.test")[1]["Access-Control-Allow-Origin"], None)
    call("delete_bucket_cors")
    equal(ask("OPTIONS", **known)[0], 403)


def encryption():
    put = call("put_object", Key="plain", Body=b"x")
    equal(put["ServerSideEncryption"], "AES256")
    equal(call("head_object", Key="plain")["ServerSideEncryption"], "AES256")
    call("put_bucket_encryption", ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "abc"}, "BucketKeyEnabled": True}]})
    put = call("put_object", Key="kms", Body=b"x")
    equal((put["ServerSideEncryption"], put["SSEKMSKeyId"], put["BucketKeyEnabled"]),
          ("aws:kms", "arn:aws:kms:us-east-1:000000000000:key/abc", True))
    equal(call("copy_object", Key="copy", CopySource=f"{B}/plain")["ServerSideEncryption"], "aws:kms")
    call("delete_bucket_encryption")
    key = os.urandom(32)
    own = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}
    put = call("put_object", Key="mine", Body=b"secret", **own)
    md5 = base64.b64encode(hashlib.md5(key).digest()).decode()
    equal((put["SSECustomerAlgorithm"], put["SSECustomerKeyMD5"], "ServerSideEncryption" in put), ("AES256", md5, False))
    equal(call("get_object", Key="mine", **own)["Body"].read(), b"secret")
    refused("InvalidRequest", lambda: call("get_object", Key="mine"), 400)
    refused("400", lambda: call("head_object", Key="mine"), 400)
    other = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": os.urandom(32)}
    refused("AccessDenied", lambda: call("get_object", Key="mine", **other), 403)
    refused("InvalidRequest", lambda: call("get_object", Key="plain", **own), 400)
    call("copy_object", Key="open copy", CopySource=f"{B}/mine", CopySourceSSECustomerAlgorithm="AES256",
         CopySourceSSECustomerKey=key)
    equal(call("get_object", Key="open copy")["Body"].read(), b"secret")
    upload = call("create_multipart_upload", Key="parts", **own)["UploadId"]
    refused("InvalidRequest", lambda: call("upload_part", Key="parts", UploadId=upload, PartNumber=1, Body=b"x"), 400)
    part = call("upload_part", Key="parts", UploadId=upload, PartNumber=1, Body=b"x", **own)
    call("complete_multipart_upload", Key="parts", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    equal(call("get_object", Key="parts", **own)["Body"].read(), b"x")


def restored(sqs, url):
    rules = call("get_bucket_notification_configuration")
    rules["QueueConfigurations"][0]["Events"] = ["s3:ObjectRestore:*"]
    call("put_bucket_notification_configuration", NotificationConfiguration=rules)
    call("put_object", Key="in/cold", Body=b"x", StorageClass="GLACIER")
    call("restore_object", Key="in/cold", RestoreRequest={"Days": 1})
    events = {}
    while len(events) < 2:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=10)["Messages"]
        events |= {event["eventName"]: event for event in (json.loads(message["Body"])["Records"][0] for message in found)}
    equal(sorted(events), ["ObjectRestore:Completed", "ObjectRestore:Post"])
    told = events["ObjectRestore:Completed"]["glacierEventData"]["restoreEventData"]
    equal((told["lifecycleRestoreStorageClass"], told["lifecycleRestorationExpiryTime"][10:]), ("GLACIER", "T00:00:00.000Z"))


def notifications():
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    call("put_bucket_notification_configuration", NotificationConfiguration={"QueueConfigurations": [{
        "Id": "new", "QueueArn": arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}}]})
    call("put_object", Key="out", Body=b"x")
    call("put_object", Key="in/a b", Body=b"12345")
    call("delete_object", Key="in/a b")
    events = []
    while len(events) < 2:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=10)["Messages"]
        events += [json.loads(message["Body"])["Records"][0] for message in found]
    restored(sqs, url)
    events.sort(key=lambda event: event["eventName"])
    equal([event["eventName"] for event in events], ["ObjectCreated:Put", "ObjectRemoved:Delete"])
    told = events[0]["s3"]
    equal((told["bucket"]["name"], told["object"]["key"], told["object"]["size"], told["configurationId"]),
          (B, "in/a+b", 5, "new"))


for test in (nothing_put, documents, listed, refusals, policies, acls, origins, encryption, notifications):
    test()
done()
