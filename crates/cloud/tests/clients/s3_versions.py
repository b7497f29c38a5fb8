"""Versions, locks and conditional deletes as boto3 uses them. Usage: s3_versions.py ENDPOINT. Ends with `ok N checks`."""

import datetime

from kit import done, equal
from s3_kit import MIB, client, refused

s3 = client()


def fresh(name, status=None, **options):
    s3.create_bucket(Bucket=name, **options)
    if status:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
    return name


def listed(bucket, **options):
    page = s3.list_object_versions(Bucket=bucket, **options)
    rows = [("v", row) for row in page.get("Versions", [])] + [("m", row) for row in page.get("DeleteMarkers", [])]
    return {(kind, row["Key"], row["VersionId"]): row["IsLatest"] for kind, row in rows}


def text(bucket, key, **options):
    return s3.get_object(Bucket=bucket, Key=key, **options)["Body"].read()


def configuration():
    fresh("conf")
    equal(s3.get_bucket_versioning(Bucket="conf").get("Status"), None)
    for status in ("Enabled", "Suspended", "Enabled"):
        s3.put_bucket_versioning(Bucket="conf", VersioningConfiguration={"Status": status})
        equal(s3.get_bucket_versioning(Bucket="conf")["Status"], status)
    refused("MalformedXML", lambda: s3.put_bucket_versioning(
        Bucket="conf", VersioningConfiguration={"Status": "enabled"}), 400)
    refused("IllegalVersioningConfigurationException", lambda: s3.put_bucket_versioning(
        Bucket="conf", VersioningConfiguration={}), 400)


def life_of_a_key():
    bucket = fresh("life")
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"null")
    equal("VersionId" in put, False)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    equal(s3.head_object(Bucket=bucket, Key="k")["VersionId"], "null")
    one = s3.put_object(Bucket=bucket, Key="k", Body=b"one")["VersionId"]
    two = s3.put_object(Bucket=bucket, Key="k", Body=b"two" * 10_000)["VersionId"]
    equal(len(one), 32)
    equal(text(bucket, "k"), b"two" * 10_000)
    equal(text(bucket, "k", VersionId=one), b"one")
    equal(text(bucket, "k", VersionId="null"), b"null")
    equal(listed(bucket), {("v", "k", two): True, ("v", "k", one): False, ("v", "k", "null"): False})
    equal([row["VersionId"] for row in s3.list_object_versions(Bucket=bucket)["Versions"]], [two, one, "null"])
    marker = s3.delete_object(Bucket=bucket, Key="k")
    equal(marker["DeleteMarker"], True)
    refused("NoSuchKey", lambda: s3.get_object(Bucket=bucket, Key="k"), 404)
    refused("MethodNotAllowed", lambda: s3.get_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"]), 405)
    refused("405", lambda: s3.head_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"]), 405)
    try:
        s3.get_object(Bucket=bucket, Key="k")
    except s3.exceptions.NoSuchKey as error:
        headers = error.response["ResponseMetadata"]["HTTPHeaders"]
        equal((headers["x-amz-delete-marker"], headers["x-amz-version-id"]), ("true", marker["VersionId"]))
    equal("Contents" in s3.list_objects_v2(Bucket=bucket), False)
    equal(listed(bucket)[("m", "k", marker["VersionId"])], True)
    undone = s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    equal((undone["DeleteMarker"], undone["VersionId"]), (True, marker["VersionId"]))
    equal(text(bucket, "k"), b"two" * 10_000)
    gone = s3.delete_object(Bucket=bucket, Key="k", VersionId=two)
    equal((gone["VersionId"], "DeleteMarker" in gone), (two, False))
    equal(text(bucket, "k"), b"one")
    equal(listed(bucket), {("v", "k", one): True, ("v", "k", "null"): False})
    refused("NoSuchVersion", lambda: s3.get_object(Bucket=bucket, Key="k", VersionId=two), 404)
    refused("InvalidArgument", lambda: s3.get_object(Bucket=bucket, Key="k", VersionId="nonsense"), 400,
            Message="Invalid version id specified")
    refused("BucketNotEmpty", lambda: s3.delete_bucket(Bucket=bucket), 409)
    s3.delete_object(Bucket=bucket, Key="k", VersionId=one)
    s3.delete_object(Bucket=bucket, Key="k", VersionId="null")
    equal(listed(bucket), {})
    s3.delete_object(Bucket=bucket, Key="never")
    refused("BucketNotEmpty", lambda: s3.delete_bucket(Bucket=bucket), 409)
    equal(len(listed(bucket)), 1)


def suspended():
    bucket = fresh("suspended", "Enabled")
    one = s3.put_object(Bucket=bucket, Key="k", Body=b"one")["VersionId"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"null 1")
    equal("VersionId" in put, False)
    s3.put_object(Bucket=bucket, Key="k", Body=b"null 2")
    equal(listed(bucket), {("v", "k", "null"): True, ("v", "k", one): False})
    marker = s3.delete_object(Bucket=bucket, Key="k")
    equal((marker["VersionId"], marker["DeleteMarker"]), ("null", True))
    equal(listed(bucket), {("m", "k", "null"): True, ("v", "k", one): False})
    s3.put_object(Bucket=bucket, Key="k", Body=b"null 3")
    equal(listed(bucket), {("v", "k", "null"): True, ("v", "k", one): False})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    two = s3.put_object(Bucket=bucket, Key="k", Body=b"two")["VersionId"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"null 4")
    equal(listed(bucket), {("v", "k", "null"): True, ("v", "k", two): False, ("v", "k", one): False})
    s3.delete_object(Bucket=bucket, Key="k", VersionId="null")
    equal(text(bucket, "k"), b"two")


def pages():
    bucket = fresh("pages", "Enabled")
    wanted = []
    for key in ("a/1", "a/2", "b", "c"):
        ids = [s3.put_object(Bucket=bucket, Key=key, Body=str(number).encode())["VersionId"] for number in range(3)]
        wanted += [(key, one) for one in reversed(ids)]
    for size in (1, 2, 3, 5, 100):
        found = []
        for page in s3.get_paginator("list_object_versions").paginate(
                Bucket=bucket, PaginationConfig={"PageSize": size}):
            found += [(row["Key"], row["VersionId"]) for row in page.get("Versions", [])]
            latest = {row["Key"]: row["VersionId"] for row in page["Versions"] if row["IsLatest"]}
            equal(all((key, one) in wanted[::3] for key, one in latest.items()), True, "only the newest are the latest")
        equal(found, wanted, f"pages of {size}")
    page = s3.list_object_versions(Bucket=bucket, Delimiter="/")
    equal([row["Prefix"] for row in page["CommonPrefixes"]], ["a/"])
    equal(len(page["Versions"]), 6)
    page = s3.list_object_versions(Bucket=bucket, Delimiter="/", MaxKeys=1)
    equal((page["IsTruncated"], page["NextKeyMarker"]), (True, "a/"))
    page = s3.list_object_versions(Bucket=bucket, Prefix="a/2", MaxKeys=2)
    equal((len(page["Versions"]), page["NextVersionIdMarker"]), (2, wanted[4][1]))
    refused("InvalidArgument", lambda: s3.list_object_versions(Bucket=bucket, VersionIdMarker=wanted[0][1]), 400)


def per_version():
    bucket = fresh("each", "Enabled")
    one = s3.put_object(Bucket=bucket, Key="k", Body=b"one", Tagging="n=1", Metadata={"n": "1"})["VersionId"]
    two = s3.put_object(Bucket=bucket, Key="k", Body=b"two", Tagging="n=2")["VersionId"]
    tags = lambda **options: s3.get_object_tagging(Bucket=bucket, Key="k", **options)
    equal((tags()["TagSet"], tags()["VersionId"]), ([{"Key": "n", "Value": "2"}], two))
    put = s3.put_object_tagging(Bucket=bucket, Key="k", VersionId=one, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    equal(put["VersionId"], one)
    equal(tags(VersionId=one)["TagSet"], [{"Key": "a", "Value": "b"}])
    equal(s3.delete_object_tagging(Bucket=bucket, Key="k", VersionId=one)["VersionId"], one)
    equal(tags(VersionId=one)["TagSet"], [])
    equal(tags()["TagSet"], [{"Key": "n", "Value": "2"}])
    copy = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "k", "VersionId": one})
    equal(copy["CopySourceVersionId"], one)
    equal((text(bucket, "copy"), s3.head_object(Bucket=bucket, Key="copy")["Metadata"]), (b"one", {"n": "1"}))
    back = s3.copy_object(Bucket=bucket, Key="k", CopySource={"Bucket": bucket, "Key": "k", "VersionId": one})
    equal((text(bucket, "k"), back["VersionId"] == one), (b"one", False))
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    refused("NoSuchKey", lambda: s3.copy_object(Bucket=bucket, Key="x", CopySource=f"{bucket}/k"), 404)
    refused("InvalidRequest", lambda: s3.copy_object(
        Bucket=bucket, Key="x", CopySource={"Bucket": bucket, "Key": "k", "VersionId": marker}), 400)
    attributes = s3.get_object_attributes(Bucket=bucket, Key="k", VersionId=two, ObjectAttributes=["ObjectSize", "ETag"])
    equal((attributes["ObjectSize"], attributes["VersionId"]), (3, two))


def many_at_once():
    bucket = fresh("many", "Enabled")
    ids = {key: s3.put_object(Bucket=bucket, Key=key, Body=b"x")["VersionId"] for key in ("a", "b", "c")}
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [
        {"Key": "a"}, {"Key": "b", "VersionId": ids["b"]}, {"Key": "none"}, {"Key": "c", "VersionId": "x"}]})
    deleted = {row["Key"]: row for row in answer["Deleted"]}
    equal((deleted["a"]["DeleteMarker"], "VersionId" in deleted["a"]), (True, False))
    equal(deleted["b"], {"Key": "b", "VersionId": ids["b"]})
    equal(deleted["none"]["DeleteMarker"], True)
    equal([(row["Key"], row["Code"]) for row in answer["Errors"]], [("c", "NoSuchVersion")])
    marker = deleted["a"]["DeleteMarkerVersionId"]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a", "VersionId": marker}]})
    equal(answer["Deleted"], [{"Key": "a", "VersionId": marker, "DeleteMarker": True, "DeleteMarkerVersionId": marker}])
    equal(text(bucket, "a"), b"x")


def in_parts():
    bucket = fresh("parts", "Enabled")
    versions = []
    for letter in (b"a", b"b"):
        upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
        parts = []
        for number, size in ((1, 5 * MIB), (2, 10)):
            part = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=number, Body=letter * size)
            parts.append({"PartNumber": number, "ETag": part["ETag"]})
        done_ = lambda: s3.complete_multipart_upload(
            Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts})
        first = done_()
        equal(done_()["VersionId"], first["VersionId"], "completed twice is completed once")
        versions.append(first["VersionId"])
    for letter, version in zip((b"a", b"b"), versions):
        equal(text(bucket, "k", VersionId=version), letter * (5 * MIB + 10))
        equal(text(bucket, "k", VersionId=version, PartNumber=2), letter * 10)
    s3.delete_object(Bucket=bucket, Key="k", VersionId=versions[1])
    equal(text(bucket, "k"), b"a" * (5 * MIB + 10))


def locks():
    bucket = fresh("locked", ObjectLockEnabledForBucket=True)
    equal(s3.get_bucket_versioning(Bucket=bucket)["Status"], "Enabled")
    equal(s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"], {"ObjectLockEnabled": "Enabled"})
    refused("InvalidBucketState", lambda: s3.put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}), 409)
    refused("ObjectLockConfigurationNotFoundError", lambda: s3.get_object_lock_configuration(Bucket="many"), 404)
    version = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["VersionId"]
    refused("NoSuchObjectLockConfiguration", lambda: s3.get_object_retention(Bucket=bucket, Key="k"), 404)
    refused("NoSuchObjectLockConfiguration", lambda: s3.get_object_legal_hold(Bucket=bucket, Key="k"), 404)
    refused("InvalidRequest", lambda: s3.get_object_retention(Bucket="each", Key="copy"), 400)
    until = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=2)
    retain = lambda mode, days, **options: s3.put_object_retention(
        Bucket=bucket, Key="k", Retention={"Mode": mode, "RetainUntilDate": until + datetime.timedelta(days=days)}, **options)
    refused("InvalidArgument", lambda: retain("GOVERNANCE", -10), 400)
    retain("GOVERNANCE", 0)
    equal(s3.get_object_retention(Bucket=bucket, Key="k")["Retention"], {"Mode": "GOVERNANCE", "RetainUntilDate": until})
    head = s3.head_object(Bucket=bucket, Key="k")
    equal((head["ObjectLockMode"], head["ObjectLockRetainUntilDate"]), ("GOVERNANCE", until))
    delete = lambda **options: s3.delete_object(Bucket=bucket, Key="k", VersionId=version, **options)
    refused("AccessDenied", delete, 403)
    refused("AccessDenied", lambda: retain("GOVERNANCE", -1), 403)
    retain("GOVERNANCE", -1, BypassGovernanceRetention=True)
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k", "VersionId": version}]})
    equal(answer["Errors"][0]["Code"], "AccessDenied")
    s3.put_object_legal_hold(Bucket=bucket, Key="k", LegalHold={"Status": "ON"})
    equal(s3.get_object_legal_hold(Bucket=bucket, Key="k")["LegalHold"], {"Status": "ON"})
    refused("AccessDenied", lambda: delete(BypassGovernanceRetention=True), 403)
    s3.put_object_legal_hold(Bucket=bucket, Key="k", LegalHold={"Status": "OFF"})
    equal(s3.delete_object(Bucket=bucket, Key="k")["DeleteMarker"], True, "a marker is always possible")
    delete(BypassGovernanceRetention=True)
    rule = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=rule)
    equal(s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"], rule)
    kept = s3.put_object(Bucket=bucket, Key="d", Body=b"x")["VersionId"]
    equal(s3.head_object(Bucket=bucket, Key="d")["ObjectLockMode"], "COMPLIANCE")
    refused("AccessDenied", lambda: s3.delete_object(
        Bucket=bucket, Key="d", VersionId=kept, BypassGovernanceRetention=True), 403)
    both = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1, "Years": 1}}}
    refused("MalformedXML", lambda: s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=both), 400)
    refused("InvalidBucketState", lambda: s3.put_object_lock_configuration(
        Bucket="plain", ObjectLockConfiguration=rule) if fresh("plain") else None, 409)
    refused("InvalidRequest", lambda: s3.put_object(
        Bucket="plain", Key="k", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until), 400)


def conditional_deletes():
    bucket = fresh("cond")
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"x")["ETag"]
    refused("PreconditionFailed", lambda: s3.delete_object(Bucket=bucket, Key="k", IfMatch='"other"'), 412)
    s3.delete_object(Bucket=bucket, Key="k", IfMatch=etag)
    refused("NoSuchKey", lambda: s3.delete_object(Bucket=bucket, Key="k", IfMatch=etag), 404)


def as_recorded():
    """Answers of S3 itself, as others recorded them."""
    bucket = fresh("recorded")
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    never = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD"
    for call in (s3.get_object, s3.delete_object):
        refused("InvalidArgument", lambda: call(Bucket=bucket, Key="k", VersionId=never), 400, ArgumentName="versionId",
                ArgumentValue=never, Message="Invalid version id specified")
    equal("VersionId" in s3.get_object(Bucket=bucket, Key="k", VersionId="null"), False)
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k", "VersionId": never}]})
    equal(answer["Errors"], [{"Key": "k", "VersionId": never, "Code": "NoSuchVersion",
                              "Message": "The specified version does not exist."}])
    refused("InvalidArgument", lambda: s3.delete_object(Bucket=bucket, Key="k", BypassGovernanceRetention=True), 400,
            ArgumentName="x-amz-bypass-governance-retention")
    whole = s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-100", ChecksumMode="ENABLED")
    equal((whole["ContentRange"], "ChecksumCRC32" in whole), ("bytes 0-9/10", True))
    part = s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-8", ChecksumMode="ENABLED")
    equal("ChecksumCRC32" in part, False)
    refused("NotImplemented", lambda: s3.put_object(Bucket=bucket, Key="k", IfMatch="*"), 501, Header="If-Match",
            additionalMessage="We don't accept the provided value of If-Match header for this API")
    refused("NotImplemented", lambda: s3.put_object(Bucket=bucket, Key="k", IfMatch="a", IfNoneMatch="*"), 501,
            Header="If-Match,If-None-Match", additionalMessage="Multiple conditional request headers present in the request")
    refused("InvalidArgument", lambda: s3.put_object(Bucket=bucket, Key="k", Tagging="key1=val1,key2=val2"), 400,
            ArgumentName="x-amz-tagging")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
    copy = lambda **more: s3.upload_part_copy(
        Bucket=bucket, Key="m", UploadId=upload, PartNumber=1, CopySource=f"{bucket}/k", **more)
    equal(sorted(copy()["CopyPartResult"]), ["ETag", "LastModified"])
    equal(copy()["ServerSideEncryption"], "AES256")
    refused("InvalidArgument", lambda: copy(CopySourceRange="bytes=0-100"), 400)
    refused("InvalidRequest", lambda: copy(CopySourceRange="bytes=100-200"), 400,
            Message="The specified copy range is invalid for the source object size")
    etag = s3.put_object(Bucket=bucket, Key="m", Body=b"later")["ETag"]
    part = copy()["CopyPartResult"]["ETag"]
    refused("ConditionalRequestConflict", lambda: s3.complete_multipart_upload(
        Bucket=bucket, Key="m", UploadId=upload, IfMatch=etag, MultipartUpload={
            "Parts": [{"PartNumber": 1, "ETag": part}]}), 409, Condition="If-Match", Key="m")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    for options in ({}, {"VersionId": marker}):
        refused("MethodNotAllowed", lambda: s3.get_object_tagging(Bucket=bucket, Key="k", **options), 405, Method="GET",
                ResourceType="DeleteMarker")
        refused("MethodNotAllowed", lambda: s3.delete_object_tagging(Bucket=bucket, Key="k", **options), 405, Method="DELETE")
    refused("InvalidArgument", lambda: s3.delete_object(Bucket=bucket, Key="k", VersionId=never), 400)
    refused("BucketNotEmpty", lambda: s3.delete_bucket(Bucket="suspended"), 409,
            Message="The bucket you tried to delete is not empty")
    page = s3.list_object_versions(Bucket=bucket, Prefix="k")
    equal(page["DeleteMarkers"][0]["Owner"], page["Versions"][0]["Owner"])


def archives():
    bucket = fresh("archives", "Enabled")
    get = lambda key, **more: s3.get_object(Bucket=bucket, Key=key, **more)["Body"].read()
    restore = lambda key, days=1, **more: s3.restore_object(
        Bucket=bucket, Key=key, RestoreRequest={"Days": days}, **more)["ResponseMetadata"]["HTTPStatusCode"]
    for storage in ("GLACIER", "DEEP_ARCHIVE"):
        version = s3.put_object(Bucket=bucket, Key=storage, Body=b"cold", StorageClass=storage)["VersionId"]
        state = lambda: s3.head_object(Bucket=bucket, Key=storage).get("Restore")
        copy = lambda **more: s3.copy_object(Bucket=bucket, Key="warm", CopySource=f"{bucket}/{storage}", **more)
        refused("InvalidObjectState", lambda: get(storage), 403, StorageClass=storage,
                Message="The operation is not valid for the object's storage class")
        refused("ObjectNotInActiveTierError", copy, 403)
        equal(state(), None)
        refused("InvalidArgument", lambda: restore(storage, 0), 400)
        equal((restore(storage), restore(storage, 2, VersionId=version)), (202, 200), "the second makes it last longer")
        end = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=3)
        equal(state(), f'ongoing-request="false", expiry-date="{end:%a, %d %b %Y} 00:00:00 GMT"')
        equal(get(storage), b"cold")
        copy()
        warm = s3.head_object(Bucket=bucket, Key="warm")
        equal((get("warm"), "StorageClass" in warm, "Restore" in warm), (b"cold", False, False))
    s3.put_object(Bucket=bucket, Key="near", Body=b"x", StorageClass="GLACIER_IR")
    equal(get("near"), b"x")
    refused("InvalidObjectState", lambda: restore("near"), 403, StorageClass="GLACIER_IR",
            Message="Restore is not allowed for the object's current storage class")
    refused("NoSuchKey", lambda: restore("none"), 404)
    refused("MissingRequestBodyError", lambda: s3.restore_object(Bucket=bucket, Key="near"), 400)


for test in (configuration, life_of_a_key, suspended, pages, per_version, many_at_once, in_parts, locks,
             conditional_deletes, as_recorded, archives):
    test()
done()
