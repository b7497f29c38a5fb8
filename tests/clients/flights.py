"""Asks two services of flights the same, and ends with 1 where their answers differ. Usage: flights.py OURS THEIRS"""

import http.client
import json
import re
import sys
from urllib.parse import urlsplit

from alike import compare

JSON = "application/json"
UNKNOWN = "65f1c0ffee0ddba11ca7f00d"

# Method, path, content type, body. `@0` in a path is the first flight that was made there.
CASES = [
    ("GET", "/", None, None),
    ("GET", "/flights", None, None),
    *[
        ("POST", "/flights", JSON, body)
        for body in [
            '{"status":"scheduled"}',
            '{"status":"cancelled","gate":7}',
            '{"status":"scheduled","status":"cancelled"}',
            "",
            "{",
            "[",
            '{"status"}',
            '{"status":}',
            '{"status":"scheduled",}',
            '{"status":"scheduled"} x',
            "null",
            "[]",
            "7",
            '"scheduled"',
            "{}",
            '{"gate":{"a":[1,2.5,true,null,"é"]}}',
            '{"status":null}',
            '{"status":1}',
            '{"status":"Scheduled"}',
            '{"status":" scheduled"}',
            '{"status":["scheduled"]}',
            '{"status":{"a":1}}',
        ]
    ],
    ("POST", "/flights", None, '{"status":"scheduled"}'),
    ("POST", "/flights", "text/plain", '{"status":"scheduled"}'),
    ("POST", "/flights", "application/hal+json; charset=utf-8", '{"status":"scheduled"}'),
    *[
        ("GET", f"/flights?{query}", None, None)
        for query in [
            "skip=1",
            "limit=1",
            "limit=0",
            "skip=1&limit=2",
            "skip=100000",
            "skip=-1",
            "skip=abc&limit=x",
            "skip=",
            "limit=1001",
            "limit=-1",
            "limit=1.0",
            "limit=1.5",
            "limit=%20+2%20",
            "limit=%2B2",
            "limit=1_0",
            "limit=1&limit=3",
            "limit=1e2",
            "limit=%D9%A3",
            "limit=99999999999999999999",
            "other=1",
            "after=nothing",
            "after=@0",
            f"after={UNKNOWN}&limit=3",
        ]
    ],
    ("GET", "/flights/@0", None, None),
    ("PUT", "/flights/@0", JSON, '{"status":"cancelled"}'),
    ("PUT", "/flights/@0", JSON, '{"status":"late"}'),
    ("PUT", "/flights/zz", JSON, '{"status":"late"}'),
    ("PUT", "/flights/zz", JSON, ""),
    ("PUT", "/flights/zz", JSON, "{"),
    ("PUT", f"/flights/{UNKNOWN}", JSON, '{"status":"cancelled"}'),
    ("GET", "/flights/@0", None, None),
    ("GET", f"/flights/{UNKNOWN}", None, None),
    ("GET", "/flights/short", None, None),
    ("GET", f"/flights/{UNKNOWN}0", None, None),
    ("GET", "/flights/zzzzzzzzzzzzzzzzzzzzzzzz", None, None),
    ("DELETE", "/flights/@0", None, None),
    ("DELETE", "/flights/@0", None, None),
    ("DELETE", "/flights/x", None, None),
    ("GET", "/flights/@0", None, None),
    ("GET", "/flights", None, None),
    ("GET", "/nowhere", None, None),
    ("PATCH", "/flights", None, None),
    ("POST", "/", None, None),
]


class Service:
    def __init__(self, url):
        self.address = urlsplit(url).netloc
        self.known = []

    def ask(self, method, path, content_type, body):
        path = re.sub(r"@(\d)", lambda at: self.known[int(at[1])], path)
        connection = http.client.HTTPConnection(self.address, timeout=30)
        headers = {"content-type": content_type} if content_type else {}
        connection.request(method, path, body.encode() if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if method == "POST" and answer.status == 200:
            self.known.append(json.loads(text)["id"])
        for number, identifier in enumerate(self.known):
            text = text.replace(identifier, f"@{number}")
        kind = answer.headers.get("content-type") if text else None
        return answer.status, kind, text


def main():
    ours, theirs = (Service(url).ask for url in sys.argv[1:])
    return compare(CASES, ours, theirs)


if __name__ == "__main__":
    sys.exit(main())
