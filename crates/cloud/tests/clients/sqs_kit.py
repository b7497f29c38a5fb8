"""What the queue scripts share beside kit.py."""

import kit

RETRIES = {"max_attempts": 1, "mode": "standard"}

# What a refusal's status is where it is not 400.
STATUSES = {"OverLimit": 403, "ResourceNotFoundException": 404}


def client(service="sqs", **options):
    """One that outlasts the longest wait for a message."""
    return kit.client(service, retries=RETRIES, read_timeout=40, **options)


def refused(code, call, **arguments):
    """The call fails with this code, and is said to be the sender's mistake; returns the message."""
    found = kit.refused(code, lambda: call(**arguments), status=STATUSES.get(code, 400)).response["Error"]
    kit.equal(found["Type"], "Sender", code)
    return found["Message"]
