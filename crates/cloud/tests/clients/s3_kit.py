"""What the S3 scripts share beside kit.py."""

import kit

MIB = 1024 * 1024


def client(service="s3", key="anything", secret="at all", region="us-east-1", **options):
    if service == "s3":
        options.setdefault("s3", {"addressing_style": "path"})
    return kit.client(service, key=key, secret=secret, region=region, **options)


def refused(code, call, status=None, **details):
    """The call fails with this code, and the error has these elements."""
    found = kit.refused(code, call, status=status).response["Error"]
    for name, value in details.items():
        kit.equal(found.get(name), value, f"{code} {name}")
