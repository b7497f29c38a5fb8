"""Presigned URLs, browser forms, virtual hosts, attributes. Usage: s3_urls.py ENDPOINT. Ends with `ok N checks`."""

import base64
import http.client
import json
import time

from kit import done, endpoint, equal
from s3_kit import MIB, client, refused
from s3_signed import fetch, form

s3 = client()
s3.create_bucket(Bucket="links")


def urls():
    for version in ("s3v4", "s3"):
        one = client(signature_version=version)
        url = lambda name, key="k", seconds=60, **options: one.generate_presigned_url(
            name, Params={"Bucket": "links", "Key": key, **options}, ExpiresIn=seconds)
        equal(fetch(url("put_object", "a b/ü"), "PUT", b"x")[0], 200)
        equal(fetch(url("get_object", "a b/ü")), (200, b"x"))
        equal(fetch(url("get_object", "a b/ü", ResponseContentType="text/x"))[0], 200)
        deadline = time.monotonic() + 20
        soon = url("get_object", "a b/ü", 1)
        while (answer := fetch(soon))[0] == 200:
            assert time.monotonic() < deadline, "the URL does not expire"
            time.sleep(0.1)
        equal((answer[0], b"<Message>Request has expired</Message>" in answer[1], b"<ServerTime>" in answer[1],
               b"<Expires>" in answer[1]), (403, True, True, True))
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "links", "Key": "k"}, ExpiresIn=60)
    equal(b"InvalidBucketName" in fetch(url.replace("/links", "/NO"))[1], False)


def forms():
    post = lambda fields, data=b"data", bucket="links": form(f"{endpoint}/{bucket}", fields, data)
    equal(post({"key": "plain"})[0], 204)
    equal(s3.get_object(Bucket="links", Key="plain")["Body"].read(), b"data")
    status, body = post({"key": "dir/${filename}", "success_action_status": "201", "Content-Type": "text/plain",
                         "x-amz-meta-Who": "me", "tagging": "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"})
    equal((status, b"<Key>dir/f.txt</Key>" in body), (201, True))
    head = s3.head_object(Bucket="links", Key="dir/f.txt")
    equal((head["ContentType"], head["Metadata"], head["TagCount"]), ("text/plain", {"who": "me"}, 1))
    large = bytes(range(256)) * (3 * MIB // 256)
    equal(post({"key": "large"}, large)[0], 204)
    equal(s3.get_object(Bucket="links", Key="large")["Body"].read() == large, True)
    equal(post({"acl": "private"})[0], 400, "there is no key")
    equal(post({"key": "x"}, bucket="missing")[0], 404)
    policy = lambda when, conditions: base64.b64encode(json.dumps({"expiration": when, "conditions": conditions}).encode()).decode()
    good = policy("2035-01-01T00:00:00Z", [{"bucket": "links"}, ["starts-with", "$key", "in/"]])
    signed = {"AWSAccessKeyId": "any", "signature": "any"}
    equal(post({"key": "in/a", "policy": good, **signed})[0], 204)
    equal(post({"key": "in/a", "policy": good})[0], 400, "a policy without a signature")
    equal(post({"key": "out/a", "policy": good, **signed})[0], 403)
    equal(post({"key": "in/a", "policy": policy("2015-01-01T00:00:00Z", []), **signed})[0], 403)
    equal(post({"key": "in/a", "policy": "!", **signed})[0], 400)


def virtual_hosts():
    port = int(endpoint.rsplit(":", 1)[1])
    for host in ("links.localhost", "links.s3.localhost", "links.s3.us-east-1.amazonaws.com", "links.s3.amazonaws.com",
                 "links.s3.localhost.localstack.cloud"):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/plain", headers={"Host": f"{host}:{port}"})
        equal(connection.getresponse().read(), b"data", host)
        connection.close()


def attributes():
    upload = s3.create_multipart_upload(Bucket="links", Key="parts", ChecksumAlgorithm="SHA256")["UploadId"]
    parts = []
    for number in (1, 2):
        part = s3.upload_part(Bucket="links", Key="parts", UploadId=upload, PartNumber=number, Body=b"x" * 5 * MIB,
                              ChecksumAlgorithm="SHA256")
        parts.append({"PartNumber": number, "ETag": part["ETag"], "ChecksumSHA256": part["ChecksumSHA256"]})
    s3.complete_multipart_upload(Bucket="links", Key="parts", UploadId=upload, MultipartUpload={"Parts": parts})
    found = s3.get_object_attributes(Bucket="links", Key="parts", MaxParts=1, ObjectAttributes=[
        "ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"])
    told = found["ObjectParts"]
    equal((told["TotalPartsCount"], told["IsTruncated"], told["NextPartNumberMarker"], len(told["Parts"])), (2, True, 1, 1))
    equal(told["Parts"][0]["ChecksumSHA256"], parts[0]["ChecksumSHA256"])
    equal((found["ObjectSize"], found["Checksum"]["ChecksumType"]), (10 * MIB, "COMPOSITE"))
    head = s3.head_object(Bucket="links", Key="parts", ChecksumMode="ENABLED")
    equal(found["Checksum"]["ChecksumSHA256"] + "-2", head["ChecksumSHA256"])
    refused("InvalidArgument", lambda: s3.get_object_attributes(
        Bucket="links", Key="parts", ObjectAttributes=["Colour"]), 400)


for test in (urls, forms, virtual_hosts, attributes):
    test()
done()
