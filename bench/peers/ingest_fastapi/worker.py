"""Moves messages from the queue to the bucket until SIGTERM."""

import json
import logging
import signal
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from settings import WorkerSettings, client_config

log = logging.getLogger("worker")


class Worker:
    """One queue, one bucket."""

    def __init__(self, settings: WorkerSettings) -> None:
        config = client_config(settings.aws_region, settings.aws_max_retries)
        self.settings = settings
        self.sqs = boto3.client("sqs", config=config)
        self.s3 = boto3.client("s3", config=config)
        self.threads = ThreadPoolExecutor(settings.max_messages)
        self.stopping = threading.Event()

    def run(self) -> None:
        """Batch after batch; what is in flight at SIGTERM is finished."""
        while not self.stopping.is_set():
            messages = self.receive()
            if not messages:
                self.stopping.wait(self.settings.sleep_on_empty_seconds)
                continue
            written = self.threads.map(self.write, messages)
            self.delete(message for message, stored in zip(messages, written, strict=True) if stored)

    def receive(self) -> list[dict[str, Any]]:
        """The next messages; none when the wait ends without one."""
        answer = self.sqs.receive_message(
            QueueUrl=self.settings.sqs_queue_url,
            MaxNumberOfMessages=self.settings.max_messages,
            WaitTimeSeconds=self.settings.poll_wait_seconds,
            VisibilityTimeout=self.settings.visibility_timeout,
        )
        return list(answer.get("Messages", []))

    def write(self, message: dict[str, Any]) -> bool:
        """Whether the message is stored; a bad one stays in the queue for the dead-letter queue."""
        try:
            key = object_key(self.settings.app_env, json.loads(message["Body"]), message["MessageId"])
            self.s3.put_object(
                Bucket=self.settings.s3_bucket, Key=key, Body=message["Body"].encode(), ContentType="application/json"
            )
        except (ValueError, TypeError, KeyError, OverflowError, OSError):
            log.exception("message %s can't be handled", message["MessageId"])
            return False
        except (BotoCoreError, ClientError):
            log.exception("message %s could not be stored", message["MessageId"])
            return False
        return True

    def delete(self, messages: Iterable[dict[str, Any]]) -> None:
        """Forgets stored messages, all in one call."""
        entries = [
            {"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]} for index, message in enumerate(messages)
        ]
        if entries:
            self.sqs.delete_message_batch(QueueUrl=self.settings.sqs_queue_url, Entries=entries)


def object_key(app_env: str, email: dict[str, Any], message_id: str) -> str:
    """The same message always has the same key."""
    timestamp = int(email["email_timestream"])
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y/%m/%d")
    return f"emails/v1/{app_env}/{day}/{timestamp}_msgid={message_id}.json"


def main() -> None:
    """Settings, signals, work."""
    settings = WorkerSettings()
    logging.basicConfig(level=settings.log_level)
    worker = Worker(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopping.set())
    worker.run()


if __name__ == "__main__":
    main()
