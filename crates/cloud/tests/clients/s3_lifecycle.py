"""Objects that expire; a day of the server is half a second. Usage: s3_lifecycle.py ENDPOINT. Ends with `ok N checks`."""

import time

from kit import done, equal
from s3_kit import MIB, client

s3 = client()


def until(check, what):
    deadline = time.monotonic() + 30
    while not check():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    equal(True, True)


def keys(bucket):
    return sorted(row["Key"] for row in s3.list_objects_v2(Bucket=bucket).get("Contents", []))


def rules(bucket, *rules):
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [
        {"Status": "Enabled", "Filter": {"Prefix": ""}, **rule} for rule in rules]})


def current():
    s3.create_bucket(Bucket="short")
    s3.put_object(Bucket="short", Key="keep/a", Body=b"x")
    s3.put_object(Bucket="short", Key="tagged/no", Body=b"x", Tagging="t=2")
    rules("short", {"ID": "logs 1", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 1}},
          {"ID": "tag", "Filter": {"And": {"Prefix": "tagged/", "Tags": [{"Key": "t", "Value": "1"}]}}, "Expiration": {"Days": 1}},
          {"ID": "big", "Filter": {"ObjectSizeGreaterThan": 1000}, "Expiration": {"Days": 1}},
          {"ID": "off", "Filter": {"Prefix": "keep/"}, "Status": "Disabled", "Expiration": {"Days": 1}})
    put = s3.put_object(Bucket="short", Key="logs/a", Body=b"x")
    equal('rule-id="logs%201"' in put["Expiration"], True, put["Expiration"])
    equal("Expiration" in s3.head_object(Bucket="short", Key="keep/a"), False)
    s3.put_object(Bucket="short", Key="tagged/yes", Body=b"x", Tagging="t=1")
    s3.put_object(Bucket="short", Key="big", Body=b"x" * 20_000)
    until(lambda: keys("short") == ["keep/a", "tagged/no"], "expired objects stay")
    for number in range(5):
        s3.put_object(Bucket="short", Key=f"logs/{number}", Body=b"x")
    until(lambda: keys("short") == ["keep/a", "tagged/no"], "later objects stay")


def versions():
    s3.create_bucket(Bucket="history")
    s3.put_bucket_versioning(Bucket="history", VersioningConfiguration={"Status": "Enabled"})
    for number in range(4):
        s3.put_object(Bucket="history", Key="kept", Body=str(number).encode())
    s3.put_object(Bucket="history", Key="gone", Body=b"x")
    s3.delete_object(Bucket="history", Key="gone")
    listed = lambda: s3.list_object_versions(Bucket="history")
    rules("history", {"ID": "old", "NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 2}})
    until(lambda: len(listed()["Versions"]) == 4, "the oldest version of `kept` stays")
    equal(sorted((row["Key"], row["IsLatest"]) for row in listed()["Versions"]),
          [("gone", False), ("kept", False), ("kept", False), ("kept", True)])
    rules("history", {"ID": "old", "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                      "Expiration": {"ExpiredObjectDeleteMarker": True}})
    until(lambda: "DeleteMarkers" not in listed() and len(listed()["Versions"]) == 1, "a lone marker stays")
    equal(s3.get_object(Bucket="history", Key="kept")["Body"].read(), b"3")
    rules("history", {"ID": "all", "Filter": {"Prefix": "kept"}, "Expiration": {"Days": 1}})
    until(lambda: listed().get("DeleteMarkers", [{}])[0].get("IsLatest"), "the current version is not hidden")
    equal(len(listed()["Versions"]), 1)


def uploads():
    s3.create_bucket(Bucket="unfinished")
    upload = s3.create_multipart_upload(Bucket="unfinished", Key="a")["UploadId"]
    s3.upload_part(Bucket="unfinished", Key="a", UploadId=upload, PartNumber=1, Body=b"x" * MIB)
    rules("unfinished", {"ID": "abort", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}})
    until(lambda: "Uploads" not in s3.list_multipart_uploads(Bucket="unfinished"), "an old upload stays")


for test in (current, versions, uploads):
    test()
done()
