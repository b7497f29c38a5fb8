"""S3 as boto3 uses it. Usage: s3.py ENDPOINT. Ends with `ok N checks`; any difference is an AssertionError."""

import base64
import datetime
import hashlib
import io
import threading
import urllib.request
import zlib

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

import kit
from kit import done, endpoint, equal
from s3_kit import MIB, client, refused

s3 = client()


def buckets():
    s3.create_bucket(Bucket="first")
    s3.create_bucket(Bucket="first")  # in us-east-1 one's own bucket again succeeds
    s3.create_bucket(Bucket="second", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    equal([bucket["Name"] for bucket in s3.list_buckets()["Buckets"]], ["first", "second"])
    equal(s3.get_bucket_location(Bucket="first").get("LocationConstraint"), None)
    equal(s3.get_bucket_location(Bucket="second")["LocationConstraint"], "eu-central-1")
    equal(s3.head_bucket(Bucket="second")["BucketRegion"], "eu-central-1")
    refused("BucketAlreadyOwnedByYou", lambda: s3.create_bucket(
        Bucket="second", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}), 409)
    refused("404", lambda: s3.head_bucket(Bucket="missing"), 404)
    refused("NoSuchBucket", lambda: s3.list_objects_v2(Bucket="missing"), 404, BucketName="missing")
    refused("NoSuchBucket", lambda: s3.put_object(Bucket="missing", Key="a", Body=b""), 404)
    refused("InvalidBucketName", lambda: s3.create_bucket(Bucket="Bad_Name"), 400)
    refused("InvalidLocationConstraint", lambda: s3.create_bucket(
        Bucket="third", CreateBucketConfiguration={"LocationConstraint": "mars"}), 400)
    refused("BucketAlreadyOwnedByYou", lambda: s3.create_bucket(Bucket="second"), 409, BucketName="second")
    there = client(region="eu-west-1")
    place = lambda where: there.create_bucket(Bucket="third", CreateBucketConfiguration={"LocationConstraint": where})
    illegal = "location constraint is incompatible for the region specific endpoint this request was sent to."
    refused("IllegalLocationConstraintException", lambda: there.create_bucket(Bucket="third"), 400,
            Message=f"The unspecified {illegal}")
    for where in ("us-east-1", "eu-west-2"):
        refused("IllegalLocationConstraintException", lambda: place(where), 400, Message=f"The {where} {illegal}")
    place("eu-west-1")
    s3.delete_bucket(Bucket="third")
    s3.put_object(Bucket="second", Key="a", Body=b"")
    refused("BucketNotEmpty", lambda: s3.delete_bucket(Bucket="second"), 409)
    s3.delete_object(Bucket="second", Key="a")
    s3.delete_bucket(Bucket="second")
    refused("NoSuchBucket", lambda: s3.delete_bucket(Bucket="second"), 404)
    equal("Status" in s3.get_bucket_versioning(Bucket="first"), False)
    refused("NotImplemented", lambda: s3.get_object_torrent(Bucket="first", Key="a"), 501,
            Message="GetObjectTorrent is not implemented by this endpoint.")
    refused("NoSuchTagSet", lambda: s3.get_bucket_tagging(Bucket="first"), 404)
    s3.put_bucket_tagging(Bucket="first", Tagging={"TagSet": [{"Key": "team", "Value": "a b"}]})
    equal(s3.get_bucket_tagging(Bucket="first")["TagSet"], [{"Key": "team", "Value": "a b"}])
    s3.put_bucket_tagging(Bucket="first", Tagging={"TagSet": []})
    refused("NoSuchTagSet", lambda: s3.get_bucket_tagging(Bucket="first"), 404)


def objects():
    for size in (0, 1, 1000, 16 * 1024, 16 * 1024 + 1, 700_000, 3 * MIB + 7):
        body = (b"0123456789abcdef" * (size // 16 + 1))[:size]
        put = s3.put_object(Bucket="first", Key="sized", Body=body)
        equal(put["ETag"], f'"{hashlib.md5(body).hexdigest()}"', size)
        got = s3.get_object(Bucket="first", Key="sized", ChecksumMode="ENABLED")
        equal(got["Body"].read() == body, True, size)
        equal(got["ContentLength"], size)
        equal(got["ChecksumCRC32"], base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode())
        equal(s3.head_object(Bucket="first", Key="sized")["ContentLength"], size)
    s3.put_object(Bucket="first", Key="described", Body=b"x", ContentType="text/plain", CacheControl="no-store",
                  ContentDisposition="inline", ContentEncoding="gzip", ContentLanguage="de",
                  Expires=datetime.datetime(2030, 1, 1), Metadata={"Owner": "me", "more": "a b"},
                  StorageClass="STANDARD_IA", Tagging="a=1&b=2", ServerSideEncryption="AES256")
    got = s3.get_object(Bucket="first", Key="described")
    for name, value in {"ContentType": "text/plain", "CacheControl": "no-store", "ContentDisposition": "inline",
                        "ContentEncoding": "gzip", "ContentLanguage": "de", "StorageClass": "STANDARD_IA",
                        "Metadata": {"owner": "me", "more": "a b"}, "TagCount": 2, "ServerSideEncryption": "AES256",
                        "ExpiresString": "Tue, 01 Jan 2030 00:00:00 GMT", "AcceptRanges": "bytes"}.items():
        equal(got.get(name), value, name)
    got = s3.get_object(Bucket="first", Key="described", ResponseContentType="image/png", ResponseCacheControl="x")
    equal((got["ContentType"], got["CacheControl"]), ("image/png", "x"))
    s3.put_object(Bucket="first", Key="plain", Body=b"x")
    equal(s3.head_object(Bucket="first", Key="plain")["ContentType"], "binary/octet-stream")
    refused("NoSuchKey", lambda: s3.get_object(Bucket="first", Key="missing"), 404, Key="missing")
    refused("404", lambda: s3.head_object(Bucket="first", Key="missing"), 404)
    refused("KeyTooLongError", lambda: s3.put_object(Bucket="first", Key="a" * 1025, Body=b""), 400)
    refused("InvalidStorageClass", lambda: s3.put_object(Bucket="first", Key="a", StorageClass="COLD"), 400)
    refused("MetadataTooLarge", lambda: s3.put_object(Bucket="first", Key="a", Metadata={"a": "b" * 2048}), 400)
    refused("AccessDenied", lambda: s3.head_object.__self__.get_object(
        Bucket="first", Key="plain", ExpectedBucketOwner="111111111111"), 403)


def keys():
    odd = ["../../etc/passwd", "a//b/", "/leading", "with space", "plus+sign", "per%20cent", "ünïcödé/✓", "a&b<c>\"d'",
           ".", "..", "tab\there", "k" * 1024, "emoji-\U0001F600", "question?mark", "hash#mark", "semi;colon=equals"]
    for key in odd:
        s3.put_object(Bucket="first", Key="odd/" + key if len(key) < 1000 else key, Body=key.encode())
    for key in odd:
        name = "odd/" + key if len(key) < 1000 else key
        equal(s3.get_object(Bucket="first", Key=name)["Body"].read(), key.encode(), name)
    listed = [item["Key"] for item in s3.list_objects_v2(Bucket="first", Prefix="odd/")["Contents"]]
    expected = sorted(("odd/" + key for key in odd if len(key) < 1000), key=lambda key: key.encode())
    equal(listed, expected)
    s3.copy_object(Bucket="first", Key="odd/copy+of ü", CopySource={"Bucket": "first", "Key": "odd/plus+sign"})
    equal(s3.get_object(Bucket="first", Key="odd/copy+of ü")["Body"].read(), b"plus+sign")


def integrity():
    digest = base64.b64encode(hashlib.md5(b"right").digest()).decode()
    s3.put_object(Bucket="first", Key="sum", Body=b"right", ContentMD5=digest)
    refused("BadDigest", lambda: s3.put_object(Bucket="first", Key="sum2", Body=b"wrong", ContentMD5=digest), 400)
    refused("InvalidDigest", lambda: s3.put_object(Bucket="first", Key="sum2", Body=b"x", ContentMD5="abc"), 400)
    refused("NoSuchKey", lambda: s3.get_object(Bucket="first", Key="sum2"), 404)
    for name in ("CRC32", "SHA1", "SHA256"):
        put = s3.put_object(Bucket="first", Key="sum", Body=b"right", ChecksumAlgorithm=name)
        head = s3.head_object(Bucket="first", Key="sum", ChecksumMode="ENABLED")
        equal(head["Checksum" + name], put["Checksum" + name], name)
    sha = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    refused("BadDigest", lambda: s3.put_object(Bucket="first", Key="sum", Body=b"right", ChecksumSHA256=sha), 400)
    refused("InvalidRequest", lambda: s3.put_object(Bucket="first", Key="sum", Body=b"right", ChecksumSHA256="zz"), 400)
    bare = client(request_checksum_calculation="when_required")
    bare.put_object(Bucket="first", Key="bare", Body=b"123456789")
    head = bare.head_object(Bucket="first", Key="bare", ChecksumMode="ENABLED")
    equal((head["ChecksumCRC64NVME"], head["ChecksumType"]), ("rosUhgp5mIg=", "FULL_OBJECT"))
    attributes = s3.get_object_attributes(Bucket="first", Key="bare", ObjectAttributes=["ETag", "ObjectSize", "Checksum"])
    equal((attributes["ObjectSize"], attributes["ETag"]), (9, hashlib.md5(b"123456789").hexdigest()))


def ranges():
    body = bytes(range(256)) * 400
    for key, body in (("range-small", b"0123456789"), ("range-large", body)):
        s3.put_object(Bucket="first", Key=key, Body=body)
        size = len(body)
        for header, start, end in (("bytes=0-0", 0, 1), ("bytes=2-5", 2, 6), ("bytes=5-", 5, size),
                                   ("bytes=-3", size - 3, size), ("bytes=-999999", 0, size), ("bytes=3-999999", 3, size)):
            got = s3.get_object(Bucket="first", Key=key, Range=header)
            equal(got["Body"].read(), body[start:end], header)
            equal(got["ContentRange"], f"bytes {start}-{end - 1}/{size}", header)
            equal(got["ResponseMetadata"]["HTTPStatusCode"], 206)
        equal(s3.get_object(Bucket="first", Key=key, Range="bytes=5-2")["ResponseMetadata"]["HTTPStatusCode"], 200)
        refused("InvalidRange", lambda: s3.get_object(Bucket="first", Key=key, Range=f"bytes={size}-"), 416,
                ActualObjectSize=str(size), RangeRequested=f"bytes={size}-")


def conditions():
    etag = s3.put_object(Bucket="first", Key="cond", Body=b"1")["ETag"]
    modified = s3.head_object(Bucket="first", Key="cond")["LastModified"]
    later, earlier = modified + datetime.timedelta(hours=1), modified - datetime.timedelta(hours=1)
    get = lambda **more: s3.get_object(Bucket="first", Key="cond", **more)
    equal(get(IfMatch=etag)["Body"].read(), b"1")
    refused("PreconditionFailed", lambda: get(IfMatch='"no"'), 412, Condition="If-Match")
    refused("304", lambda: get(IfNoneMatch=etag), 304)
    refused("304", lambda: get(IfModifiedSince=later), 304)
    refused("PreconditionFailed", lambda: get(IfUnmodifiedSince=earlier), 412)
    equal(get(IfModifiedSince=earlier, IfUnmodifiedSince=later)["Body"].read(), b"1")
    put = lambda key, **more: s3.put_object(Bucket="first", Key=key, Body=b"2", **more)
    refused("PreconditionFailed", lambda: put("cond", IfNoneMatch="*"), 412, Condition="If-None-Match")
    refused("PreconditionFailed", lambda: put("cond", IfMatch='"no"'), 412, Condition="If-Match")
    refused("NoSuchKey", lambda: put("absent", IfMatch=etag), 404)
    equal(get()["Body"].read(), b"1")
    for written in (etag, etag.strip('"'), etag[1:]):
        equal(get(IfMatch=written)["Body"].read(), b"1", "S3 takes entity tags with and without their quotes")
    put("cond", IfMatch=etag)
    put("fresh", IfNoneMatch="*")
    outcomes = []
    def race():
        try:
            client().put_object(Bucket="first", Key="raced", Body=b"x" * 50_000, IfNoneMatch="*")
            outcomes.append("won")
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])
    threads = [threading.Thread(target=race) for _ in range(8)]
    [thread.start() for thread in threads], [thread.join() for thread in threads]
    equal(sorted(outcomes), ["PreconditionFailed"] * 7 + ["won"])


def copies():
    s3.create_bucket(Bucket="other")
    for key, body in (("small", b"small"), ("large", b"large" * 100_000)):
        s3.put_object(Bucket="first", Key=key, Body=body, ContentType="text/a", Metadata={"a": "1"}, Tagging="t=1")
        source = {"Bucket": "first", "Key": key}
        copied = s3.copy_object(Bucket="other", Key=key, CopySource=source)["CopyObjectResult"]
        equal(copied["ETag"], f'"{hashlib.md5(body).hexdigest()}"')
        s3.delete_object(Bucket="first", Key=key)
        got = s3.get_object(Bucket="other", Key=key)
        equal((got["Body"].read() == body, got["ContentType"], got["Metadata"], got["TagCount"]),
              (True, "text/a", {"a": "1"}, 1))
    source = {"Bucket": "other", "Key": "large"}
    s3.copy_object(Bucket="other", Key="large", CopySource=source, MetadataDirective="REPLACE", Metadata={"b": "2"},
                   ContentType="text/b", TaggingDirective="REPLACE", Tagging="u=2&v=3")
    got = s3.get_object(Bucket="other", Key="large")
    equal((got["Metadata"], got["ContentType"], got["TagCount"]), ({"b": "2"}, "text/b", 2))
    equal(got["Body"].read() == b"large" * 100_000, True)
    refused("InvalidRequest", lambda: s3.copy_object(Bucket="other", Key="large", CopySource=source), 400)
    again = lambda **more: s3.copy_object(Bucket="other", Key="large", CopySource=source, **more)
    again(StorageClass="STANDARD")
    again(ServerSideEncryption="aws:kms")
    equal(again()["ServerSideEncryption"], "AES256", "its encryption changes")
    refused("InvalidRequest", again, 400)
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket="other", ServerSideEncryptionConfiguration={"Rules": [default]})
    again()
    s3.delete_bucket_encryption(Bucket="other")
    refused("NoSuchKey", lambda: s3.copy_object(Bucket="other", Key="x", CopySource="other/none"), 404)
    refused("NoSuchBucket", lambda: s3.copy_object(Bucket="other", Key="x", CopySource="none-such/none"), 404)
    refused("PreconditionFailed", lambda: s3.copy_object(
        Bucket="other", Key="x", CopySource=source, CopySourceIfMatch='"no"'), 412)
    refused("PreconditionFailed", lambda: s3.copy_object(
        Bucket="other", Key="x", CopySource=source, CopySourceIfNoneMatch=got["ETag"]), 412)


def deletes():
    s3.delete_object(Bucket="first", Key="never-there")
    for number in range(5):
        s3.put_object(Bucket="first", Key=f"del/{number}", Body=b"x" * 20_000)
    keys = [{"Key": f"del/{number}"} for number in range(3)] + [{"Key": "del/none"}]
    answer = s3.delete_objects(Bucket="first", Delete={"Objects": keys})
    equal(sorted(item["Key"] for item in answer["Deleted"]), ["del/0", "del/1", "del/2", "del/none"])
    answer = s3.delete_objects(Bucket="first", Delete={"Objects": [{"Key": "del/3"}], "Quiet": True})
    equal(("Deleted" in answer, "Errors" in answer), (False, False))
    equal([item["Key"] for item in s3.list_objects_v2(Bucket="first", Prefix="del/")["Contents"]], ["del/4"])
    refused("MalformedXML", lambda: s3.delete_objects(
        Bucket="first", Delete={"Objects": [{"Key": str(number)} for number in range(1001)]}), 400)


def listings():
    s3.create_bucket(Bucket="listed")
    names = ["a", "b/1", "b/2", "b/c/3", "d e", "z", "é/x"]
    for name in names:
        s3.put_object(Bucket="listed", Key=name, Body=name.encode())
    page = s3.list_objects_v2(Bucket="listed", Delimiter="/")
    equal([item["Key"] for item in page["Contents"]], ["a", "d e", "z"])
    equal([item["Prefix"] for item in page["CommonPrefixes"]], ["b/", "é/"])
    equal((page["KeyCount"], page["IsTruncated"], page["MaxKeys"]), (5, False, 1000))
    page = s3.list_objects_v2(Bucket="listed", Prefix="b/", Delimiter="/")
    equal(([item["Key"] for item in page["Contents"]], page["CommonPrefixes"]), (["b/1", "b/2"], [{"Prefix": "b/c/"}]))
    seen, token = [], {}
    while True:
        page = s3.list_objects_v2(Bucket="listed", MaxKeys=2, **token)
        seen += [item["Key"] for item in page["Contents"]]
        equal(page["KeyCount"] <= 2, True)
        if not page["IsTruncated"]:
            break
        token = {"ContinuationToken": page["NextContinuationToken"]}
    equal(seen, names)
    equal([item["Key"] for item in s3.list_objects_v2(Bucket="listed", StartAfter="b/c/3")["Contents"]], names[4:])
    refused("InvalidArgument", lambda: s3.list_objects_v2(Bucket="listed", ContinuationToken="!"), 400)
    equal(s3.list_objects_v2(Bucket="listed", MaxKeys=0)["KeyCount"], 0)
    equal("Owner" in s3.list_objects_v2(Bucket="listed", FetchOwner=True)["Contents"][0], True)
    page = s3.list_objects(Bucket="listed", MaxKeys=2, Delimiter="/")
    equal((page["IsTruncated"], page["NextMarker"]), (True, "b/"))
    page = s3.list_objects(Bucket="listed", Marker="b/", Delimiter="/")
    equal([item["Key"] for item in page["Contents"]], ["d e", "z"])
    equal([item["Key"] for item in s3.list_objects(Bucket="listed", Marker="b/2")["Contents"]], names[3:])
    versions = s3.list_object_versions(Bucket="listed", Prefix="b/")["Versions"]
    equal([(item["Key"], item["VersionId"], item["IsLatest"]) for item in versions][0], ("b/1", "null", True))
    kit.resource("s3").Bucket("listed").objects.all().delete()
    equal(s3.list_objects_v2(Bucket="listed")["KeyCount"], 0)
    s3.delete_bucket(Bucket="listed")


def multipart():
    key, bucket = "parts", "first"
    begin = lambda **more: s3.create_multipart_upload(Bucket=bucket, Key=key, **more)["UploadId"]
    part = lambda upload, number, body, **more: s3.upload_part(
        Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=body, **more)["ETag"]
    def complete(upload, parts, **more):
        listed = [{"PartNumber": number, "ETag": etag} for number, etag in parts]
        return s3.complete_multipart_upload(
            Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": listed}, **more)
    first, second = b"a" * (5 * MIB), b"b" * 1000
    upload = begin(Metadata={"a": "1"}, ContentType="text/x", Tagging="t=1", StorageClass="STANDARD_IA")
    etags = [part(upload, 1, first), part(upload, 7, b"replaced"), part(upload, 9, b"unused")]
    etags[1] = part(upload, 7, second)
    listed = s3.list_parts(Bucket=bucket, Key=key, UploadId=upload)
    equal([(item["PartNumber"], item["Size"]) for item in listed["Parts"]], [(1, 5 * MIB), (7, 1000), (9, 6)])
    page = s3.list_parts(Bucket=bucket, Key=key, UploadId=upload, MaxParts=1, PartNumberMarker=1)
    equal((page["Parts"][0]["PartNumber"], page["IsTruncated"], page["NextPartNumberMarker"]), (7, True, 7))
    uploads = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    equal([(item["Key"], item["UploadId"]) for item in uploads], [(key, upload)])
    refused("NoSuchKey", lambda: s3.get_object(Bucket=bucket, Key=key), 404)
    refused("InvalidPart", lambda: complete(upload, [(1, etags[0]), (2, etags[0])]), 400, PartNumber="2")
    refused("InvalidPart", lambda: complete(upload, [(1, etags[1])]), 400)
    refused("InvalidPartOrder", lambda: complete(upload, [(7, etags[1]), (1, etags[0])]), 400)
    refused("EntityTooSmall", lambda: complete(upload, [(7, etags[1]), (9, etags[2])]), 400, PartNumber="7")
    done = complete(upload, [(1, etags[0]), (7, etags[1])])
    joined = hashlib.md5(hashlib.md5(first).digest() + hashlib.md5(second).digest()).hexdigest()
    equal(done["ETag"], f'"{joined}-2"')
    equal(complete(upload, [(1, etags[0]), (7, etags[1])])["ETag"], done["ETag"], "completed twice")
    got = s3.get_object(Bucket=bucket, Key=key)
    equal((got["Body"].read() == first + second, got["Metadata"], got["ContentType"], got["StorageClass"], got["TagCount"]),
          (True, {"a": "1"}, "text/x", "STANDARD_IA", 1))
    got = s3.get_object(Bucket=bucket, Key=key, Range=f"bytes={5 * MIB - 2}-{5 * MIB + 1}")
    equal(got["Body"].read(), b"aabb")
    got = s3.get_object(Bucket=bucket, Key=key, PartNumber=7)
    equal((got["Body"].read(), got["PartsCount"]), (second, 2))
    refused("NoSuchUpload", lambda: part(upload, 1, b"x"), 404)
    refused("NoSuchUpload", lambda: s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload), 404)
    upload = begin()
    copied = lambda number, **more: s3.upload_part_copy(
        Bucket=bucket, Key=key, UploadId=upload, PartNumber=number,
        CopySource={"Bucket": bucket, "Key": key}, **more)["CopyPartResult"]["ETag"]
    parts = [(1, copied(1)), (2, copied(2, CopySourceRange="bytes=0-9"))]
    refused("InvalidArgument", lambda: copied(3, CopySourceRange="bytes=0-99999999"), 400)
    complete(upload, parts, IfMatch=done["ETag"])
    equal(s3.get_object(Bucket=bucket, Key=key)["Body"].read() == first + second + first[:10], True)
    s3.copy_object(Bucket=bucket, Key="joined", CopySource={"Bucket": bucket, "Key": key})
    equal(s3.head_object(Bucket=bucket, Key="joined")["ETag"], f'"{hashlib.md5(first + second + first[:10]).hexdigest()}"')
    upload = begin()
    part(upload, 1, b"x")
    refused("PreconditionFailed", lambda: complete(upload, [(1, part(upload, 1, b"x"))], IfNoneMatch="*"), 412)
    s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)
    refused("NoSuchUpload", lambda: s3.list_parts(Bucket=bucket, Key=key, UploadId=upload), 404)
    equal("Uploads" in s3.list_multipart_uploads(Bucket=bucket), False)
    refused("InvalidArgument", lambda: part(begin(), 10_001, b"x"), 400)
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    body = bytes(range(256)) * (13 * MIB // 256)
    s3.upload_fileobj(io.BytesIO(body), bucket, "transferred", Config=config)
    target = io.BytesIO()
    s3.download_fileobj(bucket, "transferred", target, Config=config)
    equal(target.getvalue() == body, True)
    head = s3.head_object(Bucket=bucket, Key="transferred", ChecksumMode="ENABLED")
    equal(head["ETag"].endswith('-3"'), True)
    equal(head["ChecksumCRC32"].endswith("-3") or head["ChecksumType"] == "FULL_OBJECT", True)


def tags():
    s3.put_object(Bucket="first", Key="tagged", Body=b"x")
    equal(s3.get_object_tagging(Bucket="first", Key="tagged")["TagSet"], [])
    wanted = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "x y"}]
    s3.put_object_tagging(Bucket="first", Key="tagged", Tagging={"TagSet": wanted})
    equal(s3.get_object_tagging(Bucket="first", Key="tagged")["TagSet"], wanted)
    many = [{"Key": str(number), "Value": ""} for number in range(11)]
    refused("BadRequest", lambda: s3.put_object_tagging(Bucket="first", Key="tagged", Tagging={"TagSet": many}), 400)
    refused("InvalidTag", lambda: s3.put_object_tagging(
        Bucket="first", Key="tagged", Tagging={"TagSet": wanted + wanted[:1]}), 400)
    refused("InvalidTag", lambda: s3.put_object(Bucket="first", Key="tagged", Tagging="aws:a=b"), 400,
            Message="Your TagKey cannot be prefixed with aws:")
    s3.delete_object_tagging(Bucket="first", Key="tagged")
    equal(s3.get_object_tagging(Bucket="first", Key="tagged")["TagSet"], [])
    refused("NoSuchKey", lambda: s3.get_object_tagging(Bucket="first", Key="missing"), 404)


def styles():
    """Virtual hosts and presigned URLs, without a resolver for `*.localhost`."""
    port = endpoint.rsplit(":", 1)[1]
    request = urllib.request.Request(f"{endpoint}/virtual/key", method="PUT", data=b"hosted",
                                     headers={"Host": f"first.localhost:{port}"})
    urllib.request.urlopen(request)
    equal(s3.get_object(Bucket="first", Key="virtual/key")["Body"].read(), b"hosted")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "first", "Key": "virtual/key"})
    equal(urllib.request.urlopen(url).read(), b"hosted")
    url = s3.generate_presigned_url("put_object", Params={"Bucket": "first", "Key": "presigned"})
    urllib.request.urlopen(urllib.request.Request(url, method="PUT", data=b"by url"))
    equal(s3.get_object(Bucket="first", Key="presigned")["Body"].read(), b"by url")


for group in (buckets, objects, keys, integrity, ranges, conditions, copies, deletes, listings, multipart, tags, styles):
    group()
done()
