"""The metrics as Prometheus' own parser reads them. Usage: metrics.py ENDPOINT. Ends with `ok N families`."""

import sys
import urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families

with urllib.request.urlopen(sys.argv[1] + "/_taxiway/metrics") as answer:
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0"), answer.headers
    families = list(text_string_to_metric_families(answer.read().decode()))

samples = {}
for family in families:
    for sample in family.samples:
        samples[(sample.name, tuple(sorted(sample.labels.items())))] = sample.value


def check(name, least, **labels):
    found = samples.get(("taxiway_cloud_" + name, tuple(sorted(labels.items()))))
    assert found is not None and found >= least, f"{name} {labels}: {found}"


check("requests_total", 1, service="sqs", operation="SendMessage", outcome="success")
check("requests_total", 1, service="s3", operation="PutObject", outcome="success")
check("requests_total", 2, service="sqs", operation="other", outcome="client_error")
check("request_duration_seconds_count", 1, service="sqs", operation="SendMessage")
check("connections", 1)
check("queue_messages", 1, queue="orders", state="visible")
check("queue_messages", 0, queue="orders", state="in_flight")
check("queue_oldest_message_seconds", 0, queue="orders")
check("queues", 1)
check("bucket_objects", 1, bucket="shelf")
check("bucket_objects_size_bytes", 5, bucket="shelf")
check("commit_writes_count", 3)
check("commit_duration_seconds_count", 3)
check("commit_failures_total", 0)
check("log_bytes", 1)
check("resident_memory_bytes", 1_000_000)
print(f"ok {len(families)} families")
