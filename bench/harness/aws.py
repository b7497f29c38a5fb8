"""The few AWS calls the harness makes itself, unsigned: every cloud under test takes any signature."""

import json
import time
import uuid
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from . import net
from .errors import BenchError

REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}
S3_NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"
BATCH = 10


class Cloud:
    """An AWS-compatible server on a loopback port."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def environment(self) -> dict[str, str]:
        """What makes an unmodified SDK talk to it."""
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://{net.HOST}:{self.port}"}

    def ready(self) -> bool:
        """Whether it answers a call."""
        try:
            self.sqs("ListQueues")
        except BenchError:
            return False
        return True

    def create_queue(self, name: str) -> str:
        """Creates a queue, a FIFO one where the name says so, and returns its URL."""
        attributes = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        return str(self.sqs("CreateQueue", QueueName=name, Attributes=attributes)["QueueUrl"])

    def delete_queue(self, url: str) -> None:
        """Deletes a queue."""
        self.sqs("DeleteQueue", QueueUrl=url)

    def fill(self, url: str, bodies: list[str]) -> None:
        """Sends messages in batches."""
        for first in range(0, len(bodies), BATCH):
            entries = [
                {"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies[first : first + BATCH])
            ]
            if self.sqs("SendMessageBatch", QueueUrl=url, Entries=entries).get("Failed"):
                raise BenchError("the queue did not take every message of a batch")

    def waiting(self, url: str) -> int:
        """Messages not yet deleted: visible and in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.sqs("GetQueueAttributes", QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def put_parameter(self, name: str, value: str) -> None:
        """Creates a secure parameter."""
        self._call("ssm", "AmazonSSM.PutParameter", {"Name": name, "Value": value, "Type": "SecureString"}, "1.1")

    def create_secret(self, name: str, value: str) -> None:
        """Creates a secret."""
        arguments = {"Name": name, "SecretString": value, "ClientRequestToken": str(uuid.uuid4())}
        self._call("secretsmanager", "secretsmanager.CreateSecret", arguments, "1.1")

    def create_bucket(self, name: str) -> None:
        """Creates a bucket."""
        self._expect_200("PUT", f"/{name}")

    def put_object(self, bucket: str, key: str, body: bytes) -> None:
        """Puts an object."""
        self._expect_200("PUT", f"/{bucket}/{key}", body)

    def count_objects(self, bucket: str) -> int:
        """How many objects a bucket holds, by its whole listing."""
        count, token = 0, ""
        while True:
            page = ElementTree.fromstring(self._expect_200("GET", f"/{bucket}?list-type=2{token}"))
            count += len(page.findall(f"{S3_NAMESPACE}Contents"))
            following = page.findtext(f"{S3_NAMESPACE}NextContinuationToken")
            if not following:
                return count
            token = f"&continuation-token={quote(following, safe='')}"

    def sqs(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """A call of the queue service in its JSON protocol."""
        return self._call("sqs", f"AmazonSQS.{operation}", arguments, "1.0")

    def _call(self, service: str, target: str, arguments: dict[str, Any], version: str) -> dict[str, Any]:
        headers = {
            **_authorization(service),
            "Content-Type": f"application/x-amz-json-{version}",
            "X-Amz-Target": target,
        }
        status, body = net.request(self.port, "POST", "/", json.dumps(arguments).encode(), headers)
        if status != 200:
            raise BenchError(f"{target} was answered with {status}: {body[:200].decode(errors='replace')}")
        return json.loads(body) if body else {}

    def _expect_200(self, method: str, path: str, body: bytes = b"") -> bytes:
        headers = {**_authorization("s3"), "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}
        status, answer = net.request(self.port, method, path, body, headers)
        if status != 200:
            raise BenchError(f"{method} {path} was answered with {status}: {answer[:200].decode(errors='replace')}")
        return answer


def _authorization(service: str) -> dict[str, str]:
    date = time.strftime("%Y%m%d", time.gmtime())
    scope = f"test/{date}/{REGION}/{service}/aws4_request"
    signed = "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, {signed}",
        "X-Amz-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
    }
