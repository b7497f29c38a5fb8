"""Signatures, checked: the server knows one access key. Usage: s3_signed.py ENDPOINT. Ends with `ok N checks`."""

import base64
import datetime
import hashlib
import hmac
import io
import time
import urllib.error
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials
from botocore import UNSIGNED

from kit import done, endpoint, equal
from s3_kit import MIB, client, refused

KEY, SECRET = "AKIATAXIWAY", "a/secret+key"


def mine(service="s3", **options):
    return client(service, KEY, SECRET, **options)


def fetch(url, method="GET", data=None, **headers):
    headers.setdefault("Content-Type", "")  # urllib's own would be part of an old signature
    request = urllib.request.Request(url, method=method, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def objects():
    s3 = mine()
    s3.create_bucket(Bucket="safe")
    for key in ("plain", "with space/ü+%&=?#;,'(*)!~", "//a//b/"):
        s3.put_object(Bucket="safe", Key=key, Body=b"content", Metadata={"a": "b  c"}, Tagging="x=y%20z")
        equal(s3.get_object(Bucket="safe", Key=key)["Body"].read(), b"content", key)
    equal(len(s3.list_objects_v2(Bucket="safe", Prefix="with space/ü+", Delimiter="&")["CommonPrefixes"]), 1)
    # A stream of unknown end is sent in chunks with a trailer, unsigned over TLS only, signed here.
    s3.upload_fileobj(io.BytesIO(b"x" * (9 * MIB)), "safe", "large")
    equal(s3.head_object(Bucket="safe", Key="large")["ContentLength"], 9 * MIB)
    for options in ({"s3": {"payload_signing_enabled": True, "addressing_style": "path"}},
                    {"request_checksum_calculation": "when_required"}, {"signature_version": "s3"}):
        one = mine(**options)
        one.put_object(Bucket="safe", Key="options", Body=str(options).encode())
        equal(one.get_object(Bucket="safe", Key="options")["Body"].read(), str(options).encode())
        equal(one.get_object_tagging(Bucket="safe", Key="plain")["TagSet"], [{"Key": "x", "Value": "y z"}])
    return s3


def wrong_keys():
    refused("InvalidAccessKeyId", lambda: client(key="OTHER").list_buckets(), 403, AWSAccessKeyId="OTHER")
    try:
        client(key=KEY).list_buckets()
        raise AssertionError("a wrong secret was taken")
    except Exception as error:
        found = error.response["Error"]
        equal((found["Code"], found["AWSAccessKeyId"]), ("SignatureDoesNotMatch", KEY))
        equal(found["StringToSign"].startswith("AWS4-HMAC-SHA256\n"), True)
        equal(SECRET in str(error.response), False)
    refused("SignatureDoesNotMatch", lambda: client(key=KEY, signature_version="s3").list_objects(Bucket="safe"), 403)
    refused("AccessDenied", lambda: client(signature_version=UNSIGNED).list_buckets(), 403)
    now = botocore.auth.get_current_datetime
    for minutes in (-16, 16):
        botocore.auth.get_current_datetime = lambda: now() + datetime.timedelta(minutes=minutes)
        refused("RequestTimeTooSkewed", lambda: mine().list_buckets(), 403, MaxAllowedSkewMilliseconds="900000")
    botocore.auth.get_current_datetime = now


def urls(s3):
    for signer in (s3, mine(signature_version="s3")):
        url = lambda name, **options: signer.generate_presigned_url(
            name, Params={"Bucket": "safe", "Key": "by url", **options}, ExpiresIn=60)
        equal(fetch(url("put_object"), "PUT", b"sent")[0], 200)
        equal(fetch(url("get_object")), (200, b"sent"))
        equal(fetch(url("head_object"), "HEAD")[0], 200)
        equal(fetch(url("get_object", ResponseContentType="text/x"))[0], 200)
        equal(fetch(url("get_object").replace("by%20url", "plain"))[0], 403)
        equal(fetch(url("get_object"), "DELETE")[0], 403, "a URL is for one method")
        equal(fetch(url("delete_object"), "DELETE")[0], 204)
    described_in_urls(s3)
    short = s3.generate_presigned_url("get_object", Params={"Bucket": "safe", "Key": "plain"}, ExpiresIn=1)
    deadline = time.monotonic() + 20
    while (answer := fetch(short))[0] == 200:
        assert time.monotonic() < deadline, "the URL does not expire"
        time.sleep(0.1)
    equal((answer[0], b"Request has expired" in answer[1]), (403, True))


def described_in_urls(s3):
    """Parameters of a presigned URL that stand for headers, as old signers and the JavaScript SDK put them there."""
    old = mine(signature_version="s3").generate_presigned_url(
        "put_object", Params={"Bucket": "safe", "Key": "told", "Metadata": {"who": "me"}}, ExpiresIn=60)
    request = botocore.awsrequest.AWSRequest("PUT", f"{endpoint}/safe/told", params={"x-amz-meta-who": "me"})
    botocore.auth.S3SigV4QueryAuth(botocore.credentials.Credentials(KEY, SECRET), "s3", "us-east-1", 60).add_auth(request)
    for url in (old, request.prepare().url):
        equal(fetch(url, "PUT", b"told")[0], 200, url)
        equal(s3.head_object(Bucket="safe", Key="told")["Metadata"], {"who": "me"}, url)
        equal(fetch(url, "PUT", b"told", **{"x-amz-meta-more": "a"})[0], 403, "a header that nobody signed")
        equal(fetch(url.replace("who=me", "who=you"), "PUT", b"told")[0], 403, "not what was signed")
        s3.delete_object(Bucket="safe", Key="told")


def forms(s3):
    for signer, field in ((mine(signature_version="s3v4"), "x-amz-signature"), (mine(signature_version="s3"), "signature")):
        post = signer.generate_presigned_post("safe", "form/${filename}", Conditions=[["content-length-range", 1, 10]])
        upload = lambda fields, data: form(post["url"], fields, data)
        equal(upload(post["fields"], b"12345")[0], 204)
        equal(s3.get_object(Bucket="safe", Key="form/f.txt")["Body"].read(), b"12345")
        equal(upload(post["fields"], b"x" * 11)[0], 400)
        equal(upload({**post["fields"], field: "0" * 64}, b"12345")[0], 403)
        equal(upload({"key": "a"}, b"12345")[0], 403)


def form(url, fields, data):
    boundary = "boundary1234"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in fields.items()]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f.txt"\r\n\r\n'.encode()
    body = b"".join(parts) + head + data + f"\r\n--{boundary}--\r\n".encode()
    return fetch(url, "POST", body, **{"Content-Type": f"multipart/form-data; boundary={boundary}"})


def chunks():
    """A body signed chunk by chunk, as the Java SDK sends it; one changed byte is refused."""
    when = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{when[:8]}/us-east-1/s3/aws4_request"
    key = f"AWS4{SECRET}".encode()
    for part in (when[:8], "us-east-1", "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    sign = lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    sha = lambda data: hashlib.sha256(data).hexdigest()
    host = endpoint.split("//")[1]
    for trailer in (False, True):
        content = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
        data = [b"a" * 70_000, b"b" * 10]
        headers = {"content-encoding": "aws-chunked", "host": host, "x-amz-content-sha256": content, "x-amz-date": when,
                   "x-amz-decoded-content-length": str(sum(map(len, data)))}
        if trailer:
            headers["x-amz-trailer"] = "x-amz-checksum-sha256"
        names = ";".join(sorted(headers))
        canonical = "PUT\n/safe/chunked\n\n" + "".join(f"{n}:{headers[n]}\n" for n in sorted(headers)) + f"\n{names}\n{content}"
        last = sign(f"AWS4-HMAC-SHA256\n{when}\n{scope}\n{sha(canonical.encode())}")
        headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={KEY}/{scope},SignedHeaders={names},Signature={last}"
        body = b""
        for chunk in data + [b""]:
            last = sign(f"AWS4-HMAC-SHA256-PAYLOAD\n{when}\n{scope}\n{last}\n{sha(b'')}\n{sha(chunk)}")
            body += f"{len(chunk):x};chunk-signature={last}\r\n".encode() + chunk + (b"\r\n" if chunk else b"")
        if trailer:
            value = base64.b64encode(hashlib.sha256(b"".join(data)).digest()).decode()
            line = f"x-amz-checksum-sha256:{value}\n"
            last = sign(f"AWS4-HMAC-SHA256-TRAILER\n{when}\n{scope}\n{last}\n{sha(line.encode())}")
            body += f"x-amz-checksum-sha256:{value}\r\nx-amz-trailer-signature:{last}\r\n".encode()
        body += b"\r\n"
        send = lambda what: fetch(f"{endpoint}/safe/chunked", "PUT", what, **headers)
        equal(send(body)[0], 200, content)
        equal(b"SignatureDoesNotMatch" in send(body.replace(b"b" * 10, b"b" * 9 + b"c"))[1], True)


def other_services():
    for service, call, code in (("sqs", "list_queues", "InvalidClientTokenId"), ("ssm", "describe_parameters", "UnrecognizedClientException"),
                                ("sts", "get_caller_identity", "InvalidClientTokenId")):
        getattr(mine(service), call)()
        try:
            getattr(client(service, key="OTHER"), call)()
            raise AssertionError(f"{service} took an unknown key")
        except Exception as error:
            equal(error.response["Error"]["Code"] in (code, "UnrecognizedClientException"), True, str(error))
        refused_codes = ("SignatureDoesNotMatch", "InvalidSignatureException")
        try:
            getattr(client(service, key=KEY), call)()
            raise AssertionError(f"{service} took a wrong secret")
        except Exception as error:
            equal(error.response["Error"]["Code"] in refused_codes, True, str(error))
    equal(mine("sts").get_caller_identity()["Account"], "000000000000")


if __name__ == "__main__":
    s3 = objects()
    wrong_keys()
    urls(s3)
    forms(s3)
    chunks()
    other_services()
    done()
