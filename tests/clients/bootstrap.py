"""Asks two services of bootstrap the same; ends with 1 where their answers differ. Usage: bootstrap.py OURS THEIRS"""

import http.client
import sys
from functools import partial
from urllib.parse import urljoin, urlsplit

from alike import compare

PATHS = [
    "/health",
    "/",
    "/api/v1/",
    "/api/v1",
    "/api/v1?a=1&b=%20",
    "/api/v1/?a=1",
    "/health/",
    "/health?x",
    "/api/v2",
    "/api/v2/",
    "/api/v1/x",
    "/api/",
    "/api",
    "/api/v1//",
    "//",
    "/Health",
    "/nowhere",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def ask(url, method, path):
    """Status, the headers a client goes by, and the body. A place to go to counts by where it leads."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, path, headers={"host": "service.example"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    headers = {name: answer.headers.get(name) for name in ["content-type", "content-length", "allow", "location"]}
    if headers["location"]:
        headers["location"] = urljoin(f"http://service.example{path}", headers["location"])
    return answer.status, headers, body


def main():
    ours, theirs = (partial(ask, url) for url in sys.argv[1:])
    return compare([(method, path) for path in PATHS for method in METHODS], ours, theirs)


if __name__ == "__main__":
    sys.exit(main())
